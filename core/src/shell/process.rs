//! Runs commands: a stack of frames that says where a list stands, as plain data. A command that takes time is a value
//! on top of the stack; time, input and Ctrl-C come from outside. The shell drives one process per prompt; stages of a
//! pipeline and `$(…)` are processes of their own inside the frames of theirs.
//!
//! Models: bash, execute_cmd.c, and what Ctrl-C does in jobs.c (wait_for).

use std::rc::Rc;

use super::ast::{Link, List, Simple, When};
use super::builtin::{self, Call, Flow, Running, Signalled};
use super::expand::{Env, Expanded, expand, substitutions};
use super::files::Files;
use super::plumbing::Plumbing;
use super::stdin::Stdin;
use crate::id::NodeId;
use crate::output::{Output, Stream};
use crate::time::Ms;
use crate::world::World;

/// The exit code of what SIGINT and SIGPIPE ended.
pub(super) const INTERRUPTED: i32 = 130;
const BROKEN_PIPE: i32 = 141;

/// What a process can reach: the machine it runs on, and the world around it.
pub(super) struct Host<'a> {
    pub world: &'a mut World,
    pub files: &'a mut Files,
    /// Host name.
    pub node: &'a str,
    /// What was typed at this prompt, oldest first.
    pub history: &'a [Rc<str>],
}

impl Host<'_> {
    /// The node that this machine is, or would be, if its daemon runs.
    pub(super) fn daemon(&self) -> Option<NodeId> {
        let node = self.world.machine(self.node)?.node;
        self.world.agent(node).is_some_and(|agent| agent.powered).then_some(node)
    }
}

/// A running shell, or part of one.
#[derive(Clone, Debug)]
pub(super) struct Process {
    /// Empty: nothing to do.
    stack: Vec<Frame>,
    pub env: Env,
}

#[derive(Clone, Debug)]
enum Frame {
    List {
        list: Rc<List>,
        next: usize,
    },
    /// `!`: turns around what the frame above it left.
    Negate,
    Pipeline(Vec<Stage>),
    /// A command whose `$(…)` are being answered.
    Simple {
        simple: Rc<Simple>,
        answers: Vec<String>,
        asking: Option<Box<Asking>>,
    },
    /// A command that takes time.
    Running {
        running: Running,
        plumbing: Plumbing,
    },
}

/// One `$(…)` at work.
#[derive(Clone, Debug)]
struct Asking {
    process: Process,
    said: String,
}

