//! `tail`, and `tail -f`, which waits for a file to grow. Models: GNU coreutils, tail.c.

use std::collections::VecDeque;

use super::filter::{Filter, Lines, over};
use super::head::{Titles, numbered};
use super::options::options;
use super::{Builtin, Call, Flow, Running};
use crate::output::Output;
use crate::shell::complete::files;
use crate::shell::files::Files;
use crate::shell::process::Host;
use crate::time::{Ms, SECOND};

pub(super) const TAIL: Builtin = Builtin {
    name: "tail",
    usage: "tail [-n N] [-n +N] [-f] [FILE …]",
    about: "print the last lines, ten unless told; -f waits for more",
    run,
    complete: files,
};

#[derive(Clone)]
pub(in crate::shell) struct Tail {
    count: usize,
    /// `-n +5`: from that line on.
    from_start: bool,
    lines: VecDeque<String>,
    seen: usize,
    titles: Titles,
}

/// `tail -f`
#[derive(Clone)]
pub(in crate::shell) struct Follow {
    path: String,
    name: String,
    /// How much of the file has been printed.
    printed: usize,
    next: Ms,
}

fn run(call: &mut Call) -> Flow {
    let args = numbered(call.args);
    let mut call = Call { args: &args, host: call.host, env: call.env, output: call.output };
    let longs = [("lines", 'n'), ("follow", 'f'), ("quiet", 'q')];
    let options = match options(&mut call, "tail", "n:fFqv", &longs) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let number = options.value('n').unwrap_or("10");
    let Ok(count) = number.trim_start_matches(['+', '-']).parse() else {
        call.output.err(format!("tail: invalid number of lines: ‘{number}’\n"));
        return Flow::Exit(1);
    };
    let titles = Titles::new(options.words.len() > 1 && !options.has('q'));
    let from_start = number.starts_with('+');
    let tail = Filter::Tail(Tail { count, from_start, lines: VecDeque::new(), seen: 0, titles });
    let flow = over(&mut call, "tail", &options.words, tail, 1);
    match (flow, options.words.last()) {
        (Flow::Exit(0), Some(name)) if options.has('f') || options.has('F') => {
            let path = Files::resolve(&call.env.directory, name);
            let printed = call.host.files.read(&path).map_or(0, |text| text.len());
            let next = call.host.world.now() + SECOND;
            Flow::Hold(Running::Follow(Box::new(Follow { path, name: name.clone(), printed, next })))
        }
        (flow, _) => flow,
    }
}

impl Follow {
    pub(super) fn wake_at(&self) -> Ms {
        self.next
    }

    pub(super) fn poll(&mut self, host: &mut Host, output: &mut Output) -> Option<i32> {
        self.next = host.world.now() + SECOND;
        let text = host.files.read(&self.path).map_or("", |text| text);
        if text.len() < self.printed {
            output.err(format!("tail: {}: file truncated\n", self.name));
            self.printed = 0;
        }
        output.out(text.get(self.printed..).unwrap_or(""));
        self.printed = text.len();
        None
    }
}

impl Lines for Tail {
    fn begin(&mut self, name: &str, out: &mut Output) {
        self.titles.show(name, out);
        self.seen = 0;
    }

    fn line(&mut self, line: &str, out: &mut Output) -> bool {
        self.seen += 1;
        if self.from_start {
            if self.seen >= self.count {
                out.out(line);
            }
            return true;
        }
        self.lines.push_back(line.to_owned());
        if self.lines.len() > self.count {
            self.lines.pop_front();
        }
        true
    }

    fn finish(&mut self, out: &mut Output) {
        self.lines.drain(..).for_each(|line| out.out(line));
    }
}
