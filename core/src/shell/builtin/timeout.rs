//! `timeout`: a command that has only so long. Models: GNU coreutils, timeout.c.

use super::options::options;
use super::sleep::interval;
use super::{Builtin, Call, Flow, Running, fail, nothing};
use crate::output::Output;
use crate::shell::process::{Host, Process, State};
use crate::shell::stdin::Stdin;
use crate::time::Ms;

pub(super) const TIMEOUT: Builtin = Builtin {
    name: "timeout",
    usage: "timeout NUMBER[smhd] COMMAND …",
    about: "end a command that takes longer",
    run,
    complete: nothing,
};

#[derive(Clone)]
pub(in crate::shell) struct Timeout {
    process: Process,
    until: Ms,
}

fn run(call: &mut Call) -> Flow {
    let options = match options(call, "timeout", "+s:k:fv", &[("signal", 's'), ("kill-after", 'k')]) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let [time, command @ ..] = options.words.as_slice() else { return fail(call, "timeout", "missing operand", 125) };
    if command.is_empty() {
        return fail(call, "timeout", "missing operand", 125);
    }
    let Some(ms) = interval(time) else {
        return fail(call, "timeout", &format!("invalid time interval ‘{time}’"), 125);
    };
    let Some(process) = Process::command_of(command, call.env) else { return Flow::Exit(254) };
    let until = if ms == 0 { Ms::MAX } else { call.host.world.now().saturating_add(ms) };
    Flow::Hold(Running::Timeout(Box::new(Timeout { process, until })))
}

impl Timeout {
    pub(super) fn wake_at(&self) -> Option<Ms> {
        Some(self.process.wake_at().map_or(self.until, |at| at.min(self.until)))
    }

    pub(super) fn reads(&self) -> bool {
        self.process.reads()
    }

    pub(super) fn poll(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> Option<i32> {
        if self.process.run(host, stdin, output) == State::Ended {
            return Some(self.process.env.status);
        }
        (host.world.now() >= self.until).then_some(124)
    }
}
