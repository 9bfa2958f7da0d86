//! A timeline: a session that can be looked at in any of its moments, and played on from there.
//!
//! The journal stays the only truth. Checkpoints are clones of the session; they only make the way to a moment short,
//! and every second one is thrown away when there are many. Whoever acts in the past begins another future: what came
//! after is forgotten. Who wants to keep it clones the timeline before; the checkpoints are shared.

use std::rc::Rc;

use super::{Entry, Input, Session};
use crate::scenario::Scenario;
use crate::time::Ms;

/// So much happens between two checkpoints at first: moments with something due, and events. Playing that takes a few
/// milliseconds.
const SPACING: usize = 2_000;

/// So many checkpoints are kept. When there are more, every second one goes, and the spacing doubles.
const MOST: usize = 128;

/// A session with its past.
#[derive(Clone)]
pub struct Timeline {
    /// The moment that is looked at. Its journal is the part of ours that it has seen.
    session: Session,
    journal: Vec<Entry>,
    /// The latest moment that was played.
    end: Ms,
    /// By time. The first is the beginning.
    checkpoints: Vec<Checkpoint>,
    spacing: usize,
    /// How much has happened up to the moment that is looked at.
    work: usize,
}

/// A clone of the session without its journal, of which it had seen so many entries.
#[derive(Clone)]
struct Checkpoint {
    session: Rc<Session>,
    entries: usize,
    work: usize,
}

impl Timeline {
    /// A fresh session of `scenario`.
    pub fn new(scenario: &Scenario, seed: u64) -> Timeline {
        Timeline::spaced(scenario, seed, SPACING)
    }

    /// Lets `spacing` happen between two checkpoints.
    pub fn spaced(scenario: &Scenario, seed: u64, spacing: usize) -> Timeline {
        let session = Session::new(scenario, seed);
        let mut timeline = Timeline {
            end: session.now(),
            session,
            journal: Vec::new(),
            checkpoints: Vec::new(),
            spacing: spacing.max(1),
            work: 0,
        };
        timeline.keep();
        timeline
    }

    /// The session at the moment that is looked at.
    pub fn session(&self) -> &Session {
        &self.session
    }

    pub fn now(&self) -> Ms {
        self.session.now()
    }

    /// The latest moment that was played.
    pub fn end(&self) -> Ms {
        self.end
    }

    /// Everything that was put in, also after the moment that is looked at.
    pub fn journal(&self) -> &[Entry] {
        &self.journal
    }

    /// How many checkpoints there are.
    pub fn checkpoints(&self) -> usize {
        self.checkpoints.len()
    }

    /// Plays on to `to`; in the past, with what was put in then. Going back does nothing.
    pub fn advance(&mut self, to: Ms) {
        if to > self.now() {
            self.play(to, self.journal.len());
        }
    }

    /// Goes to the moment `at`, in which everything has happened that is due, and been put in that was put in then.
    pub fn seek(&mut self, at: Ms) {
        self.go_to(at, self.journal.len());
    }

    /// Puts something in, now. In the past, that forgets what came after.
    pub fn input(&mut self, input: Input) {
        self.forget_future();
        self.journal.push(Entry { at: self.now(), input: input.clone() });
        self.session.input(input);
    }

    /// Goes to the moment in which an entry of the journal was put in, when it was about to be.
    pub fn seek_before(&mut self, entry: usize) {
        if let Some(asked) = self.journal.get(entry) {
            self.go_to(asked.at, entry);
        }
    }

    fn forget_future(&mut self) {
        let (now, entries) = (self.now(), self.session.journal.len());
        self.journal.truncate(entries);
        self.checkpoints.retain(|kept| kept.session.now <= now && kept.entries <= entries);
        self.end = now;
    }

    /// Goes to `at`, with the first `entries` of the journal at most.
    fn go_to(&mut self, at: Ms, entries: usize) {
        let seen = self.session.journal.len();
        let reach = |kept: &Checkpoint| kept.session.now <= at && kept.entries <= entries;
        let nearest = self.checkpoints.iter().rfind(|kept| reach(kept)).expect("the beginning is before everything");
        let on_the_way = self.now() <= at && seen <= entries;
        if !on_the_way || nearest.work > self.work {
            self.work = nearest.work;
            self.session = Session::clone(&nearest.session);
            self.session.journal = self.journal[..nearest.entries].to_vec();
        }
        self.play(at, entries);
    }

    /// Plays on to `to`, with the first `entries` of the journal at most.
    fn play(&mut self, to: Ms, entries: usize) {
        while let Some(entry) = self.journal[..entries].get(self.session.journal.len()).filter(|entry| entry.at <= to) {
            let Entry { at, input } = entry.clone();
            self.step_to(at);
            self.session.input(input);
        }
        self.step_to(to);
        self.end = self.end.max(to);
    }

