//! Swarmkit's own tests of its scheduler, told again.

use super::*;
use crate::model::{LogDriver, Mount};

/// Upstream: manager/scheduler/scheduler_test.go TestScheduler
#[test]
fn the_emptiest_of_the_ready_nodes_is_taken() {
    for seed in 0..SEEDS {
        let mut swarm = Swarm::new(seed);
        for name in ["id1", "id2", "id3"] {
            swarm.add_node(node(name));
        }
        swarm.add([running(task("id1", "s1"), "id1"), task("id2", "s2"), task("id3", "s2")]);
        let placed = swarm.schedule();
        assert_eq!(Swarm::counts(&placed), BTreeMap::from([("id2", 1), ("id3", 1)]), "seed {seed}");

        // That nodes are written again confuses nobody.
        for name in ["id1", "id2", "id3"] {
            swarm.change_node(name, |_| {});
        }
        swarm.write(|ctx| ctx.store.delete_task(task_id("id1"), ctx.now));
        swarm.add([task("id4", "s4")]);
        assert_eq!(swarm.schedule()["id4"], "id1");
        // A task that loses its node is placed again.
        swarm.change_task("id4", |task| (task.node, task.status.state) = (None, TaskState::Pending));
        assert_eq!(swarm.schedule()["id4"], "id1");

        swarm.add_node(in_state(node("removed"), NodeState::Down));
        swarm.write(|ctx| ctx.store.delete_node(node_id("removed"), ctx.now));
        swarm.add([task("id5", "s5")]);
        assert_ne!(swarm.schedule()["id5"], "removed");

        // A new ready node gets the next task; one that is down none, until it is ready.
        swarm.add_node(node("id4"));
        swarm.add([task("id6", "s6")]);
        assert_eq!(swarm.schedule()["id6"], "id4");
        swarm.add_node(in_state(node("id5"), NodeState::Down));
        swarm.add([task("id7", "s7")]);
        assert_ne!(swarm.schedule()["id7"], "id5");
        swarm.change_node("id5", |node| node.status.state = NodeState::Ready);
        swarm.add([task("id8", "s8")]);
        assert_eq!(swarm.schedule()["id8"], "id5");

        swarm.add_node(node("id6"));
        swarm.change_node("id6", |node| node.status.state = NodeState::Down);
        swarm.add([task("id9", "s9")]);
        assert_ne!(swarm.schedule()["id9"], "id6");
    }
}

/// Upstream: manager/scheduler/scheduler_test.go TestHA
#[test]
fn each_service_is_spread_before_nodes_are_levelled() {
    for (seed, together) in (0..SEEDS).flat_map(|seed| [(seed, true), (seed, false)]) {
        let mut swarm = Swarm::new(seed);
        for number in 1..=5 {
            swarm.add_node(node(&format!("id{number}")));
        }
        // Tasks of one version are placed together, others each by itself: the outcome is the same.
        let mut made = 0;
        let mut tasks = |service: &str, count: u64| -> Vec<Task> {
            (0..count)
                .map(|_| {
                    made += 1;
                    let mut task = task(&format!("{service}x{made}x"), service);
                    task.spec_version = if together { 1 } else { made };
                    task
                })
                .collect()
        };
        let of_node = |swarm: &Swarm, service: &str, node: &str| {
            let here = swarm.store.tasks_of_node(node_id(node));
            here.filter(|task| task.service == service_id(service)).count()
        };
        let per_node = |swarm: &Swarm, service: &str| {
            let mut counts: Vec<usize> =
                (1..=5).map(|number| of_node(swarm, service, &format!("id{number}"))).collect();
            counts.sort_unstable();
            counts
        };

        swarm.add(tasks("s1", 18));
        swarm.schedule();
        assert_eq!(per_node(&swarm, "s1"), [3, 3, 4, 4, 4]);

        // Two of another service fill the nodes that have less.
        swarm.add(tasks("s2", 2));
        let second = swarm.schedule();
        assert_eq!(Swarm::counts(&second).len(), 2);
        assert!(second.values().all(|node| of_node(&swarm, "s1", node) == 3));

        // Three more of the first: one for each of those two nodes, and one elsewhere.
        swarm.add(tasks("s1", 3));
        let third = swarm.schedule();
        assert!(second.values().all(|node| third.values().filter(|its| *its == node).count() == 1));
        assert_eq!(per_node(&swarm, "s1"), [4, 4, 4, 4, 5]);

        swarm.add(tasks("s2", 1));
        let fourth = swarm.schedule();
        let node = fourth.values().next().expect("was placed");
        assert!(!second.values().any(|its| its == node) && of_node(&swarm, "s1", node) == 4);

        // An emptied node gets all four of the one service and one of the two of the other.
        let gone: Vec<TaskId> = swarm.store.tasks_of_node(node_id("id1")).map(|task| task.id).collect();
        swarm.write(|ctx| gone.iter().for_each(|task| ctx.store.delete_task(*task, ctx.now)));
        let (first, second) = (tasks("s1", 4), tasks("s2", 2));
        swarm.add(first.into_iter().chain(second));
        swarm.schedule();
        assert_eq!((of_node(&swarm, "s1", "id1"), of_node(&swarm, "s2", "id1")), (4, 1), "seed {seed} {together}");
    }
}

