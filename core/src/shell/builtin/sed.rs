//! `sed`: `s///`, `d`, `p`, `q`, `=`, `y`, `a`, `i`, `c`, `n`, with addresses; the options `-n`, `-E` and `-i`.
//!
//! Models: GNU sed. Differs: no hold space, no branches, no groups of commands.

use std::rc::Rc;

use super::filter::{Filter, Lines, in_place, over};
use super::options::options;
use super::{Builtin, Call, Flow};
use crate::output::Output;
use crate::shell::complete::files;
use crate::shell::regex::{Flavour, NONE, Regex, Spans};

pub(super) const SED: Builtin = Builtin {
    name: "sed",
    usage: "sed [-nEi] SCRIPT [FILE …]",
    about: "change lines: s/OLD/NEW/g, /PATTERN/d, 2,5p",
    run,
    complete: files,
};

#[derive(Clone)]
pub(in crate::shell) struct Sed {
    program: Rc<[Command]>,
    quiet: bool,
    number: usize,
    /// The line that waits to be known as the last one.
    held: Option<String>,
    /// For each command with two addresses, whether it is between them.
    inside: Vec<bool>,
    quit: Option<i32>,
}

struct Command {
    from: Option<Address>,
    to: Option<Address>,
    negated: bool,
    deed: Deed,
}

enum Address {
    Line(usize),
    Last,
    Regex(Regex),
}

enum Deed {
    Replace { regex: Regex, with: String, all: bool, which: usize, print: bool },
    Delete,
    Print,
    Number,
    Quit(i32),
    Next,
    Append(String),
    Insert(String),
    Change(String),
    Translate(Vec<(char, char)>),
}

fn run(call: &mut Call) -> Flow {
    let args: Vec<String> =
        call.args.iter().map(|arg| if arg.starts_with("-i.") { "-i".to_owned() } else { arg.clone() }).collect();
    let longs = [
        ("quiet", 'n'),
        ("silent", 'n'),
        ("expression", 'e'),
        ("regexp-extended", 'E'),
        ("in-place", 'i'),
        ("unbuffered", 'u'),
    ];
    let mut call = Call { args: &args, host: call.host, env: call.env, output: call.output };
    let options = match options(&mut call, "sed", "nEriusze:", &longs) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let mut scripts: Vec<&str> = options.all('e').collect();
    let mut files = options.words.as_slice();
    if scripts.is_empty() {
        let Some((script, rest)) = files.split_first() else {
            call.output.err("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n");
            return Flow::Exit(1);
        };
        (scripts, files) = (vec![script.as_str()], rest);
    }
    let script = scripts.join("\n");
    let flavour = if options.has('E') || options.has('r') { Flavour::Extended } else { Flavour::Basic };
    let mut reader = Reader { whole: script.len(), rest: &script, flavour };
    let program: Rc<[Command]> = match reader.program() {
        Ok(program) => program.into(),
        Err(why) => {
            call.output.err(format!("sed: -e expression #1, char {}: {why}\n", reader.whole - reader.rest.len()));
            return Flow::Exit(1);
        }
    };
    let inside = vec![false; program.len()];
    let sed = Sed { program, quiet: options.has('n'), number: 0, held: None, inside, quit: None };
    if options.has('i') {
        return in_place(&mut call, "sed: can't read ", files, Filter::Sed(sed), 2);
    }
    over(&mut call, "sed", files, Filter::Sed(sed), 2)
}

struct Reader<'a> {
    whole: usize,
    rest: &'a str,
    flavour: Flavour,
}

