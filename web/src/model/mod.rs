//! The one state of the page, and what changes it. The page sends messages that say what happened; `update` answers
//! with what is left for the browser to do. No browser in here: all of it is tested natively.

mod choice;
mod shells;
#[cfg(test)]
mod tests;
mod time;

use std::rc::Rc;

use swarmyard_core::scenario::Scenario;
use swarmyard_core::session::Session;
use swarmyard_core::session::timeline::Timeline;
use swarmyard_core::shell::Key;
use swarmyard_core::snapshot::{Chronicle, Field, Mark, MarkKind, Snapshot};
use swarmyard_core::time::Ms;

use crate::clock::{Clock, REAL_TIME, SPEEDS};
use crate::rollout::panel::busiest;
use crate::stage::picture::View;
use crate::text::Lang;
use crate::twin::narrator::Narrator;
use crate::walkthrough::{Typing, Walk};

pub(crate) use choice::{Selected, Told};
pub(crate) use shells::Shell;
pub(crate) use time::{Branch, To};

/// The page draws a clock that runs at most so often, in virtual milliseconds.
const CLOCK_STEP_MS: u64 = 100;

/// What a person may have chosen before, and keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) lang: Lang,
    /// `None`: as the browser prefers.
    pub(crate) dark: Option<bool>,
    /// Part of another page: no header, nothing is stored.
    pub(crate) embedded: bool,
    /// At which kinds of marks the clock stops by itself: a bit for each, in the order of `MarkKind::ALL`.
    pub(crate) stops: u8,
}

impl Settings {
    pub(crate) fn stops_at(self, kind: MarkKind) -> bool {
        self.stops & 1 << kind as u8 != 0
    }
}

/// What a narrow page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    Terminal,
    Cluster,
    Time,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Msg {
    /// A frame, at the browser's own time in milliseconds.
    Frame(f64),
    PlayOrPause,
    /// To a moment, and stand still there.
    Go(To),
    /// An index into [`SPEEDS`].
    Speed(usize),
    /// Whether the clock stops by itself at marks of this kind.
    StopAt(MarkKind),
    /// Looks at another branch.
    Branch(usize),
    StartOver,
    /// The prompt was edited in the browser; the cursor counts in UTF-16 units.
    Edited {
        text: String,
        cursor: usize,
    },
    /// A key that means something to a shell, or a pasted text.
    Key(Key),
    /// Looks at the shell of a node.
    Shell(String),
    /// Types a command and runs it. `still`: without the show of typing.
    Type {
        command: String,
        still: bool,
    },
    Service(String),
    View(View),
    Pane(Pane),
    Lang(Lang),
    Dark(bool),
    /// Something is chosen to be told about; `None`: nothing any more.
    Select(Option<Selected>),
    /// What a line of output speaks of is chosen.
    SelectLine(String),
}

/// What the browser has to do after a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Todo {
    pub(crate) draw: bool,
    /// The prompt's text was changed here: write it into the text field.
    pub(crate) prompt: bool,
    /// Something was submitted: show the end of the log.
    pub(crate) follow: bool,
    /// Language or colours changed: dress the document, and keep the choice.
    pub(crate) settings: bool,
    /// Something gets another place: let it travel there.
    pub(crate) travel: bool,
}

impl Todo {
    const DRAW: Todo = Todo { draw: true, prompt: false, follow: false, settings: false, travel: false };
    const PROMPT: Todo = Todo { prompt: true, follow: true, ..Todo::DRAW };
    const SETTINGS: Todo = Todo { settings: true, ..Todo::DRAW };
}

pub(crate) struct Model {
    scenario: Scenario,
    seed: u64,
    /// Of the branch that is looked at.
    pub(crate) timeline: Timeline,
    pub(crate) chronicle: Chronicle,
    pub(crate) branches: Vec<Branch>,
    pub(crate) branch: usize,
    pub(crate) snapshot: Rc<Snapshot>,
    pub(crate) clock: Clock,
    /// The mark at which the clock stopped by itself.
    pub(crate) halted: Option<Mark>,
    /// One for each node that somebody has looked at.
    pub(crate) shells: Vec<Shell>,
    /// Index of the one that is looked at.
    pub(crate) shell: usize,
    pub(crate) walk: Walk,
    pub(crate) typing: Option<Typing>,
    service: Option<String>,
    pub(crate) selected: Option<Selected>,
    pub(crate) told: Option<Rc<Told>>,
    pub(crate) view: View,
    pub(crate) narrator: Narrator,
    pub(crate) pane: Pane,
    pub(crate) settings: Settings,
    /// A service has other specs than when the page was drawn.
    cards_move: bool,
    /// The time of the last drawing.
    drawn: u64,
}

