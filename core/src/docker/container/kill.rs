//! `docker kill`
//!
//! Models: docker/cli cli/command/container/kill.go, moby daemon/kill.go.

use super::{each, find, runs};
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::filter::refused;
use crate::docker::flags::{Flag, Matches, Offer, STRING};
use crate::engine::agent::signal;

pub(crate) static COMMAND: Command = Command {
    path: "kill",
    aliases: &["container kill"],
    usage: "[OPTIONS] CONTAINER [CONTAINER...]",
    about: "Kill one or more running containers",
    korean: "컨테이너에 신호를 보내 끝낸다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Containers,
    flags: &[&[Flag::new("signal", STRING, "Which signal to send (KILL unless told)").short('s')]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let word = matches.text("signal").filter(|word| !word.is_empty()).unwrap_or("KILL");
    each(call, &matches.args, |call, name| {
        let Some(signal) = signal(word) else { return Err(refused(format!("invalid signal: {word}"))) };
        let container = find(call, name)
            .map_err(|_| refused(format!("cannot kill container: {name}: No such container: {name}")))?;
        if !runs(&container) {
            return Err(refused(format!("cannot kill container: {name}: container {} is not running", container.id)));
        }
        call.api().signal(&container, signal);
        Ok(())
    })?;
    Ok(Flow::Exit(0))
}
