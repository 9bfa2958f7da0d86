//! `grep`. Models: GNU grep. Differs: `-P` is what [`Flavour::Perl`] knows; there are no colours.

use std::collections::VecDeque;
use std::rc::Rc;

use super::filter::{Filter, Lines, over};
use super::options::options;
use super::{Builtin, Call, Flow};
use crate::output::Output;
use crate::shell::complete::files;
use crate::shell::files::Files;
use crate::shell::regex::{Flavour, Regex, Spans};

pub(super) const GREP: Builtin = Builtin {
    name: "grep",
    usage: "grep [-EFviqcnolwx] [-A N] PATTERN [FILE …]",
    about: "print the lines that fit a pattern",
    run,
    complete: files,
};

#[derive(Clone)]
pub(in crate::shell) struct Grep {
    regexes: Rc<[Regex]>,
    flags: Flags,
    /// How many lines before and after a hit are shown.
    before: usize,
    after: usize,
    /// After so many hits a file is done.
    most: usize,
    /// The file's name, where names are shown.
    name: Option<String>,
    file: String,
    number: usize,
    hits: usize,
    /// Lines before the next hit, with their numbers.
    waiting: VecDeque<(usize, String)>,
    /// How many lines after the last hit are still to be shown.
    trailing: usize,
    /// The last line that was shown.
    shown: usize,
    found: bool,
}

#[derive(Clone, Copy)]
struct Flags {
    invert: bool,
    quiet: bool,
    count: bool,
    numbers: bool,
    only: bool,
    list: bool,
    without: bool,
    word: bool,
    line: bool,
    names: bool,
}

const LONGS: &[(&str, char)] = &[
    ("extended-regexp", 'E'),
    ("fixed-strings", 'F'),
    ("perl-regexp", 'P'),
    ("invert-match", 'v'),
    ("ignore-case", 'i'),
    ("quiet", 'q'),
    ("silent", 'q'),
    ("count", 'c'),
    ("line-number", 'n'),
    ("only-matching", 'o'),
    ("files-with-matches", 'l'),
    ("files-without-match", 'L'),
    ("word-regexp", 'w'),
    ("line-regexp", 'x'),
    ("regexp", 'e'),
    ("after-context", 'A'),
    ("before-context", 'B'),
    ("context", 'C'),
    ("max-count", 'm'),
    ("recursive", 'r'),
    ("no-filename", 'h'),
    ("with-filename", 'H'),
    ("no-messages", 's'),
    ("line-buffered", 'u'),
    ("color", 'u'),
    ("colour", 'u'),
];

fn run(call: &mut Call) -> Flow {
    let options = match options(call, "grep", "EFGPviyqcnolLwxhHsrRue:A:B:C:m:", LONGS) {
        Ok(options) => options,
        // Its code for what is wrong is 2.
        Err(Flow::Exit(code)) => return Flow::Exit(code * 2),
        Err(flow) => return flow,
    };
    let has = |letter| options.has(letter);
    let mut patterns: Vec<String> = options.all('e').map(str::to_owned).collect();
    let mut files = options.words.clone();
    if patterns.is_empty() {
        if files.is_empty() {
            call.output.err("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n");
            return Flow::Exit(2);
        }
        patterns.push(files.remove(0));
    }
    let flavour = match () {
        () if has('P') => Flavour::Perl,
        () if has('E') => Flavour::Extended,
        () => Flavour::Basic,
    };
    let mut regexes = Vec::new();
    for pattern in patterns.iter().flat_map(|text| text.split('\n')) {
        let literal =
            || pattern.chars().flat_map(|c| ["\\*.[]^$".contains(c).then_some('\\'), Some(c)]).flatten().collect();
        let text: String = if has('F') { literal() } else { pattern.to_owned() };
        match Regex::new(&text, flavour, has('i') || has('y')) {
            Ok(regex) => regexes.push(regex),
            Err(why) => {
                call.output.err(format!("grep: {why}\n"));
                return Flow::Exit(2);
            }
        }
    }
    let number = |letter| options.value(letter).map(|text| text.parse::<usize>().unwrap_or(0));
    let around = number('C').unwrap_or(0);
    let recursive = has('r') || has('R');
    if recursive {
        files = below(call, &files);
    }
    let flags = Flags {
        invert: has('v'),
        quiet: has('q'),
        count: has('c'),
        numbers: has('n'),
        only: has('o'),
        list: has('l'),
        without: has('L'),
        word: has('w'),
        line: has('x'),
        names: has('H') || (files.len() > 1 || recursive) && !has('h'),
    };
    let grep = Grep {
        regexes: regexes.into(),
        flags,
        before: number('B').unwrap_or(around),
        after: number('A').unwrap_or(around),
        most: number('m').unwrap_or(usize::MAX),
        name: None,
        file: "(standard input)".to_owned(),
        number: 0,
        hits: 0,
        waiting: VecDeque::new(),
        trailing: 0,
        shown: 0,
        found: false,
    };
    over(call, "grep", &files, Filter::Grep(grep), 2)
}

