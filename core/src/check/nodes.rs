//! What holds of nodes and of what is placed on them.

use std::rc::Rc;

use super::{Found, Moment};
use crate::collections::Set;
use crate::engine::constraint::Constraint;
use crate::engine::tasks::invalid_node;
use crate::model::{Availability, Node, NodeState, PublishMode, Task, TaskState};

/// Whether a task holds what it reserved.
fn holds(task: &Task) -> bool {
    (TaskState::Assigned..=TaskState::Running).contains(&task.status.state)
}

fn each_node<'m>(moment: &Moment<'m>, mut look: impl FnMut(&'m Rc<Node>, &[&'m Rc<Task>])) {
    let store = moment.world.store();
    for node in store.nodes() {
        let held: Vec<&Rc<Task>> = store.tasks_of_node(node.id).filter(|task| holds(task)).collect();
        look(node, &held);
    }
}

pub(super) fn room(moment: &Moment, found: &mut Found) {
    each_node(moment, |node, held| {
        let reserved = || held.iter().filter_map(|task| task.spec.resources.as_ref()).map(|r| &r.reservations);
        let cpus: i64 = reserved().map(|reserved| reserved.nano_cpus).sum();
        let memory: i64 = reserved().map(|reserved| reserved.memory_bytes).sum();
        if cpus > node.description.nano_cpus || memory > node.description.memory_bytes {
            let name = &node.description.hostname;
            found.add(format!("{name}: {cpus} nano CPUs and {memory} bytes are reserved, more than it has"));
        }
    });
}

pub(super) fn host_ports(moment: &Moment, found: &mut Found) {
    each_node(moment, |node, held| {
        let mut used = Set::new();
        for task in held {
            let ports = task.endpoint.iter().flat_map(|endpoint| &endpoint.ports);
            for port in ports.filter(|port| port.mode == PublishMode::Host && port.published != 0) {
                if !used.insert((port.protocol, port.published)) {
                    found.add(format!("{}: port {} is held twice", node.description.hostname, port.published));
                }
            }
        }
    });
}

/// The tasks that were given to a node since the last look, with the node as it was then.
fn each_placed<'m>(moment: &Moment<'m>, mut look: impl FnMut(&'m Rc<Task>, &'m Rc<Node>)) {
    for task in moment.changed.iter().filter(|task| task.status.state == TaskState::Assigned) {
        let before = moment.seen.tasks.get(&task.id).map(|before| before.status.state);
        let node = task.node.and_then(|node| moment.world.store().node(node));
        // A node that changed in the same millisecond may have changed after the choice.
        let node = node.filter(|node| moment.seen.nodes.get(&node.id).is_some_and(|seen| Rc::ptr_eq(seen, node)));
        if let Some(node) = node.filter(|_| before.is_none_or(|before| before < TaskState::Assigned)) {
            look(task, node);
        }
    }
}

pub(super) fn max_replicas(moment: &Moment, found: &mut Found) {
    each_placed(moment, |task, node| {
        let limit = task.spec.placement.as_ref().map_or(0, |placement| placement.max_replicas);
        let mine = moment.world.store().tasks_of_node(node.id).filter(|other| other.service == task.service);
        let active = mine.filter(|other| holds(other) && other.desired <= TaskState::Complete).count() as u64;
        if limit > 0 && active > limit {
            found.add(format!("{}: {active} tasks on {}, {limit} allowed", task.id, node.description.hostname));
        }
    });
}

pub(super) fn placed(moment: &Moment, found: &mut Found) {
    each_placed(moment, |task, node| {
        let name = &node.description.hostname;
        if node.status.state != NodeState::Ready || node.spec.availability != Availability::Active {
            found.add(format!("{}: given to {name}, which takes no tasks", task.id));
        }
        let texts = task.spec.placement.as_ref().map_or(&[][..], |placement| &placement.constraints);
        let constraints = Constraint::parse_all(texts).unwrap_or_default();
        if !constraints.iter().all(|constraint| constraint.matches(node)) {
            found.add(format!("{}: given to {name}, which does not meet {texts:?}", task.id));
        }
    });
}

/// Jobs stay where they are; what waits to be started is replaced when its wait is over; and a lane of an update of a
/// global service does not look at the node again.
pub(super) fn unfit(moment: &Moment, found: &mut Found) {
    let world = moment.world;
    for node in world.store().nodes().filter(|node| invalid_node(Some(node))) {
        for task in world.store().tasks_of_node(node.id) {
            let of_lane = task.slot == 0 && moment.seen.worked_at.contains_key(&(task.service, 0));
            let wanted = task.desired <= TaskState::Running && task.job_iteration.is_none();
            if wanted && !of_lane && !world.engine_state().restart.is_delayed(task.id) {
                found.add(format!("{}: wanted {:?} on {}", task.id, task.desired, node.description.hostname));
            }
        }
    }
}

pub(super) fn leader(moment: &Moment, found: &mut Found) {
    let leaders =
        moment.world.store().nodes().filter(|node| node.manager.as_ref().is_some_and(|manager| manager.leader));
    let count = leaders.count();
    if count > 1 {
        found.add(format!("{count} nodes lead"));
    }
}
