//! The updater: takes a service's slots from an old spec to the one wanted now, so many lanes at a time, and decides
//! what failures mean. One update per service at most.
//!
//! Models: swarmkit manager/orchestrator/update/updater.go. The goroutines of Updater.Run and its workers are plain
//! data here: a phase, and lanes with what each waits for. Where Go's select would pick at random between a failure
//! and a free lane, the failure comes first.

use crate::collections::{Map, Set};
use std::collections::VecDeque;
use std::rc::Rc;

use super::restart::Restart;
use super::tasks::{Place, is_dirty, new_task, want};
use super::{AT_ONCE, Ctx, Due, TRANSACTION};
use crate::event::{EventId, Rule};
use crate::id::{ServiceId, TaskId};
use crate::model::{FailureAction, Order, Service, Task, TaskState, UpdateConfig, UpdateState, UpdateStatus};
use crate::queue::Ticket;
use crate::store::Change;
use crate::time::{Ms, SECOND, nanos_to_ms};

/// The tasks of one slot that an update is to look at, as they were when it was handed over.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) place: Place,
    pub(crate) tasks: Vec<Rc<Task>>,
}

/// The updates under way. Models: update.Supervisor.
#[derive(Clone, Debug, Default)]
pub(crate) struct Updater {
    updates: Map<ServiceId, Update>,
    runs: u64,
}

/// One run. Models: update.Updater.
#[derive(Clone, Debug)]
pub(crate) struct Update {
    run: u64,
    /// The service as it was when the run began: the goal.
    service: Rc<Service>,
    pub(crate) config: UpdateConfig,
    pub(crate) monitor_ms: Ms,
    pub(crate) rolling_back: bool,
    pub(crate) dirty_slots: usize,
    pub(crate) waiting: VecDeque<Slot>,
    pub(crate) lanes: Vec<Lane>,
    /// Which lane waits for which task, and which have nothing to do.
    lane_of: Map<TaskId, usize>,
    free: Set<usize>,
    pub(crate) phase: Phase,
    /// The tasks that this run made; with the time at which they were seen running (or ended).
    pub(crate) updated: Map<TaskId, Option<Ms>>,
    failed: Set<TaskId>,
    /// Ends of tasks that were seen while the run only waited for its lanes.
    unjudged: Vec<(TaskId, Option<EventId>)>,
    /// No further slots are taken, and the update will not be completed.
    stopped: bool,
    /// As many slots were handed out as can be in one moment: each is written in a transaction of its own.
    held: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Phase {
    HandingOut,
    /// All slots are handed out, or the run was stopped: it waits for its lanes.
    Draining,
    /// It watches for failures once more.
    Monitoring {
        since: Ms,
        until: Ms,
        ticket: Ticket,
    },
}

#[derive(Clone, Debug)]
pub(crate) struct Lane {
    pub(crate) since: Ms,
    pub(crate) work: Work,
}

#[derive(Clone, Debug)]
pub(crate) enum Work {
    Idle,
    /// Waits for a new task, first to be let start, then to run.
    Starting {
        slot: Slot,
    },
    /// Waits for a task that was there already to be let start.
    Keeping {
        slot: Slot,
    },
    /// Sleeps the delay.
    Delay {
        slot: Slot,
        until: Ms,
        ticket: Ticket,
    },
}

impl Update {
    pub(crate) fn failures(&self) -> usize {
        self.failed.len()
    }

    /// Until when the end of `task` would count as a failure of this update.
    pub(crate) fn monitored_until(&self, task: TaskId) -> Option<Ms> {
        self.updated.get(&task).copied().flatten().map(|since| since + self.monitor_ms)
    }
}

impl Updater {
    pub(crate) fn update_of(&self, service: ServiceId) -> Option<&Update> {
        self.updates.get(&service)
    }

    /// Begins to take `slots` to the spec of `service`, unless a run is already on its way there.
    /// Models: Supervisor.Update.
    pub(super) fn update(&mut self, service: &Rc<Service>, slots: Vec<Slot>, ctx: &mut Ctx, restart: &mut Restart) {
        if let Some(running) = self.updates.get(&service.id) {
            if running.service.spec == service.spec {
                return;
            }
            self.cancel(service.id, ctx);
        }
        self.begin(service, slots, ctx, restart);
    }

    fn cancel(&mut self, service: ServiceId, ctx: &mut Ctx) {
        let Some(update) = self.updates.remove(&service) else { return };
        for lane in update.lanes {
            if let Work::Delay { ticket, .. } = lane.work {
                ctx.queue.cancel(ticket);
            }
        }
        if let Phase::Monitoring { ticket, .. } = update.phase {
            ctx.queue.cancel(ticket);
        }
    }

