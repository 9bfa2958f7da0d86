//! `awk`: fields, patterns, sums. Programs are read in `parse` and run in `eval`.
//!
//! Models: POSIX awk. Differs: no functions of one's own, no `getline`, no pipes and files inside a program; numbers
//! have six decimals.

mod eval;
mod parse;

use std::rc::Rc;

use super::filter::{Filter, Lines, over};
use super::options::options;
use super::{Builtin, Call, Flow};
use crate::output::Output;
use crate::shell::builtin::escapes::unescape;
use crate::shell::complete::files;
use eval::{Machine, Value};
use parse::{Program, When};

pub(super) const AWK: Builtin = Builtin {
    name: "awk",
    usage: "awk [-F CHAR] [-v NAME=VALUE] PROGRAM [FILE …]",
    about: "compute with the fields of lines: '{print $1}'",
    run,
    complete: files,
};

#[derive(Clone)]
pub(in crate::shell) struct Awk {
    program: Rc<Program>,
    machine: Machine,
    /// Whether `exit` was said, with which code.
    exit: Option<i32>,
    failed: bool,
}

fn run(call: &mut Call) -> Flow {
    let options = match options(call, "awk", "+F:v:f:", &[("field-separator", 'F'), ("assign", 'v')]) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let Some((text, files)) = options.words.split_first() else {
        call.output.err("usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]\n");
        return Flow::Exit(2);
    };
    let program = match parse::program(text) {
        Ok(program) => Rc::new(program),
        Err(why) => {
            call.output.err(format!("awk: {why}\n"));
            return Flow::Exit(2);
        }
    };
    let mut machine = Machine::default();
    for (name, value) in options.all('v').filter_map(|text| text.split_once('=')) {
        machine.set(name, Value::input(&unescape(value, true).0));
    }
    if let Some(separator) = options.value('F') {
        machine.set("FS", Value::Text(if separator == "t" { "\t".to_owned() } else { unescape(separator, true).0 }));
    }
    let reads = program.rules.iter().any(|rule| !matches!(rule.when, When::Begin));
    let mut awk = Awk { program, machine, exit: None, failed: false };
    awk.rules(|when| matches!(when, When::Begin), call.output);
    if !reads || awk.exit.is_some() {
        return Flow::Exit(awk.end(call.output));
    }
    over(call, "awk", files, Filter::Awk(awk), 2)
}

impl Awk {
    /// Runs the rules of a kind; those of lines where their pattern fits.
    fn rules(&mut self, of: fn(&When) -> bool, out: &mut Output) {
        let program = Rc::clone(&self.program);
        self.machine.steps = 0;
        for (at, rule) in program.rules.iter().enumerate().filter(|(_, rule)| of(&rule.when)) {
            let mut done = self.machine.chosen(at, &rule.when);
            if let Ok(true) = done {
                done = self.machine.act(&rule.body).map(|_| true);
            }
            out.out(std::mem::take(&mut self.machine.said));
            match done {
                Ok(_) => {}
                Err(eval::Stop::Next) => break,
                Err(eval::Stop::Exit(code)) => {
                    self.exit = Some(code);
                    break;
                }
                Err(eval::Stop::Wrong(why)) => {
                    out.err(format!("awk: {why}\n"));
                    (self.exit, self.failed) = (Some(2), true);
                    break;
                }
                Err(eval::Stop::Break | eval::Stop::Continue) => {}
            }
        }
    }
}

impl Lines for Awk {
    fn begin(&mut self, name: &str, _out: &mut Output) {
        self.machine.set("FILENAME", Value::Text(name.to_owned()));
        self.machine.set("FNR", Value::default());
    }

    fn line(&mut self, line: &str, out: &mut Output) -> bool {
        self.machine.take(line.trim_end_matches('\n'));
        self.rules(|when| !matches!(when, When::Begin | When::End), out);
        self.exit.is_none()
    }

    fn end(&mut self, out: &mut Output) -> i32 {
        let before = self.exit.take();
        if !self.failed {
            self.rules(|when| matches!(when, When::End), out);
        }
        self.exit.or(before).unwrap_or(0)
    }
}
