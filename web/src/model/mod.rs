//! The one state of the page, and what changes it. The page sends messages that say what happened; `update` answers
//! with what is left for the browser to do. No browser in here: all of it is tested natively.

mod choice;
mod shells;
#[cfg(test)]
mod tests;
mod time;
mod vary;

use std::rc::Rc;

use swarmyard_core::scenario::{NodeSetup, Scenario};
use swarmyard_core::session::Session;
use swarmyard_core::session::timeline::Timeline;
use swarmyard_core::shell::Key;
use swarmyard_core::snapshot::{Chronicle, Client, Field, Mark, MarkKind, Service, Snapshot, Watch};
use swarmyard_core::time::Ms;

use crate::clock::{Clock, REAL_TIME, SPEEDS};
use crate::keep::Kept;
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

/// The client asks five times a second at first.
const RATE_MS: Ms = 200;

/// How much of time may be in sight, in minutes; 0: all of it.
pub(crate) const SPANS: [Ms; 4] = [0, 1, 5, 15];

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
    /// Whether single keys steer the time where nothing is typed.
    pub(crate) keys: bool,
}

impl Settings {
    pub(crate) fn stops_at(self, kind: MarkKind) -> bool {
        self.stops & 1 << kind as u8 != 0
    }
}

/// How large the picture may be, in percent; 0: as large as fits.
pub(crate) const ZOOMS: [u16; 10] = [0, 17, 25, 33, 50, 67, 100, 125, 150, 200];

/// What a narrow page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    Terminal,
    Cluster,
    Time,
}

/// What opens when it is asked for, one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Menu {
    Stops,
    Branches,
    Vary,
    Faults,
}

/// What can become a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Export {
    Session,
    Chart,
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
    /// An index into [`SPANS`].
    Span(usize),
    /// How often the client outside asks, and how long its requests take.
    Rate(Ms),
    Length(Ms),
    /// Whose faults are offered.
    FaultNode(String),
    /// Does something to the world: the words of `world`.
    Act(String),
    /// Whether the clock stops by itself at marks of this kind.
    StopAt(MarkKind),
    /// Looks at another branch.
    Branch(usize),
    /// Puts the chart of another branch below, or takes it away.
    Compare(usize),
    /// The latest update again, with that one of its [`Model::variants`].
    Vary(usize),
    StartOver,
    /// The prompt was edited in the browser; the cursor counts in UTF-16 units.
    Edited {
        text: String,
        cursor: usize,
    },
    /// A key that means something to a shell, or a pasted text.
    Key(Key),
    /// What is edited becomes the file.
    Save(String),
    /// Looks at the shell of a node.
    Shell(String),
    /// Types a command and runs it. `still`: without the show of typing.
    Type {
        command: String,
        still: bool,
    },
    Service(String),
    View(View),
    /// How large the picture is: one of [`ZOOMS`].
    Zoom(u16),
    /// So large the picture may be to fit.
    Fitted(u16),
    /// Lists the tasks from that one on, where there are too many to list them all.
    Rows(usize),
    /// One step larger, or smaller.
    Nearer(bool),
    Pane(Pane),
    Lang(Lang),
    Dark(bool),
    /// Single keys on or off.
    Keys,
    /// Something becomes a file; a file becomes the session.
    Export(Export),
    Import(String),
    /// Opens what was closed, or closes it.
    Menu(Menu),
    /// Closes whatever is open.
    Close,
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
    /// Something was put in, or time has passed: keep the session in the browser's store.
    pub(crate) keep: bool,
    /// The picture is to fit into what is in sight.
    pub(crate) fit: bool,
    /// What to offer as a file.
    pub(crate) export: Option<Export>,
}

impl Todo {
    const DRAW: Todo = Todo {
        draw: true,
        prompt: false,
        follow: false,
        settings: false,
        travel: false,
        keep: false,
        fit: false,
        export: None,
    };
    const PROMPT: Todo = Todo { prompt: true, follow: true, ..Todo::DRAW };
    const SETTINGS: Todo = Todo { settings: true, ..Todo::DRAW };
}

