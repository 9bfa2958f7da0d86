//! `docker swarm leave`

use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Matches, Offer};
use crate::docker::{Flow, patience};
use crate::engine::managers::Answers;
use crate::time::{Ms, SECOND};

pub(crate) static COMMAND: Command = Command {
    path: "swarm leave",
    aliases: &[],
    usage: "[OPTIONS]",
    about: "Leave the swarm",
    korean: "이 노드를 스웜에서 내보낸다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&[Flag::new("force", BOOL, "Force this node to leave the swarm, ignoring warnings").short('f')]],
    stop_at_argument: false,
    run,
};

/// How long the daemon tries to count the managers. Models: moby daemon/cluster/utils.go, managerStats.
const COUNTING: Ms = 5 * SECOND;

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    if !matches.on("force") && call.api().must_force_leaving()? {
        if call.world.answers(call.node) == Answers::All {
            return refuse(call, matches);
        }
        return Ok(patience::after(call, COUNTING, refuse, matches));
    }
    call.api().leave_swarm()?;
    call.line("Node left the swarm.");
    Ok(Flow::Exit(0))
}

fn refuse(call: &mut Call, _: &Matches) -> Result<Flow, CliError> {
    Err(call.api().why_not_leave().into())
}
