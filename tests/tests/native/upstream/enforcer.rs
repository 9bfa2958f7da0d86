//! The constraint enforcer.

use swarmyard_core::model::TaskState;
use swarmyard_core::time::{MINUTE, SECOND};

use super::kit::*;

/// A service of two tasks, on node1 and node2, that wants nodes labelled zone=a.
fn in_zone(flags: &str) -> Cluster {
    let mut cluster = Cluster::lab();
    for node in ["node1", "node2"] {
        cluster.docker(&format!("node update --label-add zone=a {node}"));
    }
    created(&mut cluster, "app", 2, &format!("--constraint node.labels.zone==a {flags}"), V1);
    cluster
}

/// Upstream: swarmkit manager/orchestrator/constraintenforcer/constraint_enforcer_test.go TestConstraintEnforcer
#[test]
fn a_task_whose_node_no_longer_meets_the_constraints_is_rejected_and_replaced() {
    let mut cluster = in_zone("");
    cluster.docker("node update --label-rm zone node1");
    let rejected = cluster.in_state("app", TaskState::Rejected);
    assert_eq!(rejected.len(), 1);
    assert_eq!(&*rejected[0].status.message, "task rejected by constraint enforcer");
    assert_eq!(&*rejected[0].status.err, "assigned node no longer meets constraints");
    let took = cluster.until("it runs elsewhere", MINUTE, |cluster| cluster.running("app") == 2);
    assert!(took >= 5 * SECOND, "after the restart delay: {took} ms");
    assert_eq!(cluster.on_node("app", "node2").iter().filter(|task| runs(task)).count(), 2);
}

/// Upstream: swarmkit manager/orchestrator/constraintenforcer/constraint_enforcer_test.go TestConstraintEnforcer
#[test]
fn a_node_that_is_paused_or_drained_is_not_looked_at() {
    let mut cluster = in_zone("");
    cluster.docker("node update --availability pause node1");
    cluster.docker("node update --label-rm zone node1");
    cluster.always("both run", 10 * SECOND, |cluster| cluster.running("app") == 2);
    cluster.docker("node update --availability active node1");
    assert_eq!(cluster.in_state("app", TaskState::Rejected).len(), 1);
}

/// Upstream: swarmkit manager/orchestrator/constraintenforcer/constraint_enforcer_test.go TestOutdatedTaskPlacementConstraints
#[test]
fn the_services_constraints_count_not_those_that_its_tasks_were_made_with() {
    let mut cluster = in_zone("");
    // The tasks stay: their nodes meet the new constraints. Their own say nothing of the role.
    cluster.docker("service update -d --constraint-rm node.labels.zone==a --constraint-add node.role==worker app");
    cluster.pass(5 * SECOND);
    let tasks = cluster.wanted("app");
    assert!(tasks.iter().all(|task| task.spec.placement.as_ref().is_some_and(|p| p.constraints[0].contains("zone"))));
    cluster.docker("node update --label-rm zone node1");
    cluster.always("both run", 5 * SECOND, |cluster| cluster.running("app") == 2);
}

/// Upstream: swarmkit manager/orchestrator/constraintenforcer/constraint_enforcer_test.go TestRejectNoncompliantTasksIgnoresCompletedJobTasksInReservations
#[test]
fn what_ended_long_ago_takes_no_room_that_the_enforcer_counts() {
    let mut cluster = Cluster::lab();
    let here = "--constraint node.hostname==node1 --reserve-cpu 2";
    create(&mut cluster, "job", &format!("--mode replicated-job {here}"), EXIT0);
    cluster.until("it has ended", 10 * SECOND, |cluster| cluster.in_state("job", TaskState::Complete).len() == 1);
    created(&mut cluster, "app", 1, here, V1);
    cluster.docker("node update --label-add any=thing node1");
    cluster.always("it runs", 5 * SECOND, |cluster| cluster.running("app") == 1);
    assert!(cluster.in_state("job", TaskState::Rejected).is_empty());
}
