//! The stage: the rollout panel, the nodes with their tasks as cells, the tasks that wait for a node.

pub(crate) mod cell;
pub(crate) mod crowd;
pub(crate) mod look;
pub(crate) mod mesh;
pub(crate) mod node;
pub(crate) mod picture;

use std::rc::Rc;

use yew::prelude::*;

use self::look::Look;
use self::node::{NodeView, tasks_view};
use self::picture::{NodeBox, Picture, SlotBox, Tasks, View};
use crate::glyph::{self, glyph};
use crate::model::{Menu, Model, Msg, Selected, ZOOMS};
use crate::press::{on, opener};
use crate::select::Select;
use crate::text::Lang;
use crate::text::Texts;

/// With more nodes than this their boxes are small.
const MANY: usize = 12;

/// So many boxes are looked at together, to see whether any is new.
const GROUP: usize = 25;

/// The nodes or the slots, and the place of tasks without a node.
pub(crate) fn field(model: &Model, picture: &Picture, send: &Callback<Msg>) -> Html {
    let (lang, zoom, selected) = (model.settings.lang, model.zoom, &model.selected);
    let texts = lang.texts();
    let Picture { nodes, slots, unplaced, size } = picture;
    let many = nodes.len() > MANY;
    html! {
        <div class="field" data-size={size.pixels().to_string()} style={format!("zoom:{zoom}%")}>
            if slots.is_empty() {
                <div class={classes!("nodes", many.then_some("many"))}>
                    { for nodes.chunks(GROUP).map(|nodes| html! {
                        <NodeGroup key={nodes[0].node.hostname.clone()} {lang} nodes={nodes.to_vec()}
                            selected={selected.clone()} send={send.clone()} />
                    }) }
                </div>
            }
            { for slots.chunk_by(|one, other| one.service == other.service).map(|slots| slots_view(lang, slots, selected, send)) }
            if **unplaced != Tasks::default() {
                <section class="unplaced" aria-label={texts.unplaced}>
                    <h3>{ texts.unplaced }</h3>
                    { tasks_view(texts, unplaced, selected.as_ref(), send) }
                </section>
            }
            { legend(texts) }
        </div>
    }
}

/// The slots of one service beside each other.
#[inline(never)]
fn slots_view(lang: Lang, slots: &[Rc<SlotBox>], selected: &Option<Selected>, send: &Callback<Msg>) -> Html {
    html! {
        <section class="slots" aria-label={slots[0].service.clone()}>
            <h2 lang="en">{ &slots[0].service }</h2>
            <ol>
                { for slots.chunks(GROUP).map(|slots| html! {
                    <SlotGroup key={slots[0].title.clone()} {lang} slots={slots.to_vec()}
                        selected={selected.clone()} send={send.clone()} />
                }) }
            </ol>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct NodeGroupProps {
    lang: Lang,
    nodes: Vec<Rc<NodeBox>>,
    selected: Option<Selected>,
    send: Callback<Msg>,
}

#[function_component(NodeGroup)]
fn node_group(props: &NodeGroupProps) -> Html {
    html! {
        { for props.nodes.iter().map(|node| html! {
            <NodeView key={node.node.hostname.clone()} lang={props.lang} node={Rc::clone(node)}
                selected={props.selected.clone()} send={props.send.clone()} />
        }) }
    }
}

#[derive(Properties, PartialEq)]
struct SlotGroupProps {
    lang: Lang,
    slots: Vec<Rc<SlotBox>>,
    selected: Option<Selected>,
    send: Callback<Msg>,
}

/// Slots of one service beside each other.
#[function_component(SlotGroup)]
fn slot_group(props: &SlotGroupProps) -> Html {
    html! {
        { for props.slots.iter().map(|slot| html! {
            <SlotView key={slot.title.clone()} lang={props.lang} slot={Rc::clone(slot)}
                selected={props.selected.clone()} send={props.send.clone()} />
        }) }
    }
}

#[derive(Properties, PartialEq)]
struct SlotProps {
    lang: Lang,
    slot: Rc<SlotBox>,
    selected: Option<Selected>,
    send: Callback<Msg>,
}

#[function_component(SlotView)]
fn slot_view(props: &SlotProps) -> Html {
    let SlotBox { title, tasks, .. } = &*props.slot;
    html! {
        <li class={classes!("slotbox", (tasks.cells.len() > 1).then_some("shared"))} data-slotbox={title.clone()}>
            <b>{ title }</b>
            { tasks_view(props.lang.texts(), tasks, props.selected.as_ref(), &props.send) }
        </li>
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
            { zooms(model, texts, send) }
            { opener(model, Menu::Faults, "faults", html! { { texts.faults } }, send) }
            <button class="button small" data-inspect="" onclick={on(send, Msg::Select(Some(Selected::All)))}>
                { texts.inspect }</button>
        </div>
    }
}

/// How large the picture is.
fn zooms(model: &Model, texts: &Texts, send: &Callback<Msg>) -> Html {
    let chosen = ZOOMS.iter().position(|percent| *percent == model.zoom).unwrap_or_default();
    let word = |percent: &u16| match percent {
        0 => texts.zoom_fit.to_owned(),
        percent => format!("{percent} %"),
    };
    let words: Vec<String> = ZOOMS.iter().map(word).collect();
    let choose = send.reform(|chosen: usize| Msg::Zoom(ZOOMS.get(chosen).copied().unwrap_or(0)));
    // Tables have no size.
    html! {
        <Select name="zoom" class="button small" label={texts.zoom} {words} {chosen} {choose}
            disabled={model.view == View::Tables} />
    }
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
