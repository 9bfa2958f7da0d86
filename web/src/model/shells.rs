//! The prompts as the page knows them, and what is typed at them. A session opens one when something is submitted at
//! it, and not when somebody only looks: looking changes no history.

use std::rc::Rc;

use swarmyard_core::docker::Hint;
use swarmyard_core::session::{Input, Session, ShellId};
use swarmyard_core::shell::{Block, Candidate, Editing, Editor, Happened, Key};

use super::{Model, Todo};
use crate::walkthrough::Walk;

/// One prompt as the page knows it.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    pub(crate) node: String,
    pub(crate) editor: Editor,
    /// What could follow, where Tab found several.
    pub(crate) candidates: Vec<Candidate>,
    /// What the flag at the cursor does.
    pub(crate) hint: Option<Hint>,
    pub(crate) blocks: Vec<Rc<Block>>,
    /// Blocks up to this id were cleared from the screen.
    cleared: Option<u64>,
}

impl Model {
    /// Whether a command holds the prompt that is looked at.
    pub(crate) fn busy(&self) -> bool {
        self.terminal().is_some_and(|id| self.session().terminal(id).busy())
    }

    /// The part of a command whose rest the shell waits for.
    pub(crate) fn pending(&self) -> &str {
        self.terminal().map_or("", |id| &self.session().terminal(id).pending)
    }

    /// Lines that wait for a command to end.
    pub(crate) fn waiting(&self) -> Vec<String> {
        self.terminal().map_or(Vec::new(), |id| self.session().terminal(id).waiting.iter().cloned().collect())
    }

    pub(crate) fn shown_shell(&self) -> &Shell {
        &self.shells[self.shell]
    }

    pub(super) fn current(&mut self) -> &mut Shell {
        &mut self.shells[self.shell]
    }

    /// The session's name for the prompt that is looked at, if it was opened up to now.
    fn terminal(&self) -> Option<ShellId> {
        terminal_of(self.session(), &self.shown_shell().node)
    }

    /// Goes on with what the page types; runs it when all of it stands there.
    pub(super) fn type_on(&mut self, real_ms: f64) -> Todo {
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

    pub(super) fn finish_typing(&mut self) -> Todo {
        if let Some(typing) = self.typing.take() {
            self.current().editor.set(&typing.text, usize::MAX);
        }
        self.press(Key::Enter);
        Todo::PROMPT
    }

    pub(super) fn press(&mut self, key: Key) {
        self.typing = None;
        let shell = &mut self.shells[self.shell];
        shell.candidates.clear();
        let session = self.timeline.session();
        let happened = match terminal_of(session, &shell.node) {
            Some(id) => session.press(id, &mut shell.editor, key),
            None => {
                // As it would be, were it open.
                let mut opened = session.clone();
                opened.input(Input::Open { node: shell.node.clone(), columns: Some(120) });
                opened.press(opened.terminals() - 1, &mut shell.editor, key)
            }
        };
        match happened {
            Happened::Edited | Happened::Unused => {}
            Happened::Submit(text) => self.submit(|shell| Input::Line { shell, text }),
            Happened::Interrupt(_) => self.submit(|shell| Input::Interrupt { shell }),
            Happened::End => self.submit(|shell| Input::End { shell }),
            Happened::Clear => self.current().clear(),
            Happened::Candidates(candidates) => self.current().candidates = candidates,
        }
        self.look_at_flag();
    }

    /// Sees what the flag at the cursor does. Returns whether that is something else than before.
    pub(super) fn look_at_flag(&mut self) -> bool {
        let shell = self.shown_shell();
        // Most of what is typed has none, and to see what one changes takes a copy of the world.
        let typed = shell.editor.text().contains(" -");
        let lang = self.settings.lang.core();
        let hint = typed.then(|| self.session().hint(&shell.node, self.pending(), &shell.editor, lang)).flatten();
        let changed = hint != shell.hint;
        self.current().hint = hint;
        changed
    }

    /// The file that a command wants to be edited.
    pub(crate) fn editing(&self) -> Option<Editing> {
        self.session().terminal(self.terminal()?).editing.clone()
    }

    pub(super) fn save(&mut self, text: String) {
        let Some(Editing { path, .. }) = self.editing() else { return };
        let node = self.shown_shell().node.clone();
        self.submit(|_| Input::File { node, path: path.to_string(), text });
        self.submit(|shell| Input::End { shell });
    }

    /// Puts something in at the prompt that is looked at, in the language of its reader: `why` answers in it.
    fn submit(&mut self, input: impl FnOnce(ShellId) -> Input) {
        self.play_to(self.clock.now());
        self.put_in(input);
    }

    /// The same at the moment that is looked at, before what was put in then but has not been yet.
    pub(super) fn put_in(&mut self, input: impl FnOnce(ShellId) -> Input) {
        let node = self.shown_shell().node.clone();
        let opened = terminal_of(self.session(), &node);
        let shell = opened.unwrap_or(self.session().terminals());
        let input = input(shell);
        self.fork(&input);
        if opened.is_none() {
            self.timeline.input(Input::Open { node, columns: Some(120) });
        }
        let locale = self.settings.lang.locale();
        if spoken(self.session(), shell) != locale {
            self.timeline.input(Input::Variable { shell, name: "LANG".to_owned(), value: locale.to_owned() });
        }
        if let Input::Line { text, .. } = &input {
            self.walk.saw(text);
        }
        self.timeline.input(input);
        self.changed = true;
        self.look();
    }

    pub(super) fn open(&mut self, node: String) {
        let open = self.shells.iter().position(|shell| shell.node == node);
        self.shell = open.unwrap_or(self.shells.len());
        if open.is_none() {
            self.shells.push(Shell::new(node));
            self.look_at_shells();
        }
    }

    pub(super) fn look_at_shells(&mut self) {
        let session = self.timeline.session();
        for shell in &mut self.shells {
            let id = terminal_of(session, &shell.node);
            shell.look(id.map_or(&[], |id| session.terminal(id).blocks.as_slice()));
        }
    }

    /// What was shown is not kept: a block of another past may have the same name.
    pub(super) fn look_anew(&mut self) {
        self.watch.forget();
        for shell in &mut self.shells {
            shell.blocks.clear();
            shell.candidates.clear();
        }
        self.narrator.forget(self.timeline.session().world().store().record().len());
        self.walk = Walk::default();
        for entry in self.timeline.session().journal() {
            if let Input::Line { text, .. } = &entry.input {
                self.walk.saw(text);
            }
        }
        self.look();
    }
}

fn terminal_of(session: &Session, node: &str) -> Option<ShellId> {
    (0..session.terminals()).find(|id| session.terminal(*id).node == node)
}

/// What the prompt `of` was last told that its reader speaks.
fn spoken(session: &Session, of: ShellId) -> &str {
    let told = session.journal().iter().rev().find_map(|entry| match &entry.input {
        Input::Variable { shell, name, value } if *shell == of && name == "LANG" => Some(value.as_str()),
        _ => None,
    });
    // English goes without saying.
    told.unwrap_or("en_US.UTF-8")
}

impl Shell {
    pub(super) fn new(node: String) -> Shell {
        Shell { node, editor: Editor::default(), candidates: Vec::new(), hint: None, blocks: Vec::new(), cleared: None }
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
