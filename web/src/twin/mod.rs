//! The picture as text: the same state in tables, for who does not see it, prints it, or wants to copy it.

pub(crate) mod narrator;
mod tables;
#[cfg(test)]
mod truth;

use swarmyard_core::snapshot::Snapshot;
use yew::prelude::*;

use self::tables::{ROWS, Row, Tables, tables};
use crate::model::Msg;
use crate::press::on;
use crate::stage::node::choose;
use crate::text::{Texts, fill};

#[inline(never)]
pub(crate) fn twin_view(snapshot: &Snapshot, from: usize, texts: &Texts, send: &Callback<Msg>) -> Html {
    let all = snapshot.tasks.len();
    // There may be fewer than when it was chosen.
    let from = from.min(all.saturating_sub(1) / ROWS * ROWS);
    let Tables { nodes, services, tasks } = tables(snapshot, from, texts);
    let to = |from: usize, label: &'static str, mark: &'static str| {
        html! { <button class="button small" data-rows={mark} onclick={on(send, Msg::Rows(from))}>{ label }</button> }
    };
    html! {
        <div class="twin">
            { table(texts.table_nodes, texts.columns_nodes, &nodes, send) }
            { table(texts.services, texts.columns_services, &services, send) }
            { table(texts.table_tasks, texts.columns_tasks, &tasks, send) }
            if all > ROWS {
                <p class="deeds">
                    { fill(texts.rows, &[&(from + 1), &(from + tasks.len()), &all]) }
                    if from > 0 { { to(from - ROWS, texts.rows_back, "back") } }
                    if from + ROWS < all { { to(from + ROWS, texts.rows_on, "on") } }
                </p>
            }
        </div>
    }
}

/// `columns`: their headings, with a bar between them.
fn table(title: &'static str, columns: &'static str, rows: &[Row], send: &Callback<Msg>) -> Html {
    html! {
        <div class="card scrolls" tabindex="0" role="region" aria-label={title}>
            <table>
                <caption>{ title }</caption>
                <thead><tr>{ for columns.split('|').map(|column| html! { <th scope="col">{ column }</th> }) }</tr></thead>
                <tbody lang="en">{ for rows.iter().map(|row| row_view(row, send)) }</tbody>
            </table>
        </div>
    }
}

/// A row whose first cell chooses what it is about.
fn row_view(row: &Row, send: &Callback<Msg>) -> Html {
    html! {
        <tr data-row={row.name.clone()}>
            <th scope="row"><button class="host" onclick={choose(send, &row.name)}>{ &row.cells[0] }</button></th>
            { for row.cells[1..].iter().map(|cell| html! { <td>{ cell }</td> }) }
        </tr>
    }
}
