//! `docker node demote`

use super::set_role;
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Matches, Offer};
use crate::model::Role;

pub(crate) static COMMAND: Command = Command {
    path: "node demote",
    aliases: &[],
    usage: "NODE [NODE...]",
    about: "Demote one or more nodes from manager in the swarm",
    korean: "매니저를 워커로 낮춘다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Nodes,
    flags: &[],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    for name in &matches.args {
        if set_role(call, name, Role::Worker)? {
            call.line(format!("Manager {name} demoted in the swarm."));
        }
    }
    Ok(Flow::Exit(0))
}
