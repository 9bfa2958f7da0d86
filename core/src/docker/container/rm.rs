//! `docker rm`
//!
//! Models: docker/cli cli/command/container/rm.go, moby daemon/delete.go.

use super::{each, find, runs};
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::filter::refused;
use crate::docker::flags::{BOOL, Flag, Matches, Offer};

pub(crate) static COMMAND: Command = Command {
    path: "rm",
    aliases: &["container rm", "container remove"],
    usage: "[OPTIONS] CONTAINER [CONTAINER...]",
    about: "Remove one or more containers",
    korean: "컨테이너를 지운다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Containers,
    flags: &[&[
        Flag::new("force", BOOL, "Kill it first if it runs").short('f'),
        Flag::new("link", BOOL, "Remove a link, which this simulation has none of").short('l'),
        Flag::new("volumes", BOOL, "Remove its anonymous volumes too").short('v'),
    ]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let force = matches.on("force");
    let result = each(call, &matches.args, |call, name| {
        let container = find(call, name)?;
        if runs(&container) && !force {
            return Err(refused(format!(
                "cannot remove container \"/{}\": container is running: stop the container before removing or force remove",
                container.name
            )));
        }
        call.api().remove_container(&container);
        Ok(())
    });
    // With --force what is not there is as good as removed.
    match result {
        Err(error) if force => call.out.err(format!("{error}\n")),
        result => result?,
    }
    Ok(Flow::Exit(0))
}
