//! What a typed text means. Made by `parse`, run by `process`; immutable, so running commands share it.

use std::rc::Rc;

/// Commands one after another, flat: `a && b; c` is `a`, then `b` on success, then `c` always.
#[derive(Default)]
pub(super) struct List(pub Vec<Link>);

pub(super) struct Link {
    pub when: When,
    pub pipeline: Rc<Pipeline>,
}

/// Under which exit code of what ran before a link is run; a skipped link leaves that code as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Always,
    /// `&&`
    Success,
    /// `||`
    Failure,
}

pub(super) struct Pipeline {
    /// `! a | b`
    pub negated: bool,
    /// `time a | b`
    pub timed: bool,
    /// At least one.
    pub stages: Vec<Rc<Command>>,
}

pub(super) enum Command {
    Simple(Simple),
    Compound(Compound, Vec<Redirect>),
}

/// A simple command: `NAME=value … word … > file`.
#[derive(Default)]
pub(super) struct Simple {
    pub assignments: Vec<(String, Word)>,
    pub words: Vec<Word>,
    pub redirects: Vec<Redirect>,
}

/// A command made of commands.
pub(super) enum Compound {
    /// `{ …; }`
    Group(Rc<List>),
    /// `( … )`
    Subshell(Rc<List>),
    /// `if …; then …; elif …; then …; else …; fi`: conditions with what they lead to. `else` has an empty condition.
    If(Rc<[(Rc<List>, Rc<List>)]>),
    /// `while …; do …; done`
    Loop { until: bool, condition: Rc<List>, body: Rc<List> },
    /// `for NAME in …; do …; done`; without words over `$@`.
    For { name: Rc<str>, words: Option<Vec<Word>>, body: Rc<List> },
    /// `for ((…; …; …)); do …; done`: beginning, condition and step.
    Count { parts: Rc<[Word; 3]>, body: Rc<List> },
    /// `case … in …) …;; esac`
    Case { word: Word, arms: Vec<(Vec<Word>, Rc<List>)> },
    /// `[[ … ]]`
    Condition(Vec<Term>),
    /// `(( … ))`
    Arithmetic(Word),
    /// `NAME() { …; }`
    Function { name: String, body: Rc<Command> },
    /// `… &`, with its text for `jobs`.
    Background { list: Rc<List>, text: Rc<str> },
}

/// What stands between `[[` and `]]`.
pub(super) enum Term {
    Word(Word),
    Operator(&'static str),
}

pub(super) struct Redirect {
    pub fd: u8,
    pub mode: Mode,
    /// A file's name, with `Mode::Duplicate` another descriptor's number, with `Mode::Here` the text itself.
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
    /// `&>>`
    AppendBoth,
    /// `<<`
    Here,
    /// `<<-`: without the tabs at the beginning of its lines
    HereStripped,
    /// `<<<`
    HereString,
}

/// One word before its expansion.
#[derive(Clone, Default)]
pub(super) struct Word(pub Vec<Piece>);

#[derive(Clone)]
pub(super) enum Piece {
    Text {
        text: String,
        quoted: bool,
    },
    /// `$NAME`, `$?`, `${NAME:-word}`: an operator of [`OPERATORS`], and its operands.
    Parameter {
        name: String,
        operator: &'static str,
        operands: Vec<Word>,
        quoted: bool,
    },
    /// `$(…)`
    Command {
        list: Rc<List>,
        quoted: bool,
    },
    /// `$((…))`
    Arithmetic {
        text: Word,
        quoted: bool,
    },
}

/// What may follow the name in `${NAME…}`; of two that fit, the first. `length` stands before it, as `#`, and `bad` is
/// what is none of them, kept for the sentence that says so.
pub(super) const OPERATORS: &[&str] = &[
    ":-", ":=", ":+", ":?", "-", "=", "+", "?", "##", "#", "%%", "%", "//", "/#", "/%", "/", "^^", "^", ",,", ",", ":",
];
pub(super) const LENGTH: &str = "length";
pub(super) const BAD: &str = "bad";

impl Word {
    /// The word's text, if it is one unquoted text without expansions: what can be a keyword.
    pub(super) fn plain(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Piece::Text { text, quoted: false }] => Some(text),
            _ => None,
        }
    }

    pub(super) fn literal(text: &str, quoted: bool) -> Word {
        Word(vec![Piece::Text { text: text.to_owned(), quoted }])
    }

    /// Adds the `$(…)` in it, in the order of their expansion.
    pub(super) fn substitutions<'a>(&'a self, found: &mut Vec<&'a Rc<List>>) {
        for piece in &self.0 {
            match piece {
                Piece::Text { .. } => {}
                Piece::Command { list, .. } => found.push(list),
                Piece::Arithmetic { text, .. } => text.substitutions(found),
                Piece::Parameter { operands, .. } => operands.iter().for_each(|word| word.substitutions(found)),
            }
        }
    }
}

impl Command {
    pub(super) fn redirects(&self) -> &[Redirect] {
        match self {
            Command::Simple(simple) => &simple.redirects,
            Command::Compound(_, redirects) => redirects,
        }
    }

    /// The `$(…)` that have to be answered before it begins, in the order of its expansion: the words of its own, then
    /// those of its redirections.
    pub(super) fn substitutions(&self) -> Vec<&Rc<List>> {
        let mut found = Vec::new();
        match self {
            Command::Simple(simple) => {
                let assigned = simple.assignments.iter().map(|(_, word)| word);
                simple.words.iter().chain(assigned).for_each(|word| word.substitutions(&mut found));
            }
            Command::Compound(compound, _) => compound.words(&mut |word| word.substitutions(&mut found)),
        }
        self.redirects().iter().for_each(|redirect| redirect.target.substitutions(&mut found));
        found
    }
}

impl Compound {
    /// Shows each word that is expanded once, at its beginning, to `see`.
    fn words<'a>(&'a self, see: &mut dyn FnMut(&'a Word)) {
        match self {
            Compound::For { words: Some(words), .. } => words.iter().for_each(see),
            Compound::Case { word, arms } => {
                see(word);
                arms.iter().flat_map(|(patterns, _)| patterns).for_each(see);
            }
            Compound::Condition(terms) => terms.iter().for_each(|term| match term {
                Term::Word(word) => see(word),
                Term::Operator(_) => {}
            }),
            Compound::Arithmetic(word) => see(word),
            _ => {}
        }
    }
}
