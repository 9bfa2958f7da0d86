//! A session: a scenario, a seed and a journal of inputs. The journal is the only truth: undo, scrubbing, links,
//! homework and transcripts are uses of the same list.
//!
//! Only the time at which an input came is recorded; how often somebody looked in between changes nothing
//! (advancing 16 ms sixty times equals advancing 960 ms once).

use serde::{Deserialize, Serialize};

use crate::scenario::Scenario;
use crate::shell::Terminal;
use crate::snapshot::Snapshot;
use crate::time::Ms;

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
    /// What happens to the world outside the shells.
    World(Action),
}

/// What can happen to the world: the same in `@` lines, in the shell's `world` command and on the stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    PowerOff {
        node: String,
    },
    PowerOn {
        node: String,
    },
    StopDaemon {
        node: String,
    },
    Registry {
        up: bool,
    },
    /// SIGKILL to one running task of `service` whose image (without digest) is `image`.
    CrashTask {
        service: String,
        image: String,
    },
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
    now: Ms,
    journal: Vec<Entry>,
    terminals: Vec<Terminal>,
}

impl Session {
    /// A fresh session of `scenario` with one prompt on its first node, on a terminal of 120 columns.
    pub fn new(_scenario: &Scenario, _seed: u64) -> Session {
        Session { now: 0, journal: Vec::new(), terminals: vec![Terminal::default()] }
    }

    pub fn now(&self) -> Ms {
        self.now
    }

    /// Lets everything happen that is due up to `to`. Going back does nothing.
    pub fn advance(&mut self, to: Ms) {
        self.now = self.now.max(to);
    }

    /// Takes an input now, and writes it into the journal.
    pub fn input(&mut self, input: Input) {
        self.journal.push(Entry { at: self.now, input });
    }

    pub fn journal(&self) -> &[Entry] {
        &self.journal
    }

    /// When something will happen next; `None` while nothing is due. For stepping, and for frames that may sleep.
    pub fn next_event(&self) -> Option<Ms> {
        None
    }

    /// What the prompt `shell` shows.
    pub fn terminal(&self, shell: ShellId) -> &Terminal {
        &self.terminals[shell]
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot { now: self.now, ..Snapshot::default() }
    }
}
