//! The orchestrator of global services: one task on every node that fits.
//!
//! Models: swarmkit manager/orchestrator/global/global.go. Unlike the replicated orchestrator it works event by event,
//! not commit by commit.

use crate::collections::Map;
use std::rc::Rc;

use super::restart::Restart;
use super::tasks::{Place, is_dirty, is_global, new_task, node_matches, unfit, want};
use super::updater::{Slot, Updater};
use super::{Ctx, gomap, replicated};
use crate::event::{EventId, Rule};
use crate::id::{NodeId, TaskId};
use crate::model::{Availability, Node, NodeState, Service, Task, TaskState};
use crate::store::Change;

#[derive(Clone, Debug, Default)]
pub(crate) struct Global {
    restart_tasks: Map<TaskId, Option<EventId>>,
}

impl Global {
    pub(super) fn handle(
        &mut self,
        change: &Change,
        event: EventId,
        ctx: &mut Ctx,
        restart: &mut Restart,
        updater: &mut Updater,
    ) {
        match change {
            Change::ServiceCreated(id) => reconcile(ctx.store.service(*id).cloned(), ctx, restart, updater),
            Change::ServiceUpdated(old) => reconcile(ctx.store.service(old.id).cloned(), ctx, restart, updater),
            Change::ServiceDeleted(old) if is_global(old) => {
                replicated::remove_tasks_of(old.id, ctx);
                restart.forget_service(old.id);
            }
            Change::NodeCreated(id) => reconcile_node(*id, ctx, restart),
            Change::NodeUpdated(old) => reconcile_node(old.id, ctx, restart),
            Change::NodeDeleted(old) => {
                for task in global_tasks_on(old.id, ctx) {
                    ctx.begin(unfit(&task, ctx));
                    ctx.store.delete_task(task.id, ctx.now);
                }
            }
            Change::TaskCreated(id) => self.task_changed(*id, event, ctx),
            Change::TaskUpdated(old) => self.task_changed(old.id, event, ctx),
            _ => {}
        }
    }

    /// A new task has not ended; but one that has may be shown to a new leader as if it were new.
    fn task_changed(&mut self, id: TaskId, event: EventId, ctx: &Ctx) {
        let Some(task) = ctx.store.task(id) else { return };
        let global = ctx.store.service(task.service).is_some_and(|service| is_global(service));
        if global && task.desired <= TaskState::Running && task.terminal() {
            self.restart_tasks.insert(id, Some(event));
        }
    }

    pub(super) fn tick_tasks(&mut self, ctx: &mut Ctx, restart: &mut Restart) {
        for (id, cause) in std::mem::take(&mut self.restart_tasks) {
            ctx.cause = cause;
            let task = ctx.store.task(id).filter(|task| task.desired <= TaskState::Running).cloned();
            let Some(task) = task else { continue };
            let Some(service) = ctx.store.service(task.service).cloned() else { continue };
            let Some(node) = task.node.and_then(|node| ctx.store.node(node)).cloned() else { continue };
            if !takes_part(&node) {
                continue;
            }
            if node.spec.availability == Availability::Pause || !node_matches(&service, &node) {
                want(id, TaskState::Shutdown, unfit(&task, ctx), ctx);
            } else {
                restart.restart(&service, &task, ctx);
            }
        }
    }
}

/// Whether a node is in the orchestrator's set: neither drained nor down.
fn takes_part(node: &Node) -> bool {
    node.spec.availability != Availability::Drain && node.status.state != NodeState::Down
}

fn global_tasks_on(node: NodeId, ctx: &Ctx) -> Vec<Rc<Task>> {
    let of_global = |task: &&Rc<Task>| ctx.store.service(task.service).is_some_and(|service| is_global(service));
    ctx.store.tasks_of_node(node).filter(of_global).cloned().collect()
}

/// Models: reconcileServices.
fn reconcile(service: Option<Rc<Service>>, ctx: &mut Ctx, restart: &mut Restart, updater: &mut Updater) {
    let Some(service) = service.filter(|service| is_global(service)) else { return };
    let mut by_node = updatable_by_node(&service, ctx, restart);
    let places = ctx.store.nodes().map(|node| takes_part(node).then(|| Rc::clone(node))).collect();
    let nodes: Vec<Rc<Node>> = gomap::walk(places, &mut ctx.random.slots);
    let mut slots = Vec::new();
    for node in nodes {
        let tasks = by_node.remove(&node.id).unwrap_or_default();
        if !node_matches(&service, &node) {
            shut_down(&tasks, ctx);
        } else if node.spec.availability == Availability::Pause {
            // Neither more nor other tasks here.
        } else if tasks.is_empty() {
            add(&service, node.id, ctx);
        } else {
            slots.push(Slot { place: Place::Node(node.id), tasks });
        }
    }
    for tasks in by_node.values() {
        shut_down(tasks, ctx);
    }
    if !slots.is_empty() {
        updater.update(&service, slots, ctx, restart);
    }
}

fn updatable_by_node(service: &Service, ctx: &Ctx, restart: &Restart) -> Map<NodeId, Vec<Rc<Task>>> {
    let mut by_node: Map<NodeId, Vec<&Rc<Task>>> = Map::new();
    for task in ctx.store.tasks_of_service(service.id) {
        if let Some(node) = task.node {
            by_node.entry(node).or_default().push(task);
        }
    }
    let updatable = |tasks: Vec<&Rc<Task>>| restart.updatable(&tasks, service).into_iter().cloned().collect::<Vec<_>>();
    by_node.into_iter().map(|(node, tasks)| (node, updatable(tasks))).filter(|(_, tasks)| !tasks.is_empty()).collect()
}

/// Models: reconcileOneNode. An outdated task is replaced at once here, for this is no rolling update.
fn reconcile_node(id: NodeId, ctx: &mut Ctx, restart: &Restart) {
    let Some(node) = ctx.store.node(id).cloned() else { return };
    if !takes_part(&node) {
        let tasks = global_tasks_on(id, ctx);
        shut_down(&tasks, ctx);
        return;
    }
    if node.spec.availability == Availability::Pause {
        return;
    }
    let services: Vec<Rc<Service>> = ctx.store.services().filter(|service| is_global(service)).cloned().collect();
    for service in services.iter().filter(|service| node_matches(service, &node)) {
        let tasks = updatable_by_node(service, ctx, restart).remove(&id).unwrap_or_default();
        let (mut outdated, clean): (Vec<_>, Vec<_>) =
            tasks.into_iter().partition(|task| is_dirty(service, task, Some(&node)));
        if clean.is_empty() {
            add(service, id, ctx);
        }
        outdated.extend(clean.into_iter().skip(1));
        for task in outdated {
            want(task.id, TaskState::Shutdown, Rule::OutdatedOnNode, ctx);
        }
    }
}

fn add(service: &Service, node: NodeId, ctx: &mut Ctx) {
    ctx.begin(Rule::OnePerNode);
    let task = new_task(service, 0, Some(node), ctx);
    ctx.store.create_task(task, ctx.now);
}

fn shut_down(tasks: &[Rc<Task>], ctx: &mut Ctx) {
    for task in tasks {
        want(task.id, TaskState::Shutdown, unfit(task, ctx), ctx);
    }
}
