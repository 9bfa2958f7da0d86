//! Jobs, replicated and global.

use std::rc::Rc;

use swarmyard_core::model::{Task, TaskState};
use swarmyard_core::time::{MINUTE, SECOND};

use super::kit::*;

const JOB: &str = "--mode replicated-job";

fn slots(tasks: &[Rc<Task>]) -> Vec<u64> {
    tasks.iter().map(|task| task.slot).collect()
}

fn completed(cluster: &Cluster, service: &str) -> usize {
    cluster.in_state(service, TaskState::Complete).len()
}

/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should create MaxConcurrent number of tasks
/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should assign each task to a unique slot
/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should set the desired state of each task to COMPLETE
/// Upstream: swarmkit manager/orchestrator/jobs/orchestrator_controlapi_integration_test.go should create the requisite tasks for a new replicated job
#[test]
fn so_many_at_once_each_in_a_slot_of_its_own() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "job", &format!("{JOB} --replicas 5 --max-concurrent 2"), EXIT0);
    assert_eq!(slots(&cluster.tasks("job")), [0, 1], "slots of jobs begin at 0");
    assert!(cluster.tasks("job").iter().all(|task| task.desired == TaskState::Complete));
}

/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should create only the number of tasks needed to reach MaxConcurrent
/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should assign each new task to a unique slot
/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should not reuse slot numbers
/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should create no more than the tasks needed to reach TotalCompletions
/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should give each new task a unique slot
/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should create no tasks
/// Upstream: swarmkit manager/orchestrator/jobs/orchestrator_test.go should reconcile the service of a task that has entered a terminal state
#[test]
fn as_one_ends_the_next_begins_until_all_have_ended_well() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "job", &format!("{JOB} --replicas 5 --max-concurrent 2"), EXIT0);
    while completed(&cluster, "job") < 5 {
        let done = completed(&cluster, "job");
        let tasks = cluster.tasks("job");
        assert_eq!(slots(&tasks), (0..tasks.len() as u64).collect::<Vec<_>>());
        assert_eq!(tasks.len(), (done + 2).min(5), "two at work, and never more than are needed");
        cluster.until("one more ends", 10 * SECOND, |cluster| completed(cluster, "job") > done);
    }
    cluster.always("nothing more comes", MINUTE, |cluster| cluster.tasks("job").len() == 5);
}

/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should not replace the failing tasks
/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should call Restart for each failing task
/// Upstream: swarmkit manager/orchestrator/jobs/orchestrator_test.go should ignore tasks that are not in a terminal state
#[test]
fn what_fails_keeps_its_slot_and_is_restarted_there() {
    let mut cluster = Cluster::lab();
    let flags = format!("{JOB} --replicas 3 --max-concurrent 2 --restart-delay 2s");
    create(&mut cluster, "job", &flags, CRASH);
    cluster.until("both have failed", 10 * SECOND, |cluster| cluster.in_state("job", TaskState::Failed).len() == 2);
    assert_eq!(slots(&cluster.tasks("job")), [0, 0, 1, 1], "the third must wait");
    let ready: Vec<_> = cluster.tasks("job").into_iter().filter(|task| task.desired == TaskState::Ready).collect();
    assert_eq!(slots(&ready), [0, 1]);
    cluster.until("one starts again", 5 * SECOND, |cluster| {
        cluster.tasks("job").iter().any(|task| task.desired == TaskState::Complete && task.id == ready[0].id)
    });
}

/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should ignore tasks shutting down when creating new ones
/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should reuse slots numbers
#[test]
fn what_will_not_be_restarted_leaves_its_slot_to_another() {
    let mut cluster = Cluster::with_image(|behaviour| behaviour.exits = Some((MINUTE, 1)));
    create(&mut cluster, "job", &format!("{JOB} --replicas 2 --restart-condition none"), "test/image");
    cluster.until("both run", 10 * SECOND, |cluster| cluster.in_state("job", TaskState::Running).len() == 2);
    let ids: Vec<_> = cluster.tasks("job").iter().map(|task| task.id).collect();
    cluster.world(&format!("crash-task {}", ids[0]));
    cluster.until("it has failed", SECOND, |cluster| cluster.in_state("job", TaskState::Failed).len() == 1);
    assert_eq!(cluster.tasks("job")[0].desired, TaskState::Shutdown);
    cluster.always("nobody looks again", 10 * SECOND, |cluster| cluster.tasks("job").len() == 2);
    // The next look at the job sees the slot free: Swarm itself runs such a job again and again then.
    cluster.world(&format!("crash-task {}", ids[1]));
    cluster.until("it has failed", SECOND, |cluster| cluster.in_state("job", TaskState::Failed).len() == 2);
    assert_eq!(slots(&cluster.tasks("job")), [0, 0, 1]);
}

