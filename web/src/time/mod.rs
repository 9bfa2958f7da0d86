//! The bar of time under the stage: where one is, what happened when, ways to go there, and the branches.

pub(crate) mod marks;

use swarmyard_core::snapshot::MarkKind;
use swarmyard_core::time::Ms;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::marks::{Spot, mark_words, spots};
use crate::clock::clock_text;
use crate::glyph::{self, glyph};
use crate::model::{Model, Msg, Selected, To};
use crate::text::{Lang, Texts, fill};

pub(crate) fn time_view(model: &Model, lang: Lang, send: &Callback<Msg>) -> Html {
    let texts = lang.texts();
    let (now, end) = (model.now(), model.timeline.end().max(model.now()));
    html! {
        <section class="time" aria-label={texts.time}>
            <div class="ways">
                { way(send, To::LastCommand, texts.to_command, glyph::TO_COMMAND) }
                { way(send, To::PreviousMark, texts.to_previous, glyph::PREVIOUS) }
                { way(send, To::NextMark, texts.to_next, glyph::NEXT) }
                { stops(model, texts, send) }
                if model.branches.len() > 1 { { branches(model, texts, send) } }
                <span class="halted" role="status">
                    if let Some(mark) = &model.halted { { fill(texts.halted, &[&mark_words(mark, texts)]) } }
                </span>
                if model.in_the_past() {
                    <span class="past">{ fill(texts.in_the_past, &[&clock_text(end)]) }</span>
                    { worded(send, Msg::Go(To::End), texts.to_end, "end") }
                }
            </div>
            <div class="scrub">
                <div class="spots" aria-hidden="true">
                    { for spots(&model.chronicle.marks, end).iter().map(|spot| spot_view(spot, texts, now, send)) }
                </div>
                <input type="range" id="scrub" min="0" max={end.max(1).to_string()} step="100" value={now.to_string()}
                    aria-label={texts.scrub} aria-valuetext={clock_text(now)} oninput={send.reform(scrubbed)} />
            </div>
        </section>
    }
}

fn scrubbed(event: InputEvent) -> Msg {
    let at = event.target_unchecked_into::<HtmlInputElement>().value().parse().unwrap_or_default();
    Msg::Go(To::Moment(at))
}

/// A button with a sign alone.
pub(crate) fn way(send: &Callback<Msg>, to: To, label: &'static str, sign: &'static str) -> Html {
    html! {
        <button class="button icon" aria-label={label} title={label} data-go={word(to)}
            onclick={send.reform(move |_: MouseEvent| Msg::Go(to))}>{ glyph(sign) }</button>
    }
}

/// A button with a text alone. `mark`: what tests know it by.
pub(crate) fn worded(send: &Callback<Msg>, msg: Msg, label: &'static str, mark: &'static str) -> Html {
    html! {
        <button class="button small" data-go={mark} onclick={send.reform(move |_: MouseEvent| msg.clone())}>{ label }</button>
    }
}

/// What tests know a button by.
fn word(to: To) -> &'static str {
    match to {
        To::Moment(_) => "moment",
        To::NextEvent => "event",
        To::NextDecision => "decision",
        To::PreviousMark => "previous",
        To::NextMark => "next",
        To::LastCommand => "command",
        To::End => "end",
    }
}

fn spot_view(spot: &Spot, texts: &Texts, now: Ms, send: &Callback<Msg>) -> Html {
    let mark = spot.mark.clone();
    let (at, event) = (mark.at, mark.event);
    let onclick = Callback::from({
        let send = send.clone();
        move |_: MouseEvent| {
            send.emit(Msg::Go(To::Moment(at)));
            send.emit(Msg::Select(Some(Selected::Event(event))));
        }
    });
    let title = format!("{} {}", clock_text(at), mark_words(&mark, texts));
    html! {
        <i key={event.0} class={classes!("spot", (at > now).then_some("later"))} data-kind={kind_word(mark.kind)} {title}
            style={format!("left:{:.2}%", spot.percent)} {onclick}>{ glyph(sign(mark.kind)) }</i>
    }
}

fn kind_word(kind: MarkKind) -> &'static str {
    ["command", "update", "lane", "failure", "node"][kind as usize]
}

fn sign(kind: MarkKind) -> &'static str {
    [glyph::ENTER, glyph::AGAIN, glyph::NEXT, glyph::CROSS, glyph::NODE][kind as usize]
}

/// The kinds of marks at which the clock stops by itself.
fn stops(model: &Model, texts: &Texts, send: &Callback<Msg>) -> Html {
    let words = [texts.stop_command, texts.stop_update, texts.stop_lane, texts.stop_failure, texts.stop_node];
    html! {
        <details class="menu" data-stops={model.settings.stops.to_string()}>
            <summary class="button small">{ texts.stops }
                if model.settings.stops > 0 { <b>{ model.settings.stops.count_ones() }</b> }
            </summary>
            <div class="card">
                { for MarkKind::ALL.into_iter().zip(words).map(|(kind, word)| html! {
                    <label class="choice"><input type="checkbox" checked={model.settings.stops_at(kind)} data-kind={kind_word(kind)}
                        onchange={send.reform(move |_: Event| Msg::StopAt(kind))} />{ word }</label>
                }) }
            </div>
        </details>
    }
}

fn branches(model: &Model, texts: &Texts, send: &Callback<Msg>) -> Html {
    html! {
        <details class="menu branches" data-branches={model.branches.len().to_string()}>
            <summary class="button small">{ glyph(glyph::FORK) }{ fill(texts.branches, &[&(model.branch + 1), &model.branches.len()]) }</summary>
            <ul class="card">
                { for model.branches.iter().enumerate().map(|(index, branch)| html! {
                    <li>
                        <button class="button small" aria-pressed={(index == model.branch).to_string()} data-branch={index.to_string()}
                            onclick={send.reform(move |_: MouseEvent| Msg::Branch(index))}>
                            <b>{ index + 1 }</b>{ " " }
                            if branch.name.is_empty() { { texts.first_branch } } else { <code lang="en">{ &branch.name }</code> }
                            <small>{ clock_text(branch.since) }{ " – " }{ clock_text(branch.end().unwrap_or(model.timeline.end())) }</small>
                        </button>
                    </li>
                }) }
            </ul>
        </details>
    }
}