/// All files below directories.
fn below(call: &Call, names: &[String]) -> Vec<String> {
    let here = [".".to_owned()];
    let mut open: Vec<String> = if names.is_empty() { here.to_vec() } else { names.to_vec() };
    open.reverse();
    let mut found = Vec::new();
    while let Some(name) = open.pop() {
        let path = Files::resolve(&call.env.directory, &name);
        if call.host.files.is_directory(&path) {
            let entries = call.host.files.entries(&path);
            open.extend(entries.into_iter().rev().map(|(entry, _)| format!("{}/{entry}", name.trim_end_matches('/'))));
        } else {
            found.push(name);
        }
    }
    found
}

impl Grep {
    /// The first hit in a line from a place on.
    fn hit(&self, line: &str, from: usize) -> Option<Spans> {
        let found = self.regexes.iter().filter_map(|regex| {
            let mut from = from;
            loop {
                let spans = regex.find(line, from)?;
                let (start, end) = (spans[0], spans[1]);
                let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let inside = line[..start].ends_with(word) || line[end..].starts_with(word);
                if !(self.flags.word && inside || self.flags.line && (start, end) != (0, line.len())) {
                    return Some(spans);
                }
                from = start + line[start..].chars().next().map_or(1, char::len_utf8);
            }
        });
        found.min_by(|a, b| a[0].cmp(&b[0]).then(b[1].cmp(&a[1])))
    }

    fn show(&mut self, number: usize, text: &str, mark: char, out: &mut Output) {
        let context = self.before + self.after > 0;
        if context && self.shown > 0 && number > self.shown + 1 {
            out.out("--\n");
        }
        self.shown = number;
        self.print(number, text, mark, out);
    }

    fn print(&self, number: usize, text: &str, mark: char, out: &mut Output) {
        let mut line = String::new();
        if let Some(name) = &self.name {
            line += name;
            line.push(mark);
        }
        if self.flags.numbers {
            line += &number.to_string();
            line.push(mark);
        }
        out.out(line + text + "\n");
    }
}

impl Lines for Grep {
    fn begin(&mut self, name: &str, _out: &mut Output) {
        name.clone_into(&mut self.file);
        self.name = self.flags.names.then(|| name.to_owned());
        (self.number, self.hits, self.trailing, self.shown) = (0, 0, 0, 0);
        self.waiting.clear();
    }

    fn line(&mut self, line: &str, out: &mut Output) -> bool {
        let line = line.trim_end_matches('\n');
        self.number += 1;
        let hit = self.hit(line, 0);
        let flags = self.flags;
        if hit.is_some() == flags.invert {
            if self.trailing > 0 {
                self.trailing -= 1;
                self.show(self.number, line, '-', out);
            } else if self.before > 0 {
                self.waiting.push_back((self.number, line.to_owned()));
                if self.waiting.len() > self.before {
                    self.waiting.pop_front();
                }
            }
            return true;
        }
        self.hits += 1;
        self.found = true;
        if flags.quiet || flags.list || flags.without {
            return false;
        }
        if flags.only {
            let mut next = hit;
            while let Some(spans) = next {
                if spans[1] > spans[0] {
                    self.print(self.number, &line[spans[0]..spans[1]], ':', out);
                }
                let after = if spans[1] > spans[0] {
                    spans[1]
                } else {
                    spans[1] + line[spans[1]..].chars().next().map_or(1, char::len_utf8)
                };
                next = self.hit(line, after).filter(|_| after <= line.len());
            }
        } else if !flags.count {
            for (number, text) in std::mem::take(&mut self.waiting) {
                self.show(number, &text, '-', out);
            }
            self.show(self.number, line, ':', out);
            self.trailing = self.after;
        }
        self.hits < self.most
    }

    fn finish(&mut self, out: &mut Output) {
        if self.flags.count {
            let name = self.name.as_ref().map_or(String::new(), |name| format!("{name}:"));
            out.out(format!("{name}{}\n", self.hits));
        }
        if self.flags.list && self.hits > 0 || self.flags.without && self.hits == 0 {
            out.out(format!("{}\n", self.file));
        }
    }

    fn end(&mut self, _out: &mut Output) -> i32 {
        i32::from(!self.found)
    }
}
