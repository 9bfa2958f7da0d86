//! A new leader: its control loops begin with nothing but what is stored.
//!
//! Models: swarmkit manager/manager.go becomeLeader, orchestrator/taskinit/init.go, and what each loop does at its start.

use std::rc::Rc;

use super::dispatcher::Dispatcher;
use super::tasks::{timestamp, want};
use super::{Ctx, Engine, global, jobs, reaper, replicated, restart, scheduler, updater};
use crate::event::{Rule, What};
use crate::id::TaskId;
use crate::model::{RestartPolicy, Task, TaskState};
use crate::time::nanos_to_ms;

impl Engine {
    /// Starts all control loops anew.
    pub(super) fn take_over(&mut self, ctx: &mut Ctx) {
        ctx.queue.retain(|(due, _)| !due.is_of_leader());
        self.replicated = replicated::Replicated::default();
        self.global = global::Global::default();
        self.jobs = jobs::Jobs::default();
        self.updater = updater::Updater::default();
        self.restart = restart::Restart::default();
        self.scheduler = scheduler::Scheduler::default();
        self.dispatcher = Dispatcher::default();
        self.behind = false;
        for agent in self.agents.values_mut() {
            agent.missed = None;
        }
        let leads = self.managers.leader().map(|node| {
            let event = ctx.store.note(ctx.now, ctx.cause, What::Leads { node }, Rule::Elected);
            ctx.cause = Some(event);
            event
        });
        ctx.begin(Rule::NewLeader);
        self.dispatcher.take_over(&mut self.agents, ctx);
        delete_orphans(ctx);
        self.reaper = reaper::Reaper::begin(ctx);
        self.restart.remember_all(ctx);
        self.resume_delays(ctx);
        if let Some(event) = leads {
            self.allocator.take_over(ctx);
            ctx.store.show_all(event);
            self.settle(ctx);
        }
    }

    /// Tasks that wait for their start wait for what is left of their delay.
    fn resume_delays(&mut self, ctx: &mut Ctx) {
        let waiting = |task: &&Rc<Task>| task.desired == TaskState::Ready && task.status.state <= TaskState::Complete;
        let tasks: Vec<Rc<Task>> = ctx.store.tasks().filter(waiting).cloned().collect();
        for task in tasks {
            let delay = task.spec.restart.as_ref().and_then(|restart| restart.delay);
            let delay = nanos_to_ms(delay.unwrap_or(RestartPolicy::DEFAULT_DELAY));
            let left = (timestamp(&task) + delay).saturating_sub(ctx.now).min(delay);
            if left > 0 {
                self.restart.delay_start(None, task.id, left, ctx);
            } else {
                let wanted = if task.job_iteration.is_some() { TaskState::Complete } else { TaskState::Running };
                want(task.id, wanted, Rule::DelayOver, ctx);
            }
        }
    }
}

/// Tasks whose service was removed while nobody led: no loop will hear of it.
fn delete_orphans(ctx: &mut Ctx) {
    let orphans = ctx.store.tasks().filter(|task| ctx.store.service(task.service).is_none());
    let orphans: Vec<TaskId> = orphans.map(|task| task.id).collect();
    for task in orphans {
        ctx.store.delete_task(task, ctx.now);
    }
}
