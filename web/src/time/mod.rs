//! The bar of time under the stage: where one is, what happened when, ways to go there, and the branches.

mod chart;
mod compare;
mod export;
pub(crate) mod lanes;
pub(crate) mod marks;

use swarmyard_core::snapshot::MarkKind;
use swarmyard_core::time::Ms;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::chart::chart_view;
use self::compare::figures;
use self::export::{Sheet, svg};
use self::lanes::{FINE, Window, chart};
use self::marks::{Spot, mark_words, spots};
use crate::clock::clock_text;
use crate::glyph::{self, glyph};
use crate::model::{Branch, Export, Menu, Model, Msg, SPANS, Selected, To};
use crate::press::{on, opener};
use crate::select::Select;
use crate::text::{Lang, Texts, fill};

/// The steps of the bar of time, in milliseconds: between them it need not move.
const STEP: Ms = 100;

#[inline(never)]
pub(crate) fn time_view(model: &Model, lang: Lang, send: &Callback<Msg>) -> Html {
    let texts = lang.texts();
    let (now, end) = (model.now(), model.timeline.end().max(model.now()));
    let window = model.window();
    html! {
        <section class="time" aria-label={texts.time}>
            <div class="ways">
                { way(send, To::LastCommand, texts.to_command, glyph::TO_COMMAND) }
                { way(send, To::PreviousMark, texts.to_previous, glyph::PREVIOUS) }
                { way(send, To::NextMark, texts.to_next, glyph::NEXT) }
                { stops(model, texts, send) }
                { spans(model, texts, send) }
                if model.shown_service().is_some() { { worded(send, Msg::Export(Export::Chart), texts.export_chart, "svg") } }
                if model.has_update() { { vary(model, texts, send) } }
                if model.branches.len() > 1 { { branches(model, texts, send) } }
                <span class="halted" role="status">
                    if let Some(mark) = &model.halted { { fill(texts.halted, &[&mark_words(mark, texts)]) } }
                </span>
                if model.in_the_past() {
                    <span class="past">{ fill(texts.in_the_past, &[&clock_text(end)]) }</span>
                    { worded(send, Msg::Go(To::End), texts.to_end, "end") }
                }
            </div>
            <div class="charts" tabindex="0" role="region" aria-label={texts.slots}>
            if let Some(service) = model.shown_service() { { charts(model, service, window, send) } }
            </div>
            <div class="scrub">
                <div class="spots" aria-hidden="true">
                    { for spots(&model.chronicle.marks, window).iter().map(|spot| spot_view(spot, texts, now, send)) }
                </div>
                <input type="range" id="scrub" min={window.from.to_string()} max={window.to.to_string()} step={STEP.to_string()}
                    value={(now - now.saturating_sub(window.from) % STEP).to_string()}
                    aria-label={texts.scrub} aria-valuetext={clock_text(now)} oninput={send.reform(scrubbed)} />
            </div>
        </section>
    }
}

/// The chart of a service, and that of the branch that it is compared with.
#[inline(never)]
fn charts(model: &Model, service: &str, window: Window, send: &Callback<Msg>) -> Html {
    let lang = model.settings.lang;
    let now = model.now();
    let of = |chronicle, end| {
        let end = Window::rounded(end, window.to - window.from, FINE);
        chart_view(lang, chart(chronicle, service, window, end), window, now, send)
    };
    html! {
        <>
            { of(&model.chronicle, model.timeline.end().max(now)) }
            if let Some((chronicle, _, end)) = model.compared.and_then(|branch| model.branch_parts(branch)) {
                <p class="none">{ fill(lang.texts().compared, &[&(model.compared.unwrap_or(0) + 1)]) }</p>
                { of(chronicle, end) }
            }
        </>
    }
}

/// The chart that is in sight, as a file.
pub(crate) fn chart_file(model: &Model) -> Option<String> {
    let service = model.shown_service()?;
    let window = model.window();
    let versions = model.snapshot.services.iter().find(|found| found.name == service).map(|found| &found.versions[..]);
    let sheet = Sheet {
        service,
        versions: versions.unwrap_or_default(),
        chart: &chart(&model.chronicle, service, window, model.timeline.end().max(model.now())),
        spots: &spots(&model.chronicle.marks, window),
        window,
        now: model.now(),
    };
    Some(svg(&sheet, model.settings.lang.texts()))
}

fn scrubbed(event: InputEvent) -> Msg {
    let at = event.target_unchecked_into::<HtmlInputElement>().value().parse().unwrap_or_default();
    Msg::Go(To::Moment(at))
}

/// A button with a sign alone.
pub(crate) fn way(send: &Callback<Msg>, to: To, label: &'static str, sign: &'static str) -> Html {
    html! {
        <button class="button icon" aria-label={label} title={label} data-go={word(to)}
            onclick={on(send, Msg::Go(to))}>{ glyph(sign) }</button>
    }
}

/// A button with a text alone. `mark`: what tests know it by.
pub(crate) fn worded(send: &Callback<Msg>, msg: Msg, label: &'static str, mark: &'static str) -> Html {
    html! {
        <button class="button small" data-go={mark} onclick={on(send, msg.clone())}>{ label }</button>
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

#[inline(never)]
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
            style={format!("transform:translateX({:.2}cqw)", spot.percent)} {onclick}>{ glyph(sign(mark.kind)) }</i>
    }
}

fn kind_word(kind: MarkKind) -> &'static str {
    ["command", "update", "lane", "failure", "node"][kind as usize]
}

