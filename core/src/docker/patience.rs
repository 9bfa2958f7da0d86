//! Commands that wait for the swarm: for a leader to be elected, for a majority to come back, or for the client's and the
//! daemon's own time-outs. They hold the prompt meanwhile.
//!
//! Models: swarmkit manager/state/raft/raft.go (LeaderConn, ProposeValue), moby daemon/cluster (swarmRequestTimeout).
//! Differs: a command that has waited sees files and variables as they were when it was typed.

use super::command::{Call, Command, Kept, Machine};
use super::error::CliError;
use super::flags::Matches;
use super::{Flow, Foreground, fail};
use crate::api::ApiError;
use crate::engine::managers::Answers;
use crate::id::NodeId;
use crate::output::Output;
use crate::time::{Ms, SECOND};
use crate::world::{Excuse, World};

/// How long the daemon tries to have a request answered.
const REQUEST_TIMEOUT: Ms = 20 * SECOND;

/// How often it looks.
const LOOK: Ms = 100;

type Run = fn(&mut Call, &Matches) -> Result<Flow, CliError>;

#[derive(Clone, Debug)]
pub(crate) struct Patience {
    run: Run,
    matches: Matches,
    node: NodeId,
    kept: Kept,
    /// What it has read already.
    input: Option<String>,
    waits_for: For,
    until: Ms,
    next: Ms,
    /// What it has become.
    then: Option<Foreground>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    Time,
    Leader,
    /// It has asked for a write that no majority has.
    Majority,
}

/// What a command comes to that cannot be answered now. `None`: it can.
pub(super) fn before(call: &mut Call, command: &'static Command, matches: &Matches) -> Option<Result<Flow, CliError>> {
    if !asks_managers(command.path) || call.api().manages().is_err() {
        return None;
    }
    match call.world.answers(call.node) {
        Answers::All | Answers::Nothing => None,
        Answers::Later => {
            // What it reads, and what is wrong with that, comes before it asks.
            let mut deaf = call.world.clone();
            deaf.excuse(Excuse::Deadline);
            let mut out = Output::new(call.out.terminal);
            let mut alone = Call { world: &mut deaf, node: call.node, out: &mut out, machine: call.machine };
            match (command.run)(&mut alone, matches) {
                Err(error) if !error.to_string().contains(&ApiError::Deadline.to_string()) => {
                    call.out.append(out);
                    Some(Err(error))
                }
                _ => Some(Ok(hold(call, command.run, matches, For::Leader, REQUEST_TIMEOUT))),
            }
        }
        Answers::Reads => {
            // What it would do without having to ask the others; if that is more than to look, it has to.
            let mut seen = call.world.as_seen_by(call.node);
            let index = seen.store().index();
            let mut out = Output::new(call.out.terminal);
            let mut asked = Call { world: &mut seen, node: call.node, out: &mut out, machine: call.machine };
            let answer = (command.run)(&mut asked, matches);
            if seen.store().index() == index {
                call.out.append(out);
                return Some(answer);
            }
            call.world.propose(call.node, seen);
            Some(Ok(hold(call, command.run, matches, For::Majority, REQUEST_TIMEOUT)))
        }
    }
}

/// Whether a command is answered by managers alone.
fn asks_managers(path: &str) -> bool {
    let group = path.split(' ').next().unwrap_or(path);
    (["config", "node", "secret", "service", "stack"].contains(&group) && path != "stack config")
        || ["info", "swarm ca", "swarm join-token", "swarm unlock-key", "swarm update"].contains(&path)
}

/// Runs `run` when `takes` have passed.
pub(super) fn after(call: &Call, takes: Ms, run: Run, matches: &Matches) -> Flow {
    hold(call, run, matches, For::Time, takes)
}

fn hold(call: &Call, run: Run, matches: &Matches, waits_for: For, takes: Ms) -> Flow {
    let now = call.world.now();
    let (node, matches) = (call.node, matches.clone());
    let patience = Patience {
        run,
        matches,
        node,
        kept: (call.machine.keep)(),
        input: call.machine.input.map(str::to_owned),
        waits_for,
        until: now + takes,
        next: now + LOOK.min(takes),
        then: None,
    };
    Flow::Hold(Foreground::Patience(Box::new(patience)))
}

impl Patience {
    pub(super) fn wake_at(&self) -> Ms {
        self.then.as_ref().map_or(self.next, Foreground::wake_at)
    }

    pub(super) fn poll(&mut self, world: &mut World, output: &mut Output) -> Option<i32> {
        if let Some(then) = &mut self.then {
            return then.poll(world, output);
        }
        let now = world.now();
        let answers = world.answers(self.node);
        let over = match self.waits_for {
            For::Time => now >= self.until,
            For::Leader => answers == Answers::All || now >= self.until,
            For::Majority => answers != Answers::Reads || now >= self.until,
        };
        if !over {
            self.next = (now + LOOK).min(self.until.max(now + 1));
            return None;
        }
        let excuse = match self.waits_for {
            _ if answers == Answers::All => None,
            For::Time => None,
            For::Leader => Some(Excuse::Deadline),
            For::Majority => Some(Excuse::LostLeadership),
        };
        match excuse {
            None => self.finish(world, output),
            Some(excuse) => {
                let mut refusing = world.clone();
                refusing.excuse(excuse);
                self.finish(&mut refusing, output)
            }
        }
    }

    fn finish(&mut self, world: &mut World, output: &mut Output) -> Option<i32> {
        let kept = &self.kept;
        let machine = Machine {
            file: &|path| kept.file(path),
            path: &|path| (kept.resolve)(&kept.directory, path),
            variable: &|name| kept.variable(name),
            // Whoever waits has read what there was to read.
            input: Some(self.input.as_deref().unwrap_or("")),
            keep: &|| kept.clone(),
        };
        let mut call = Call { world, node: self.node, out: output, machine: &machine };
        match (self.run)(&mut call, &self.matches) {
            Ok(Flow::Exit(code)) => Some(code),
            Ok(Flow::Read(_) | Flow::Inside(_)) => Some(1),
            Ok(Flow::Hold(foreground)) => {
                self.then = Some(foreground);
                None
            }
            Err(error) => Some(fail(&error, output)),
        }
    }

    pub(super) fn interrupt(&mut self, world: &mut World, output: &mut Output) -> Option<i32> {
        match &mut self.then {
            Some(then) => then.interrupt(world, output),
            None => Some(130),
        }
    }
}
