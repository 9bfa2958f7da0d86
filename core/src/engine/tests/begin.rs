//! What is put right when the loops begin.

use super::*;
use crate::model::{Availability, NodeState};
use crate::time::SECOND;

const ONE: Mode = Mode::Replicated { replicas: 1 };

/// The one task that stands in for those that a test knows: prepared, and not yet wanted to run.
#[track_caller]
fn replacement(swarm: &Swarm, service: ServiceId, known: &[TaskId]) -> TaskId {
    let others = swarm.others(service, known);
    let [task] = others.as_slice() else { panic!("{} tasks are new", others.len()) };
    assert_eq!(task.desired, TaskState::Ready);
    assert!(task.status.state < TaskState::Assigned);
    task.id
}

/// Upstream: swarmkit manager/orchestrator/replicated/replicated_test.go TestInitializationRejectedTasks TestInitializationFailedTasks
#[test]
fn a_slot_whose_task_has_ended_gets_another() {
    for state in [TaskState::Rejected, TaskState::Failed] {
        let mut swarm = Swarm::new();
        let service = swarm.service("app", Mode::Replicated { replicas: 2 });
        let ended = swarm.task(service, Made { slot: 1, state, ..swarm.runs() });
        let well = swarm.task(service, Made { slot: 2, ..swarm.runs() });
        swarm.begin();
        assert_eq!((swarm.desired(ended), swarm.desired(well)), (TaskState::Shutdown, TaskState::Running));
        let new = replacement(&swarm, service, &[ended, well]);
        assert_eq!(swarm.store.task(new).map(|task| (task.slot, task.node)), Some((1, None)));
        swarm.pass(SECOND - 1);
        assert_eq!(swarm.desired(new), TaskState::Ready);
        swarm.pass(1);
        assert_eq!(swarm.desired(new), TaskState::Running, "after the restart delay");
    }
}

/// Upstream: swarmkit manager/orchestrator/replicated/replicated_test.go TestInitializationNodeDown
#[test]
fn a_task_whose_node_is_down_gets_a_replacement() {
    let mut swarm = Swarm::new();
    let service = swarm.service("app", ONE);
    let lost = swarm.task(service, Made { slot: 1, ..swarm.runs() });
    let (node, now) = (swarm.node, swarm.now);
    swarm.store.update_node(node, now, |node| node.status.state = NodeState::Down);
    swarm.begin();
    assert_eq!(swarm.desired(lost), TaskState::Shutdown);
    replacement(&swarm, service, &[lost]);
}

