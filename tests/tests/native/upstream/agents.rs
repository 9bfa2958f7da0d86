//! The agent: how it takes a task through its states, and what it says of each.

use std::cell::RefCell;

use swarmyard_core::model::TaskState;
use swarmyard_core::time::{MINUTE, Ms, SECOND};

use super::kit::*;

/// What a task was said to be, in order: state, message, error.
type Course = Vec<(TaskState, String, String)>;

/// Creates a service of one task and watches that task for `time`. Reports that come within one rhythm of the manager
/// are not all seen.
fn course(cluster: &mut Cluster, flags: &str, image: &str, time: Ms) -> Course {
    let seen = RefCell::new(Course::new());
    create(cluster, "app", &format!("--replicas 1 --restart-condition none {flags}"), image);
    watch(cluster, time, &seen);
    seen.into_inner()
}

fn watch(cluster: &mut Cluster, time: Ms, seen: &RefCell<Course>) {
    cluster.always("watched", time, |cluster| {
        let Some(task) = cluster.tasks("app").pop() else { return true };
        let now = (task.status.state, task.status.message.to_string(), task.status.err.to_string());
        let mut seen = seen.borrow_mut();
        if seen.last() != Some(&now) {
            seen.push(now);
        }
        true
    });
}

fn words(course: &Course) -> Vec<(TaskState, &str)> {
    course.iter().map(|(state, message, _)| (*state, message.as_str())).collect()
}

/// Whether `course` holds these in this order, with others between them or not.
#[track_caller]
fn passes(course: &Course, expected: &[(TaskState, &str)]) {
    let said = words(course);
    let mut rest = said.iter();
    assert!(expected.iter().all(|step| rest.any(|found| found == step)), "{expected:?} is not part of {said:?}");
}

/// The lab with images that take long, so that every state is seen.
fn slow() -> Cluster {
    let mut scenario = swarmyard_core::scenario::Scenario::lab();
    scenario.pulled = false;
    scenario.latencies.accept_ms = (150, 160);
    scenario.latencies.start_ms = (300, 310);
    Cluster::of(&scenario, 1)
}

/// Upstream: agent/exec/controller_test.go TestResolve
/// Upstream: agent/exec/controller_test.go TestAcceptPrepare
#[test]
fn a_task_is_accepted_and_prepared() {
    let course = course(&mut slow(), "", V1, 5 * SECOND);
    passes(
        &course,
        &[
            (TaskState::Pending, "pending task scheduling"),
            (TaskState::Assigned, "scheduler assigned task to node"),
            (TaskState::Preparing, "preparing"),
            (TaskState::Running, "started"),
        ],
    );
    assert!(course.iter().all(|(_, _, err)| err.is_empty()), "{course:?}");
}

/// Upstream: agent/exec/controller_test.go TestPrepareAlready
#[test]
fn what_is_prepared_waits_until_it_may_start() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 1, "", SLOWSTOP);
    // The new task is prepared while the old one takes its time to stop.
    cluster.docker("service update -d --force app");
    cluster.until("it is prepared", MINUTE, |cluster| {
        cluster.in_state("app", TaskState::Ready).iter().any(|task| &*task.status.message == "prepared")
    });
    cluster.pass(5 * SECOND);
    let ready = cluster.in_state("app", TaskState::Ready);
    assert_eq!((ready.len(), ready[0].desired), (1, TaskState::Ready), "the old one ignores its signal");
    cluster.until("it has started", MINUTE, |cluster| cluster.running("app") == 1);
}

/// Upstream: agent/exec/controller_test.go TestPrepareFailure
#[test]
fn what_cannot_be_prepared_is_rejected_with_the_error() {
    let course = course(&mut Cluster::lab(), "", MISSING, 5 * SECOND);
    let (state, message, err) = course.last().expect("something was seen");
    assert_eq!((*state, message.as_str()), (TaskState::Rejected, "preparing"));
    assert_eq!(err, &format!("No such image: {MISSING}"));
}

/// Upstream: agent/exec/controller_test.go TestReadyRunning
#[test]
fn a_task_starts_runs_and_finishes() {
    let course = course(&mut slow(), "", EXIT0, 10 * SECOND);
    passes(
        &course,
        &[(TaskState::Starting, "starting"), (TaskState::Running, "started"), (TaskState::Complete, "finished")],
    );
    assert_eq!(course.last().expect("something was seen").2, "");
}

