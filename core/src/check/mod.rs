//! The invariant checker: looks at a whole world and says what cannot be. Tests call it after every event; the product
//! does not.
//!
//! Each invariant is a line of [`INVARIANTS`] and a function below: what it says, and whose rule upstream it is. Each
//! was seen to fail once on a world that was broken on purpose: `tests.rs` does that again every time.

mod agents;
mod nodes;
mod record;
mod services;
mod tasks;
mod updates;

use std::fmt;
use std::rc::Rc;

use crate::collections::Map;
use crate::event::{Rule, What};
use crate::id::{NodeId, ServiceId, TaskId};
use crate::model::{Node, Service, Task, TaskState};
use crate::time::Ms;
use crate::world::World;

/// Something that always holds.
pub struct Invariant {
    pub name: &'static str,
    /// Why it holds in Swarm, and where that is written.
    pub why: &'static str,
    when: When,
    look: fn(&Moment, &mut Found),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// Looked at after every event.
    Always,
    /// Only objects of the store are looked at, so nothing can have changed unless something was written.
    Written,
}

const fn always(name: &'static str, why: &'static str, look: fn(&Moment, &mut Found)) -> Invariant {
    Invariant { name, why, when: When::Always, look }
}

const fn written(name: &'static str, why: &'static str, look: fn(&Moment, &mut Found)) -> Invariant {
    Invariant { name, why, when: When::Written, look }
}