/// Upstream: manager/scheduler/scheduler_test.go TestPreferences
#[test]
fn a_preference_spreads_over_the_values_of_a_label() {
    for (seed, together) in (0..SEEDS).flat_map(|seed| [(seed, true), (seed, false)]) {
        let mut swarm = Swarm::new(seed);
        swarm.add_node(labelled("id1", &[("az", "az1")]));
        for name in ["id2", "id3", "id4", "id5"] {
            swarm.add_node(labelled(name, &[("az", "az2")]));
        }
        swarm.add((1..=8).map(|number| {
            let mut task = preferring(task(&format!("t{number}"), "s1"), &["node.labels.az"]);
            task.spec_version = if together { 1 } else { number };
            task
        }));
        let placed = swarm.schedule();
        let wanted = BTreeMap::from([("id1", 4), ("id2", 1), ("id3", 1), ("id4", 1), ("id5", 1)]);
        assert_eq!(Swarm::counts(&placed), wanted, "seed {seed} {together}");
    }
}

/// Upstream: manager/scheduler/scheduler_test.go TestMultiplePreferences
#[test]
fn preferences_branch_one_below_the_other_and_a_full_branch_gets_less() {
    for (seed, together) in (0..SEEDS).flat_map(|seed| [(seed, true), (seed, false)]) {
        let mut swarm = Swarm::new(seed);
        let mut add = |name, az, rack, memory, apples| {
            swarm.add_node(provided(labelled(name, &[("az", az), ("rack", rack)]), 1, memory, apples));
        };
        add("id0", "az1", "rack1", 100_000_000, 1);
        add("id1", "az1", "rack1", 1_000_000_000, 10);
        for name in ["id2", "id3", "id4"] {
            add(name, "az2", "rack1", 1_000_000_000, 6);
        }
        for name in ["id5", "id6"] {
            add(name, "az2", "rack2", 1_000_000_000, 6);
        }
        swarm.add((1..=12).map(|number| {
            let task = preferring(task(&format!("t{number}"), "s1"), &["node.labels.az", "node.labels.rack"]);
            let mut task = reserving(task, 200_000_000, 2);
            task.spec_version = if together { 1 } else { number };
            task
        }));
        let placed = swarm.schedule();
        let counts = Swarm::counts(&placed);
        // Half of the tasks belong into az1, but only five have room there, and none on the small node.
        assert_eq!((counts.get("id0"), counts["id1"]), (None, 5), "seed {seed} {together}");
        let mut racks = [vec![counts["id2"], counts["id3"], counts["id4"]], vec![counts["id5"], counts["id6"]]];
        racks.iter_mut().for_each(|rack| rack.sort_unstable());
        assert!(
            racks == [vec![1, 1, 2], vec![1, 2]] || racks == [vec![1, 1, 1], vec![2, 2]],
            "seed {seed} {together}: {racks:?}"
        );
    }
}

