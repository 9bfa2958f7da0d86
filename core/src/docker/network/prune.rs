//! `docker network prune`
//!
//! Models: docker/cli cli/command/network/prune.go.

use super::ls::used;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, FILTER, Flag, Matches, Offer};
use crate::docker::{Flow, filter};

pub(crate) static COMMAND: Command = Command {
    path: "network prune",
    aliases: &[],
    usage: "[OPTIONS]",
    about: "Remove the networks that nothing uses",
    korean: "쓰이지 않는 네트워크를 모두 지운다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&[
        Flag::new("filter", FILTER, "Only networks that match (label, until)"),
        Flag::new("force", BOOL, "Do not ask").short('f'),
    ]],
    stop_at_argument: false,
    run,
};

const WARNING: &str = "WARNING! This will remove all custom networks not used by at least one container.";

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let filters = matches.filters();
    filter::known(&filters, &["label", "label!", "until"])?;
    if !matches.on("force") && !call.agreed(WARNING)? {
        return Ok(Flow::Exit(0));
    }
    let mut deleted = String::new();
    for network in call.api().networks() {
        let fits = filter::all(&filters, |key, value| match key {
            "label" => filter::label(&network.labels, value),
            "label!" => !filter::label(&network.labels, value),
            // What is older than any wish: the virtual clock starts with the scenario.
            _ => true,
        });
        if fits && !used(call.world, &network) && call.api().remove_network(&network.shown_id()).is_ok() {
            deleted += &[&network.name, "\n"].concat();
        }
    }
    if !deleted.is_empty() {
        call.line(format!("Deleted Networks:\n{deleted}"));
    }
    Ok(Flow::Exit(0))
}
