//! `docker events`: live and past, filtered and formatted.

use super::*;

#[test]
fn a_listener_hears_the_swarm_and_the_containers_of_its_node() {
    let mut bench = Bench::new();
    let mut listener = bench.say("events").held.expect("it holds the prompt");
    let service = bench.ok("service create -d --name app --mode global demo/crash3");
    let service = service.trim();
    let mut output = Output::new(None);
    while bench.world.now() < 6 * SECOND {
        bench.world.advance(listener.wake_at());
        assert_eq!(listener.poll(&mut bench.world, &mut output), None);
    }
    let (out, _) = split(&mut output);
    let heard: Vec<String> =
        out.lines().map(|line| line.split(' ').skip(1).take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        heard,
        [
            "service create",
            "container create",
            "network connect",
            "container start",
            "network disconnect",
            "container die",
            "container create"
        ]
    );
    let node = bench.node;
    let first = out.lines().next().expect("something was told");
    assert!(first.ends_with(&format!("Z service create {service} (name=app)")), "{first}");
    let die = out.lines().find(|line| line.contains(" die ")).expect("it died");
    assert!(die.contains(&format!(" (com.docker.swarm.node.id={node}, com.docker.swarm.service.id={service}, com.docker.swarm.service.name=app, com.docker.swarm.task=, com.docker.swarm.task.id=")), "{die}");
    assert!(die.contains(", execDuration=3, exitCode=1, image=demo/crash3:latest@sha256:"), "{die}");
    assert_eq!(listener.interrupt(&mut bench.world, &mut output), Some(130));
}

#[test]
fn the_past_is_told_with_filters_and_formats() {
    let mut bench = Bench::new();
    bench.ok("service create -d --name app demo/healthy");
    bench.pass(5 * SECOND);
    bench.ok("service update -d --image demo/crash --replicas 2 app");
    bench.ok("node update --availability drain node1");
    let past = |bench: &mut Bench, flags: &str| bench.ok(&format!("events --since 4s --until 0s {flags}"));
    let services = past(
        &mut bench,
        "--filter type=service --format '{{.Action}} {{.Scope}} {{range $k, $v := .Actor.Attributes}}{{$k}} {{end}}'",
    );
    assert_eq!(
        services,
        "update swarm image.new image.old name replicas.new replicas.old \nupdate swarm name updatestate.new \n"
    );
    assert_eq!(
        past(&mut bench, "--filter node=node1 --format '{{json .Actor.Attributes}}'"),
        "{\"availability.new\":\"drain\",\"availability.old\":\"active\",\"name\":\"node1\"}\n"
    );
    assert!(
        past(&mut bench, "--filter scope=swarm --format json")
            .starts_with("{\"Type\":\"service\",\"Action\":\"update\",\"Actor\":{\"ID\":\"")
    );
    assert_eq!(past(&mut bench, "--filter event=die"), "");
    assert!(past(&mut bench, "--filter foo=bar").lines().count() > 2);
    bench.check_error(
        "events --since x",
        1,
        "Error response from daemon: failed to parse value as time or duration: \"x\"\n",
    );
    bench.check_error("events --format '{{'", 64, "Error parsing format: template: :1: unclosed action\n");
    bench.node = Bench::node_of(&bench.world, "node1");
    assert_eq!(past(&mut bench, "--filter scope=swarm"), "");
}

/// What managers told since `since`, as (type, action, attributes).
fn swarm_events(bench: &mut Bench, since: &str) -> Vec<String> {
    let format = "{{.Type}} {{.Action}}{{range $k, $v := .Actor.Attributes}} {{$k}}={{$v}}{{end}}";
    let told = bench.ok(&format!("events --since {since} --until 0s --filter scope=swarm --format '{format}'"));
    told.lines().map(str::to_owned).collect()
}

/// As in the recordings E05_netcfgsec and J05_stack_rollback: every node has an end of its own in the networks of its
/// tasks, which comes after the task and goes when it has ended, or with the network.
#[test]
fn nodes_change_with_the_networks_of_their_tasks() {
    let mut bench = Bench::new();
    bench.ok("network create -d overlay net1");
    bench.ok("service create -d --name app --network net1 masungil/my-fastapi-whoami:latest");
    bench.pass(3 * SECOND);
    bench.ok("service rm app");
    bench.pass(6 * SECOND);
    let node = "node update name=";
    let told = swarm_events(&mut bench, "20s");
    let [created @ .., attached, removed, detached] = &told[..] else { panic!("{told:#?}") };
    assert_eq!(
        created,
        ["network create name=net1", "network update name=net1", "service create name=app", "service update name=app"]
    );
    assert!(attached.starts_with(node) && attached == detached, "{told:#?}");
    assert_eq!(removed, "service remove name=app");

    bench.pass(30 * SECOND);
    bench.ok("service create -d --name app --mode global --network net1 masungil/my-fastapi-whoami:latest");
    bench.pass(3 * SECOND);
    bench.ok("service rm app");
    bench.ok("network rm net1");
    bench.pass(6 * SECOND);
    let told = swarm_events(&mut bench, "20s");
    let nodes: Vec<usize> = (0..told.len()).filter(|place| told[*place].starts_with(node)).collect();
    let removed = told.iter().position(|told| told == "network remove name=net1").expect("it was told");
    assert_eq!(nodes, [2, 3, 4, removed + 1, removed + 2, removed + 3], "{told:#?}");
}

/// As in the recordings J01_three_managers and J02_quorum_lost: the spec, the role, and half a second later the request
/// for a certificate and the certificate.
#[test]
fn a_node_that_is_promoted_or_demoted_changes_several_times() {
    let mut bench = Bench::new();
    bench.ok("node promote node1");
    bench.pass(5 * SECOND);
    let name = "node update name=node1";
    let role = format!("{name} role.new=manager role.old=worker");
    assert_eq!(swarm_events(&mut bench, "6s"), [name, &role, name, name]);

    // As in J02_quorum_lost: it finds another manager, which makes it a worker and gives it a worker's certificate, with
    // which it begins once more.
    bench.pass(30 * SECOND);
    bench.ok("node demote node1");
    assert_eq!(swarm_events(&mut bench, "1s"), [name]);
    bench.pass(5 * SECOND);
    let role = format!("{name} role.new=worker role.old=manager");
    assert_eq!(swarm_events(&mut bench, "6s"), [name, name, &role, name, name, name]);
}

/// Models: moby daemon/network.go, where a network of an engine's own is told of by that engine alone.
#[test]
fn a_nodes_own_networks_are_its_own_affair() {
    let mut bench = Bench::new();
    bench.ok("network create here");
    bench.ok("network rm here");
    let told = |bench: &mut Bench| {
        let format = "{{.Scope}} {{.Action}} {{range $k, $v := .Actor.Attributes}}{{$k}}={{$v}} {{end}}";
        bench.ok(&format!("events --since 4s --until 0s --filter network=here --format '{format}'"))
    };
    assert_eq!(told(&mut bench), "local create name=here type=bridge \nlocal destroy name=here type=bridge \n");
    bench.node = Bench::node_of(&bench.world, "node1");
    assert_eq!(told(&mut bench), "");
}
