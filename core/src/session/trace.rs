//! A trace: everything that changed and everything that was said, with its time, as one number. Two runs with the same
//! number did the same, which is how determinism is tested, natively and in a browser.

use std::fmt::{self, Write};
use std::rc::Rc;

use super::{Entry, Session};
use crate::collections::Map;
use crate::model::{ClusterFile, Network, Node, Service, Task};
use crate::scenario::Scenario;
use crate::time::Ms;

/// FNV-1a over everything that was seen, 64 bits.
#[derive(Clone)]
pub struct Trace {
    hash: u64,
    /// How many events there were. Without a new one no node, service or task has changed.
    events: usize,
    nodes: Seen<Node>,
    services: Seen<Service>,
    tasks: Seen<Task>,
    networks: Seen<Network>,
    /// Configs and secrets.
    files: Seen<ClusterFile>,
}

impl Default for Trace {
    fn default() -> Self {
        Trace {
            hash: FNV_OFFSET,
            events: 0,
            nodes: Seen::default(),
            services: Seen::default(),
            tasks: Seen::default(),
            networks: Seen::default(),
            files: Seen::default(),
        }
    }
}

/// The objects of one kind as they were when they were last seen, by id, with the numbers of their texts.
#[derive(Clone)]
struct Seen<T>(Map<String, (Rc<T>, u64)>);

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Seen(Map::new())
    }
}

impl<T: fmt::Debug> Seen<T> {
    /// Looks at all that are there now. What is the same object as before has not changed.
    fn look<'a>(&mut self, objects: impl Iterator<Item = (&'a str, &'a Rc<T>)>, now: Ms, hash: &mut Fnv)
    where
        T: 'a,
    {
        let mut before = std::mem::take(&mut self.0);
        for (id, object) in objects {
            let known = before.remove(id);
            let same = known.as_ref().filter(|(known, _)| Rc::ptr_eq(known, object));
            let number = same.map_or_else(|| number_of(object), |(_, number)| *number);
            if known.is_none_or(|(_, known)| known != number) {
                hash.note(&(now, id, number));
            }
            self.0.insert(id.to_owned(), (Rc::clone(object), number));
        }
        before.keys().for_each(|gone| hash.note(&(now, gone, "gone")));
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
        let (store, now) = (session.world().store(), session.now());
        let mut hash = Fnv(self.hash);
        if store.record().len() != self.events {
            self.events = store.record().len();
            self.nodes.look(store.nodes().map(|node| (node.id.as_str(), node)), now, &mut hash);
            self.services.look(store.services().map(|service| (service.id.as_str(), service)), now, &mut hash);
            self.tasks.look(store.tasks().map(|task| (task.id.as_str(), task)), now, &mut hash);
        }
        self.networks.look(store.networks().map(|network| (network.id.as_str(), network)), now, &mut hash);
        self.files.look(store.files().map(|file| (file.id.as_str(), file)), now, &mut hash);
        self.hash = hash.0;
    }

    /// The number of everything seen so far.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// Takes in something else that somebody saw.
    pub fn note(&mut self, what: &dyn fmt::Debug) {
        let mut number = Fnv(self.hash);
        number.note(what);
        self.hash = number.0;
    }
}

fn number_of(what: &dyn fmt::Debug) -> u64 {
    let mut number = Fnv(FNV_OFFSET);
    number.note(what);
    number.0
}

/// A text that is only ever its hash.
struct Fnv(u64);

impl Fnv {
    fn note(&mut self, what: &dyn fmt::Debug) {
        write!(self, "{what:?}").expect("a number takes any text");
    }
}

impl Write for Fnv {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = text.bytes().fold(self.0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME));
        Ok(())
    }
}
