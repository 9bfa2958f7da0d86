//! Time as somebody moves in it: playing, stepping, going back, and the branches that begin where somebody acts in the
//! past.

use swarmyard_core::session::timeline::Timeline;
use swarmyard_core::session::{Action, Input};
use swarmyard_core::snapshot::{Chronicle, Client, Mark, MarkKind, Snapshot};
use swarmyard_core::time::{MINUTE, Ms};

use super::{CLOCK_STEP_MS, Model, SPANS, Todo};
use crate::time::lanes::{COARSE, Window};

/// The next decision is looked for so far ahead.
const AHEAD_MS: Ms = 30 * MINUTE;

/// How far time has come is kept so often, in the browser's milliseconds.
const KEEP_MS: f64 = 5_000.0;

/// Where to go in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Moment(Ms),
    /// The next moment in which anything happens.
    NextEvent,
    /// The next moment in which Swarm decides something, or a task fails.
    NextDecision,
    PreviousMark,
    NextMark,
    LastCommand,
    /// The latest moment that was played.
    End,
}

/// One of the futures that somebody has begun.
#[derive(Clone, Default)]
pub(crate) struct Branch {
    /// What was done where it begins; empty for the first.
    pub(crate) name: String,
    pub(crate) since: Ms,
    /// What it is made of; `None` for the one that is looked at.
    kept: Option<Box<(Timeline, Chronicle, Client)>>,
}

impl Branch {
    /// How far it was played, where it is not the one that is looked at.
    pub(crate) fn end(&self) -> Option<Ms> {
        self.kept.as_ref().map(|kept| kept.0.end())
    }
}

impl Model {
    /// Whether something has already happened after the moment that is looked at.
    pub(crate) fn in_the_past(&self) -> bool {
        self.timeline.now() < self.timeline.end()
    }

    pub(super) fn frame(&mut self, real_ms: f64) -> Todo {
        self.real_ms = real_ms;
        self.clock.frame(real_ms);
        let mut todo = self.type_on(real_ms);
        if self.play_to(self.clock.now()) {
            self.look();
            todo.draw = true;
        }
        let now = self.clock.now();
        if now / CLOCK_STEP_MS != self.drawn / CLOCK_STEP_MS || (now != self.drawn && moves(&self.snapshot, now)) {
            todo.draw = true;
        }
        if real_ms - self.kept_ms > KEEP_MS && now != self.drawn && !self.timeline.journal().is_empty() {
            self.kept_ms = real_ms;
            self.changed = true;
        }
        let texts = self.settings.lang.texts();
        todo.draw |= self.narrator.listen(&self.chronicle.marks, &self.snapshot, texts, real_ms);
        if todo.draw {
            self.drawn = now;
        }
        todo
    }

    /// Lets happen what is due up to `to`, or up to a mark at which the clock is to stop. Returns whether anything did.
    pub(super) fn play_to(&mut self, to: Ms) -> bool {
        let mut happened = false;
        while let Some(at) = self.next_due().filter(|at| *at <= to) {
            let from = self.timeline.now();
            happened = true;
            self.advance(at);
            if self.clock.running && self.settings.stops != 0 {
                let halts = |mark: &&Mark| mark.at > from && self.settings.stops_at(mark.kind);
                let passed = self.chronicle.marks.iter().rev().skip_while(|mark| mark.at > at);
                let halt = passed.take_while(|mark| mark.at > from).filter(halts).last().cloned();
                if let Some(mark) = halt {
                    self.clock.running = false;
                    self.clock.set(at);
                    self.halted = Some(mark);
                    return true;
                }
            }
        }
        self.advance(to);
        happened
    }

    fn advance(&mut self, to: Ms) {
        if self.client.port > 0 {
            self.client.pass(self.timeline.session().world(), to);
        }
        self.timeline.advance(to);
        self.chronicle.read(self.timeline.session().world());
    }

    /// When something happens next, or was put in.
    fn next_due(&self) -> Option<Ms> {
        let session = self.session();
        let entry = self.timeline.journal().get(session.journal().len()).map(|entry| entry.at);
        session.next_event().into_iter().chain(entry).min()
    }

