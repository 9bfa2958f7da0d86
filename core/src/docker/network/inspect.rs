//! `docker network inspect`

use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Matches, Offer, STRING};
use crate::docker::{ABOUT_INSPECT, Flow, inspect, objects};
use crate::json::Html;

pub(crate) static COMMAND: Command = Command {
    path: "network inspect",
    aliases: &[],
    usage: "[OPTIONS] NETWORK [NETWORK...]",
    about: "Show one or more networks in detail",
    korean: "네트워크를 자세히 보여 준다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Networks,
    flags: &[&[
        Flag::new("format", STRING, ABOUT_INSPECT).short('f'),
        Flag::new("verbose", BOOL, "Add what helps to find faults").short('v'),
    ]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let format = matches.text("format").unwrap_or("");
    inspect::inspect(call, &matches.args, format, Html::Plain, &|call, reference| {
        let network = call.api().network(reference)?;
        Ok(objects::network(call.world, call.node, &network))
    })?;
    Ok(Flow::Exit(0))
}
