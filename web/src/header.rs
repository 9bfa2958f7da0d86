//! The top of the page: its name, the clock with its controls, and the switches.

use yew::prelude::*;

use crate::clock::{SPEEDS, clock_text};
use crate::glyph::{self, glyph};
use crate::model::{Msg, To};
use crate::press::on;
use crate::select::Select;
use crate::text::Lang;
use crate::time::way;

pub(crate) struct Header {
    pub(crate) lang: Lang,
    pub(crate) dark: bool,
    pub(crate) now: u64,
    pub(crate) running: bool,
    pub(crate) speed: usize,
    pub(crate) send: Callback<Msg>,
}

pub(crate) fn header(props: &Header) -> Html {
    let texts = props.lang.texts();
    let on = |msg: Msg| on(&props.send, msg);
    let (turn, turn_glyph) = if props.dark { (texts.to_light, glyph::SUN) } else { (texts.to_dark, glyph::MOON) };
    html! {
        <header class="top">
            <div class="brand">
                { logo() }
                <h1>{ texts.title }</h1>
                <span class="tagline">{ texts.tagline }</span>
            </div>
            { clock(props) }
            <div class="switches">
                <button class="button icon" onclick={on(Msg::StartOver)} aria-label={texts.reset} title={texts.reset}
                    data-reset="">{ glyph(glyph::AGAIN) }</button>
                <button class="button icon" onclick={on(Msg::Dark(!props.dark))} aria-label={turn} title={turn}
                    data-theme={if props.dark { "dark" } else { "light" }}>{ glyph(turn_glyph) }</button>
                <button class="button icon" popovertarget="settings" aria-label={texts.settings} title={texts.settings}>
                    { glyph(glyph::GEAR) }</button>
                <button class="button icon" popovertarget="about" aria-label={texts.about} title={texts.about}>
                    { glyph(glyph::WHAT) }</button>
                <button class="button" onclick={on(Msg::Lang(props.lang.other()))} lang={props.lang.other().code()}
                    data-lang={props.lang.code()}>{ texts.other_language }</button>
            </div>
            { about(props.lang) }
        </header>
    }
}

fn clock(props: &Header) -> Html {
    let texts = props.lang.texts();
    let on = |msg: Msg| on(&props.send, msg);
    let (press, press_glyph) = if props.running { (texts.pause, glyph::PAUSE) } else { (texts.play, glyph::PLAY) };
    let speeds: Vec<String> = SPEEDS.iter().map(|speed| [speed.text, "×"].concat()).collect();
    html! {
        <div class="clock" role="group" aria-label={texts.clock}>
            <button class={classes!("button", "icon", (!props.running).then_some("on"))} onclick={on(Msg::PlayOrPause)}
                aria-label={press} title={press} data-play={props.running.to_string()}>{ glyph(press_glyph) }</button>
            { way(&props.send, To::NextEvent, texts.step, glyph::STEP) }
            { way(&props.send, To::NextDecision, texts.to_decision, glyph::DECIDE) }
            <output role="timer" aria-live="off" aria-label={texts.clock} data-now={props.now.to_string()}>
                { clock_text(props.now) }</output>
            <Select name="speed" class="button" label={texts.speed} words={speeds} chosen={props.speed}
                choose={props.send.reform(Msg::Speed)} />
        </div>
    }
}

/// Where the page differs from a real swarm: the browser's own popover, no state of ours.
fn about(lang: Lang) -> Html {
    let texts = lang.texts();
    html! {
        <div id="about" class="about" popover="auto">
            <h2>{ texts.about_title }</h2>
            <p>{ texts.about_models }</p>
            <ul>{ for texts.differences.iter().map(|text| html! { <li>{ *text }</li> }) }</ul>
            <button class="button" popovertarget="about" popovertargetaction="hide">{ texts.close }</button>
        </div>
    }
}

fn logo() -> Html {
    html! {
        <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
            <rect class="hue0" x="1" y="1" width="10" height="10" rx="3" />
            <rect class="hue0" x="13" y="1" width="10" height="10" rx="3" />
            <rect class="hue1" x="1" y="13" width="10" height="10" rx="3" />
            <rect class="slot" x="14" y="14" width="8" height="8" rx="2" />
        </svg>
    }
}
