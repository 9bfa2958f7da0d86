//! The dispatcher: sessions, heartbeats, assignments and reports.

use swarmyard_core::model::{NodeState, TaskState};
use swarmyard_core::time::{HOUR, MINUTE, SECOND};

use super::kit::*;

fn state(cluster: &Cluster, node: &str) -> NodeState {
    cluster.node(node).status.state
}

/// Upstream: manager/dispatcher/dispatcher_test.go TestRegisterTwice
#[test]
fn an_agent_that_comes_again_is_taken_again() {
    let mut cluster = Cluster::lab();
    for _ in 0..2 {
        cluster.world("power-off node1");
        cluster.until("it is missed", MINUTE, |cluster| state(cluster, "node1") == NodeState::Down);
        assert_eq!(cluster.node("node1").status.message, "heartbeat failure");
        cluster.world("power-on node1");
        cluster.until("it is back", MINUTE, |cluster| state(cluster, "node1") == NodeState::Ready);
        assert_eq!(cluster.node("node1").status.message, "");
    }
}

/// Upstream: manager/dispatcher/dispatcher_test.go TestHeartbeat
#[test]
fn a_node_that_beats_stays_ready() {
    let mut cluster = Cluster::lab();
    cluster.always("all are ready", HOUR, |cluster| {
        ["manager", "node1", "node2"].iter().all(|node| state(cluster, node) == NodeState::Ready)
    });
}

/// Upstream: manager/dispatcher/dispatcher_test.go TestHeartbeatTimeout
#[test]
fn a_node_that_is_silent_for_three_periods_is_down() {
    for seed in 1..20 {
        let mut cluster = Cluster::of(&swarmyard_core::scenario::Scenario::lab(), seed);
        cluster.pass(seed * 777);
        cluster.world("power-off node1");
        let took = cluster.until("it is missed", MINUTE, |cluster| state(cluster, "node1") == NodeState::Down);
        // Three periods of 4.5 to 5.5 s after the last beat, which came at most one period ago.
        assert!((8_500..=16_500).contains(&took), "{took} ms");
    }
}

/// Upstream: manager/dispatcher/dispatcher_test.go TestHeartbeatUnregistered
#[test]
fn what_an_agent_without_session_sees_is_told_when_it_has_one() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "--restart-condition none", CRASH8);
    cluster.world("cut-off node1");
    cluster.pass(12 * SECOND);
    let task = cluster.on_node("app", "node1").remove(0);
    assert_eq!(task.status.state, TaskState::Running, "it has ended, but nobody was told");
    cluster.world("reconnect node1");
    cluster.until("it is told", MINUTE, |cluster| {
        cluster.on_node("app", "node1").iter().all(|task| task.status.state == TaskState::Failed)
    });
}

/// Upstream: manager/dispatcher/dispatcher_test.go TestAssignmentsInitialNodeTasks
#[test]
fn an_agent_that_comes_gets_all_that_is_assigned_to_its_node() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 6, "", V1);
    cluster.world("cut-off node1");
    cluster.until("it is missed", MINUTE, |cluster| state(cluster, "node1") == NodeState::Down);
    cluster.until("others took over", MINUTE, |cluster| cluster.running("app") == 6);
    let ghosts = cluster.on_node("app", "node1");
    assert!(ghosts.iter().all(|task| (task.status.state, task.desired) == (TaskState::Running, TaskState::Shutdown)));
    cluster.world("reconnect node1");
    cluster.until("it has stopped them", MINUTE, |cluster| {
        let tasks = cluster.on_node("app", "node1");
        state(cluster, "node1") == NodeState::Ready && tasks.iter().all(|task| task.status.state == TaskState::Shutdown)
    });
    assert_eq!(cluster.running("app"), 6, "nothing moves back");
}

/// Upstream: manager/dispatcher/dispatcher_test.go TestAssignmentsAddingTasks
/// Upstream: manager/dispatcher/dispatcher_test.go TestAssignmentsErrorsIfNoSessionID
#[test]
fn only_an_agent_with_a_session_gets_new_tasks() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "app", "--constraint node.hostname==node1 --replicas 1", V1);
    cluster.until("it runs", MINUTE, |cluster| cluster.running("app") == 1);
    cluster.world("cut-off node1");
    cluster.docker("service scale -d app=2");
    // The node still counts as ready, so it is given the task, and cannot hear of it.
    cluster.until("it is assigned", MINUTE, |cluster| cluster.in_state("app", TaskState::Assigned).len() == 1);
    cluster.pass(3 * SECOND);
    assert_eq!(cluster.in_state("app", TaskState::Assigned).len(), 1);
    cluster.world("reconnect node1");
    cluster.until("it runs as well", MINUTE, |cluster| cluster.running("app") == 2);
}