/// Upstream: manager/scheduler/scheduler_test.go TestMultiplePreferencesScaleUp
#[test]
fn branches_that_cannot_be_levelled_come_to_an_end() {
    for seed in 0..SEEDS {
        let mut swarm = Swarm::new(seed);
        swarm.add_node(labelled("id11", &[("az", "dc1"), ("rack", "r1")]));
        swarm.add_node(labelled("id12", &[("az", "dc1"), ("rack", "r2")]));
        swarm.add_node(labelled("id21", &[("az", "dc2"), ("rack", "r1")]));
        let make = |name: &str| preferring(task(name, "s1"), &["node.labels.az", "node.labels.rack"]);
        for (node, count) in [("id11", 3), ("id12", 1), ("id21", 3)] {
            swarm.add((0..count).map(|number| running(make(&format!("{node}x{number}x")), node)));
        }
        swarm.add([make("t1"), make("t2")]);
        let placed = swarm.schedule();
        assert_eq!(placed.len(), 2);
        assert!(placed.values().all(|node| node == "id12" || node == "id21"), "seed {seed}: {placed:?}");
    }
}

/// Upstream: manager/scheduler/scheduler_test.go TestSchedulerNoReadyNodes
#[test]
fn a_task_waits_for_the_first_node() {
    let mut swarm = Swarm::new(1);
    swarm.add_service("s1", 0);
    swarm.add([task("t1", "s1")]);
    assert!(swarm.schedule().is_empty());
    assert_eq!(swarm.err("t1"), "no suitable node");
    swarm.add_node(node("new"));
    assert_eq!(swarm.schedule()["t1"], "new");
    assert_eq!(swarm.err("t1"), "");
    assert_eq!(&*swarm.task("t1").status.message, "scheduler assigned task to node");
}

/// Upstream: manager/scheduler/scheduler_test.go TestSchedulerFaultyNode
#[test]
fn a_node_on_which_five_tasks_failed_is_avoided_for_a_while() {
    for seed in 0..SEEDS {
        let mut swarm = Swarm::new(seed);
        swarm.add_node(node("id1"));
        swarm.add_node(node("id2"));
        swarm.add([running(task("r0", "s1"), "id1"), running(task("p0", "s2"), "id1")]);
        let failures = |swarm: &Swarm, node: &str, service: &str| {
            swarm.scheduler.nodes[&node_id(node)].recent_failures(service_id(service), 0, swarm.now)
        };
        for round in 0..8 {
            let (replicated, fixed) = (format!("r{round}x"), format!("p{round}x"));
            swarm.add([task(&replicated, "s1")]);
            // The first five go where there is none of the service, then that node counts as faulty.
            assert_eq!(swarm.schedule()[&replicated], if round < 5 { "id2" } else { "id1" }, "round {round}");
            assert_eq!(failures(&swarm, "id2", "s1"), round.min(5));
            assert_eq!(failures(&swarm, "id1", "s1"), round.saturating_sub(5));
            // Where the scheduler did not choose the node, failures count for nothing.
            swarm.add([on(task(&fixed, "s2"), "id1")]);
            assert_eq!(swarm.schedule()[&fixed], "id1");
            assert_eq!(failures(&swarm, "id1", "s2"), 0);
            swarm.change_task(&replicated, |task| task.status.state = TaskState::Failed);
            swarm.change_task(&fixed, |task| task.status.state = TaskState::Failed);
        }
        // After five minutes all is forgotten.
        swarm.now += 5 * crate::time::MINUTE;
        swarm.add([task("late", "s1")]);
        assert_eq!(swarm.schedule()["late"], "id2");
    }
}

/// Upstream: manager/scheduler/scheduler_test.go TestSchedulerFaultyNodeSpecVersion
#[test]
fn failures_are_counted_for_each_version_of_a_spec() {
    for seed in 0..SEEDS {
        let mut swarm = Swarm::new(seed);
        swarm.add_node(node("id1"));
        swarm.add_node(node("id2"));
        let make = |name: &str, version| {
            let mut task = task(name, "s1");
            task.spec_version = version;
            task
        };
        swarm.add([running(make("first", 1), "id1")]);
        for round in 0..15 {
            let name = format!("t{round}x");
            swarm.add([make(&name, if round > 5 { 2 } else { 1 })]);
            let sound = round < 5 || (6..11).contains(&round);
            assert_eq!(swarm.schedule()[&name], if sound { "id2" } else { "id1" }, "round {round}");
            swarm.change_task(&name, |task| task.status.state = TaskState::Failed);
        }
        let count =
            |node, version| swarm.scheduler.nodes[&node_id(node)].recent_failures(service_id("s1"), version, swarm.now);
        assert_eq!([count("id1", 1), count("id1", 2), count("id2", 1), count("id2", 2)], [1, 4, 5, 5]);
    }
}