    pub(super) fn go(&mut self, to: To) {
        self.clock.running = false;
        self.halted = None;
        let now = self.timeline.now();
        let marks = &self.chronicle.marks;
        let command = |mark: &&Mark| mark.kind == MarkKind::Command;
        let moment = match to {
            To::Moment(at) => Some(at.min(self.timeline.end())),
            To::NextEvent => self.next_due(),
            To::NextDecision => self.next_decision(),
            To::PreviousMark => marks.iter().rev().map(|mark| mark.at).find(|at| *at < now).or(Some(0)),
            To::NextMark => marks.iter().map(|mark| mark.at).find(|at| *at > now).or(Some(self.timeline.end())),
            To::LastCommand => {
                let journal = self.timeline.journal().iter().rev().filter(|entry| entry.at < now);
                let typed = journal.filter(|entry| matches!(entry.input, Input::Line { .. })).map(|entry| entry.at);
                typed.chain(marks.iter().rev().filter(command).map(|mark| mark.at).filter(|at| *at < now)).max()
            }
            To::End => Some(self.timeline.end()),
        };
        if let Some(at) = moment {
            let back = at < now;
            if at > now && !self.in_the_past() {
                self.advance(at);
            }
            self.timeline.seek(at);
            self.clock.set(at);
            if back { self.look_anew() } else { self.look() }
        }
    }

    fn next_decision(&mut self) -> Option<Ms> {
        let from = self.timeline.now();
        loop {
            let decision = |mark: &&Mark| mark.at > from && mark.kind != MarkKind::Command;
            if let Some(mark) = self.chronicle.marks.iter().find(decision) {
                return Some(mark.at);
            }
            let at = self.next_due().filter(|at| *at <= from + AHEAD_MS)?;
            self.advance(at);
        }
    }

    /// What a branch is made of, and how far it was played.
    pub(crate) fn branch_parts(&self, branch: usize) -> Option<(&Chronicle, &Client, Ms)> {
        if branch == self.branch {
            return Some((&self.chronicle, &self.client, self.timeline.end()));
        }
        let (timeline, chronicle, client) = self.branches.get(branch)?.kept.as_deref()?;
        Some((chronicle, client, timeline.end()))
    }

    /// The part of time that is in sight: all of it, or what is around the moment that is looked at.
    pub(crate) fn window(&self) -> Window {
        let other = self.compared.and_then(|branch| self.branch_parts(branch)).map_or(0, |(.., end)| end);
        let end = self.timeline.end().max(self.now()).max(other).max(1);
        match SPANS[self.span] * MINUTE {
            0 => Window { from: 0, to: Window::rounded(end, end, COARSE) },
            span => {
                let to = Window::rounded((self.now() + span / 5).min(end).max(span), span, COARSE);
                Window { from: to - span, to }
            }
        }
    }

    /// Does to the world what `words` say: the words of the command `world`.
    pub(super) fn act(&mut self, words: &str) {
        self.play_to(self.clock.now());
        let tried = Action::read(words).and_then(|action| {
            self.timeline.session().world().clone().act(&action)?;
            Ok(action)
        });
        match tried {
            Ok(action) => {
                let input = Input::World(action);
                self.fork(&input);
                self.timeline.input(input);
                self.refused = None;
                self.changed = true;
                self.look();
            }
            Err(why) => self.refused = Some(why),
        }
    }

    /// In the past, begins a branch: what came after stays on the old one.
    pub(super) fn fork(&mut self, input: &Input) {
        if !self.in_the_past() {
            return;
        }
        let kept = Some(Box::new((self.timeline.clone(), self.chronicle.clone(), self.client.clone())));
        self.branches[self.branch].kept = kept;
        self.chronicle.forget_future(self.timeline.session().world());
        self.client.forget_future(self.timeline.now());
        let name = match input {
            Input::Line { text, .. } => {
                text.lines().next().unwrap_or_default().trim_end_matches('\\').trim().to_owned()
            }
            Input::World(action) => action.to_string(),
            _ => "^C".to_owned(),
        };
        self.branches.push(Branch { name, since: self.timeline.now(), kept: None });
        self.branch = self.branches.len() - 1;
    }

    /// Looks at another branch, at the same moment if it goes so far.
    pub(super) fn switch(&mut self, branch: usize) {
        let Some(kept) = self.branches.get_mut(branch).and_then(|branch| branch.kept.take()) else { return };
        let (timeline, chronicle, client) = *kept;
        let old = (
            std::mem::replace(&mut self.timeline, timeline),
            std::mem::replace(&mut self.chronicle, chronicle),
            std::mem::replace(&mut self.client, client),
        );
        self.branches[self.branch].kept = Some(Box::new(old));
        self.branch = branch;
        self.compared = self.compared.filter(|compared| *compared != branch);
        self.halted = None;
        let at = self.clock.now().min(self.timeline.end());
        self.timeline.seek(at);
        self.clock.set(at);
        self.look_anew();
    }
}

/// Whether anything is drawn that moves by itself with time.
fn moves(snapshot: &Snapshot, now: u64) -> bool {
    let rolling = snapshot.services.iter().any(|service| service.rollout.is_some());
    let due = |at: Option<u64>| at.is_some_and(|at| at > now);
    rolling || snapshot.tasks.iter().any(|task| due(task.until) || due(task.starts_at) || due(task.monitored_until))
}
