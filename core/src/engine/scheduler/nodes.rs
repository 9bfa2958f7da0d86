//! What the scheduler remembers of a node: its tasks, what is free on it, what failed on it lately.
//!
//! Models: swarmkit manager/scheduler/nodeinfo.go.

use crate::collections::{Map, Set};

use super::filter::host_ports;
use crate::id::{ServiceId, TaskId};
use crate::model::{Node, Protocol, Task, TaskState};
use crate::time::{MINUTE, Ms};

/// From so many failures on, a node is worse than one with fewer.
const MAX_FAILURES: usize = 5;

/// How long a failure is remembered.
const MONITOR_FAILURES: Ms = 5 * MINUTE;

#[derive(Clone, Debug, Default)]
pub(super) struct NodeInfo {
    tasks: Map<TaskId, Held>,
    /// Tasks that are not to be stopped.
    pub(super) active: u64,
    active_by_service: Map<ServiceId, u64>,
    pub(super) nano_cpus: i64,
    pub(super) memory_bytes: i64,
    pub(super) generic: Map<String, i64>,
    pub(super) host_ports: Set<(Protocol, u32)>,
    /// By service and version of its spec.
    failures: Map<(ServiceId, u64), Vec<Ms>>,
}

/// What a task holds on its node until it has stopped.
#[derive(Clone, Debug)]
struct Held {
    service: ServiceId,
    active: bool,
    nano_cpus: i64,
    memory_bytes: i64,
    generic: Vec<(String, i64)>,
    host_ports: Vec<(Protocol, u32)>,
}

impl NodeInfo {
    pub(super) fn active_of(&self, service: ServiceId) -> u64 {
        self.active_by_service.get(&service).copied().unwrap_or(0)
    }

    /// Takes the node's resources anew, less what its tasks hold.
    pub(super) fn describe(&mut self, node: &Node) {
        self.nano_cpus = node.description.nano_cpus - self.tasks.values().map(|held| held.nano_cpus).sum::<i64>();
        self.memory_bytes =
            node.description.memory_bytes - self.tasks.values().map(|held| held.memory_bytes).sum::<i64>();
    }

    /// Adds a task, or notes that it is to be stopped.
    pub(super) fn add(&mut self, task: &Task) {
        let active = task.desired <= TaskState::Complete;
        if let Some(held) = self.tasks.get_mut(&task.id) {
            if held.active != active {
                held.active = active;
                self.count(task.service, active);
            }
            return;
        }
        let reserved = task.spec.resources.as_ref().map(|resources| resources.reservations.clone()).unwrap_or_default();
        let held = Held {
            service: task.service,
            active,
            nano_cpus: reserved.nano_cpus,
            memory_bytes: reserved.memory_bytes,
            generic: reserved.generic,
            host_ports: host_ports(task),
        };
        self.nano_cpus -= held.nano_cpus;
        self.memory_bytes -= held.memory_bytes;
        for (kind, count) in &held.generic {
            *self.generic.entry(kind.clone()).or_default() -= count;
        }
        self.host_ports.extend(held.host_ports.iter().copied());
        self.tasks.insert(task.id, held);
        if active {
            self.count(task.service, true);
        }
    }

    /// Forgets a task and frees what it held. Returns whether it was here.
    pub(super) fn remove(&mut self, task: TaskId) -> bool {
        let Some(held) = self.tasks.remove(&task) else { return false };
        self.nano_cpus += held.nano_cpus;
        self.memory_bytes += held.memory_bytes;
        for (kind, count) in held.generic {
            *self.generic.entry(kind).or_default() += count;
        }
        for port in held.host_ports {
            self.host_ports.remove(&port);
        }
        if held.active {
            self.count(held.service, false);
        }
        true
    }

    fn count(&mut self, service: ServiceId, more: bool) {
        let of_service = self.active_by_service.entry(service).or_default();
        if more {
            *of_service += 1;
            self.active += 1;
        } else {
            *of_service -= 1;
            self.active -= 1;
            if *of_service == 0 {
                self.active_by_service.remove(&service);
            }
        }
    }

    pub(super) fn failed(&mut self, task: &Task, now: Ms) {
        let times = self.failures.entry((task.service, task.spec_version)).or_default();
        times.retain(|time| now - time < MONITOR_FAILURES);
        times.push(now);
    }

    /// How good a place this is for one more task of a service: the lower, the better. Recent failures only count from
    /// five on.
    pub(super) fn rank(&self, service: ServiceId, spec_version: u64, now: Ms) -> (usize, u64, u64) {
        let times = self.failures.get(&(service, spec_version));
        let recent = times.map_or(0, |times| times.iter().filter(|time| now - **time <= MONITOR_FAILURES).count());
        let failures = if recent >= MAX_FAILURES { recent } else { 0 };
        (failures, self.active_of(service), self.active)
    }
}
