//! `uniq`. Models: GNU coreutils, uniq.c.

use super::filter::{Filter, Lines, over};
use super::options::options;
use super::{Builtin, Call, Flow};
use crate::output::Output;
use crate::shell::complete::files;

pub(super) const UNIQ: Builtin = Builtin {
    name: "uniq",
    usage: "uniq [-cdui] [FILE]",
    about: "drop lines that are like the one before",
    run,
    complete: files,
};

#[derive(Clone)]
pub(in crate::shell) struct Uniq {
    counts: bool,
    /// Only what comes several times, or only once.
    repeated: bool,
    single: bool,
    fold: bool,
    last: Option<(String, usize)>,
}

fn run(call: &mut Call) -> Flow {
    let longs = [("count", 'c'), ("repeated", 'd'), ("unique", 'u'), ("ignore-case", 'i')];
    let options = match options(call, "uniq", "cdui", &longs) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let [counts, repeated, single, fold] = ['c', 'd', 'u', 'i'].map(|letter| options.has(letter));
    let uniq = Filter::Uniq(Uniq { counts, repeated, single, fold, last: None });
    over(call, "uniq", &options.words[..options.words.len().min(1)], uniq, 1)
}

impl Uniq {
    fn show(&mut self, out: &mut Output) {
        let Some((line, count)) = self.last.take() else { return };
        if self.repeated && count < 2 || self.single && count > 1 {
            return;
        }
        if self.counts {
            out.out(format!("{count:7} {line}\n"));
        } else {
            out.out(line + "\n");
        }
    }
}

impl Lines for Uniq {
    fn line(&mut self, line: &str, out: &mut Output) -> bool {
        let line = line.trim_end_matches('\n');
        let fold = self.fold;
        match &mut self.last {
            Some((last, count)) if last == line || fold && last.eq_ignore_ascii_case(line) => *count += 1,
            _ => {
                self.show(out);
                self.last = Some((line.to_owned(), 1));
            }
        }
        true
    }

    fn end(&mut self, out: &mut Output) -> i32 {
        self.show(out);
        0
    }
}