pub(crate) struct Model {
    scenario: Scenario,
    seed: u64,
    /// Of the branch that is looked at.
    pub(crate) timeline: Timeline,
    pub(crate) chronicle: Chronicle,
    pub(crate) client: Client,
    pub(crate) branches: Vec<Branch>,
    pub(crate) branch: usize,
    /// The branch whose chart stands below.
    pub(crate) compared: Option<usize>,
    watch: Watch,
    pub(crate) snapshot: Rc<Snapshot>,
    pub(crate) clock: Clock,
    /// How much of time is in sight: an index into [`SPANS`].
    pub(crate) span: usize,
    fault_node: String,
    /// Why the last deed could not be done.
    pub(crate) refused: Option<String>,
    /// The mark at which the clock stopped by itself.
    pub(crate) halted: Option<Mark>,
    /// One for each node that somebody has looked at.
    pub(crate) shells: Vec<Shell>,
    /// Index of the one that is looked at.
    pub(crate) shell: usize,
    pub(crate) walk: Walk,
    pub(crate) typing: Option<Typing>,
    service: Option<String>,
    /// What is open.
    pub(crate) open: Option<Menu>,
    pub(crate) selected: Option<Selected>,
    pub(crate) told: Option<Rc<Told>>,
    /// The browser's time at the last frame, and when docker was last asked.
    real_ms: f64,
    asked_ms: f64,
    pub(crate) view: View,
    /// Percent.
    pub(crate) zoom: u16,
    /// It is as large as fits, and so will be the next view.
    fitted: bool,
    /// Which task is the first that is listed.
    pub(crate) rows: usize,
    pub(crate) narrator: Narrator,
    pub(crate) pane: Pane,
    pub(crate) settings: Settings,
    /// The line of a file that could not be read.
    pub(crate) unreadable: Option<usize>,
    /// Whether there is something that was not kept yet, and when it was kept last.
    changed: bool,
    kept_ms: f64,
    /// A service has other specs than when the page was drawn.
    cards_move: bool,
    /// The time of the last drawing.
    drawn: u64,
}

impl Model {
    pub(crate) fn new(scenario: Scenario, seed: u64, settings: Settings) -> Model {
        let timeline = Timeline::new(&scenario, seed);
        let client = Client::new(&timeline.session().terminal(0).node, RATE_MS);
        let mut model = Model {
            watch: Watch::default(),
            snapshot: Rc::default(),
            shells: vec![Shell::new(timeline.session().terminal(0).node.clone())],
            scenario,
            seed,
            timeline,
            chronicle: Chronicle::default(),
            client,
            branches: vec![Branch::default()],
            branch: 0,
            compared: None,
            clock: Clock::new(REAL_TIME),
            span: 0,
            fault_node: String::new(),
            refused: None,
            halted: None,
            shell: 0,
            walk: Walk::default(),
            typing: None,
            service: None,
            open: None,
            selected: None,
            told: None,
            real_ms: 0.0,
            asked_ms: 0.0,
            view: View::Nodes,
            zoom: 100,
            fitted: false,
            rows: 0,
            narrator: Narrator::default(),
            pane: Pane::Terminal,
            settings,
            unreadable: None,
            changed: false,
            kept_ms: 0.0,
            cards_move: false,
            drawn: 0,
        };
        model.look();
        model
    }

