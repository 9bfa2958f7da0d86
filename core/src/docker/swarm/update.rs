//! `docker swarm update`

use super::{SETTINGS, settings, unlock_text};
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Matches, Offer};
use crate::docker::{Flow, help};
use crate::why::Lang;

pub(crate) static COMMAND: Command = Command {
    path: "swarm update",
    aliases: &[],
    usage: "[OPTIONS]",
    about: "Update the swarm",
    korean: "스웜의 설정을 바꾼다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&[Flag::new("autolock", BOOL, "Change manager autolocking setting (true|false)")], &SETTINGS],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    if matches.names().next().is_none() {
        let text = help::command(&COMMAND, COMMAND.path, call.out.terminal, Lang::En);
        call.out.out(text);
        return Ok(Flow::Exit(0));
    }
    let locked = call.api().cluster()?.unlock_key.is_some();
    call.api().update_swarm(&settings(matches))?;
    call.line("Swarm updated.");
    if let Some(key) = call.store().cluster().unlock_key.as_ref().filter(|_| !locked) {
        let text = unlock_text(key);
        call.out.out(text);
    }
    Ok(Flow::Exit(0))
}
