//! Who gets which subnet, and what becomes of networks for which there is none.

use super::*;

const SUBNET: &str = "'{{range .IPAM.Config}}{{.Subnet}} {{.Gateway}}{{end}}'";

fn subnet(bench: &mut Bench, network: &str) -> String {
    bench.ok(&format!("network inspect -f {SUBNET} {network}")).trim().to_owned()
}

#[test]
fn a_subnet_that_is_taken_leaves_a_network_waiting_and_its_tasks_new() {
    let mut bench = Bench::new();
    bench.ok("network create -d overlay --subnet 10.50.0.0/16 wide");
    bench.ok("network create -d overlay --subnet 10.50.1.0/24 narrow");
    assert_eq!(
        bench.ok("network ls --filter name=narrow --format '{{.Name}}|{{.Driver}}|{{.Scope}}'"),
        "narrow||swarm\n"
    );
    assert_eq!(
        bench.ok("network inspect -f '{{json .IPAM}}{{json .Options}}' narrow"),
        "{\"Driver\":\"\",\"Options\":null,\"Config\":null}null\n"
    );
    bench.ok("service create -d --name app --replicas 2 --network narrow demo/healthy");
    bench.ok("service create -d --name names --network narrow --endpoint-mode dnsrr demo/healthy");
    bench.pass(20_000);
    let states = "ps --format '{{.Name}} {{.CurrentState}}' -f desired-state=running";
    assert_eq!(
        bench.ok(&format!("service {states} app names")),
        "app.1 New 20 seconds ago\napp.2 New 20 seconds ago\nnames.1 New 20 seconds ago\n"
    );
    // The first has to go for the second to come.
    bench.ok("network rm wide");
    assert_eq!(subnet(&mut bench, "narrow"), "10.50.1.0/24 10.50.1.1");
    assert_eq!(bench.ok("network inspect -f '{{.Driver}}' narrow"), "overlay\n");
    assert_eq!(bench.ok("service inspect -f '{{range .Endpoint.VirtualIPs}}{{.Addr}}{{end}}' app"), "10.50.1.2/24\n");
    bench.pass(20_000);
    assert_eq!(
        bench.ok(&format!("service {states} app names")),
        "app.1 Running 16 seconds ago\napp.2 Running 16 seconds ago\nnames.1 Running 16 seconds ago\n"
    );
}

#[test]
fn who_gets_no_address_of_a_small_network_waits_for_one() {
    let mut bench = Bench::new();
    bench.ok("network create -d overlay --subnet 10.50.0.0/29 small");
    for name in ["a", "b", "c", "d", "e", "f"] {
        bench.ok(&format!("service create -d --name {name} --network small demo/healthy"));
    }
    bench.pass(20_000);
    let addresses = "service inspect -f '{{range .Endpoint.VirtualIPs}}{{.Addr}}{{end}}' a e f";
    assert_eq!(bench.ok(addresses), "10.50.0.2/29\n10.50.0.6/29\n\n");
    let state = "service ps --format '{{.CurrentState}}' f";
    assert_eq!(bench.ok(state), "New 20 seconds ago\n");
    bench.ok("service rm a");
    bench.pass(20_000);
    assert!(bench.ok(state).starts_with("Running "));
    assert_eq!(bench.ok("service inspect -f '{{range .Endpoint.VirtualIPs}}{{.Addr}}{{end}}' f"), "10.50.0.2/29\n");
}

#[test]
fn a_service_that_joins_a_waiting_network_keeps_its_tasks_until_it_may() {
    let mut bench = Bench::new();
    bench.ok("network create -d overlay --subnet 10.0.0.0/24 late");
    bench.ok("service create -d --name app demo/healthy");
    bench.pass(20_000);
    bench.ok("service update -d --update-order start-first --network-add late app");
    bench.pass(20_000);
    let states = "service ps --format '{{.Name}} {{.DesiredState}} {{.CurrentState}}' app";
    let seen = bench.ok(states);
    assert!(seen.starts_with("app.1 Running New 20 seconds ago\napp.1 Running Running "), "{seen}");
    // Without it there is nothing to wait for.
    bench.ok("service update -d --network-rm late app");
    bench.pass(20_000);
    let seen = bench.ok("service ps --format '{{.CurrentState}}' -f desired-state=running app");
    assert!(seen.starts_with("Running "), "{seen}");
}

