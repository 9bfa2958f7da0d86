//! `docker ps`: the containers of the node whose shell it is.

use super::command::{Arguments, Call, Command};
use super::error::CliError;
use super::flags::{BOOL, FILTER, Flag, INT, Matches, Offer, STRING};
use super::format::{Format, Table};
use super::units::{ellipsis, human_duration, quote};
use super::{Flow, filter};
use crate::date;
use crate::engine::image::without_digest;
use crate::json::{Struct, Value};
use crate::time::Ms;
use crate::world::{ContainerState, ContainerView, World};

pub(crate) static COMMAND: Command = Command {
    path: "ps",
    aliases: &["container ls", "container list", "container ps"],
    usage: "[OPTIONS]",
    about: "List containers",
    korean: "이 노드의 컨테이너 목록을 보여 준다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&[
        Flag::new("all", BOOL, "Also show containers that do not run").short('a'),
        Flag::new("filter", FILTER, "Only containers that match (ancestor, exited, health, id, label, name, status)")
            .short('f'),
        Flag::new("format", STRING, super::ABOUT_FORMAT),
        Flag::new("last", INT, "Only the n containers made last, running or not").short('n').default("-1"),
        Flag::new("latest", BOOL, "Only the container made last, running or not").short('l'),
        Flag::new("no-trunc", BOOL, "Show IDs, images and commands in full"),
        Flag::new("quiet", BOOL, "Only IDs").short('q'),
        Flag::new("size", BOOL, "Add a column of sizes").short('s'),
    ]],
    stop_at_argument: false,
    run,
};

const TITLES: &[(&str, &str)] = &[
    ("ID", "CONTAINER ID"),
    ("Image", "IMAGE"),
    ("Command", "COMMAND"),
    ("RunningFor", "CREATED"),
    ("CreatedAt", "CREATED AT"),
    ("Status", "STATUS"),
    ("State", "STATE"),
    ("Ports", "PORTS"),
    ("Names", "NAMES"),
    ("Size", "SIZE"),
    ("Labels", "LABELS"),
    ("Mounts", "MOUNTS"),
    ("LocalVolumes", "LOCAL VOLUMES"),
    ("Networks", "NETWORKS"),
];
const TABLE: Table = Table {
    titles: TITLES,
    table: "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}",
    raw: "container_id: {{.ID}}\nimage: {{.Image}}\ncommand: {{.Command}}\ncreated_at: {{.CreatedAt}}\n\
          state: {{.State}}\nstatus: {{.Status}}\nnames: {{.Names}}\nlabels: {{.Labels}}\nports: {{.Ports}}\n",
    raw_quiet: "container_id: {{.ID}}",
};
const WITH_SIZE: Table = Table {
    table: "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}\t{{.Size}}",
    ..TABLE
};

/// How much of a command a table shows.
const MOST_OF_A_COMMAND: usize = 20;

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let filters = matches.filters();
    let known = ["ancestor", "exited", "health", "id", "label", "name", "status"];
    if let Some((key, _)) = filters.iter().find(|(key, _)| !known.contains(&key.as_str())) {
        return Err(filter::refused(format!("invalid filter '{key}'")));
    }
    let last = if matches.on("latest") { Some(1) } else { matches.int("last").and_then(|n| usize::try_from(n).ok()) };
    let by_state = filters.iter().any(|(key, _)| key == "status" || key == "exited");
    let all = matches.on("all") || last.is_some() || by_state;
    let mut containers = call.world.containers(call.node);
    containers.retain(|container| all || matches!(container.state, ContainerState::Running { .. }));
    containers.retain(|container| filter::all(&filters, |key, value| passes(container, key, value)));
    containers.truncate(last.filter(|last| *last > 0).unwrap_or(usize::MAX));
    let rows: Vec<Value> = containers.iter().map(|container| row(call.world, container, matches)).collect();
    let table = if matches.on("size") { &WITH_SIZE } else { &TABLE };
    let text = Format::of(matches).write(table, &rows)?;
    call.out.out(text);
    Ok(Flow::Exit(0))
}

fn passes(container: &ContainerView, key: &str, value: &str) -> bool {
    match key {
        "ancestor" => container.image == value || container.image.split(':').next() == Some(value),
        "exited" => matches!(container.state, ContainerState::Exited { code, .. } if code.to_string() == value),
        "health" => container.health.unwrap_or("none") == value,
        "id" => container.id.starts_with(value),
        "name" => container.name.contains(value),
        "status" => state(container) == value,
        _ => match value.split_once('=') {
            Some((key, value)) => container.labels.iter().any(|(k, v)| k == key && v == value),
            None => container.labels.iter().any(|(k, _)| k == value),
        },
    }
}

fn state(container: &ContainerView) -> &'static str {
    match container.state {
        ContainerState::Created => "created",
        ContainerState::Running { .. } => "running",
        ContainerState::Exited { .. } => "exited",
    }
}

fn row(world: &World, container: &ContainerView, matches: &Matches) -> Value {
    let no_trunc = matches.on("no-trunc");
    let ago = |at: Ms| human_duration(world.now().saturating_sub(at));
    let whole = container.command.join(" ");
    let command = if no_trunc { whole } else { ellipsis(&whole, MOST_OF_A_COMMAND) };
    let mut labels: Vec<String> = container.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    crate::collections::sort(&mut labels);
    Struct::row("*formatter.ContainerContext")
        .with("Command", quote(&command))
        .with("CreatedAt", date::whole(world.unix_ms(container.created), ' ') + " +0000 UTC")
        .with("ID", if no_trunc { &container.id } else { container.id.get(..12).unwrap_or(&container.id) })
        .with("Image", if no_trunc { &container.image } else { without_digest(&container.image) })
        .with("Labels", labels.join(","))
        .with("LocalVolumes", "0")
        .with("Mounts", "")
        .with("Names", container.name.as_str())
        .with("Networks", "bridge")
        .with("Platform", Value::Nil("*ocispec.Platform"))
        .with("Ports", container.ports.as_str())
        .with("RunningFor", ago(container.created) + " ago")
        .with("Size", "0B")
        .with("State", state(container))
        .with("Status", status(container, ago))
        .into()
}

fn status(container: &ContainerView, ago: impl Fn(Ms) -> String) -> String {
    match container.state {
        ContainerState::Created => "Created".to_owned(),
        ContainerState::Running { since } => {
            let health = match container.health {
                Some("starting") => " (health: starting)".to_owned(),
                Some(health) => format!(" ({health})"),
                None => String::new(),
            };
            format!("Up {}{health}", ago(since))
        }
        ContainerState::Exited { at, code } => format!("Exited ({code}) {} ago", ago(at)),
    }
}
