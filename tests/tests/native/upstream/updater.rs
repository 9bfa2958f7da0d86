//! The updater.

use swarmyard_core::model::{TaskState, UpdateState};
use swarmyard_core::time::{MINUTE, SECOND};

use super::kit::*;

/// Upstream: swarmkit manager/orchestrator/update/updater_test.go TestUpdater
#[test]
fn every_slot_gets_the_new_image_whatever_parallelism_delay_and_order() {
    for flags in [
        "",
        "--update-parallelism 1 --update-monitor 1s",
        "--update-parallelism 1 --update-order start-first --update-delay 1s --update-monitor 1s",
        "--update-parallelism 0 --update-order stop-first",
        "--update-parallelism 2 --update-delay 2s",
    ] {
        let mut cluster = Cluster::lab();
        created(&mut cluster, "app", 3, flags, V1);
        cluster.docker(&format!("service update -d --image {V2} app"));
        cluster.until("it is completed", MINUTE, |c| c.update_state("app") == Some(UpdateState::Completed));
        assert_eq!(cluster.running_image("app", V2), 3, "{flags}");
        assert_eq!(cluster.wanted("app").len(), 3, "{flags}");
    }
}

/// Upstream: swarmkit manager/orchestrator/update/updater_test.go TestUpdater
#[test]
fn a_log_driver_replaces_tasks_and_a_label_of_the_service_does_not() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "", V1);
    let before: Vec<_> = cluster.wanted("app").iter().map(|task| task.id).collect();
    cluster.docker("service update -d --label-add tier=web app");
    cluster.pass(10 * SECOND);
    assert_eq!(cluster.wanted("app").iter().map(|task| task.id).collect::<Vec<_>>(), before);
    assert_eq!(cluster.update_state("app"), None, "nothing was dirty, so there is no update");

    cluster.docker("service update -d --log-driver local app");
    cluster.until("it is completed", MINUTE, |c| c.update_state("app") == Some(UpdateState::Completed));
    let after = cluster.wanted("app");
    assert!(after.iter().all(|task| !before.contains(&task.id)));
    let driver = |task: &swarmyard_core::model::Task| task.spec.log_driver.as_ref().map(|driver| driver.name.clone());
    assert!(after.iter().all(|task| driver(task).as_deref() == Some("local")));
}

/// Upstream: swarmkit manager/orchestrator/update/updater_test.go TestUpdaterPlacement
#[test]
fn a_placement_that_the_nodes_still_meet_replaces_nothing() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "", V1);
    let before: Vec<_> = cluster.wanted("app").iter().map(|task| task.id).collect();
    cluster
        .docker("service update -d --constraint-add node.platform.os==linux --placement-pref-add spread=node.id app");
    cluster.always("the same tasks run", 10 * SECOND, |cluster| {
        cluster.wanted("app").iter().map(|task| task.id).eq(before.iter().copied())
    });
    assert_eq!(cluster.update_state("app"), None);
}

/// Upstream: swarmkit manager/orchestrator/update/updater_test.go TestUpdaterFailureAction
#[test]
fn a_failure_pauses_after_one_slot_and_continue_takes_all_though_they_fail() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "--update-failure-action pause --update-monitor 2s", V1);
    cluster.docker(&format!("service update -d --image {MISSING} app"));
    cluster.until("it is paused", MINUTE, |c| c.update_state("app") == Some(UpdateState::Paused));
    let touched = |c: &Cluster| c.wanted("app").iter().filter(|task| has_image(task, MISSING)).count();
    assert_eq!(touched(&cluster), 1);
    // Nothing goes on by itself, whatever else makes the orchestrator look at the service.
    let old = cluster.tasks("app").into_iter().find(|task| runs(task)).expect("two still run");
    cluster.world(&format!("crash-task {}", old.id));
    cluster.always("it stays paused", 20 * SECOND, |c| c.update_state("app") == Some(UpdateState::Paused));
    // The one that crashed came back with the new spec; the third slot is untouched.
    assert_eq!((touched(&cluster), cluster.running_image("app", V1)), (2, 1));

    cluster.docker("service update -d --update-failure-action continue app");
    cluster.until("all slots are taken", MINUTE, |c| touched(c) == 3);
    cluster.until("it is completed", MINUTE, |c| c.update_state("app") == Some(UpdateState::Completed));
    assert_eq!(cluster.running("app"), 0);
}

/// Upstream: swarmkit manager/orchestrator/update/updater_test.go TestUpdaterTaskTimeout
#[test]
fn an_old_task_that_does_not_stop_delays_its_successor_for_a_minute_only() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 1, "--stop-grace-period 1h", SLOWSTOP);
    cluster.docker(&format!("service update -d --image {V1} app"));
    cluster.until("the new one is ready", 5 * SECOND, |c| !c.in_state("app", TaskState::Ready).is_empty());
    let took = cluster.until("the new one runs", 2 * MINUTE, |c| c.running_image("app", V1) == 1);
    assert!((59 * SECOND..62 * SECOND).contains(&took), "{took} ms");
    let old = cluster.in_state("app", TaskState::Running).into_iter().find(|task| has_image(task, SLOWSTOP));
    assert_eq!(old.expect("it has an hour to stop").desired, TaskState::Shutdown);
}

/// Upstream: swarmkit manager/orchestrator/update/updater_test.go TestUpdaterOrder
#[test]
fn with_start_first_old_and_new_stand_side_by_side_while_the_old_take_an_hour_to_stop() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "--update-order start-first --stop-grace-period 1h", SLOWSTOP);
    cluster.docker(&format!("service update -d --image {V1} app"));
    cluster.until("it is completed", MINUTE, |c| c.update_state("app") == Some(UpdateState::Completed));
    let tasks = cluster.in_state("app", TaskState::Running);
    assert_eq!(tasks.len(), 6);
    for task in tasks {
        let desired = if has_image(&task, SLOWSTOP) { TaskState::Shutdown } else { TaskState::Running };
        assert_eq!(task.desired, desired);
    }
}
