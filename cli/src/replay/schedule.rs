//! What happens to the session from outside, in the order of its time.

use std::collections::BTreeSet;

use swarmyard_core::time::Ms;

use super::{Step, ms};

/// Something that a recorder did, with the number of the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    Interrupt(usize),
    GiveUp(usize),
    Start(usize),
}

/// What is still to come.
pub(super) struct Schedule(BTreeSet<(Ms, Event)>);

impl Schedule {
    /// All steps at their recorded times.
    pub(super) fn new(steps: &[Step]) -> Schedule {
        let commands = steps.iter().enumerate().filter(|(_, step)| step.cmd.is_some());
        Schedule(commands.filter_map(|(index, step)| Some((ms(step.acts_at()?), Event::Start(index)))).collect())
    }

    /// Adds what happened to a step that begins at `now`, as long after its beginning as in reality.
    pub(super) fn follow(&mut self, index: usize, step: &Step, now: Ms) {
        let after = |t: f64| now + ms(t - step.t_start.unwrap_or(t));
        self.0.extend(step.sigint_at.map(|t| (after(t), Event::Interrupt(index))));
        self.0.extend(step.t_end.filter(|_| step.timeout).map(|t| (after(t), Event::GiveUp(index))));
    }

    pub(super) fn put(&mut self, at: Ms, event: Event) {
        self.0.insert((at, event));
    }

    pub(super) fn next_at(&self) -> Option<Ms> {
        self.0.first().map(|(at, _)| *at)
    }

    pub(super) fn next(&mut self) -> Option<(Ms, Event)> {
        self.0.pop_first()
    }
}
