//! `cat`. Models: GNU coreutils, cat.c.

use super::filter::{Filter, Lines, over};
use super::options::options;
use super::{Builtin, Call, Flow};
use crate::output::Output;
use crate::shell::complete::files;

pub(super) const CAT: Builtin = Builtin {
    name: "cat",
    usage: "cat [-n] [FILE …]",
    about: "print files, or what comes through a pipe",
    run,
    complete: files,
};

#[derive(Clone)]
pub(in crate::shell) struct Cat {
    /// The number of the last line, where lines are numbered.
    number: Option<usize>,
}

fn run(call: &mut Call) -> Flow {
    let options = match options(call, "cat", "nbAevEtTsu", &[("number", 'n')]) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let number = options.has('n').then_some(0);
    over(call, "cat", &options.words, Filter::Cat(Cat { number }), 1)
}

impl Lines for Cat {
    fn line(&mut self, line: &str, out: &mut Output) -> bool {
        if let Some(number) = &mut self.number {
            *number += 1;
            out.out(format!("{number:6}\t{line}"));
        } else {
            out.out(line);
        }
        true
    }
}
