//! The constraint enforcer: rejects tasks on nodes that no longer fit them.
//!
//! Models: swarmkit manager/orchestrator/constraintenforcer/constraint_enforcer.go.

use std::rc::Rc;

use super::constraint::Constraint;
use super::{Ctx, text};
use crate::collections::Map;
use crate::event::Rule;
use crate::id::{NodeId, TaskId};
use crate::model::{Availability, Task, TaskState};
use crate::store::Change;

pub(super) fn handle(change: &Change, ctx: &mut Ctx) {
    let Change::NodeUpdated(old) = change else { return };
    for (task, unmet) in noncompliant(old.id, ctx) {
        ctx.begin(Rule::NoLongerMeetsConstraints { unmet: unmet.into() });
        let now = ctx.now;
        ctx.store.update_task(task, now, |task| {
            task.status.state = TaskState::Rejected;
            task.status.message = text("task rejected by constraint enforcer");
            task.status.err = text("assigned node no longer meets constraints");
            task.status.timestamp = now;
        });
    }
}

/// The tasks of a node that do not fit it, each with what it wants in vain.
fn noncompliant(node: NodeId, ctx: &Ctx) -> Vec<(TaskId, String)> {
    let Some(node) = ctx.store.node(node).filter(|node| node.spec.availability == Availability::Active) else {
        return Vec::new();
    };
    let (mut cpus, mut memory) = (node.description.nano_cpus, node.description.memory_bytes);
    let mut generic: Map<String, i64> = node.description.generic.iter().cloned().collect();
    let mut found = Vec::new();
    for task in ctx.store.tasks_of_node(node.id) {
        let wanted = (TaskState::Assigned..=TaskState::Complete).contains(&task.desired);
        if !wanted || task.status.state >= TaskState::Complete {
            continue;
        }
        if let Some(unmet) = constraints(task, ctx).iter().find(|constraint| !constraint.matches(node)) {
            found.push((task.id, unmet.to_string()));
            continue;
        }
        if let Some(reserved) = task.spec.resources.as_ref().map(|resources| &resources.reservations) {
            if reserved.memory_bytes > memory || reserved.nano_cpus > cpus {
                found.push((task.id, "reservations".to_owned()));
                continue;
            }
            memory -= reserved.memory_bytes;
            cpus -= reserved.nano_cpus;
            for (kind, count) in &reserved.generic {
                let Some(left) = generic.get_mut(kind).filter(|left| **left >= *count) else {
                    found.push((task.id, kind.clone()));
                    // Swarm looks at no further task then.
                    return found;
                };
                *left -= count;
            }
        }
    }
    found
}

/// The constraints that count: those of the service as it is now; the task's own only if the service is gone.
fn constraints(task: &Rc<Task>, ctx: &Ctx) -> Vec<Constraint> {
    let spec = ctx.store.service(task.service).map_or(&task.spec, |service| &service.spec.task);
    let texts = spec.placement.as_ref().map_or(&[][..], |placement| &placement.constraints);
    Constraint::parse_all(texts).unwrap_or_default()
}