    /// The first half of Updater.Run.
    fn begin(&mut self, service: &Rc<Service>, slots: Vec<Slot>, ctx: &mut Ctx, restart: &mut Restart) {
        let state = service.update_status.as_ref().map(|status| status.state);
        if matches!(state, Some(UpdateState::Paused | UpdateState::RollbackPaused)) {
            return;
        }
        let dirty: VecDeque<Slot> = slots.into_iter().filter(|slot| slot_is_dirty(service, slot, ctx)).collect();
        if dirty.is_empty() {
            if matches!(state, Some(UpdateState::Updating | UpdateState::RollbackStarted)) {
                complete(service.id, Rule::NothingDirty, ctx);
            }
            return;
        }
        if state.is_none() {
            start(service.id, dirty.len(), ctx);
        }
        let rolling_back = state == Some(UpdateState::RollbackStarted);
        let config = if rolling_back { &service.spec.rollback } else { &service.spec.update };
        let config = config.clone().unwrap_or_default();
        let parallelism = usize::try_from(config.parallelism).unwrap_or(usize::MAX);
        let lanes = if parallelism == 0 { dirty.len() } else { parallelism.min(dirty.len()) };
        self.runs += 1;
        let update = Update {
            run: self.runs,
            service: Rc::clone(service),
            monitor_ms: nanos_to_ms(config.monitor_or_default()),
            config,
            rolling_back,
            dirty_slots: dirty.len(),
            waiting: dirty,
            lanes: vec![Lane { since: ctx.now, work: Work::Idle }; lanes],
            lane_of: Map::new(),
            free: (0..lanes).collect(),
            phase: Phase::HandingOut,
            updated: Map::new(),
            failed: Set::new(),
            unjudged: Vec::new(),
            stopped: false,
            held: false,
        };
        self.updates.insert(service.id, update);
        self.go_on(service.id, ctx, restart);
    }

    /// Whether the end of a task is one that an update has to judge.
    pub(super) fn judges(&self, change: &Change, ctx: &Ctx) -> bool {
        let Change::TaskUpdated(old) = change else { return false };
        self.updates.get(&old.service).is_some_and(|update| {
            update.config.failure_action != FailureAction::Continue
                && update.updated.contains_key(&old.id)
                && ctx.store.task(old.id).is_some_and(|task| task.terminal())
        })
    }

    /// Sees a task end that an update made.
    pub(super) fn task_ended(&mut self, change: &Change, ctx: &mut Ctx) {
        let Change::TaskUpdated(old) = change else { return };
        let Some(update) = self.updates.get_mut(&old.service) else { return };
        match update.phase {
            Phase::Draining => update.unjudged.push((old.id, ctx.cause)),
            Phase::HandingOut | Phase::Monitoring { .. } => self.judge(old.service, old.id, ctx),
        }
    }

    /// Sees tasks of updates change.
    pub(super) fn task_changed(&mut self, change: &Change, ctx: &mut Ctx, restart: &mut Restart) {
        if let Change::TaskUpdated(old) = change {
            self.lane_goes_on(old.service, old.id, ctx, restart);
        }
    }

    /// The restart supervisor has let a task start, or has given up.
    pub(super) fn start_is_over(&mut self, task: TaskId, restart: &mut Restart, ctx: &mut Ctx) {
        if let Some(service) = ctx.store.task(task).map(|task| task.service) {
            self.lane_goes_on(service, task, ctx, restart);
        }
    }

    /// Lets the lane that works at `task` go on, if what it waits for is there. Models: the end of updateTask.
    fn lane_goes_on(&mut self, service: ServiceId, task: TaskId, ctx: &mut Ctx, restart: &mut Restart) {
        let Some(update) = self.updates.get_mut(&service) else { return };
        let found = update.lane_of.get(&task).copied();
        let Some(number) = found.filter(|_| !restart.is_delayed(task)) else { return };
        let state = ctx.store.task(task).map(|task| task.status.state);
        match &update.lanes[number].work {
            Work::Starting { slot } => {
                let Some(state) = state.filter(|state| *state >= TaskState::Running) else { return };
                update.updated.insert(task, Some(ctx.now));
                if update.config.order == Order::StartFirst && state == TaskState::Running {
                    stop_old(&slot.tasks.clone(), None, Rule::NewTaskRuns { task }, ctx);
                }
            }
            Work::Keeping { .. } => {}
            Work::Idle | Work::Delay { .. } => unreachable!("such lanes wait for no task"),
        }
        update.lane_of.remove(&task);
        let slot = match std::mem::replace(&mut update.lanes[number].work, Work::Idle) {
            Work::Starting { slot } | Work::Keeping { slot } => slot,
            Work::Idle | Work::Delay { .. } => unreachable!("such lanes wait for no task"),
        };
        self.slot_is_done(service, number, slot, ctx);
        self.go_on(service, ctx, restart);
    }

