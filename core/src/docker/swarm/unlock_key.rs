//! `docker swarm unlock-key`

use super::{ROTATE, unlock_text};
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Matches, Offer};

pub(crate) static COMMAND: Command = Command {
    path: "swarm unlock-key",
    aliases: &[],
    usage: "[OPTIONS]",
    about: "Manage the unlock key",
    korean: "잠금 해제 키를 보여 주거나 바꾼다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&ROTATE],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let quiet = matches.on("quiet");
    if matches.on("rotate") {
        if call.api().cluster()?.unlock_key.is_none() {
            return Err(CliError::said("cannot rotate because autolock is not turned on"));
        }
        call.api().rotate_unlock_key()?;
        if !quiet {
            call.line("Successfully rotated manager unlock key.\n");
        }
    }
    let key = match call.api().cluster() {
        Ok(cluster) => cluster.unlock_key.clone(),
        Err(error) => {
            return Err(CliError::said(format!("could not fetch unlock key: {}", CliError::Daemon(error))));
        }
    };
    let key = key.ok_or_else(|| CliError::said("no unlock key is set"))?;
    let text = if quiet { key + "\n" } else { unlock_text(&key) };
    call.out.out(text);
    Ok(Flow::Exit(0))
}
