//! The shell: what is typed becomes commands, what they answer becomes lines of a terminal. A session drives it; the
//! page, the native prompt and transcripts show its [`Terminal`].
//!
//! Here is one prompt: which text waits, which command holds the prompt, what is visible. What a text means is in
//! `lex` and `parse`, what it does in `process` and `builtin`. Nothing here draws, and nothing reads a clock.

mod arith;
mod ast;
mod brace;
mod builtin;
mod complete;
mod compound;
mod condition;
mod control;
mod dollar;
mod editor;
mod env;
mod expand;
mod files;
mod here;
mod job;
mod launch;
mod lex;
mod nested;
mod number;
mod parameter;
mod parse;
mod pattern;
mod plumbing;
mod process;
mod regex;
mod screen;
mod stdin;

pub(crate) use complete::at_cursor;
pub use complete::{Candidate, Place};
pub use editor::{Editor, Happened, Key};
pub use files::{Files, HOME};

use std::collections::VecDeque;
use std::rc::Rc;

use crate::output::{Output, Stream};
use crate::time::Ms;
use crate::world::World;
use builtin::Signalled;
use env::Env;
use process::{Host, Process, State};
use screen::Screen;
use stdin::Stdin;

/// What one prompt shows: finished and running commands, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Terminal {
    /// Host name of the node whose shell it is.
    pub node: String,
    /// Columns of the terminal; `None` where the output goes to a pipe.
    pub columns: Option<u16>,
    pub blocks: Vec<Block>,
    /// Typed lines that still wait for a command to end.
    pub waiting: VecDeque<String>,
    /// Whether the text typed so far is unfinished (an open quote, a trailing `\`): the prompt is then `> `.
    pub continued: bool,
    /// The unfinished text, line by line as it was typed.
    pub pending: String,
    /// Whether the running command waits for lines that are typed.
    pub reads: bool,
    /// A file that the running command wants to be edited.
    pub editing: Option<Editing>,
}

/// What `edit` asks for: an editor with this text in it. To save it, whoever shows it gives the file as an input of the
/// session, and then Ctrl-D; Ctrl-C gives it up. Who has no editor says [`NO_EDITOR`] and presses Ctrl-C.
#[derive(Clone, Debug, PartialEq)]
pub struct Editing {
    /// Absolute, on the machine of the prompt.
    pub path: Rc<str>,
    pub text: Rc<str>,
}

pub use builtin::edit::INSTEAD as NO_EDITOR;

impl Terminal {
    /// Whether a command holds the prompt.
    pub fn busy(&self) -> bool {
        self.blocks.last().is_some_and(|block| block.exit.is_none())
    }
}

/// One typed command with its answer.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Counts up within a terminal, and stays the same while the block changes.
    pub id: u64,
    /// What was typed, without the prompt; several lines where it was continued.
    pub typed: String,
    pub lines: Vec<Line>,
    /// `None` while it runs.
    pub exit: Option<i32>,
}

/// One line of what a terminal shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub text: String,
    /// Whether it came over standard error.
    pub error: bool,
}

/// Something a command said, as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// [`Block::id`] of the command.
    pub block: u64,
    pub stream: Stream,
    pub text: String,
}

/// One prompt on one node.
#[derive(Clone)]
pub(crate) struct Shell {
    pub(crate) terminal: Terminal,
    history: Vec<Rc<str>>,
    process: Process,
    stdin: Stdin,
    screen: Screen,
    blocks_made: u64,
    /// How often, of late, a command had to rest because it never waits.
    restless: u32,
}

/// The exit code of a line that bash could not read.
const SYNTAX_ERROR: i32 = 2;

impl Shell {
    pub(crate) fn new(node: &str, columns: Option<u16>) -> Shell {
        Shell {
            terminal: Terminal { node: node.to_owned(), columns, ..Terminal::default() },
            history: Vec::new(),
            process: Process::new(Env::new(node)),
            stdin: Stdin::closed(),
            screen: Screen::default(),
            blocks_made: 0,
            restless: 0,
        }
    }