    /// A lane has brought a slot to its goal: it sleeps, then it is free.
    fn slot_is_done(&mut self, service: ServiceId, number: usize, slot: Slot, ctx: &mut Ctx) {
        let Some(update) = self.updates.get_mut(&service) else { return };
        let delay_ms = nanos_to_ms(update.config.delay);
        let work = if delay_ms == 0 {
            update.free.insert(number);
            Work::Idle
        } else {
            let due = Due::LaneDelay { service, run: update.run, lane: number };
            Work::Delay { slot, until: ctx.now + delay_ms, ticket: ctx.later(delay_ms, due) }
        };
        update.lanes[number] = Lane { since: ctx.now, work };
    }

    /// Goes on to hand out slots.
    pub(super) fn hand_out(&mut self, service: ServiceId, run: u64, restart: &mut Restart, ctx: &mut Ctx) {
        if let Some(update) = self.updates.get_mut(&service).filter(|update| update.run == run) {
            update.held = false;
            self.go_on(service, ctx, restart);
        }
    }

    pub(super) fn lane_delay_over(
        &mut self,
        service: ServiceId,
        run: u64,
        lane: usize,
        restart: &mut Restart,
        ctx: &mut Ctx,
    ) {
        let Some(update) = self.updates.get_mut(&service).filter(|update| update.run == run) else { return };
        update.lanes[lane] = Lane { since: ctx.now, work: Work::Idle };
        update.free.insert(lane);
        self.go_on(service, ctx, restart);
    }

    /// Hands slots to free lanes; when all are handed out, waits for the lanes; then watches once more.
    fn go_on(&mut self, service: ServiceId, ctx: &mut Ctx, restart: &mut Restart) {
        let mut taken = 0;
        loop {
            let Some(update) = self.updates.get_mut(&service) else { return };
            match update.phase {
                Phase::HandingOut => {
                    let free = update.free.first().copied();
                    if update.waiting.is_empty() {
                        update.phase = Phase::Draining;
                    } else if update.held {
                        return;
                    } else if taken == AT_ONCE {
                        update.held = true;
                        ctx.later(TRANSACTION, Due::HandOut { service, run: update.run });
                    } else if let Some(lane) = free {
                        taken += 1;
                        self.take_slot(service, lane, ctx, restart);
                    } else {
                        return;
                    }
                }
                Phase::Draining => {
                    if update.free.len() < update.lanes.len() {
                        return;
                    }
                    if update.stopped {
                        self.updates.remove(&service);
                        return;
                    }
                    self.monitor(service, ctx);
                    return;
                }
                Phase::Monitoring { .. } => return,
            }
        }
    }

    /// Models: the body of Updater.worker.
    fn take_slot(&mut self, service: ServiceId, number: usize, ctx: &mut Ctx, restart: &mut Restart) {
        let Some(update) = self.updates.get_mut(&service) else { return };
        let Some(slot) = update.waiting.pop_front() else { return };
        update.free.remove(&number);
        let goal = Rc::clone(&update.service);
        // The slot's tasks as they were when the run began, judged by what they are now on their nodes.
        let clean = |task: &&Rc<Task>| {
            let node = task.node.and_then(|node| ctx.store.node(node));
            !is_dirty(&goal, task, node.map(Rc::as_ref))
        };
        let kept = slot.tasks.iter().filter(clean).find(|task| task.desired == TaskState::Running);
        let kept = kept.or_else(|| slot.tasks.iter().filter(clean).rfind(|task| task.desired < TaskState::Running));
        let kept = kept.map(Rc::clone);
        if let Some(kept) = kept {
            self.keep(service, number, slot, &kept, ctx, restart);
            return;
        }
        let order = update.config.order;
        let gone = ctx.store.service(service).is_none();
        if gone || order == Order::StopFirst && already_stopped(&slot.tasks, None, ctx) {
            self.slot_is_done(service, number, slot, ctx);
            return;
        }
        let rule = Rule::LaneTakesSlot { slot: slot.place.slot(), order };
        let mut new = new_task(&goal, slot.place.slot(), slot.place.node(), ctx);
        new.desired = TaskState::Ready;
        let id = new.id;
        update.updated.insert(id, None);
        ctx.begin(rule.clone());
        ctx.store.create_task(new, ctx.now);
        let old = match order {
            Order::StartFirst => None,
            Order::StopFirst => stop_old(&slot.tasks, None, rule, ctx),
        };
        update.lanes[number] = Lane { since: ctx.now, work: Work::Starting { slot } };
        update.lane_of.insert(id, number);
        restart.delay_start(old.as_deref(), id, 0, ctx);
    }

