//! What the scheduler remembers of a node: its tasks, what is free on it, what failed on it lately.
//!
//! Models: swarmkit manager/scheduler/nodeinfo.go. Differs: generic resources are counted by kind; which of a kind's
//! named ones a task got is not kept.

use std::rc::Rc;

use crate::collections::{Map, Set};

use super::filter::{host_ports, reservations};
use crate::id::{ServiceId, TaskId};
use crate::model::{Availability, EndpointSpec, Node, NodeState, Protocol, Task, TaskSpec, TaskState};
use crate::time::{MINUTE, Ms};

/// From so many failures on, a node is worse than one with fewer.
const MAX_FAILURES: usize = 5;

/// How long a failure is remembered.
const MONITOR_FAILURES: Ms = 5 * MINUTE;

#[derive(Clone, Debug)]
pub(super) struct NodeInfo {
    pub(super) node: Rc<Node>,
    /// It takes new tasks. Asked so often that it is kept here.
    pub(super) ready: bool,
    tasks: Map<TaskId, Held>,
    /// Tasks that are not to be stopped.
    pub(super) active: u64,
    /// A handful at most, and asked for every node that a task may go to: no map is as quick.
    active_by_service: Vec<(ServiceId, u64)>,
    /// What is free.
    pub(super) nano_cpus: i64,
    pub(super) memory_bytes: i64,
    pub(super) generic: Map<String, i64>,
    pub(super) host_ports: Set<(Protocol, u32)>,
    /// By service and version of its spec.
    failures: Map<(ServiceId, u64), Vec<Ms>>,
}

/// A task that holds something on its node until it has stopped.
#[derive(Clone, Debug)]
struct Held {
    service: ServiceId,
    active: bool,
    spec: Rc<TaskSpec>,
    endpoint: Option<Rc<EndpointSpec>>,
}

/// How good a place a node is for one more task: recent failures, tasks of the service, all tasks. The lower, the
/// better.
pub(super) type Rank = (usize, u64, u64);

impl NodeInfo {
    pub(super) fn new(node: &Rc<Node>) -> NodeInfo {
        let mut info = NodeInfo {
            node: Rc::clone(node),
            ready: false,
            tasks: Map::new(),
            active: 0,
            active_by_service: Vec::new(),
            nano_cpus: 0,
            memory_bytes: 0,
            generic: Map::new(),
            host_ports: Set::new(),
            failures: Map::new(),
        };
        info.describe(node);
        info
    }

    /// Takes the node's resources anew, less what its tasks hold. Models: createOrUpdateNode.
    pub(super) fn describe(&mut self, node: &Rc<Node>) {
        self.node = Rc::clone(node);
        self.ready = node.status.state == NodeState::Ready && node.spec.availability == Availability::Active;
        self.nano_cpus = node.description.nano_cpus;
        self.memory_bytes = node.description.memory_bytes;
        self.generic = node.description.generic.iter().cloned().collect();
        for held in std::mem::take(&mut self.tasks).into_iter() {
            self.take(&held.1.spec, -1);
            self.tasks.insert(held.0, held.1);
        }
    }

    pub(super) fn active_of(&self, service: ServiceId) -> u64 {
        self.active_by_service.iter().find(|(its, _)| *its == service).map_or(0, |(_, count)| *count)
    }

    /// Adds a task, or notes that it is to be stopped. Models: addTask.
    pub(super) fn add(&mut self, task: &Task) {
        let active = task.desired <= TaskState::Complete;
        if let Some(held) = self.tasks.get_mut(&task.id) {
            if held.active != active {
                held.active = active;
                self.count(task.service, active);
            }
            return;
        }
        self.take(&task.spec, -1);
        self.host_ports.extend(host_ports(task.endpoint.as_deref()));
        let held = Held { service: task.service, active, spec: Rc::clone(&task.spec), endpoint: task.endpoint.clone() };
        self.tasks.insert(task.id, held);
        if active {
            self.count(task.service, true);
        }
    }

    /// Forgets a task and frees what it held. Returns whether it was here. Models: removeTask.
    pub(super) fn remove(&mut self, task: TaskId) -> bool {
        let Some(held) = self.tasks.remove(&task) else { return false };
        self.take(&held.spec, 1);
        for port in host_ports(held.endpoint.as_deref()) {
            self.host_ports.remove(&port);
        }
        if held.active {
            self.count(held.service, false);
        }
        true
    }

    /// Gives back (1) or takes away (-1) what a task reserves.
    fn take(&mut self, spec: &TaskSpec, sign: i64) {
        let Some(reserved) = reservations(spec) else { return };
        self.nano_cpus += sign * reserved.nano_cpus;
        self.memory_bytes += sign * reserved.memory_bytes;
        for (kind, count) in &reserved.generic {
            if let Some(free) = self.generic.get_mut(kind) {
                *free += sign * count;
            }
        }
    }

    fn count(&mut self, service: ServiceId, more: bool) {
        let change = if more { 1 } else { -1 };
        self.active = self.active.wrapping_add_signed(change);
        match self.active_by_service.iter().position(|(its, _)| *its == service) {
            None => self.active_by_service.push((service, 1)),
            Some(place) => {
                let count = &mut self.active_by_service[place].1;
                *count = count.wrapping_add_signed(change);
                if *count == 0 {
                    self.active_by_service.swap_remove(place);
                }
            }
        }
    }

    /// A task that the scheduler gave to this node has failed. Models: taskFailed.
    pub(super) fn failed(&mut self, task: &Task, now: Ms) {
        self.failures.retain(|_, times| times.last().is_some_and(|last| now - last < MONITOR_FAILURES));
        let times = self.failures.entry((task.service, task.spec_version)).or_default();
        times.drain(..times.partition_point(|time| now - time >= MONITOR_FAILURES));
        times.push(now);
    }

    /// How often tasks of a version of a service failed here lately. Models: countRecentFailures.
    pub(super) fn recent_failures(&self, service: ServiceId, spec_version: u64, now: Ms) -> usize {
        let times = self.failures.get(&(service, spec_version));
        times.map_or(0, |times| times.len() - times.partition_point(|time| now - time > MONITOR_FAILURES))
    }

    /// Models: nodeLess. Failures only count from five on.
    pub(super) fn rank(&self, task: &Task, now: Ms) -> Rank {
        let recent = match self.failures.is_empty() {
            true => 0,
            false => self.recent_failures(task.service, task.spec_version, now),
        };
        let failures = if recent >= MAX_FAILURES { recent } else { 0 };
        (failures, self.active_of(task.service), self.active)
    }
}
