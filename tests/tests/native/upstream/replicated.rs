//! The orchestrator of replicated services: slots, scaling, nodes that go, updates that are rolled back.

use swarmyard_core::model::{TaskState, UpdateState};
use swarmyard_core::time::{MINUTE, SECOND};

use super::kit::*;

fn slots(tasks: &[std::rc::Rc<swarmyard_core::model::Task>]) -> Vec<u64> {
    tasks.iter().map(|task| task.slot).collect()
}

/// Upstream: swarmkit manager/orchestrator/replicated/replicated_test.go TestReplicatedOrchestrator
#[test]
fn as_many_tasks_as_wanted_up_and_down_and_none_of_a_removed_service() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "two", "--replicas 2", V1);
    assert_eq!(slots(&cluster.wanted("two")), [1, 2]);
    create(&mut cluster, "one", "", V1);
    assert_eq!(slots(&cluster.wanted("one")), [1]);
    cluster.pass(5 * SECOND);

    cluster.docker("service scale -d one=3");
    assert_eq!(slots(&cluster.wanted("one")), [1, 2, 3]);
    cluster.pass(5 * SECOND);
    cluster.docker("service scale -d one=1");
    let removed = cluster.tasks("one").iter().filter(|task| task.desired == TaskState::Remove).count();
    assert_eq!((slots(&cluster.wanted("one")).len(), removed), (1, 2));

    cluster.docker("service rm two");
    assert!(cluster.tasks("two").iter().all(|task| task.desired == TaskState::Remove));
    cluster.until("its tasks are gone", 10 * SECOND, |cluster| cluster.tasks("two").is_empty());
    assert_eq!(cluster.running("one"), 1);
}

/// Upstream: swarmkit manager/state/store/memory_test.go TestBatch
#[test]
fn what_thousands_of_tasks_need_is_written_in_transactions_of_two_hundred() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "many", "--replicas 1000 --update-parallelism 0", V1);
    let allocated = |cluster: &Cluster| cluster.in_state("many", TaskState::Pending).len();
    assert_eq!(cluster.tasks("many").len(), 1_000);
    assert!(allocated(&cluster) < 200);
    cluster.pass(2);
    assert!((400..800).contains(&allocated(&cluster)), "{}", allocated(&cluster));

    // A node that goes while the scheduler writes gets no more of them.
    let assigned = |cluster: &Cluster| cluster.in_state("many", TaskState::Assigned).len();
    cluster.until("the scheduler writes", SECOND, |cluster| assigned(cluster) > 0);
    assert!(assigned(&cluster) <= 200);
    cluster.docker("node update --availability drain node1");
    let had = cluster.on_node("many", "node1").len();
    cluster.until("all run", MINUTE, |cluster| cluster.running("many") == 1_000);
    assert_eq!(cluster.on_node("many", "node1").len(), had);

    cluster.docker("service update -d --force many");
    let new = |cluster: &Cluster| cluster.tasks("many").iter().filter(|task| task.spec.force_update == 1).count();
    cluster.pass(2);
    assert!((200..800).contains(&new(&cluster)), "{}", new(&cluster));
    cluster.until("all are new", MINUTE, |cluster| new(cluster) == 1_000 && cluster.running("many") == 1_000);
    cluster.docker("service rm many");
    cluster.until("all are gone", MINUTE, |cluster| cluster.tasks("many").is_empty());
}

/// Upstream: swarmkit manager/orchestrator/replicated/replicated_test.go TestReplicatedScaleDown
#[test]
fn scaling_down_takes_first_what_has_no_node_then_from_the_fullest_then_what_does_not_run() {
    let mut cluster = Cluster::lab();
    let only = |cluster: &mut Cluster, open: &str| {
        for node in ["manager", "node1", "node2"] {
            let availability = if node == open { "active" } else { "pause" };
            cluster.docker(&format!("node update --availability {availability} {node}"));
        }
    };
    only(&mut cluster, "manager");
    created(&mut cluster, "app", 4, "--restart-delay 1h", V1);
    for (open, replicas) in [("node1", 5), ("node2", 6)] {
        only(&mut cluster, open);
        cluster.docker(&format!("service scale -d app={replicas}"));
        cluster.until("one more runs", 10 * SECOND, |cluster| cluster.running("app") == replicas);
    }
    only(&mut cluster, "nowhere");
    cluster.docker("service scale -d app=7");
    cluster.pass(2 * SECOND);
    assert_eq!(cluster.in_state("app", TaskState::Pending).len(), 1);

    cluster.docker("service scale -d app=6");
    cluster.pass(5 * SECOND);
    assert_eq!(slots(&cluster.tasks("app")), [1, 2, 3, 4, 5, 6], "the one without a node went first");
    cluster.docker("service scale -d app=4");
    cluster.pass(5 * SECOND);
    assert_eq!(slots(&cluster.tasks("app")), [1, 2, 5, 6], "the fullest node gave its highest slots");

    only(&mut cluster, "node1");
    cluster.world("crash-task app.5");
    cluster.until("its replacement is prepared", 5 * SECOND, |c| c.in_state("app", TaskState::Ready).len() == 1);
    cluster.docker("service scale -d app=2");
    cluster.pass(5 * SECOND);
    assert_eq!(slots(&cluster.wanted("app")), [1, 6], "what does not run went, and the second copy on a node");
    cluster.docker("service scale -d app=1");
    assert_eq!(slots(&cluster.wanted("app")), [1], "else the lowest slot stays");
}

