//! How a simple command begins: assignments, then what its name stands for — an alias, a function, a builtin, a file of
//! commands. Part of the process.
//!
//! Models: bash, execute_cmd.c (execute_simple_command). Differs: aliases are looked up when a command runs, not when it
//! is read, so that they are never half a command.

use std::rc::Rc;

use super::ast::{List, Simple};
use super::builtin::{self, Call, Flow};
use super::expand::{Expanded, Expander};
use super::files::{Files, IS_DIRECTORY};
use super::nested::Inner;
use super::parse;
use super::plumbing::Plumbing;
use super::process::{Frame, Host, Jump, Process};
use super::stdin::Stdin;
use crate::output::Output;

impl Process {
    /// Starts a command whose questions are answered.
    pub(super) fn launch(
        &mut self,
        simple: &Simple,
        answers: &[String],
        host: &mut Host,
        output: &mut Output,
    ) -> Result<(), String> {
        let mut expander = Expander { env: &mut self.env, files: host.files, answers: answers.iter() };
        let Expanded { assignments, words } = expander.simple(simple)?;
        let leads = expander.leads(&simple.redirects)?;
        let plumbing = Plumbing::new(&leads, &self.env.directory, host.files)?;
        if words.is_empty() {
            assignments.into_iter().for_each(|(name, value)| self.env.set(&name, value));
            self.env.status = if answers.is_empty() { 0 } else { self.env.status };
            return Ok(());
        }
        host.spend((words.len() / WORDS) as u32);
        let plain = simple.words[0].plain().is_some();
        self.launch_words(words, plain, assignments, plumbing, !leads.is_empty(), host, output);
        Ok(())
    }

    /// Starts a command whose words are known. `plain`: whether its name may be an alias; `leads`: whether its streams
    /// lead elsewhere.
    #[expect(clippy::too_many_arguments, reason = "it is the end of one function")]
    pub(super) fn launch_words(
        &mut self,
        words: Vec<String>,
        plain: bool,
        assignments: Vec<(String, String)>,
        plumbing: Plumbing,
        leads: bool,
        host: &mut Host,
        output: &mut Output,
    ) {
        // `A=1 command`: only this command sees it.
        let before =
            (!assignments.is_empty()).then(|| Box::new((self.env.variables.clone(), self.env.exported.clone())));
        assignments.into_iter().for_each(|(name, value)| self.env.export(&name, value));
        let height = self.stack.len();
        let mut said = plumbing.output(output);
        let flow = self.dispatch(words, plain, host, &mut said);
        match flow {
            Flow::Hold(running) => {
                plumbing.route(said, host.files, output);
                self.stack.push(Frame::Running { running, plumbing });
            }
            Flow::Read { names, raw } => self.stack.push(Frame::Read { names, raw, plumbing }),
            flow => {
                if !leads {
                    self.follow(flow, &mut said);
                } else {
                    self.follow_inside(flow, &plumbing, &mut said);
                }
                plumbing.route(said, host.files, output);
            }
        }
        if let Some(before) = before {
            // Below what it started; what has ended already leaves nothing above.
            match self.stack.get(height) {
                Some(Frame::Running { .. } | Frame::Read { .. }) | None => {
                    (self.env.variables, self.env.exported) = *before;
                }
                Some(_) => self.stack.insert(height, Frame::Restore(before)),
            }
        }
    }

    /// Finds what a name stands for, and starts it.
    fn dispatch(&mut self, mut words: Vec<String>, plain: bool, host: &mut Host, said: &mut Output) -> Flow {
        if let Some(text) = self.env.aliases.get(&words[0]).filter(|_| plain) {
            // A name in its own meaning is meant literally.
            let own = text.split(' ').next() == Some(&words[0]);
            let text = [if own { "\\" } else { "" }, text, " ", &builtin::quoted_words(&words[1..])].concat();
            return match parse::parse(&text) {
                Ok(list) => Flow::List(Rc::new(list)),
                Err(error) => refuse(&format!("bash: {error}\n"), 2, said),
            };
        }
        loop {
            if let Some(body) = self.env.functions.get(&words[0]) {
                let command = Rc::clone(body);
                let args = std::mem::replace(&mut self.env.args, words.split_off(1));
                self.stack.push(Frame::Call { args, locals: Vec::new() });
                return Flow::Body(command);
            }
            if words[0].contains('/') && !builtin::is_path(&words[0]) {
                return self.script(&words, host, said);
            }
            let (name, args) = words.split_first().expect("a command has a name");
            let mut call = Call { args, host, env: &mut self.env, output: said };
            match builtin::run(name, &mut call) {
                // `sudo`, `command`, `env`: what stands behind it.
                Flow::Words(rest) if !rest.is_empty() => words = rest,
                Flow::Words(_) => return Flow::Exit(0),
                flow => return flow,
            }
        }
    }

