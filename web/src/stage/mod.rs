//! The stage: the rollout panel, the nodes with their tasks as cells, the tasks that wait for a node.

pub(crate) mod cell;
pub(crate) mod crowd;
pub(crate) mod look;
pub(crate) mod mesh;
pub(crate) mod node;
pub(crate) mod picture;

use yew::prelude::*;

use self::look::Look;
use self::node::{NodeView, tasks_view};
use self::picture::{Picture, SlotBox, Tasks, View};
use crate::glyph::{self, glyph};
use crate::model::{Menu, Model, Msg, Selected};
use crate::press::{on, opener};
use crate::text::Lang;
use crate::text::Texts;

/// With more nodes than this their boxes are small.
const MANY: usize = 12;

/// The nodes or the slots, and the place of tasks without a node.
pub(crate) fn field(lang: Lang, picture: Picture, selected: Option<&Selected>, send: &Callback<Msg>) -> Html {
    let texts = lang.texts();
    let Picture { nodes, slots, unplaced, size } = picture;
    let many = nodes.len() > MANY;
    html! {
        <div class="field" data-size={size.pixels().to_string()}>
            if slots.is_empty() {
                <div class={classes!("nodes", many.then_some("many"))}>
                    { for nodes.iter().map(|node| html! {
                        <NodeView key={node.hostname.clone()} {lang} node={node.clone()} selected={chosen(&node.tasks, selected)}
                            named={matches!(selected, Some(Selected::Name(name)) if *name == node.hostname)} send={send.clone()} />
                    }) }
                </div>
            }
            { for slots.chunk_by(|one, other| one.service == other.service).map(|slots| slots_view(texts, slots, selected, send)) }
            if unplaced != Tasks::default() {
                <section class="unplaced" aria-label={texts.unplaced}>
                    <h3>{ texts.unplaced }</h3>
                    { tasks_view(texts, &unplaced, chosen(&unplaced, selected).as_deref(), send) }
                </section>
            }
            { legend(texts) }
        </div>
    }
}

/// The slots of one service beside each other.
fn slots_view(texts: &Texts, slots: &[SlotBox], selected: Option<&Selected>, send: &Callback<Msg>) -> Html {
    html! {
        <section class="slots" aria-label={slots[0].service.clone()}>
            <h2 lang="en">{ &slots[0].service }</h2>
            <ol>
                { for slots.iter().map(|slot| html! {
                    <li key={slot.title.clone()} class={classes!("slotbox", (slot.tasks.cells.len() > 1).then_some("shared"))}
                        data-slotbox={slot.title.clone()}>
                        <b>{ &slot.title }</b>
                        { tasks_view(texts, &slot.tasks, chosen(&slot.tasks, selected).as_deref(), send) }
                    </li>
                }) }
            </ol>
        </section>
    }
}

/// How the tasks are shown.
pub(crate) fn views(model: &Model, texts: &Texts, send: &Callback<Msg>) -> Html {
    let words = [texts.view_nodes, texts.view_slots, texts.view_tables];
    html! {
        <div class="views" role="group" aria-label={texts.view}>
            { for View::ALL.into_iter().zip(words).map(|(each, word)| html! {
                <button class="button small" aria-pressed={(each == model.view).to_string()} data-view={(each as u8).to_string()}
                    onclick={on(send, Msg::View(each))}>{ word }</button>
            }) }
            { opener(model, Menu::Faults, "faults", html! { { texts.faults } }, send) }
            <button class="button small" data-inspect="" onclick={on(send, Msg::Select(Some(Selected::All)))}>
                { texts.inspect }</button>
        </div>
    }
}

/// The id of the task in a box that was chosen.
fn chosen(tasks: &Tasks, selected: Option<&Selected>) -> Option<String> {
    let Some(Selected::Name(name)) = selected else { return None };
    tasks
        .cells
        .iter()
        .find(|cell| cell.key.id.starts_with(name) || cell.key.name == *name)
        .map(|cell| cell.key.id.clone())
}

/// What the shapes mean.
fn legend(texts: &Texts) -> Html {
    let looks = [
        (Look::Waiting, texts.look_waiting),
        (Look::Preparing, texts.look_preparing),
        (Look::Ready, texts.look_ready),
        (Look::Starting, texts.look_starting),
        (Look::Running, texts.look_running),
        (Look::Serving, texts.look_serving),
        (Look::Stopping, texts.look_stopping),
        (Look::Failed, texts.look_failed),
        (Look::Rejected, texts.look_rejected),
    ];
    html! {
        <details class="legend" data-size="24">
            <summary>{ texts.legend }</summary>
            <div class="samples">
            { for looks.into_iter().map(|(look, word)| html! {
                <span class="sample">
                    <span class="cell" data-look={look.word()} aria-hidden="true"><span class="face"><span class="body">
                        if matches!(look, Look::Preparing | Look::Starting | Look::Ready) { <span class="fill" /> }
                        <span class="state">{ glyph(if look == Look::Serving { glyph::PLUG } else { glyph::of_look(look) }) }</span>
                    </span></span></span>
                    { word }
                </span>
            }) }
            <span class="sample"><span class="colours" aria-hidden="true"><i class="swatch hue0" /><i class="swatch hue1" /></span>{ texts.legend_colour }</span>
            { for [("grace", texts.ring_grace), ("retry", texts.ring_retry), ("monitor", texts.ring_monitor), ("unproven", texts.ring_unproven)]
                .map(|(ring, word)| html! {
                    <span class="sample">
                        <span class="cell" data-look="ready" aria-hidden="true"><span class="ring" data-ring={ring} style="--p:70" /></span>{ word }
                    </span>
                }) }
            </div>
        </details>
    }
}
