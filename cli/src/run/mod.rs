//! `swarmyard run`: types a script's lines, lets its `@` lines happen, and prints a transcript. A transcript is a
//! script again: running it gives the same transcript, which is how the golden ones are kept.
//!
//! A line is typed when the prompt is free, and the script goes on when it is free again. What shall happen meanwhile
//! is written below it: `@ after 3s power-off node2`, `@ after 8s ctrl-c`.

pub(crate) mod script;

use std::fmt;

use swarmyard_core::scenario::Scenario;
use swarmyard_core::session::{Input, Session, ShellId};
use swarmyard_core::time::{MINUTE, Ms};

use script::{Deed, Part, What};

/// Something is wrong with a script.
#[derive(Debug, PartialEq)]
pub struct Error {
    pub line: usize,
    pub what: String,
    /// What to write instead.
    pub instead: String,
}

impl Error {
    fn new(line: usize, what: &str, instead: &str) -> Error {
        Error { line, what: what.to_owned(), instead: instead.to_owned() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; write {}", self.line, self.what, self.instead)
    }
}

/// How long a command may hold the prompt before the script counts as wrong.
const PATIENCE_MS: Ms = 30 * MINUTE;

/// Columns of a script's terminals.
const COLUMNS: u16 = 120;

/// Runs a script on a fresh session, and returns its transcript.
///
/// # Errors
/// A line cannot be read, or what it asks for cannot happen.
pub fn run(script: &str, scenario: &Scenario, seed: u64) -> Result<String, Error> {
    let parts = script::read(script)?;
    let mut run = Run { session: Session::new(scenario, seed), transcript: String::new(), last: 0 };
    let mut parts = parts.iter().peekable();
    while let Some(part) = parts.next() {
        match &part.what {
            What::Words(words) => run.write(words),
            What::Now(deed) => {
                run.write(&written(None, deed));
                run.happen(part, deed)?;
            }
            What::Typed { node, text } => {
                let mut meanwhile = Vec::new();
                while let Some(after) = parts.next_if(|next| matches!(next.what, What::After { .. })) {
                    meanwhile.push(after);
                }
                run.type_in(part, node.as_deref(), text, &meanwhile)?;
            }
            What::After { .. } => unreachable!("the script's reader puts it behind what was typed"),
        }
    }
    Ok(run.transcript)
}

struct Run {
    session: Session,
    transcript: String,
    /// The prompt at which was typed last.
    last: ShellId,
}

impl Run {
    fn write(&mut self, line: &str) {
        self.transcript += line;
        self.transcript.push('\n');
    }

    fn happen(&mut self, part: &Part, deed: &Deed) -> Result<(), Error> {
        match deed {
            Deed::Advance(ms) => self.session.advance(self.session.now() + ms),
            Deed::CtrlC => self.session.input(Input::Interrupt { shell: self.last }),
            Deed::World(action) => {
                // Tried on a copy, because the session tells nobody why an action failed.
                let tried = self.session.world().clone().act(action);
                tried.map_err(|why| Error::new(part.line, &why, "something that can happen at that moment"))?;
                self.session.input(Input::World(action.clone()));
            }
        }
        Ok(())
    }

    fn type_in(&mut self, part: &Part, node: Option<&str>, text: &str, meanwhile: &[&Part]) -> Result<(), Error> {
        let shell = self.shell(part, node)?;
        self.last = shell;
        let first = self.session.terminal(shell).blocks.last().map_or(0, |block| block.id + 1);
        self.write(&format!("{}$ {}", node.unwrap_or_default(), text.replace('\n', "\n> ")).replace("\n> \n", "\n>\n"));
        let typed_at = self.session.now();
        self.session.input(Input::Line { shell, text: text.to_owned() });
        for after in meanwhile {
            let What::After { ms, deed } = &after.what else { continue };
            self.write(&written(Some(*ms), deed));
            self.session.advance(typed_at + ms);
            self.happen(after, deed)?;
        }
        if self.session.terminal(shell).continued {
            self.session.input(Input::End { shell });
        }
        while self.session.terminal(shell).busy() {
            if self.session.step(typed_at + PATIENCE_MS).is_none() {
                let what = format!("'{}' still holds the prompt after {} minutes", text, PATIENCE_MS / MINUTE);
                return Err(Error::new(part.line, &what, "`@ after 8s ctrl-c` below it"));
            }
        }
        self.answer(shell, first);
        Ok(())
    }

