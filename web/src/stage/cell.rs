//! A task as a cell: colour for its version, shape for its state, the tag always printed.

use std::rc::Rc;

use yew::prelude::*;

use super::look::Look;
use super::node::{choose, hue_class};
use super::picture::{Cell, Key};
use crate::glyph::{self, glyph};
use crate::model::Msg;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) cell: Rc<Cell>,
    pub(crate) selected: bool,
    pub(crate) send: Callback<Msg>,
}

#[function_component(CellView)]
pub(crate) fn cell_view(props: &Props) -> Html {
    let Cell { key: Key { task, tag }, look, .. } = &*props.cell;
    html! {
        <li class={classes!("cell", hue_class(task.version))} data-look={look.word()}
            data-travels={task.id.clone()} data-task={task.id.clone()} data-state={task.state.word()} data-slot={task.slot.to_string()}
            data-node={task.node.clone().unwrap_or_default()} data-version={tag.clone()} data-live={task.live.to_string()}>
            <button class="face" aria-pressed={props.selected.to_string()} lang="en" aria-label={cell_words(&props.cell)}
                onclick={choose(&props.send, &task.id)}>
                <span class="body">
                    if let Some(percent) = filled(&props.cell) { <span class="fill" style={format!("--f:{percent}%")} /> }
                    <b class="slot" data-long={length(task.slot)}>{ &props.cell.label }</b>
                    <span class="state">{ glyph(glyph::of_look(*look)) }</span>
                    if *look == Look::Serving { <span class="plug">{ glyph(glyph::PLUG) }</span> }
                    if let Some(name) = &props.cell.service { <span class="service">{ " " }{ name }</span> }
                </span>
                { " " }<span class="tag">{ tag }</span>
            </button>
            if let Some((kind, percent)) = ring(&props.cell) {
                <span class="ring" data-ring={kind} aria-hidden="true" style={format!("--p:{percent}")} />
            }
        </li>
    }
}

/// How much room a slot's number takes; a global task has a node's id in its place.
fn length(slot: u64) -> Option<&'static str> {
    match slot {
        0 | 1_000.. => Some("most"),
        100.. => Some("more"),
        _ => None,
    }
}

/// What stands on a cell, in the order in which it stands there, so that it can be asked for by what is seen; then more.
fn cell_words(cell: &Cell) -> String {
    let seen = cell.service.as_ref().map(|service| [&cell.label, " ", service].concat());
    let name = [seen.as_ref().unwrap_or(&cell.key.task.name), " ", &cell.key.tag].concat();
    let more = [cell.key.task.state.word(), cell.reason().unwrap_or_default()];
    [name.trim_end()].into_iter().chain(more).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A task in one line, for readers who do not see the picture.
pub(crate) fn task_words(Key { task, tag }: &Key) -> String {
    let words = [task.name.as_str(), tag.as_str(), task.state.word(), task.error.as_deref().unwrap_or_default()];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}

/// How full a cell stands that is on its way, in percent; a third where nobody knows how long it takes.
fn filled(cell: &Cell) -> Option<u8> {
    match cell.look {
        Look::Preparing => Some(cell.percent.unwrap_or(33)),
        Look::Ready => Some(100),
        Look::Starting => Some(50),
        _ => None,
    }
}

/// What is left, in percent: of a grace period, of the wait for the next try, or of the time in which the end of a new
/// task counts as a failure.
fn ring(cell: &Cell) -> Option<(&'static str, u8)> {
    match (cell.look, &cell.retry, cell.monitor) {
        (Look::Stopping, ..) => Some(("grace", 100 - cell.percent?)),
        (_, Some((percent, _)), _) => Some(("retry", 100 - percent)),
        (Look::Running | Look::Serving, _, Some(left)) => Some(("monitor", left)),
        (.., Some(_)) => Some(("unproven", 100)),
        _ => None,
    }
}