/// All of them.
pub const INVARIANTS: &[Invariant] = &[
    always("time-goes-forward", "a queue is played in order of time", record::time),
    always("nothing-due-is-late", "whatever was due has happened when a moment is over", record::queue),
    written("index-grows", "store/memory.go: the index is Raft's, which only counts up", record::index),
    written("events-in-order", "an event follows from one before it, and none is older than that", record::causes),
    written("all-has-a-cause", "what nobody did from outside follows from something", record::caused),
    written(
        "record-tells-all",
        "store/memory.go: every write is an event; applied, they give the store",
        record::tells_all,
    ),
    written(
        "observed-never-back",
        "api/types.proto: states are passed in order; dispatcher.go drops late reports",
        tasks::observed,
    ),
    written("desired-never-back", "orchestrator/task.go: a desired state only goes on", tasks::desired),
    written(
        "ended-stays-ended",
        "agent/exec/controller.go, Do: a terminal state is not left; only orphaned",
        tasks::ended,
    ),
    written(
        "node-is-kept",
        "scheduler.go: a task is assigned once; another node means another task",
        tasks::node_is_kept,
    ),
    written(
        "task-is-immutable",
        "orchestrator/task.go: slot, service, spec and its version are given at birth",
        tasks::immutable,
    ),
    written("version-grows", "store/object.go: each write stamps the index; versions only grow", tasks::version),
    written(
        "fault-has-error",
        "agent/exec/controller.go: failed and rejected carry an error, others none",
        tasks::errors,
    ),
    written("no-stamp-of-tomorrow", "timestamps are taken when something happens", tasks::stamps),
    written("remove-is-only-wanted", "api/types.proto: REMOVE is a desired state", tasks::remove_unobserved),
    written("assigned-has-node", "scheduler.go: ASSIGNED means that a node was written", tasks::has_node),
    written(
        "slot-fits-mode",
        "orchestrator/task.go: replicated tasks count from 1, global ones have a node",
        tasks::slot,
    ),
    written(
        "agent-reports-container",
        "executor/container: from STARTING on a status names the container",
        tasks::container,
    ),
    written("ids-resolve", "what is referred to is in the store, or the one who refers has ended", tasks::ids),
    written("service-gone-tasks-go", "orchestrator/service.go, SetServiceTasksRemove", tasks::service_gone),
    written("indices-agree", "store/tasks.go: by service, by slot and by node are the same tasks", tasks::indices),
    always("ready-is-waited-for", "restart.go, DelayStart: who is wanted READY has somebody to start it", tasks::ready),
    written(
        "one-task-runs-per-slot",
        "replicated/slot.go; but lanes do not see what was restarted since their update began",
        services::one_per_slot,
    ),
    written("slots-within-replicas", "replicated/services.go: surplus slots are removed at once", services::replicas),
    written("history-is-short", "taskreaper/task_reaper.go: a slot keeps what the limit allows", services::history),
    written(
        "previous-spec",
        "controlapi/service.go: update keeps it, rollback swaps it, automatic rollback takes it",
        services::specs,
    ),
    written(
        "port-belongs-to-one",
        "controlapi/service.go, checkPortConflicts; networkallocator/portallocator.go",
        services::ports,
    ),
    written("address-belongs-to-one", "networkallocator: each virtual address is given out once", services::addresses),
    written("jobs-do-not-overdo", "jobs/replicated/reconciler.go: so many at once, so many in all", services::jobs),
    written("job-tasks-complete", "jobs: tasks are wanted COMPLETE, never RUNNING", services::job_tasks),
    written(
        "status-goes-its-way",
        "update/updater.go and controlapi/service.go: the ways between update states",
        updates::transitions,
    ),
    written("status-is-whole", "update/updater.go: when it began, when it ended, and a sentence", updates::status),
    always("lanes-within-parallelism", "update/updater.go, Run: as many workers as parallelism", updates::lanes),
    always("one-lane-per-slot", "update/updater.go: a slot is sent to one worker", updates::one_lane),
    always("paused-takes-no-slot", "update/updater.go: pausing stops the queue of slots", updates::paused),
    always(
        "failures-are-of-the-update",
        "update/updater.go: only tasks that this updater made are counted",
        updates::failures,
    ),
    written("node-has-room", "scheduler/filter.go, ResourceFilter; constraint_enforcer.go", nodes::room),
    written("host-port-once", "scheduler/filter.go, HostPortFilter", nodes::host_ports),
    written("max-replicas-per-node", "scheduler/filter.go, MaxReplicasFilter", nodes::max_replicas),
    written("placed-where-allowed", "scheduler/filter.go, ConstraintFilter and ReadyFilter", nodes::placed),
    written(
        "unfit-node-is-left",
        "orchestrator/task.go, InvalidNode: down and drained nodes lose their tasks",
        nodes::unfit,
    ),
    written("one-leader", "raft has at most one leader, and it is a manager", nodes::leader),
    always(
        "in-service-runs",
        "executor/container: only a running container is in the load balancer",
        agents::in_service,
    ),
    always("no-power-no-container", "what runs needs a machine that is on", agents::power),
    always("agent-has-its-own", "dispatcher.go: an agent is sent the tasks of its node", agents::own),
    always("agent-is-not-ahead", "dispatcher.go: what an agent was told was written before", agents::desired),
    always("store-is-not-ahead", "agent/reporter.go: the manager knows of a state what was reported", agents::observed),
];

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    pub at: Ms,
    pub invariant: &'static str,
    pub what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms: {}: {}", self.at, self.invariant, self.what)
    }
}

/// What is broken, a line each.
pub fn told(broken: &[Broken]) -> String {
    broken.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Looks at a world from time to time, and remembers what it saw, because some things may only go forward.
#[derive(Clone, Default)]
pub struct Checker {
    seen: Seen,
    tasks_made: usize,
}

/// The world as it was at the last look.
#[derive(Clone, Default)]
struct Seen {
    now: Ms,
    index: u64,
    /// How many events there were.
    events: usize,
    tasks: Map<TaskId, Rc<Task>>,
    services: Map<ServiceId, Rc<Service>>,
    nodes: Map<NodeId, Rc<Node>>,
    /// What the events say of the tasks that are there.
    recorded: Map<TaskId, TaskState>,
    /// How many lanes of updates have worked at a slot since it last had one task alone; at any of the nodes of a
    /// global service.
    worked_at: Map<(ServiceId, u64), usize>,
    /// What is remembered of services.
    notes: Map<ServiceId, Notes>,
}

/// What a service's specs asked for, in all the time that it was seen.
#[derive(Clone, Copy, Default)]
struct Notes {
    /// The longest history of a slot.
    history: i64,
}

/// A world, and what has changed since the last look.
struct Moment<'a> {
    world: &'a World,
    seen: &'a Seen,
    /// Tasks that are new or were written.
    changed: Vec<&'a Rc<Task>>,
}

