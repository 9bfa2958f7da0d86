//! The table of tasks that `docker service ps` and `docker node ps` print.
//!
//! Models: docker/cli cli/command/task/print.go and formatter.go.

use crate::collections::{self, Set};
use std::rc::Rc;

use super::command::Call;
use super::error::CliError;
use super::filter;
use super::flags::{BOOL, FILTER, Flag, Matches, STRING};
use super::format::{Format, Table};
use super::units::{ellipsis, human_duration, pretty_state};
use crate::engine::image::without_digest;
use crate::id::{NodeId, TaskId};
use crate::json::{Struct, Value};
use crate::model::{PublishMode, Task, TaskState};
use crate::natural::natural;
use crate::world::World;

pub(crate) const FLAGS: [Flag; 5] = [
    Flag::new("filter", FILTER, "Only tasks that match (desired-state, id, label, name, node)").short('f'),
    Flag::new("format", STRING, super::ABOUT_FORMAT),
    Flag::new("no-resolve", BOOL, "Show IDs in the place of names"),
    Flag::new("no-trunc", BOOL, "Show IDs, images and errors in full"),
    Flag::new("quiet", BOOL, "Only IDs").short('q'),
];

const TABLE: Table = Table {
    titles: &[
        ("ID", "ID"),
        ("Name", "NAME"),
        ("Image", "IMAGE"),
        ("Node", "NODE"),
        ("DesiredState", "DESIRED STATE"),
        ("CurrentState", "CURRENT STATE"),
        ("Error", "ERROR"),
        ("Ports", "PORTS"),
    ],
    table: "{{.ID}}\t{{.Name}}\t{{.Image}}\t{{.Node}}\t{{.DesiredState}}\t{{.CurrentState}}\t{{.Error}}\t{{.Ports}}",
    raw: "id: {{.ID}}\nname: {{.Name}}\nimage: {{.Image}}\nnode: {{.Node}}\ndesired_state: {{.DesiredState}}\n\
          current_state: {{.CurrentState}}\nerror: {{.Error}}\nports: {{.Ports}}\n",
    raw_quiet: "id: {{.ID}}",
};

/// How much of an error a table shows.
const MOST_OF_AN_ERROR: usize = 30;

/// Reads the filters that tasks know; nodes become their ids.
pub(crate) fn filters(call: &mut Call, matches: &Matches) -> Result<Vec<(String, String)>, CliError> {
    let mut filters = matches.filters();
    filter::known(&filters, &["desired-state", "id", "label", "name", "node", "runtime", "service", "_up-to-date"])?;
    for (key, value) in &mut filters {
        match key.as_str() {
            "node" => *value = super::node::find(call, value)?.id.to_string(),
            "desired-state" if TaskState::ALL.iter().all(|state| state.word() != value) => {
                return Err(filter::refused(format!("Invalid desired-state filter: '{value}'")));
            }
            _ => {}
        }
    }
    Ok(filters)
}

/// Whether a task passes the filters.
pub(crate) fn passes(task: &Task, filters: &[(String, String)]) -> bool {
    filter::all(filters, |key, value| match key {
        "desired-state" => task.desired.word() == value,
        "id" => task.id.as_str().starts_with(value),
        "label" => filter::label(&task.service_labels, value),
        "name" => task.full_name().starts_with(value),
        "node" => task.node.is_some_and(|node| node.as_str() == value),
        _ => true,
    })
}

/// The whole table. `no_trunc`: ids, images and errors in full.
pub(crate) fn table(
    world: &World,
    tasks: Vec<Rc<Task>>,
    no_trunc: bool,
    matches: &Matches,
) -> Result<String, CliError> {
    let no_resolve = matches.on("no-resolve");
    let name = |task: &Task| {
        let service = if no_resolve { task.service.as_str() } else { &*task.service_name };
        match (task.slot, task.node) {
            (0, Some(node)) => format!("{service}.{node}"),
            (slot, _) => format!("{service}.{slot}"),
        }
    };
    let mut rows: Vec<(String, Rc<Task>)> = tasks.into_iter().map(|task| (name(&task), task)).collect();
    // Equal names: the newest first.
    collections::sort_by(&mut rows, |(a, one), (b, other)| natural(a, b).then(other.meta.born.cmp(&one.meta.born)));
    let format = Format::of(matches);
    if format.is_table() {
        // A task that is listed twice is indented in both rows, as in Docker: its name is looked up by its id.
        let again = |rows: &[(String, Rc<Task>)]| (rows[0].0 == rows[1].0).then(|| rows[1].1.id);
        let indented: Set<TaskId> = rows.windows(2).filter_map(again).collect();
        for (name, _) in rows.iter_mut().filter(|(_, task)| indented.contains(&task.id)) {
            *name = format!(" \\_ {name}");
        }
    }
    let rows: Vec<Value> = rows.into_iter().map(|(name, task)| row(world, &task, name, no_trunc, no_resolve)).collect();
    format.write(&TABLE, &rows)
}

fn row(world: &World, task: &Task, name: String, no_trunc: bool, no_resolve: bool) -> Value {
    let image = &task.spec.container.image;
    let age = human_duration(world.now().saturating_sub(task.status.timestamp)).to_ascii_lowercase();
    let error = match &*task.status.err {
        "" => String::new(),
        error if no_trunc => format!("\"{error}\""),
        error => format!("\"{}\"", ellipsis(error, MOST_OF_AN_ERROR)),
    };
    Struct::row("*task.taskContext")
        .with("CurrentState", format!("{} {age} ago", task.status.state.title()))
        .with("DesiredState", pretty_state(task.desired.word()))
        .with("Error", error)
        .with("ID", if no_trunc { task.id.as_str() } else { task.id.short() })
        .with("Image", if no_trunc { image } else { without_digest(image) })
        .with("Name", name)
        .with("Node", node_name(world, task.node, no_resolve))
        .with("Ports", ports(task))
        .into()
}

/// The name of a node; its id where it is gone or `no_resolve`; nothing before one was chosen.
pub(crate) fn node_name(world: &World, node: Option<NodeId>, no_resolve: bool) -> String {
    let Some(id) = node else { return String::new() };
    match world.store().node(id).filter(|_| !no_resolve) {
        Some(node) if !node.spec.name.is_empty() => node.spec.name.clone(),
        Some(node) => node.description.hostname.clone(),
        None => id.to_string(),
    }
}

/// The ports that the task's own node publishes: `*:8080->80/tcp`.
fn ports(task: &Task) -> String {
    let ports = task.endpoint.iter().flat_map(|endpoint| &endpoint.ports);
    let ports = ports.filter(|port| port.mode == PublishMode::Host && task.status.state == TaskState::Running);
    let text =
        |port: &crate::model::PortConfig| format!("*:{}->{}/{}", port.published, port.target, port.protocol.word());
    // Once for IPv4 and once for IPv6: Docker does not say which.
    ports.flat_map(|port| [text(port), text(port)]).collect::<Vec<_>>().join(",")
}
