//! What the tables say, as plain text: a pure function of a snapshot.

use swarmyard_core::snapshot::{Snapshot, Task};

use crate::clock::clock_text;
use crate::text::Texts;

/// So many tasks are listed at once.
pub(crate) const ROWS: usize = 300;

pub(crate) struct Tables {
    pub(crate) nodes: Vec<Row>,
    pub(crate) services: Vec<Row>,
    /// At most [`ROWS`], from the one that was asked for on.
    pub(crate) tasks: Vec<Row>,
}

pub(crate) struct Row {
    /// What the row is about: a host name, a service's name, a task's id.
    pub(crate) name: String,
    pub(crate) cells: Vec<String>,
}

fn row(name: &str, cells: &[&str]) -> Row {
    Row { name: name.to_owned(), cells: cells.iter().map(|cell| (*cell).to_owned()).collect() }
}

pub(crate) fn tables(snapshot: &Snapshot, from: usize, texts: &Texts) -> Tables {
    let nodes = snapshot.nodes.iter().map(|node| {
        let state = if node.powered { node.state.word() } else { texts.off };
        let role = if node.leader { "leader" } else { node.role.word() };
        let tasks =
            snapshot.tasks.iter().filter(|task| task.live && task.node.as_ref() == Some(&node.hostname)).count();
        row(&node.hostname, &[&node.hostname, state, node.availability.word(), role, &tasks.to_string()])
    });
    let services = snapshot.services.iter().filter(|service| !service.removed).map(|service| {
        let image = service.versions.get(service.version).map_or("", |version| &version.image);
        let update = service.update.as_ref().map_or("", |update| update.state.word());
        let running = format!("{}/{}", service.running, service.desired);
        row(&service.name, &[&service.name, service.mode, &running, image, update])
    });
    let tasks = snapshot.tasks.iter().skip(from).take(ROWS).map(|task| {
        let version = snapshot.services.get(task.of);
        let version = version.and_then(|service| service.versions.get(task.version)).map_or("", |version| &version.tag);
        let cells = [
            &task.name,
            version,
            task.node.as_deref().unwrap_or_default(),
            task.state.title(),
            task.desired.title(),
            serves(task, texts),
            &clock_text(task.since),
            task.error.as_deref().unwrap_or_default(),
        ];
        row(&task.id, &cells)
    });
    Tables { nodes: nodes.collect(), services: services.collect(), tasks: tasks.collect() }
}

fn serves(task: &Task, texts: &Texts) -> &'static str {
    if task.in_service {
        texts.look_serving
    } else if task.stopping {
        texts.look_stopping
    } else {
        ""
    }
}
