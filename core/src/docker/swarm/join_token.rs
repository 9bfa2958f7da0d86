//! `docker swarm join-token`

use super::{ROTATE, join_command};
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Matches, Offer};
use crate::model::Role;

pub(crate) static COMMAND: Command = Command {
    path: "swarm join-token",
    aliases: &[],
    usage: "[OPTIONS] (worker|manager)",
    about: "Manage join tokens",
    korean: "스웜에 들어오는 데 필요한 토큰과 명령을 보여 준다",
    arguments: Arguments::Exactly(1),
    offers: Offer::Words(&["worker", "manager"]),
    flags: &[&ROTATE],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let word = &matches.args[0];
    let role = Role::of(word).ok_or_else(|| CliError::said(format!("unknown role {word}")))?;
    if matches.on("rotate") {
        call.api().rotate_token(role)?;
        if !matches.on("quiet") {
            call.line(format!("Successfully rotated {word} join token.\n"));
        }
    }
    let text = match matches.on("quiet") {
        true => call.api().join_token(role)? + "\n",
        false => join_command(call, role)?,
    };
    call.out.out(text);
    Ok(Flow::Exit(0))
}