fn sign(kind: MarkKind) -> &'static str {
    [glyph::ENTER, glyph::AGAIN, glyph::NEXT, glyph::CROSS, glyph::NODE][kind as usize]
}

/// What sets the branches apart, from where the youngest begins.
fn differences(model: &Model, texts: &Texts) -> Html {
    let Some(service) = model.shown_service() else { return Html::default() };
    let since = model.branches.iter().map(|branch| branch.since).max().unwrap_or(0);
    let row = |index: usize| {
        let (chronicle, client, end) = model.branch_parts(index)?;
        let figures = figures(chronicle, client, service, since, end);
        let took = figures.took_ms.map_or("…".to_owned(), |ms| format!("{}.{} s", ms / 1_000, ms / 100 % 10));
        let cells = [
            took,
            figures.lost.to_string(),
            figures.started.to_string(),
            figures.failed.to_string(),
            figures.lowest.to_string(),
        ];
        Some(html! {
            <tr data-figures={index.to_string()}>
                <th scope="row">{ index + 1 }</th>
                { for cells.into_iter().map(|cell| html! { <td>{ cell }</td> }) }
            </tr>
        })
    };
    html! {
        <table>
            <caption>{ fill(texts.differences_since, &[&service, &clock_text(since)]) }</caption>
            <thead><tr>{ for texts.columns_branches.split('|').map(|column| html! { <th scope="col">{ column }</th> }) }</tr></thead>
            <tbody>{ for (0..model.branches.len()).filter_map(row) }</tbody>
        </table>
    }
}

/// How much of time is in sight.
fn spans(model: &Model, texts: &Texts, send: &Callback<Msg>) -> Html {
    let word = |minutes: &u64| match minutes {
        0 => texts.span_all.to_owned(),
        minutes => fill(texts.span_minutes, &[minutes]),
    };
    let words: Vec<String> = SPANS.iter().map(word).collect();
    html! {
        <Select name="span" class="button small" label={texts.span} {words} chosen={model.span}
            choose={send.reform(Msg::Span)} />
    }
}

/// The latest update again, with one flag changed.
#[inline(never)]
fn vary(model: &Model, texts: &Texts, send: &Callback<Msg>) -> Html {
    let open = model.open == Some(Menu::Vary);
    html! {
        <div class="menu">
            { opener(model, Menu::Vary, "vary", html! { { texts.vary } }, send) }
            if let Some(variants) = open.then(|| model.variants()).flatten() {
                <div class="card">
                    <p class="none">{ texts.vary_hint }</p>
                    <ul lang="en">
                        { for variants.flags.iter().enumerate().map(|(at, flag)| html! {
                            <li><button class="button small" data-vary={flag.clone()} onclick={on(send, Msg::Vary(at))}>
                                <code>{ flag }</code></button></li>
                        }) }
                    </ul>
                </div>
            }
        </div>
    }
}

/// The kinds of marks at which the clock stops by itself.
fn stops(model: &Model, texts: &Texts, send: &Callback<Msg>) -> Html {
    let words = [texts.stop_command, texts.stop_update, texts.stop_lane, texts.stop_failure, texts.stop_node];
    let count = model.settings.stops.count_ones();
    html! {
        <div class="menu" data-stops={model.settings.stops.to_string()}>
            { opener(model, Menu::Stops, "stops", html! { <>{ texts.stops }if count > 0 { <b>{ count }</b> }</> }, send) }
            if model.open == Some(Menu::Stops) {
                <div class="card">
                    { for MarkKind::ALL.into_iter().zip(words).map(|(kind, word)| html! {
                        <label class="choice"><input type="checkbox" checked={model.settings.stops_at(kind)} data-kind={kind_word(kind)}
                            onchange={send.reform(move |_: Event| Msg::StopAt(kind))} />{ word }</label>
                    }) }
                </div>
            }
        </div>
    }
}

#[inline(never)]
fn branches(model: &Model, texts: &Texts, send: &Callback<Msg>) -> Html {
    let words = fill(texts.branches, &[&(model.branch + 1), &model.branches.len()]);
    html! {
        <div class="menu branches" data-branches={model.branches.len().to_string()}>
            { opener(model, Menu::Branches, "branches", html! { <>{ glyph(glyph::FORK) }{ words }</> }, send) }
            if model.open == Some(Menu::Branches) {
                <div class="card">
                    <ul>
                        { for model.branches.iter().enumerate().map(|(index, branch)| branch_view(model, index, branch, texts, send)) }
                    </ul>
                    { differences(model, texts) }
                </div>
            }
        </div>
    }
}

fn branch_view(model: &Model, index: usize, branch: &Branch, texts: &Texts, send: &Callback<Msg>) -> Html {
    let end = branch.end().unwrap_or(model.timeline.end());
    html! {
        <li>
            <button class="button small" aria-pressed={(index == model.branch).to_string()} data-branch={index.to_string()}
                onclick={on(send, Msg::Branch(index))}>
                <b>{ index + 1 }</b>{ " " }
                if branch.name.is_empty() { { texts.first_branch } } else { <code lang="en">{ &branch.name }</code> }
                <small>{ clock_text(branch.since) }{ " – " }{ clock_text(end) }</small>
            </button>
            if index != model.branch {
                <label class="choice">
                    <input type="checkbox" checked={model.compared == Some(index)} data-compare={index.to_string()}
                        onchange={send.reform(move |_: Event| Msg::Compare(index))} />{ texts.compare }
                </label>
            }
        </li>
    }
}
