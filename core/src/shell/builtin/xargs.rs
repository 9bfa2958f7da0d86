//! `xargs`: words that come through a pipe become a command's arguments.
//!
//! Models: GNU findutils, xargs.c. Differs: commands run one after another, whatever `-P` says.

use std::collections::VecDeque;

use super::options::options;
use super::{Builtin, Call, Flow, Running, fail, nothing};
use crate::output::Output;
use crate::shell::env::Env;
use crate::shell::process::{Host, Process, State};
use crate::shell::stdin::Stdin;
use crate::time::Ms;

pub(super) const XARGS: Builtin = Builtin {
    name: "xargs",
    usage: "xargs [-n N] [-I TEXT] [-r] [COMMAND …]",
    about: "run a command with what comes through a pipe as its arguments",
    run,
    complete: nothing,
};

#[derive(Clone)]
pub(in crate::shell) struct Xargs {
    command: Vec<String>,
    /// How many words a command takes.
    most: usize,
    /// `-I`: each line takes the place of this.
    replaces: Option<String>,
    separator: Option<char>,
    /// `-r`: nothing is run for nothing.
    needs_words: bool,
    tells: bool,
    env: Env,
    text: String,
    /// The commands that are still to run; `None` while the words are still coming.
    left: Option<VecDeque<Vec<String>>>,
    process: Option<Process>,
    status: i32,
}

fn run(call: &mut Call) -> Flow {
    let longs = [("max-args", 'n'), ("replace", 'I'), ("no-run-if-empty", 'r'), ("delimiter", 'd'), ("null", '0')];
    let options = match options(call, "xargs", "+n:I:L:P:d:0rt", &longs) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let number = options.value('n').or(options.value('L'));
    let Some(most) = number.map_or(Some(usize::MAX), |text| text.parse().ok()).filter(|most| *most > 0) else {
        return fail(call, "xargs", &format!("invalid number \"{}\" for -n option", number.unwrap_or("")), 1);
    };
    let Some(env) = call.env.fork() else { return Flow::Exit(254) };
    let replaces = options.value('I').map(str::to_owned);
    let separator = match options.value('d') {
        Some("\\n") => Some('\n'),
        Some(text) => text.chars().next(),
        None if options.has('0') => Some('\0'),
        None => replaces.is_some().then_some('\n'),
    };
    let (needs_words, tells) = (options.has('r'), options.has('t'));
    let command = if options.words.is_empty() { vec!["echo".to_owned()] } else { options.words };
    let (text, left, process) = (String::new(), None, None);
    let xargs = Xargs { command, most, replaces, separator, needs_words, tells, env, text, left, process, status: 0 };
    Flow::Hold(Running::Xargs(Box::new(xargs)))
}

impl Xargs {
    pub(super) fn wake_at(&self) -> Option<Ms> {
        self.process.as_ref().and_then(Process::wake_at)
    }

    pub(super) fn reads(&self) -> bool {
        self.left.is_none()
    }

    pub(super) fn poll(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> Option<i32> {
        if self.left.is_none() {
            self.text += &stdin.all();
            if !stdin.at_end() {
                return None;
            }
            let text = std::mem::take(&mut self.text);
            self.left = Some(self.commands(&text));
        }
        loop {
            if let Some(process) = &mut self.process {
                if process.run(host, &mut Stdin::closed(), output) == State::Waiting {
                    return None;
                }
                match process.env.status {
                    0 => {}
                    code @ (126 | 127) => return Some(code),
                    255 => return Some(124),
                    _ => self.status = 123,
                }
                self.process = None;
            }
            let Some(words) = self.left.as_mut().and_then(VecDeque::pop_front) else { return Some(self.status) };
            if self.tells {
                output.err(words.join(" ") + "\n");
            }
            self.process = Process::command_of(&words, &self.env);
        }
    }

    fn commands(&self, text: &str) -> VecDeque<Vec<String>> {
        let words = match self.separator {
            Some(separator) => {
                let parts = text.split(separator).map(|part| part.trim_end_matches('\n').to_owned());
                parts.filter(|part| !part.is_empty()).collect()
            }
            None => words(text),
        };
        if let Some(replaces) = &self.replaces {
            let command =
                |line: &String| self.command.iter().map(|word| word.replace(replaces, line.trim_start())).collect();
            return words.iter().map(command).collect();
        }
        if words.is_empty() && !self.needs_words {
            return VecDeque::from([self.command.clone()]);
        }
        words.chunks(self.most.min(words.len().max(1))).map(|words| [self.command.as_slice(), words].concat()).collect()
    }
}

/// Words between blanks; quotes and `\` keep blanks in them.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut chars = text.chars();
    while let Some(next) = chars.next() {
        match (next, quote) {
            (end, Some(open)) if end == open => quote = None,
            (other, Some(_)) => word.get_or_insert_default().push(other),
            ('\'' | '"', None) => {
                quote = Some(next);
                word.get_or_insert_default();
            }
            ('\\', None) => word.get_or_insert_default().extend(chars.next()),
            (blank, None) if blank.is_whitespace() => words.extend(word.take()),
            (other, None) => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}
