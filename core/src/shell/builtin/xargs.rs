//! `xargs`: words that come through a pipe become a command's arguments.
//!
//! Models: GNU findutils, xargs.c: a command is run as soon as it has its words, and none is longer than 128 KiB.
//! Differs: commands run one after another, whatever `-P` says.

use super::options::options;
use super::{Builtin, Call, Flow, Running, fail, nothing};
use crate::output::Output;
use crate::shell::env::Env;
use crate::shell::process::{FORK, Host, Process, State, WORK};
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
    /// How many words a command takes, and how many lines.
    most: usize,
    most_lines: usize,
    /// `-I`: each line takes the place of this.
    replaces: Option<String>,
    /// `-r`: nothing is run for nothing.
    needs_words: bool,
    tells: bool,
    env: Env,
    source: Source,
    /// A word that was too much for the command before.
    ahead: Option<String>,
    /// Those of the next command, the bytes they take in it, and the lines they were in.
    words: Vec<String>,
    size: usize,
    lines: usize,
    /// Whether anything was run.
    ran: bool,
    /// What is wrong with the text, once what came before that has run.
    wrong: Option<&'static str>,
    process: Option<Process>,
    status: i32,
}

/// How many bytes a command may have, with one behind each word.
const LONGEST: usize = 128 << 10;
/// How many words cost a step.
const WORDS: usize = 8;
const TOO_LONG: &str = "argument line too long";

fn run(call: &mut Call) -> Flow {
    let longs = [
        ("max-args", 'n'),
        ("max-lines", 'L'),
        ("replace", 'I'),
        ("no-run-if-empty", 'r'),
        ("delimiter", 'd'),
        ("null", '0'),
        ("verbose", 't'),
        ("max-procs", 'P'),
    ];
    let options = match options(call, "xargs", "+n:I:L:P:d:0rt", &longs) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let mut most = [usize::MAX; 2];
    for (most, letter) in most.iter_mut().zip(['n', 'L']) {
        let Some(text) = options.value(letter) else { continue };
        *most = match text.parse() {
            Ok(0) => return fail(call, "xargs", &format!("value 0 for -{letter} option should be >= 1"), 1),
            Ok(number) => number,
            Err(_) => return fail(call, "xargs", &format!("invalid number \"{text}\" for -{letter} option"), 1),
        };
    }
    let Some(env) = call.env.fork() else { return Flow::Exit(254) };
    let replaces = options.value('I').map(str::to_owned);
    let ends = match options.value('d') {
        Some("\\n") => Ends::At('\n'),
        Some("\\t") => Ends::At('\t'),
        Some("\\0") => Ends::At('\0'),
        Some(text) => text.chars().next().map_or(Ends::Blank, Ends::At),
        None if options.has('0') => Ends::At('\0'),
        None if replaces.is_some() => Ends::Line,
        None => Ends::Blank,
    };
    let [most, most_lines] = most;
    let xargs = Xargs {
        most: if replaces.is_some() { 1 } else { most },
        most_lines,
        needs_words: options.has('r') || replaces.is_some(),
        replaces,
        tells: options.has('t'),
        command: if options.words.is_empty() { vec!["echo".to_owned()] } else { options.words },
        env,
        source: Source { text: String::new(), at: 0, ends },
        ahead: None,
        words: Vec::new(),
        size: 0,
        lines: 0,
        ran: false,
        wrong: None,
        process: None,
        status: 0,
    };
    Flow::Hold(Running::Xargs(Box::new(xargs)))
}

impl Xargs {
    pub(super) fn wake_at(&self) -> Option<Ms> {
        self.process.as_ref().and_then(Process::wake_at)
    }

    pub(super) fn reads(&self) -> bool {
        self.process.is_none()
    }

    pub(super) fn poll(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> Option<i32> {
        loop {
            if let Some(process) = &mut self.process {
                if process.run(host, &mut Stdin::closed(), output) == State::Waiting {
                    return None;
                }
                match process.env.status {
                    0 => {}
                    code @ (126 | 127) => return Some(code),
                    255 => {
                        output.err(format!("xargs: {}: exited with status 255; aborting\n", self.command[0]));
                        return Some(124);
                    }
                    _ => self.status = 123,
                }
                self.process = None;
            }
            if self.wrong.is_none() {
                match self.gather(stdin, host) {
                    Ok(true) => {}
                    Ok(false) if host.steps == 0 => return None,
                    Ok(false) if !stdin.at_end() => return None,
                    Ok(false) if self.words.is_empty() && (self.ran || self.needs_words) => return Some(self.status),
                    Ok(false) => {}
                    Err(why) => self.wrong = Some(why),
                }
            }
            if let Some(why) = self.wrong.filter(|_| self.words.is_empty()) {
                output.err(format!("xargs: {why}\n"));
                return Some(1);
            }
            let words = self.next_command();
            // `-I` may have put a long line in several places.
            if words.iter().map(|word| word.len() + 1).sum::<usize>() > LONGEST {
                output.err("xargs: argument list too long\n");
                return Some(1);
            }
            if self.tells {
                output.err(words.join(" ") + "\n");
            }
            self.ran = true;
            host.spend(FORK + (words.len() / WORDS) as u32);
            self.process = Process::command_of(&words, &self.env);
        }
    }

    /// Takes words for the next command, as far as the steps go. Returns whether it has all that it can take.
    fn gather(&mut self, stdin: &mut Stdin, host: &mut Host) -> Result<bool, &'static str> {
        let fixed: usize = self.command.iter().map(|word| word.len() + 1).sum();
        while host.steps > 0 {
            let part = match self.ahead.take() {
                Some(word) => Part::Word(word),
                None => self.source.next(stdin.at_end(), host)?,
            };
            match part {
                Part::Word(word) => {
                    let size = self.size + word.len() + 1;
                    if fixed + size > LONGEST {
                        self.ahead = Some(word);
                        return if self.words.is_empty() { Err(TOO_LONG) } else { Ok(true) };
                    }
                    self.size = size;
                    self.words.push(word);
                    host.spend(u32::from(self.words.len().is_multiple_of(WORDS)));
                    if self.words.len() >= self.most {
                        return Ok(true);
                    }
                }
                Part::LineEnd if self.words.is_empty() => {}
                Part::LineEnd => {
                    self.lines += 1;
                    if self.lines >= self.most_lines {
                        return Ok(true);
                    }
                }
                Part::None if stdin.length() == 0 => return Ok(false),
                Part::None => self.source.add(&stdin.all()),
            }
        }
        Ok(false)
    }

