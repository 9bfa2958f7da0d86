//! Processes inside processes: `$(…)`, the stages of a pipeline, and what is redirected as a whole or runs in a
//! subshell.
//!
//! Models: bash, execute_cmd.c (execute_pipeline, execute_in_subshell) and subst.c (command_substitute).

use super::builtin::Signalled;
use super::env::Env;
use super::plumbing::Plumbing;
use super::process::{BROKEN_PIPE, Frame, Host, Process, State, spoken};
use super::stdin::Stdin;
use crate::output::{Output, Stream};

/// One `$(…)` at work.
#[derive(Clone)]
pub(super) struct Asking {
    pub process: Process,
    pub said: String,
}

/// How much one may say: what is done with it is done at once.
const LONGEST: usize = 384 << 10;

/// How many steps each command of a pipeline may take, whatever the others have taken.
const FEW: u32 = 200;

/// What a pipe holds before who writes into it has to wait.
const PIPE: usize = 1 << 16;

impl Asking {
    pub(super) fn run(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> State {
        let mut said = Output::new(None);
        let state = self.process.run(host, stdin, &mut said);
        self.said += &spoken(said, output);
        if self.said.len() > LONGEST {
            output.err("swarmyard: a command substitution of more than 384 KB is not simulated\n");
            self.said.clear();
            self.process.kill(1);
            return State::Ended;
        }
        state
    }
}

/// One command of a pipeline.
#[derive(Clone)]
pub(super) struct Stage {
    pub process: Process,
    /// What the stage before it wrote. The first stage reads what the whole pipeline does.
    stdin: Stdin,
    pub ended: bool,
}

impl Stage {
    pub(super) fn new(frame: Frame, env: Env) -> Stage {
        let mut process = Process::new(env);
        process.stack.push(frame);
        Stage { process, stdin: Stdin::default(), ended: false }
    }

    /// Whether who writes into it has to wait.
    pub(super) fn is_full(&self) -> bool {
        !self.ended && self.stdin.length() > PIPE
    }

    /// Runs one stage; returns whether anything changed for the others.
    pub(super) fn run(
        &mut self,
        next: Option<&mut Stage>,
        first: bool,
        host: &mut Host,
        stdin: &mut Stdin,
        output: &mut Output,
    ) -> bool {
        if !self.ended && host.is_spent() {
            self.process.rest(host, output);
            return false;
        }
        // One that never waits may not keep the others from their work; what it gets is not given to those around it.
        let (steps, given) = (host.steps, host.steps.max(FEW));
        host.steps = given;
        let moved = self.run_on(next, first, host, stdin, output);
        let taken = given - host.steps;
        host.steps = steps;
        host.spend(taken);
        moved
    }

    fn run_on(
        &mut self,
        next: Option<&mut Stage>,
        first: bool,
        host: &mut Host,
        stdin: &mut Stdin,
        output: &mut Output,
    ) -> bool {
        if self.ended {
            return false;
        }
        let before = self.stdin.length();
        let stdin = if first { stdin } else { &mut self.stdin };
        let Some(next) = next else {
            self.ended = self.process.run(host, stdin, output) == State::Ended;
            // What was taken out of a full pipe makes room.
            return self.ended || before > PIPE && self.stdin.length() <= PIPE;
        };
        if next.is_full() {
            return false;
        }
        let mut said = Output::new(None);
        self.ended = self.process.run(host, stdin, &mut said) == State::Ended;
        let mut moved = self.ended || before > PIPE && self.stdin.length() <= PIPE;
        for (stream, text) in said.take() {
            match stream {
                Stream::Err => output.err(text),
                Stream::Out if next.ended => {
                    self.process.kill(BROKEN_PIPE);
                    self.ended = true;
                }
                Stream::Out => {
                    next.stdin.push(&text);
                    moved = true;
                }
            }
        }
        if self.ended {
            next.stdin.close();
        }
        moved
    }
}

/// Commands with streams of their own.
#[derive(Clone)]
pub(super) struct Inner {
    pub process: Process,
    pub plumbing: Plumbing,
}

impl Inner {
    pub(super) fn interrupt(&mut self, host: &mut Host, output: &mut Output) -> Signalled {
        let mut said = self.plumbing.output(output);
        let signalled = self.process.interrupt(host, &mut said);
        self.plumbing.route(said, host.files, output);
        signalled
    }
}

impl Process {
    pub(super) fn inner(
        &mut self,
        mut inner: Box<Inner>,
        host: &mut Host,
        stdin: &mut Stdin,
        output: &mut Output,
    ) -> Option<Frame> {
        let Inner { process, plumbing } = &mut *inner;
        let mut said = plumbing.output(output);
        let state = process.run(host, plumbing.stdin(stdin), &mut said);
        plumbing.route(said, host.files, output);
        if state == State::Waiting {
            return Some(Frame::Inner(inner));
        }
        let process = inner.process;
        self.env.status = process.env.status;
        if process.inner {
            self.env = process.env;
            self.jobs.extend(process.jobs);
            if let Some(jump) = process.left {
                self.jump(jump, output);
            }
        }
        None
    }
}
