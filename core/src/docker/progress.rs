//! What create, update, rollback and scale show while the swarm works: one look every 200 ms, until the service has
//! converged and stayed so for the monitor period, or has failed.
//!
//! Models: docker/cli cli/command/service/progress/progress.go; the drawing is `progress/draw.rs`.

mod draw;
mod global;
mod job;
mod replicated;

use std::rc::Rc;

use super::error::CliError;
use crate::api::Api;
use crate::engine::managers::Answers;
use crate::id::NodeId;
use crate::model::{Mode, NodeState, Service, Task, UpdateState};
use crate::output::Output;
use crate::store::Store;
use crate::time::{Ms, SECOND, nanos_to_ms};
use crate::world::World;

use draw::{Display, Line};

/// How long one look follows another.
const POLL_MS: Ms = 200;

/// More tasks than these have no line of their own.
const MOST_LINES: u64 = 20;

/// The display of one or more services, one after another.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    /// The node whose daemon is asked.
    node: NodeId,
    /// Names or ids as they were given; the first one is shown now.
    services: Vec<String>,
    /// Whether errors begin with the name of the service.
    named_errors: bool,
    wake_at: Ms,
    look: Look,
    errors: Vec<String>,
}

/// What is remembered between two looks at one service.
#[derive(Clone, Debug)]
struct Look {
    display: Display,
    updater: Option<Updater>,
    converged: bool,
    converged_at: Option<Ms>,
    rollback: bool,
    /// Said at the end, after the verdict.
    last_words: Option<String>,
}

/// What depends on the service's mode.
#[derive(Clone, Debug)]
enum Updater {
    Replicated(replicated::Replicated),
    Global(global::Global),
    ReplicatedJob(job::ReplicatedJob),
    GlobalJob(job::GlobalJob),
}

/// What an updater looks at.
struct Sight<'a> {
    store: &'a Store,
    service: &'a Service,
    /// The tasks that are up to date.
    tasks: Vec<Rc<Task>>,
    rollback: bool,
}

impl Progress {
    /// `quiet`: waits without a word.
    pub(crate) fn of(node: NodeId, services: Vec<String>, quiet: bool, now: Ms, output: &Output) -> Progress {
        let look = Look::new(Display::new(quiet, output.terminal));
        Progress { node, services, named_errors: false, wake_at: now, look, errors: Vec::new() }
    }

    /// Errors begin with the service's name, after those that were there already.
    pub(crate) fn naming_errors(mut self, errors: Vec<String>) -> Progress {
        self.named_errors = true;
        self.errors = errors;
        self
    }

    pub(crate) fn wake_at(&self) -> Ms {
        self.wake_at
    }

    pub(crate) fn poll(&mut self, world: &mut World, output: &mut Output) -> Option<i32> {
        let now = world.now();
        if world.answers(self.node) == Answers::Later && world.managers().is_member(self.node) {
            // The daemon waits for a leader itself.
            self.wake_at = now + POLL_MS;
            return None;
        }
        loop {
            let service = self.services.first().expect("the display ends with its last service").clone();
            // The orchestrator makes its tasks while the client asks for them: of 21 recorded first looks, 5 saw none.
            let too_early = self.look.updater.is_none() && world.one_in(4);
            let api = Api { world, node: self.node };
            let ended = self.look.once(&service, &api, now, too_early, output);
            match ended {
                Ok(false) => {
                    self.wake_at = now + POLL_MS;
                    return None;
                }
                Ok(true) => {}
                Err(error) if self.named_errors => self.errors.push(format!("{service}: {error}")),
                Err(error) => self.errors.push(error.to_string()),
            }
            if let Some(code) = self.next(output) {
                return Some(code);
            }
        }
    }

    /// Goes on to the next service. Returns the exit code after the last one.
    fn next(&mut self, output: &mut Output) -> Option<i32> {
        self.services.remove(0);
        if !self.services.is_empty() {
            self.look = Look::new(self.look.display.fresh());
            return None;
        }
        if self.errors.is_empty() {
            return Some(0);
        }
        output.err(self.errors.join("\n") + "\n");
        Some(1)
    }

    /// Ctrl-C: the swarm goes on, only the display ends. It is heard by two: by whom the last words come from, and by
    /// whom they go to, who then reads no more. Of 17 recorded displays, two lack both lines and two the second.
    /// Models: ServiceProgress, and ctxReader of docker/cli internal/jsonstream.
    pub(crate) fn interrupt(&mut self, world: &mut World, output: &mut Output) -> Option<i32> {
        if !self.look.converged && !world.one_in(8) {
            self.look.display.message(output, "Operation continuing in background.");
            if !world.one_in(8) {
                let service = &self.services[0];
                self.look.display.message(output, &format!("Use `docker service ps {service}` to check progress."));
            }
        }
        Some(0)
    }
}