/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should remove all tasks belonging to the previous service iteration
/// Upstream: swarmkit manager/orchestrator/jobs/replicated/reconciler_test.go should create new tasks with the new JobIteration
#[test]
fn every_update_is_a_new_iteration_and_what_the_old_one_still_does_is_removed() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "job", &format!("{JOB} --replicas 2 --max-concurrent 1"), EXIT0);
    cluster.until("one has ended", 10 * SECOND, |cluster| completed(cluster, "job") == 1);
    let iteration = |cluster: &Cluster| cluster.service("job").job_status.expect("it is a job").iteration;
    let before = iteration(&cluster);
    cluster.docker("service update -d --label-add a=b job");
    assert_eq!(iteration(&cluster), before + 1, "even one that changes no task");
    let of = |cluster: &Cluster, iteration: u64| {
        cluster.tasks("job").into_iter().filter(|task| task.job_iteration == Some(iteration)).collect::<Vec<_>>()
    };
    let old = of(&cluster, before);
    assert!(old.iter().all(|task| (task.status.state == TaskState::Complete) != (task.desired == TaskState::Remove)));
    assert_eq!(slots(&of(&cluster, before + 1)), [0]);
    cluster.until("the new iteration is done", MINUTE, |c| {
        of(c, before + 1).iter().filter(|task| task.status.state == TaskState::Complete).count() == 2
    });
    assert_eq!(of(&cluster, before).len(), 1, "what had ended well stays in the list");
}

/// Upstream: swarmkit manager/orchestrator/jobs/orchestrator_restart_test.go should not restart tasks if the Condition is RestartOnNone
#[test]
fn with_none_a_job_that_fails_stays_failed() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "job", &format!("{JOB} --restart-condition none"), CRASH);
    cluster.pass(MINUTE);
    assert_eq!((cluster.tasks("job").len(), cluster.in_state("job", TaskState::Failed).len()), (1, 1));
}

/// Upstream: swarmkit manager/orchestrator/jobs/orchestrator_restart_test.go should only restart tasks MaxAttempt times
#[test]
fn three_attempts_make_four_tasks() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "job", &format!("{JOB} --restart-delay 100ms --restart-max-attempts 3"), CRASH);
    cluster.pass(MINUTE);
    assert_eq!((cluster.tasks("job").len(), cluster.in_state("job", TaskState::Failed).len()), (4, 4));
}

/// Upstream: swarmkit manager/orchestrator/jobs/global/reconciler_test.go should create a task for each node
/// Upstream: swarmkit manager/orchestrator/jobs/global/reconciler_test.go should set the desired state of each new task to COMPLETE
/// Upstream: swarmkit manager/orchestrator/jobs/global/reconciler_test.go should create no tasks
#[test]
fn a_global_job_runs_once_on_every_node() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "job", "--mode global-job", EXIT0);
    for node in ["manager", "node1", "node2"] {
        let tasks = cluster.on_node("job", node);
        assert_eq!((tasks.len(), tasks[0].desired), (1, TaskState::Complete));
    }
    cluster.until("all have ended", 10 * SECOND, |cluster| completed(cluster, "job") == 3);
    cluster.always("nothing more comes", MINUTE, |cluster| cluster.tasks("job").len() == 3);
}

/// Upstream: swarmkit manager/orchestrator/jobs/global/reconciler_test.go should only create tasks on nodes matching the constraints
/// Upstream: swarmkit manager/orchestrator/jobs/global/reconciler_test.go should not create tasks for those nodes
/// Upstream: swarmkit manager/orchestrator/jobs/global/reconciler_test.go should not create tasks for that node
#[test]
fn a_global_job_leaves_out_nodes_that_do_not_match_or_are_not_ready_and_active() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "workers", "--mode global-job --constraint node.role==worker", EXIT0);
    assert!(cluster.on_node("workers", "manager").is_empty());
    assert_eq!(cluster.tasks("workers").len(), 2);
    cluster.docker("node update --availability drain node1");
    cluster.docker("node update --availability pause node2");
    create(&mut cluster, "job", "--mode global-job", EXIT0);
    assert_eq!(cluster.tasks("job").len(), 1);
    assert_eq!(cluster.on_node("job", "manager").len(), 1);
}