impl Reader<'_> {
    fn bump(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.rest.starts_with(wanted);
        if found {
            self.bump();
        }
        found
    }

    fn program(&mut self) -> Result<Vec<Command>, String> {
        let mut program = Vec::new();
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\n', ';']);
            if self.rest.is_empty() {
                return Ok(program);
            }
            program.push(self.command()?);
            self.rest = self.rest.trim_start_matches([' ', '\t']);
            if !self.rest.is_empty() && !self.rest.starts_with([';', '\n']) {
                return Err("extra characters after command".to_owned());
            }
        }
    }

    fn command(&mut self) -> Result<Command, String> {
        let from = self.address()?;
        let to = if from.is_some() && self.eat(',') { Some(self.address()?.ok_or("unexpected `,'")?) } else { None };
        self.rest = self.rest.trim_start();
        let negated = self.eat('!');
        self.rest = self.rest.trim_start();
        let deed = match self.bump() {
            Some('s') => self.replace()?,
            Some('y') => self.translate()?,
            Some('d') => Deed::Delete,
            Some('p') => Deed::Print,
            Some('=') => Deed::Number,
            Some('n') => Deed::Next,
            Some('q') => Deed::Quit(self.number().unwrap_or(0) as i32),
            Some('a') => Deed::Append(self.text()),
            Some('i') => Deed::Insert(self.text()),
            Some('c') => Deed::Change(self.text()),
            Some(
                '{' | '}' | 'h' | 'H' | 'g' | 'G' | 'x' | 'N' | 'D' | 'P' | 'b' | 't' | 'T' | ':' | 'r' | 'w' | 'l',
            ) => {
                return Err("this command is not simulated".to_owned());
            }
            Some(other) => return Err(format!("unknown command: `{other}'")),
            None => return Err("missing command".to_owned()),
        };
        Ok(Command { from, to, negated, deed })
    }

    fn number(&mut self) -> Option<usize> {
        let length = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(length);
        let number = digits.parse().ok()?;
        self.rest = rest;
        Some(number)
    }

    fn address(&mut self) -> Result<Option<Address>, String> {
        if let Some(number) = self.number() {
            return Ok(Some(Address::Line(number)));
        }
        if self.eat('$') {
            return Ok(Some(Address::Last));
        }
        let end = match self.rest.chars().next() {
            Some('/') => '/',
            Some('\\') => {
                self.bump();
                self.rest.chars().next().ok_or("unterminated address regex")?
            }
            _ => return Ok(None),
        };
        self.bump();
        let text = self.part(end).ok_or("unterminated address regex")?;
        let fold = self.eat('I');
        Ok(Some(Address::Regex(Regex::new(&text, self.flavour, fold)?)))
    }

    /// Up to `end`, which may be quoted by a `\` and stands inside brackets without one.
    fn part(&mut self, end: char) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.bump()? {
                stop if stop == end => return Some(text),
                '\\' => match self.bump()? {
                    quoted if quoted == end => text.push(quoted),
                    other => text.extend(['\\', other]),
                },
                other => text.push(other),
            }
        }
    }

    fn replace(&mut self) -> Result<Deed, String> {
        const OPEN: &str = "unterminated `s' command";
        let end = self.bump().ok_or(OPEN)?;
        let (regex, with) = (self.part(end).ok_or(OPEN)?, self.part(end).ok_or(OPEN)?);
        let (mut all, mut print, mut fold, mut which) = (false, false, false, 1);
        loop {
            if let Some(number) = self.number() {
                which = number.max(1);
            } else if self.eat('g') {
                all = true;
            } else if self.eat('p') {
                print = true;
            } else if self.eat('i') || self.eat('I') {
                fold = true;
            } else if self.rest.is_empty() || self.rest.starts_with([';', '\n', ' ', '}']) {
                break;
            } else {
                return Err("unknown option to `s'".to_owned());
            }
        }
        Ok(Deed::Replace { regex: Regex::new(&regex, self.flavour, fold)?, with, all, which, print })
    }

    fn translate(&mut self) -> Result<Deed, String> {
        const OPEN: &str = "unterminated `y' command";
        let end = self.bump().ok_or(OPEN)?;
        let (from, to) = (self.part(end).ok_or(OPEN)?, self.part(end).ok_or(OPEN)?);
        if from.chars().count() != to.chars().count() {
            return Err("strings for `y' command are different lengths".to_owned());
        }
        Ok(Deed::Translate(from.chars().zip(to.chars()).collect()))
    }

    /// The text of `a`, `i` and `c`: the rest of the line.
    fn text(&mut self) -> String {
        let rest = self.rest.trim_start_matches([' ', '\t']);
        let rest = rest.strip_prefix('\\').map_or(rest, |rest| rest.trim_start_matches([' ', '\t', '\n']));
        let end = rest.find('\n').unwrap_or(rest.len());
        let (text, behind) = rest.split_at(end);
        self.rest = behind;
        text.to_owned()
    }
}

impl Sed {
    fn fits(&self, address: &Address, line: &str, last: bool) -> bool {
        match address {
            Address::Line(number) => self.number == *number,
            Address::Last => last,
            Address::Regex(regex) => regex.fits(line),
        }
    }

