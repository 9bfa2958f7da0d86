//! `docker stack services`

use super::{check_name, is_of};
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Matches, Offer};
use crate::docker::service::ls;

pub(crate) static COMMAND: Command = Command {
    path: "stack services",
    aliases: &[],
    usage: "[OPTIONS] STACK",
    about: "List the services of a stack",
    korean: "스택의 서비스를 보여 준다",
    arguments: Arguments::Exactly(1),
    offers: Offer::Stacks,
    flags: &[&ls::FLAGS],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let stack = &matches.args[0];
    check_name(stack)?;
    let mut services = ls::filtered(call, matches)?;
    services.retain(|service| is_of(&service.spec.labels, stack));
    if services.is_empty() {
        call.out.err(format!("Nothing found in stack: {stack}\n"));
        return Ok(Flow::Exit(0));
    }
    ls::print(call, services, matches)?;
    Ok(Flow::Exit(0))
}
