//! `docker container inspect`

use super::find;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Matches, Offer, STRING};
use crate::docker::{ABOUT_INSPECT, Flow, inspect, objects};
use crate::json::Html;

pub(crate) static COMMAND: Command = Command {
    path: "container inspect",
    aliases: &[],
    usage: "[OPTIONS] CONTAINER [CONTAINER...]",
    about: "Show one or more containers in detail",
    korean: "컨테이너를 자세히 보여 준다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Containers,
    flags: &[&[
        Flag::new("format", STRING, ABOUT_INSPECT).short('f'),
        Flag::new("size", BOOL, "Add sizes of files").short('s'),
    ]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let format = matches.text("format").unwrap_or("");
    inspect::inspect(call, &matches.args, format, Html::Plain, &|call, name| {
        Ok(objects::container(call.world, &find(call, name)?))
    })?;
    Ok(Flow::Exit(0))
}
