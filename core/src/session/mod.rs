//! A session: a scenario, a seed and a journal of inputs. The journal is the only truth: undo, scrubbing, links,
//! homework and transcripts are uses of the same list.
//!
//! Only the time at which an input came is recorded; how often somebody looked in between changes nothing
//! (advancing 16 ms sixty times equals advancing 960 ms once). So that this holds, everything that is due has happened
//! whenever a method returns, and within one millisecond the order is fixed: the world first, then the prompts in the
//! order of their opening, then inputs.

pub mod timeline;
mod trace;

pub use crate::action::Action;
pub use trace::Trace;

use crate::collections::Map;
use crate::docker::{Hint, hint};
use crate::event::EventId;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::scenario::Scenario;
use crate::shell::{Editor, Files, Happened, Key, Place, Said, Shell, Terminal, at_cursor};
use crate::snapshot::{Snapshot, Watch};
use crate::time::Ms;
use crate::why::{Lang, Reason, Why};
use crate::world::World;

/// Names a prompt of a session: the index of its terminal.
pub type ShellId = usize;

/// What a person, a script or a lesson does to the world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// Opens one more prompt on the node called `node`. `columns` of the terminal, or `None` for a pipe.
    Open { node: String, columns: Option<u16> },
    /// Text typed or pasted at a prompt and ended with Enter; several lines are worked off one after another.
    Line { shell: ShellId, text: String },
    /// Ctrl-C.
    Interrupt { shell: ShellId },
    /// Ctrl-D on an empty line.
    End { shell: ShellId },
    /// Sets a variable of a prompt, as the login of its reader would: `LANG`.
    Variable { shell: ShellId, name: String, value: String },
    /// What happens to the world outside the shells.
    World(Action),
    /// Puts a text file onto the machine `node`. `path` is absolute or below the home directory.
    File { node: String, path: String, text: String },
}

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub at: Ms,
    pub input: Input,
}

/// A running simulation with its prompts.
#[derive(Clone)]
pub struct Session {
    seed: u64,
    now: Ms,
    journal: Vec<Entry>,
    world: World,
    shells: Vec<Shell>,
    /// By host name.
    files: Map<String, Files>,
    /// What was said in the last step or input.
    said: Vec<(ShellId, Said)>,
}

/// How many steps one millisecond may take before it counts as one of our errors.
const STEPS_PER_MS: usize = 10_000;

impl Session {
    /// A fresh session of `scenario` with one prompt on its first node, on a terminal of 120 columns.
    pub fn new(scenario: &Scenario, seed: u64) -> Session {
        let mut session = Session {
            seed,
            now: 0,
            journal: Vec::new(),
            world: World::new(scenario, seed),
            shells: Vec::new(),
            files: Map::new(),
            said: Vec::new(),
        };
        session.open(scenario.nodes.first().map_or("", |node| &node.hostname), Some(120));
        session.settle();
        session
    }

    /// The session that a journal makes of a fresh one from [`Session::new`], at the time of the journal's last entry.
    pub fn replay(scenario: &Scenario, seed: u64, journal: &[Entry]) -> Session {
        let mut session = Session::new(scenario, seed);
        for entry in journal {
            session.advance(entry.at);
            session.input(entry.input.clone());
        }
        session
    }

    pub fn now(&self) -> Ms {
        self.now
    }

    /// Lets everything happen that is due up to `to`. Going back does nothing.
    pub fn advance(&mut self, to: Ms) {
        while self.step(to).is_some() {}
        self.now = self.now.max(to);
        self.world.advance(self.now);
        self.said.clear();
    }

    /// Lets everything happen of the next millisecond in which something is due, and returns it. `None` where nothing
    /// is due up to `limit`: then nothing has changed, the time neither.
    pub fn step(&mut self, limit: Ms) -> Option<Ms> {
        self.now = self.next_event().filter(|at| *at <= limit)?;
        self.said.clear();
        self.settle();
        Some(self.now)
    }

    /// Takes an input now, and writes it into the journal. An input for a prompt that was never opened does nothing.
    pub fn input(&mut self, input: Input) {
        self.said.clear();
        self.journal.push(Entry { at: self.now, input: input.clone() });
        match input {
            Input::Open { node, columns } => self.open(&node, columns),
            Input::Line { shell, text } => {
                self.shell(shell, |shell, world, files, said| shell.line(&text, world, files, said))
            }
            Input::Interrupt { shell } => self.shell(shell, Shell::interrupt),
            Input::Variable { shell, name, value } => {
                if let Some(shell) = self.shells.get_mut(shell) {
                    shell.set_variable(name, value);
                }
            }
            Input::End { shell } => self.shell(shell, Shell::end),
            // Whoever typed it has been told by `Action::parse` or by the stage; here nobody listens.
            Input::World(action) => drop(self.world.act(&action)),
            Input::File { node, path, text } => {
                let path = Files::resolve(crate::shell::HOME, &path);
                self.files.entry(node).or_default().write(&path, &text);
            }
        }
        self.settle();
    }

