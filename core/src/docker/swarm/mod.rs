//! `docker swarm …`: one file per command.

commands! {
    ca
    init
    join
    join_token
    leave
    unlock
    unlock_key
    update
}

use super::command::Call;
use super::csv::fields;
use super::error::CliError;
use super::flags::{BOOL, DURATION, Flag, INT, Kind, Matches, Offer, STRING, UINT};
use crate::api::{ApiError, Settings};
use crate::engine::machines::Machine;
use crate::model::{Availability, Role};

const EXTERNAL_CA: Kind = Kind::new("external-ca", |text| {
    let (mut protocol, mut url) = (false, false);
    for field in &fields(text)? {
        let (key, value) =
            field.split_once('=').ok_or(["invalid field '", field, "' must be a key=value pair"].concat())?;
        match key.to_ascii_lowercase().as_str() {
            "protocol" if !value.eq_ignore_ascii_case("cfssl") => {
                return Err(["unrecognized external CA protocol ", value].concat());
            }
            "protocol" => protocol = true,
            "url" => url = true,
            _ => {}
        }
    }
    match (protocol, url) {
        (true, true) => Ok(()),
        (false, _) => Err("the external-ca option needs a protocol= parameter".to_owned()),
        (true, false) => Err("the external-ca option needs a url= parameter".to_owned()),
    }
});

/// The settings that `init` and `update` have in common. Models: cli/command/swarm/opts.go, addSwarmFlags.
const SETTINGS: [Flag; 6] = [
    Flag::new("cert-expiry", DURATION, "Validity period for node certificates (ns|us|ms|s|m|h)").default("2160h0m0s"),
    Flag::new("dispatcher-heartbeat", DURATION, "Dispatcher heartbeat period (ns|us|ms|s|m|h)").default("5s"),
    Flag::new("external-ca", EXTERNAL_CA, "Specifications of one or more certificate signing endpoints"),
    Flag::new("max-snapshots", UINT, "Number of additional Raft snapshots to retain"),
    Flag::new("snapshot-interval", UINT, "Number of log entries between Raft snapshots").default("10000"),
    Flag::new("task-history-limit", INT, "Task history retention limit").default("5"),
];

/// Where a node gets tasks, and how others reach it: flags of `init` and `join`.
const NODE: [Flag; 4] = [
    Flag::new("advertise-addr", STRING, "Address that other nodes are told (IP or interface, with or without port)"),
    Flag::new("availability", STRING, "Whether the node is given tasks: active, pause or drain")
        .default("active")
        .offers(Offer::Words(&["active", "pause", "drain"])),
    Flag::new("data-path-addr", STRING, "Address or interface for the traffic of overlay networks"),
    Flag::new("listen-addr", LISTEN, "Address on which managers listen (IP or interface, with or without port)")
        .default("0.0.0.0:2377"),
];

const LISTEN: Kind = Kind::new("node-addr", |text| {
    let address = text.strip_prefix("tcp://").unwrap_or(text);
    if text.is_empty() || address.is_empty() {
        return Ok(());
    }
    if address.contains("://") {
        return Err(["invalid proto, expected tcp: ", text].concat());
    }
    // An address of version 6 stands in brackets, so that a port can follow.
    let host = address.rsplit_once(']').map_or(address, |(_, port)| port);
    let port = match host.split_once(':') {
        Some((_, port)) if !port.is_empty() => port.parse::<u32>().is_ok(),
        _ => true,
    };
    if port { Ok(()) } else { Err(["invalid bind address format: ", text].concat()) }
});

const ROTATE: [Flag; 2] =
    [Flag::new("quiet", BOOL, "Print nothing else").short('q'), Flag::new("rotate", BOOL, "Make a new one first")];

fn settings(matches: &Matches) -> Settings {
    Settings {
        autolock: matches.has("autolock").then(|| matches.on("autolock")),
        task_history_limit: matches.int("task-history-limit"),
        heartbeat: matches.duration("dispatcher-heartbeat"),
        cert_expiry: matches.duration("cert-expiry"),
        snapshot_interval: matches.uint("snapshot-interval"),
        old_snapshots: matches.uint("max-snapshots"),
    }
}

fn availability(matches: &Matches) -> Result<Option<Availability>, CliError> {
    let Some(word) = matches.text("availability") else { return Ok(None) };
    match Availability::of(&word.to_ascii_lowercase()) {
        Some(availability) => Ok(Some(availability)),
        None => Err(CliError::said(format!(
            "invalid availability {}, only active, pause and drain are supported",
            super::units::quote(word)
        ))),
    }
}

/// How to join in a role. Models: printJoinCommand.
fn join_command(call: &mut Call, role: Role) -> Result<String, ApiError> {
    let token = call.api().join_token(role)?;
    let address = call.world.machine_of(call.node).map_or_else(String::new, Machine::told);
    let role = role.word();
    Ok(format!(
        "To add a {role} to this swarm, run the following command:\n\n    docker swarm join --token {token} {address}\n\n"
    ))
}

/// The key that unlocks managers, with what to do with it. Models: printUnlockCommand.
fn unlock_text(key: &str) -> String {
    format!(
        "To unlock a swarm manager after it restarts, run the `docker swarm unlock`\ncommand and provide the following \
         key:\n\n    {key}\n\nRemember to store this key in a password manager, since without it you\nwill not be able to \
         restart the manager.\n"
    )
}
