//! `docker node promote`

use super::set_role;
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Matches, Offer};
use crate::model::Role;

pub(crate) static COMMAND: Command = Command {
    path: "node promote",
    aliases: &[],
    usage: "NODE [NODE...]",
    about: "Promote one or more nodes to manager in the swarm",
    korean: "워커를 매니저로 올린다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Nodes,
    flags: &[],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    for name in &matches.args {
        if set_role(call, name, Role::Manager)? {
            call.line(format!("Node {name} promoted to a manager in the swarm."));
        }
    }
    Ok(Flow::Exit(0))
}