    /// Models: useExistingTask.
    fn keep(
        &mut self,
        service: ServiceId,
        number: usize,
        slot: Slot,
        kept: &Rc<Task>,
        ctx: &mut Ctx,
        restart: &mut Restart,
    ) {
        let too_late = already_stopped(&slot.tasks, Some(kept.id), ctx);
        let old = stop_old(&slot.tasks, Some(kept.id), Rule::CleanTaskStays { task: kept.id }, ctx);
        if kept.desired == TaskState::Running || too_late {
            self.slot_is_done(service, number, slot, ctx);
            return;
        }
        if let Some(update) = self.updates.get_mut(&service) {
            update.lanes[number] = Lane { since: ctx.now, work: Work::Keeping { slot } };
            update.lane_of.insert(kept.id, number);
        }
        restart.delay_start(old.as_deref(), kept.id, 0, ctx);
    }

    /// All slots are done: what failed meanwhile is judged, and then the last watch begins.
    fn monitor(&mut self, service: ServiceId, ctx: &mut Ctx) {
        let Some(update) = self.updates.get_mut(&service) else { return };
        let delay_ms = nanos_to_ms(update.config.delay);
        if delay_ms >= update.monitor_ms {
            update.monitor_ms = delay_ms + SECOND;
        }
        let until = ctx.now + update.monitor_ms;
        let ticket = ctx.later(update.monitor_ms, Due::MonitorEnd { service, run: update.run });
        update.phase = Phase::Monitoring { since: ctx.now, until, ticket };
        for (task, cause) in std::mem::take(&mut update.unjudged) {
            ctx.cause = cause;
            self.judge(service, task, ctx);
        }
    }

    pub(super) fn monitor_over(&mut self, service: ServiceId, run: u64, ctx: &mut Ctx) {
        if self.updates.get(&service).is_none_or(|update| update.run != run) {
            return;
        }
        if let Some(update) = self.updates.remove(&service) {
            let (monitor_ms, failures, dirty_slots) = (update.monitor_ms, update.failures(), update.dirty_slots);
            complete(service, Rule::UpdateDone { monitor_ms, failures, dirty_slots }, ctx);
        }
    }