    /// What was typed here, oldest first.
    pub(crate) fn history(&self) -> &[Rc<str>] {
        &self.history
    }

    pub(crate) fn set_variable(&mut self, name: String, value: String) {
        self.process.env.export(&name, value);
    }

    /// The names of its variables, for completion.
    pub(crate) fn variables(&self) -> Vec<String> {
        self.process.env.variables.keys().cloned().collect()
    }

    pub(crate) fn directory(&self) -> &str {
        &self.process.env.directory
    }

    /// When the running command wants to go on.
    pub(crate) fn wake_at(&self) -> Option<Ms> {
        self.process.wake_at()
    }

    /// Takes typed text that was ended with Enter. Several lines are worked off one after another; empty ones between
    /// them are dropped, as they only make a pasted text longer.
    pub(crate) fn line(&mut self, text: &str, world: &mut World, files: &mut Files, said: &mut Vec<Said>) {
        let text = text.replace("\r\n", "\n");
        let mut lines: Vec<&str> = text.split('\n').collect();
        while lines.len() > 1 && lines.last().is_some_and(|line| line.trim().is_empty()) {
            lines.pop();
        }
        self.terminal.waiting.extend(lines.into_iter().map(str::to_owned));
        self.go_on(world, files, said);
    }

    /// Lets the running command go on, and after it what was typed meanwhile.
    pub(crate) fn go_on(&mut self, world: &mut World, files: &mut Files, said: &mut Vec<Said>) {
        loop {
            let state = self.run(world, files, said);
            if self.terminal.busy() {
                if state == State::Waiting {
                    // What reads the terminal gets what was typed ahead.
                    let wanted = self.process.reads();
                    match if wanted { self.terminal.waiting.pop_front() } else { None } {
                        Some(line) => self.give(&(line + "\n"), said),
                        None => return,
                    }
                    continue;
                }
                let told = self.process.notices();
                self.echo(&told, said);
                self.close(self.process.env.status);
            }
            match self.terminal.waiting.pop_front() {
                Some(line)
                    if line.trim().is_empty() && !self.terminal.continued && !self.terminal.waiting.is_empty() => {}
                Some(line) => self.read(&line, said),
                None => return,
            }
        }
    }

    /// Runs the process, and what it has in the background, as far as it goes.
    fn run(&mut self, world: &mut World, files: &mut Files, said: &mut Vec<Said>) -> State {
        files.now = world.unix_ms(world.now());
        let mut output = Output::new(self.terminal.columns);
        // The longer a command goes on without ever waiting, the longer it rests: 1 ms, and after 40 times a second.
        let rest_ms = 1 << (self.restless / 4).min(10);
        let (node, history) = (&self.terminal.node, &self.history);
        let mut host =
            Host { world, files, node, inside: None, history, steps: process::STEPS, over: 0, rest_ms, rested: false };
        let state = self.process.run(&mut host, &mut self.stdin, &mut output);
        self.restless = if host.rested { self.restless + 1 } else { self.restless.saturating_sub(1) };
        self.terminal.reads = self.process.reads();
        let editing = self.process.edits().cloned();
        let text = |path: &Rc<str>| files.read(path).cloned().unwrap_or_default();
        self.terminal.editing = editing.map(|path| Editing { text: text(&path), path });
        self.show(output, said);
        state
    }

    /// Hands a typed line to what reads the terminal.
    fn give(&mut self, line: &str, said: &mut Vec<Said>) {
        self.echo(line, said);
        self.stdin.push(line);
    }

