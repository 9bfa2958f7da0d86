//! `jq`: paths, pipes, selections and the functions that people use on what docker prints. Filters are read in `parse`
//! and applied in `eval`; what they are applied to is in `json`.
//!
//! Models: jq 1.7. Differs: no functions of one's own, `reduce`, `foreach`, `try` or assignments; numbers that are
//! computed have six decimals; nothing is coloured.

mod eval;
mod functions;
mod json;
mod parse;

use std::rc::Rc;

use super::filter::{Filter, Lines, over};
use super::options::options;
use super::{Builtin, Call, Flow};
use crate::output::Output;
use crate::shell::complete::files;
use eval::{Vars, apply};
use json::{Json, Reader};
use parse::Expr;

pub(super) const JQ: Builtin = Builtin {
    name: "jq",
    usage: "jq [-rcesn] FILTER [FILE …]",
    about: "take JSON apart: '.[0].Spec.Name'",
    run,
    complete: files,
};

#[derive(Clone)]
pub(in crate::shell) struct Jq {
    filter: Rc<Expr>,
    vars: Vars,
    raw: bool,
    compact: bool,
    join: bool,
    sort: bool,
    slurp: bool,
    null: bool,
    raw_input: bool,
    /// Whether the last value decides about the exit code.
    judges: bool,
    text: String,
    status: i32,
    last: Option<bool>,
}

fn run(call: &mut Call) -> Flow {
    let (args, mut vars) = (call.args, Vars::default());
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        let json = arg == "--argjson";
        match (arg.as_str(), args.get(at + 1), args.get(at + 2)) {
            ("--arg" | "--argjson", Some(name), Some(value)) => {
                let value = match json {
                    true => Reader::new(value).value().unwrap_or(Json::Null),
                    false => Json::Text(value.clone()),
                };
                vars.push((name.clone(), value));
                at += 3;
            }
            ("--tab", _, _) | ("--indent", Some(_), _) => at += if arg == "--tab" { 1 } else { 2 },
            _ => {
                words.push(arg.clone());
                at += 1;
            }
        }
    }
    let longs = [
        ("raw-output", 'r'),
        ("compact-output", 'c'),
        ("exit-status", 'e'),
        ("slurp", 's'),
        ("null-input", 'n'),
        ("raw-input", 'R'),
        ("join-output", 'j'),
        ("sort-keys", 'S'),
        ("color-output", 'C'),
        ("monochrome-output", 'M'),
    ];
    let mut call = Call { args: &words, host: call.host, env: call.env, output: call.output };
    let options = match options(&mut call, "jq", "rcesnRjSCMa", &longs) {
        Ok(options) => options,
        Err(Flow::Exit(code)) => return Flow::Exit(code * 2),
        Err(flow) => return flow,
    };
    let Some((text, files)) = options.words.split_first() else {
        call.output.err("Usage:\tjq [OPTIONS] FILTER [FILES...]\n");
        return Flow::Exit(2);
    };
    let filter = match parse::filter(text) {
        Ok(filter) => Rc::new(filter),
        Err(why) => {
            call.output.err(format!("jq: error: {why}\njq: 1 compile error\n"));
            return Flow::Exit(3);
        }
    };
    let has = |letter| options.has(letter);
    let jq = Jq {
        filter,
        vars,
        raw: has('r') || has('j'),
        compact: has('c'),
        join: has('j'),
        sort: has('S'),
        slurp: has('s'),
        null: has('n'),
        raw_input: has('R'),
        judges: has('e'),
        text: String::new(),
        status: 0,
        last: None,
    };
    if jq.null && files.is_empty() {
        let mut jq = jq;
        return Flow::Exit(jq.end(call.output));
    }
    over(&mut call, "jq", files, Filter::Jq(jq), 2)
}

impl Jq {
    fn apply(&mut self, input: &Json, out: &mut Output) {
        let mut results = Vec::new();
        let done = apply(&self.filter, input, &self.vars, &mut results);
        for result in &results {
            let text = match result {
                Json::Text(text) if self.raw => text.clone(),
                other => other.written(!self.compact, self.sort),
            };
            out.out(text + if self.join { "" } else { "\n" });
            self.last = Some(result.holds());
        }
        if let Err(why) = done {
            out.err(format!("jq: error (at <stdin>:0): {why}\n"));
            self.status = 5;
        }
    }

    /// Applies the filter to the values that have come whole.
    fn values(&mut self, all: bool, out: &mut Output) {
        let text = std::mem::take(&mut self.text);
        let mut reader = Reader::new(&text);
        let mut values = Vec::new();
        let mut wrong = None;
        loop {
            let before = reader.rest();
            if before.is_empty() {
                break;
            }
            match reader.value() {
                // A number may go on.
                Ok(value) if all || !reader.rest().is_empty() || !matches!(value, Json::Number(..)) => {
                    values.push(value)
                }
                Ok(_) => {
                    self.text = before.to_owned();
                    break;
                }
                Err(why) if all || !why.contains("Unfinished") => {
                    wrong = Some(why);
                    break;
                }
                Err(_) => {
                    self.text = before.to_owned();
                    break;
                }
            }
        }
        if self.slurp {
            values = vec![Json::List(values)];
        }
        values.iter().for_each(|value| self.apply(value, out));
        if let Some(why) = wrong {
            out.err(format!("jq: error (at <stdin>:0): {why}\n"));
            self.status = 2;
        }
    }
}

impl Lines for Jq {
    fn line(&mut self, line: &str, out: &mut Output) -> bool {
        if self.raw_input && !self.slurp {
            self.apply(&Json::Text(line.trim_end_matches('\n').to_owned()), out);
            return true;
        }
        self.text.push_str(line);
        // Values that follow each other are written in a line each; one that is spread over lines ends at the margin.
        let whole = line.starts_with(['}', ']', '{']) || !line.starts_with(' ');
        if whole && !self.slurp && !self.null && self.status != 2 && self.text.len() < PATIENT {
            self.values(false, out);
        }
        self.status != 2
    }

    fn end(&mut self, out: &mut Output) -> i32 {
        if self.null {
            self.apply(&Json::Null, out);
        } else if self.raw_input && self.slurp {
            let text = std::mem::take(&mut self.text);
            self.apply(&Json::Text(text), out);
        } else if self.status != 2 {
            self.values(true, out);
        }
        match (self.status, self.judges, self.last) {
            (0, true, Some(false)) => 1,
            (0, true, None) => 4,
            (status, ..) => status,
        }
    }
}

/// How long a text may grow while each line is tried for the end of a value.
const PATIENT: usize = 1 << 14;

#[cfg(test)]
mod tests;
