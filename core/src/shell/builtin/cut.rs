//! `cut`. Models: GNU coreutils, cut.c. Differs: `-b` counts characters, as `-c` does.

use super::filter::{Filter, Lines, over};
use super::options::options;
use super::{Builtin, Call, Flow, fail};
use crate::output::Output;
use crate::shell::complete::files;

pub(super) const CUT: Builtin = Builtin {
    name: "cut",
    usage: "cut -d CHAR -f LIST | -c LIST [FILE …]",
    about: "print parts of lines",
    run,
    complete: files,
};

#[derive(Clone)]
pub(in crate::shell) struct Cut {
    /// Characters are counted where there is none.
    separator: Option<char>,
    between: String,
    ranges: Vec<(usize, usize)>,
    /// Whether lines without a separator are left out.
    only: bool,
    complement: bool,
}

fn run(call: &mut Call) -> Flow {
    let longs = [
        ("delimiter", 'd'),
        ("fields", 'f'),
        ("characters", 'c'),
        ("only-delimited", 's'),
        ("output-delimiter", 'o'),
        ("complement", 'x'),
    ];
    let options = match options(call, "cut", "d:f:c:b:so:x", &longs) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let fields = options.value('f');
    let Some(list) = fields.or(options.value('c')).or(options.value('b')) else {
        return fail(call, "cut", "you must specify a list of bytes, characters, or fields", 1);
    };
    let given = options.value('d').unwrap_or("\t");
    if given.chars().count() > 1 {
        return fail(call, "cut", "the delimiter must be a single character", 1);
    }
    let Some(ranges) = ranges(list) else {
        return fail(call, "cut", &format!("invalid field value ‘{list}’"), 1);
    };
    let separator = fields.map(|_| given.chars().next().unwrap_or('\0'));
    let between = options.value('o').unwrap_or(if separator.is_some() { given } else { "" }).to_owned();
    let cut = Cut { separator, between, ranges, only: options.has('s'), complement: options.has('x') };
    over(call, "cut", &options.words, Filter::Cut(cut), 1)
}

/// `1,3-5,7-`: pairs of first and last.
fn ranges(list: &str) -> Option<Vec<(usize, usize)>> {
    let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number > 0);
    let range = |part: &str| match part.split_once('-') {
        None => number(part).map(|only| (only, only)),
        Some(("", "")) => None,
        Some(("", last)) => Some((1, number(last)?)),
        Some((first, "")) => Some((number(first)?, usize::MAX)),
        Some((first, last)) => Some((number(first)?, number(last)?)).filter(|(first, last)| first <= last),
    };
    list.split(',').map(range).collect()
}

impl Lines for Cut {
    fn line(&mut self, line: &str, out: &mut Output) -> bool {
        let line = line.trim_end_matches('\n');
        let wanted =
            |place: usize| self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&place)) != self.complement;
        let text = match self.separator {
            None => line.chars().enumerate().filter(|(at, _)| wanted(at + 1)).map(|(_, c)| c).collect(),
            Some(separator) if !line.contains(separator) => {
                if self.only {
                    return true;
                }
                line.to_owned()
            }
            Some(separator) => {
                let parts = line.split(separator).enumerate().filter(|(at, _)| wanted(at + 1));
                parts.map(|(_, part)| part).collect::<Vec<_>>().join(&self.between)
            }
        };
        out.out(text + "\n");
        true
    }
}
