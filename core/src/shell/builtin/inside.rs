//! A command in a container: a process with variables and files of its own, and with few other commands.
//!
//! Differs: what an image brings along is not known, so only what nearly every one has can be run.

use super::Running;
use crate::collections::{Map, Set};
use crate::docker::Inside as Entered;
use crate::id::NodeId;
use crate::output::Output;
use crate::shell::env::Env;
use crate::shell::files::Files;
use crate::shell::process::{Host, Process, State};
use crate::shell::stdin::Stdin;
use crate::time::{Ms, SECOND};
use crate::world::{ContainerState, World};

/// What can be run there.
pub(super) const KNOWN: &[&str] = &[
    "cat", "echo", "env", "false", "grep", "head", "hostname", "ls", "printenv", "printf", "pwd", "sh", "sleep",
    "tail", "true", "wc",
];

/// What its shell knows besides: these look at no files.
pub(super) const OF_SHELL: &[&str] =
    &[":", "break", "continue", "eval", "exit", "export", "local", "read", "return", "set", "shift", "unset", "wait"];

#[derive(Clone)]
pub(in crate::shell) struct Inside {
    process: Process,
    files: Files,
    hostname: String,
    node: NodeId,
    container: String,
    reads: bool,
    /// When to see whether the container still runs.
    look_at: Ms,
}

/// How a process ends whose container does.
const KILLED: i32 = 137;

/// Begins a command; `None` where there are too many inside each other.
pub(super) fn enter(entered: Entered, around: &Env, host: &Host) -> Option<Running> {
    let mut env = around.fork()?;
    (env.variables, env.exported, env.functions, env.aliases) = (Map::new(), Set::new(), Map::new(), Map::new());
    for (name, value) in entered.env {
        env.export(&name, value);
    }
    env.directory = Files::resolve("/", &entered.directory);
    let process = Process::command_of(&entered.words, &env)?;
    Some(Running::Inside(Box::new(Inside {
        process,
        files: Files::inside(&entered.files, host.files.now),
        hostname: entered.hostname,
        node: entered.node,
        container: entered.container,
        reads: entered.reads,
        look_at: host.world.now() + SECOND,
    })))
}

impl Inside {
    pub(super) fn wake_at(&self) -> Option<Ms> {
        Some(self.process.wake_at().map_or(self.look_at, |at| at.min(self.look_at)))
    }

    pub(super) fn reads(&self) -> bool {
        self.reads && self.process.reads()
    }

    pub(super) fn poll(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> Option<i32> {
        let now = host.world.now();
        if now >= self.look_at {
            self.look_at = now + SECOND;
            if !self.lives(host.world) {
                return Some(KILLED);
            }
        }
        let mut inside = Host {
            world: host.world,
            files: &mut self.files,
            node: host.node,
            inside: Some(&self.hostname),
            history: &[],
            steps: host.steps,
            over: host.over,
            rest_ms: host.rest_ms,
            rested: host.rested,
        };
        let mut nothing = Stdin::closed();
        let state = self.process.run(&mut inside, if self.reads { stdin } else { &mut nothing }, output);
        (host.steps, host.over, host.rested) = (inside.steps, inside.over, inside.rested);
        (state == State::Ended).then_some(self.process.env.status)
    }

    fn lives(&self, world: &World) -> bool {
        let containers = world.containers(self.node);
        containers.iter().any(|one| one.id == self.container && matches!(one.state, ContainerState::Running { .. }))
    }
}