    /// Whether the end of a task is a failure, and what follows. Models: failureTriggersAction.
    fn judge(&mut self, service: ServiceId, task: TaskId, ctx: &mut Ctx) {
        let Some(update) = self.updates.get_mut(&service) else { return };
        let Some(seen) = update.updated.get(&task) else { return };
        let in_time = seen.is_none_or(|since| ctx.now - since <= update.monitor_ms);
        if !in_time || !update.failed.insert(task) {
            return;
        }
        let (failures, dirty_slots) = (update.failed.len(), update.dirty_slots);
        let max_failure_ratio = update.config.max_failure_ratio;
        // The one place where Swarm decides by a floating point number.
        let ratio = failures as f32 / dirty_slots as f32;
        if ratio <= max_failure_ratio {
            return;
        }
        let action = update.config.failure_action;
        let rule = Rule::TooManyFailures {
            task,
            failures,
            dirty_slots,
            ratio,
            max_failure_ratio,
            action,
            monitor_ms: update.monitor_ms,
        };
        let reason = format!("due to failure or early termination of task {task}");
        let mut completes = false;
        match action {
            FailureAction::Continue => return,
            FailureAction::Pause => {
                update.stopped = true;
                pause(service, format!("update paused {reason}"), rule, ctx);
            }
            // A rollback is never rolled back. Swarm forgets to mark the run as stopped here, so that it ends as completed.
            FailureAction::Rollback if update.rolling_back => {
                completes = true;
                pause(service, format!("rollback paused {reason}"), rule, ctx);
            }
            FailureAction::Rollback => {
                update.stopped = true;
                roll_back(service, format!("update rolled back {reason}"), rule, ctx);
            }
        }
        match update.phase {
            Phase::Monitoring { ticket, .. } => {
                ctx.queue.cancel(ticket);
                self.updates.remove(&service);
                if completes {
                    complete(service, Rule::NothingDirty, ctx);
                }
            }
            Phase::HandingOut | Phase::Draining => {
                update.waiting.clear();
                update.phase = Phase::Draining;
            }
        }
    }
}

fn slot_is_dirty(service: &Service, slot: &Slot, ctx: &Ctx) -> bool {
    match slot.tasks.as_slice() {
        [] => false,
        [task] => is_dirty(service, task, task.node.and_then(|node| ctx.store.node(node)).map(Rc::as_ref)),
        _ => true,
    }
}

/// The tasks of a slot that wait to be stopped, as they were when the run began.
fn to_stop(tasks: &[Rc<Task>], kept: Option<TaskId>) -> impl Iterator<Item = &Rc<Task>> {
    tasks.iter().filter(move |task| Some(task.id) != kept && task.desired <= TaskState::Running)
}

fn still_wanted(task: &Task, ctx: &Ctx) -> bool {
    ctx.store.task(task.id).is_some_and(|now| now.desired <= TaskState::Running)
}

/// Whether somebody else has stopped or replaced all that was to be stopped in a slot since the run began. Then Swarm's
/// transaction fails with all that was in it, and the lane leaves the slot as it is.
fn already_stopped(tasks: &[Rc<Task>], kept: Option<TaskId>, ctx: &Ctx) -> bool {
    to_stop(tasks, kept).next().is_some() && !to_stop(tasks, kept).any(|task| still_wanted(task, ctx))
}

/// Wants the tasks of a slot stopped, except `kept`; returns the last of them as it was. Models: removeOldTasks.
fn stop_old(tasks: &[Rc<Task>], kept: Option<TaskId>, rule: Rule, ctx: &mut Ctx) -> Option<Rc<Task>> {
    let mut last = None;
    for task in to_stop(tasks, kept) {
        if still_wanted(task, ctx) && want(task.id, TaskState::Shutdown, rule.clone(), ctx) {
            last = Some(Rc::clone(task));
        }
    }
    last
}

fn start(service: ServiceId, dirty_slots: usize, ctx: &mut Ctx) {
    ctx.begin(Rule::UpdateStarts { dirty_slots });
    let now = ctx.now;
    ctx.store.update_service(service, now, |service| {
        service.update_status.get_or_insert_with(|| UpdateStatus {
            state: UpdateState::Updating,
            started_at: Some(now),
            completed_at: None,
            message: "update in progress".to_owned(),
        });
    });
}

fn pause(service: ServiceId, message: String, rule: Rule, ctx: &mut Ctx) {
    with_status(service, rule, ctx, |service| {
        if let Some(status) = &mut service.update_status {
            status.state = match status.state {
                UpdateState::RollbackStarted => UpdateState::RollbackPaused,
                _ => UpdateState::Paused,
            };
            status.message = message;
        }
    });
}

fn roll_back(service: ServiceId, message: String, rule: Rule, ctx: &mut Ctx) {
    // Without a previous spec Swarm's transaction fails, and nothing of it is kept.
    if ctx.store.service(service).is_none_or(|service| service.previous_spec.is_none()) {
        return;
    }
    with_status(service, rule, ctx, |service| {
        if let Some(status) = &mut service.update_status {
            status.state = UpdateState::RollbackStarted;
            status.message = message;
        }
        if let Some(previous) = service.previous_spec.take() {
            service.spec = previous;
            service.spec_version = service.previous_spec_version.take().unwrap_or(0);
        }
    });
}

fn complete(service: ServiceId, rule: Rule, ctx: &mut Ctx) {
    let now = ctx.now;
    with_status(service, rule, ctx, |service| {
        if let Some(status) = &mut service.update_status {
            let rolled_back = status.state == UpdateState::RollbackStarted;
            (status.state, status.message) = if rolled_back {
                (UpdateState::RollbackCompleted, "rollback completed".to_owned())
            } else {
                (UpdateState::Completed, "update completed".to_owned())
            };
            status.completed_at = Some(now);
        }
    });
}

/// Changes a service whose update has a status; one that was updated meanwhile has none, and is left alone.
fn with_status(service: ServiceId, rule: Rule, ctx: &mut Ctx, change: impl FnOnce(&mut Service)) {
    if ctx.store.service(service).is_some_and(|service| service.update_status.is_some()) {
        ctx.begin(rule);
        ctx.store.update_service(service, ctx.now, change);
    }
}

/// For tests that break an update.
#[cfg(test)]
impl Updater {
    pub(crate) fn update_to_break(&mut self, service: ServiceId) -> &mut Update {
        self.updates.get_mut(&service).expect("it is being updated")
    }
}

#[cfg(test)]
impl Update {
    pub(crate) fn count_as_failed(&mut self, task: TaskId) {
        self.failed.insert(task);
    }
}
