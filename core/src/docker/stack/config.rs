//! `docker stack config`

use super::{COMPOSE_FILE, files};
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::compose::{Compose, For, write};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Matches, Offer};

pub(crate) static COMMAND: Command = Command {
    path: "stack config",
    aliases: &[],
    usage: "[OPTIONS]",
    about: "Show the merged and interpolated compose file",
    korean: "합치고 변수를 푼 compose 파일을 보여 준다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&[COMPOSE_FILE, Flag::new("skip-interpolation", BOOL, "Leave variables as they are")]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let purpose = if matches.on("skip-interpolation") { For::ShowTemplate } else { For::Show };
    let compose = Compose::read(call, &files(matches)?, purpose)?;
    call.out.out(write(&compose.config));
    Ok(Flow::Exit(0))
}
