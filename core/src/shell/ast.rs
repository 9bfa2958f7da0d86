//! What a typed text means. Made by `parse`, run by `process`; immutable, so running commands share it.

use std::rc::Rc;

/// Commands one after another, flat: `a && b; c` is `a`, then `b` on success, then `c` always.
#[derive(Debug, Default, PartialEq)]
pub(super) struct List(pub Vec<Link>);

#[derive(Debug, PartialEq)]
pub(super) struct Link {
    pub when: When,
    pub pipeline: Rc<Pipeline>,
}

/// Under which exit code of what ran before a link is run; a skipped link leaves that code as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Always,
    /// `&&`
    Success,
    /// `||`
    Failure,
}

#[derive(Debug, PartialEq)]
pub(super) struct Pipeline {
    /// `! a | b`
    pub negated: bool,
    /// At least one.
    pub stages: Vec<Rc<Simple>>,
}

/// A simple command: `NAME=value … word … > file`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Simple {
    pub assignments: Vec<(String, Word)>,
    pub words: Vec<Word>,
    pub redirects: Vec<Redirect>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Redirect {
    pub fd: u8,
    pub mode: Mode,
    /// A file's name, or with `Mode::Duplicate` another descriptor's number.
    pub target: Word,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// `<`
    Read,
    /// `>`
    Write,
    /// `>>`
    Append,
    /// `>&`, `<&`
    Duplicate,
    /// `&>`: both streams
    WriteBoth,
}

/// One word before its expansion.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Word(pub Vec<Piece>);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text {
        text: String,
        quoted: bool,
    },
    /// `$NAME`, `$?`
    Parameter {
        name: String,
        quoted: bool,
    },
    /// `$(…)`
    Command {
        list: Rc<List>,
        quoted: bool,
    },
}

impl Word {
    /// The word's text, if it is one unquoted text without expansions: what can be a keyword.
    pub(super) fn plain(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Piece::Text { text, quoted: false }] => Some(text),
            _ => None,
        }
    }
}

impl Simple {
    /// Every word in it, in the order of its expansion.
    pub(super) fn all_words(&self) -> impl Iterator<Item = &Word> {
        let assigned = self.assignments.iter().map(|(_, word)| word);
        self.words.iter().chain(assigned).chain(self.redirects.iter().map(|redirect| &redirect.target))
    }
}
