//! `docker network ls`
//!
//! Models: docker/cli cli/command/network/{list,formatter}.go, moby daemon/network/filter.go.

use crate::collections;
use crate::date;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, FILTER, Flag, Matches, Offer, STRING};
use crate::docker::format::{Format, Table};
use crate::docker::{ABOUT_FORMAT, Flow, filter};
use crate::json::{Struct, Value};
use crate::model::Network;
use crate::natural::natural;
use crate::world::World;

pub(crate) static COMMAND: Command = Command {
    path: "network ls",
    aliases: &["network list"],
    usage: "[OPTIONS]",
    about: "List the networks",
    korean: "네트워크의 목록을 보여 준다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&[
        Flag::new("filter", FILTER, "Only networks that match (dangling, driver, id, label, name, scope, type)")
            .short('f'),
        Flag::new("format", STRING, ABOUT_FORMAT),
        Flag::new("no-trunc", BOOL, "Show IDs in full"),
        Flag::new("quiet", BOOL, "Only IDs").short('q'),
    ]],
    stop_at_argument: false,
    run,
};

const TABLE: Table = Table {
    titles: &[
        ("ID", "NETWORK ID"),
        ("Name", "NAME"),
        ("Driver", "DRIVER"),
        ("Scope", "SCOPE"),
        ("IPv4", "IPV4"),
        ("IPv6", "IPV6"),
        ("Internal", "INTERNAL"),
        ("Labels", "LABELS"),
        ("CreatedAt", "CREATED AT"),
    ],
    table: "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}",
    raw: "network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n",
    raw_quiet: "network_id: {{.ID}}",
};

const BUILTIN: [&str; 3] = ["bridge", "host", "none"];

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let filters = matches.filters();
    filter::known(&filters, &["dangling", "driver", "id", "label", "name", "scope", "type"])?;
    for (key, value) in &filters {
        if key == "type" && !["builtin", "custom"].contains(&value.as_str()) {
            return Err(filter::refused(format!("invalid filter: 'type'='{value}'")));
        }
    }
    let mut networks = call.api().networks();
    networks.retain(|network| {
        let builtin = BUILTIN.contains(&network.name.as_str());
        filter::all(&filters, |key, value| match key {
            "dangling" => !builtin && (value == "true" || value == "1") != used(call.world, network),
            "driver" => network.driver_state() == value,
            "id" => network.shown_id().starts_with(value),
            "label" => filter::label(&network.labels, value),
            "name" => network.name.contains(value),
            "scope" => scope(network) == value,
            _ => builtin == (value == "builtin"),
        })
    });
    collections::sort_by(&mut networks, |a, b| natural(&a.name, &b.name));
    let no_trunc = matches.on("no-trunc");
    let rows: Vec<Value> = networks.iter().map(|network| row(call.world, network, no_trunc)).collect();
    let text = Format::of(matches).write(&TABLE, &rows)?;
    call.out.out(text);
    Ok(Flow::Exit(0))
}

/// Whether a service is attached to it.
pub(super) fn used(world: &World, network: &Network) -> bool {
    let attached = |networks: &[crate::model::NetworkAttachment]| {
        networks.iter().any(|attached| attached.target == network.id.as_str())
    };
    network.ingress || world.store().services().any(|service| attached(&service.spec.task.networks))
}

pub(crate) fn scope(network: &Network) -> &'static str {
    if network.node.is_some() { "local" } else { "swarm" }
}

fn row(world: &World, network: &Network, no_trunc: bool) -> Value {
    let id = network.shown_id();
    let labels: Vec<String> = network.labels.iter().map(|(key, value)| [key, "=", value].concat()).collect();
    Struct::row("*network.networkContext")
        .with("CreatedAt", date::go_time(world.unix_ms(network.meta.created)))
        .with("Driver", network.driver_state())
        .with("ID", if no_trunc { &id } else { id.get(..12).unwrap_or(&id) })
        .with("IPv4", "false")
        .with("IPv6", if network.ipv6 { "true" } else { "false" })
        .with("Internal", if network.internal { "true" } else { "false" })
        .with("Labels", labels.join(","))
        .with("Name", network.name.as_str())
        .with("Scope", scope(network))
        .into()
}
