//! A trace: everything that changed and everything that was said, with its time, as one number. Two runs with the same
//! number did the same, which is how determinism is tested, natively and in a browser.

use crate::collections::Map;
use std::fmt::{self, Write};

use super::{Entry, Session};
use crate::scenario::Scenario;
use crate::time::Ms;

/// FNV-1a over everything that was seen, 64 bits.
#[derive(Clone, Debug)]
pub struct Trace {
    hash: u64,
    /// How the objects looked when they were last seen, by kind and id: the number of their text.
    seen: Map<(&'static str, String), u64>,
}

impl Default for Trace {
    fn default() -> Self {
        Trace { hash: FNV_OFFSET, seen: Map::new() }
    }
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x100_0000_01b3;

impl Trace {
    /// The trace of a whole journal, from its session's beginning to `until`.
    pub fn of(scenario: &Scenario, seed: u64, journal: &[Entry], until: Ms) -> Trace {
        let mut session = Session::new(scenario, seed);
        let mut trace = Trace::default();
        trace.look(&session);
        for entry in journal {
            trace.advance(&mut session, entry.at);
            session.input(entry.input.clone());
            trace.look(&session);
        }
        trace.advance(&mut session, until);
        trace
    }

    /// Lets a session go on to `to`, and looks at every millisecond in which something happens.
    pub fn advance(&mut self, session: &mut Session, to: Ms) {
        while session.step(to).is_some() {
            self.look(session);
        }
        session.advance(to);
    }

    /// Takes in what the last step or input of a session did.
    pub fn look(&mut self, session: &Session) {
        for (shell, said) in session.said() {
            self.note(&(session.now(), shell, said));
        }
        let store = session.world().store();
        let mut objects: Map<(&'static str, String), u64> = Map::new();
        let mut add = |kind, id: &str, object: &dyn fmt::Debug| {
            objects.insert((kind, id.to_owned()), number_of(object));
        };
        store.nodes().for_each(|node| add("node", node.id.as_str(), node));
        store.services().for_each(|service| add("service", service.id.as_str(), service));
        store.tasks().for_each(|task| add("task", task.id.as_str(), task));
        store.networks().for_each(|network| add("network", network.id.as_str(), network));
        store.files().for_each(|file| add(file.kind.word(), file.id.as_str(), file));
        let before = std::mem::take(&mut self.seen);
        for gone in before.keys().filter(|key| !objects.contains_key(*key)) {
            self.note(&(session.now(), "gone", gone));
        }
        for new in objects.iter().filter(|(key, number)| before.get(*key) != Some(*number)) {
            self.note(&(session.now(), new));
        }
        self.seen = objects;
    }

    /// The number of everything seen so far.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    fn note(&mut self, what: &dyn fmt::Debug) {
        let mut number = Fnv(self.hash);
        write!(number, "{what:?}").expect("a number takes any text");
        self.hash = number.0;
    }
}

fn number_of(what: &dyn fmt::Debug) -> u64 {
    let mut number = Fnv(FNV_OFFSET);
    write!(number, "{what:?}").expect("a number takes any text");
    number.0
}

/// A text that is only ever its hash.
struct Fnv(u64);

impl Write for Fnv {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = text.bytes().fold(self.0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME));
        Ok(())
    }
}
