//! The picture as text: the same state in tables, for who does not see it, prints it, or wants to copy it.

pub(crate) mod narrator;

use swarmyard_core::snapshot::{Snapshot, Task};
use yew::prelude::*;

use crate::clock::clock_text;
use crate::model::Msg;
use crate::stage::node::choose;
use crate::text::{Texts, fill};

/// A table with more rows than this is cut.
const ROWS: usize = 300;

#[inline(never)]
pub(crate) fn twin_view(snapshot: &Snapshot, texts: &Texts, send: &Callback<Msg>) -> Html {
    let nodes = snapshot.nodes.iter().map(|node| {
        let state = if node.powered { node.state.word() } else { texts.off };
        let role = if node.leader { "leader" } else { node.role.word() };
        let tasks =
            snapshot.tasks.iter().filter(|task| task.live && task.node.as_ref() == Some(&node.hostname)).count();
        row(&[&node.hostname, state, node.availability.word(), role, &tasks.to_string()], &node.hostname, send)
    });
    let services = snapshot.services.iter().filter(|service| !service.removed).map(|service| {
        let image = service.versions.get(service.version).map_or("", |version| &version.image);
        let update = service.update.as_ref().map_or("", |update| update.state.word());
        let running = format!("{}/{}", service.running, service.desired);
        row(&[&service.name, service.mode, &running, image, update], &service.name, send)
    });
    let tasks = snapshot.tasks.iter().take(ROWS).map(|task| {
        let version = snapshot.services.iter().find(|service| service.name == task.service);
        let version = version.and_then(|service| service.versions.get(task.version)).map_or("", |version| &version.tag);
        let node = task.node.as_deref().unwrap_or_default();
        let since = clock_text(task.since);
        let cells = [
            &task.name,
            version,
            node,
            task.state.title(),
            task.desired.title(),
            serves(task, texts),
            &since,
            task.error.as_deref().unwrap_or_default(),
        ];
        row(&cells, &task.id, send)
    });
    let hidden = snapshot.tasks.len().saturating_sub(ROWS);
    html! {
        <div class="twin">
            { table(texts.table_nodes, texts.columns_nodes, nodes) }
            { table(texts.services, texts.columns_services, services) }
            { table(texts.table_tasks, texts.columns_tasks, tasks) }
            if hidden > 0 { <p class="none">{ fill(texts.more_fields, &[&hidden]) }</p> }
        </div>
    }
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

/// `columns`: their headings, with a bar between them.
fn table(title: &'static str, columns: &'static str, rows: impl Iterator<Item = Html>) -> Html {
    html! {
        <div class="card scrolls" tabindex="0" role="region" aria-label={title}>
            <table>
                <caption>{ title }</caption>
                <thead><tr>{ for columns.split('|').map(|column| html! { <th scope="col">{ column }</th> }) }</tr></thead>
                <tbody lang="en">{ for rows }</tbody>
            </table>
        </div>
    }
}

/// A row whose first cell chooses what it is about.
fn row(cells: &[&str], name: &str, send: &Callback<Msg>) -> Html {
    html! {
        <tr data-row={name.to_owned()}>
            <th scope="row"><button class="host" onclick={choose(send, name)}>{ cells[0] }</button></th>
            { for cells[1..].iter().map(|cell| html! { <td>{ *cell }</td> }) }
        </tr>
    }
}
