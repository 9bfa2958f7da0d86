//! `sort`. Models: GNU coreutils, sort.c, in the locale C. Differs: of keys only their fields count, and their letters
//! `n` and `r`.

use std::cmp::Ordering;

use super::filter::{Filter, Lines, over};
use super::options::options;
use super::{Builtin, Call, Flow};
use crate::collections::sort_by;
use crate::output::Output;
use crate::shell::complete::files;

pub(super) const SORT: Builtin = Builtin {
    name: "sort",
    usage: "sort [-nrufhV] [-t CHAR] [-k FIELD] [FILE …]",
    about: "sort lines",
    run,
    complete: files,
};

#[derive(Clone)]
pub(in crate::shell) struct Sort {
    order: Order,
    /// What has come since the last run.
    fresh: Vec<Known>,
    /// Sorted each, the longest and oldest first.
    runs: Vec<Vec<Known>>,
}

#[derive(Clone)]
struct Order {
    how: How,
    keys: Vec<Key>,
    separator: Option<char>,
    unique: bool,
}

#[derive(Clone, Copy)]
struct How {
    numbers: bool,
    reverse: bool,
    fold: bool,
}

#[derive(Clone, Copy)]
struct Key {
    /// Counted from 1.
    first: usize,
    last: Option<usize>,
    how: Option<How>,
}

fn run(call: &mut Call) -> Flow {
    let longs = [("numeric-sort", 'n'), ("reverse", 'r'), ("unique", 'u'), ("key", 'k'), ("field-separator", 't')];
    let options = match options(call, "sort", "nrufhVgbst:k:", &longs) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let numbers = ['n', 'h', 'V', 'g'].into_iter().any(|letter| options.has(letter));
    let how = How { numbers, reverse: options.has('r'), fold: options.has('f') };
    let mut keys = Vec::new();
    for text in options.all('k') {
        let Some(key) = key(text, how) else {
            call.output.err(format!("sort: invalid number at field start: invalid count at start of ‘{text}’\n"));
            return Flow::Exit(2);
        };
        keys.push(key);
    }
    let separator = options.value('t').and_then(|text| if text == "\\t" { Some('\t') } else { text.chars().next() });
    let order = Order { how, keys, separator, unique: options.has('u') };
    let sort = Sort { order, fresh: Vec::new(), runs: Vec::new() };
    over(call, "sort", &options.words, Filter::Sort(sort), 2)
}

/// `2`, `2,3`, `2nr`
fn key(text: &str, how: How) -> Option<Key> {
    let (first, last) = text.split_once(',').map_or((text, None), |(first, last)| (first, Some(last)));
    let field = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        text[..end].parse::<usize>().ok().filter(|number| *number > 0)
    };
    let own = text.contains(['n', 'r', 'h', 'V', 'f']).then(|| How {
        numbers: how.numbers || text.contains(['n', 'h', 'V']),
        reverse: how.reverse != text.contains('r'),
        fold: how.fold || text.contains('f'),
    });
    let last = match last {
        Some(last) => Some(field(last)?),
        None => None,
    };
    Some(Key { first: field(first)?, last, how: own })
}

/// What a line is sorted by, found out once.
#[derive(Clone)]
enum By {
    Number(i64),
    Text(String),
}

/// A line, and what it is sorted by.
type Known = (Vec<By>, String);

impl Sort {
    /// What is fresh becomes a run, and runs of about the same length one: so that no line is waited for long.
    fn run(&mut self) {
        let mut run = std::mem::take(&mut self.fresh);
        sort_by(&mut run, |a, b| self.order.compare(a, b));
        while let Some(before) = self.runs.pop_if(|before| before.len() <= run.len()) {
            run = self.order.merged(before, run);
        }
        self.runs.push(run);
    }
}

impl Order {
    /// Two runs as one; of what is equal, what came first.
    fn merged(&self, first: Vec<Known>, second: Vec<Known>) -> Vec<Known> {
        let mut merged = Vec::with_capacity(first.len() + second.len());
        let (mut first, mut second) = (first.into_iter().peekable(), second.into_iter().peekable());
        while let (Some(a), Some(b)) = (first.peek(), second.peek()) {
            let next = if self.compare(a, b) == Ordering::Greater { &mut second } else { &mut first };
            merged.extend(next.next());
        }
        merged.extend(first.chain(second));
        merged
    }

    /// What each key finds in a line; without keys the line itself.
    fn found(&self, line: &str) -> Vec<By> {
        match self.keys.as_slice() {
            [] => vec![self.how.by(line)],
            keys => keys.iter().map(|key| key.how.unwrap_or(self.how).by(&self.part(line, key))).collect(),
        }
    }

    fn compare(&self, (by, a): &Known, (other, b): &Known) -> Ordering {
        for (place, (left, right)) in by.iter().zip(other).enumerate() {
            let order = match (left, right) {
                (By::Number(left), By::Number(right)) => left.cmp(right),
                (By::Text(left), By::Text(right)) => left.cmp(right),
                _ => Ordering::Equal,
            };
            let how = self.keys.get(place).and_then(|key| key.how).unwrap_or(self.how);
            if order != Ordering::Equal {
                return if how.reverse { order.reverse() } else { order };
            }
        }
        if self.unique {
            return Ordering::Equal;
        }
        if self.how.reverse { b.cmp(a) } else { a.cmp(b) }
    }

    fn part(&self, line: &str, key: &Key) -> String {
        let fields: Vec<&str> = match self.separator {
            Some(separator) => line.split(separator).collect(),
            None => line.split_whitespace().collect(),
        };
        let last = key.last.unwrap_or(fields.len()).min(fields.len());
        fields.get(key.first - 1..last).unwrap_or(&[]).join(" ")
    }
}

impl How {
    fn by(self, text: &str) -> By {
        match (self.numbers, self.fold) {
            (true, _) => By::Number(number(text)),
            (_, true) => By::Text(text.to_ascii_uppercase()),
            _ => By::Text(text.to_owned()),
        }
    }
}

/// A number at the beginning of a text, in millionths.
fn number(text: &str) -> i64 {
    let text = text.trim_start();
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mut value, mut places) = (0i64, None);
    for c in text.chars() {
        match (c.to_digit(10), places) {
            (Some(digit), None) => value = value.saturating_mul(10).saturating_add(i64::from(digit)),
            (Some(digit), Some(place @ 0..6)) => {
                value = value.saturating_mul(10).saturating_add(i64::from(digit));
                places = Some(place + 1);
            }
            (Some(_), _) => {}
            (None, None) if c == '.' => places = Some(0),
            _ => break,
        }
    }
    let value = value.saturating_mul(10i64.pow(6 - places.unwrap_or(0)));
    if negative { -value } else { value }
}

/// So many lines are sorted at once.
const RUN: usize = 500;

impl Lines for Sort {
    fn line(&mut self, line: &str, _out: &mut Output) -> bool {
        let line = line.trim_end_matches('\n').to_owned();
        self.fresh.push((self.order.found(&line), line));
        if self.fresh.len() >= RUN {
            self.run();
        }
        true
    }

    fn end(&mut self, out: &mut Output) -> i32 {
        self.run();
        let mut lines = Vec::new();
        while let Some(run) = self.runs.pop() {
            lines = self.order.merged(run, lines);
        }
        if self.order.unique {
            lines.dedup_by(|a, b| self.order.compare(a, b) == Ordering::Equal);
        }
        let mut text = String::new();
        for (_, line) in lines {
            text.push_str(&line);
            text.push('\n');
        }
        out.out(text);
        0
    }
}
