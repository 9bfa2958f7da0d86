//! What the task reaper deletes.

use super::*;
use crate::engine::reaper::Reaper;
use crate::time::SECOND;

const REAPS_MS: Ms = SECOND / 4;

fn with_limit(limit: i64) -> Swarm {
    let mut swarm = Swarm::new();
    let now = swarm.now;
    swarm.store.update_cluster(now, |cluster| cluster.task_history_limit = limit);
    swarm
}

/// Upstream: swarmkit manager/orchestrator/taskreaper/task_reaper_test.go TestTaskReaperInit
#[test]
fn what_was_to_be_removed_and_has_stopped_is_deleted_at_the_beginning() {
    let mut swarm = with_limit(2);
    let service = swarm.service("app", Mode::Replicated { replicas: 2 });
    let make = |swarm: &mut Swarm, slot, desired, state| {
        let node = (state >= TaskState::Assigned).then_some(swarm.node);
        swarm.task(service, Made { slot, node, desired, state, ..swarm.runs() })
    };
    let (running, remove) = (TaskState::Running, TaskState::Remove);
    let kept = [
        make(&mut swarm, 1, running, running),
        make(&mut swarm, 2, running, running),
        make(&mut swarm, 1, TaskState::Shutdown, TaskState::Failed),
        make(&mut swarm, 3, remove, running),
    ];
    let ended = [TaskState::Shutdown, TaskState::Complete, TaskState::Pending, TaskState::New];
    let gone = ended.map(|state| make(&mut swarm, 3, remove, state));
    // The reaper alone: the orchestrator would delete the slot that nobody wants.
    swarm.with(|engine, ctx| engine.reaper = Reaper::begin(ctx));
    assert!(gone.iter().all(|task| swarm.store.task(*task).is_none()), "at once");
    assert!(kept.iter().all(|task| swarm.store.task(*task).is_some()));
}

/// Upstream: swarmkit manager/orchestrator/taskreaper/task_reaper_test.go TestTick
#[test]
fn a_slot_is_cleaned_when_it_gets_a_new_task_and_has_more_than_the_limit() {
    let (shutdown, running) = (TaskState::Shutdown, TaskState::Running);
    for (limit, kept) in [(0, 1), (1, 1), (2, 2), (-1, 2)] {
        let mut swarm = with_limit(limit);
        let services = ["a", "b"].map(|name| swarm.service(name, Mode::Replicated { replicas: 1 }));
        let at = swarm.now - SECOND;
        let old = services.map(|service| {
            swarm.task(service, Made { slot: 1, desired: shutdown, state: shutdown, at, ..swarm.runs() })
        });
        let new = services.map(|service| swarm.task(service, Made { slot: 1, desired: running, ..swarm.runs() }));
        swarm.with(|engine, ctx| engine.settle(ctx));
        swarm.pass(REAPS_MS);
        for (service, new) in services.into_iter().zip(new) {
            assert_eq!(swarm.others(service, &[]).len(), kept, "limit {limit}");
            assert!(swarm.store.task(new).is_some(), "what lives is history to nobody");
        }
        assert_eq!(old.iter().all(|task| swarm.store.task(*task).is_some()), kept == 2);
    }
}

/// Upstream: swarmkit manager/orchestrator/taskreaper/task_reaper_test.go TestTick
#[test]
fn a_slot_in_which_two_tasks_live_is_looked_at_until_one_has_ended() {
    let mut swarm = with_limit(1);
    let service = swarm.service("app", Mode::Replicated { replicas: 1 });
    let at = swarm.now - SECOND;
    let old = swarm.task(service, Made { slot: 1, desired: TaskState::Shutdown, at, ..swarm.runs() });
    let new = swarm.task(service, Made { slot: 1, ..swarm.runs() });
    swarm.with(|engine, ctx| engine.settle(ctx));
    swarm.pass(REAPS_MS);
    assert!(swarm.store.task(old).is_some(), "it still runs");
    swarm.end(old, TaskState::Shutdown);
    swarm.pass(REAPS_MS);
    assert!(swarm.store.task(old).is_none() && swarm.store.task(new).is_some());
}

/// Upstream: swarmkit manager/orchestrator/taskreaper/task_reaper_test.go TestTickHistoryCleanup
#[test]
fn history_is_what_has_ended_or_will_never_begin() {
    let states = [
        TaskState::New,
        TaskState::Pending,
        TaskState::Assigned,
        TaskState::Accepted,
        TaskState::Preparing,
        TaskState::Ready,
        TaskState::Starting,
        TaskState::Running,
        TaskState::Complete,
        TaskState::Failed,
        TaskState::Rejected,
        TaskState::Remove,
        TaskState::Orphaned,
    ];
    for desired in [TaskState::Running, TaskState::Shutdown] {
        for state in states {
            let mut swarm = with_limit(0);
            let service = swarm.service_with("app", Mode::Replicated { replicas: 1 }, |policy| {
                policy.condition = RestartCondition::None;
            });
            let node = (state >= TaskState::Assigned).then_some(swarm.node);
            let task = swarm.task(service, Made { slot: 1, node, desired, state, ..swarm.runs() });
            // The reaper alone: the other loops would see to it that the task gets on.
            swarm.with(|engine, ctx| {
                for (_, change) in ctx.store.take_changes(usize::MAX) {
                    engine.reaper.handle(&change, ctx);
                }
                engine.reaper.tick(ctx);
            });
            let never = state < TaskState::Assigned && desired == TaskState::Shutdown;
            let gone = state > TaskState::Running || never;
            assert_eq!(swarm.store.task(task).is_none(), gone, "{state:?}, wanted {desired:?}");
        }
    }
}