/// Upstream: manager/scheduler/scheduler_test.go TestSchedulerResourceConstraint
#[test]
fn who_has_too_little_or_is_not_ready_is_named_by_number() {
    let mut swarm = Swarm::new(1);
    swarm.add_service("s1", 0);
    swarm.add([reserving(task("t1", "s1"), 2_000_000_000, 2)]);
    swarm.add_node(provided(node("small"), 1, 1_000_000_000, 1));
    for name in ["unknown1", "unknown2"] {
        swarm.add_node(in_state(provided(node(name), 2, 2_000_000_000, 2), NodeState::Unknown));
    }
    assert!(swarm.schedule().is_empty());
    let err = "no suitable node (2 nodes not available for new tasks; insufficient resources on 1 node)";
    assert_eq!(swarm.err("t1"), err);
    assert_eq!(swarm.task("t1").status.state, TaskState::Pending);
    swarm.add_node(provided(node("big"), 4, 8_000_000_000, 4));
    assert_eq!(swarm.schedule()["t1"], "big");
}

/// Upstream: manager/scheduler/scheduler_test.go TestSchedulerResourceConstraintHA
#[test]
fn a_node_that_is_full_leaves_the_rest_to_a_busier_one() {
    for (seed, together) in (0..SEEDS).flat_map(|seed| [(seed, true), (seed, false)]) {
        let mut swarm = Swarm::new(seed);
        swarm.add_node(provided(node("id1"), 0, 1_000_000_000, 2));
        swarm.add_node(provided(node("id2"), 0, 100_000_000_000, 5));
        let make = |name: &str, version| {
            let mut task = reserving(task(name, "s1"), 500_000_000, 1);
            task.spec_version = version;
            task
        };
        swarm.add([running(make("t1", 1), "id1")]);
        swarm.add(["t2", "t3", "t4"].map(|name| running(make(name, 1), "id2")));
        swarm.add([make("t5", 1), make("t6", if together { 1 } else { 2 })]);
        let placed = swarm.schedule();
        assert_eq!(Swarm::counts(&placed), BTreeMap::from([("id1", 1), ("id2", 1)]));
    }
}

/// Upstream: manager/scheduler/scheduler_test.go TestSchedulerResourceConstraintDeadTask
#[test]
fn a_task_that_has_ended_gives_back_what_it_reserved() {
    let mut swarm = Swarm::new(1);
    swarm.add_service("s1", 0);
    swarm.add_node(provided(node("id1"), 1_000_000_000, 1_000_000_000, 4));
    let make = |name: &str| reserving(task(name, "s1"), 800_000_000, 3);
    swarm.add([make("t1")]);
    assert_eq!(swarm.schedule()["t1"], "id1");
    swarm.add([make("t2")]);
    assert!(swarm.schedule().is_empty());
    assert_eq!(swarm.err("t2"), "no suitable node (insufficient resources on 1 node)");
    // To be stopped is not to have stopped.
    swarm.change_task("t1", |task| task.desired = TaskState::Shutdown);
    assert!(swarm.schedule().is_empty());
    swarm.change_task("t1", |task| task.status.state = TaskState::Shutdown);
    assert_eq!(swarm.schedule()["t2"], "id1");
}

/// Upstream: manager/scheduler/scheduler_test.go TestSchedulerPreexistingDeadTask
#[test]
fn a_task_that_had_ended_before_reserves_nothing() {
    let mut swarm = Swarm::new(1);
    swarm.add_node(provided(node("id1"), 1_000_000_000, 1_000_000_000, 1));
    let make = |name: &str| reserving(on(task(name, "s1"), "id1"), 800_000_000, 1);
    let mut dead = make("t1");
    dead.status.state = TaskState::Shutdown;
    swarm.add([dead]);
    swarm.schedule();
    swarm.add([make("t2")]);
    assert_eq!(swarm.schedule(), BTreeMap::from([("t2".to_owned(), "id1".to_owned())]));
}

