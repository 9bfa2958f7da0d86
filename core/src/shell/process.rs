//! Runs commands: a stack of frames that says where a list stands, as plain data. A command that takes time is a value
//! on top of the stack; time, input and Ctrl-C come from outside. The shell drives one process per prompt; stages of a
//! pipeline, subshells and `$(…)` are processes of their own inside the frames of theirs (`nested`), and so are jobs
//! (`job`). What loops and conditions do is in `control`, how one simple command begins in `launch`.
//!
//! A loop that never waits may not hang the page: after so many steps a process rests, for longer the longer that goes
//! on. Models: bash, execute_cmd.c, and what Ctrl-C does in jobs.c (wait_for).

use std::rc::Rc;

use super::ast::{Command, Link, List, When, Word};
use super::builtin::{Running, Signalled};
use super::env::Env;
use super::files::Files;
use super::job::Job;
use super::nested::{Asking, Inner, Stage};
use super::plumbing::Plumbing;
use super::stdin::Stdin;
use crate::collections::{Map, Set};
use crate::id::NodeId;
use crate::output::{Output, Stream};
use crate::time::Ms;
use crate::world::World;

/// The exit code of what SIGINT and SIGPIPE ended.
pub(super) const INTERRUPTED: i32 = 130;
pub(super) const BROKEN_PIPE: i32 = 141;

/// How many steps a prompt may take at once.
pub(super) const STEPS: u32 = 2_000;

/// What a process can reach: the machine it runs on, and the world around it.
pub(super) struct Host<'a> {
    pub world: &'a mut World,
    pub files: &'a mut Files,
    /// Host name.
    pub node: &'a str,
    /// Host name of the container in which it runs, where it runs in one.
    pub inside: Option<&'a str>,
    /// What was typed at this prompt, oldest first.
    pub history: &'a [Rc<str>],
    /// How many steps are left before a process has to rest.
    pub steps: u32,
    /// How many were taken beyond those.
    pub over: u32,
    /// For how long it will.
    pub rest_ms: Ms,
    /// Whether one did.
    pub rested: bool,
}

impl Host<'_> {
    /// The node that this machine is, or would be, if its daemon runs.
    pub(super) fn daemon(&self) -> Option<NodeId> {
        let node = self.world.machine(self.node)?.node;
        self.world.agent(node).is_some_and(|agent| agent.powered).then_some(node)
    }

    /// What costs as much as `steps` simple ones.
    pub(super) fn spend(&mut self, steps: u32) {
        let left = self.steps.saturating_sub(steps);
        self.over = self.over.saturating_add(steps - (self.steps - left));
        self.steps = left;
    }

    /// Whether so much more was taken that even what everybody may take is too much.
    pub(super) fn is_spent(&self) -> bool {
        self.over > STEPS
    }
}

/// A running shell, or part of one.
#[derive(Clone)]
pub(super) struct Process {
    /// Empty: nothing to do.
    pub(super) stack: Vec<Frame>,
    pub(super) env: Env,
    pub(super) jobs: Vec<Job>,
    /// Until when it rests.
    resume: Ms,
    /// How often Ctrl-C was pressed while a loop of it was at something.
    interrupted: usize,
    /// Whether what leaves it goes on in the process around it: `{ …; } > file`.
    pub(super) inner: bool,
    /// What left it so.
    pub(super) left: Option<Jump>,
}

#[derive(Clone)]
pub(super) enum Frame {
    List {
        list: Rc<List>,
        next: usize,
    },
    /// `!`: turns around what the frame above it left.
    Negate,
    /// `time`: tells how long the frame above it took.
    Timed {
        from: Ms,
    },
    Pipeline(Vec<Stage>),
    /// A command whose `$(…)` are being answered.
    Command {
        command: Rc<Command>,
        answers: Vec<String>,
        asking: Option<Box<Asking>>,
    },
    /// A command whose words are known.
    Words(Vec<String>),
    /// A command that takes time.
    Running {
        running: Running,
        plumbing: Plumbing,
    },
    /// `(…)`, and what is redirected as a whole.
    Inner(Box<Inner>),
    /// The condition of the branch `at` runs above it.
    If {
        branches: Rc<[(Rc<List>, Rc<List>)]>,
        at: usize,
    },
    Loop {
        until: bool,
        condition: Rc<List>,
        body: Rc<List>,
        /// Whether the condition runs above it, or the body.
        checking: bool,
        /// What the body left.
        status: i32,
    },
    For {
        name: Rc<str>,
        words: Rc<[String]>,
        next: usize,
        body: Rc<List>,
    },
    Count {
        parts: Rc<[Word; 3]>,
        body: Rc<List>,
        /// Whether the body has run, so that the step comes first.
        stepping: bool,
    },
    /// A function: what `$1` and the rest were before, and the variables that are its own.
    Call {
        args: Vec<String>,
        locals: Vec<(String, Option<String>)>,
    },
    /// `NAME=value function`: the variables from before.
    Restore(Box<(Map<String, String>, Set<String>)>),
    /// `read`
    Read {
        names: Vec<String>,
        raw: bool,
        plumbing: Plumbing,
    },
    /// `wait`, for jobs with these process ids, or for all.
    Wait(Vec<u32>),
}

