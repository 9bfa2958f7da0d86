//! The orchestrator of replicated services: keeps as many slots as wanted, replaces what ended, hands slots to the
//! updater.
//!
//! Models: swarmkit manager/orchestrator/replicated/{replicated,services,tasks,slot}.go.

use crate::collections::{self, Map};
use std::rc::Rc;

use super::restart::Restart;
use super::tasks::{Place, invalid_node, is_replicated, new_task, want};
use super::updater::{Slot, Updater};
use super::{Ctx, gomap};
use crate::event::{EventId, Rule};
use crate::id::{NodeId, ServiceId, TaskId};
use crate::model::{Mode, Service, Task, TaskState};
use crate::store::Change;

/// What the next tick is to look at, each with the cause.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replicated {
    restart_tasks: Map<TaskId, Option<EventId>>,
    reconcile_services: Map<ServiceId, Option<EventId>>,
}

impl Replicated {
    pub(super) fn handle(&mut self, change: &Change, ctx: &mut Ctx, restart: &mut Restart) {
        match change {
            Change::ServiceCreated(id) => self.service_changed(*id, ctx),
            Change::ServiceUpdated(old) => self.service_changed(old.id, ctx),
            Change::ServiceDeleted(old) if is_replicated(old) => {
                remove_tasks_of(old.id, ctx);
                restart.forget_service(old.id);
                self.reconcile_services.remove(&old.id);
            }
            Change::TaskCreated(id) => self.task_changed(*id, ctx),
            Change::TaskUpdated(old) => self.task_changed(old.id, ctx),
            Change::TaskDeleted(old) if old.desired <= TaskState::Running => self.service_changed(old.service, ctx),
            Change::NodeCreated(id) => self.node_changed(*id, ctx),
            Change::NodeUpdated(old) => self.node_changed(old.id, ctx),
            Change::NodeDeleted(old) => self.restart_tasks_of_node(old.id, ctx),
            _ => {}
        }
    }

    fn service_changed(&mut self, id: ServiceId, ctx: &Ctx) {
        if ctx.store.service(id).is_some_and(|service| is_replicated(service)) {
            self.reconcile_services.insert(id, ctx.cause);
        }
    }

    fn task_changed(&mut self, id: TaskId, ctx: &Ctx) {
        let Some(task) = ctx.store.task(id).filter(|task| task.desired <= TaskState::Running) else { return };
        if !ctx.store.service(task.service).is_some_and(|service| is_replicated(service)) {
            return;
        }
        let misplaced = task.node.is_some_and(|node| invalid_node(ctx.store.node(node)));
        if task.terminal() || misplaced {
            self.restart_tasks.insert(id, ctx.cause);
        }
    }

    fn node_changed(&mut self, id: NodeId, ctx: &Ctx) {
        if invalid_node(ctx.store.node(id)) {
            self.restart_tasks_of_node(id, ctx);
        }
    }

    fn restart_tasks_of_node(&mut self, id: NodeId, ctx: &Ctx) {
        for task in ctx.store.tasks_of_node(id).filter(|task| task.desired <= TaskState::Running) {
            if ctx.store.service(task.service).is_some_and(|service| is_replicated(service)) {
                self.restart_tasks.insert(task.id, ctx.cause);
            }
        }
    }

    pub(super) fn tick_tasks(&mut self, ctx: &mut Ctx, restart: &mut Restart) {
        for (id, cause) in std::mem::take(&mut self.restart_tasks) {
            let task = ctx.store.task(id).filter(|task| task.desired <= TaskState::Running).map(Rc::clone);
            let Some(task) = task else { continue };
            let Some(service) = ctx.store.service(task.service).map(Rc::clone) else { continue };
            ctx.cause = cause;
            restart.restart(&service, &task, ctx);
        }
    }

    pub(super) fn tick_services(&mut self, ctx: &mut Ctx, restart: &mut Restart, updater: &mut Updater) {
        for (id, cause) in std::mem::take(&mut self.reconcile_services) {
            ctx.cause = cause;
            if let Some(service) = ctx.store.service(id).map(Rc::clone) {
                reconcile(&service, ctx, restart, updater);
            }
        }
    }
}

/// Wants every task of a deleted service removed. Models: orchestrator/service.go, SetServiceTasksRemove.
pub(super) fn remove_tasks_of(service: ServiceId, ctx: &mut Ctx) {
    let tasks: Vec<TaskId> = ctx.store.tasks_of_service(service).map(|task| task.id).collect();
    for task in tasks {
        want(task, TaskState::Remove, Rule::ServiceGone, ctx);
    }
}