/// Upstream: manager/scheduler/scheduler_test.go TestSchedulerCompatiblePlatform
#[test]
fn an_image_goes_where_one_of_its_platforms_is() {
    let mut swarm = Swarm::new(1);
    swarm.add_service("s1", 0);
    let platform = |name: &str, architecture: &str, os: &str| {
        let mut node = node(name);
        (node.description.architecture, node.description.os) = (architecture.to_owned(), os.to_owned());
        node
    };
    swarm.add_node(platform("node1", "x86_64", "linux"));
    swarm.add_node(platform("node2", "amd64", "windows"));
    swarm.add_node(platform("node3", "", ""));
    let mut version = 0;
    let mut make = |name: &str, platforms: &[(&str, &str)]| {
        version += 1;
        let mut task = placed_by(task(name, "s1"), |placement| {
            placement.platforms = platforms.iter().map(|(a, o)| ((*a).to_owned(), (*o).to_owned())).collect()
        });
        task.spec_version = version;
        task
    };
    swarm.add([make("t1", &[("amd64", "linux")])]);
    assert_eq!(swarm.schedule()["t1"], "node1");
    swarm.add([make("t2", &[("arm", "linux")])]);
    assert!(swarm.schedule().is_empty());
    assert_eq!(swarm.err("t2"), "no suitable node (unsupported platform on 3 nodes)");
    swarm.add([make("t3", &[])]);
    assert_ne!(swarm.schedule()["t3"], "node1");
    swarm.add([make("t4", &[("", "linux")])]);
    assert_eq!(swarm.schedule()["t4"], "node1");
    swarm.add([make("t5", &[("amd64", "linux"), ("x86_64", "windows")])]);
    assert_ne!(swarm.schedule()["t5"], "node3");
}

/// Upstream: manager/scheduler/scheduler_test.go TestSchedulerUnassignedMap
#[test]
fn the_tasks_of_a_service_that_is_gone_are_forgotten() {
    let mut swarm = Swarm::new(1);
    swarm.add_service("s1", 0);
    swarm.add_node(node("node1"));
    let windows = vec![("amd64".to_owned(), "windows".to_owned())];
    swarm.add([placed_by(task("t1", "s1"), |placement| placement.platforms = windows)]);
    swarm.schedule();
    assert!(swarm.scheduler.unassigned.contains_key(&task_id("t1")));
    swarm.write(|ctx| ctx.store.delete_service(service_id("s1"), ctx.now));
    swarm.change_node("node1", |_| {});
    swarm.schedule();
    assert!(!swarm.scheduler.unassigned.contains_key(&task_id("t1")));
}

/// Upstream: manager/scheduler/scheduler_test.go TestPreassignedTasks
#[test]
fn tasks_that_have_a_node_come_first() {
    let mut swarm = Swarm::new(1);
    swarm.add_node(node("node1"));
    swarm.add_node(node("node2"));
    swarm.add([task("t1", "s1"), on(task("t2", "s2"), "node1"), on(task("t3", "s2"), "node1")]);
    let placed = swarm.schedule();
    // Two tasks are on the one node by then.
    let wanted = [("t1", "node2"), ("t2", "node1"), ("t3", "node1")];
    assert_eq!(placed, wanted.map(|(task, node)| (task.to_owned(), node.to_owned())).into());
    assert_eq!(&*swarm.task("t2").status.message, "scheduler confirmed task can run on preassigned node");
}

/// Upstream: manager/scheduler/scheduler_test.go TestIgnoreTasks
#[test]
fn a_leader_does_not_begin_with_tasks_that_are_to_go() {
    let mut swarm = Swarm::new(1);
    let to_go = |name: &str, desired| {
        let mut task = on(task(name, "s2"), "node1");
        task.desired = desired;
        task
    };
    swarm.add_node(node("node1"));
    let tasks = [task("t1", "s1"), to_go("t2", TaskState::Shutdown), to_go("t3", TaskState::Remove)];
    swarm.write(|ctx| {
        for task in tasks {
            ctx.store.create_task(task, 0);
        }
    });
    // A manager that becomes the leader reads the store anew.
    swarm.queue = Queue::default();
    swarm.with(|scheduler, ctx| *scheduler = Scheduler::of(ctx));
    let placed = swarm.schedule();
    assert_eq!(placed, BTreeMap::from([("t1".to_owned(), "node1".to_owned())]));
}

