//! `docker stop`
//!
//! Models: docker/cli cli/command/container/stop.go, moby daemon/stop.go.

use super::{find, runs};
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::filter::refused;
use crate::docker::flags::{Flag, INT, Matches, Offer, STRING};
use crate::docker::{Flow, Foreground};
use crate::engine::agent::signal;
use crate::id::NodeId;
use crate::output::Output;
use crate::time::{Ms, SECOND};
use crate::world::{ContainerView, World};

pub(crate) static COMMAND: Command = Command {
    path: "stop",
    aliases: &["container stop"],
    usage: "[OPTIONS] CONTAINER [CONTAINER...]",
    about: "Stop one or more running containers",
    korean: "컨테이너를 멈춘다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Containers,
    flags: &[&[
        Flag::new("signal", STRING, "Which signal to send first").short('s'),
        Flag::new("time", INT, "Seconds to wait before killing it").short('t'),
        Flag::new("timeout", INT, "Seconds to wait before killing it"),
    ]],
    stop_at_argument: false,
    run,
};

/// How often it looks.
const POLL_MS: Ms = 100;

/// The wait for programs that do not heed the signal.
#[derive(Clone, Debug)]
pub(crate) struct Stopping {
    node: NodeId,
    /// Each with what was typed for it.
    containers: Vec<(String, ContainerView)>,
    until: Ms,
    wake_at: Ms,
    errors: Vec<String>,
}

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let seconds = matches.int("time").or(matches.int("timeout")).unwrap_or(10);
    let word = matches.text("signal").filter(|word| !word.is_empty()).unwrap_or("TERM");
    let Some(signal) = signal(word) else { return Err(refused(format!("invalid signal: {word}"))) };
    let mut waiting = Vec::new();
    let mut errors = Vec::new();
    for name in &matches.args {
        match find(call, name) {
            Ok(container) => {
                if runs(&container) {
                    call.api().signal(&container, signal);
                }
                waiting.push((name.clone(), container));
            }
            Err(error) => errors.push(error.to_string()),
        }
    }
    let patience = Ms::try_from(seconds).unwrap_or(Ms::MAX / 2 / SECOND) * SECOND;
    let until = call.world.now() + patience;
    Foreground::Stopping(Box::new(Stopping { node: call.node, containers: waiting, until, wake_at: until, errors }))
        .start(call)
}

impl Stopping {
    pub(crate) fn wake_at(&self) -> Ms {
        self.wake_at
    }

    pub(crate) fn poll(&mut self, world: &mut World, output: &mut Output) -> Option<i32> {
        let living = world.containers(self.node);
        let lives = |container: &ContainerView| living.iter().any(|other| other.id == container.id && runs(other));
        if world.now() < self.until && self.containers.iter().any(|(_, container)| lives(container)) {
            self.wake_at = self.until.min(world.now() + POLL_MS);
            return None;
        }
        for (name, container) in self.containers.drain(..) {
            if lives(&container) {
                crate::api::Api { world, node: self.node }.signal(&container, 9);
            }
            output.out(name + "\n");
        }
        if self.errors.is_empty() {
            return Some(0);
        }
        output.err(self.errors.join("\n") + "\n");
        Some(1)
    }
}
