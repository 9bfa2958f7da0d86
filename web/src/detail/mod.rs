//! What is told of something that was chosen: why it is as it is, from the latest event back to what began it.

use swarmyard_core::why::Reason;
use yew::prelude::*;

use crate::clock::clock_text;
use crate::glyph::{self, glyph};
use crate::model::{Model, Msg, To, Told};
use crate::text::{Texts, fill};

/// As many links of a chain as are shown at first: its end and its beginning.
const SHOWN: usize = 12;

pub(crate) fn detail_view(model: &Model, texts: &Texts, send: &Callback<Msg>) -> Html {
    let Some(told) = &model.told else { return Html::default() };
    html! {
        <aside class="detail card" aria-label={texts.detail}>
            <button class="button icon close" aria-label={texts.close} title={texts.close} data-close=""
                onclick={send.reform(|_: MouseEvent| Msg::Select(None))}>{ glyph(glyph::CROSS) }</button>
            { why_view(told, texts, send) }
        </aside>
    }
}

fn why_view(told: &Told, texts: &Texts, send: &Callback<Msg>) -> Html {
    let reasons = &told.reasons;
    let hidden = reasons.len().saturating_sub(SHOWN);
    let (head, tail) = reasons.split_at(if hidden > 0 { SHOWN - 2 } else { reasons.len() });
    html! {
        <section class="reasons">
            <h2>{ texts.why }</h2>
            <div role="status">
                if let Some(first) = reasons.first() { <p class="unseen">{ &first.what }{ link(first) }</p> }
                else { <p class="none">{ texts.why_nothing }</p> }
            </div>
            { for told.waits.iter().map(|wait| html! { <p class="waits">{ glyph(glyph::CLOCK) }{ wait }</p> }) }
            <ol>
                { for head.iter().map(|reason| reason_view(reason, send)) }
                if hidden > 0 { <li class="none">{ fill(texts.why_more, &[&hidden]) }</li> }
                { for tail.iter().skip(hidden).map(|reason| reason_view(reason, send)) }
            </ol>
        </section>
    }
}

/// The rule in one line, behind what happened.
fn link(reason: &Reason) -> String {
    if reason.why.is_empty() { String::new() } else { [" — ", &reason.why].concat() }
}

fn reason_view(reason: &Reason, send: &Callback<Msg>) -> Html {
    let at = reason.at;
    html! {
        <li key={reason.event.0}>
            <button class="at" onclick={send.reform(move |_: MouseEvent| Msg::Go(To::Moment(at)))}>{ clock_text(at) }</button>
            <span class="what">{ &reason.what }</span>
            if !reason.why.is_empty() { <span class="rule">{ &reason.why }</span> }
            if let Some(source) = reason.upstream { <small lang="en">{ source.file }{ ", " }{ source.function }</small> }
        </li>
    }
}
