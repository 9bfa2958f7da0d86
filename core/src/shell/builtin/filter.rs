//! What commands that go through lines have in common: they read files, or what comes through a pipe, line by line, so
//! that what is still being written can be gone through too.

use std::collections::VecDeque;

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

/// One that goes through files, and has not come to their end.
#[derive(Clone)]
pub(in crate::shell) struct Reading {
    command: String,
    filter: Filter,
    /// The file at hand, and those after it.
    open: Option<Stdin>,
    left: VecDeque<String>,
    directory: String,
    /// The exit code where a file is not there, and the one so far.
    wrong: i32,
    status: i32,
    in_place: Option<InPlace>,
}

/// What is made of a file becomes the file: `sed -i`.
#[derive(Clone)]
struct InPlace {
    /// What each file begins with.
    fresh: Filter,
    path: String,
    said: Output,
}

/// How many lines of a command that only passes them on cost as much as one step.
const LIGHT: usize = 32;

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

    /// Whether it looks into each line, which takes its time.
    fn is_heavy(&self) -> bool {
        matches!(self, Filter::Awk(_) | Filter::Grep(_) | Filter::Jq(_) | Filter::Sed(_) | Filter::Sort(_))
    }

    /// Goes through what has come, as far as the steps go. Returns whether it wants no more, or has had all.
    fn feed(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> bool {
        let heavy = self.is_heavy();
        // `tail` goes on with what is written later, and has to be at the end by then.
        let hurries = matches!(self, Filter::Tail(_));
        let lines = self.lines();
        let mut work = 0;
        while host.steps > 0 || hurries {
            let Some(line) = stdin.line() else { return stdin.at_end() };
            work += if heavy { LIGHT * (1 + line.len() / 12) } else { 1 + line.len() / 64 };
            host.spend((work / LIGHT) as u32);
            work %= LIGHT;
            if !lines.line(&line, output) {
                return true;
            }
        }
        false
    }

    /// Goes through what has come. Returns the exit code when it has ended.
    pub(super) fn poll(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> Option<i32> {
        let code = if self.feed(host, stdin, output) {
            self.lines().finish(output);
            Some(self.lines().end(output))
        } else {
            None
        };
        if let Filter::Tee(tee) = self {
            tee.write(host.files, output);
        }
        code
    }
}

/// Runs a command over each of `files`, or over what is read. `wrong`: its exit code where a file is not there.
pub(super) fn over(call: &mut Call, name: &str, files: &[String], filter: Filter, wrong: i32) -> Flow {
    if files.is_empty() || files == ["-"] {
        return Flow::Hold(Running::Filter(Box::new(filter)));
    }
    let (command, left, directory) = (format!("{name}: "), files.iter().cloned().collect(), call.env.directory.clone());
    Reading { command, filter, open: None, left, directory, wrong, status: 0, in_place: None }.start(call)
}

/// The same, with what is made of each file in its place. `command`: what is said before the name of one that is not
/// there.
pub(super) fn in_place(call: &mut Call, command: &str, files: &[String], filter: Filter, wrong: i32) -> Flow {
    let (command, left, directory) = (command.to_owned(), files.iter().cloned().collect(), call.env.directory.clone());
    let in_place = Some(InPlace { fresh: filter.clone(), path: String::new(), said: Output::new(None) });
    Reading { command, filter, open: None, left, directory, wrong, status: 0, in_place }.start(call)
}

impl Reading {
    fn start(mut self, call: &mut Call) -> Flow {
        match self.poll(call.host, call.output) {
            Some(code) => Flow::Exit(code),
            None => Flow::Hold(Running::Reading(Box::new(self))),
        }
    }

    /// Goes on. Returns the exit code when it has come to the end.
    pub(super) fn poll(&mut self, host: &mut Host, output: &mut Output) -> Option<i32> {
        loop {
            if let Some(open) = &mut self.open {
                let said = self.in_place.as_mut().map_or(&mut *output, |place| &mut place.said);
                if !self.filter.feed(host, open, said) {
                    return None;
                }
                match &mut self.in_place {
                    Some(place) => {
                        self.filter.lines().end(&mut place.said);
                        let text: String = place.said.take().into_iter().map(|(_, text)| text).collect();
                        host.files.write(&place.path, &text);
                        self.filter = place.fresh.clone();
                    }
                    None => self.filter.lines().finish(output),
                }
                self.open = None;
            }
            let Some(file) = self.left.pop_front() else {
                let code = if self.in_place.is_some() { 0 } else { self.filter.lines().end(output) };
                return Some(self.status.max(code));
            };
            let path = Files::resolve(&self.directory, &file);
            match host.files.open(&path) {
                Ok(text) => {
                    self.open = Some(Stdin::file(&text));
                    match &mut self.in_place {
                        Some(place) => place.path = path,
                        None => self.filter.lines().begin(&file, output),
                    }
                }
                Err(why) => {
                    output.err(format!("{}{file}: {why}\n", self.command));
                    self.status = self.wrong;
                }
            }
        }
    }
}
