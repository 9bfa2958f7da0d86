//! Configs, secrets, networks and containers, and what services refer to.

use super::*;

#[test]
fn configs_and_secrets_live_and_die() {
    let mut bench = Bench::new();
    bench.input = "hello\n".to_owned();
    let id = bench.ok("config create -l a=b cfg1 -");
    let id = id.trim();
    assert_eq!(
        bench.ok("config ls"),
        format!(
            "ID                          NAME      CREATED                  UPDATED\n{id}   cfg1      Less than a second ago   Less than a second ago\n"
        )
    );
    assert_eq!(bench.ok("config inspect --format {{.Spec.Data}} cfg1"), "aGVsbG8K\n");
    assert!(bench.ok("config inspect --pretty cfg1").ends_with("Data:\nhello\n\n"));
    bench.check_error(
        "config create cfg1 -",
        1,
        "Error response from daemon: rpc error: code = AlreadyExists desc = config cfg1 already exists\n",
    );
    bench.check_error(
        "config create cfg2 /nosuch",
        1,
        "Error reading content from \"/nosuch\": error reading from /nosuch: open /nosuch: no such file or directory\n",
    );
    bench.check_error(
        "config create -- -a -",
        1,
        "Error response from daemon: rpc error: code = InvalidArgument desc = invalid name, only 64 [a-zA-Z0-9-_.] \
         characters allowed, and the start and end character must be [a-zA-Z0-9]\n",
    );
    bench.check_error("secret create s", 1, "secret file is required\n");
    bench.check_error("secret create -d x s -", 1, "when using secret driver secret data must be empty\n");
    bench.ok("secret create --label x=y sec1 -");
    assert_eq!(
        bench.ok("secret inspect -f '{{.Spec.Labels.x}}{{json .Spec}}' sec1"),
        "y{\"Name\":\"sec1\",\"Labels\":{\"x\":\"y\"}}\n"
    );
    assert!(
        bench
            .ok("secret inspect --pretty sec1")
            .contains("\nLabels:\n - x=y\nDriver:            \nCreated at:        ")
    );
    assert_eq!(bench.ok("secret ls -q --filter label=x=z"), "");
    bench.ok("service create -d --name app --config cfg1 --secret sec1 demo/healthy");
    bench.check_error(
        "config rm cfg1",
        1,
        "Error response from daemon: rpc error: code = InvalidArgument desc = config 'cfg1' is in use by the following service: app\n",
    );
    bench.ok("service rm app");
    assert_eq!(bench.ok("config rm cfg1"), "cfg1\n");
    assert_eq!(bench.ok("secret rm sec1"), "sec1\n");
    bench.check_error("secret rm sec1", 1, "Error response from daemon: secret sec1 not found\n");
    bench.input.clear();
    bench.check_error("secret create s -", 1, "error reading from STDIN: data is empty\n");
}

#[test]
fn data_has_its_bounds() {
    for (kind, most) in [("config", 1_024_000), ("secret", 512_000)] {
        let mut bench = Bench::new();
        let mut create = |name: &str, size: usize| {
            bench.input = "x".repeat(size);
            bench.say(&format!("{kind} create {name} -"))
        };
        let large = format!("{kind} data must be larger than 0 and less than {most} bytes");
        for (size, words) in [(0, "data is empty"), (most, &large)] {
            let said = create("wrong", size);
            assert!(said.exit == Some(1) && said.err.contains(words), "{kind} of {size} bytes: {}", said.err);
        }
        for (name, size) in [("least", 1), ("most", most - 1)] {
            assert_eq!(create(name, size).exit, Some(0), "{kind} of {size} bytes");
        }
    }
}