/// Upstream: agent/exec/controller_test.go TestReadyRunningExitFailure
#[test]
fn a_program_that_ends_badly_has_failed_in_the_state_it_was_in() {
    let course = course(&mut slow(), "", CRASH3, 10 * SECOND);
    passes(&course, &[(TaskState::Running, "started"), (TaskState::Failed, "started")]);
    assert_eq!(course.last().expect("something was seen").2, "task: non-zero exit (1)");
}

/// Upstream: agent/exec/controller_test.go TestAlreadyStarted
#[test]
fn what_runs_is_not_started_again() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "", V1);
    let before = cluster.on_node("app", "node1").remove(0);
    let containers = |cluster: &mut Cluster| cluster.at("node1", "ps -q").0;
    let running = containers(&mut cluster);
    // The agent registers anew and is given the same task once more.
    cluster.world("cut-off node1");
    cluster.pass(2 * SECOND);
    cluster.world("reconnect node1");
    cluster.pass(10 * SECOND);
    let after = cluster.on_node("app", "node1").remove(0);
    assert_eq!(
        (after.id, after.status.state, after.status.timestamp),
        (before.id, TaskState::Running, before.status.timestamp)
    );
    assert_eq!(containers(&mut cluster), running);
}

/// Upstream: agent/exec/controller_test.go TestShutdown
#[test]
fn a_task_that_is_to_stop_is_shut_down_without_error() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 1, "", V1);
    let old = cluster.tasks("app").remove(0).id;
    cluster.docker("service update -d --force app");
    let stopped = |cluster: &Cluster| cluster.tasks("app").into_iter().find(|task| task.id == old).expect("it is kept");
    cluster.until("it has stopped", MINUTE, |cluster| stopped(cluster).status.state == TaskState::Shutdown);
    let status = stopped(&cluster).status.clone();
    assert_eq!((&*status.message, &*status.err), ("shutdown", ""));
}

/// Upstream: agent/exec/controller_test.go TestDesiredStateRemove
#[test]
fn a_task_that_is_to_be_removed_is_shut_down_first() {
    let mut cluster = Cluster::lab();
    let seen = RefCell::new(Course::new());
    created(&mut cluster, "app", 1, "", V1);
    cluster.docker("service rm app");
    assert_eq!(cluster.tasks("app")[0].desired, TaskState::Remove);
    watch(&mut cluster, 10 * SECOND, &seen);
    passes(&seen.into_inner(), &[(TaskState::Running, "started"), (TaskState::Shutdown, "shutdown")]);
    assert!(cluster.tasks("app").is_empty());
}

/// Upstream: agent/exec/controller_test.go TestDesiredStateRemoveOnlyNonterminal
#[test]
fn what_has_ended_keeps_its_end_when_it_is_to_be_removed() {
    let mut cluster = Cluster::lab();
    let seen = RefCell::new(Course::new());
    create(&mut cluster, "app", "--replicas 1 --restart-condition none", CRASH);
    cluster.until("it has failed", MINUTE, |cluster| cluster.in_state("app", TaskState::Failed).len() == 1);
    cluster.docker("service rm app");
    watch(&mut cluster, 10 * SECOND, &seen);
    assert!(words(&seen.into_inner()).iter().all(|(state, _)| *state == TaskState::Failed));
    assert!(cluster.tasks("app").is_empty());
}

/// Models: moby daemon/cluster/executor/container/controller.go, Start, which looks at the container first.
#[test]
fn a_container_that_is_taken_away_before_it_starts_is_missed() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "app", "--replicas 1 --restart-condition none", V1);
    cluster.until("it starts", MINUTE, |cluster| cluster.tasks("app")[0].status.state == TaskState::Starting);
    let task = cluster.tasks("app").remove(0);
    let node = ["manager", "node1", "node2"].into_iter().find(|node| Some(cluster.node(node).id) == task.node);
    let node = node.expect("it is on one of them");
    let (said, exit) = cluster.line_at(node, "docker rm $(docker ps -aq --filter status=created)");
    assert_eq!((said.len(), exit), (12, 0), "{said}");
    cluster.until("it is missed", MINUTE, |cluster| cluster.tasks("app")[0].terminal());
    let task = cluster.tasks("app").remove(0);
    assert_eq!(task.status.state, TaskState::Failed);
    assert_eq!(*task.status.err, format!("No such container: app.1.{}", task.id));
    cluster.pass(MINUTE);
    assert_eq!(cluster.running("app"), 0);
}