/// Upstream: manager/scheduler/scheduler_test.go TestUnscheduleableTask
#[test]
fn a_pending_task_of_an_older_spec_that_is_to_stop_is_stopped() {
    let mut swarm = Swarm::new(1);
    swarm.add_service("s1", 0);
    swarm.add_node(node("node1"));
    let make = |name: &str| placed_by(task(name, "s1"), |placement| placement.max_replicas = 1);
    swarm.add([make("t1"), make("t2")]);
    let placed = swarm.schedule();
    assert_eq!(placed.len(), 1);
    let (assigned, pending) = if placed.contains_key("t1") { ("t1", "t2") } else { ("t2", "t1") };
    assert_eq!(swarm.err(pending), "no suitable node (max replicas per node limit exceed)");

    let mut newer = make("t3");
    newer.spec_version = 1;
    swarm.change_task(assigned, |task| task.status.state = TaskState::Running);
    swarm.change_task(pending, |task| task.desired = TaskState::Shutdown);
    swarm.add([newer]);
    swarm.write(|ctx| assert!(ctx.store.update_service(service_id("s1"), 0, |service| service.spec_version = 1)));
    swarm.schedule();
    assert_eq!(swarm.task(pending).status.state, TaskState::Shutdown);
    assert_eq!(swarm.err(pending), "");
    assert_eq!(swarm.task("t3").status.state, TaskState::Pending);
}

/// Upstream: manager/scheduler/scheduler_test.go TestSchedulerPluginConstraint
#[test]
fn volumes_networks_and_logs_need_their_plugins() {
    let mut swarm = Swarm::new(1);
    let with = |name: &str, plugins: &[(&str, &str)]| {
        let mut node = node(name);
        node.description.plugins =
            plugins.iter().map(|(kind, name)| ((*kind).to_owned(), (*name).to_owned())).collect();
        node
    };
    let volume = |driver: &str| Mount {
        kind: "volume".to_owned(),
        options: vec![("volume-driver".to_owned(), driver.to_owned())],
        ..Mount::default()
    };
    let bind = Mount { kind: "bind".to_owned(), ..volume("elsewhere") };
    let log = |name: &str| Some(LogDriver { name: name.to_owned(), options: Labels::new() });
    let net = network("plugin1");
    swarm.add_service("s1", 0);
    swarm.write(|ctx| ctx.store.create_network(network("plugin1"), 0));
    let mut version = 0;
    let mut make = |name: &str, change: &dyn Fn(&mut TaskSpec)| {
        version += 1;
        let mut task = specified(task(name, "s1"), change);
        task.spec_version = version;
        task
    };
    swarm.add_node(with("node1", &[("Volume", "plugin1"), ("Log", "default")]));
    swarm.add([make("t1", &|spec| spec.container.mounts = vec![volume("plugin1")])]);
    assert_eq!(swarm.schedule()["t1"], "node1");
    swarm.add([make("t0", &|spec| spec.container.mounts = vec![bind.clone()])]);
    assert_eq!(swarm.schedule()["t0"], "node1");

    swarm.add([make("t2", &|spec| spec.container.mounts = vec![volume("plugin1"), volume("plugin2")])]);
    assert!(swarm.schedule().is_empty());
    assert_eq!(swarm.err("t2"), "no suitable node (missing plugin on 1 node)");
    // A plugin may be listed with its tag.
    swarm.add_node(with("node2", &[("Volume", "plugin1"), ("Volume", "plugin2:latest"), ("Log", "default")]));
    assert_eq!(swarm.schedule()["t2"], "node2");

    swarm.add([attached(make("t3", &|spec| spec.container.mounts = vec![volume("plugin1")]), &net)]);
    assert!(swarm.schedule().is_empty());
    assert_eq!(swarm.err("t3"), "no suitable node (missing plugin on 2 nodes)");
    swarm.add_node(with("node3", &[("Volume", "plugin1"), ("Network", "plugin1"), ("Log", "default")]));
    assert_eq!(swarm.schedule()["t3"], "node3");

    swarm.add([make("t4", &|spec| spec.log_driver = log("plugin1"))]);
    assert!(swarm.schedule().is_empty());
    assert_eq!(swarm.err("t4"), "no suitable node (missing plugin on 3 nodes)");
    swarm.add_node(with("node4", &[("Log", "plugin1")]));
    assert_eq!(swarm.schedule()["t4"], "node4");
    for (name, driver) in [("t5", "none"), ("t6", "")] {
        swarm.add([make(name, &|spec| spec.log_driver = log(driver))]);
        assert!(swarm.schedule().contains_key(name), "{name}");
    }
    // An engine that lists no log drivers is taken to have all of them.
    swarm.add_node(with("node5", &[]));
    swarm.add([make("t7", &|spec| spec.log_driver = log("other"))]);
    assert_eq!(swarm.schedule()["t7"], "node5");
}

