//! `docker node rm`

use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Matches, Offer};

pub(crate) static COMMAND: Command = Command {
    path: "node rm",
    aliases: &["node remove"],
    usage: "[OPTIONS] NODE [NODE...]",
    about: "Remove one or more nodes from the swarm",
    korean: "노드를 스웜에서 지운다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Nodes,
    flags: &[&[Flag::new("force", BOOL, "Remove a worker even if it is not down").short('f')]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let mut errors = Vec::new();
    for name in &matches.args {
        match call.api().remove_node(name, matches.on("force")) {
            Ok(()) => call.line(name),
            Err(error) => errors.push(error.into()),
        }
    }
    CliError::several(errors)?;
    Ok(Flow::Exit(0))
}
