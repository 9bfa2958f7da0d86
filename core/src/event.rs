//! The record of what happened and why: every write to the store is an event with its cause (the event or the input
//! before it) and the rule that made it, with the rule's operands. "Why?" is data from here, not prose made up later;
//! the prose is in `why`.
//!
//! Adding a rule: its line below, with its operands and the upstream file and function that it follows, and a sentence
//! for it in every language of `why`.

use std::rc::Rc;

use crate::id::{NodeId, ServiceId, TaskId};
use crate::model::{FailureAction, NodeState, Order, RestartCondition, TaskState, UpdateState};
use crate::time::Ms;

/// Names an event: its place in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventId(pub u32);

/// The beginning of the session: the first event of every record.
pub const START: EventId = EventId(0);

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub at: Ms,
    /// What led to it; `None` for what came from outside, and for the beginning.
    pub cause: Option<EventId>,
    pub what: What,
    pub rule: Rule,
}

/// A number or a name in an event, as data.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A count, or milliseconds.
    Number(u64),
    Ratio(f32),
    Task(TaskId),
    Service(ServiceId),
    Node(NodeId),
    /// A word of Docker's.
    Word(&'static str),
    Text(Rc<str>),
    Refused(Refused),
}

/// Nodes that a task was not given to, each with the filter that it did not pass, in Swarm's words. Of many, the first.
pub type Refused = Rc<[(NodeId, &'static str)]>;

/// Where a rule stands in Swarm's sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// Repository and path.
    pub file: &'static str,
    pub function: &'static str,
}

/// An enumeration whose variants carry operands; its kinds, without them; and the operands as a list.
macro_rules! with_operands {
    (@upstream) => { ("", "") };
    (@upstream $file:literal $function:literal) => { ($file, $function) };
    ($(#[$doc:meta])* $name:ident, $kind:ident, {
        $($(#[$about:meta])* $variant:ident $({ $($field:ident: $type:ty),* })? $(= $file:literal, $function:literal)?;)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name { $($(#[$about])* $variant $({ $($field: $type),* })?),* }

        /// The kinds, without their operands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kind { $($variant),* }

        impl $kind {
            pub const ALL: &[$kind] = &[$($kind::$variant),*];

            /// The upstream source that it follows; `None` for what is not Swarm's doing.
            pub fn upstream(self) -> Option<Upstream> {
                let (file, function) = match self {
                    $($kind::$variant => with_operands!(@upstream $($file $function)?)),*
                };
                (!file.is_empty()).then_some(Upstream { file, function })
            }

            /// The names of its operands.
            #[cfg(test)]
            pub(crate) fn fields(self) -> &'static [&'static str] {
                match self { $($kind::$variant => &[$($(stringify!($field)),*)?]),* }
            }
        }

        impl $name {
            pub fn kind(&self) -> $kind {
                match self { $($name::$variant $({ $($field: _),* })? => $kind::$variant),* }
            }

            /// In the order of their declaration.
            pub fn operands(&self) -> Vec<Operand> {
                match self { $($name::$variant $({ $($field),* })? => vec![$($($field.clone().into()),*)?]),* }
            }
        }
    };
}

with_operands! {
    /// What happened. The first operand is what it happened to.
    What, WhatKind, {
        /// The session began.
        Start;
        /// A command or an action on the world.
        Input { text: Rc<str> };
        ServiceCreated { service: ServiceId, name: Rc<str> };
        ServiceChanged { service: ServiceId };
        UpdateStatus { service: ServiceId, state: UpdateState };
        ServiceRemoved { service: ServiceId };
        TaskCreated { task: TaskId, service: ServiceId, slot: u64 };
        TaskState { task: TaskId, from: TaskState, to: TaskState };
        TaskDesired { task: TaskId, from: TaskState, to: TaskState };
        TaskChanged { task: TaskId };
        TaskRemoved { task: TaskId };
        /// The agent of a task's node does something with it, or sees something; nobody has been told yet.
        AgentActs { task: TaskId };
        NodeCreated { node: NodeId };
        NodeState { node: NodeId, from: NodeState, to: NodeState };
        NodeChanged { node: NodeId };
        NodeRemoved { node: NodeId };
        /// A manager leads from now on.
        Leads { node: NodeId };
    }
}

with_operands! {
    /// Which rule of Swarm's was followed, with its operands.
    Rule, RuleKind, {
        /// Somebody typed it or did it.
        Outside;
        /// The scenario has it so.
        FromTheStart;
        /// Asked for by a command.
        Asked = "swarmkit manager/controlapi/server.go", "Server";
        /// The daemon of a node tells what its machine has.
        Described = "swarmkit agent/session.go", "listen";
        /// Addresses and ports are there.
        Allocated = "swarmkit manager/allocator/network.go", "doTaskAlloc";
        /// Fewer slots than wanted.
        ScaleUp { have: u64, wanted: u64 } = "swarmkit manager/orchestrator/replicated/services.go", "reconcile";
        /// More slots than wanted.
        ScaleDown { have: u64, wanted: u64 } = "swarmkit manager/orchestrator/replicated/services.go", "reconcile";
        /// Nothing in this slot may run again, so its history goes.
        DeadSlot { slot: u64 } = "swarmkit manager/orchestrator/replicated/services.go", "deleteTasksMap";
        /// The service is gone, so its tasks go.
        ServiceGone = "swarmkit manager/orchestrator/service.go", "SetServiceTasksRemove";
        /// Every fitting node has one task.
        OnePerNode = "swarmkit manager/orchestrator/global/global.go", "reconcileServices";
        /// The node is down, removed, drained, paused, or does not meet the constraints: in Docker's words.
        NodeUnfit { reason: &'static str } = "swarmkit manager/orchestrator/global/global.go", "reconcileOneNode";
        /// What a change of its node finds outdated, or twice, is not left to the updater.
        OutdatedOnNode = "swarmkit manager/orchestrator/global/global.go", "reconcileOneNode";
        /// So many tasks at once, so many in all.
        JobNeeds { running: u64, completed: u64, wanted: u64 }
            = "swarmkit manager/orchestrator/jobs/replicated/reconciler.go", "ReconcileService";
        /// A task of an older iteration.
        OldIteration = "swarmkit manager/orchestrator/jobs/replicated/reconciler.go", "ReconcileService";
        /// Some slots differ from the spec.
        UpdateStarts { dirty_slots: usize } = "swarmkit manager/orchestrator/update/updater.go", "Run";
        /// A lane takes a slot.
        LaneTakesSlot { slot: u64, order: Order } = "swarmkit manager/orchestrator/update/updater.go", "worker";
        /// With start-first, the old task goes when the new one runs.
        NewTaskRuns { task: TaskId } = "swarmkit manager/orchestrator/update/updater.go", "updateTask";
        /// A slot already has a task of the new spec.
        CleanTaskStays { task: TaskId } = "swarmkit manager/orchestrator/update/updater.go", "useExistingTask";
        /// The share of failed tasks is above the ratio.
        TooManyFailures {
            task: TaskId, failures: usize, dirty_slots: usize, ratio: f32, max_failure_ratio: f32, action: FailureAction,
            monitor_ms: Ms
        } = "swarmkit manager/orchestrator/update/updater.go", "Run";
        /// All slots are done and nothing failed while watching.
        UpdateDone { monitor_ms: Ms, failures: usize, dirty_slots: usize }
            = "swarmkit manager/orchestrator/update/updater.go", "completeUpdate";
        /// Nothing was left to change.
        NothingDirty = "swarmkit manager/orchestrator/update/updater.go", "completeUpdate";
        /// A task ended, or its node is gone. `attempt`: counted only where they are limited.
        Restart { condition: RestartCondition, delay_ms: Ms, attempt: u64, max_attempts: u64, window_ms: Ms }
            = "swarmkit manager/orchestrator/restart/restart.go", "Restart";
        /// The policy lets it rest.
        NoRestart { condition: RestartCondition, state: TaskState, attempts: u64, max_attempts: u64, window_ms: Ms }
            = "swarmkit manager/orchestrator/restart/restart.go", "shouldRestart";
        /// Nothing keeps a prepared task waiting.
        StartNow = "swarmkit manager/orchestrator/restart/restart.go", "StartNow";
        /// The restart delay has passed.
        DelayOver = "swarmkit manager/orchestrator/restart/restart.go", "DelayStart";
        /// The old task has stopped.
        OldTaskStopped = "swarmkit manager/orchestrator/restart/restart.go", "DelayStart";
        /// The old task did not stop within a minute.
        OldTaskTimeout { timeout_ms: Ms } = "swarmkit manager/orchestrator/restart/restart.go", "DelayStart";
        /// The old task's node is down or gone.
        OldNodeGone = "swarmkit manager/orchestrator/restart/restart.go", "DelayStart";
        /// The best of the nodes that pass all filters: how many tasks of the service it had, how many in all.
        Scheduled { node: NodeId, of_service: u64, tasks: u64, fits: u32, nodes: u32 }
            = "swarmkit manager/scheduler/scheduler.go", "scheduleNTasksOnNodes";
        /// The node that was chosen before passes all filters.
        PreassignedFits { node: NodeId } = "swarmkit manager/scheduler/scheduler.go", "taskFitNode";
        /// No node passes.
        NoSuitableNode { refused: Refused, nodes: u32 } = "swarmkit manager/scheduler/scheduler.go", "noSuitableNode";
        /// A pending task of an older spec that is no longer wanted.
        StalePending = "swarmkit manager/scheduler/scheduler.go", "noSuitableNode";
        /// A slot keeps so many tasks.
        History { limit: i64, tasks: usize } = "swarmkit manager/orchestrator/taskreaper/task_reaper.go", "tick";
        /// A task to be removed has stopped.
        RemovedTaskStopped = "swarmkit manager/orchestrator/taskreaper/task_reaper.go", "tick";
        /// What of its service's demands the node does not meet any more.
        NoLongerMeetsConstraints { unmet: Rc<str> }
            = "swarmkit manager/orchestrator/constraintenforcer/constraint_enforcer.go", "rejectNoncompliantTasks";
        /// The agent reports; with an error where there is one.
        AgentReports { err: Rc<str> } = "swarmkit manager/dispatcher/dispatcher.go", "processUpdates";
        /// The agent has got a task, or news of one.
        Accepts = "swarmkit agent/task.go", "run";
        AsksRegistry { image: Rc<str> } = "moby daemon/cluster/executor/container/controller.go", "Prepare";
        Pulls { image: Rc<str>, takes_ms: Ms } = "moby daemon/cluster/executor/container/adapter.go", "pullImage";
        /// Neither the registry has it nor the node. `registry`: `down`, or `not found`.
        NoImage { image: Rc<str>, registry: &'static str } = "moby daemon/cluster/executor/container/controller.go", "Prepare";
        CreatesContainer = "moby daemon/cluster/executor/container/adapter.go", "create";
        StartsContainer = "moby daemon/cluster/executor/container/controller.go", "Start";
        AwaitsHealth { interval_ms: Ms, retries: u64 } = "moby daemon/cluster/executor/container/controller.go", "Start";
        ProbePasses = "moby daemon/health.go", "handleProbeResult";
        /// So many in a row, of how many that are too many.
        ProbeFails { failures: u64, retries: u64 } = "moby daemon/health.go", "handleProbeResult";
        ProgramEnds { code: i32 } = "moby daemon/cluster/executor/container/controller.go", "Wait";
        /// A stopping task takes no new requests.
        LeavesMesh { wait_ms: Ms } = "moby daemon/cluster/executor/container/controller.go", "Shutdown";
        StopSignal { grace_ms: Ms } = "moby daemon/stop.go", "containerStop";
        /// It did not end by itself within its grace period.
        GraceOver { grace_ms: Ms } = "moby daemon/stop.go", "containerStop";
        CleansUp = "moby daemon/cluster/executor/container/controller.go", "Shutdown";
        /// No heartbeat came in time.
        HeartbeatMissed { timeout_ms: Ms } = "swarmkit manager/dispatcher/dispatcher.go", "markNodeNotReady";
        /// The node is back.
        NodeRegisters = "swarmkit manager/dispatcher/dispatcher.go", "register";
        /// Down for a day.
        Orphaned { after_ms: Ms } = "swarmkit manager/dispatcher/dispatcher.go", "moveTasksToOrphaned";
        /// More than half of the managers are for it.
        Elected = "swarmkit manager/manager.go", "becomeLeader";
        /// The new leader has not heard of the node yet.
        NewLeader = "swarmkit manager/dispatcher/dispatcher.go", "markNodesUnknown";
        /// A node becomes what its spec says.
        RoleFollows = "swarmkit manager/role_manager.go", "reconcileRole";
        /// Its node was removed from the swarm.
        NodeDeleted = "swarmkit manager/controlapi/node.go", "orphanNodeTasks";
    }
}

macro_rules! operands_of_words {
    ($($type:ty)*) => {$(
        impl From<$type> for Operand {
            fn from(value: $type) -> Operand {
                Operand::Word(value.word())
            }
        }
    )*};
}

operands_of_words! { TaskState NodeState UpdateState FailureAction Order RestartCondition }

macro_rules! operands_of_numbers {
    ($($type:ty)*) => {$(
        impl From<$type> for Operand {
            fn from(value: $type) -> Operand {
                Operand::Number(value as u64)
            }
        }
    )*};
}

operands_of_numbers! { u32 u64 usize i32 i64 }

macro_rules! operands {
    ($($variant:ident $type:ty,)*) => {$(
        impl From<$type> for Operand {
            fn from(value: $type) -> Operand {
                Operand::$variant(value)
            }
        }
    )*};
}

operands! { Word &'static str, Ratio f32, Task TaskId, Service ServiceId, Node NodeId, Text Rc<str>, Refused Refused, }

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
        let event = |at| Event { at, cause: None, what: What::Input { text: "x".into() }, rule: Rule::Outside };
        let ids: Vec<EventId> = (0..600).map(|at| record.push(event(at))).collect();
        assert_eq!(record.len(), 600);
        assert!(ids.iter().enumerate().all(|(at, id)| record.get(*id).expect("was pushed").at == at as Ms));
        assert_eq!(record.get(EventId(600)), None);
        assert_eq!(record.since(598).count(), 2);
    }
}