#[test]
fn networks_live_and_die() {
    let mut bench = Bench::new();
    let id = bench.ok("network create -d overlay --subnet 10.50.0.0/24 --label a=b net1");
    let id = id.trim();
    assert_eq!(id.len(), 25);
    let local = bench.ok("network create lonely");
    assert_eq!(local.trim().len(), 64);
    let names = bench.ok("network ls --format '{{.Name}} {{.Driver}} {{.Scope}}'");
    assert_eq!(
        names,
        "bridge bridge local\ndocker_gwbridge bridge local\nhost host local\ningress overlay swarm\nlonely bridge local\n\
         net1 overlay swarm\nnone null local\n"
    );
    assert_eq!(bench.ok("network ls -q --filter driver=overlay --filter label=a"), format!("{}\n", &id[..12]));
    assert_eq!(bench.ok("network inspect -f '{{range .IPAM.Config}}{{.Gateway}}{{end}}' net1"), "10.50.0.1\n");
    bench.check_error(
        "network create -d overlay net1",
        1,
        "Error response from daemon: network with name net1 already exists\n",
    );
    bench.check_error("network create -d nosuch n", 1, "Error response from daemon: plugin \"nosuch\" not found\n");
    bench.check_error(
        "network create --gateway 10.0.0.1 n",
        1,
        "every ip-range or gateway must have a corresponding subnet\n",
    );
    bench.check_error(
        "network create --subnet 10.0.0.0/8 --subnet 10.1.0.0/16 n",
        1,
        "multiple overlapping subnet configuration is not supported\n",
    );
    bench.check_error(
        "network create --subnet 10.0.0.0/8 --gateway 11.0.0.1 n",
        1,
        "no matching subnet for gateway 11.0.0.1\n",
    );
    bench.check_error(
        "service create --network lonely demo/healthy",
        1,
        "Error response from daemon: The network lonely cannot be used with services. Only networks scoped to the swarm \
         can be used, such as those created with the overlay driver.\n",
    );
    let service = bench.ok("service create -d --name app --network net1 demo/healthy");
    let refused = format!(
        "Error response from daemon: rpc error: code = FailedPrecondition desc = network {id} is in use by service {}\nexit status 1\n",
        service.trim()
    );
    bench.check_error("network rm net1", 1, &refused);
    assert!(bench.ok("service inspect --pretty app").contains("\nNetworks: net1 \n"));
    bench.check_error("network rm nosuch", 1, "Error response from daemon: network nosuch not found\nexit status 1\n");
    assert_eq!(bench.ok("network rm -f nosuch"), "");
    bench.check_error(
        "network rm bridge",
        1,
        "Error response from daemon: bridge is a pre-defined network and cannot be removed\nexit status 1\n",
    );
    bench.ok("service rm app");
    bench.input = "y\n".to_owned();
    let pruned = bench.ok("network prune");
    assert!(pruned.starts_with("WARNING! This will remove all custom networks"), "{pruned}");
    assert!(
        pruned.ends_with("[y/N] Deleted Networks:\nlonely\nnet1\n\n")
            || pruned.ends_with("[y/N] Deleted Networks:\nnet1\nlonely\n\n"),
        "{pruned}"
    );
    bench.input = "n\n".to_owned();
    assert!(bench.ok("network rm ingress").ends_with("Are you sure you want to continue? [y/N] "));
    assert_eq!(bench.ok("network ls -q --filter scope=swarm").lines().count(), 1);
}

#[test]
fn containers_are_killed_stopped_and_removed() {
    let mut bench = Bench::new();
    bench.ok("service create -d --name app --mode global demo/healthy");
    bench.pass(8 * SECOND);
    let container = bench.ok("ps -q");
    let container = container.trim();
    assert_eq!(container.len(), 12);
    assert_eq!(bench.ok(&format!("kill {container}")), format!("{container}\n"));
    let said = bench.say(&format!("kill {container} nosuch"));
    assert!(
        said.err.starts_with(&format!("Error response from daemon: cannot kill container: {container}: container "))
    );
    assert!(said.err.ends_with(
        " is not running\nError response from daemon: cannot kill container: nosuch: No such container: nosuch\n"
    ));
    bench.pass(SECOND);
    assert!(bench.ok("service ps --no-trunc --filter node=manager app").contains("Failed 1 second ago"));
    bench.ok(&format!("rm {container}"));
    assert_eq!(bench.ok("ps -aq").lines().count(), 1);
    bench.pass(8 * SECOND);
    let container = bench.ok("ps -q");
    let container = container.trim();
    bench.check_error("kill -s FOO x", 1, "Error response from daemon: invalid signal: FOO\n");
    let said = bench.say(&format!("rm {container}"));
    assert!(said.err.contains("container is running: stop the container before removing or force remove"));
    assert_eq!(bench.ok(&format!("stop {container}")), format!("{container}\n"));
    assert!(bench.ok("ps -a").contains("Exited (0) Less than a second ago"));
    assert!(bench.say("rm -f nosuch").exit == Some(0));
}

#[test]
fn a_stop_waits_for_who_does_not_heed_it() {
    let mut bench = Bench::new();
    bench.ok("service create -d --name app --mode global demo/slowstop");
    bench.pass(8 * SECOND);
    let container = bench.ok("ps -q");
    let before = bench.world.now();
    let said = bench.finish(&format!("stop -t 3 {}", container.trim()));
    assert_eq!((said.exit, said.out), (Some(0), container));
    assert_eq!(bench.world.now() - before, 3 * SECOND);
    assert!(bench.ok("ps -a").contains("Exited (137)"));
}
