//! The restart supervisor: conditions, delay, attempts and window.

use swarmyard_core::model::TaskState;
use swarmyard_core::time::{MINUTE, SECOND};

use super::kit::*;

/// A service of two tasks, and one task that has crashed and another that has ended well.
fn failed_and_completed(condition: &str) -> Cluster {
    let mut cluster = Cluster::with_image(|behaviour| behaviour.exits = Some((30 * SECOND, 0)));
    let flags = format!("--restart-condition {condition} --restart-delay 2s");
    created(&mut cluster, "app", 2, &flags, "test/image");
    cluster.world("crash-task app.1");
    cluster.until("one has failed", SECOND, |cluster| cluster.in_state("app", TaskState::Failed).len() == 1);
    cluster
}

/// How many tasks ever stood in a slot.
fn links(cluster: &Cluster, slot: u64) -> usize {
    cluster.tasks("app").iter().filter(|task| task.slot == slot).count()
}

/// Upstream: swarmkit manager/orchestrator/replicated/restart_test.go TestOrchestratorRestartOnAny
#[test]
fn with_any_what_failed_and_what_completed_is_restarted() {
    let mut cluster = failed_and_completed("any");
    assert_eq!(links(&cluster, 1), 2);
    cluster.until("the other ends well", MINUTE, |cluster| !cluster.in_state("app", TaskState::Complete).is_empty());
    assert_eq!(links(&cluster, 2), 2);
    cluster.until("both run again", MINUTE, |cluster| cluster.running("app") == 2);
}

/// Upstream: swarmkit manager/orchestrator/replicated/restart_test.go TestOrchestratorRestartOnFailure
#[test]
fn with_on_failure_what_completed_rests_until_its_spec_changes() {
    let mut cluster = failed_and_completed("on-failure");
    assert_eq!(links(&cluster, 1), 2);
    cluster.until("the other ends well", MINUTE, |cluster| {
        cluster.tasks("app").iter().any(|task| task.slot == 2 && task.status.state == TaskState::Complete)
    });
    cluster.docker("service update -d --label-add a=b app");
    cluster.pass(20 * SECOND);
    assert_eq!(links(&cluster, 2), 1, "an update that changes no task does not revive it");
    cluster.docker("service update -d --env-add A=1 app");
    cluster.until("both slots are at work", MINUTE, |cluster| cluster.wanted("app").len() == 2);
    assert_eq!(links(&cluster, 2), 2);
}

/// Upstream: swarmkit manager/orchestrator/replicated/restart_test.go TestOrchestratorRestartOnNone
#[test]
fn with_none_nothing_is_restarted_until_its_spec_changes() {
    let mut cluster = failed_and_completed("none");
    cluster.until("both have ended", MINUTE, |cluster| cluster.wanted("app").is_empty());
    cluster.docker("service update -d --label-add a=b app");
    cluster.pass(20 * SECOND);
    assert_eq!((links(&cluster, 1), links(&cluster, 2)), (1, 1));
    cluster.docker("service update -d --env-add A=1 app");
    cluster.until("both run again", MINUTE, |cluster| cluster.running("app") == 2);
    assert_eq!((links(&cluster, 1), links(&cluster, 2)), (2, 2));
}

/// Upstream: swarmkit manager/orchestrator/replicated/restart_test.go TestOrchestratorRestartDelay
#[test]
fn the_replacement_is_there_at_once_and_runs_after_the_delay() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 2, "--restart-delay 7s", V1);
    cluster.world("crash-task app.2");
    cluster.until("it has failed", SECOND, |cluster| cluster.in_state("app", TaskState::Failed).len() == 1);
    let new = cluster.wanted("app").remove(1);
    assert_eq!((new.slot, new.desired), (2, TaskState::Ready));
    let took = cluster.until("it may start", MINUTE, |c| c.wanted("app")[1].desired == TaskState::Running);
    assert_eq!(took, 7 * SECOND);
    assert_eq!(cluster.wanted("app")[1].status.state, TaskState::Ready, "it was prepared meanwhile");
}

/// Upstream: swarmkit manager/orchestrator/replicated/restart_test.go TestOrchestratorRestartMaxAttempts
#[test]
fn the_limit_of_attempts_holds_for_each_slot_and_a_new_spec_begins_anew() {
    let mut cluster = Cluster::lab();
    let flags = "--replicas 2 --restart-condition any --restart-delay 100ms --restart-max-attempts 2";
    create(&mut cluster, "app", flags, CRASH);
    cluster.pass(20 * SECOND);
    assert_eq!((links(&cluster, 1), links(&cluster, 2)), (3, 3), "one, and two attempts more");
    assert!(cluster.wanted("app").is_empty());

    cluster.docker("service update -d --update-failure-action continue --env-add A=1 app");
    cluster.pass(30 * SECOND);
    let renewed = |slot| {
        let of_slot = |task: &&std::rc::Rc<swarmyard_core::model::Task>| task.slot == slot;
        let tasks = cluster.tasks("app");
        let count = tasks.iter().filter(of_slot).filter(|task| !task.spec.container.env.is_empty()).count();
        (count, tasks.iter().filter(of_slot).count())
    };
    assert_eq!(renewed(1), (3, 3), "the history keeps one task more than there are attempts");
    assert_eq!(renewed(2), (3, 3));
    assert!(cluster.wanted("app").is_empty());
}

/// Upstream: swarmkit manager/orchestrator/replicated/restart_test.go TestOrchestratorRestartWindow
#[test]
fn attempts_older_than_the_window_do_not_count() {
    // A task lives for 3 s and waits for 1 s: in 6 s there is room for one attempt that counts, in an hour for all.
    let mut cluster = Cluster::lab();
    let flags = "--restart-condition any --restart-delay 1s --restart-max-attempts 2 --restart-window";
    create(&mut cluster, "app", &format!("{flags} 6s"), CRASH3);
    create(&mut cluster, "tight", &format!("{flags} 1h"), CRASH3);
    cluster.pass(MINUTE);
    assert_eq!(cluster.wanted("app").len(), 1, "it is restarted for ever");
    assert!(cluster.wanted("tight").is_empty());
    assert_eq!(cluster.tasks("tight").len(), 3);
}
