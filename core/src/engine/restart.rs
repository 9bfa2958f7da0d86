//! The restart supervisor: replaces tasks that ended, after a delay, as far as their policy allows; and starts prepared
//! tasks when what they wait for is over. Orchestrators and the updater share it.
//!
//! Models: swarmkit manager/orchestrator/restart/restart.go. A goroutine that waits is an entry of `delays` here.

use crate::collections::{Map, Set};
use std::rc::Rc;

use super::tasks::{new_task, restart_condition, timestamp, want};
use super::updater::Updater;
use super::{Ctx, Due};
use crate::event::{EventId, Rule};
use crate::id::{NodeId, ServiceId, TaskId};
use crate::model::{
    Availability, Mode, NodeState, RestartCondition, RestartPolicy, Service, Task, TaskState, UpdateState,
};
use crate::queue::Ticket;
use crate::store::Change;
use crate::time::{MINUTE, Ms, nanos_to_ms};

/// How long a new task waits for the old one to stop.
const OLD_TASK_TIMEOUT: Ms = MINUTE;

#[derive(Clone, Debug, Default)]
pub(crate) struct Restart {
    /// By the new task that waits.
    delays: Map<TaskId, DelayedStart>,
    /// Whom an old task keeps waiting.
    waiting_for: Map<TaskId, Set<TaskId>>,
    history: Map<ServiceId, Map<(u64, Option<NodeId>), Instance>>,
    /// Delays that have ended or were called off, for those who wait for them.
    news: Vec<News>,
}

/// A delay that is over.
#[derive(Clone, Debug)]
struct News {
    new: TaskId,
    waiter: Option<Waiter>,
}

/// A new task that failed while it waited: it wants to be restarted itself when the wait is over. Holds the cause.
#[derive(Clone, Copy, Debug)]
struct Waiter(Option<EventId>);

/// A new task that waits to be started.
#[derive(Clone, Debug)]
struct DelayedStart {
    /// The restart delay still to be waited out: until when.
    delay: Option<(Ms, Ticket)>,
    /// The old task (and its node) whose end is waited for.
    old: Option<(TaskId, Option<NodeId>)>,
    timeout: Option<Ticket>,
    waiter: Option<Waiter>,
}

/// What is remembered of a slot's restarts.
#[derive(Clone, Debug, Default)]
struct Instance {
    spec_version: u64,
    total: u64,
    /// When replacements were made; kept only where the policy has a window.
    times: Vec<Ms>,
}

impl Restart {
    /// Replaces a task, if its policy allows. Models: Supervisor.Restart.
    pub(crate) fn restart(&mut self, service: &Service, task: &Task, ctx: &mut Ctx) {
        if let Some(delay) = self.delays.get_mut(&task.id) {
            delay.waiter.get_or_insert(Waiter(ctx.cause));
            return;
        }
        let condition = restart_condition(task);
        let policy = task.spec.restart.as_ref();
        let max_attempts = policy.map_or(0, |restart| restart.max_attempts);
        let window_ms = nanos_to_ms(policy.and_then(|restart| restart.window).unwrap_or(0));
        let attempts = self.attempts(service, task);
        if !self.should_restart(service, task) {
            let state = task.status.state;
            want(
                task.id,
                TaskState::Shutdown,
                Rule::NoRestart { condition, state, attempts, max_attempts, window_ms },
                ctx,
            );
            return;
        }
        let node = task.node.and_then(|node| ctx.store.node(node)).map(Rc::clone);
        let drained = node.as_ref().is_some_and(|node| node.spec.availability == Availability::Drain);
        let policy_delay = task.spec.restart.as_ref().and_then(|restart| restart.delay);
        let delay_ms = if drained { 0 } else { nanos_to_ms(policy_delay.unwrap_or(RestartPolicy::DEFAULT_DELAY)) };
        let attempt = if max_attempts > 0 { attempts + 1 } else { 0 };
        let rule = Rule::Restart { condition, delay_ms, attempt, max_attempts, window_ms };
        want(task.id, TaskState::Shutdown, rule.clone(), ctx);

        let place = if matches!(service.spec.mode, Mode::Global | Mode::GlobalJob) { task.node } else { None };
        let mut new = new_task(service, task.slot, place, ctx);
        new.desired = TaskState::Ready;
        if let Some(job) = service.job_status.filter(|_| service.spec.mode.is_job()) {
            new.job_iteration = Some(job.iteration);
        }
        let node_down = node.is_some_and(|node| node.status.state == NodeState::Down);
        let wait_stop = !node_down && !task.terminal();
        let id = new.id;
        self.remember(&new, ctx.now);
        ctx.begin(rule);
        // What waits for the delay follows from the restart, and by it from what made it necessary.
        let restarted = ctx.store.create_task(new, ctx.now);
        let cause = ctx.cause.replace(restarted);
        self.delay_start(wait_stop.then_some(task), id, delay_ms, ctx);
        ctx.cause = cause;
    }

