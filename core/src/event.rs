//! The record of what happened and why: every write to the store is an event with its cause (the event or the input
//! before it) and the rule that made it, with the rule's operands. "Why?" is data from here, not prose made up later.

use std::rc::Rc;

use crate::id::{NodeId, ServiceId, TaskId};
use crate::model::{FailureAction, NodeState, Order, RestartCondition, TaskState, UpdateState};
use crate::time::Ms;

/// Names an event: its place in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventId(pub u32);

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub at: Ms,
    /// What led to it; `None` for what came from outside.
    pub cause: Option<EventId>,
    pub what: What,
    pub rule: Rule,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A command or an action on the world.
    Input(Rc<str>),
    ServiceCreated(ServiceId),
    ServiceChanged(ServiceId),
    UpdateStatus {
        service: ServiceId,
        state: Option<UpdateState>,
    },
    ServiceRemoved(ServiceId),
    TaskCreated {
        task: TaskId,
        service: ServiceId,
        slot: u64,
    },
    TaskState {
        task: TaskId,
        from: TaskState,
        to: TaskState,
    },
    TaskDesired {
        task: TaskId,
        from: TaskState,
        to: TaskState,
    },
    TaskChanged(TaskId),
    TaskRemoved(TaskId),
    NodeCreated(NodeId),
    NodeState {
        node: NodeId,
        from: NodeState,
        to: NodeState,
    },
    NodeChanged(NodeId),
    NodeRemoved(NodeId),
    /// A manager became the leader.
    Leader,
}

/// Which rule of Swarm's made a write, with its operands. Each names the upstream file that it models.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Asked for by a command, or done to the world.
    Asked,
    /// allocator/network.go: addresses and ports are there.
    Allocated,
    /// orchestrator/replicated/services.go: fewer slots than wanted.
    ScaleUp { have: u64, wanted: u64 },
    /// orchestrator/replicated/services.go: more slots than wanted.
    ScaleDown { have: u64, wanted: u64 },
    /// orchestrator/replicated/services.go: nothing in this slot may run again, so its history goes.
    DeadSlot { slot: u64 },
    /// orchestrator/service.go: the service is gone, so its tasks go.
    ServiceGone,
    /// orchestrator/global/global.go: every fitting node has one task.
    OnePerNode,
    /// orchestrator/global/global.go: the node is drained, down, or no longer fits.
    NodeUnfit,
    /// orchestrator/jobs: so many tasks at once, so many in all.
    JobNeeds { running: u64, completed: u64, wanted: u64 },
    /// orchestrator/jobs: a task of an older iteration.
    OldIteration,
    /// update/updater.go: some slots differ from the spec.
    UpdateStarts { dirty_slots: usize },
    /// update/updater.go: a lane takes a slot.
    LaneTakesSlot { slot: u64, order: Order },
    /// update/updater.go: with start-first, the old task goes when the new one runs.
    NewTaskRuns { task: TaskId },
    /// update/updater.go: a slot already has a task of the new spec.
    CleanTaskStays { task: TaskId },
    /// update/updater.go: the share of failed tasks is above the ratio.
    TooManyFailures { task: TaskId, failures: usize, dirty_slots: usize, max_failure_ratio: f32, action: FailureAction },
    /// update/updater.go: all slots are done and nothing failed while watching.
    UpdateDone { monitor_ms: Ms },
    /// update/updater.go: nothing was left to change.
    NothingDirty,
    /// restart/restart.go: a task ended, or its node is gone.
    Restart { condition: RestartCondition, delay_ms: Ms },
    /// restart/restart.go: the policy lets it rest.
    NoRestart { condition: RestartCondition, max_attempts: u64 },
    /// restart/restart.go: the delay has passed and the old task has stopped.
    StartNow { waited_for: Waited },
    /// scheduler/scheduler.go: the best of the nodes that pass all filters.
    Scheduled { node: NodeId },
    /// scheduler/scheduler.go: no node passes.
    NoSuitableNode,
    /// scheduler/scheduler.go: a pending task of an older spec that is no longer wanted.
    StalePending,
    /// taskreaper/task_reaper.go: a slot keeps so many tasks.
    History { limit: i64 },
    /// taskreaper/task_reaper.go: a task to be removed has stopped.
    RemovedTaskStopped,
    /// constraintenforcer/constraint_enforcer.go
    NoLongerMeetsConstraints,
    /// agent/exec/controller.go: the agent reports.
    AgentReports,
    /// dispatcher/dispatcher.go: no heartbeat came in time.
    HeartbeatMissed { timeout_ms: Ms },
    /// dispatcher/dispatcher.go: the node is back.
    NodeRegisters,
    /// dispatcher/dispatcher.go: down for a day.
    Orphaned,
    /// manager.go: a new leader has heard of no node yet.
    LeadershipChanges,
    /// role_manager.go: a node's role becomes what its spec says.
    RoleFollows,
}

/// What the start of a prepared task waited for last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    Nothing,
    Delay,
    OldTask,
    /// The old task did not stop within a minute.
    Timeout,
    OldNodeGone,
}

const CHUNK: usize = 256;

/// All events, oldest first. Full chunks are shared between clones, so that a checkpoint does not copy them.
#[derive(Clone, Debug, Default)]
pub struct Record {
    full: Vec<Rc<[Event]>>,
    last: Vec<Event>,
}

impl Record {
    pub fn push(&mut self, event: Event) -> EventId {
        let id = EventId(self.len() as u32);
        self.last.push(event);
        if self.last.len() == CHUNK {
            self.full.push(std::mem::replace(&mut self.last, Vec::with_capacity(CHUNK)).into());
        }
        id
    }

    pub fn len(&self) -> usize {
        self.full.len() * CHUNK + self.last.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, id: EventId) -> Option<&Event> {
        let (chunk, place) = (id.0 as usize / CHUNK, id.0 as usize % CHUNK);
        match self.full.get(chunk) {
            Some(chunk) => chunk.get(place),
            None if chunk == self.full.len() => self.last.get(place),
            None => None,
        }
    }

    /// Events from `from` on, with their names.
    pub fn since(&self, from: usize) -> impl Iterator<Item = (EventId, &Event)> {
        (from..self.len()).filter_map(|index| {
            let id = EventId(index as u32);
            self.get(id).map(|event| (id, event))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_keep_their_names_across_chunks() {
        let mut record = Record::default();
        let event = |at| Event { at, cause: None, what: What::Input("x".into()), rule: Rule::Asked };
        let ids: Vec<EventId> = (0..600).map(|at| record.push(event(at))).collect();
        assert_eq!(record.len(), 600);
        assert!(ids.iter().enumerate().all(|(at, id)| record.get(*id).expect("was pushed").at == at as Ms));
        assert_eq!(record.get(EventId(600)), None);
        assert_eq!(record.since(598).count(), 2);
    }
}
