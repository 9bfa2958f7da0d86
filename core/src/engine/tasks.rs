//! What the orchestrators know of tasks: how to make one, when one is outdated, which node is no place for one.
//!
//! Models: swarmkit manager/orchestrator/task.go.

use std::rc::Rc;

use super::constraint::Constraint;
use super::{Ctx, text};
use crate::event::Rule;
use crate::id::{NodeId, TaskId};
use crate::model::{
    Availability, Meta, Mode, Node, NodeState, RestartCondition, Service, Task, TaskSpec, TaskState, TaskStatus,
};
use crate::time::Ms;

/// A slot: the tasks that stand for one another. Of a global service, the tasks of one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Slot(u64),
    Node(NodeId),
}

impl Place {
    pub(crate) fn slot(self) -> u64 {
        match self {
            Place::Slot(slot) => slot,
            Place::Node(_) => 0,
        }
    }

    pub(crate) fn node(self) -> Option<NodeId> {
        match self {
            Place::Slot(_) => None,
            Place::Node(node) => Some(node),
        }
    }
}

/// A new task of `service`, wanted RUNNING; not in the store yet.
pub(crate) fn new_task(service: &Service, slot: u64, node: Option<NodeId>, ctx: &mut Ctx) -> Task {
    Task {
        id: TaskId::random(&mut ctx.random.ids),
        meta: Meta::default(),
        spec: Rc::clone(&service.spec.task),
        spec_version: service.spec_version,
        service: service.id,
        service_name: Rc::from(service.spec.name.as_str()),
        service_labels: Rc::new(service.spec.labels.clone()),
        slot,
        node,
        status: TaskStatus {
            state: TaskState::New,
            message: text("created"),
            err: text(""),
            timestamp: ctx.now,
            applied_at: None,
            container: None,
        },
        desired: TaskState::Running,
        endpoint: service.spec.endpoint.clone().map(Rc::new),
        job_iteration: None,
    }
}

/// Wants `desired` of a task, in a transaction of its own. Desired states never go back: returns whether it changed.
pub(crate) fn want(task: TaskId, desired: TaskState, rule: Rule, ctx: &mut Ctx) -> bool {
    match ctx.store.task(task) {
        Some(found) if found.desired < desired => {
            ctx.begin(rule);
            ctx.store.update_task(task, ctx.now, |task| task.desired = desired)
        }
        _ => false,
    }
}

/// Whether a node takes no tasks of services any more, so that those it has must move.
pub(crate) fn invalid_node(node: Option<&Rc<Node>>) -> bool {
    node.is_none_or(|node| node.status.state == NodeState::Down || node.spec.availability == Availability::Drain)
}

/// Why the node of a task takes it no more.
pub(crate) fn unfit(task: &Task, ctx: &Ctx) -> Rule {
    let reason = match task.node.and_then(|node| ctx.store.node(node)) {
        None => "removed",
        Some(node) if node.status.state == NodeState::Down => "down",
        Some(node) if node.spec.availability != Availability::Active => node.spec.availability.word(),
        Some(_) => "constraints",
    };
    Rule::NodeUnfit { reason }
}

/// Whether `task` is outdated: not what `service` asks for now.
pub(crate) fn is_dirty(service: &Service, task: &Task, node: Option<&Node>) -> bool {
    if service.spec_version == task.spec_version {
        return false;
    }
    let (wanted, had) = (&service.spec.task, &task.spec);
    if only_placement_differs(wanted, had) && node.is_some_and(|node| node_matches(service, node)) {
        return false;
    }
    wanted != had || service.spec.endpoint.as_ref() != task.endpoint.as_deref()
}

fn only_placement_differs(wanted: &TaskSpec, had: &TaskSpec) -> bool {
    if wanted.placement == had.placement {
        return false;
    }
    let moved = TaskSpec { placement: had.placement.clone(), ..wanted.clone() };
    moved == *had
}

/// Whether a node meets the constraints of a service.
pub(crate) fn node_matches(service: &Service, node: &Node) -> bool {
    let constraints = service.spec.task.placement.as_ref().map_or(&[][..], |placement| &placement.constraints);
    // A constraint that cannot be read was refused when the service was made.
    let constraints = Constraint::parse_all(constraints).unwrap_or_default();
    constraints.iter().all(|constraint| constraint.matches(node))
}

/// The time by which tasks are old or new: the manager's if it has one, else the agent's.
pub(crate) fn timestamp(task: &Task) -> Ms {
    task.status.applied_at.unwrap_or(task.status.timestamp)
}

/// The condition under which a task is restarted.
pub(crate) fn restart_condition(task: &Task) -> RestartCondition {
    task.spec.restart.as_ref().map_or(RestartCondition::Any, |restart| restart.condition)
}

pub(crate) fn is_replicated(service: &Service) -> bool {
    matches!(service.spec.mode, Mode::Replicated { .. })
}

pub(crate) fn is_global(service: &Service) -> bool {
    matches!(service.spec.mode, Mode::Global)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tests::{Made, Swarm};

    /// Upstream: swarmkit manager/orchestrator/task_test.go TestTaskSort
    #[test]
    fn tasks_are_as_old_as_the_manager_knows_else_as_their_agents_say() {
        let mut swarm = Swarm::new();
        let service = swarm.service("app", Mode::Replicated { replicas: 5 });
        let now = swarm.now;
        let made = [1, 2, 3, 4, 5].map(|slot| swarm.task(service, Made { slot, at: now - slot, ..swarm.runs() }));
        let by_age = |swarm: &Swarm| {
            let mut tasks = swarm.others(service, &[]);
            crate::collections::sort_by_key(&mut tasks, |task| timestamp(task));
            tasks.iter().map(|task| task.slot).collect::<Vec<_>>()
        };
        assert_eq!(by_age(&swarm), [5, 4, 3, 2, 1]);
        for (order, task) in (1..).zip(made) {
            swarm.store.update_task(task, now, |task| task.status.applied_at = Some(order));
        }
        assert_eq!(by_age(&swarm), [1, 2, 3, 4, 5]);
    }
}
