//! `docker service rm`

use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Matches, Offer};

pub(crate) static COMMAND: Command = Command {
    path: "service rm",
    aliases: &["service remove"],
    usage: "SERVICE [SERVICE...]",
    about: "Remove one or more services",
    korean: "서비스를 지운다. 묻지 않고 바로 지운다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Services,
    flags: &[],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let mut errors = Vec::new();
    for name in &matches.args {
        match call.api().remove_service(name) {
            Ok(()) => call.line(name),
            Err(error) => errors.push(error.into()),
        }
    }
    CliError::several(errors)?;
    Ok(Flow::Exit(0))
}
