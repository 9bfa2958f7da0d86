//! A task that is deleted without anybody's having wanted it to go.

use super::*;
use crate::time::SECOND;

fn deleted(mode: Mode) -> (Swarm, ServiceId, TaskId) {
    let mut swarm = Swarm::new();
    let service = swarm.service("app", mode);
    swarm.begin();
    let tasks = swarm.others(service, &[]);
    let [task] = tasks.as_slice() else { panic!("{} tasks", tasks.len()) };
    swarm.write(|ctx| ctx.store.delete_task(task.id, ctx.now));
    (swarm, service, task.id)
}

/// Upstream: swarmkit manager/orchestrator/replicated/replicated_test.go TestReplicatedOrchestrator
#[test]
fn a_replicated_service_makes_a_new_one() {
    let (swarm, service, gone) = deleted(Mode::Replicated { replicas: 1 });
    let tasks = swarm.others(service, &[]);
    assert_eq!(tasks.iter().map(|task| (task.slot, task.desired)).collect::<Vec<_>>(), [(1, TaskState::Running)]);
    assert_ne!(tasks[0].id, gone);
}

/// Upstream: swarmkit manager/orchestrator/global/global_test.go TestRemoveTask
#[test]
fn a_global_service_does_not() {
    let (mut swarm, service, _) = deleted(Mode::Global);
    swarm.pass(10 * SECOND);
    assert!(swarm.others(service, &[]).is_empty());
}
