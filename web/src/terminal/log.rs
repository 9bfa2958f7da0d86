//! What the shells answered. Commands that have ended stand in the live region, so that a screen reader says each of
//! them once and whole; the one that runs stands below it and keeps silent while it redraws its progress.

use std::rc::Rc;

use swarmyard_core::shell::Block;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::lines::segments;
use crate::browser;
use crate::model::Msg;
use crate::text::{Lang, fill};

/// A block as a property: blocks that have ended are shared between drawings and compared by address.
#[derive(Clone, Debug)]
pub(crate) struct Shown(pub(crate) Rc<Block>);

impl PartialEq for Shown {
    fn eq(&self, other: &Shown) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) node: String,
    pub(crate) blocks: Vec<Shown>,
    /// The part of a command whose rest the shell waits for.
    pub(crate) pending: String,
    pub(crate) waiting: Vec<String>,
    /// Counts up when the end has to be shown, wherever somebody has scrolled to.
    pub(crate) follow: u32,
    pub(crate) send: Callback<Msg>,
}

#[function_component(Log)]
pub(crate) fn log(props: &Props) -> Html {
    let place = use_node_ref();
    let at_end = use_mut_ref(|| true);
    {
        let (place, at_end) = (place.clone(), at_end.clone());
        use_effect_with(props.follow, move |_| {
            *at_end.borrow_mut() = true;
            place.cast::<HtmlElement>().iter().for_each(browser::scroll_to_end);
        });
    }
    {
        let (place, at_end) = (place.clone(), at_end.clone());
        use_effect(move || {
            if *at_end.borrow() {
                place.cast::<HtmlElement>().iter().for_each(browser::scroll_to_end);
            }
        });
    }
    let onscroll = Callback::from({
        let place = place.clone();
        move |_: Event| {
            *at_end.borrow_mut() = place.cast::<HtmlElement>().is_none_or(|place| browser::shows_end(&place))
        }
    });
    let texts = props.lang.texts();
    let block = |shown: &Shown| html! { <BlockView key={shown.0.id} node={props.node.clone()} block={shown.clone()} send={props.send.clone()} /> };
    let (ended, running): (Vec<_>, Vec<_>) = props.blocks.iter().partition(|shown| shown.0.exit.is_some());
    html! {
        <div class="log" ref={place} {onscroll} tabindex="0" role="region" aria-label={texts.log} lang="en">
            if props.blocks.is_empty() && props.pending.is_empty() {
                <p class="welcome" lang={props.lang.code()}>{ texts.welcome }</p>
            }
            <div role="log" aria-label={texts.log}>{ for ended.into_iter().map(block) }</div>
            <div class="running">
                { for running.into_iter().map(block) }
                if !props.pending.is_empty() { { typed(&props.node, &props.pending) } }
            </div>
            if !props.waiting.is_empty() {
                <div class="waiting">
                    <span class="dim" lang={props.lang.code()}>{ fill(texts.waiting_lines, &[&props.waiting.len()]) }</span>
                    <pre class="prose dim">{ props.waiting.join("\n") }</pre>
                </div>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct BlockProps {
    node: String,
    block: Shown,
    send: Callback<Msg>,
}

/// One command with its answer.
#[function_component(BlockView)]
fn block_view(props: &BlockProps) -> Html {
    let block = &props.block.0;
    html! {
        <div class="block" data-exit={block.exit.map(|code| code.to_string())}>
            if !block.typed.is_empty() { { typed(&props.node, &block.typed) } }
            { for segments(&block.lines).into_iter().map(|segment| html! {
                <pre class={if segment.table { "table" } else { "prose" }}>
                    { for block.lines[segment.lines].iter().map(|line| html! {
                        <span class={line.error.then_some("error")} onclick={ask(&props.send, &line.text)}>{ &line.text }{ "\n" }</span>
                    }) }
                </pre>
            }) }
        </div>
    }
}

/// A click on a line asks why what it speaks of is so; the command `why` is the same for who does not point. Who
/// selects text clicks as well, and asks nothing.
fn ask(send: &Callback<Msg>, line: &str) -> Option<Callback<MouseEvent>> {
    if line.trim().is_empty() {
        return None;
    }
    let (send, line) = (send.clone(), line.to_owned());
    Some(Callback::from(move |_| {
        if !browser::anything_selected() {
            send.emit(Msg::SelectLine(line.clone()));
        }
    }))
}

/// What was typed, with the prompts that stood before it.
fn typed(node: &str, text: &str) -> Html {
    html! {
        <pre class="prose typed">
            { for text.split('\n').enumerate().map(|(at, line)| html! {
                <>
                    <span class="sign">{ if at == 0 { format!("{node} $ ") } else { "\n> ".to_owned() } }</span>
                    { line.to_owned() }
                </>
            }) }
        </pre>
    }
}
