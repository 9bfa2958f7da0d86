//! Commands that pass on what they read: `cat` and `head`.

use super::{Builtin, Call, Flow, Running, bad_option};
use crate::output::Output;
use crate::shell::complete::files;
use crate::shell::files::Files;
use crate::shell::stdin::Stdin;

pub(super) const CAT: Builtin = Builtin {
    name: "cat",
    usage: "cat [FILE …]",
    about: "print files, or what comes through a pipe",
    run: cat,
    complete: files,
};

pub(super) const HEAD: Builtin = Builtin {
    name: "head",
    usage: "head [-n N] [FILE …]",
    about: "print the first lines, ten unless told",
    run: head,
    complete: files,
};

/// What it does with the lines that are still to come.
#[derive(Clone, Debug)]
pub(in crate::shell) enum Filter {
    Cat,
    Head { left: usize },
}

impl Filter {
    /// Passes on what has come. Returns the exit code when it has ended.
    pub(super) fn poll(&mut self, stdin: &mut Stdin, output: &mut Output) -> Option<i32> {
        match self {
            Filter::Cat => output.out(stdin.all()),
            Filter::Head { left } => {
                while *left > 0
                    && let Some(line) = stdin.line()
                {
                    output.out(line);
                    *left -= 1;
                }
                if *left == 0 {
                    return Some(0);
                }
            }
        }
        stdin.at_end().then_some(0)
    }
}

fn cat(call: &mut Call) -> Flow {
    if let Some(option) = call.args.iter().find(|arg| arg.len() > 1 && arg.starts_with('-')) {
        return bad_option(call, "cat", option);
    }
    run(call, "cat", call.args, || Filter::Cat)
}

fn head(call: &mut Call) -> Flow {
    let mut lines = 10;
    let mut files = call.args;
    while let Some((arg, rest)) = files.split_first()
        && let Some(option) = arg.strip_prefix('-').filter(|option| !option.is_empty())
    {
        files = rest;
        let number = match option.strip_prefix('n') {
            Some("") => match files.split_first() {
                Some((number, rest)) => {
                    files = rest;
                    number
                }
                None => {
                    call.output.err("head: option requires an argument -- 'n'\n");
                    return Flow::Exit(1);
                }
            },
            Some(number) => number,
            None if option.bytes().all(|b| b.is_ascii_digit()) => option,
            None => return bad_option(call, "head", arg),
        };
        match number.parse() {
            Ok(count) => lines = count,
            Err(_) => {
                call.output.err(format!("head: invalid number of lines: ‘{number}’\n"));
                return Flow::Exit(1);
            }
        }
    }
    run(call, "head", files, || Filter::Head { left: lines })
}

/// Runs a filter over each of `files`, or over what is read.
fn run(call: &mut Call, name: &str, files: &[String], filter: impl Fn() -> Filter) -> Flow {
    let mut status = 0;
    for file in files {
        let path = Files::resolve(&call.env.directory, file);
        match call.host.files.read(&path) {
            Some(text) => {
                filter().poll(&mut Stdin::file(text), call.output);
            }
            None => {
                let why =
                    if call.host.files.is_directory(&path) { "Is a directory" } else { "No such file or directory" };
                call.output.err(format!("{name}: {file}: {why}\n"));
                status = 1;
            }
        }
    }
    if files.is_empty() { Flow::Hold(Running::Stream(filter())) } else { Flow::Exit(status) }
}