/// Upstream: swarmkit manager/orchestrator/replicated/replicated_test.go TestInitializationDelayStart
#[test]
fn a_task_that_waited_for_its_start_waits_for_what_is_left_of_its_delay() {
    for (waited, left) in [(0, SECOND), (SECOND / 4, SECOND * 3 / 4), (5 * SECOND, 0)] {
        let mut swarm = Swarm::new();
        let service = swarm.service("app", ONE);
        let ready = TaskState::Ready;
        let at = swarm.now - waited;
        let task = swarm.task(service, Made { slot: 1, desired: ready, state: ready, at, ..swarm.runs() });
        swarm.begin();
        if left > 0 {
            swarm.pass(left - 1);
            assert_eq!(swarm.desired(task), ready);
            swarm.pass(1);
        }
        assert_eq!(swarm.desired(task), TaskState::Running);
        assert!(swarm.others(service, &[task]).is_empty());
    }
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestInitializationRejectedTasks TestInitializationFailedTasks
#[test]
fn a_node_on_which_the_task_has_ended_gets_another() {
    for (desired, state) in [(TaskState::Ready, TaskState::Rejected), (TaskState::Running, TaskState::Failed)] {
        let mut swarm = Swarm::new();
        let service = swarm.service("app", Mode::Global);
        let ended = swarm.task(service, Made { desired, state, ..swarm.runs() });
        swarm.begin();
        assert_eq!(swarm.desired(ended), TaskState::Shutdown);
        let new = replacement(&swarm, service, &[ended]);
        assert_eq!(swarm.store.task(new).and_then(|task| task.node), Some(swarm.node));
        swarm.pass(SECOND - 1);
        assert_eq!(swarm.desired(new), TaskState::Ready);
        swarm.pass(1);
        assert_eq!(swarm.desired(new), TaskState::Running);
    }
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestInitializationExtraTask
#[test]
fn of_two_tasks_on_one_node_one_is_stopped() {
    let mut swarm = Swarm::new();
    let service = swarm.service("app", Mode::Global);
    let both = [swarm.task(service, swarm.runs()), swarm.task(service, swarm.runs())];
    swarm.begin();
    let stopped = both.iter().filter(|task| swarm.desired(**task) == TaskState::Shutdown).count();
    assert_eq!(stopped, 1);
    assert!(swarm.others(service, &both).is_empty());
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestInitializationMultipleServices
#[test]
fn what_happens_to_one_service_is_nothing_to_another() {
    let mut swarm = Swarm::new();
    let [a, b] = ["a", "b"].map(|name| swarm.service(name, Mode::Global));
    let [of_a, of_b] = [a, b].map(|service| swarm.task(service, swarm.runs()));
    swarm.begin();
    swarm.pass(SECOND / 10);
    assert!(swarm.others(a, &[of_a]).is_empty() && swarm.others(b, &[of_b]).is_empty(), "both are up to date");

    swarm.write(|ctx| {
        let (now, index) = (ctx.now, ctx.store.index());
        ctx.store.update_service(a, now, |service| {
            let spec = Rc::make_mut(&mut service.spec);
            Rc::make_mut(&mut spec.task).force_update += 1;
            service.spec_version = index;
        });
    });
    let new_of_a = replacement(&swarm, a, &[of_a]);
    assert_eq!((swarm.desired(of_a), swarm.desired(of_b)), (TaskState::Shutdown, TaskState::Running));
    assert!(swarm.others(b, &[of_b]).is_empty());

    swarm.end(of_b, TaskState::Failed);
    replacement(&swarm, b, &[of_b]);
    assert_eq!(swarm.desired(of_b), TaskState::Shutdown);
    assert!(swarm.others(a, &[of_a, new_of_a]).is_empty());
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestInitializationTaskWithoutService
#[test]
fn a_task_whose_service_is_gone_is_deleted() {
    for mode in [ONE, Mode::Global] {
        let mut swarm = Swarm::new();
        let [stays, gone] = ["stays", "gone"].map(|name| swarm.service(name, mode));
        let slot = u64::from(mode == ONE);
        let [kept, lost] = [stays, gone].map(|service| swarm.task(service, Made { slot, ..swarm.runs() }));
        let now = swarm.now;
        swarm.store.delete_service(gone, now);
        swarm.begin();
        assert!(swarm.store.task(lost).is_none());
        assert_eq!(swarm.desired(kept), TaskState::Running);
    }
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestInitializationTaskOnDrainedNode
#[test]
fn a_task_on_a_drained_node_is_stopped_and_not_replaced() {
    let mut swarm = Swarm::new();
    let service = swarm.service("app", Mode::Global);
    let task = swarm.task(service, swarm.runs());
    let (node, now) = (swarm.node, swarm.now);
    swarm.store.update_node(node, now, |node| node.spec.availability = Availability::Drain);
    swarm.begin();
    assert_eq!(swarm.desired(task), TaskState::Shutdown);
    assert!(swarm.others(service, &[task]).is_empty());
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestInitializationTaskOnNonexistentNode
#[test]
fn a_task_on_a_node_that_does_not_exist_is_stopped() {
    let mut swarm = Swarm::new();
    let service = swarm.service("app", Mode::Global);
    let nowhere = NodeId::random(&mut Streams::new(2).ids);
    let task = swarm.task(service, Made { node: Some(nowhere), ..swarm.runs() });
    swarm.begin();
    assert_eq!(swarm.desired(task), TaskState::Shutdown);
    assert!(swarm.others(service, &[task]).iter().all(|task| task.node == Some(swarm.node)));
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestInitializationRestartHistory
#[test]
fn restarts_before_the_beginning_count_as_far_as_they_lie_in_the_window() {
    let mut swarm = Swarm::new();
    let service = swarm.service_with("app", Mode::Global, |restart| {
        restart.max_attempts = 3;
        restart.window = Some(600 * NANOS_PER_SECOND);
    });
    let (now, shutdown, failed) = (swarm.now, TaskState::Shutdown, TaskState::Failed);
    let old = swarm.task(service, Made { desired: shutdown, state: shutdown, at: now - 5 * MINUTE, ..swarm.runs() });
    swarm.store.update_service(service, now, |service| service.spec_version = 2);
    let ended = [12, 11, 9].map(|minutes| {
        swarm.task(service, Made { desired: shutdown, state: failed, at: now - minutes * MINUTE, ..swarm.runs() })
    });
    let live = swarm.task(service, Made { at: now - 8 * MINUTE, ..swarm.runs() });
    let known = [old, ended[0], ended[1], ended[2], live];
    swarm.begin();
    assert!(swarm.others(service, &known).is_empty());

    // This is the third restart of the last ten minutes …
    swarm.end(live, failed);
    let third = replacement(&swarm, service, &known);
    swarm.pass(SECOND);
    assert_eq!(swarm.desired(third), TaskState::Running);
    // … and there is no fourth.
    swarm.end(third, TaskState::Rejected);
    swarm.pass(MINUTE);
    assert_eq!(swarm.desired(third), shutdown);
    let known = [known.as_slice(), &[third]].concat();
    assert!(swarm.others(service, &known).is_empty());
}