/// What leaves loops and functions.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Jump {
    Break(usize),
    Continue(usize),
    Return(i32),
    Exit(i32),
}

/// Whether a process goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It waits for time to pass, or for input.
    Waiting,
    /// It has ended; the exit code is in its environment.
    Ended,
}

impl Process {
    pub(super) fn new(env: Env) -> Process {
        Process { stack: Vec::new(), env, jobs: Vec::new(), resume: 0, interrupted: 0, inner: false, left: None }
    }

    /// A process whose end is no end of its surroundings' variables: what it leaves goes on there.
    pub(super) fn within(env: &Env) -> Process {
        Process { inner: true, ..Process::new(env.clone()) }
    }

    /// The file that what is in the foreground wants to be edited.
    pub(super) fn edits(&self) -> Option<&Rc<str>> {
        match self.stack.last()? {
            Frame::Running { running: Running::Edit(path), .. } => Some(path),
            Frame::Inner(inner) => inner.process.edits(),
            _ => None,
        }
    }

    /// A process that runs a list in an environment of its own.
    pub(super) fn of(list: Rc<List>, env: Env) -> Process {
        let mut process = Process::new(env);
        process.start(list);
        process
    }

    /// A process that runs one command, whose words are known. `None`: there are too many inside each other.
    pub(super) fn command_of(words: &[String], env: &Env) -> Option<Process> {
        let mut process = Process::new(env.fork()?);
        process.stack.push(Frame::Words(words.to_vec()));
        Some(process)
    }

    /// Puts a list to be run next.
    pub(super) fn start(&mut self, list: Rc<List>) {
        if self.stack.is_empty() {
            self.interrupted = 0;
        }
        self.stack.push(Frame::List { list, next: 0 });
    }

    /// When it wants to run next. `None`: never by itself.
    pub(super) fn wake_at(&self) -> Option<Ms> {
        let own = match self.stack.last() {
            Some(_) if self.resume > 0 => Some(self.resume),
            Some(Frame::Running { running, .. }) => running.wake_at(),
            Some(Frame::Pipeline(stages)) => {
                let next = stages.iter().skip(1).map(Some).chain([None]);
                let free = stages.iter().zip(next).filter(|(_, next)| !next.is_some_and(Stage::is_full));
                free.filter_map(|(stage, _)| stage.process.wake_at()).min()
            }
            Some(Frame::Command { asking: Some(asking), .. }) => asking.process.wake_at(),
            Some(Frame::Inner(inner)) => inner.process.wake_at(),
            _ => None,
        };
        self.jobs.iter().filter_map(Job::wake_at).chain(own).min()
    }

    /// Whether what is in the foreground waits for input that nothing inside it gives.
    pub(super) fn reads(&self) -> bool {
        match self.stack.last() {
            Some(Frame::Running { running, plumbing }) => plumbing.reads_shell() && running.reads(),
            Some(Frame::Read { plumbing, .. }) => plumbing.reads_shell(),
            Some(Frame::Pipeline(stages)) => stages.first().is_some_and(|stage| !stage.ended && stage.process.reads()),
            Some(Frame::Command { asking: Some(asking), .. }) => asking.process.reads(),
            Some(Frame::Inner(inner)) => inner.plumbing.reads_shell() && inner.process.reads(),
            _ => false,
        }
    }

