//! The one state of the page, and what changes it. The page sends messages that say what happened; `update` answers
//! with what is left for the browser to do. No browser in here: all of it is tested natively.

use std::rc::Rc;

use swarmyard_core::scenario::Scenario;
use swarmyard_core::session::{Input, Session, ShellId};
use swarmyard_core::shell::{Block, Candidate, Editor, Happened, Key};
use swarmyard_core::snapshot::Snapshot;

use crate::clock::{Clock, REAL_TIME, SPEEDS};
use crate::rollout::panel::{Rollouts, busiest};
use crate::text::Lang;
use crate::walkthrough::{Typing, Walk};

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
}

/// What a narrow page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    Terminal,
    Cluster,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Msg {
    /// A frame, at the browser's own time in milliseconds.
    Frame(f64),
    PlayOrPause,
    /// To the next event, and stand still there.
    Step,
    /// An index into [`SPEEDS`].
    Speed(usize),
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
    Pane(Pane),
    Lang(Lang),
    Dark(bool),
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
}

impl Todo {
    const DRAW: Todo = Todo { draw: true, prompt: false, follow: false, settings: false };
}

/// One prompt as the page knows it.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    pub(crate) node: String,
    pub(crate) editor: Editor,
    /// What could follow, where Tab found several.
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) blocks: Vec<Rc<Block>>,
    /// Blocks up to this id were cleared from the screen.
    cleared: Option<u64>,
}

pub(crate) struct Model {
    scenario: Scenario,
    seed: u64,
    session: Session,
    pub(crate) snapshot: Rc<Snapshot>,
    pub(crate) clock: Clock,
    /// In the session's order; opened when somebody first looks.
    pub(crate) shells: Vec<Shell>,
    pub(crate) shell: ShellId,
    pub(crate) walk: Walk,
    pub(crate) typing: Option<Typing>,
    service: Option<String>,
    pub(crate) rollouts: Rollouts,
    pub(crate) pane: Pane,
    pub(crate) settings: Settings,
    /// The time of the last drawing.
    drawn: u64,
}

impl Model {
    pub(crate) fn new(scenario: Scenario, seed: u64, settings: Settings) -> Model {
        let session = Session::new(&scenario, seed);
        let mut model = Model {
            snapshot: Rc::new(session.snapshot()),
            shells: vec![Shell::new(session.terminal(0).node.clone())],
            scenario,
            seed,
            session,
            clock: Clock::new(REAL_TIME),
            shell: 0,
            walk: Walk::default(),
            typing: None,
            service: None,
            rollouts: Rollouts::default(),
            pane: Pane::Terminal,
            settings,
            drawn: 0,
        };
        model.speak(0);
        model.look();
        model
    }

    /// Tells a prompt the language of its reader: `why` answers in it. English goes without saying.
    fn speak(&mut self, shell: ShellId) {
        if self.settings.lang != Lang::En {
            let value = self.settings.lang.locale().to_owned();
            self.session.input(Input::Variable { shell, name: "LANG".to_owned(), value });
        }
    }

    pub(crate) fn update(&mut self, msg: Msg) -> Todo {
        match msg {
            Msg::Frame(real_ms) => return self.frame(real_ms),
            Msg::PlayOrPause => self.clock.running = !self.clock.running,
            Msg::Step => self.step(),
            Msg::Speed(speed) => self.clock.speed = speed.min(SPEEDS.len() - 1),
            Msg::StartOver => {
                self.start_over();
                return Todo { prompt: true, follow: true, ..Todo::DRAW };
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
                return Todo { prompt: true, follow: true, ..Todo::DRAW };
            }
            Msg::Shell(node) => {
                self.open(node);
                return Todo { prompt: true, follow: true, ..Todo::DRAW };
            }
            Msg::Type { command, still } => {
                self.typing = Some(Typing { text: command, since_ms: None });
                if still {
                    return self.finish_typing();
                }
            }
            Msg::Service(name) => self.service = Some(name),
            Msg::Pane(pane) => {
                self.pane = pane;
                return Todo { follow: true, ..Todo::DRAW };
            }
            Msg::Lang(lang) => {
                self.settings.lang = lang;
                for shell in 0..self.shells.len() {
                    let value = lang.locale().to_owned();
                    self.input(Input::Variable { shell, name: "LANG".to_owned(), value });
                }
                return Todo { settings: true, ..Todo::DRAW };
            }
            Msg::Dark(dark) => {
                self.settings.dark = Some(dark);
                return Todo { settings: true, ..Todo::DRAW };
            }
        }
        Todo::DRAW
    }

    /// Whether a command holds the prompt that is looked at.
    pub(crate) fn busy(&self) -> bool {
        self.session.terminal(self.shell).busy()
    }

