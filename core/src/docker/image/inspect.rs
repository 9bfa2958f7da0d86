//! `docker image inspect`

use super::find;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Flag, Matches, Offer, STRING};
use crate::docker::{ABOUT_INSPECT, Flow, inspect, objects};
use crate::json::Html;

pub(crate) static COMMAND: Command = Command {
    path: "image inspect",
    aliases: &[],
    usage: "[OPTIONS] IMAGE [IMAGE...]",
    about: "Show one or more images in detail",
    korean: "이미지를 자세히 보여 준다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Images,
    flags: &[&[Flag::new("format", STRING, ABOUT_INSPECT).short('f')]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let format = matches.text("format").unwrap_or("");
    inspect::inspect(call, &matches.args, format, Html::Plain, &|call, name| {
        Ok(objects::image(call.world, &find(call, name)?))
    })?;
    Ok(Flow::Exit(0))
}
