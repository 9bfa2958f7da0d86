//! The task reaper: keeps a slot's history short, and removes tasks that were to go and have stopped.
//!
//! Models: swarmkit manager/orchestrator/taskreaper/task_reaper.go.

use crate::collections::{self, Map, Set};
use std::rc::Rc;

use super::tasks::timestamp;
use super::{Ctx, Due};
use crate::event::{EventId, Rule};
use crate::id::{NodeId, ServiceId, TaskId};
use crate::model::{Mode, Task, TaskState};
use crate::queue::Ticket;
use crate::store::Change;
use crate::time::Ms;

/// How long candidates are collected.
const BATCHING_INTERVAL: Ms = 250;

/// Above so many candidates it works at once.
const MAX_DIRTY: usize = 1000;

#[derive(Clone, Debug, Default)]
pub(crate) struct Reaper {
    /// Slots that got a new task since they were last looked at.
    dirty: Map<(ServiceId, u64, Option<NodeId>), Option<EventId>>,
    cleanup: Map<TaskId, Option<EventId>>,
    timer: Option<Ticket>,
    /// When it began to look.
    since: Ms,
}

impl Reaper {
    /// What a new leader begins with: it deletes what was to be removed and has stopped. The history of slots it lets
    /// be until they get a new task.
    pub(super) fn begin(ctx: &mut Ctx) -> Reaper {
        let cleanup = ctx.store.tasks().filter(|task| to_go(task)).map(|task| (task.id, ctx.cause)).collect();
        let mut reaper = Reaper { since: ctx.now, cleanup, ..Reaper::default() };
        reaper.tick(ctx);
        reaper
    }

    pub(super) fn handle(&mut self, change: &Change, ctx: &mut Ctx) {
        match change {
            Change::TaskCreated(id) => {
                // A new leader is shown all tasks: those that were there before are no news.
                let new = |task: &&Rc<Task>| task.meta.created >= self.since;
                let Some(task) = ctx.store.task(*id).filter(new) else { return };
                self.dirty.insert((task.service, task.slot, task.node), ctx.cause);
            }
            Change::TaskUpdated(old) => {
                let Some(task) = ctx.store.task(old.id) else { return };
                if to_go(task) {
                    self.cleanup.insert(task.id, ctx.cause);
                }
            }
            _ => return,
        }
        if self.dirty.len() + self.cleanup.len() > MAX_DIRTY {
            if let Some(timer) = self.timer.take() {
                ctx.queue.cancel(timer);
            }
            self.tick(ctx);
        } else if self.timer.is_none() {
            self.timer = Some(ctx.later(BATCHING_INTERVAL, Due::Reap));
        }
    }

    pub(super) fn tick(&mut self, ctx: &mut Ctx) {
        self.timer = None;
        for (task, cause) in std::mem::take(&mut self.cleanup) {
            ctx.cause = cause;
            ctx.begin(Rule::RemovedTaskStopped);
            ctx.store.delete_task(task, ctx.now);
        }
        let dirty = std::mem::take(&mut self.dirty);
        for ((service, slot, node), cause) in dirty {
            ctx.cause = cause;
            if clean_slot(service, slot, node, ctx) == Slot::StaysDirty {
                self.dirty.insert((service, slot, node), cause);
            }
        }
    }
}

/// Whether a task is to be removed and no agent has to do with it any more.
fn to_go(task: &Task) -> bool {
    let stopped = task.status.state < TaskState::Assigned || task.status.state >= TaskState::Complete;
    task.desired == TaskState::Remove && stopped
}

#[derive(PartialEq, Eq)]
enum Slot {
    Clean,
    /// More than one of its tasks still lives: it is looked at again at the next tick.
    StaysDirty,
}

/// Deletes the oldest tasks of a slot that can run no more, until no more are left than the history may hold.
fn clean_slot(service: ServiceId, slot: u64, node: Option<NodeId>, ctx: &mut Ctx) -> Slot {
    let Some(found) = ctx.store.service(service) else { return Slot::Clean };
    let attempts = found.spec.task.restart.as_ref().map_or(0, |restart| restart.max_attempts);
    let limit = match attempts {
        0 => ctx.store.cluster().task_history_limit,
        attempts => i64::try_from(attempts).map_or(i64::MAX, |attempts| attempts.saturating_add(1)),
    };
    let mut tasks: Vec<Rc<Task>> = match (found.spec.mode, node) {
        _ if limit < 0 => return Slot::Clean,
        (Mode::Replicated { .. }, _) => ctx.store.tasks_of_slot(service, slot).map(Rc::clone).collect(),
        (Mode::Global, Some(node)) => {
            ctx.store.tasks_of_slot(service, 0).filter(|task| task.node == Some(node)).map(Rc::clone).collect()
        }
        // The history of jobs is not counted.
        _ => return Slot::Clean,
    };
    let surplus = tasks.len().saturating_sub(usize::try_from(limit).unwrap_or(usize::MAX));
    if surplus == 0 {
        return Slot::Clean;
    }
    collections::sort_by_key(&mut tasks, |task| timestamp(task));
    let mut live = 0;
    let mut gone: Set<TaskId> = Set::new();
    for task in &tasks {
        let never_runs = task.status.state < TaskState::Assigned && task.desired > TaskState::Running;
        if task.terminal() || never_runs {
            gone.insert(task.id);
            if gone.len() == surplus {
                break;
            }
        } else {
            live += 1;
        }
    }
    if !gone.is_empty() {
        ctx.begin(Rule::History { limit, tasks: tasks.len() });
    }
    for task in gone {
        ctx.store.delete_task(task, ctx.now);
    }
    if live > 1 { Slot::StaysDirty } else { Slot::Clean }
}
