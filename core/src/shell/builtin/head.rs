//! `head`. Models: GNU coreutils, head.c. Differs: `-n -5` is not there.

use super::filter::{Filter, Lines, over};
use super::options::options;
use super::{Builtin, Call, Flow};
use crate::output::Output;
use crate::shell::complete::files;

pub(super) const HEAD: Builtin = Builtin {
    name: "head",
    usage: "head [-n N] [-c N] [FILE …]",
    about: "print the first lines, ten unless told",
    run,
    complete: files,
};

#[derive(Clone)]
pub(in crate::shell) struct Head {
    /// How many lines, or bytes.
    count: usize,
    bytes: bool,
    left: usize,
    titles: Titles,
}

fn run(call: &mut Call) -> Flow {
    let args = numbered(call.args);
    let mut call = Call { args: &args, host: call.host, env: call.env, output: call.output };
    let options = match options(&mut call, "head", "n:c:qv", &[("lines", 'n'), ("bytes", 'c'), ("quiet", 'q')]) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let bytes = options.has('c');
    let number = options.value(if bytes { 'c' } else { 'n' }).unwrap_or("10");
    let Ok(count) = number.parse() else {
        let what = if bytes { "bytes" } else { "lines" };
        call.output.err(format!("head: invalid number of {what}: ‘{number}’\n"));
        return Flow::Exit(1);
    };
    let titles = Titles::new(options.words.len() > 1 && !options.has('q'));
    over(&mut call, "head", &options.words, Filter::Head(Head { count, bytes, left: count, titles }), 1)
}

/// `-5` means `-n5`.
pub(super) fn numbered(args: &[String]) -> Vec<String> {
    let number = |arg: &String| arg.len() > 1 && arg.starts_with('-') && arg[1..].bytes().all(|b| b.is_ascii_digit());
    args.iter().map(|arg| if number(arg) { format!("-n{}", &arg[1..]) } else { arg.clone() }).collect()
}

/// `==> name <==` before each of several files.
#[derive(Clone)]
pub(super) struct Titles {
    shown: bool,
    first: bool,
}

impl Titles {
    pub(super) fn new(shown: bool) -> Titles {
        Titles { shown, first: true }
    }

    pub(super) fn show(&mut self, name: &str, out: &mut Output) {
        if self.shown {
            out.out([if self.first { "" } else { "\n" }, "==> ", name, " <==\n"].concat());
            self.first = false;
        }
    }
}

impl Lines for Head {
    fn begin(&mut self, name: &str, out: &mut Output) {
        self.titles.show(name, out);
        self.left = self.count;
    }

    fn line(&mut self, line: &str, out: &mut Output) -> bool {
        if self.bytes {
            let mut end = self.left.min(line.len());
            while !line.is_char_boundary(end) {
                end -= 1;
            }
            out.out(&line[..end]);
            self.left -= end;
        } else if self.left > 0 {
            out.out(line);
            self.left -= 1;
        }
        self.left > 0
    }
}
