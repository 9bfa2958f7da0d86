//! When a task is outdated, and what becomes of old tasks: the helpers of all orchestrators, and the task reaper.

use swarmyard_core::model::{Mode, TaskState, UpdateState};
use swarmyard_core::time::{MINUTE, SECOND};

use super::kit::*;

/// Whether `flags` of `docker service update` replace the tasks of a service that runs on a node labelled zone=a.
fn replaces(flags: &str) -> bool {
    let mut cluster = Cluster::lab();
    cluster.docker("node update --label-add zone=a node1");
    created(&mut cluster, "app", 1, "--constraint node.labels.zone==a", V1);
    let before = cluster.wanted("app")[0].id;
    cluster.docker(&format!("service update -d {flags} app"));
    cluster.pass(8 * SECOND);
    let replaced = cluster.wanted("app").iter().all(|task| task.id != before);
    let updated = matches!(cluster.update_state("app"), Some(UpdateState::Updating | UpdateState::Completed));
    assert_eq!(replaced, updated, "{flags}: an update has a status where it replaces something");
    replaced
}

/// Upstream: swarmkit manager/orchestrator/task_test.go TestIsTaskDirty
#[test]
fn a_task_is_outdated_where_its_spec_or_its_ports_differ() {
    for flags in [
        &format!("--image {V2}"),
        "--env-add A=1",
        "--args 'sleep 1'",
        "--force",
        "--restart-max-attempts 3",
        "--container-label-add a=b",
        "--reserve-memory 10M",
        "--stop-grace-period 20s",
        "--hostname h",
        "--publish-add 8080:8000",
        "--endpoint-mode dnsrr",
    ] {
        assert!(replaces(flags), "{flags}");
    }
    for flags in [
        "",
        "--label-add a=b",
        "--replicas 1",
        "--update-delay 3s",
        "--rollback-parallelism 2",
        "--update-failure-action continue",
    ] {
        assert!(!replaces(flags), "{flags}");
    }
}

/// Upstream: swarmkit manager/orchestrator/task_test.go TestIsTaskDirtyPlacementConstraintsOnly
#[test]
fn placement_alone_makes_no_task_outdated_while_its_node_still_meets_the_constraints() {
    for flags in [
        "--constraint-add node.role==worker",
        "--constraint-rm node.labels.zone==a",
        "--replicas-max-per-node 2",
        "--placement-pref-add spread=node.labels.zone",
    ] {
        assert!(!replaces(flags), "{flags}");
    }
    // An unmet constraint, or placement together with something else, does.
    assert!(replaces("--constraint-rm node.labels.zone==a --constraint-add node.labels.zone!=a"));
    assert!(replaces("--constraint-add node.role==worker --env-add A=1"));
}

/// Upstream: swarmkit manager/orchestrator/service_test.go TestIsReplicatedJob
/// Upstream: swarmkit manager/orchestrator/service_test.go TestIsGlobalJob
#[test]
fn each_mode_is_the_business_of_one_orchestrator() {
    let mut cluster = Cluster::lab();
    for (mode, wanted) in [("replicated", 1), ("global", 3), ("replicated-job", 1), ("global-job", 3)] {
        create(&mut cluster, mode, &format!("--mode {mode}"), EXIT0);
        assert_eq!(cluster.tasks(mode).len(), wanted, "{mode}");
        let service = cluster.service(mode);
        assert_eq!(service.spec.mode.is_job(), mode.ends_with("job"));
        assert_eq!(service.job_status.is_some(), mode.ends_with("job"));
        assert_eq!(matches!(service.spec.mode, Mode::Replicated { .. }), mode == "replicated");
        let desired = if mode.ends_with("job") { TaskState::Complete } else { TaskState::Running };
        assert!(cluster.tasks(mode).iter().all(|task| task.desired == desired), "{mode}");
    }
}

