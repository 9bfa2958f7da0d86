//! Swarmkit's own tests of what the scheduler remembers of nodes, told again.

use super::super::filter::Pipeline;
use super::super::nodes::NodeInfo;
use super::super::place::Placing;
use super::super::standing::Nodes;
use super::*;
use crate::collections::Map;
use crate::rng::Stream;

fn info() -> NodeInfo {
    NodeInfo::new(&Rc::new(provided(node("node1"), 100_000, 1_000_000, 6)))
}

fn big(name: &str) -> Task {
    let mut task = reserving(task(name, "s1"), 5_000, 2);
    Rc::make_mut(&mut task.spec).resources.get_or_insert_default().reservations.nano_cpus = 5_000;
    task
}

fn left(info: &NodeInfo) -> (i64, i64, i64) {
    (info.nano_cpus, info.memory_bytes, info.generic["apple"])
}

/// Upstream: manager/scheduler/nodeinfo_test.go TestAddTask
#[test]
fn a_task_takes_what_it_reserves_once() {
    let mut info = info();
    info.add(&task("t1", "s1"));
    assert_eq!((left(&info), info.active), ((100_000, 1_000_000, 6), 1));
    info.add(&big("t2"));
    info.add(&big("t2"));
    assert_eq!((left(&info), info.active), ((95_000, 995_000, 4), 2));
    assert_eq!(info.active_of(service_id("s1")), 2);
    // A task that is to stop is not active, but keeps what it has.
    let mut stopping = big("t2");
    stopping.desired = TaskState::Shutdown;
    info.add(&stopping);
    assert_eq!((left(&info), info.active), ((95_000, 995_000, 4), 1));
}

/// Upstream: manager/scheduler/nodeinfo_test.go TestRemoveTask
#[test]
fn a_task_gives_back_what_it_reserved_once() {
    let mut info = info();
    assert!(!info.remove(task_id("t1")));
    info.add(&big("t1"));
    info.add(&publishing(task("t2", "s1"), &[(Protocol::Tcp, 80)]));
    assert!(info.host_ports.contains(&(Protocol::Tcp, 80)));
    assert!(info.remove(task_id("t1")) && info.remove(task_id("t2")));
    assert!(!info.remove(task_id("t1")));
    assert_eq!((left(&info), info.active), ((100_000, 1_000_000, 6), 0));
    assert!(info.host_ports.is_empty());
    // A node that is described anew keeps what its tasks hold.
    info.add(&big("t3"));
    info.describe(&Rc::new(provided(node("node1"), 200_000, 2_000_000, 8)));
    assert_eq!(left(&info), (195_000, 1_995_000, 6));
}

/// Upstream: manager/scheduler/nodeset_test.go TestTreeTaskCountConsistency
#[test]
fn every_branch_counts_the_tasks_of_its_branches() {
    let mut swarm = Swarm::new(1);
    let mut add = |name: &str, labels: &[(&str, &str)], tasks: u64| {
        swarm.add_node(labelled(name, labels));
        swarm.add((0..tasks).map(|number| running(task(&format!("{name}t{number}x"), "s1"), name)));
    };
    add("node1", &[("datacenter", "dc1"), ("rack", "r1")], 3);
    add("node2", &[("datacenter", "dc1"), ("rack", "r2")], 2);
    add("node3", &[("datacenter", "dc2"), ("rack", "r2")], 4);
    add("node4", &[], 2);
    add("node5", &[], 1);
    let task = Rc::new(preferring(task("new", "s1"), &["node.labels.datacenter", "node.labels.rack"]));
    let mut decisions = Map::new();
    let mut placing = Placing {
        nodes: &mut swarm.scheduler.nodes,
        pipeline: Pipeline::of(&task, &swarm.store),
        task: Rc::clone(&task),
        group: vec![task],
        decisions: &mut decisions,
        ties: &mut swarm.random.ties,
        now: 0,
    };
    let counts = placing.tree().counts();
    let wanted =
        [("", 12), ("/", 3), ("//", 3), ("/dc1", 5), ("/dc1/r1", 3), ("/dc1/r2", 2), ("/dc2", 4), ("/dc2/r2", 4)];
    assert_eq!(counts, wanted.map(|(branch, tasks)| (branch.to_owned(), tasks)).into());
}

#[test]
fn what_is_kept_of_the_standing_is_what_a_look_at_all_nodes_finds() {
    let hosts: Vec<String> = (1..=12).map(|number| format!("node{number}")).collect();
    let mut stream = Stream::new(3, "test");
    let mut nodes = Nodes::default();
    let describe = |nodes: &mut Nodes, host: &str, ready: bool| {
        let mut described = node(host);
        if !ready {
            described.spec.availability = Availability::Drain;
        }
        nodes.describe(&Rc::new(described));
    };
    hosts.iter().for_each(|host| describe(&mut nodes, host, true));
    let store = Swarm::new(1).store;
    let mut kept = 0;
    for round in 0..3_000 {
        let host = &hosts[stream.below(12) as usize];
        let service = ["s1", "s2"][stream.below(2) as usize];
        let mut changed = task(&format!("t{}", stream.below(60)), service);
        match stream.below(100) {
            0 => describe(&mut nodes, host, stream.below(3) > 0),
            1 => nodes.failed(node_id(host), &changed, round),
            2..50 => nodes.add(node_id(host), &changed),
            50..75 => drop(nodes.take_off(node_id(host), changed.id)),
            _ => {
                changed.desired = TaskState::Shutdown;
                nodes.add(node_id(host), &changed);
            }
        }
        let asking = Rc::new(task("new", service));
        let mut pipeline = Pipeline::of(&asking, &store);
        let passing = nodes.values().filter(|info| pipeline.passes(info));
        let ranks: Vec<_> = passing.map(|info| (info.rank(&asking, round), info.node.id)).collect();
        let best = ranks.iter().map(|(rank, _)| *rank).min();
        let equal: Vec<_> = ranks.iter().filter(|(rank, _)| Some(*rank) == best).collect();
        let mut ties = stream.clone();
        if let Some(found) = nodes.best(&asking, &mut pipeline, &mut stream, round) {
            kept += 1;
            assert_eq!(found, *equal[ties.below(equal.len() as u32) as usize], "round {round}");
            assert_eq!((pipeline.nodes, pipeline.fits), (12, ranks.len() as u32));
        }
    }
    assert!(kept > 1_000, "{kept}");
}
