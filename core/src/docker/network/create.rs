//! `docker network create`
//!
//! Models: docker/cli cli/command/network/create.go.

use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Kind, Matches, Offer, STRING, STRINGS};
use crate::docker::service::{LABEL, pairs};
use crate::id::NetworkId;
use crate::model::Network;
use crate::subnet::Subnet;

pub(crate) static COMMAND: Command = Command {
    path: "network create",
    aliases: &[],
    usage: "[OPTIONS] NETWORK",
    about: "Create a network",
    korean: "네트워크를 만든다",
    arguments: Arguments::Exactly(1),
    offers: Offer::Nothing,
    flags: &[&[
        Flag::new("attachable", BOOL, "Let standalone containers join this network of the swarm"),
        Flag::new("aux-address", MAP, "Reserve extra addresses for the driver (name=ip)").default("map[]"),
        Flag::new("config-from", STRING, "Take the configuration from this config-only network"),
        Flag::new("config-only", BOOL, "Make a network that carries nothing but its configuration"),
        Flag::new("driver", STRING, "Driver of the network")
            .short('d')
            .default("bridge")
            .offers(Offer::Words(&["overlay", "bridge", "macvlan", "ipvlan"])),
        Flag::new("gateway", STRINGS, "Gateway of a subnet"),
        Flag::new("ingress", BOOL, "Make the network of the routing mesh"),
        Flag::new("internal", BOOL, "Cut the network off from the outside"),
        Flag::new("ip-range", STRINGS, "Part of a subnet that containers get their addresses from"),
        Flag::new("ipam-driver", STRING, "Driver that gives out addresses").default("default"),
        Flag::new("ipam-opt", MAP, "Option of that driver").default("map[]"),
        Flag::new("ipv4", BOOL, "Give out IPv4 addresses").default("true"),
        Flag::new("ipv6", BOOL, "Give out IPv6 addresses"),
        Flag::new("label", LABEL, "Label on the network (key=value)"),
        Flag::new("opt", MAP, "Option of the driver (key=value)").short('o').default("map[]"),
        Flag::new("scope", STRING, "Scope of the network").offers(Offer::Words(&["swarm", "local"])),
        Flag::new("subnet", STRINGS, "Subnet in CIDR form"),
    ]],
    stop_at_argument: false,
    run,
};

const MAP: Kind = Kind::new("map", |_| Ok(()));

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let driver = matches.text("driver").unwrap_or("bridge");
    let mut network = Network::new(NetworkId::LEAST, &matches.args[0], driver);
    network.labels = pairs(matches.all("label"));
    network.options = pairs(matches.all("opt"));
    network.subnets = subnets(matches)?;
    network.attachable = matches.on("attachable");
    network.ingress = matches.on("ingress");
    network.internal = matches.on("internal");
    network.ipv6 = matches.on("ipv6");
    let swarm = driver == "overlay" || matches.text("scope") == Some("swarm");
    network.node = (!swarm).then_some(call.node);
    let id = call.api().create_network(network)?;
    call.line(id);
    Ok(Flow::Exit(0))
}

/// Each subnet with the gateway and the range that lie in it.
fn subnets(matches: &Matches) -> Result<Vec<(String, String, String)>, CliError> {
    let (texts, gateways) = (matches.fields("subnet"), matches.fields("gateway"));
    let ranges = matches.fields("ip-range");
    if gateways.len() > texts.len() || ranges.len() > texts.len() {
        return Err(CliError::said("every ip-range or gateway must have a corresponding subnet"));
    }
    let alone = texts.len() == 1 && gateways.is_empty() && ranges.is_empty();
    let mut subnets: Vec<(Subnet, (String, String, String))> = Vec::new();
    for text in texts {
        let subnet = match Subnet::parse(&text) {
            Some(subnet) => subnet,
            // Docker looks at a subnet when it holds something against it; else the daemon does.
            None if alone => return Ok(vec![(text, String::new(), String::new())]),
            None => return Err(CliError::said(format!("invalid subnet: invalid CIDR address: {text}"))),
        };
        if subnets.iter().any(|(other, _)| other.overlaps(subnet)) {
            return Err(CliError::said("multiple overlapping subnet configuration is not supported"));
        }
        subnets.push((subnet, (text, String::new(), String::new())));
    }
    for text in ranges {
        if Subnet::parse(&text).is_none() {
            return Err(CliError::said(["invalid CIDR address: ", &text].concat()));
        }
        let (subnet, _, range) = home(&mut subnets, &text, "range")?;
        if !range.is_empty() {
            let why = format!("cannot configure multiple ranges ({text}, {range}) on the same subnet ({subnet})");
            return Err(CliError::said(why));
        }
        *range = text;
    }
    for text in gateways {
        let (subnet, gateway, _) = home(&mut subnets, &text, "gateway")?;
        if !gateway.is_empty() {
            let why = format!("cannot configure multiple gateways ({text}, {gateway}) for the same subnet ({subnet})");
            return Err(CliError::said(why));
        }
        *gateway = text;
    }
    for (_, text) in pairs(matches.all("aux-address")) {
        home(&mut subnets, &text, "aux-address")?;
    }
    Ok(subnets.into_iter().map(|(_, subnet)| subnet).collect())
}

/// The subnet that an address or a range lies in.
fn home<'s>(
    subnets: &'s mut [(Subnet, (String, String, String))],
    text: &str,
    what: &str,
) -> Result<&'s mut (String, String, String), CliError> {
    let address = text.split('/').next().unwrap_or(text).parse().ok();
    let found = address.and_then(|address| subnets.iter_mut().find(|(subnet, _)| subnet.holds(address)));
    let missing = || CliError::said(["no matching subnet for ", what, " ", text].concat());
    found.map(|(_, home)| home).ok_or_else(missing)
}