/// Upstream: manager/scheduler/scheduler_test.go TestSchedulerHostPort
#[test]
fn a_host_mode_port_is_taken_once_on_each_node_and_protocol() {
    for seed in 0..SEEDS {
        let mut swarm = Swarm::new(seed);
        swarm.add_service("s1", 0);
        let mut udp = publishing(task("t2", "s1"), &[(Protocol::Udp, 58)]);
        udp.spec_version = 1;
        swarm.add([publishing(task("t1", "s1"), &[(Protocol::Tcp, 58)]), udp]);
        assert!(swarm.schedule().is_empty());
        swarm.add_node(node("node1"));
        swarm.add_node(node("node2"));
        let placed = swarm.schedule();
        assert_eq!(Swarm::counts(&placed), BTreeMap::from([("node1", 1), ("node2", 1)]));
        swarm.add([publishing(task("t3", "s1"), &[(Protocol::Udp, 58), (Protocol::Tcp, 58)])]);
        assert!(swarm.schedule().is_empty());
        assert_eq!(swarm.err("t3"), "no suitable node (host-mode port already in use on 2 nodes)");
        // A task that is to stop holds its port until it has stopped.
        let node = placed["t1"].clone();
        swarm.change_task("t1", |task| task.desired = TaskState::Shutdown);
        assert!(swarm.schedule().is_empty());
        swarm.change_task("t1", |task| task.status.state = TaskState::Shutdown);
        assert_eq!(swarm.schedule()["t3"], node);
    }
}

/// Upstream: manager/scheduler/scheduler_test.go TestSchedulerMaxReplicas
#[test]
fn a_node_takes_so_many_of_a_service_and_no_more() {
    for seed in 0..SEEDS {
        let mut swarm = Swarm::new(seed);
        swarm.add_service("s1", 0);
        let make = |name: &str| placed_by(task(name, "s1"), |placement| placement.max_replicas = 1);
        swarm.add([make("t1"), make("t2")]);
        assert!(swarm.schedule().is_empty());
        assert_eq!(swarm.err("t1"), "no suitable node");
        swarm.add_node(node("node1"));
        swarm.add_node(node("node2"));
        assert_eq!(Swarm::counts(&swarm.schedule()), BTreeMap::from([("node1", 1), ("node2", 1)]));
        swarm.add([make("t3")]);
        assert!(swarm.schedule().is_empty());
        assert_eq!(swarm.err("t3"), "no suitable node (max replicas per node limit exceed)");
        swarm.add_node(node("node3"));
        assert_eq!(swarm.schedule()["t3"], "node3");

        let fixed = |name: &str| {
            let mut task = constrained(task(name, "s1"), &["node.hostname==node1"]);
            task.spec_version = 1;
            placed_by(task, |placement| placement.max_replicas = 3)
        };
        swarm.add(["t4", "t5", "t6"].map(fixed));
        assert_eq!(Swarm::counts(&swarm.schedule()), BTreeMap::from([("node1", 2)]));
        let texts: Vec<&str> =
            ["t4", "t5", "t6"].iter().map(|name| swarm.err(name)).filter(|err| !err.is_empty()).collect();
        assert!(texts[0].contains("max replicas per node limit exceed"), "{texts:?}");
        swarm.add([fixed("t7")]);
        assert!(swarm.schedule().is_empty());
        let err =
            "no suitable node (scheduling constraints not satisfied on 2 nodes; max replicas per node limit exceed)";
        assert_eq!(swarm.err("t7"), err);
    }
}