impl Model {
    pub(crate) fn new(scenario: Scenario, seed: u64, settings: Settings) -> Model {
        let timeline = Timeline::new(&scenario, seed);
        let mut model = Model {
            snapshot: Rc::new(timeline.session().snapshot()),
            shells: vec![Shell::new(timeline.session().terminal(0).node.clone())],
            scenario,
            seed,
            timeline,
            chronicle: Chronicle::default(),
            branches: vec![Branch::default()],
            branch: 0,
            clock: Clock::new(REAL_TIME),
            halted: None,
            shell: 0,
            walk: Walk::default(),
            typing: None,
            service: None,
            selected: None,
            told: None,
            view: View::Nodes,
            narrator: Narrator::default(),
            pane: Pane::Terminal,
            settings,
            cards_move: false,
            drawn: 0,
        };
        model.look();
        model
    }

    pub(crate) fn update(&mut self, msg: Msg) -> Todo {
        let todo = self.happen(msg);
        Todo { travel: todo.travel || std::mem::take(&mut self.cards_move), ..todo }
    }

    fn happen(&mut self, msg: Msg) -> Todo {
        match msg {
            Msg::Frame(real_ms) => return self.frame(real_ms),
            Msg::PlayOrPause => {
                self.clock.running = !self.clock.running;
                self.halted = None;
            }
            Msg::Go(to) => {
                self.go(to);
                return Todo { follow: true, ..Todo::DRAW };
            }
            Msg::Speed(speed) => self.clock.speed = speed.min(SPEEDS.len() - 1),
            Msg::StopAt(kind) => {
                self.settings.stops ^= 1 << kind as u8;
                return Todo::SETTINGS;
            }
            Msg::Branch(branch) => {
                self.switch(branch);
                return Todo { follow: true, ..Todo::DRAW };
            }
            Msg::StartOver => {
                self.start_over();
                return Todo::PROMPT;
            }
            Msg::Edited { text, cursor } => {
                self.typing = None;
                let shell = self.current();
                shell.editor.set(&text, cursor);
                let draw = !shell.candidates.is_empty();
                shell.candidates.clear();
                return Todo { draw, ..Todo::default() };
            }
            Msg::Key(key) => {
                self.press(key);
                return Todo::PROMPT;
            }
            Msg::Shell(node) => {
                self.open(node);
                return Todo::PROMPT;
            }
            Msg::Type { command, still } => {
                self.typing = Some(Typing { text: command, since_ms: None });
                if still {
                    return self.finish_typing();
                }
            }
            Msg::Service(name) => self.service = Some(name),
            Msg::View(view) => {
                self.view = view;
                return Todo { travel: true, ..Todo::DRAW };
            }
            Msg::Pane(pane) => {
                self.pane = pane;
                return Todo { follow: true, ..Todo::DRAW };
            }
            Msg::Lang(lang) => {
                self.settings.lang = lang;
                self.tell();
                return Todo::SETTINGS;
            }
            Msg::Dark(dark) => {
                self.settings.dark = Some(dark);
                return Todo::SETTINGS;
            }
            Msg::Select(selected) => self.select(selected),
            Msg::SelectLine(line) => {
                let Some(name) = choice::subject_in(&line, &self.snapshot, &self.chronicle) else {
                    return Todo::default();
                };
                self.select(Some(Selected::Name(name)));
            }
        }
        Todo::DRAW
    }

    pub(crate) fn session(&self) -> &Session {
        self.timeline.session()
    }

    /// The service whose rollout is shown.
    pub(crate) fn shown_service(&self) -> Option<&str> {
        let chosen = self.service.as_deref();
        chosen
            .filter(|name| self.snapshot.services.iter().any(|service| service.name == *name))
            .or(busiest(&self.snapshot))
    }

    fn start_over(&mut self) {
        let (speed, pane, view, settings) = (self.clock.speed, self.pane, self.view, self.settings);
        *self = Model::new(self.scenario.clone(), self.seed, settings);
        self.clock.speed = speed;
        self.pane = pane;
        self.view = view;
    }

    /// Takes over what the session shows now.
    fn look(&mut self) {
        self.chronicle.read(self.timeline.session().world());
        let snapshot = self.session().snapshot();
        self.cards_move |= specs(&snapshot).ne(specs(&self.snapshot));
        self.snapshot = Rc::new(snapshot);
        self.look_at_shells();
        self.tell();
    }

    fn select(&mut self, selected: Option<Selected>) {
        if self.pane == Pane::Terminal && selected.is_some() {
            self.pane = Pane::Cluster;
        }
        self.selected = selected;
        self.tell();
    }

    /// The time of what is shown.
    pub(crate) fn now(&self) -> Ms {
        self.clock.now()
    }
}

/// What the two cards of each service say.
fn specs(snapshot: &Snapshot) -> impl Iterator<Item = (&Vec<Field>, &Option<Vec<Field>>)> {
    snapshot.services.iter().map(|service| (&service.spec, &service.previous))
}
