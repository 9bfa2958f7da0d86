//! The orchestrator of global services.

use swarmyard_core::model::{TaskState, UpdateState};
use swarmyard_core::time::{MINUTE, SECOND};

use super::kit::*;

const NODES: [&str; 3] = ["manager", "node1", "node2"];

fn everywhere(flags: &str, image: &str) -> Cluster {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "app", &format!("--mode global {flags}"), image);
    cluster.until("one runs on every node", 10 * SECOND, |cluster| cluster.running("app") == 3);
    cluster
}

fn wanted_on(cluster: &Cluster, node: &str) -> usize {
    cluster.on_node("app", node).iter().filter(|task| task.desired <= TaskState::Running).count()
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestSetup
/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestAddService
#[test]
fn a_new_service_gets_a_task_on_every_node_at_once() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "app", "--mode global", V1);
    for node in NODES {
        let tasks = cluster.on_node("app", node);
        assert_eq!((tasks.len(), tasks[0].slot), (1, 0), "it knows its node before the scheduler has seen it");
        assert_eq!(tasks[0].desired, TaskState::Running);
    }
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestDeleteService
#[test]
fn a_removed_service_leaves_no_task() {
    let mut cluster = everywhere("", V1);
    cluster.docker("service rm app");
    assert!(cluster.tasks("app").iter().all(|task| task.desired == TaskState::Remove));
    cluster.until("they are gone", 10 * SECOND, |cluster| cluster.tasks("app").is_empty());
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestNodeAvailability
#[test]
fn a_drained_node_has_none_an_active_one_gets_one_a_paused_one_keeps_what_it_has() {
    let mut cluster = everywhere("", V1);
    cluster.docker("node update --availability drain node1");
    assert_eq!(wanted_on(&cluster, "node1"), 0);
    cluster.docker(&format!("service update -d --image {V2} app"));
    cluster.pass(20 * SECOND);
    assert_eq!(wanted_on(&cluster, "node1"), 0, "an update brings none there");
    cluster.docker("node update --availability active node1");
    assert_eq!(wanted_on(&cluster, "node1"), 1);
    cluster.pass(5 * SECOND);
    let before = cluster.on_node("app", "node1")[0].id;
    cluster.docker("node update --availability pause node1");
    cluster.always("it runs on", 5 * SECOND, |cluster| cluster.running("app") == 3);
    cluster.docker(&format!("service update -d --image {V3} app"));
    cluster.pass(20 * SECOND);
    assert_eq!(cluster.on_node("app", "node1")[0].id, before, "a paused node's task is not updated");
    assert_eq!(cluster.update_state("app"), Some(UpdateState::Completed));
    cluster.docker("node update --availability active node1");
    assert!(cluster.on_node("app", "node1").iter().any(|task| has_image(task, V3)), "now it is, at once");
    assert_eq!(cluster.update_state("app"), Some(UpdateState::Completed), "and that is no update");
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestNodeState
/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestAddNode
#[test]
fn a_node_that_goes_down_has_none_and_gets_one_when_it_is_back() {
    let mut cluster = everywhere("", V1);
    cluster.world("power-off node2");
    cluster.until("its task is given up", MINUTE, |cluster| wanted_on(cluster, "node2") == 0);
    cluster.always("none comes", 10 * SECOND, |cluster| wanted_on(cluster, "node2") == 0);
    cluster.world("power-on node2");
    cluster.until("a new one runs there", MINUTE, |cluster| cluster.running("app") == 3);
    assert_eq!(wanted_on(&cluster, "node2"), 1);
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestDeleteNode
#[test]
fn a_removed_nodes_task_is_removed_with_it() {
    let mut cluster = everywhere("", V1);
    cluster.world("power-off node2");
    cluster.until("it is given up", MINUTE, |cluster| wanted_on(cluster, "node2") == 0);
    let node = cluster.node("node2").id;
    cluster.docker("node rm node2");
    assert!(cluster.tasks("app").iter().all(|task| task.node != Some(node)));
    assert_eq!(cluster.running("app"), 2);
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestTaskFailure
#[test]
fn a_failed_task_comes_back_on_its_node_after_the_delay_if_its_policy_says_so() {
    for (condition, back) in [("any", 1), ("on-failure", 1), ("none", 0)] {
        let flags = format!("--restart-condition {condition} --restart-delay 4s");
        let mut cluster = everywhere(&flags, V1);
        let task = cluster.on_node("app", "node1")[0].id;
        cluster.world(&format!("crash-task {task}"));
        cluster.until("it has failed", SECOND, |cluster| cluster.in_state("app", TaskState::Failed).len() == 1);
        assert_eq!(wanted_on(&cluster, "node1"), back, "{condition}");
        if back == 1 {
            assert_eq!(cluster.on_node("app", "node1")[0].desired, TaskState::Ready);
            let took = cluster.until("it runs", 10 * SECOND, |cluster| cluster.running("app") == 3);
            assert!((4 * SECOND..6 * SECOND).contains(&took), "{took} ms");
        } else {
            cluster.always("none comes", 10 * SECOND, |cluster| wanted_on(cluster, "node1") == 0);
        }
    }
}

/// A global service is updated node by node, by the same updater.
#[test]
fn an_update_goes_node_by_node_and_is_paused_by_a_failure() {
    let mut cluster = everywhere("--update-parallelism 1", V1);
    cluster.docker(&format!("service update -d --image {V2} app"));
    cluster.until("it is completed", MINUTE, |c| {
        assert!(c.running("app") >= 2, "one node at a time");
        c.update_state("app") == Some(UpdateState::Completed)
    });
    assert_eq!(cluster.running_image("app", V2), 3);
    cluster.docker(&format!("service update -d --image {MISSING} app"));
    cluster.until("it is paused", MINUTE, |c| c.update_state("app") == Some(UpdateState::Paused));
    cluster.pass(5 * SECOND);
    assert_eq!(cluster.running_image("app", V2), 2);
}