fn reconcile(service: &Rc<Service>, ctx: &mut Ctx, restart: &mut Restart, updater: &mut Updater) {
    let Mode::Replicated { replicas: wanted } = service.spec.mode else { return };
    let (running, dead) = slots(service, ctx, restart);
    let have = running.len() as u64;
    if wanted > have {
        updater.update(service, walked(&running, &dead, ctx), ctx, restart);
        let free = (1..).filter(|slot| !running.contains_key(slot));
        let added: Vec<u64> = free.take((wanted - have) as usize).collect();
        ctx.begin(Rule::ScaleUp { have, wanted });
        for slot in &added {
            let task = new_task(service, *slot, None, ctx);
            ctx.store.create_task(task, ctx.now);
        }
        delete_slots(dead.into_iter().filter(|(slot, _)| !added.contains(slot)), ctx);
    } else if wanted < have {
        let mut kept = by_who_stays(running);
        let removed = kept.split_off(wanted as usize);
        updater.update(service, kept, ctx, restart);
        delete_slots(dead.into_iter(), ctx);
        for task in removed.iter().flat_map(|slot| &slot.tasks) {
            want(task.id, TaskState::Remove, Rule::ScaleDown { have, wanted }, ctx);
        }
    } else {
        let slots = walked(&running, &dead, ctx);
        delete_slots(dead.into_iter(), ctx);
        updater.update(service, slots, ctx, restart);
    }
}

/// The slots that the updater may look at, and the tasks of the dead ones, by number.
/// Models: updatableAndDeadSlots.
fn slots(service: &Service, ctx: &Ctx, restart: &Restart) -> (Map<u64, Slot>, Map<u64, Vec<TaskId>>) {
    let mut by_number: Map<u64, Vec<&Rc<Task>>> = Map::new();
    for task in ctx.store.tasks_of_service(service.id) {
        by_number.entry(task.slot).or_default().push(task);
    }
    let (mut running, mut dead) = (Map::new(), Map::new());
    for (number, tasks) in by_number {
        let updatable = restart.updatable(&tasks, service);
        if updatable.is_empty() {
            dead.insert(number, tasks.iter().map(|task| task.id).collect());
        } else {
            let tasks = updatable.into_iter().map(Rc::clone).collect();
            running.insert(number, Slot { place: Place::Slot(number), tasks });
        }
    }
    (running, dead)
}

/// The slots in the order in which Swarm hands them to the updater: that of a map which was filled by going through all
/// tasks by id. A slot with a long history is likely to have been put in first.
fn walked(running: &Map<u64, Slot>, dead: &Map<u64, Vec<TaskId>>, ctx: &mut Ctx) -> Vec<Slot> {
    let mut places: Vec<(TaskId, Option<Slot>)> = Vec::new();
    for (number, slot) in running {
        let Some(service) = slot.tasks.first().map(|task| task.service) else { continue };
        let first = ctx.store.tasks_of_slot(service, *number).map(|task| task.id).min();
        places.extend(first.map(|first| (first, Some(slot.clone()))));
    }
    places.extend(dead.values().filter_map(|tasks| tasks.iter().min().map(|first| (*first, None))));
    collections::sort_by_key(&mut places, |(first, _)| *first);
    gomap::walk(places.into_iter().map(|(_, slot)| slot).collect(), &mut ctx.random.slots)
}

fn delete_slots(dead: impl Iterator<Item = (u64, Vec<TaskId>)>, ctx: &mut Ctx) {
    for (slot, tasks) in dead {
        ctx.begin(Rule::DeadSlot { slot });
        for task in tasks {
            ctx.store.delete_task(task, ctx.now);
        }
    }
}

/// The order in which slots are kept when a service is scaled down: the first stay.
fn by_who_stays(running: Map<u64, Slot>) -> Vec<Slot> {
    let mut slots: Vec<Slot> = running.into_values().collect();
    let is_running = |slot: &Slot| slot.tasks.iter().any(|task| task.status.state == TaskState::Running);
    collections::sort_by_key(&mut slots, |slot| (!is_running(slot), slot.place));
    // Each slot counts as the n-th copy on its node; those without a node of their own go first.
    let mut copies: Map<NodeId, u64> = Map::new();
    let mut counted: Vec<(u64, Slot)> = slots
        .into_iter()
        .map(|slot| {
            let node = if let [task] = slot.tasks.as_slice() { task.node } else { None };
            let index = node.map_or(u64::MAX, |node| {
                let copy = copies.entry(node).or_default();
                *copy += 1;
                *copy
            });
            (index, slot)
        })
        .collect();
    collections::sort_by_key(&mut counted, |(index, _)| *index);
    counted.into_iter().map(|(_, slot)| slot).collect()
}