/// Collects what is broken.
struct Found {
    at: Ms,
    invariant: &'static str,
    broken: Vec<Broken>,
}

impl Found {
    fn add(&mut self, what: String) {
        self.broken.push(Broken { at: self.at, invariant: self.invariant, what });
    }
}

impl Checker {
    /// Looks at `world`, and returns what does not hold; nothing is the normal case. While the control loops have not seen
    /// everything yet, what they should have done is not known: it is looked at when they have.
    pub fn look(&mut self, world: &World) -> Vec<Broken> {
        if world.engine_state().is_behind() {
            return Vec::new();
        }
        let events = world.store().record().len();
        let is_written = events != self.seen.events;
        if is_written {
            self.note_first(world);
        }
        let changed = if is_written { self.changed(world) } else { Vec::new() };
        let moment = Moment { world, seen: &self.seen, changed };
        let mut found = Found { at: world.now(), invariant: "", broken: Vec::new() };
        for invariant in INVARIANTS.iter().filter(|invariant| is_written || invariant.when == When::Always) {
            found.invariant = invariant.name;
            (invariant.look)(&moment, &mut found);
        }
        self.remember(world, is_written);
        found.broken
    }

    /// How many tasks were made so far.
    pub fn tasks_made(&self) -> usize {
        self.tasks_made
    }

    fn changed<'w>(&self, world: &'w World) -> Vec<&'w Rc<Task>> {
        let same = |task: &Rc<Task>| self.seen.tasks.get(&task.id).is_some_and(|before| Rc::ptr_eq(before, task));
        world.store().tasks().filter(|task| !same(task)).collect()
    }

    fn note_first(&mut self, world: &World) {
        let store = world.store();
        for service in store.services() {
            let notes = self.seen.notes.entry(service.id).or_default();
            let attempts = service.spec.task.restart.as_ref().map_or(0, |restart| restart.max_attempts);
            // As good as none: more than can be, and little enough to count on from.
            const NONE: i64 = i64::MAX / 2;
            let limit = match i64::try_from(attempts) {
                Ok(0) => store.cluster().task_history_limit,
                Ok(attempts) => attempts.min(NONE) + 1,
                Err(_) => NONE,
            };
            notes.history = notes.history.max(if limit < 0 { NONE } else { limit.min(NONE) });
        }
        for (_, event) in store.record().since(self.seen.events) {
            if let (What::TaskCreated { service, slot, .. }, Rule::LaneTakesSlot { .. }) = (&event.what, &event.rule) {
                *self.seen.worked_at.entry((*service, *slot)).or_default() += 1;
            }
        }
    }

    fn remember(&mut self, world: &World, is_written: bool) {
        let store = world.store();
        let seen = &mut self.seen;
        seen.now = world.now();
        if !is_written {
            return;
        }
        for (_, event) in store.record().since(seen.events) {
            self.tasks_made += usize::from(record::apply(&mut seen.recorded, &event.what));
        }
        let crowded = |service: ServiceId, slot: u64| {
            store.tasks_of_slot(service, slot).filter(|task| task.desired <= TaskState::Running).count() > 1
        };
        seen.worked_at.retain(|(service, slot), _| *slot == 0 || crowded(*service, *slot));
        seen.index = store.index();
        seen.events = store.record().len();
        seen.tasks = store.tasks().map(|task| (task.id, Rc::clone(task))).collect();
        seen.services = store.services().map(|service| (service.id, Rc::clone(service))).collect();
        seen.nodes = store.nodes().map(|node| (node.id, Rc::clone(node))).collect();
    }
}

#[cfg(test)]
mod tests;
