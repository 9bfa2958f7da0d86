//! A daemon that goes and comes: what becomes of its containers, and of what it could not tell.
//!
//! Models: moby daemon/daemon.go (restore, Shutdown), swarmkit agent/worker.go (Init, Listen).

use super::{Agent, Container, Ctx, Dispatcher, Doing};
use crate::id::TaskId;
use crate::model::{TaskState, TaskStatus};
use crate::time::Ms;

/// The code that a daemon writes down for what was running when its machine lost its power.
const LOST: i32 = 255;

/// How long after its start a daemon finds what has ended well.
const NOTICING: Ms = 600;

impl Agent {
    /// The machine loses its power, or the daemon stops in good order and asks its containers to end before.
    pub(crate) fn power_off(&mut self, good_order: bool, ctx: &Ctx) {
        self.powered = false;
        self.registered = false;
        self.steps += 1;
        for task in self.task_ids() {
            let heeds = self.image(task, ctx).is_none_or(|image| image.behaviour.heeds_sigterm);
            let Some(work) = self.work.get_mut(&task) else { continue };
            work.step = self.steps;
            work.in_service = false;
            if let Some(container) = &mut work.container {
                let code = if heeds { 0 } else { 137 };
                container.end(if good_order { code } else { LOST }, ctx.now);
            }
        }
    }

    /// The daemon is up again: it goes on with what it was doing, and finds what has ended.
    pub(crate) fn power_on(&mut self, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        self.powered = true;
        self.booting = None;
        for task in self.task_ids() {
            let Some(work) = self.work.get_mut(&task) else { continue };
            work.doing = Doing::Nothing;
            let (state, wanted) = (work.status.state, work.task.desired);
            match state {
                state if state >= TaskState::Complete => {}
                _ if wanted >= TaskState::Shutdown => self.begin_shutdown(task, ctx, dispatcher),
                TaskState::Running | TaskState::Starting if self.exit_code(task) == 0 => {
                    self.begin(task, Doing::Noticing, Some(NOTICING), ctx);
                }
                TaskState::Running | TaskState::Starting => self.notice(task, ctx, dispatcher),
                TaskState::Accepted | TaskState::Preparing => self.begin_prepare(task, ctx),
                TaskState::Ready if (TaskState::Running..=TaskState::Complete).contains(&wanted) => {
                    self.begin_start(task, ctx, dispatcher);
                }
                TaskState::Ready => {}
                _ => self.begin(task, Doing::Accepting, Some(0), ctx),
            }
        }
    }

    fn exit_code(&self, task: TaskId) -> i32 {
        let container = self.work.get(&task).and_then(|work| work.container.as_ref());
        container.and_then(Container::exit_code).unwrap_or(LOST)
    }

    /// Finds that a task has ended.
    pub(super) fn notice(&mut self, task: TaskId, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        self.ended(task, self.exit_code(task), None, ctx, dispatcher);
    }

    /// What it has to tell of its tasks.
    pub(crate) fn statuses(&self) -> Vec<(TaskId, TaskStatus)> {
        self.work.iter().map(|(task, work)| (*task, work.status.clone())).collect()
    }

    /// Tells the dispatcher; where it is not reached, that is made up for with the next registration.
    pub(super) fn send(&self, task: TaskId, status: TaskStatus, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        if self.connected() {
            dispatcher.report(task, status, ctx);
        }
    }

    /// It leaves the swarm, and takes its containers with it.
    pub(crate) fn leave(&mut self) {
        self.registered = false;
        self.work = crate::collections::Map::new();
    }
}
