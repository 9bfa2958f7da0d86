//! Health checks: when they probe, what they find, what follows.
//!
//! Models: moby daemon/health.go and the executor's checkHealth. Differs: a command that a user gives as a check is
//! not run; what it would find is read from its words (see `passes`).

use super::container::{Container, Health};
use super::{Agent, Doing};
use crate::engine::dispatcher::Dispatcher;
use crate::engine::{Ctx, Due};
use crate::event::Rule;
use crate::id::TaskId;
use crate::model::ContainerSpec;
use crate::scenario::Image;
use crate::time::{Ms, SECOND, nanos_to_ms};

/// What an unhealthy container's end is put down to.
pub(super) const UNHEALTHY: &str = "dockerexec: unhealthy container";

const DEFAULT_INTERVAL: Ms = 30 * SECOND;
const DEFAULT_START_INTERVAL: Ms = 5 * SECOND;
const DEFAULT_RETRIES: u64 = 3;

/// The check that applies to a container.
pub(super) struct Check {
    interval_ms: Ms,
    retries: u64,
    start_period_ms: Ms,
    /// The interval while the start period lasts and no probe has passed.
    start_interval_ms: Ms,
    /// What the user wants to be run instead of the image's own check.
    pub(super) command: Option<Vec<String>>,
    /// From when on the image's own check passes.
    passes_from_ms: Option<Ms>,
    listens: bool,
}

/// The check of the spec laid over the image's; `None` where there is none.
pub(super) fn check_of(spec: &ContainerSpec, image: Option<&Image>) -> Option<Check> {
    let said = spec.healthcheck.as_ref();
    let command = said.map(|check| check.test.clone()).filter(|test| !test.is_empty());
    if command.as_ref().is_some_and(|test| test[0] == "NONE") {
        return None;
    }
    let own = image.and_then(|image| image.behaviour.health.as_ref());
    if command.is_none() && own.is_none() {
        return None;
    }
    let positive = |nanos: i64| (nanos > 0).then(|| nanos_to_ms(nanos));
    let interval = said.and_then(|check| positive(check.interval));
    let retries = said.and_then(|check| u64::try_from(check.retries).ok()).filter(|retries| *retries > 0);
    Some(Check {
        interval_ms: interval.or(own.map(|own| own.interval_ms)).unwrap_or(DEFAULT_INTERVAL),
        retries: retries.or(own.map(|own| own.retries)).unwrap_or(DEFAULT_RETRIES),
        start_period_ms: said.map_or(0, |check| nanos_to_ms(check.start_period)),
        start_interval_ms: said.and_then(|check| positive(check.start_interval)).unwrap_or(DEFAULT_START_INTERVAL),
        command,
        passes_from_ms: own.and_then(|own| own.passes_from_ms),
        listens: image.is_some_and(|image| image.behaviour.listens.is_some()),
    })
}

impl Check {
    /// How long until the next probe of a container of this age.
    fn pause(&self, health: Option<Health>, age: Ms) -> Ms {
        let starting = matches!(health, Some(Health::Starting { .. })) && age < self.start_period_ms;
        if starting { self.start_interval_ms } else { self.interval_ms }
    }

    /// That a start waits for this check.
    pub(super) fn awaited(&self) -> Rule {
        Rule::AwaitsHealth { interval_ms: self.interval_ms, retries: self.retries }
    }

    /// What a probe finds `age` after the container's start. A user's command fails if it says so (`false`, `exit 1`) or
    /// if it asks a container that does not listen; else it passes.
    fn passes(&self, age: Ms) -> bool {
        let Some(command) = &self.command else { return self.passes_from_ms.is_some_and(|from| age >= from) };
        let words: Vec<&str> = command.iter().skip(1).flat_map(|part| part.split_whitespace()).collect();
        let asks = words.first().is_some_and(|word| matches!(*word, "curl" | "wget" | "nc"));
        let last = words.last().copied().unwrap_or_default();
        let fails = last.ends_with("false") || words.windows(2).any(|pair| pair[0] == "exit" && pair[1] != "0");
        !fails && (!asks || self.listens)
    }
}

impl Agent {
    /// Lets the next probe come after an interval and the time that it takes itself.
    pub(super) fn next_probe(&mut self, task: TaskId, check: &Check, ctx: &mut Ctx) {
        let takes = ctx.random.latency(ctx.scenario.latencies.probe_ms);
        let Some(container) = self.work.get(&task).and_then(|work| work.container.as_ref()) else { return };
        // A probe belongs to the container's life, not to a step: it goes on when the task becomes RUNNING.
        let started = container.started().unwrap_or(0);
        let pause = check.pause(container.health, ctx.now - started);
        ctx.later(pause + takes, Due::Probe { node: self.node, task, started });
    }

    pub(crate) fn probe(&mut self, task: TaskId, life: Ms, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        let image = self.image(task, ctx).cloned();
        let Some(work) = self.work.get_mut(&task).filter(|_| self.powered) else { return };
        if !matches!(work.doing, Doing::AwaitingHealth | Doing::Running) {
            return;
        }
        let Some(check) = check_of(&work.task.spec.container, image.as_ref()) else { return };
        let Some(container) = work.container.as_mut().filter(|container| container.started() == Some(life)) else {
            return;
        };
        let Some(health) = container.health else { return };
        let age = ctx.now - life;
        let found = if check.passes(age) { Health::Healthy { failing: 0 } } else { failed(health, &check, age) };
        container.health = Some(found);
        let waits = work.doing == Doing::AwaitingHealth;
        // What a probe finds otherwise than the one before it follows from a change of the image, if there was one.
        if matches!(
            (health, found),
            (Health::Healthy { failing: 0 }, Health::Healthy { failing: 1 } | Health::Unhealthy)
        ) {
            let changed = image.as_ref().and_then(|image| ctx.registry.changed(image, life));
            ctx.cause = changed.or(ctx.cause);
        }
        self.tell_probe(task, &check, health, found, ctx);
        match found {
            Health::Healthy { failing: 0 } if waits => ctx.acts(task, Rule::ProbePasses),
            Health::Healthy { failing: 0 } => {}
            Health::Starting { failing: failures } | Health::Healthy { failing: failures } => {
                ctx.acts(task, Rule::ProbeFails { failures, retries: check.retries });
            }
            Health::Unhealthy => ctx.acts(task, Rule::ProbeFails { failures: check.retries, retries: check.retries }),
        }
        match found {
            Health::Unhealthy => {
                self.begin_stop(task, true, ctx);
                return;
            }
            Health::Healthy { .. } if waits => self.runs(task, ctx, dispatcher),
            Health::Healthy { .. } | Health::Starting { .. } => {}
        }
        self.next_probe(task, &check, ctx);
    }
}

/// One more failure: those in the start period do not count.
fn failed(health: Health, check: &Check, age: Ms) -> Health {
    match health {
        Health::Starting { failing } if age < check.start_period_ms => Health::Starting { failing },
        Health::Starting { failing } | Health::Healthy { failing } if failing + 1 >= check.retries => Health::Unhealthy,
        Health::Starting { failing } => Health::Starting { failing: failing + 1 },
        Health::Healthy { failing } => Health::Healthy { failing: failing + 1 },
        Health::Unhealthy => Health::Unhealthy,
    }
}

/// The word that `docker ps` shows.
pub(crate) fn word(container: &Container) -> Option<&'static str> {
    Some(match container.health? {
        Health::Starting { .. } => "starting",
        Health::Healthy { .. } => "healthy",
        Health::Unhealthy => "unhealthy",
    })
}