    /// Starts a new task when `delay_ms` have passed and `old` has stopped (or did not within a minute).
    /// Models: Supervisor.DelayStart.
    pub(crate) fn delay_start(&mut self, old: Option<&Task>, new: TaskId, delay_ms: Ms, ctx: &mut Ctx) {
        let replaced = self.take(new, ctx);
        let old = old.filter(|old| !old.terminal()).map(|old| (old.id, old.node));
        if let Some((old, _)) = old {
            self.waiting_for.entry(old).or_default().insert(new);
        }
        let delay = (delay_ms > 0).then(|| (ctx.now + delay_ms, ctx.later(delay_ms, Due::RestartDelay(new))));
        let timeout = old.map(|_| ctx.later(OLD_TASK_TIMEOUT, Due::OldTaskTimeout(new)));
        let waiter = replaced.and_then(|replaced| replaced.waiter);
        self.delays.insert(new, DelayedStart { delay, old, timeout, waiter });
        self.go_on(new, Rule::StartNow, ctx);
    }

    /// Whether `deliver_news` has something to do.
    pub(super) fn has_news(&self) -> bool {
        !self.news.is_empty()
    }

    /// Tells those who wait for the end of a delay: the new task itself if it failed meanwhile, and the updater.
    pub(super) fn deliver_news(&mut self, ctx: &mut Ctx, updater: &mut Updater) {
        for News { new, waiter } in std::mem::take(&mut self.news) {
            if let Some(Waiter(cause)) = waiter
                && let Some(task) = ctx.store.task(new).filter(|task| task.desired <= TaskState::Running).map(Rc::clone)
                && let Some(service) = ctx.store.service(task.service).map(Rc::clone)
            {
                ctx.cause = cause;
                self.restart(&service, &task, ctx);
            }
            updater.start_is_over(new, self, ctx);
        }
    }

    /// Whether a start is still waited for.
    pub(crate) fn is_delayed(&self, new: TaskId) -> bool {
        self.delays.contains_key(&new)
    }

    /// Until when the restart delay of a new task lasts.
    pub(crate) fn starts_at(&self, new: TaskId) -> Option<Ms> {
        self.delays.get(&new)?.delay.as_ref().map(|(until, _)| *until)
    }

    /// The old task that a new one waits for.
    pub(crate) fn waits_for(&self, new: TaskId) -> Option<TaskId> {
        self.delays.get(&new)?.old.map(|(old, _)| old)
    }