/// Upstream: manager/dispatcher/dispatcher_test.go TestAssignmentsDependencyUpdateAndDeletion
#[test]
fn what_is_removed_from_the_store_is_removed_from_its_node() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "", V1);
    let containers = |cluster: &mut Cluster| cluster.at("node1", "ps -aq").0.lines().count();
    assert_eq!(containers(&mut cluster), 1);
    cluster.docker("service rm app");
    cluster.until("all are gone", MINUTE, |cluster| cluster.tasks("app").is_empty());
    cluster.pass(SECOND);
    assert_eq!(containers(&mut cluster), 0);
}

/// Upstream: manager/dispatcher/dispatcher_test.go TestTasksStatusChange
/// Upstream: manager/dispatcher/dispatcher_test.go TestOldTasksStatusChange
#[test]
fn a_new_wish_reaches_the_agent_and_its_own_reports_do_not_come_back() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 1, "", V1);
    let task = cluster.tasks("app").remove(0);
    cluster.pass(10 * SECOND);
    assert_eq!(cluster.tasks("app")[0].meta.version, task.meta.version, "nothing is written while nothing happens");
    cluster.docker("service scale -d app=0");
    cluster.until("it has stopped", MINUTE, |cluster| cluster.tasks("app").is_empty());
}

/// Upstream: manager/dispatcher/dispatcher_test.go TestTasksBatch
/// Upstream: manager/dispatcher/dispatcher_test.go TestOldTasksBatch
#[test]
fn changes_that_come_together_are_sent_together() {
    let mut cluster = Cluster::lab();
    // More than one batch holds, on one node.
    create(&mut cluster, "app", "--constraint node.hostname==node1 --replicas 150", V1);
    cluster.until("all run", MINUTE, |cluster| cluster.running("app") == 150);
    let accepted = cluster.on_node("app", "node1");
    assert_eq!(accepted.len(), 150);
    // A task that is gone before it was sent is never heard of.
    cluster.docker("service rm app");
    cluster.until("all are gone", MINUTE, |cluster| cluster.tasks("app").is_empty());
}

/// Upstream: manager/dispatcher/dispatcher_test.go TestTaskUpdate
#[test]
fn reports_are_written_in_a_rhythm_and_never_go_back() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "app", "--replicas 3", V1);
    // The kit's checker sees every step: an observed state that goes back fails the test.
    cluster.until("all run", MINUTE, |cluster| cluster.running("app") == 3);
    for task in cluster.tasks("app") {
        let applied = task.status.applied_at.expect("an agent has reported it");
        assert_eq!(applied % 100, 0, "reports are written every 100 ms");
        assert!(applied >= task.status.timestamp);
    }
}

/// Upstream: manager/dispatcher/dispatcher_test.go TestSession
/// Upstream: manager/dispatcher/dispatcher_test.go TestClusterUpdatesSendMessages
#[test]
fn agents_hear_of_all_managers() {
    let mut cluster = Cluster::lab();
    let known = |cluster: &mut Cluster| cluster.at("node1", "info -f '{{len .Swarm.RemoteManagers}}'").0;
    assert_eq!(known(&mut cluster), "1");
    cluster.docker("node promote node2");
    cluster.pass(5 * SECOND);
    assert_eq!(known(&mut cluster), "2");
    cluster.docker("node demote node2");
    assert_eq!(known(&mut cluster), "1");
}

/// Upstream: manager/dispatcher/dispatcher_test.go TestOldTasks
#[test]
fn tasks_of_a_node_that_is_down_for_a_day_are_orphans() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "", V1);
    let lost = cluster.on_node("app", "node1").remove(0).id;
    cluster.world("power-off node1");
    let task = |cluster: &Cluster| cluster.tasks("app").into_iter().find(|task| task.id == lost).expect("it is kept");
    cluster.pass(24 * HOUR - MINUTE);
    assert_eq!(task(&cluster).status.state, TaskState::Running);
    cluster.pass(2 * MINUTE);
    assert_eq!(task(&cluster).status.state, TaskState::Orphaned);
    assert_eq!(&*task(&cluster).status.message, "started");
}
