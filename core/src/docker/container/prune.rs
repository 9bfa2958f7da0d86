//! `docker container prune`: on a node of a swarm, the containers of tasks that are over.
//!
//! Models: docker/cli cli/command/container/prune.go, moby daemon/prune.go.

use super::runs;
use crate::collections::Map;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::disk::WRITTEN;
use crate::docker::error::CliError;
use crate::docker::events::time;
use crate::docker::flags::{BOOL, FILTER, Flag, Matches, Offer};
use crate::docker::units::whole_size;
use crate::docker::{Flow, filter};

pub(crate) static COMMAND: Command = Command {
    path: "container prune",
    aliases: &[],
    usage: "[OPTIONS]",
    about: "Remove all stopped containers",
    korean: "멈춘 컨테이너를 모두 지운다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&[
        Flag::new("filter", FILTER, "Only containers that match (label, until)"),
        Flag::new("force", BOOL, "Do not ask").short('f'),
    ]],
    stop_at_argument: false,
    run,
};

const WARNING: &str = "WARNING! This will remove all stopped containers.";

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let filters = matches.filters();
    filter::known(&filters, &["label", "label!", "until"])?;
    let mut until = None;
    for (_, moment) in filters.iter().filter(|(key, _)| key == "until") {
        until = Some(time(call.world, moment)?);
    }
    if !matches.on("force") && !call.agreed(WARNING)? {
        return Ok(Flow::Exit(0));
    }
    let mut deleted = Vec::new();
    for container in call.world.containers(call.node) {
        let mut labels = Map::new();
        labels.extend(container.labels.iter().cloned());
        let fits = filter::all(&filters, |key, value| match key {
            "label" => filter::label(&labels, value),
            "label!" => !filter::label(&labels, value),
            _ => until.is_none_or(|until| container.created < until),
        });
        if fits && !runs(&container) {
            call.api().remove_container(&container);
            deleted.push(container.id);
        }
    }
    if !deleted.is_empty() {
        call.line(format!("Deleted Containers:\n{}\n", deleted.join("\n")));
    }
    call.line(format!("Total reclaimed space: {}", whole_size(deleted.len() as u64 * WRITTEN)));
    Ok(Flow::Exit(0))
}