    /// The tasks of a slot that the updater is to look at; none if the slot is dead.
    /// Models: Supervisor.UpdatableTasksInSlot.
    pub(crate) fn updatable<'t>(&self, slot: &[&'t Rc<Task>], service: &Service) -> Vec<&'t Rc<Task>> {
        let live: Vec<_> = slot.iter().copied().filter(|task| task.desired <= TaskState::Running).collect();
        if !live.is_empty() {
            return live;
        }
        if service.update_status.as_ref().is_some_and(|status| status.state == UpdateState::RollbackStarted) {
            return Vec::new();
        }
        let newest =
            slot.iter().copied().reduce(|best, task| if timestamp(task) > timestamp(best) { task } else { best });
        newest.into_iter().filter(|task| !self.should_restart(service, task)).collect()
    }

    /// Models: Supervisor.shouldRestart.
    fn should_restart(&self, service: &Service, task: &Task) -> bool {
        let complete = task.status.state == TaskState::Complete;
        match restart_condition(task) {
            RestartCondition::None => return false,
            RestartCondition::OnFailure if complete => return false,
            RestartCondition::Any if complete && service.spec.mode.is_job() => return false,
            _ => {}
        }
        let policy = task.spec.restart.as_ref().filter(|policy| policy.max_attempts > 0);
        policy.is_none_or(|policy| self.attempts(service, task) < policy.max_attempts)
    }

    /// How many restarts of this slot count against the limit.
    fn attempts(&self, service: &Service, task: &Task) -> u64 {
        // The history of global jobs is kept under slot and node, but looked up without the node, so that their limit
        // never holds: Swarm's own quirk.
        let node = if service.spec.mode == Mode::Global { task.node } else { None };
        let instance = self.history.get(&task.service).and_then(|slots| slots.get(&(task.slot, node)));
        let Some(instance) = instance.filter(|instance| instance.spec_version == task.spec_version) else { return 0 };
        let window = task.spec.restart.as_ref().and_then(|policy| policy.window);
        match window.filter(|window| *window > 0) {
            None => instance.total,
            Some(window) => {
                let stamp = timestamp(task);
                let lookback = stamp.saturating_sub(nanos_to_ms(window));
                instance.times.iter().filter(|time| **time > lookback && **time < stamp).count() as u64
            }
        }
    }

    /// Models: Supervisor.RecordRestartHistory.
    fn remember(&mut self, new: &Task, now: Ms) {
        let Some(policy) = new.spec.restart.as_ref().filter(|policy| policy.max_attempts > 0) else { return };
        let slots = self.history.entry(new.service).or_default();
        let node = if new.slot == 0 { new.node } else { None };
        let instance = slots.entry((new.slot, node)).or_default();
        if instance.spec_version != new.spec_version {
            *instance = Instance { spec_version: new.spec_version, ..Instance::default() };
        }
        instance.total += 1;
        if policy.window.is_some_and(|window| window > 0) {
            instance.times.push(now);
        }
    }

    /// Rebuilds the history from what is stored: of every slot the tasks of its newest spec, all but the oldest being
    /// restarts. Models: taskinit.CheckTasks.
    pub(super) fn remember_all(&mut self, ctx: &Ctx) {
        type Slot = (ServiceId, u64, Option<NodeId>);
        let mut slots: Map<Slot, Vec<&Rc<Task>>> = Map::new();
        for task in ctx.store.tasks().filter(|task| ctx.store.service(task.service).is_some()) {
            let node = if task.slot == 0 { task.node } else { None };
            slots.entry((task.service, task.slot, node)).or_default().push(task);
        }
        for mut tasks in slots.into_values() {
            let newest = tasks.iter().map(|task| task.spec_version).max();
            tasks.retain(|task| Some(task.spec_version) == newest);
            crate::collections::sort_by_key(&mut tasks, |task| (task.meta.created, task.meta.born));
            for task in tasks.iter().skip(1) {
                self.remember(task, task.meta.created);
            }
        }
    }

    pub(crate) fn forget_service(&mut self, service: ServiceId) {
        self.history.remove(&service);
    }

    /// Sees what may end a wait.
    pub(super) fn handle(&mut self, change: &Change, ctx: &mut Ctx) {
        match change {
            Change::TaskUpdated(old)
                if self.waiting_for.contains_key(&old.id)
                    && ctx.store.task(old.id).is_some_and(|task| task.status.state > TaskState::Running) =>
            {
                self.old_task_gone(old.id, Rule::OldTaskStopped, ctx);
            }
            Change::TaskDeleted(old) => {
                if let Some(delay) = self.take(old.id, ctx) {
                    self.news.push(News { new: old.id, waiter: delay.waiter });
                }
            }
            Change::NodeUpdated(old) => {
                let down = ctx.store.node(old.id).is_some_and(|node| node.status.state == NodeState::Down);
                if down {
                    self.old_node_gone(old.id, ctx);
                }
            }
            Change::NodeDeleted(old) => self.old_node_gone(old.id, ctx),
            _ => {}
        }
    }

    fn old_node_gone(&mut self, node: NodeId, ctx: &mut Ctx) {
        let old: Set<TaskId> = self
            .delays
            .values()
            .filter_map(|delay| delay.old)
            .filter(|(_, its)| *its == Some(node))
            .map(|(task, _)| task)
            .collect();
        for task in old {
            self.old_task_gone(task, Rule::OldNodeGone, ctx);
        }
    }

    fn old_task_gone(&mut self, old: TaskId, why: Rule, ctx: &mut Ctx) {
        for new in self.waiting_for.remove(&old).unwrap_or_default() {
            if let Some(delay) = self.delays.get_mut(&new) {
                delay.old = None;
            }
            self.go_on(new, why.clone(), ctx);
        }
    }

    pub(super) fn delay_over(&mut self, new: TaskId, ctx: &mut Ctx) {
        if let Some(delay) = self.delays.get_mut(&new) {
            delay.delay = None;
        }
        self.go_on(new, Rule::DelayOver, ctx);
    }

    pub(super) fn timed_out(&mut self, new: TaskId, ctx: &mut Ctx) {
        if let Some(delay) = self.delays.get_mut(&new) {
            delay.timeout = None;
            if let Some((old, _)) = delay.old.take()
                && let Some(waiting) = self.waiting_for.get_mut(&old)
            {
                waiting.remove(&new);
            }
        }
        self.go_on(new, Rule::OldTaskTimeout { timeout_ms: OLD_TASK_TIMEOUT }, ctx);
    }

    /// Starts a task if nothing keeps it waiting any more. `last` is what was waited for until now.
    fn go_on(&mut self, new: TaskId, last: Rule, ctx: &mut Ctx) {
        if self.delays.get(&new).is_none_or(|delay| delay.delay.is_some() || delay.old.is_some()) {
            return;
        }
        let waiter = self.take(new, ctx).and_then(|delay| delay.waiter);
        start_now(new, last, ctx);
        self.news.push(News { new, waiter });
    }

    /// Forgets a wait, with its entries in the queue.
    fn take(&mut self, new: TaskId, ctx: &mut Ctx) -> Option<DelayedStart> {
        let delay = self.delays.remove(&new)?;
        for ticket in delay.delay.map(|(_, ticket)| ticket).into_iter().chain(delay.timeout) {
            ctx.queue.cancel(ticket);
        }
        if let Some((old, _)) = delay.old
            && let Some(waiting) = self.waiting_for.get_mut(&old)
        {
            waiting.remove(&new);
            if waiting.is_empty() {
                self.waiting_for.remove(&old);
            }
        }
        Some(delay)
    }
}

/// Lets a prepared task start. Models: Supervisor.StartNow.
fn start_now(new: TaskId, rule: Rule, ctx: &mut Ctx) {
    let job = ctx.store.task(new).is_some_and(|task| task.job_iteration.is_some());
    let desired = if job { TaskState::Complete } else { TaskState::Running };
    if ctx.store.task(new).is_some_and(|task| task.desired < TaskState::Running) {
        want(new, desired, rule, ctx);
    }
}
