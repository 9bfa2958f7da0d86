//! `docker node update`

use super::find;
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::filter::refused;
use crate::docker::flags::{Flag, LIST, Matches, Offer, STRING};
use crate::docker::units::quote;
use crate::model::{Availability, Role};

pub(crate) static COMMAND: Command = Command {
    path: "node update",
    aliases: &[],
    usage: "[OPTIONS] NODE",
    about: "Update a node",
    korean: "노드의 역할, 가용성, 레이블을 바꾼다",
    arguments: Arguments::Exactly(1),
    offers: Offer::Nodes,
    flags: &[&[
        Flag::new("availability", STRING, "Whether the node is given tasks: active, pause or drain")
            .offers(Offer::Words(&["active", "pause", "drain"])),
        Flag::new("label-add", LIST, "Add or change a label of the node (key=value)"),
        Flag::new("label-rm", LIST, "Remove a label of the node by its key"),
        Flag::new("role", STRING, "What the node is: worker or manager").offers(Offer::Words(&["worker", "manager"])),
    ]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let name = &matches.args[0];
    let node = find(call, name)?;
    let mut spec = node.spec.clone();
    for label in matches.all("label-add") {
        let (key, value) = label.split_once('=').unwrap_or((label, ""));
        spec.labels.insert(key.to_owned(), value.to_owned());
    }
    for key in matches.all("label-rm") {
        if spec.labels.remove(key).is_none() {
            return Err(CliError::said(format!("key {key} doesn't exist in node's labels")));
        }
    }
    if let Some(word) = matches.text("role").filter(|word| !word.is_empty()) {
        spec.role = Role::of(word).ok_or_else(|| refused(format!("invalid Role: {}", quote(word))))?;
    }
    if let Some(word) = matches.text("availability").filter(|word| !word.is_empty()) {
        let known = Availability::of(word);
        spec.availability = known.ok_or_else(|| refused(format!("invalid Availability: {}", quote(word))))?;
    }
    call.api().update_node(node.id, node.meta.version, spec)?;
    call.line(name);
    Ok(Flow::Exit(0))
}
