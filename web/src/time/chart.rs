//! Draws the chart of time.

use swarmyard_core::snapshot::Stage;
use swarmyard_core::time::Ms;
use yew::prelude::*;

use super::lanes::{Band, Chart, Lane, Piece, Window};
use crate::model::{Msg, Selected};
use crate::press::on;
use crate::stage::node::hue_class;
use crate::text::{Lang, fill};

/// The height of a lane and of the band above, in pixels.
const LANE: usize = 16;
const BAND: usize = 10;

#[inline(never)]
pub(crate) fn chart_view(lang: Lang, chart: Chart, window: Window, now: Ms, send: &Callback<Msg>) -> Html {
    let texts = lang.texts();
    let height = chart.lanes.len() * LANE + BAND;
    // Moved as a layer of its own, by about a pixel: the chart below need not be painted again.
    let hand = format!("transform:translateX({:.1}%)", window.percent(now));
    let hidden = chart.hidden;
    html! {
        <div class="chart" data-lanes={chart.lanes.len().to_string()}>
            <div class="titles" aria-hidden="true">
                <span>{ if chart.lanes.is_empty() { "" } else { texts.slots } }</span>
                { for chart.lanes.iter().map(|lane| html! { <b>{ &lane.title }</b> }) }
            </div>
            <div class="drawn">
                <svg class="lines" width="100%" height={height.to_string()} role="img" aria-label={texts.chart}>
                    <Lanes {chart} send={send.clone()} />
                </svg>
                <div class="later"><i class="hand" style={hand} /></div>
            </div>
            if hidden > 0 { <p class="none">{ fill(texts.more_fields, &[&hidden]) }</p> }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct Props {
    chart: Chart,
    send: Callback<Msg>,
}

/// What does not move with the hand.
#[function_component(Lanes)]
fn lanes(Props { chart, send }: &Props) -> Html {
    html! {
        <>
            <defs>
                <pattern id="coming" width="5" height="5" patternTransform="rotate(45)" patternUnits="userSpaceOnUse">
                    <path d="M0 0V5" />
                </pattern>
            </defs>
            { for chart.band.iter().map(band_view) }
            { for chart.lanes.iter().enumerate().map(|(row, lane)| lane_view(row * LANE + BAND, lane, send)) }
        </>
    }
}

fn band_view(band: &Band) -> Html {
    html! {
        <rect class="band" data-word={band.word} x={format!("{:.2}%", band.left)} y="1" width={format!("{:.2}%", band.width)} height="5">
            <title>{ band.word }</title>
        </rect>
    }
}

fn lane_view(y: usize, lane: &Lane, send: &Callback<Msg>) -> Html {
    html! { <g>{ for lane.pieces.iter().map(|piece| piece_view(y, piece, send)) }</g> }
}

fn piece_view(y: usize, piece: &Piece, send: &Callback<Msg>) -> Html {
    let task = piece.task.clone();
    let onclick = on(send, Msg::Select(Some(Selected::Name(task.clone()))));
    if piece.stage == Stage::Failed {
        // Strokes have no percent, so the cross is text.
        return html! {
            <text class="cross" x={format!("{:.2}%", piece.left)} y={(y + 12).to_string()} {onclick}>{ "✕" }</text>
        };
    }
    let (y, height) = if piece.low { (y + 8, 6) } else { (y + 2, 12) };
    html! {
        <rect class={hue_class(piece.hue)} data-stage={stage_word(piece.stage)} data-bar={piece.task.clone()} {onclick}
            x={format!("{:.2}%", piece.left)} y={y.to_string()} width={format!("{:.2}%", piece.width)} height={height.to_string()} rx="2" />
    }
}

pub(super) fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Coming => "coming",
        Stage::Serving => "serving",
        Stage::Leaving => "leaving",
        Stage::Ended | Stage::Failed => "ended",
    }
}