    /// The part of a command whose rest the shell waits for.
    pub(crate) fn pending(&self) -> &str {
        &self.session.terminal(self.shell).pending
    }

    /// Lines that wait for a command to end.
    pub(crate) fn waiting(&self) -> Vec<String> {
        self.session.terminal(self.shell).waiting.iter().cloned().collect()
    }

    pub(crate) fn shown_shell(&self) -> &Shell {
        &self.shells[self.shell]
    }

    /// The service whose rollout is shown.
    pub(crate) fn shown_service(&self) -> Option<&str> {
        let chosen = self.service.as_deref();
        chosen
            .filter(|name| self.snapshot.services.iter().any(|service| service.name == *name))
            .or(busiest(&self.snapshot))
    }

    fn frame(&mut self, real_ms: f64) -> Todo {
        self.clock.frame(real_ms);
        let mut todo = self.type_on(real_ms);
        let now = self.clock.now();
        if self.session.next_event().is_some_and(|at| at <= now) {
            self.session.advance(now);
            self.look();
            todo.draw = true;
        } else {
            self.session.advance(now);
        }
        if now / CLOCK_STEP_MS != self.drawn / CLOCK_STEP_MS || (now != self.drawn && moves(&self.snapshot, now)) {
            todo.draw = true;
        }
        if todo.draw {
            self.drawn = now;
        }
        todo
    }

    fn step(&mut self) {
        self.clock.running = false;
        if let Some(at) = self.session.next_event() {
            self.clock.jump(at);
            self.session.advance(self.clock.now());
            self.look();
        }
    }

    fn start_over(&mut self) {
        let (speed, pane, dark) = (self.clock.speed, self.pane, self.settings);
        *self = Model::new(self.scenario.clone(), self.seed, dark);
        self.clock.speed = speed;
        self.pane = pane;
    }

    /// Goes on with what the page types; runs it when all of it stands there.
    fn type_on(&mut self, real_ms: f64) -> Todo {
        let Some(typing) = &mut self.typing else { return Todo::default() };
        let shown = typing.shown(real_ms).to_owned();
        if shown.len() == typing.text.len() {
            return self.finish_typing();
        }
        let editor = &mut self.current().editor;
        let changed = editor.text() != shown;
        editor.set(&shown, usize::MAX);
        Todo { prompt: changed, draw: changed, ..Todo::default() }
    }

    fn finish_typing(&mut self) -> Todo {
        if let Some(typing) = self.typing.take() {
            self.current().editor.set(&typing.text, usize::MAX);
        }
        self.press(Key::Enter);
        Todo { prompt: true, follow: true, ..Todo::DRAW }
    }

    fn press(&mut self, key: Key) {
        self.typing = None;
        let shell = &mut self.shells[self.shell];
        shell.candidates.clear();
        match self.session.press(self.shell, &mut shell.editor, key) {
            Happened::Edited | Happened::Unused => {}
            Happened::Submit(text) => self.run(text),
            Happened::Interrupt(_) => self.input(Input::Interrupt { shell: self.shell }),
            Happened::End => self.input(Input::End { shell: self.shell }),
            Happened::Clear => shell.clear(),
            Happened::Candidates(candidates) => shell.candidates = candidates,
        }
    }

    fn run(&mut self, text: String) {
        self.walk.saw(&text);
        self.input(Input::Line { shell: self.shell, text });
    }

    fn input(&mut self, input: Input) {
        self.session.advance(self.clock.now());
        self.session.input(input);
        self.look();
    }

    fn open(&mut self, node: String) {
        if let Some(open) = self.shells.iter().position(|shell| shell.node == node) {
            self.shell = open;
            return;
        }
        self.input(Input::Open { node: node.clone(), columns: Some(120) });
        self.shells.push(Shell::new(node));
        self.shell = self.shells.len() - 1;
        self.speak(self.shell);
        self.look();
    }

    /// Takes over what the session shows now.
    fn look(&mut self) {
        self.snapshot = Rc::new(self.session.snapshot());
        self.rollouts.look(&self.snapshot);
        for (id, shell) in self.shells.iter_mut().enumerate() {
            shell.look(&self.session.terminal(id).blocks);
        }
    }

    fn current(&mut self) -> &mut Shell {
        &mut self.shells[self.shell]
    }
}

impl Shell {
    fn new(node: String) -> Shell {
        Shell { node, editor: Editor::default(), candidates: Vec::new(), blocks: Vec::new(), cleared: None }
    }