#[test]
fn subnets_come_from_the_pools_of_the_swarm() {
    let mut bench = Bench::new();
    bench.ok("network create -d overlay a");
    bench.ok("network create -d overlay --subnet 10.0.2.0/24 b");
    bench.ok("network create -d overlay c");
    assert_eq!(subnet(&mut bench, "ingress"), "10.0.0.0/24 10.0.0.1");
    assert_eq!(subnet(&mut bench, "a"), "10.0.1.0/24 10.0.1.1");
    assert_eq!(subnet(&mut bench, "c"), "10.0.3.0/24 10.0.3.1", "what is taken is passed over");
    bench.ok("network rm a");
    bench.ok("network create -d overlay d");
    assert_eq!(subnet(&mut bench, "d"), "10.0.4.0/24 10.0.4.1", "what has been given back is not taken at once");
    let numbers = "network inspect -f '{{index .Options \"com.docker.network.driver.overlay.vxlanid_list\"}}'";
    assert_eq!(bench.ok(&format!("{numbers} ingress b d")), "4096\n4098\n4100\n");
}

#[test]
fn a_swarm_may_have_pools_of_its_own() {
    let scenario = Scenario { swarm: false, ..Scenario::lab() };
    let world = World::new(&scenario, 1);
    let mut bench = Bench { node: world.machines()[0].node, world, ..Bench::new() };
    let init = "swarm init --advertise-addr 127.0.0.1";
    bench.check_error(
        &format!("{init} --default-addr-pool 30.30.0.0/16 --default-addr-pool-mask-length 30"),
        1,
        "Error response from daemon: subnet size is out of range: 30\n",
    );
    bench.check_error(
        &format!("{init} --default-addr-pool 30.30.0.0/25"),
        1,
        "Error response from daemon: invalid CIDR: \"30.30.0.0/25\". Subnet size is too small for pool: 24\n",
    );
    bench.ok(&format!("{init} --default-addr-pool 30.30.0.0/16 --default-addr-pool-mask-length 18"));
    bench.node = bench.world.machines()[0].node;
    assert_eq!(subnet(&mut bench, "ingress"), "30.30.0.0/18 30.30.0.1");
    bench.ok("network create -d overlay a");
    assert_eq!(subnet(&mut bench, "a"), "30.30.64.0/18 30.30.64.1");
}

#[test]
fn a_network_of_one_engine_has_its_own_pools() {
    let mut bench = Bench::new();
    bench.ok("network create -d overlay swarms");
    bench.ok("network create one");
    bench.ok("network create two");
    assert_eq!(subnet(&mut bench, "one"), "172.19.0.0/16 172.19.0.1");
    assert_eq!(subnet(&mut bench, "two"), "172.20.0.0/16 172.20.0.1");
    assert_eq!(subnet(&mut bench, "swarms"), "10.0.1.0/24 10.0.1.1", "they are two matters");
    for number in 3..30 {
        bench.ok(&format!("network create n{number}"));
    }
    assert_eq!(subnet(&mut bench, "n29"), "192.168.240.0/20 192.168.240.1");
    bench.check_error(
        "network create last",
        1,
        "Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the defaults to \
         assign to the network\n",
    );
    bench.check_error(
        "network create --subnet 172.20.5.0/24 three",
        1,
        "Error response from daemon: Pool overlaps with other one on this address space\n",
    );
    bench.check_error(
        "network create -d overlay --subnet 10.7.0.9/24 four",
        1,
        "Error response from daemon: invalid network config:\ninvalid subnet 10.7.0.9/24: it should be 10.7.0.0/24\n",
    );
}
