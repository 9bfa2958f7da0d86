//! A task as a cell: colour for its version, shape for its state, the tag always printed.

use yew::prelude::*;

use super::look::Look;
use super::node::hue_class;
use super::picture::{Cell, Key};
use crate::glyph::{self, glyph};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) cell: Cell,
}

#[function_component(CellView)]
pub(crate) fn cell_view(props: &Props) -> Html {
    let Cell { key, look, .. } = &props.cell;
    html! {
        <li class={classes!("cell", hue_class(key.hue))} data-look={look.word()}
            data-task={key.id.clone()} data-state={key.state.word()} data-slot={key.slot.to_string()}
            data-node={key.node.clone()} data-version={key.tag.clone()} data-live={key.live.to_string()}>
            <div class="face" aria-hidden="true">
                <div class="body">
                    if let Some(percent) = filled(&props.cell) { <span class="fill" style={format!("height:{percent}%")} /> }
                    <b class="slot" data-long={(key.slot == 0).to_string()}>{ &props.cell.label }</b>
                    <span class="state">{ glyph(glyph::of_look(*look)) }</span>
                    if *look == Look::Serving { <span class="plug">{ glyph(glyph::PLUG) }</span> }
                    if let Some(name) = &props.cell.service { <span class="service">{ name }</span> }
                </div>
                <span class="tag">{ &key.tag }</span>
            </div>
            if let Some(percent) = ring(&props.cell) { <span class="ring" aria-hidden="true" style={format!("--p:{percent}")} /> }
            <span class="unseen" lang="en">{ task_words(key, props.cell.reason.as_deref()) }</span>
        </li>
    }
}

/// A task in one line, for readers who do not see the picture.
pub(crate) fn task_words(key: &Key, reason: Option<&str>) -> String {
    let words = [key.name.as_str(), key.tag.as_str(), key.state.word(), reason.unwrap_or_default()];
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

/// What is left of a grace period, or of the wait for the next try, in percent.
fn ring(cell: &Cell) -> Option<u8> {
    match (cell.look, &cell.retry) {
        (Look::Stopping, _) => cell.percent.map(|percent| 100 - percent),
        (_, Some((percent, _))) => Some(100 - percent),
        _ => None,
    }
}
