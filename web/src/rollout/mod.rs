//! The rollout panel: where the update of a service stands, its failures against what is allowed, its two specs.

pub(crate) mod panel;

use swarmyard_core::model::UpdateState;
use swarmyard_core::snapshot::Field;
use yew::prelude::*;

use self::panel::{Gauge, Lane, Next, Panel, Tag};
use crate::glyph::{self, glyph};
use crate::model::Msg;
use crate::stage::node::{choose, hue_class};
use crate::text::{Texts, fill};

/// A gauge with more pips than this is only written.
const PIPS: usize = 12;

/// As many fields as fit beside each other without crowding.
const FIELDS: usize = 5;

#[inline(never)]
pub(crate) fn panel_view(texts: &Texts, panel: &Panel, send: &Callback<Msg>) -> Html {
    html! {
        <div class="rollout">
            <div class="card standing">
                <div class="now">
                    <h2 lang="en">{ &panel.name }</h2>
                    <button class="button small" onclick={choose(send, &panel.name)} data-why="service">{ texts.why }</button>
                    <span class="versions">
                        if let Some(from) = &panel.from {
                            { tag(texts.from, from) }<span class="arrow">{ glyph(glyph::ARROW) }</span>
                        }
                        { for panel.to.iter().map(|to| tag(texts.to, to)) }
                    </span>
                    <span class="counted" data-in-service={panel.in_service.to_string()}>
                        { fill(texts.in_service, &[&panel.in_service, &panel.desired]) }</span>
                    { for panel.ports.iter().map(|(published, target)| html! {
                        <span class="port">{ fill(texts.port, &[published, target]) }</span>
                    }) }
                </div>
                <div role="status">
                    if let Some((state, message)) = &panel.status {
                        <p class="status" lang="en" data-update-state={state.word()}>
                            <b class={classes!("pill", tone(*state))}>{ glyph(sign(*state)) }{ state.word() }</b>
                            <span class="message">{ message }</span>
                        </p>
                    }
                </div>
                <p class="next">{ panel.next.iter().map(|next| sentence(texts, next)).collect::<Vec<_>>().join(" ") }</p>
            </div>
            <div class="card failures">
                if let Some(gauge) = &panel.gauge {
                    <h3>{ texts.failures }</h3>
                    { gauge_view(texts, gauge) }
                    { lanes_view(texts, panel) }
                } else {
                    <h3>{ texts.rules }</h3>
                    { rules(panel) }
                }
            </div>
            <div class="specs">
                <div class="card spec" data-travels={panel.card(false)}><h3>{ texts.spec }</h3>{ fields(texts, panel, &panel.spec, "−") }</div>
                <div class="card spec previous" data-travels={panel.card(true)}>
                    <h3>{ texts.previous }</h3>
                    if let Some(previous) = &panel.previous { { fields(texts, panel, previous, "+") } }
                    else { <p class="none">{ texts.previous_none }</p> }
                </div>
            </div>
        </div>
    }
}

fn tag(role: &'static str, tag: &Tag) -> Html {
    html! {
        <span class={classes!("version", hue_class(tag.hue))} title={tag.image.clone()} lang="en">
            <span class="unseen">{ role }{ " " }</span><i class="swatch" />{ &tag.text }
        </span>
    }
}

fn gauge_view(texts: &Texts, gauge: &Gauge) -> Html {
    let rule = if gauge.over { texts.gauge_over } else { texts.gauge_under };
    html! {
        <>
            <div class="gauge">
                if gauge.dirty <= PIPS {
                    <span class="pips" aria-hidden="true">
                        { for (0..gauge.dirty).map(|pip| html! {
                            <>
                                if pip == gauge.allowed { <i class="threshold" /> }
                                if pip < gauge.failures { <i class="pip failed">{ glyph(glyph::CROSS) }</i> }
                                else { <i class="pip" /> }
                            </>
                        }) }
                    </span>
                }
                <b class="fraction">{ &gauge.fraction }</b>
            </div>
            <p>{ fill(rule, &[&gauge.action.word()]) }</p>
        </>
    }
}