/// Upstream: swarmkit manager/orchestrator/jobs/global/reconciler_test.go should only create tasks for nodes that need them
/// Upstream: swarmkit manager/orchestrator/jobs/global/reconciler_test.go should not replace the failing tasks
/// Upstream: swarmkit manager/orchestrator/jobs/global/reconciler_test.go should call the restartSupervisor with the failed task
#[test]
fn a_global_job_restarts_what_fails_on_the_same_node() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "job", "--mode global-job --restart-delay 1h", CRASH);
    cluster.until("all have failed", 10 * SECOND, |cluster| cluster.in_state("job", TaskState::Failed).len() == 3);
    for node in ["manager", "node1", "node2"] {
        let tasks = cluster.on_node("job", node);
        let desired: Vec<_> = tasks.iter().map(|task| task.desired).collect();
        assert_eq!(desired, [TaskState::Ready, TaskState::Shutdown]);
    }
}

/// Upstream: swarmkit manager/orchestrator/jobs/global/reconciler_test.go should shut down tasks on drained nodes
#[test]
fn a_global_jobs_task_on_a_drained_node_is_stopped_at_the_next_look() {
    let mut cluster = Cluster::with_image(|behaviour| behaviour.exits = Some((MINUTE, 0)));
    create(&mut cluster, "job", "--mode global-job", "test/image");
    cluster.until("all run", 10 * SECOND, |cluster| cluster.in_state("job", TaskState::Running).len() == 3);
    cluster.docker("node update --availability drain node1");
    cluster.always("a node's change makes nobody look", 5 * SECOND, |cluster| {
        cluster.on_node("job", "node1")[0].desired == TaskState::Complete
    });
    let other = cluster.on_node("job", "node2")[0].id;
    cluster.world(&format!("crash-task {other}"));
    cluster.until("it is to be stopped", 5 * SECOND, |cluster| {
        cluster.on_node("job", "node1")[0].desired == TaskState::Shutdown
    });
}

/// Upstream: swarmkit manager/orchestrator/jobs/global/reconciler_test.go should remove tasks belonging to old iterations
/// Upstream: swarmkit manager/orchestrator/jobs/global/reconciler_test.go should create new tasks with the new iteration
#[test]
fn a_global_jobs_old_iteration_is_removed_finished_or_not() {
    let mut cluster = Cluster::lab();
    create(&mut cluster, "job", "--mode global-job", EXIT0);
    cluster.until("all have ended", 10 * SECOND, |cluster| completed(cluster, "job") == 3);
    let before: Vec<_> = cluster.tasks("job").iter().map(|task| task.id).collect();
    cluster.docker("service update -d --force job");
    cluster.pass(10 * SECOND);
    assert_eq!(cluster.tasks("job").len(), 3);
    assert!(cluster.tasks("job").iter().all(|task| !before.contains(&task.id)));
}

/// Upstream: swarmkit manager/orchestrator/jobs/orchestrator_test.go should remove tasks when a service is deleted
/// Upstream: swarmkit manager/orchestrator/jobs/orchestrator_test.go should reconcile each replicated job service received
/// Upstream: swarmkit manager/orchestrator/jobs/orchestrator_test.go should reconcile each global job service received
#[test]
fn a_removed_job_leaves_no_task() {
    for mode in ["replicated-job", "global-job"] {
        let mut cluster = Cluster::with_image(|behaviour| behaviour.exits = Some((MINUTE, 0)));
        create(&mut cluster, "job", &format!("--mode {mode}"), "test/image");
        assert!(!cluster.tasks("job").is_empty());
        cluster.pass(5 * SECOND);
        cluster.docker("service rm job");
        assert!(cluster.tasks("job").iter().all(|task| task.desired == TaskState::Remove));
        cluster.until("they are gone", 20 * SECOND, |cluster| cluster.tasks("job").is_empty());
    }
}