#[test]
fn a_task_that_has_its_node_is_told_the_bare_reason() {
    let mut swarm = Swarm::new(1);
    swarm.add_node(provided(node("node1"), 0, 1_000, 0));
    swarm.add([reserving(on(task("t1", "s1"), "node1"), 2_000, 0)]);
    assert!(swarm.schedule().is_empty());
    assert_eq!(swarm.err("t1"), "insufficient resources on 1 node");
    swarm.change_node("node1", |node| node.description.memory_bytes = 3_000);
    assert_eq!(swarm.schedule()["t1"], "node1");
}

#[test]
fn a_cluster_volume_is_on_no_node() {
    let mut swarm = Swarm::new(1);
    swarm.add_service("s1", 0);
    swarm.add_node(node("node1"));
    swarm.add_node(node("node2"));
    let volume = Mount { kind: "cluster".to_owned(), source: "v".to_owned(), ..Mount::default() };
    swarm.add([specified(task("t1", "s1"), |spec| spec.container.mounts = vec![volume])]);
    assert!(swarm.schedule().is_empty());
    assert_eq!(swarm.err("t1"), "no suitable node (cannot fulfill requested CSI volume mounts on 2 nodes)");
}

#[test]
fn reasons_come_by_how_many_nodes_they_hold_for() {
    for seed in 0..SEEDS {
        let mut swarm = Swarm::new(seed);
        swarm.add_service("s1", 0);
        for number in 0..3 {
            swarm.add_node(labelled(&format!("far{number}"), &[("zone", "far")]));
        }
        swarm.add_node(in_state(node("down"), NodeState::Down));
        let mut drained = node("drained");
        drained.spec.availability = Availability::Drain;
        swarm.add_node(drained);
        swarm.add_node(labelled("near", &[("zone", "near")]));
        swarm.add([reserving(constrained(task("t1", "s1"), &["node.labels.zone==near"]), 0, 0)]);
        assert_eq!(swarm.schedule().len(), 0);
        let err = "no suitable node (insufficient resources on 4 nodes; 2 nodes not available for new tasks)";
        assert_eq!(swarm.err("t1"), err, "no node lists apples at all");
        swarm.add([constrained(task("t2", "s2"), &["node.labels.zone==near", "node.labels.zone!=near"])]);
        swarm.add_service("s2", 0);
        swarm.schedule();
        let err =
            "no suitable node (scheduling constraints not satisfied on 4 nodes; 2 nodes not available for new tasks)";
        assert_eq!(swarm.err("t2"), err);
    }
}

#[test]
fn a_preference_for_engine_labels_or_for_nothing_known() {
    for seed in 0..SEEDS {
        let mut swarm = Swarm::new(seed);
        for (name, disk) in [("a1", "ssd"), ("a2", "ssd"), ("a3", "ssd"), ("b", "hdd")] {
            let mut node = node(name);
            node.description.engine_labels.insert("disk".to_owned(), disk.to_owned());
            swarm.add_node(node);
        }
        swarm.add_node(node("c"));
        // A node without the label is a branch of its own; what Swarm does not know is passed over.
        let descriptors = ["node.hostname", "engine.labels.disk"];
        swarm.add((0..6).map(|number| preferring(task(&format!("t{number}x"), "s1"), &descriptors)));
        let placed = swarm.schedule();
        let counts = Swarm::counts(&placed);
        assert_eq!((counts["b"], counts["c"]), (2, 2), "seed {seed}: {counts:?}");
    }
}

#[test]
fn three_equal_nodes_are_taken_in_turn_from_a_random_one_on() {
    let mut first = BTreeMap::new();
    for seed in 0..200 {
        let mut swarm = Swarm::new(seed);
        for name in ["m", "n1", "n2"] {
            swarm.add_node(node(name));
        }
        swarm.add([task("t1", "s1")]);
        *first.entry(swarm.schedule()["t1"].clone()).or_insert(0) += 1;
    }
    // The first node of a small map comes first in six of eight walks.
    assert!((130..170).contains(&first["m"]) && first.len() == 3, "{first:?}");
}