    fn chosen(&mut self, at: usize, command: &Command, line: &str, last: bool) -> bool {
        let Some(from) = &command.from else { return true };
        let Some(to) = &command.to else { return self.fits(from, line, last) };
        if !self.inside[at] {
            if !self.fits(from, line, last) {
                return false;
            }
            self.inside[at] = !matches!(to, Address::Line(number) if *number <= self.number);
            return true;
        }
        let ends = match to {
            Address::Line(number) => self.number >= *number,
            to => self.fits(to, line, last),
        };
        self.inside[at] = !ends;
        true
    }

    fn work(&mut self, text: String, last: bool, out: &mut Output) {
        let (mut line, end) = match text.strip_suffix('\n') {
            Some(line) => (line.to_owned(), "\n"),
            None => (text, ""),
        };
        let program = Rc::clone(&self.program);
        let (mut prints, mut after) = (!self.quiet, String::new());
        for (at, command) in program.iter().enumerate() {
            if self.chosen(at, command, &line, last) == command.negated {
                continue;
            }
            match &command.deed {
                Deed::Replace { regex, with, all, which, print } => {
                    if let Some(new) =
                        replaced(regex, &line, *which, *all, &mut |spans, line| filled(with, spans, line))
                    {
                        line = new;
                        if *print {
                            out.out([&line, end].concat());
                        }
                    }
                }
                Deed::Delete => {
                    prints = false;
                    break;
                }
                Deed::Print => out.out([&line, "\n"].concat()),
                Deed::Number => out.out(format!("{}\n", self.number)),
                Deed::Quit(code) => {
                    self.quit = Some(*code);
                    break;
                }
                Deed::Next => break,
                Deed::Append(text) => after += &[text, "\n"].concat(),
                Deed::Insert(text) => out.out([text, "\n"].concat()),
                Deed::Change(text) => {
                    prints = false;
                    if command.to.is_none() || !self.inside[at] {
                        out.out([text, "\n"].concat());
                    }
                    break;
                }
                Deed::Translate(pairs) => {
                    let other = |c: char| pairs.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
                    line = line.chars().map(other).collect();
                }
            }
        }
        if prints {
            out.out(line + end);
        }
        out.out(after);
    }
}

/// Replaces the `which`th hit, or all from it on. `None` where there is none.
pub(super) fn replaced(
    regex: &Regex,
    line: &str,
    which: usize,
    all: bool,
    with: &mut dyn FnMut(&Spans, &str) -> String,
) -> Option<String> {
    let (mut result, mut from, mut copied, mut count) = (String::new(), 0, 0, 0);
    let mut changed = false;
    while from <= line.len()
        && let Some(spans) = regex.find(line, from)
    {
        let (start, end) = (spans[0], spans[1]);
        // Nothing is found right behind a hit.
        let behind = start == end && start == copied && changed;
        if !behind {
            count += 1;
            if count >= which {
                result += &line[copied..start];
                result += &with(&spans, line);
                copied = end;
                changed = true;
                if !all {
                    break;
                }
            }
        }
        from = if end > start { end } else { end + line[end..].chars().next().map_or(1, char::len_utf8) };
    }
    changed.then(|| result + &line[copied..])
}

/// What `&`, `\1` and `\n` stand for in the text that replaces.
fn filled(with: &str, spans: &Spans, line: &str) -> String {
    let group = |number: usize| match (spans[number * 2], spans[number * 2 + 1]) {
        (NONE, _) | (_, NONE) => "",
        (start, end) => &line[start..end],
    };
    let mut text = String::new();
    let mut chars = with.chars();
    while let Some(next) = chars.next() {
        match next {
            '&' => text += group(0),
            '\\' => match chars.next() {
                Some(digit @ '0'..='9') => text += group(digit as usize - '0' as usize),
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(other) => text.push(other),
                None => {}
            },
            other => text.push(other),
        }
    }
    text
}

impl Lines for Sed {
    fn line(&mut self, line: &str, out: &mut Output) -> bool {
        // Only who asks for the last line has to wait for what follows.
        let waits = self
            .program
            .iter()
            .any(|command| matches!(command.from, Some(Address::Last)) || matches!(command.to, Some(Address::Last)));
        let ready = if waits { self.held.replace(line.to_owned()) } else { Some(line.to_owned()) };
        if let Some(line) = ready {
            self.number += 1;
            self.work(line, false, out);
        }
        self.quit.is_none()
    }

    fn end(&mut self, out: &mut Output) -> i32 {
        if let Some(line) = self.held.take().filter(|_| self.quit.is_none()) {
            self.number += 1;
            self.work(line, true, out);
        }
        self.quit.unwrap_or(0)
    }
}
