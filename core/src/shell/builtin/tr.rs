//! `tr`. Models: GNU coreutils, tr.c.

use super::escapes::unescape;
use super::filter::{Filter, Lines};
use super::options::options;
use super::{Builtin, Call, Flow, Running, fail, nothing};
use crate::output::Output;

pub(super) const TR: Builtin = Builtin {
    name: "tr",
    usage: "tr [-dsc] SET1 [SET2]",
    about: "replace or delete characters",
    run,
    complete: nothing,
};

#[derive(Clone)]
pub(in crate::shell) struct Tr {
    from: Vec<char>,
    to: Vec<char>,
    delete: bool,
    squeeze: bool,
    complement: bool,
    last: Option<char>,
}

fn run(call: &mut Call) -> Flow {
    let longs = [("delete", 'd'), ("squeeze-repeats", 's'), ("complement", 'c')];
    let options = match options(call, "tr", "dscC", &longs) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let (delete, squeeze) = (options.has('d'), options.has('s'));
    let (from, to) = match options.words.as_slice() {
        [] => return fail(call, "tr", "missing operand", 1),
        [only] if !delete && !squeeze => return fail(call, "tr", &format!("missing operand after ‘{only}’"), 1),
        [_, _, extra, ..] => return fail(call, "tr", &format!("extra operand ‘{extra}’"), 1),
        [from] => (set(from), Vec::new()),
        [from, to, ..] => (set(from), set(to)),
    };
    let tr = Tr { from, to, delete, squeeze, complement: options.has('c') || options.has('C'), last: None };
    Flow::Hold(Running::Filter(Box::new(Filter::Tr(tr))))
}

/// The characters that `a-z`, `[:upper:]` or `\n` stand for.
fn set(text: &str) -> Vec<char> {
    let named = [("upper", 'A'..='Z'), ("lower", 'a'..='z'), ("digit", '0'..='9')];
    let mut rest = text;
    let mut found = Vec::new();
    while !rest.is_empty() {
        if let Some((name, behind)) = rest.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) {
            match name {
                "alpha" => found.extend(('A'..='Z').chain('a'..='z')),
                "alnum" => found.extend(('0'..='9').chain('A'..='Z').chain('a'..='z')),
                "space" => found.extend([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']),
                "blank" => found.extend([' ', '\t']),
                "punct" => found.extend(('!'..='~').filter(char::is_ascii_punctuation)),
                "cntrl" => found.extend('\0'..='\u{1f}'),
                name => found.extend(named.iter().filter(|(known, _)| *known == name).flat_map(|(_, all)| all.clone())),
            }
            rest = behind;
            continue;
        }
        let (first, behind) = character(rest);
        let range = behind.strip_prefix('-').filter(|behind| !behind.is_empty());
        match range.map(character) {
            Some((last, behind)) if last >= first => {
                found.extend((first..=last).take(1_000));
                rest = behind;
            }
            _ => {
                found.push(first);
                rest = behind;
            }
        }
    }
    found
}

/// The first character of a text, which a `\` may stand for, and what follows it.
fn character(text: &str) -> (char, &str) {
    let mut chars = text.chars();
    let first = chars.next().unwrap_or('\0');
    if first == '\\' && chars.next().is_some() {
        let read = unescape(&text[..text.len() - chars.as_str().len()], false).0;
        let plain = read.chars().find(|c| read.chars().count() == 1 || *c != '\\');
        return (plain.unwrap_or('\\'), chars.as_str());
    }
    (first, &text[first.len_utf8()..])
}

impl Lines for Tr {
    fn line(&mut self, line: &str, out: &mut Output) -> bool {
        let mut text = String::new();
        for c in line.chars() {
            let place = self.from.iter().position(|from| *from == c);
            let of_it = place.is_some() != self.complement;
            let mut changed = c;
            if of_it && self.delete {
                continue;
            }
            if of_it && !self.to.is_empty() {
                let place = place.unwrap_or(usize::MAX).min(self.to.len() - 1);
                changed = self.to[place];
            }
            let squeezes = if self.to.is_empty() { of_it } else { self.to.contains(&changed) };
            if self.squeeze && squeezes && self.last == Some(changed) {
                continue;
            }
            self.last = Some(changed);
            text.push(changed);
        }
        out.out(text);
        true
    }
}
