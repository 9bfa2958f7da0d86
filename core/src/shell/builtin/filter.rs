//! What commands that go through lines have in common: they read files, or what comes through a pipe, line by line, so
//! that what is still being written can be gone through too.

use super::{Call, Flow, Running};
use super::{awk, base64, cat, cut, grep, head, jq, sed, sort, tail, tee, tr, uniq, wc};
use crate::output::Output;
use crate::shell::files::Files;
use crate::shell::process::Host;
use crate::shell::stdin::Stdin;

/// A command that goes through lines.
pub(in crate::shell) trait Lines {
    /// One line, with its end, if it has one. Returns whether more are wanted.
    fn line(&mut self, line: &str, out: &mut Output) -> bool;

    /// A file begins; the standard input has no name.
    fn begin(&mut self, _name: &str, _out: &mut Output) {}

    /// The file has ended.
    fn finish(&mut self, _out: &mut Output) {}

    /// Everything has been read. Returns the exit code.
    fn end(&mut self, _out: &mut Output) -> i32 {
        0
    }
}

/// Where such a command stands.
#[derive(Clone)]
pub(in crate::shell) enum Filter {
    Awk(awk::Awk),
    Base64(base64::Base64),
    Cat(cat::Cat),
    Cut(cut::Cut),
    Grep(grep::Grep),
    Head(head::Head),
    Jq(jq::Jq),
    Sed(sed::Sed),
    Sort(sort::Sort),
    Tail(tail::Tail),
    Tee(tee::Tee),
    Tr(tr::Tr),
    Uniq(uniq::Uniq),
    Wc(wc::Wc),
}

/// How many lines go through at once.
const AT_ONCE: usize = 5_000;

impl Filter {
    fn lines(&mut self) -> &mut dyn Lines {
        match self {
            Filter::Awk(it) => it,
            Filter::Base64(it) => it,
            Filter::Cat(it) => it,
            Filter::Cut(it) => it,
            Filter::Grep(it) => it,
            Filter::Head(it) => it,
            Filter::Jq(it) => it,
            Filter::Sed(it) => it,
            Filter::Sort(it) => it,
            Filter::Tail(it) => it,
            Filter::Tee(it) => it,
            Filter::Tr(it) => it,
            Filter::Uniq(it) => it,
            Filter::Wc(it) => it,
        }
    }

    /// Goes through what has come. Returns the exit code when it has ended.
    pub(super) fn poll(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> Option<i32> {
        let code = feed(self.lines(), stdin, output);
        if let Filter::Tee(tee) = self {
            tee.write(host.files, output);
        }
        code
    }
}

fn feed(lines: &mut dyn Lines, stdin: &mut Stdin, output: &mut Output) -> Option<i32> {
    let mut wanted = true;
    while wanted && let Some(line) = stdin.line() {
        wanted = lines.line(&line, output);
    }
    if wanted && !stdin.at_end() {
        return None;
    }
    lines.finish(output);
    Some(lines.end(output))
}

/// Runs a command over each of `files`, or over what is read. `wrong`: its exit code where a file is not there.
pub(super) fn over(call: &mut Call, name: &str, files: &[String], mut filter: Filter, wrong: i32) -> Flow {
    if files.is_empty() || files == ["-"] {
        return Flow::Hold(Running::Filter(Box::new(filter)));
    }
    let mut status = 0;
    let lines = filter.lines();
    for file in files {
        match call.host.files.open(&Files::resolve(&call.env.directory, file)) {
            Ok(text) => {
                call.host.spend((text.len() / AT_ONCE) as u32);
                lines.begin(file, call.output);
                let _all = text.split_inclusive('\n').all(|line| lines.line(line, call.output));
                lines.finish(call.output);
            }
            Err(why) => {
                call.output.err(format!("{name}: {file}: {why}\n"));
                status = wrong;
            }
        }
    }
    Flow::Exit(status.max(lines.end(call.output)))
}