/// What each lane of the updater is at.
fn lanes_view(texts: &Texts, panel: &Panel) -> Html {
    let said = |lane: &Lane| match (&lane.slot, lane.delay) {
        (Some(slot), true) => fill(texts.lane_delay, &[slot, &lane.left]),
        (Some(slot), false) => fill(texts.lane_starting, &[slot]),
        (None, _) => texts.lane_idle.to_owned(),
    };
    html! {
        <ol class="lanes" aria-label={texts.lanes}>
            { for panel.lanes.iter().map(|lane| html! {
                <li data-lane={if lane.slot.is_none() { "idle" } else if lane.delay { "delay" } else { "starting" }}>
                    { glyph(if lane.delay { glyph::HOURGLASS } else if panel.back { glyph::BACK } else { glyph::ARROW }) }
                    { said(lane) }
                    if let Some(percent) = lane.percent { <i class="meter"><i style={format!("width:{percent}%")} /></i> }
                </li>
            }) }
            if panel.lanes_more > 0 { <li class="none">{ fill(texts.more_fields, &[&panel.lanes_more]) }</li> }
        </ol>
    }
}

fn rules(panel: &Panel) -> Html {
    html! {
        <dl class="fields" lang="en">
            { for panel.rules.iter().map(|(name, value)| html! {
                <div><dt>{ name.trim_start_matches("update-") }</dt><dd>{ value }</dd></div>
            }) }
        </dl>
    }
}

/// The fields that differ first, then as many of the others as fit. Rules of updates that are the same in both stand
/// beside these cards already.
fn fields(texts: &Texts, panel: &Panel, fields: &[Field], sign: &'static str) -> Html {
    let rule = |field: &&Field| field.name.starts_with("update-") || field.name.starts_with("rollback-");
    let (differing, same): (Vec<_>, Vec<_>) = fields.iter().partition(|field| field.differs);
    let shown: Vec<_> =
        differing.into_iter().chain(same.into_iter().filter(|field| !rule(field))).take(FIELDS).collect();
    let hidden = fields.len() - shown.len();
    html! {
        <>
            <dl class="fields" lang="en">
                { for shown.into_iter().map(|field| html! {
                    <div key={field.name} class={field.differs.then_some("differs")}>
                        <dt>{ if field.differs { sign } else { "" } }{ " " }{ field.name }</dt>
                        <dd title={field.value.clone()}>{ value(panel, field) }</dd>
                    </div>
                }) }
            </dl>
            if hidden > 0 { <p class="none">{ fill(texts.more_fields, &[&hidden]) }</p> }
        </>
    }
}

/// A value as text; an image by its version, in the version's colour.
fn value(panel: &Panel, field: &Field) -> Html {
    let version = [&panel.from, &panel.to]
        .into_iter()
        .flatten()
        .find(|tag| field.name == "image" && field.value.split('@').next() == Some(tag.image.as_str()));
    match version {
        Some(tag) => {
            html! { <span class={classes!("version", "bare", hue_class(tag.hue))}><i class="swatch" />{ &tag.text }</span> }
        }
        None => html! { &field.value },
    }
}

fn sign(state: UpdateState) -> &'static str {
    match state {
        UpdateState::Updating => glyph::PLAY,
        UpdateState::Paused | UpdateState::RollbackPaused => glyph::PAUSE,
        UpdateState::Completed | UpdateState::RollbackCompleted => glyph::TICK,
        UpdateState::RollbackStarted => glyph::BACK,
    }
}

fn tone(state: UpdateState) -> &'static str {
    match state {
        UpdateState::Updating => "plain",
        UpdateState::Paused | UpdateState::RollbackStarted => "warn",
        UpdateState::RollbackPaused => "bad",
        UpdateState::Completed | UpdateState::RollbackCompleted => "good",
    }
}

fn sentence(texts: &Texts, next: &Next) -> String {
    match next {
        Next::Idle => texts.next_idle.to_owned(),
        Next::Starting(missing) => fill(texts.next_starting, &[missing]),
        Next::Pick(tag) => fill(texts.next_pick, &[tag]),
        Next::Replacing { slots, tag } => fill(texts.next_replacing, &[slots, tag]),
        Next::Left(slots) => fill(texts.next_left, &[slots]),
        Next::Watch(seconds) => fill(texts.next_watch, &[seconds]),
        Next::Delay(seconds) => fill(texts.next_delay, &[seconds]),
        Next::Paused => texts.next_paused.to_owned(),
        Next::Retry { slot, tag, seconds: Some(seconds) } => fill(texts.next_retry_in, &[slot, tag, seconds]),
        Next::Retry { slot, tag, seconds: None } => fill(texts.next_retry, &[slot, tag]),
        Next::RollingBack(tag) => fill(texts.next_rolling_back, &[tag]),
        Next::Removed => texts.next_removed.to_owned(),
        Next::RollbackPaused => texts.next_rollback_paused.to_owned(),
    }
}