    /// Ctrl-C: ends or abandons what is in the foreground, and forgets what was typed ahead.
    pub(crate) fn interrupt(&mut self, world: &mut World, files: &mut Files, said: &mut Vec<Said>) {
        self.terminal.waiting.clear();
        if self.terminal.continued {
            let typed = self.take_pending();
            self.open(typed);
            self.echo("^C\n", said);
            self.process.kill(process::INTERRUPTED);
            self.close(process::INTERRUPTED);
        } else if self.terminal.busy() {
            self.echo("^C", said);
            let mut output = Output::new(self.terminal.columns);
            let (node, history) = (&self.terminal.node, &self.history);
            let mut host = Host {
                world,
                files,
                node,
                inside: None,
                history,
                steps: process::STEPS,
                over: 0,
                rest_ms: 1,
                rested: false,
            };
            let signalled = self.process.interrupt(&mut host, &mut output);
            self.show(output, said);
            if signalled == Signalled::Killed {
                self.echo("\n", said);
            }
            self.go_on(world, files, said);
        }
    }

    /// Ctrl-D: nothing more comes. An unfinished text is an error then, and what reads the terminal reads its end.
    pub(crate) fn end(&mut self, world: &mut World, files: &mut Files, said: &mut Vec<Said>) {
        if self.terminal.continued {
            let typed = self.take_pending();
            let error = parse::parse(&typed).err();
            self.open(typed);
            error.iter().for_each(|error| self.refuse(error, said));
        } else {
            self.stdin.close();
            self.go_on(world, files, said);
        }
    }

    /// Reads one more line: starts what it says, or waits for its end.
    fn read(&mut self, line: &str, said: &mut Vec<Said>) {
        let text = match self.terminal.continued {
            true => self.take_pending() + "\n" + line,
            false => line.to_owned(),
        };
        match parse::parse(&text) {
            Err(lex::Error::Open(_)) => {
                self.terminal.pending = text;
                self.terminal.continued = true;
            }
            Err(error) => {
                self.open(text);
                self.refuse(&error, said);
            }
            Ok(list) => {
                self.open(text);
                self.process.start(Rc::new(list));
                self.stdin = if self.terminal.columns.is_some() { Stdin::default() } else { Stdin::closed() };
            }
        }
    }

    fn take_pending(&mut self) -> String {
        self.terminal.continued = false;
        std::mem::take(&mut self.terminal.pending)
    }

    fn open(&mut self, typed: String) {
        let line = typed.replace("\\\n", "");
        let line = line.trim();
        if !line.is_empty() && self.history.last().is_none_or(|last| **last != *line) {
            self.history.push(line.into());
        }
        self.screen = Screen::default();
        self.terminal.blocks.push(Block { id: self.blocks_made, typed, ..Block::default() });
        self.blocks_made += 1;
    }

    fn refuse(&mut self, error: &lex::Error, said: &mut Vec<Said>) {
        let mut output = Output::new(self.terminal.columns);
        let who = if matches!(error, lex::Error::NotSimulated(_)) { "swarmyard" } else { "bash" };
        output.err(format!("{who}: {error}\n"));
        self.show(output, said);
        self.process.env.status = SYNTAX_ERROR;
        self.close(SYNTAX_ERROR);
    }

    fn close(&mut self, status: i32) {
        self.terminal.blocks.last_mut().expect("a block was open").exit = Some(status);
    }

    /// What the terminal itself writes when a key is pressed. A pipe writes nothing.
    fn echo(&mut self, text: &str, said: &mut Vec<Said>) {
        let mut output = Output::new(self.terminal.columns);
        if self.terminal.columns.is_some() {
            output.out(text);
        }
        self.show(output, said);
    }

    fn show(&mut self, mut output: Output, said: &mut Vec<Said>) {
        for (stream, text) in output.take() {
            // `ESC [ 3 J` drops what has scrolled away: the blocks above.
            if text.contains("\u{1b}[3J") {
                let last = self.terminal.blocks.len().saturating_sub(1);
                self.terminal.blocks.drain(..last);
            }
            let block = self.terminal.blocks.last_mut().expect("only an open block says something");
            self.screen.write(&mut block.lines, stream, &text);
            said.push(Said { block: block.id, stream, text });
        }
    }
}

#[cfg(test)]
mod tests;