    pub fn scenario(&self) -> &Scenario {
        self.world.scenario()
    }

    pub fn seed(&self) -> u64 {
        self.seed
    }

    pub fn journal(&self) -> &[Entry] {
        &self.journal
    }

    /// When something will happen next; `None` while nothing is due. For stepping, and for frames that may sleep.
    pub fn next_event(&self) -> Option<Ms> {
        let shells = self.shells.iter().filter_map(Shell::wake_at);
        self.world.next_at().into_iter().chain(shells).min()
    }

    /// What the prompt `shell` shows.
    pub fn terminal(&self, shell: ShellId) -> &Terminal {
        &self.shells[shell].terminal
    }

    /// How many prompts have been opened.
    pub fn terminals(&self) -> usize {
        self.shells.len()
    }

    /// What was typed at a prompt, oldest first: for ↑ and Ctrl-R.
    pub fn history(&self, shell: ShellId) -> &[Rc<str>] {
        self.shells[shell].history()
    }

    /// What a key does to a line that is edited for the prompt `shell`. Nothing of it is journalled: an editor belongs
    /// to whoever shows the prompt, and what it submits is passed to [`Session::input`].
    pub fn press(&self, shell: ShellId, editor: &mut Editor, key: Key) -> Happened {
        let terminal = self.terminal(shell);
        let (none, variables) = (Files::default(), self.shells[shell].variables());
        let files = self.files.get(&terminal.node).unwrap_or(&none);
        let place = Place {
            world: &self.world,
            files,
            node: &terminal.node,
            pending: &terminal.pending,
            variables: &variables,
            directory: self.shells[shell].directory(),
        };
        editor.press(key, self.history(shell), &place)
    }

    /// What the flag at the cursor means, of a docker command that is edited for a prompt of `node`, below `pending`.
    pub fn hint(&self, node: &str, pending: &str, editor: &Editor, lang: Lang) -> Option<Hint> {
        let (words, at) = at_cursor(pending, editor.text(), editor.cursor());
        let (name, words) = words.split_first().filter(|_| at > 0)?;
        let machine = self.world.machine(node).filter(|_| name == "docker")?;
        hint(&self.world, machine.node, words, at - 1, lang)
    }

    /// What commands said in the last [`Session::step`] or [`Session::input`], as it came.
    pub fn said(&self) -> &[(ShellId, Said)] {
        &self.said
    }

    pub fn world(&self) -> &World {
        &self.world
    }

    /// What led to the state of a service, a task or a node, the latest first, back to the input that began it. `name`
    /// is what tables call it, or the beginning of its id; nothing where that is not one thing.
    pub fn why(&self, name: &str, lang: Lang) -> Vec<Reason> {
        let why = Why::of(&self.world);
        let chain = why.chain(name).unwrap_or_default();
        chain.into_iter().filter_map(|event| why.tell(event, lang)).collect()
    }

    /// The same from one event back.
    pub fn why_event(&self, event: EventId, lang: Lang) -> Vec<Reason> {
        let why = Why::of(&self.world);
        why.chain_of(Some(event)).into_iter().filter_map(|event| why.tell(event, lang)).collect()
    }

    /// What a service's update or a task waits for now.
    pub fn waits(&self, name: &str, lang: Lang) -> Vec<String> {
        Why::of(&self.world).waits(name, lang)
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot { now: self.now, ..Snapshot::of(&self.world) }
    }

    /// The same for who looks again and again: what nothing has happened to is shared with the last look. The session
    /// must be the one that `watch` has seen, and have gone on since, unless that was told to forget.
    pub fn watched(&self, watch: &mut Watch) -> Rc<Snapshot> {
        watch.look(&self.world, self.journal.len(), self.now)
    }

    fn open(&mut self, node: &str, columns: Option<u16>) {
        self.shells.push(Shell::new(node, columns));
    }

    /// Runs everything that is due now.
    fn settle(&mut self) {
        for _ in 0..STEPS_PER_MS {
            if self.next_event().is_none_or(|at| at > self.now) {
                return;
            }
            self.world.advance(self.now);
            for id in 0..self.shells.len() {
                if self.shells[id].wake_at().is_some_and(|at| at <= self.now) {
                    self.shell(id, Shell::go_on);
                }
            }
        }
        panic!("the millisecond {} does not end", self.now);
    }

    fn shell(&mut self, id: ShellId, act: impl FnOnce(&mut Shell, &mut World, &mut Files, &mut Vec<Said>)) {
        let Some(shell) = self.shells.get_mut(id) else { return };
        let files = self.files.entry(shell.terminal.node.clone()).or_default();
        let mut said = Vec::new();
        act(shell, &mut self.world, files, &mut said);
        self.said.extend(said.into_iter().map(|said| (id, said)));
    }
}

#[cfg(test)]
mod tests;