impl Look {
    fn new(display: Display) -> Look {
        Look { display, updater: None, converged: false, converged_at: None, rollback: false, last_words: None }
    }

    /// One look; `too_early` for what is made at this moment. Returns whether it was the last.
    fn once(&mut self, name: &str, api: &Api, now: Ms, too_early: bool, output: &mut Output) -> Result<bool, CliError> {
        let service = api.service(name)?;
        // The rollback's own monitor period is never looked at.
        let monitor = match service.spec.update.as_ref().map_or(0, |update| update.monitor) {
            0 => 5 * SECOND,
            nanos => nanos_to_ms(nanos),
        };
        if self.status(&service, output)? {
            return Ok(true);
        }
        if self.converged && self.converged_at.is_some_and(|since| now - since >= monitor) {
            self.display.line(output, "verify", Line::Text(format!("Service {name} converged")));
            if let Some(words) = &self.last_words {
                self.display.message(output, &format!("rollback: {words}"));
            }
            return Ok(true);
        }
        let seen = |task: &&Rc<Task>| api.up_to_date(task) && !(too_early && task.meta.created == now);
        let tasks = api.world.store().tasks_of_service(service.id).filter(seen).cloned().collect();
        let sight = Sight { store: api.world.store(), service: &service, tasks, rollback: self.rollback };
        let updater = self.updater.get_or_insert_with(|| Updater::of(service.spec.mode));
        self.converged = updater.update(&sight, &mut self.display, output);
        if self.converged {
            if service.job_status.is_some() {
                self.display.message(output, "job complete");
                return Ok(true);
            }
            let since = *self.converged_at.get_or_insert(now);
            if let Some(left) = monitor.checked_sub(now - since) {
                // Some time has always passed since that moment, so five seconds are four and a bit.
                let seconds = left.saturating_sub(1) / SECOND + 1;
                let words = format!("Waiting {seconds} seconds to verify that tasks are stable...");
                self.display.line(output, "verify", Line::Text(words));
            }
        } else if self.converged_at.take().is_some() {
            self.display.line(output, "verify", Line::Text("Detected task failure".to_owned()));
        }
        Ok(false)
    }

    /// What the service says of its update. Returns whether that ends the display.
    fn status(&mut self, service: &Service, output: &mut Output) -> Result<bool, CliError> {
        let Some(status) = &service.update_status else { return Ok(false) };
        match status.state {
            UpdateState::Updating => self.rollback = false,
            UpdateState::Completed if !self.converged => return Ok(true),
            UpdateState::Completed => {}
            UpdateState::Paused => return Err(CliError::said(format!("service update paused: {}", status.message))),
            UpdateState::RollbackStarted => {
                if !self.rollback && !status.message.is_empty() {
                    self.display.line(output, "rollback", Line::Text(status.message.clone()));
                }
                self.rollback = true;
            }
            UpdateState::RollbackPaused => {
                return Err(CliError::said(format!("service rollback paused: {}", status.message)));
            }
            UpdateState::RollbackCompleted => {
                if !self.converged {
                    self.last_words = Some(status.message.clone());
                }
                self.rollback = true;
            }
        }
        Ok(false)
    }
}

impl Updater {
    fn of(mode: Mode) -> Updater {
        match mode {
            Mode::Replicated { .. } => Updater::Replicated(replicated::Replicated::default()),
            Mode::Global => Updater::Global(global::Global::default()),
            Mode::ReplicatedJob { max_concurrent, total_completions } => {
                Updater::ReplicatedJob(job::ReplicatedJob::new(max_concurrent, total_completions))
            }
            Mode::GlobalJob => Updater::GlobalJob(job::GlobalJob::default()),
        }
    }

    /// Draws what is new. Returns whether the service has converged.
    fn update(&mut self, sight: &Sight, display: &mut Display, output: &mut Output) -> bool {
        match self {
            Updater::Replicated(updater) => updater.update(sight, display, output),
            Updater::Global(updater) => updater.update(sight, display, output),
            Updater::ReplicatedJob(updater) => updater.update(sight, display, output),
            Updater::GlobalJob(updater) => updater.update(sight, display, output),
        }
    }
}

impl Sight<'_> {
    /// Whether a task's node is not down; true before it has a node.
    fn is_active(&self, task: &Task) -> bool {
        task.node.is_none_or(|node| self.store.node(node).is_some_and(|node| node.status.state != NodeState::Down))
    }
}

/// `overall progress: …`
fn overall(display: &mut Display, output: &mut Output, done: u64, of: u64, rollback: bool) {
    let rolling_back = if rollback { "rolling back update: " } else { "" };
    display.line(output, "overall progress", Line::Text(format!("{rolling_back}{done} out of {of} tasks")));
}