#[derive(Clone, Debug)]
struct Stage {
    process: Process,
    /// What the stage before it wrote. The first stage reads what the whole pipeline does.
    stdin: Stdin,
    ended: bool,
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
        Process { stack: Vec::new(), env }
    }

    /// Puts a list to be run next.
    pub(super) fn start(&mut self, list: Rc<List>) {
        self.stack.push(Frame::List { list, next: 0 });
    }

    /// When it wants to run next. `None`: never by itself.
    pub(super) fn wake_at(&self) -> Option<Ms> {
        match self.stack.last()? {
            Frame::Running { running, .. } => running.wake_at(),
            Frame::Pipeline(stages) => stages.iter().filter_map(|stage| stage.process.wake_at()).min(),
            Frame::Simple { asking, .. } => asking.as_ref()?.process.wake_at(),
            Frame::List { .. } | Frame::Negate => None,
        }
    }

    /// Runs as far as it goes without waiting.
    pub(super) fn run(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> State {
        while let Some(frame) = self.stack.pop() {
            let waiting = match frame {
                Frame::List { list, next } => self.list(list, next),
                Frame::Negate => {
                    self.env.status = i32::from(self.env.status == 0);
                    None
                }
                Frame::Pipeline(stages) => self.pipeline(stages, host, stdin, output),
                Frame::Simple { simple, answers, asking } => self.simple(simple, answers, asking, host, stdin, output),
                Frame::Running { running, plumbing } => self.running(running, plumbing, host, stdin, output),
            };
            if let Some(frame) = waiting {
                self.stack.push(frame);
                return State::Waiting;
            }
        }
        State::Ended
    }

    fn list(&mut self, list: Rc<List>, next: usize) -> Option<Frame> {
        let Link { when, pipeline } = list.0.get(next)?;
        let skipped = match when {
            When::Always => false,
            When::Success => self.env.status != 0,
            When::Failure => self.env.status == 0,
        };
        let above = (!skipped).then(|| Rc::clone(pipeline));
        self.stack.push(Frame::List { list, next: next + 1 });
        let pipeline = above?;
        if pipeline.negated {
            self.stack.push(Frame::Negate);
        }
        self.stack.push(match pipeline.stages.as_slice() {
            [only] => Process::frame(only),
            several => Frame::Pipeline(several.iter().map(|simple| self.stage(simple)).collect()),
        });
        None
    }

    fn frame(simple: &Rc<Simple>) -> Frame {
        Frame::Simple { simple: Rc::clone(simple), answers: Vec::new(), asking: None }
    }

    fn stage(&self, simple: &Rc<Simple>) -> Stage {
        let mut process = Process::new(self.env.clone());
        process.stack.push(Process::frame(simple));
        Stage { process, stdin: Stdin::default(), ended: false }
    }

    fn simple(
        &mut self,
        simple: Rc<Simple>,
        mut answers: Vec<String>,
        mut asking: Option<Box<Asking>>,
        host: &mut Host,
        stdin: &mut Stdin,
        output: &mut Output,
    ) -> Option<Frame> {
        let asks = substitutions(&simple).count();
        while answers.len() < asks {
            let list = substitutions(&simple).nth(answers.len()).expect("there are that many");
            let question = asking.get_or_insert_with(|| {
                let mut process = Process::new(self.env.clone());
                process.start(Rc::clone(list));
                Box::new(Asking { process, said: String::new() })
            });
            if question.run(host, stdin, output) == State::Waiting {
                return Some(Frame::Simple { simple, answers, asking });
            }
            self.env.status = question.process.env.status;
            answers.push(question.said.trim_end_matches('\n').to_owned());
            asking = None;
        }
        if let Err(sentence) = self.launch(&simple, &answers, host, output) {
            output.err(format!("bash: {sentence}\n"));
            self.env.status = 1;
        }
        None
    }

    /// Starts a command whose questions are answered.
    fn launch(
        &mut self,
        simple: &Simple,
        answers: &[String],
        host: &mut Host,
        output: &mut Output,
    ) -> Result<(), String> {
        let Expanded { assignments, words, redirects } = expand(simple, &self.env, answers)?;
        let plumbing = Plumbing::new(&redirects, &self.env.directory, host.files)?;
        let Some((name, args)) = words.split_first() else {
            self.env.variables.extend(assignments);
            self.env.status = if answers.is_empty() { 0 } else { self.env.status };
            return Ok(());
        };
        let mut said = plumbing.output(output);
        // `A=1 command`: only this command sees it.
        let before = (!assignments.is_empty()).then(|| self.env.variables.clone());
        self.env.variables.extend(assignments);
        let mut call = Call { args, host, env: &mut self.env, output: &mut said };
        let flow = builtin::run(name, &mut call);
        if let Some(before) = before {
            self.env.variables = before;
        }
        match flow {
            Flow::Exit(code) => self.env.status = code,
            Flow::Leave(code) => self.kill(code),
            Flow::Hold(running) => {
                plumbing.route(said, host.files, output);
                self.stack.push(Frame::Running { running, plumbing });
                return Ok(());
            }
        }
        plumbing.route(said, host.files, output);
        Ok(())
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
    pub(super) fn interrupt(&mut self, host: &mut Host, output: &mut Output) -> Signalled {
        let signalled = match self.stack.last_mut() {
            None | Some(Frame::List { .. } | Frame::Negate) => Signalled::Ignored,
            Some(Frame::Simple { .. }) => Signalled::Killed,
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
        };
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

    pub(super) fn kill(&mut self, status: i32) {
        self.stack.clear();
        self.env.status = status;
    }
}

impl Asking {
    fn run(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> State {
        let mut said = Output::new(None);
        let state = self.process.run(host, stdin, &mut said);
        for (stream, text) in said.take() {
            match stream {
                Stream::Out => self.said += &text,
                Stream::Err => output.err(text),
            }
        }
        state
    }
}

impl Stage {
    /// Runs one stage; returns whether anything changed for the others.
    fn run(
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
        let Some(next) = next else {
            self.ended = self.process.run(host, &mut self.stdin, output) == State::Ended;
            return self.ended;
        };
        let mut said = Output::new(None);
        let stdin = if first { stdin } else { &mut self.stdin };
        self.ended = self.process.run(host, stdin, &mut said) == State::Ended;
        let mut moved = self.ended;
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