    /// Runs as far as it goes without waiting.
    pub(super) fn run(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> State {
        self.run_jobs(host, output);
        if self.resume > host.world.now() {
            return State::Waiting;
        }
        self.resume = 0;
        while let Some(frame) = self.stack.pop() {
            if host.steps == 0 || self.stack.len() > DEEPEST {
                self.stack.push(frame);
                return self.rest(host, output);
            }
            let work = std::mem::take(&mut self.env.work) + std::mem::take(&mut host.files.work);
            host.steps -= 1;
            host.spend((work / WORK) as u32);
            if let Some(frame) = self.step(frame, host, stdin, output) {
                let reads = matches!(
                    frame,
                    Frame::Running { running: Running::Filter(_) | Running::Reading(_) | Running::Xargs(_), .. }
                );
                self.stack.push(frame);
                // One that goes through lines may have stopped in their midst.
                return if reads && host.steps == 0 { self.rest(host, output) } else { State::Waiting };
            }
        }
        State::Ended
    }

    /// Has taken too many steps, or gone too deep.
    pub(super) fn rest(&mut self, host: &mut Host, output: &mut Output) -> State {
        if self.stack.len() > DEEPEST {
            output.err("bash: maximum function nesting level exceeded\n");
            self.kill(1);
            return State::Ended;
        }
        self.resume = host.world.now() + host.rest_ms;
        host.rested = true;
        State::Waiting
    }

    /// What one frame does. It returns a frame that has to wait.
    fn step(&mut self, frame: Frame, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> Option<Frame> {
        match frame {
            Frame::List { list, next } => self.list(&list, next, host, output),
            Frame::Negate => self.env.status = i32::from(self.env.status == 0),
            Frame::Timed { from } => output.err(took(host.world.now() - from)),
            Frame::Pipeline(stages) => return self.pipeline(stages, host, stdin, output),
            Frame::Command { command, answers, asking } => {
                return self.command(command, answers, asking, host, stdin, output);
            }
            Frame::Words(words) => self.launch_words(words, false, Vec::new(), Plumbing::none(), false, host, output),
            Frame::Running { running, plumbing } => return self.running(running, plumbing, host, stdin, output),
            Frame::Inner(inner) => return self.inner(inner, host, stdin, output),
            Frame::Read { names, raw, mut plumbing } => match self.read(&names, raw, plumbing.stdin(stdin)) {
                true => {}
                false => return Some(Frame::Read { names, raw, plumbing }),
            },
            Frame::Wait(pids) => match self.waited(&pids) {
                Some(status) => self.env.status = status,
                None => return Some(Frame::Wait(pids)),
            },
            Frame::Call { .. } | Frame::Restore(_) => self.undo(frame),
            Frame::If { .. } | Frame::Loop { .. } | Frame::For { .. } | Frame::Count { .. } => {
                if let Err(why) = self.control(frame, host) {
                    output.err(format!("bash: {why}\n"));
                    self.env.status = 1;
                }
            }
        }
        None
    }

    fn list(&mut self, list: &Rc<List>, next: usize, host: &mut Host, output: &mut Output) {
        let Some(Link { when, pipeline }) = list.0.get(next) else { return };
        if next + 1 < list.0.len() {
            self.stack.push(Frame::List { list: Rc::clone(list), next: next + 1 });
        }
        let skipped = match when {
            When::Always => false,
            When::Success => self.env.status != 0,
            When::Failure => self.env.status == 0,
        };
        if skipped {
            return;
        }
        if pipeline.negated {
            self.stack.push(Frame::Negate);
        }
        if pipeline.timed {
            self.stack.push(Frame::Timed { from: host.world.now() });
        }
        let frame =
            |command: &Rc<Command>| Frame::Command { command: Rc::clone(command), answers: Vec::new(), asking: None };
        if let [only] = pipeline.stages.as_slice() {
            return self.stack.push(frame(only));
        }
        let stages: Option<Vec<Stage>> =
            pipeline.stages.iter().map(|command| Some(Stage::new(frame(command), self.env.fork()?))).collect();
        match stages {
            Some(stages) => {
                host.spend(FORK * stages.len() as u32);
                self.stack.push(Frame::Pipeline(stages));
            }
            None => self.no_fork(output),
        }
    }

    /// Too many parts run inside each other.
    pub(super) fn no_fork(&mut self, output: &mut Output) {
        output.err("bash: fork: retry: Resource temporarily unavailable\n");
        self.kill(254);
    }

    fn command(
        &mut self,
        command: Rc<Command>,
        mut answers: Vec<String>,
        mut asking: Option<Box<Asking>>,
        host: &mut Host,
        stdin: &mut Stdin,
        output: &mut Output,
    ) -> Option<Frame> {
        let asked = command.substitutions();
        while let Some(list) = asked.get(answers.len()) {
            let mut question = match asking.take() {
                Some(question) => question,
                None => match self.env.fork() {
                    Some(env) => Box::new(Asking { process: Process::of(Rc::clone(list), env), said: String::new() }),
                    None => {
                        self.no_fork(output);
                        return None;
                    }
                },
            };
            if question.run(host, stdin, output) == State::Waiting {
                let asking = Some(question);
                return Some(Frame::Command { command, answers, asking });
            }
            host.spend(FORK);
            self.env.status = question.process.env.status;
            answers.push(question.said.trim_end_matches('\n').replace('\0', ""));
            // What it has cost may be all that it was given.
            if host.steps == 0 {
                self.stack.push(Frame::Command { command, answers, asking: None });
                return None;
            }
        }
        let begun = match &*command {
            Command::Simple(simple) => self.launch(simple, &answers, host, output),
            Command::Compound(compound, redirects) => self.enter(compound, redirects, &answers, host, output),
        };
        if let Err(why) = begun {
            output.err(format!("bash: {why}\n"));
            self.env.status = 1;
        }
        None
    }

    fn running(
        &mut self,
        mut running: Running,
        mut plumbing: Plumbing,
        host: &mut Host,
        stdin: &mut Stdin,
        output: &mut Output,
    ) -> Option<Frame> {
        let mut said = plumbing.output(output);
        let ended = running.poll(host, plumbing.stdin(stdin), &mut said);
        plumbing.route(said, host.files, output);
        match ended {
            Some(code) => {
                self.env.status = code;
                None
            }
            None => Some(Frame::Running { running, plumbing }),
        }
    }

    /// Lets text flow through the stages until nothing moves.
    fn pipeline(
        &mut self,
        mut stages: Vec<Stage>,
        host: &mut Host,
        stdin: &mut Stdin,
        output: &mut Output,
    ) -> Option<Frame> {
        let mut moved = true;
        while std::mem::take(&mut moved) {
            for place in 0..stages.len() {
                let (upto, after) = stages.split_at_mut(place + 1);
                moved |= upto[place].run(after.first_mut(), place == 0, host, stdin, output);
            }
        }
        if stages.iter().all(|stage| stage.ended) {
            self.env.status = stages.last().expect("a pipeline has stages").process.env.status;
            return None;
        }
        Some(Frame::Pipeline(stages))
    }

    /// Ctrl-C for everything that runs in the foreground. Commands that it kills take the rest of what was typed with
    /// them; after commands that end in their own way the rest goes on.
    ///
    /// Differs: in bash a loop of commands that end in their own way goes on however often Ctrl-C is pressed, and who has
    /// no second terminal is lost; here the third Ctrl-C ends it.
    pub(super) fn interrupt(&mut self, host: &mut Host, output: &mut Output) -> Signalled {
        let signalled = match self.stack.last_mut() {
            None => Signalled::Ignored,
            Some(_) if self.resume > 0 => Signalled::Killed,
            Some(Frame::Running { running, plumbing }) => {
                let mut said = plumbing.output(output);
                let signalled = running.interrupt(host, &mut said);
                plumbing.route(said, host.files, output);
                signalled
            }
            Some(Frame::Pipeline(stages)) => {
                let mut last = Signalled::Ignored;
                for stage in stages.iter_mut().filter(|stage| !stage.ended) {
                    last = stage.process.interrupt(host, output);
                }
                if last == Signalled::Killed { last } else { Signalled::Ignored }
            }
            Some(Frame::Inner(inner)) => match inner.interrupt(host, output) {
                Signalled::Killed => Signalled::Killed,
                _ => Signalled::Ignored,
            },
            Some(_) => Signalled::Killed,
        };
        let looped = self
            .stack
            .iter()
            .any(|frame| matches!(frame, Frame::Loop { .. } | Frame::For { .. } | Frame::Count { .. }));
        self.interrupted += usize::from(looped);
        let signalled = if self.interrupted >= ENOUGH { Signalled::Killed } else { signalled };
        match signalled {
            Signalled::Killed => self.kill(INTERRUPTED),
            Signalled::Ended(code) => {
                self.stack.pop();
                self.env.status = code;
            }
            Signalled::Ignored => {}
        }
        signalled
    }

    /// Drops all that is to be done, with an exit code.
    pub(super) fn kill(&mut self, status: i32) {
        while let Some(frame) = self.stack.pop() {
            self.undo(frame);
        }
        self.resume = 0;
        self.env.status = status;
    }
}

/// How often a loop may be interrupted.
const ENOUGH: usize = 3;

/// How many bytes cost a step.
pub(super) const WORK: usize = 1_000;

/// What a copy of the shell costs, in steps.
pub(super) const FORK: u32 = 20;

/// How high the stack may grow: functions that call themselves.
const DEEPEST: usize = 1_000;

/// What `time` tells.
fn took(ms: Ms) -> String {
    format!("\nreal\t{}m{}.{:03}s\nuser\t0m0.000s\nsys\t0m0.000s\n", ms / 60_000, ms / 1_000 % 60, ms % 1_000)
}

/// What a process said for others: the errors are passed on, the rest is returned.
pub(super) fn spoken(mut said: Output, output: &mut Output) -> String {
    let mut text = String::new();
    for (stream, part) in said.take() {
        match stream {
            Stream::Out => text += &part,
            Stream::Err => output.err(part),
        }
    }
    text
}