/// Upstream: swarmkit manager/orchestrator/taskreaper/task_reaper_test.go TestTaskHistory
#[test]
fn a_slot_keeps_as_many_tasks_as_the_limit_says_the_live_one_counted() {
    for (limit, kept) in [(2, 2), (5, 5), (0, 1), (1, 1)] {
        let mut cluster = Cluster::lab();
        cluster.docker(&format!("swarm update --task-history-limit {limit}"));
        create(&mut cluster, "app", "--replicas 2 --restart-delay 1s", CRASH);
        cluster.pass(MINUTE);
        for slot in [1, 2] {
            let of_slot = |cluster: &Cluster| {
                cluster.tasks("app").into_iter().filter(|task| task.slot == slot).collect::<Vec<_>>()
            };
            cluster.until("it runs", 10 * SECOND, |c| of_slot(c)[0].status.state == TaskState::Running);
            assert_eq!(of_slot(&cluster).len(), kept, "limit {limit}");
        }
    }
}

/// Upstream: swarmkit manager/orchestrator/taskreaper/task_reaper_test.go TestTaskStateRemoveOnScaledown
#[test]
fn a_slot_that_is_scaled_away_goes_when_its_task_has_stopped() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 2, "--stop-grace-period 8s", SLOWSTOP);
    cluster.docker("service scale -d app=1");
    let gone = |cluster: &Cluster| cluster.tasks("app").iter().all(|task| task.desired == TaskState::Running);
    cluster.always("it is there, to be removed", 8 * SECOND, |cluster| {
        cluster.tasks("app").iter().any(|task| task.desired == TaskState::Remove)
    });
    cluster.until("it is gone", 3 * SECOND, gone);
    assert_eq!(cluster.tasks("app").len(), 1);
}

/// Upstream: swarmkit manager/orchestrator/taskreaper/task_reaper_test.go TestTaskStateRemoveOnServiceRemoval
#[test]
fn tasks_of_a_removed_service_go_when_they_have_stopped() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 2, "--stop-grace-period 8s", SLOWSTOP);
    cluster.docker("service rm app");
    cluster.always("they are there, to be removed", 8 * SECOND, |cluster| {
        cluster.tasks("app").iter().filter(|task| task.desired == TaskState::Remove).count() == 2
    });
    cluster.until("they are gone", 3 * SECOND, |cluster| cluster.tasks("app").is_empty());
}

/// Upstream: swarmkit manager/orchestrator/taskreaper/task_reaper_test.go TestServiceRemoveDeadTasks
#[test]
fn what_had_ended_before_goes_with_its_service() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "app", "--replicas 2 --restart-condition none", EXIT0);
    cluster.until("both have ended", 10 * SECOND, |c| c.in_state("app", TaskState::Complete).len() == 2);
    cluster.always("they stay", MINUTE, |cluster| cluster.tasks("app").len() == 2);
    cluster.docker("service rm app");
    cluster.until("they are gone", SECOND, |cluster| cluster.tasks("app").is_empty());
}

/// Upstream: swarmkit manager/orchestrator/taskreaper/task_reaper_test.go TestServiceRemoveUnassignedTasks
#[test]
fn a_task_that_never_found_a_node_goes_when_it_is_replaced() {
    let mut cluster = Cluster::lab();
    cluster.docker("swarm update --task-history-limit 1");
    create(&mut cluster, "app", "--constraint node.labels.nowhere==1", V1);
    cluster.pass(5 * SECOND);
    let pending = cluster.tasks("app")[0].id;
    assert_eq!(cluster.tasks("app")[0].status.state, TaskState::Pending);
    cluster.docker("service update -d --constraint-rm node.labels.nowhere==1 --force app");
    cluster.until("another runs", 10 * SECOND, |cluster| cluster.running("app") == 1);
    cluster.pass(SECOND);
    assert!(cluster.tasks("app").iter().all(|task| task.id != pending));
}

/// Upstream: swarmkit manager/orchestrator/taskreaper/task_reaper_test.go TestTaskReaperBatching
#[test]
fn history_is_cleaned_up_a_quarter_of_a_second_later_or_at_once_when_there_is_much() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "app", "--replicas 3 --constraint node.labels.nowhere==1", V1);
    create(&mut cluster, "many", "--replicas 1001 --constraint node.labels.nowhere==1", V1);
    cluster.pass(5 * SECOND);
    let began = cluster.now();
    cluster.docker("service rm app");
    let took = cluster.until("three are gone", SECOND, |cluster| cluster.tasks("app").is_empty());
    assert_eq!(took, 250);
    cluster.docker("service rm many");
    // That many are written in six transactions.
    cluster.pass(10);
    assert!(cluster.tasks("many").len() <= 1, "of a thousand and one the last may wait");
    assert!(cluster.now() - began < SECOND);
}
