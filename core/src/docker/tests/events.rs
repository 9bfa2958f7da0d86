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