/// Upstream: swarmkit manager/orchestrator/replicated/drain_test.go TestDrain
#[test]
fn tasks_of_drained_down_and_removed_nodes_are_replaced() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 6, "", V1);
    assert_eq!(cluster.on_node("app", "node1").len(), 2);

    cluster.docker("node update --availability drain node1");
    assert_eq!(cluster.wanted("app").len(), 6, "the replacements are there at once");
    assert!(cluster.on_node("app", "node1").iter().all(|task| task.desired == TaskState::Shutdown));
    let took = cluster.until("they run elsewhere", MINUTE, |c| c.running("app") == 6);
    assert!(took < 4 * SECOND, "a drained node's tasks do not wait for the restart delay: {took} ms");

    cluster.world("power-off node2");
    cluster.until("it is noticed", MINUTE, |c| !c.on_node("app", "node2").iter().any(|task| runs(task)));
    let took = cluster.until("they run elsewhere", MINUTE, |c| c.running("app") == 6);
    assert!(took >= 5 * SECOND, "a dead node's tasks do: {took} ms");
    assert!(cluster.on_node("app", "node2").iter().all(|task| task.status.state == TaskState::Running));

    cluster.docker("node rm node2");
    cluster.always("all run", 10 * SECOND, |cluster| cluster.running("app") == 6);
}

/// What a new image's tasks do in the tests of rollbacks: the first and the third that run crash.
fn fail_the_first_and_the_third(cluster: &mut Cluster, image: &str) {
    for (running, failed) in [(1, Some(1)), (1, None), (2, Some(2))] {
        let made = |c: &Cluster| c.tasks("app").into_iter().filter(|task| has_image(task, image)).collect::<Vec<_>>();
        cluster.until("a new task runs", MINUTE, |c| made(c).iter().filter(|task| runs(task)).count() == running);
        if let Some(failed) = failed {
            let newest = made(cluster).into_iter().filter(|task| runs(task)).max_by_key(|task| task.meta.created);
            cluster.world(&format!("crash-task {}", newest.expect("one runs").id));
            cluster.until("its crash is known", SECOND, |c| {
                made(c).iter().filter(|task| task.status.state == TaskState::Failed).count() == failed
            });
        }
    }
}

fn rolled_back(flags: &str) -> Cluster {
    let mut cluster = Cluster::lab();
    let update = "--update-delay 3s --update-failure-action rollback --update-max-failure-ratio 0.4 --restart-delay 1h";
    created(&mut cluster, "app", 4, &format!("{update} {flags}"), V1);
    cluster.docker(&format!("service update -d --image {V2} app"));
    fail_the_first_and_the_third(&mut cluster, V2);
    cluster.until("it is rolled back", MINUTE, |c| c.update_state("app") == Some(UpdateState::RollbackStarted));
    cluster
}

/// Upstream: swarmkit manager/orchestrator/replicated/update_test.go TestUpdaterRollback
#[test]
fn two_failures_of_four_roll_back_the_three_slots_that_were_taken() {
    let mut cluster = rolled_back("--rollback-failure-action pause");
    let began = cluster.now();
    cluster.until("that is completed", 2 * MINUTE, |c| c.update_state("app") == Some(UpdateState::RollbackCompleted));
    let after = cluster.wanted("app");
    // Where the supervisor saw the last crash after the spec had gone back, its replacement is of the old image and
    // waits out the restart delay.
    assert!(after.len() == 4 && after.iter().all(|task| has_image(task, V1)));
    assert!(cluster.running_image("app", V1) >= 3);
    assert_eq!(after.iter().filter(|task| task.meta.created >= began).count(), 3);
    assert!(cluster.service("app").previous_spec.is_none(), "there is nothing to go back to any more");
}

/// Upstream: swarmkit manager/orchestrator/replicated/update_test.go TestUpdaterRollback
#[test]
fn a_rollback_whose_own_tasks_fail_is_paused_or_goes_on_as_its_own_policy_says() {
    for (action, end) in [("pause", UpdateState::RollbackPaused), ("continue", UpdateState::RollbackCompleted)] {
        let flags = format!("--rollback-failure-action {action} --rollback-max-failure-ratio 0.4");
        let mut cluster = rolled_back(&flags);
        let began = cluster.now();
        let fresh = move |c: &Cluster| {
            let made =
                |task: &std::rc::Rc<swarmyard_core::model::Task>| task.meta.created >= began && has_image(task, V1);
            c.tasks("app").into_iter().filter(|task| made(task) && runs(task)).collect::<Vec<_>>()
        };
        for _ in 0..2 {
            cluster.until("a task of the rollback runs", MINUTE, |c| !fresh(c).is_empty());
            for task in fresh(&cluster) {
                cluster.world(&format!("crash-task {}", task.id));
            }
            cluster.until("its end is known", SECOND, |c| fresh(c).is_empty());
        }
        cluster.until("it comes to an end", 2 * MINUTE, |c| {
            !matches!(c.update_state("app"), Some(UpdateState::RollbackStarted))
        });
        assert_eq!(cluster.update_state("app"), Some(end), "{}", cluster.update_message("app"));
        if end == UpdateState::RollbackPaused {
            assert!(cluster.update_message("app").starts_with("update paused due to failure or early termination of"));
        }
    }
}