    /// The prompt of a node; the first one is the session's own.
    fn shell(&mut self, part: &Part, node: Option<&str>) -> Result<ShellId, Error> {
        let Some(node) = node else { return Ok(0) };
        if let Some(shell) = (0..self.session.terminals()).find(|shell| self.session.terminal(*shell).node == node) {
            return Ok(shell);
        }
        let known: Vec<&str> = self.session.scenario().nodes.iter().map(|node| node.hostname.as_str()).collect();
        if !known.contains(&node) {
            let instead = format!("one of {}", known.join(", "));
            return Err(Error::new(part.line, &format!("there is no machine called '{node}'"), &instead));
        }
        self.session.input(Input::Open { node: node.to_owned(), columns: Some(COLUMNS) });
        Ok(self.session.terminals() - 1)
    }

    /// Writes what the blocks from `first` on show, without empty lines at the end.
    fn answer(&mut self, shell: ShellId, first: u64) {
        let blocks = self.session.terminal(shell).blocks.iter().filter(|block| block.id >= first);
        let mut text = String::new();
        for block in blocks {
            let shown = block.lines.iter().rposition(|line| !line.text.trim().is_empty()).map_or(0, |last| last + 1);
            for line in &block.lines[..shown] {
                text += &format!("{}\n", script::output(&line.text));
            }
            if let Some(code) = block.exit.filter(|code| *code != 0) {
                text += &format!("[exit {code}]\n");
            }
        }
        self.transcript += &text;
    }
}

/// An `@` line in the one way in which it is written.
fn written(after: Option<Ms>, deed: &Deed) -> String {
    let duration = |ms: Ms| match (ms % MINUTE, ms % 1_000) {
        (0, _) if ms > 0 => format!("{}m", ms / MINUTE),
        (_, 0) => format!("{}s", ms / 1_000),
        _ => format!("{ms}ms"),
    };
    let after = after.map_or(String::new(), |ms| format!("after {} ", duration(ms)));
    match deed {
        Deed::Advance(ms) => format!("@ {after}advance {}", duration(*ms)),
        Deed::CtrlC => format!("@ {after}ctrl-c"),
        Deed::World(action) => format!("@ {after}{action}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A script gives its transcript, and the transcript gives itself.
    fn check(script: &str, transcript: &str) {
        let run = |script: &str| run(script, &Scenario::lab(), 1).expect("the test's script can be run");
        assert_eq!(run(script), transcript);
        assert_eq!(run(transcript), transcript);
    }

    #[test]
    fn a_transcript_is_a_script() {
        check(
            "# Words.\n\n$ echo 'a\n>\n> # b' c\n\n\n@  advance   60s\nnode1$ echo \"# $HOSTNAME\"; false",
            "# Words.\n\n$ echo 'a\n>\n> # b' c\na\n\n\\# b c\n\n\n@ advance 1m\nnode1$ echo \"# $HOSTNAME\"; false\n\
             \\# node1\n[exit 1]\n",
        );
    }

    #[test]
    fn what_happens_meanwhile_is_written_below() {
        check(
            "$ sleep 9; echo never\n@ after 2s registry down\n@ after 2500ms ctrl-c\n$ sleep 3; echo done\n",
            "$ sleep 9; echo never\n@ after 2s registry down\n@ after 2500ms ctrl-c\n^C\n[exit 130]\n$ sleep 3; echo done\n\
             done\n",
        );
    }

    #[test]
    fn an_open_quote_ends_with_the_typed_text() {
        check("$ echo 'a", "$ echo 'a\nbash: unexpected EOF while looking for matching `''\n[exit 2]\n");
    }

    #[test]
    fn errors_say_where_and_what_to_write_instead() {
        let error = |script: &str| run(script, &Scenario::lab(), 1).expect_err(script).to_string();
        let hangs = "2: 'sleep 1d' still holds the prompt after 30 minutes; write `@ after 8s ctrl-c` below it";
        assert_eq!(error("# a\n$ sleep 1d"), hangs);
        let nowhere = "1: there is no machine called 'node9'; write one of manager, node1, node2";
        assert_eq!(error("node9$ docker ps"), nowhere);
    }
}