    fn step_to(&mut self, to: Ms) {
        let mut events = self.session.world.store().record().len();
        while self.session.step(to).is_some() {
            let now = self.session.world.store().record().len();
            self.work += 1 + now - events;
            events = now;
            if self.checkpoints.last().is_none_or(|last| self.work >= last.work + self.spacing) {
                self.keep();
            }
        }
        self.session.advance(to);
    }

    /// Keeps the moment that is looked at, and makes room where there is none.
    fn keep(&mut self) {
        let entries = self.session.journal.len();
        // The journal is ours; a checkpoint need not carry it.
        let journal = std::mem::take(&mut self.session.journal);
        let session = Rc::new(self.session.clone());
        self.session.journal = journal;
        self.checkpoints.push(Checkpoint { session, entries, work: self.work });
        if self.checkpoints.len() > MOST {
            self.spacing *= 2;
            let mut place = 0;
            self.checkpoints.retain(|_| {
                place += 1;
                place % 2 == 1
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;

    fn typed(text: &str) -> Input {
        Input::Line { shell: 0, text: text.to_owned() }
    }

    /// What the terminal shows, in one line.
    fn shown(timeline: &Timeline) -> String {
        let blocks = timeline.session().terminal(0).blocks.iter();
        blocks.flat_map(|block| &block.lines).map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn any_moment_can_be_gone_to() {
        let mut timeline = Timeline::spaced(&Scenario::lab(), 1, 5);
        timeline.input(typed("echo one; sleep 5; echo two; sleep 5; echo three"));
        timeline.advance(20 * SECOND);
        timeline.input(typed("echo four"));
        for (at, text) in [(7, "one two"), (3, "one"), (10, "one two three"), (20, "one two three four"), (0, "one")] {
            timeline.seek(at * SECOND);
            assert_eq!((timeline.now(), shown(&timeline).as_str()), (at * SECOND, text));
            assert_eq!(timeline.end(), 20 * SECOND);
        }
        timeline.advance(30 * SECOND);
        assert_eq!((timeline.end(), shown(&timeline).as_str()), (30 * SECOND, "one two three four"));
    }

    #[test]
    fn acting_in_the_past_begins_another_future_and_a_clone_keeps_the_old_one() {
        let mut timeline = Timeline::spaced(&Scenario::lab(), 1, 5);
        timeline.input(typed("echo one"));
        timeline.advance(10 * SECOND);
        timeline.input(typed("echo two"));
        timeline.advance(20 * SECOND);
        let mut old = timeline.clone();
        timeline.seek(5 * SECOND);
        timeline.input(typed("echo other"));
        assert_eq!((timeline.end(), timeline.journal().len()), (5 * SECOND, 2));
        timeline.seek(20 * SECOND);
        old.seek(20 * SECOND);
        assert_eq!((shown(&timeline).as_str(), shown(&old).as_str()), ("one other", "one two"));
    }

    #[test]
    fn what_was_put_in_can_be_gone_before() {
        let mut timeline = Timeline::spaced(&Scenario::lab(), 1, 5);
        timeline.input(typed("echo one"));
        timeline.input(typed("echo two"));
        timeline.advance(9 * SECOND);
        timeline.seek_before(1);
        assert_eq!((timeline.now(), shown(&timeline).as_str()), (0, "one"));
        assert_eq!((timeline.end(), timeline.journal().len()), (9 * SECOND, 2), "nothing is forgotten");
        timeline.seek_before(0);
        assert_eq!((timeline.now(), shown(&timeline).as_str()), (0, ""));
        timeline.input(typed("echo other"));
        assert_eq!((timeline.journal().len(), shown(&timeline).as_str()), (1, "other"));
        timeline.seek_before(7);
        assert_eq!(shown(&timeline), "other", "there is no such entry");
    }

    #[test]
    fn checkpoints_become_no_more_than_their_limit() {
        let mut timeline = Timeline::spaced(&Scenario::lab(), 1, 1);
        timeline.input(typed("docker service create -d --name a --restart-delay 0s demo/crash:latest"));
        timeline.advance(120 * SECOND);
        assert!((MOST / 2..=MOST).contains(&timeline.checkpoints()), "{}", timeline.checkpoints());
        assert!(timeline.spacing > 1);
        let kept: Vec<Ms> = timeline.checkpoints.iter().map(|kept| kept.session.now).collect();
        assert!(kept[0] == 0 && kept.is_sorted(), "{kept:?}");
    }
}