    pub(crate) fn update(&mut self, msg: Msg) -> Todo {
        let todo = self.happen(msg);
        let keep = std::mem::take(&mut self.changed) && !self.settings.embedded;
        Todo { travel: todo.travel || std::mem::take(&mut self.cards_move), keep, ..todo }
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
            Msg::Span(span) => self.span = span.min(SPANS.len() - 1),
            Msg::Rate(every_ms) => self.client.every_ms = every_ms,
            Msg::Length(length_ms) => self.client.length_ms = length_ms,
            Msg::FaultNode(node) => self.fault_node = node,
            Msg::Act(words) => self.act(&words),
            Msg::StopAt(kind) => {
                self.settings.stops ^= 1 << kind as u8;
                return Todo::SETTINGS;
            }
            Msg::Compare(branch) => self.compared = Some(branch).filter(|_| self.compared != Some(branch)),
            Msg::Vary(at) => {
                self.vary(at);
                return Todo { prompt: true, follow: true, ..Todo::DRAW };
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
                let shell = self.current();
                if shell.editor.text() == text && shell.editor.cursor_utf16() == cursor {
                    return Todo::default();
                }
                shell.editor.set(&text, cursor);
                let had = !shell.candidates.is_empty();
                shell.candidates.clear();
                self.typing = None;
                let draw = self.look_at_flag() || had;
                return Todo { draw, ..Todo::default() };
            }
            Msg::Key(key) => {
                self.press(key);
                return Todo::PROMPT;
            }
            Msg::Save(text) => {
                self.save(text);
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
                return Todo { travel: true, fit: self.fitted, ..Todo::DRAW };
            }
            Msg::Zoom(0) => {
                self.fitted |= self.view != View::Tables;
                return Todo { fit: true, ..Todo::DRAW };
            }
            Msg::Fitted(percent) => self.zoom = percent,
            Msg::Rows(from) => self.rows = from,
            Msg::Zoom(percent) => (self.zoom, self.fitted) = (percent, false),
            Msg::Nearer(nearer) => {
                self.fitted = false;
                let at = ZOOMS.partition_point(|zoom| *zoom < self.zoom);
                let to = if nearer { at + 1 } else { at - 1 };
                self.zoom = ZOOMS[to.clamp(1, ZOOMS.len() - 1)];
            }
            Msg::Pane(pane) => {
                self.pane = pane;
                return Todo { follow: true, ..Todo::DRAW };
            }
            Msg::Lang(lang) => {
                self.settings.lang = lang;
                // What was told in another language would be read out in this one.
                self.narrator.says.clear();
                self.tell();
                return Todo::SETTINGS;
            }
            Msg::Dark(dark) => {
                self.settings.dark = Some(dark);
                return Todo::SETTINGS;
            }
            Msg::Keys => {
                self.settings.keys = !self.settings.keys;
                return Todo::SETTINGS;
            }
            Msg::Export(what) => return Todo { export: Some(what), ..Todo::default() },
            Msg::Import(text) => match Kept::read(&text) {
                Ok(kept) => {
                    self.restore(&kept);
                    return Todo::PROMPT;
                }
                Err(line) => self.unreadable = Some(line),
            },
            Msg::Menu(menu) => self.open = Some(menu).filter(|_| self.open != Some(menu)),
            Msg::Close => {
                self.open = None;
                self.select(None);
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

    /// How much is open that can be closed.
    pub(crate) fn opened(&self) -> usize {
        usize::from(self.selected.is_some()) + usize::from(self.open.is_some())
    }

    /// The service whose rollout is shown.
    pub(crate) fn shown_service(&self) -> Option<&str> {
        let chosen = self.service.as_deref();
        chosen
            .filter(|name| self.snapshot.services.iter().any(|service| service.name == *name))
            .or(busiest(&self.snapshot))
    }

    /// The node whose faults are offered: the last one, unless somebody chose another.
    pub(crate) fn fault_node(&self) -> String {
        let nodes = &self.snapshot.nodes;
        let chosen = nodes.iter().find(|node| node.hostname == self.fault_node).or(nodes.last());
        chosen.map_or(String::new(), |node| node.hostname.clone())
    }

    fn start_over(&mut self) {
        let (speed, pane, settings) = (self.clock.speed, self.pane, self.settings);
        let (view, zoom, fitted) = (self.view, self.zoom, self.fitted);
        *self = Model::new(self.scenario.clone(), self.seed, settings);
        self.changed = true;
        self.clock.speed = speed;
        self.pane = pane;
        (self.view, self.zoom, self.fitted) = (view, zoom, fitted);
    }

    /// The session as text can hold it.
    pub(crate) fn kept(&self) -> Kept {
        let journal = self.timeline.journal().to_vec();
        Kept { nodes: self.scenario.nodes.len(), seed: self.seed, end: self.timeline.end(), journal }
    }

    /// Becomes the session that was kept, at its end.
    pub(crate) fn restore(&mut self, kept: &Kept) {
        let settings = self.settings;
        *self = Model::new(cluster(kept.nodes), kept.seed, settings);
        self.clock.running = false;
        for entry in &kept.journal {
            self.play_to(entry.at);
            self.timeline.input(entry.input.clone());
        }
        self.play_to(kept.end);
        self.clock.set(self.timeline.now());
        self.clock.running = true;
        for shell in 0..self.session().terminals() {
            self.open(self.session().terminal(shell).node.clone());
        }
        self.shell = 0;
        self.look_anew();
        self.changed = true;
    }

    /// Takes over what the session shows now.
    fn look(&mut self) {
        self.chronicle.read(self.timeline.session().world());
        let snapshot = self.timeline.session().watched(&mut self.watch);
        let port = |service: &Service| service.ports.first().map(|(published, _)| *published);
        let shown = self.shown_service();
        let service =
            snapshot.services.iter().find(|service| Some(service.name.as_str()) == shown && port(service).is_some());
        self.client.port =
            service.or(snapshot.services.iter().find(|each| port(each).is_some())).and_then(port).unwrap_or(0);
        self.cards_move |= specs(&snapshot).ne(specs(&self.snapshot));
        self.snapshot = snapshot;
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

/// The playground with so many nodes.
pub(crate) fn cluster(nodes: usize) -> Scenario {
    let mut scenario = Scenario::playground();
    let last = scenario.nodes[scenario.nodes.len() - 1].clone();
    scenario.nodes.truncate(nodes.max(1));
    for number in scenario.nodes.len()..nodes {
        scenario.nodes.push(NodeSetup {
            hostname: format!("node{number}"),
            address: format!("10.97.{}.{}", number / 200, number % 200 + 10),
            ..last.clone()
        });
    }
    scenario
}

/// What the two cards of each service say.
fn specs(snapshot: &Snapshot) -> impl Iterator<Item = (&Vec<Field>, &Option<Vec<Field>>)> {
    snapshot.services.iter().map(|service| (&service.spec, &service.previous))
}
