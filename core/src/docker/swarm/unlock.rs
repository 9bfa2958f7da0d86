//! `docker swarm unlock`

use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command, Wants};
use crate::docker::error::CliError;
use crate::docker::flags::{Matches, Offer};
use crate::engine::machines::Membership;

pub(crate) static COMMAND: Command = Command {
    path: "swarm unlock",
    aliases: &[],
    usage: "",
    about: "Unlock swarm",
    korean: "잠긴 매니저를 연다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, _: &Matches) -> Result<Flow, CliError> {
    match call.world.machine_of(call.node).map(|machine| machine.membership) {
        None | Some(Membership::None) => Err(CliError::said("Error: This node is not part of a swarm")),
        Some(Membership::Locked) => {
            if call.machine.input.is_none() {
                call.out.out("Enter unlock key: ");
            }
            let key = call.read(Wants::Line)?.trim().to_owned();
            call.api().unlock_swarm(&key)?;
            Ok(Flow::Exit(0))
        }
        Some(_) => Err(CliError::said("Error: swarm is not locked")),
    }
}