    /// `./file`
    fn script(&mut self, words: &[String], host: &mut Host, said: &mut Output) -> Flow {
        let path = Files::resolve(&self.env.directory, &words[0]);
        let (why, code) = match host.files.runs(&path) {
            Some(true) => {
                let text = host.files.read(&path).cloned().unwrap_or_default();
                return script(&words[0], &text, words[1..].to_vec(), said);
            }
            Some(false) => ("Permission denied", 126),
            None if host.files.is_directory(&path) => (IS_DIRECTORY, 126),
            None => (host.files.missing(&path), 127),
        };
        refuse(&format!("bash: {}: {why}\n", words[0]), code, said)
    }

    /// Does what a builtin left to the process.
    fn follow(&mut self, flow: Flow, said: &mut Output) {
        match flow {
            Flow::Exit(code) => self.env.status = code,
            Flow::Jump(Jump::Exit(code)) => self.jump(Jump::Exit(code), said),
            Flow::Jump(jump) => self.jump(jump, said),
            Flow::List(list) => {
                self.env.status = 0;
                self.start(list);
            }
            Flow::Body(command) => self.stack.push(Frame::Command { command, answers: Vec::new(), asking: None }),
            Flow::Script { list, args } => match self.env.fork() {
                Some(mut env) => {
                    (env.args, env.status) = (args, 0);
                    self.inside(Process::of(list, env));
                }
                None => self.no_fork(said),
            },
            Flow::Wait(names) => {
                self.env.status = 0;
                self.wait_for(&names, said);
            }
            Flow::Jobs => {
                let text = self.listing();
                said.out(text);
                self.env.status = 0;
            }
            Flow::Foreground(name) => self.foreground(&name, said),
            Flow::Kill(names) => self.env.status = self.end_jobs(&names, said),
            Flow::Local(assignments) => {
                self.env.status = 0;
                for (name, value) in assignments {
                    if self.make_local(&name) {
                        self.env.set(&name, value);
                    } else {
                        said.err("bash: local: can only be used in a function\n");
                        self.env.status = 1;
                    }
                }
            }
            Flow::Hold(_) | Flow::Read { .. } | Flow::Words(_) => {}
        }
    }

    /// As [`Process::follow`], for a command whose streams lead elsewhere: what it starts is a process inside this one.
    fn follow_inside(&mut self, flow: Flow, plumbing: &Plumbing, said: &mut Output) {
        let mut process = match flow {
            Flow::List(_) | Flow::Script { .. } => Process::within(&self.env),
            Flow::Body(_) => {
                let mut process = Process::within(&self.env);
                // The function's own frame goes in with it.
                process.stack.extend(self.stack.pop());
                process
            }
            flow => return self.follow(flow, said),
        };
        process.follow(flow, said);
        self.stack.push(Frame::Inner(Box::new(Inner { process, plumbing: plumbing.clone() })));
    }

    /// Runs a process in the foreground, with the streams of this one.
    pub(super) fn inside(&mut self, process: Process) {
        self.stack.push(Frame::Inner(Box::new(Inner { process, plumbing: Plumbing::none() })));
    }

    /// `read`: takes a line into variables. Returns whether there was something to take.
    pub(super) fn read(&mut self, names: &[String], raw: bool, stdin: &mut Stdin) -> bool {
        let line = stdin.line();
        if line.is_none() && !stdin.at_end() {
            return false;
        }
        self.env.status = i32::from(line.as_deref().is_none_or(|line| !line.ends_with('\n')));
        let line = line.unwrap_or_default();
        let mut rest = line.trim_end_matches('\n').to_owned();
        if !raw {
            rest = rest.replace('\\', "");
        }
        let separators = self.env.separators().to_owned();
        let is_blank = |c: char| separators.contains(c) && c.is_ascii_whitespace();
        let mut rest = rest.as_str();
        for (place, name) in names.iter().enumerate() {
            rest = rest.trim_start_matches(is_blank);
            let last = place + 1 == names.len();
            let (word, behind) = match rest.find(|c| separators.contains(c)).filter(|_| !last) {
                Some(end) => {
                    let behind = rest[end..].trim_start_matches(is_blank);
                    let behind = if behind.len() == rest.len() - end { &behind[1..] } else { behind };
                    (&rest[..end], behind)
                }
                None => (rest.trim_end_matches(is_blank), ""),
            };
            self.env.set(name, word.to_owned());
            rest = behind;
        }
        true
    }
}

/// How many words cost a step.
const WORDS: usize = 20;

/// A file of commands, or a text of them, in a shell of its own.
pub(super) fn script(name: &str, text: &str, args: Vec<String>, said: &mut Output) -> Flow {
    match parse::parse(text) {
        Ok(list) => Flow::Script { list: Rc::<List>::new(list), args },
        Err(error) => refuse(&format!("{name}: {error}\n"), 2, said),
    }
}

fn refuse(sentence: &str, code: i32, said: &mut Output) -> Flow {
    said.err(sentence);
    Flow::Exit(code)
}