    fn next_command(&mut self) -> Vec<String> {
        (self.size, self.lines) = (0, 0);
        let words = std::mem::take(&mut self.words);
        match (&self.replaces, words.first()) {
            (Some(replaces), Some(line)) => self.command.iter().map(|word| word.replace(replaces, line)).collect(),
            _ => [self.command.as_slice(), &words].concat(),
        }
    }
}

/// Where a word ends.
#[derive(Clone, Copy, PartialEq)]
enum Ends {
    /// At each of these, and nothing else means anything.
    At(char),
    /// At blanks, or only at the end of a line; quotes and `\` keep them in it.
    Blank,
    Line,
}

/// What has come, and how much of it was taken.
#[derive(Clone)]
struct Source {
    text: String,
    at: usize,
    ends: Ends,
}

enum Part {
    Word(String),
    /// The words of a line are complete.
    LineEnd,
    /// Not yet, or never.
    None,
}

impl Source {
    fn add(&mut self, text: &str) {
        self.text.drain(..self.at);
        self.at = 0;
        self.text += text;
    }

    /// The next part of the text; `closed`: there will be no more of it.
    fn next(&mut self, closed: bool, host: &mut Host) -> Result<Part, &'static str> {
        if self.ends == Ends::Line {
            self.skip([' ', '\t', '\n']);
        } else if self.ends == Ends::Blank {
            self.skip([' ', '\t']);
            if self.text[self.at..].starts_with('\n') {
                let follows_word = !self.text[..self.at].ends_with([' ', '\t', '\n']) && self.at > 0;
                self.at += 1;
                if follows_word {
                    return Ok(Part::LineEnd);
                }
                self.skip([' ', '\t', '\n']);
            }
        }
        let (word, length, complete) = self.word(closed)?;
        host.spend((length / WORK) as u32);
        if length > LONGEST {
            return Err(TOO_LONG);
        }
        if length == 0 || !complete && !closed {
            return Ok(Part::None);
        }
        self.at += length;
        Ok(Part::Word(word))
    }

    fn skip<const N: usize>(&mut self, chars: [char; N]) {
        self.at = self.text.len() - self.text[self.at..].trim_start_matches(chars).len();
    }

    /// The word that begins here, its length, and whether its end was seen.
    fn word(&self, closed: bool) -> Result<(String, usize, bool), &'static str> {
        let rest = &self.text[self.at..];
        if let Ends::At(end) = self.ends {
            return Ok(match rest.find(end) {
                Some(length) => (rest[..length].to_owned(), length + end.len_utf8(), true),
                None => (rest.to_owned(), rest.len(), false),
            });
        }
        let (mut word, mut quote) = (String::new(), None);
        let mut chars = rest.char_indices();
        let unmatched = |quote| if quote == '"' { UNMATCHED_DOUBLE } else { UNMATCHED_SINGLE };
        while let Some((at, next)) = chars.next() {
            match (next, quote) {
                (end, Some(open)) if end == open => quote = None,
                ('\n', Some(open)) => return Err(unmatched(open)),
                (other, Some(_)) => word.push(other),
                ('\'' | '"', None) => quote = Some(next),
                ('\\', None) => word.extend(chars.next().map(|(_, next)| next)),
                ('\n', None) => return Ok((word, at, true)),
                (' ' | '\t', None) if self.ends == Ends::Blank => return Ok((word, at, true)),
                (other, None) => word.push(other),
            }
        }
        match quote.filter(|_| closed) {
            Some(open) => Err(unmatched(open)),
            None => Ok((word, rest.len(), false)),
        }
    }
}

const UNMATCHED_SINGLE: &str =
    "unmatched single quote; by default quotes are special to xargs unless you use the -0 option";
const UNMATCHED_DOUBLE: &str =
    "unmatched double quote; by default quotes are special to xargs unless you use the -0 option";
