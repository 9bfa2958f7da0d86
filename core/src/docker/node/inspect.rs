//! `docker node inspect`

use crate::collections;
use std::fmt::Write;

use super::find;
use crate::date;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Matches, Offer};
use crate::docker::units::{bytes_size, cpus, pretty_state};
use crate::docker::{Flow, inspect, objects};
use crate::engine::certificate;
use crate::json::Html;
use crate::model::Node;
use crate::world::World;

pub(crate) static COMMAND: Command = Command {
    path: "node inspect",
    aliases: &[],
    usage: "[OPTIONS] self|NODE [NODE...]",
    about: "Display detailed information on one or more nodes",
    korean: "노드를 자세히 보여 준다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Nodes,
    flags: &[&inspect::FLAGS],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    match inspect::format(matches)? {
        Some(format) => {
            inspect::inspect(call, &matches.args, format, Html::Plain, &|call, reference| {
                let found = find(call, reference)?;
                Ok(objects::node(call.world, &found))
            })?;
        }
        None => {
            for reference in &matches.args {
                let node = find(call, reference)?;
                let text = pretty(call.world, &node);
                call.out.out(text);
            }
        }
    }
    Ok(Flow::Exit(0))
}

/// Models: docker/cli cli/command/node/formatter.go, nodeInspectPrettyTemplate.
fn pretty(world: &World, node: &Node) -> String {
    let mut text = String::new();
    let mut line = |line: std::fmt::Arguments| writeln!(text, "{line}").expect("a String takes everything");
    let description = &node.description;
    line(format_args!("ID:\t\t\t{}", node.id));
    if !node.spec.name.is_empty() {
        line(format_args!("Name:\t\t\t{}", node.spec.name));
    }
    if !node.spec.labels.is_empty() {
        line(format_args!("Labels:"));
        for (key, value) in &node.spec.labels {
            line(format_args!(" - {key}{}{value}", if value.is_empty() { "" } else { "=" }));
        }
    }
    line(format_args!("Hostname:              \t{}", description.hostname));
    let joined = date::go_time(world.unix_ms(node.meta.created)).to_ascii_lowercase();
    line(format_args!("Joined at:             \t{joined}"));
    line(format_args!("Status:\n State:\t\t\t{}", pretty_state(node.status.state.word())));
    if !node.status.message.is_empty() {
        line(format_args!(" Message:              \t{}", pretty_state(&node.status.message)));
    }
    line(format_args!(" Availability:         \t{}", pretty_state(node.spec.availability.word())));
    if !node.status.addr.is_empty() {
        line(format_args!(" Address:\t\t{}", node.status.addr));
    }
    if let Some(manager) = &node.manager {
        line(format_args!("Manager Status:\n Address:\t\t{}", manager.addr));
        line(format_args!(" Raft Status:\t\t{}", pretty_state(manager.reachability.word())));
        line(format_args!(" Leader:\t\t{}", if manager.leader { "Yes" } else { "No" }));
    }
    line(format_args!("Platform:\n Operating System:\t{}", description.os));
    line(format_args!(" Architecture:\t\t{}", description.architecture));
    line(format_args!("Resources:\n CPUs:\t\t\t{}", cpus(description.nano_cpus)));
    line(format_args!(" Memory:\t\t{}", bytes_size(description.memory_bytes)));
    if !description.plugins.is_empty() {
        line(format_args!("Plugins:"));
        let mut kinds: Vec<&String> = description.plugins.iter().map(|(kind, _)| kind).collect();
        collections::sort(&mut kinds);
        kinds.dedup();
        for kind in kinds {
            let names = description.plugins.iter().filter(|(had, _)| had == kind).map(|(_, name)| name.as_str());
            line(format_args!(" {kind}:\t\t{}", names.collect::<Vec<_>>().join(", ")));
        }
    }
    line(format_args!("Engine Version:\t\t{}", description.engine_version));
    if !description.engine_labels.is_empty() {
        line(format_args!("Engine Labels:"));
        for (key, value) in &description.engine_labels {
            line(format_args!(" - {key}={value}"));
        }
    }
    let root = &world.store().cluster().root_certificate;
    let (subject, key) = certificate::issuer(root);
    line(format_args!("TLS Info:\n TrustRoot:\n{root}"));
    line(format_args!(" Issuer Subject:\t{subject}\n Issuer Public Key:\t{key}"));
    text
}