    /// Takes over `blocks`; those that have ended do not change any more and are kept, so that they are not drawn anew.
    fn look(&mut self, blocks: &[Block]) {
        let shown = blocks.iter().filter(|block| self.cleared.is_none_or(|cleared| block.id > cleared));
        let mut old = std::mem::take(&mut self.blocks).into_iter().peekable();
        self.blocks = shown
            .map(|block| {
                while old.next_if(|kept| kept.id < block.id).is_some() {}
                match old.next_if(|kept| kept.id == block.id) {
                    Some(kept) if kept.exit.is_some() && kept.lines.len() == block.lines.len() => kept,
                    _ => Rc::new(block.clone()),
                }
            })
            .collect();
    }

    fn clear(&mut self) {
        let ended = self.blocks.iter().rfind(|block| block.exit.is_some());
        self.cleared = ended.map(|block| block.id).or(self.cleared);
        let cleared = self.cleared;
        self.blocks.retain(|block| cleared.is_none_or(|cleared| block.id > cleared));
    }
}

/// Whether anything is drawn that moves by itself with time.
fn moves(snapshot: &Snapshot, now: u64) -> bool {
    let rolling = snapshot.services.iter().any(|service| service.rollout.is_some());
    let due = |at: Option<u64>| at.is_some_and(|at| at > now);
    rolling || snapshot.tasks.iter().any(|task| due(task.until) || due(task.starts_at) || due(task.monitored_until))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::walkthrough::{STEPS, TYPING_MS};

    const SETTINGS: Settings = Settings { lang: Lang::En, dark: None, embedded: false };

    fn model() -> Model {
        Model::new(Scenario::playground(), 1, SETTINGS)
    }

    /// Sixty frames a second, from `from` to `to` in the browser's milliseconds.
    fn frames(model: &mut Model, from: u32, to: u32) -> Vec<Todo> {
        (from..to).step_by(16).map(|at| model.update(Msg::Frame(f64::from(at)))).collect()
    }

    fn submit(model: &mut Model, text: &str) {
        model.update(Msg::Edited { text: text.to_owned(), cursor: usize::MAX });
        model.update(Msg::Key(Key::Enter));
    }

    fn typed(model: &Model) -> Vec<&str> {
        model.shown_shell().blocks.iter().map(|block| block.typed.as_str()).collect()
    }

    #[test]
    fn a_fresh_page_has_three_nodes_and_a_prompt_on_the_first() {
        let model = model();
        let nodes: Vec<_> = model.snapshot.nodes.iter().map(|node| node.hostname.as_str()).collect();
        assert_eq!(nodes, ["manager", "node1", "node2"]);
        assert_eq!(model.shown_shell().node, "manager");
        assert!(!model.busy());
    }

    #[test]
    fn the_walk_through_types_visibly_then_runs_and_goes_on() {
        let mut model = model();
        let command = "echo walking".to_owned();
        model.update(Msg::Type { command: command.clone(), still: false });
        frames(&mut model, 0, TYPING_MS as u32 / 2);
        let half = model.shown_shell().editor.text().to_owned();
        assert!(command.starts_with(&half) && !half.is_empty() && half != command, "{half:?}");
        assert_eq!(typed(&model), [""; 0]);
        frames(&mut model, TYPING_MS as u32 / 2, TYPING_MS as u32 + 40);
        assert_eq!(typed(&model), [command.as_str()]);
        assert_eq!(model.shown_shell().editor.text(), "");
    }

    #[test]
    fn without_motion_a_command_runs_at_once() {
        let mut model = model();
        model.update(Msg::Type { command: STEPS[0].command.to_owned(), still: true });
        assert_eq!(typed(&model), [STEPS[0].command]);
        assert_eq!(model.walk.next, 1);
    }

    #[test]
    fn keys_of_a_shell_edit_the_prompt() {
        let mut model = model();
        submit(&mut model, "echo one");
        assert!(model.update(Msg::Key(Key::Up)).prompt);
        assert_eq!(model.shown_shell().editor.text(), "echo one");
        model.update(Msg::Key(Key::Ctrl('u')));
        assert_eq!(model.shown_shell().editor.text(), "");
    }

    #[test]
    fn several_candidates_are_kept_until_something_is_typed() {
        let mut model = model();
        model.update(Msg::Edited { text: "docker service r".to_owned(), cursor: usize::MAX });
        model.update(Msg::Key(Key::Tab));
        let words: Vec<_> = model.shown_shell().candidates.iter().map(|found| found.text.as_str()).collect();
        assert_eq!(words, ["rm", "rollback"]);
        let todo = model.update(Msg::Edited { text: "docker service ro".to_owned(), cursor: usize::MAX });
        assert!(todo.draw && model.shown_shell().candidates.is_empty());
    }

    #[test]
    fn whole_lines_of_a_paste_run_and_the_rest_waits_in_the_prompt() {
        let mut model = model();
        model.update(Msg::Key(Key::Paste("echo one\necho two\nec".to_owned())));
        assert_eq!(typed(&model), ["echo one", "echo two"]);
        assert_eq!(model.shown_shell().editor.text(), "ec");
    }

    #[test]
    fn a_clock_that_stands_still_lets_nothing_happen_until_a_step() {
        let mut model = model();
        submit(&mut model, "sleep 3");
        assert!(model.busy());
        model.update(Msg::PlayOrPause);
        frames(&mut model, 0, 2_000);
        assert_eq!(model.clock.now(), 0);
        for _ in 0..1_000 {
            model.update(Msg::Step);
            if !model.busy() {
                break;
            }
        }
        assert_eq!((model.busy(), model.clock.now(), model.clock.running), (false, 3_000, false));
    }

    #[test]
    fn frames_do_not_shape_history() {
        let run = |step: usize| {
            let mut model = model();
            model.update(Msg::Frame(0.0));
            submit(&mut model, "sleep 1; echo done");
            for at in (0..=2_000).step_by(step) {
                model.update(Msg::Frame(at as f64));
            }
            (model.snapshot.tasks.len(), model.shown_shell().blocks[0].lines.clone(), model.clock.now())
        };
        assert_eq!(run(10), run(200));
    }

    #[test]
    fn starting_over_forgets_all_but_the_persons_choices() {
        let mut model = model();
        model.update(Msg::Lang(Lang::Ko));
        model.update(Msg::Speed(5));
        submit(&mut model, STEPS[0].command);
        frames(&mut model, 0, 500);
        model.update(Msg::StartOver);
        assert_eq!((model.clock.now(), model.walk.next, typed(&model).len()), (0, 0, 0));
        assert_eq!((model.settings.lang, model.clock.speed), (Lang::Ko, 5));
    }

    #[test]
    fn every_prompt_speaks_its_readers_language() {
        let mut model = Model::new(Scenario::playground(), 1, Settings { lang: Lang::Ko, ..SETTINGS });
        let said = |model: &mut Model| {
            submit(model, "echo $LANG");
            model.shown_shell().blocks.last().expect("it was typed").lines[0].text.clone()
        };
        assert_eq!(said(&mut model), "ko_KR.UTF-8");
        model.update(Msg::Shell("node1".to_owned()));
        assert_eq!(said(&mut model), "ko_KR.UTF-8");
        model.update(Msg::Lang(Lang::En));
        assert_eq!(said(&mut model), "en_US.UTF-8");
    }

    #[test]
    fn a_node_has_a_shell_of_its_own_once_somebody_looks() {
        let mut model = model();
        submit(&mut model, "echo on the manager");
        model.update(Msg::Shell("node1".to_owned()));
        assert_eq!((model.shown_shell().node.as_str(), typed(&model).len()), ("node1", 0));
        submit(&mut model, "echo on node1");
        model.update(Msg::Shell("manager".to_owned()));
        assert_eq!(typed(&model), ["echo on the manager"]);
        model.update(Msg::Shell("node1".to_owned()));
        assert_eq!((typed(&model), model.shells.len()), (vec!["echo on node1"], 2));
    }

    #[test]
    fn blocks_that_have_ended_are_not_made_anew() {
        let mut model = model();
        submit(&mut model, "echo one");
        let first = Rc::clone(&model.shown_shell().blocks[0]);
        submit(&mut model, "sleep 1");
        let running = Rc::clone(&model.shown_shell().blocks[1]);
        frames(&mut model, 0, 1_500);
        let blocks = &model.shown_shell().blocks;
        assert!(Rc::ptr_eq(&first, &blocks[0]));
        assert!(!Rc::ptr_eq(&running, &blocks[1]));
        assert_eq!(blocks[1].exit, Some(0));
    }

    #[test]
    fn a_cleared_screen_stays_clear_and_the_running_command_stays() {
        let mut model = model();
        submit(&mut model, "echo one");
        submit(&mut model, "sleep 1");
        model.update(Msg::Key(Key::Ctrl('l')));
        assert_eq!(typed(&model), ["sleep 1"]);
        submit(&mut model, "echo two");
        frames(&mut model, 0, 1_500);
        assert_eq!(typed(&model), ["sleep 1", "echo two"]);
    }

    #[test]
    fn an_idle_page_is_drawn_for_its_clock_alone() {
        let mut model = model();
        // Past what a swarm does while it comes up.
        frames(&mut model, 0, 20_000);
        let drawn = frames(&mut model, 20_000, 21_000).iter().filter(|todo| todo.draw).count();
        assert!((9..=30).contains(&drawn), "{drawn} drawings in a second");
    }
}
