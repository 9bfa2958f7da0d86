//! The walk-through under the prompt: where one stands, what the next command does, and the button that types it.

use swarmyard_core::shell::Key;
use yew::prelude::*;

use crate::browser;
use crate::glyph::{self, glyph};
use crate::model::Msg;
use crate::press::on;
use crate::text::{Lang, fill};
use crate::walkthrough::{STEPS, Walk};

/// Commands to tap where typing is a burden, beside the next of the walk-through.
const PALETTE: [&str; 5] = [
    "docker service ps my-app",
    "docker service ls",
    "docker node ls",
    "docker service inspect --pretty my-app",
    "docker service rollback my-app",
];

pub(crate) struct Guide<'a> {
    pub(crate) lang: Lang,
    pub(crate) walk: &'a Walk,
    /// Whether a command holds the prompt, and whether one is being typed into it.
    pub(crate) busy: bool,
    pub(crate) typing: bool,
    pub(crate) send: Callback<Msg>,
}

pub(crate) fn guide(props: &Guide) -> Html {
    let texts = props.lang.texts();
    let (label, msg) = match props.walk.step() {
        Some(step) => (texts.walk_next, Some(step.command)),
        None => (texts.walk_again, None),
    };
    // While a command runs, what is said of it still holds.
    let shown = props.walk.next - usize::from(props.busy && props.walk.next > 0);
    let said = texts.steps.get(shown).copied().unwrap_or(texts.walk_done);
    // Not `disabled`: that would take the focus away from who goes through it with the keyboard.
    let waits = (props.busy || props.typing) && msg.is_some();
    let onclick = {
        let send = props.send.clone();
        Callback::from(move |_: MouseEvent| {
            if !waits {
                send.emit(msg.map_or(Msg::StartOver, type_it));
            }
        })
    };
    html! {
        <section class="guide" aria-label={texts.walkthrough}>
            <div class="where">
                <h2>{ texts.walkthrough }</h2>
                <ol class="chapters">
                    { for texts.chapters.iter().enumerate().map(|(index, chapter)| chapter_mark(shown, index, chapter)) }
                </ol>
                <span class="count">{ fill(texts.walk_step, &[&(shown + 1).min(STEPS.len()), &STEPS.len()]) }</span>
            </div>
            <p class="said" aria-live="polite">{ said }</p>
            <code class="command" lang="en">{ msg.map(one_line) }</code>
            <button class="button primary" {onclick} aria-disabled={waits.then_some("true")}
                data-walkthrough={props.walk.next.to_string()}>
                if waits { { texts.walk_waits } } else { { label } { glyph(glyph::ENTER) } }
            </button>
        </section>
    }
}

/// A command as it looks without its line breaks.
fn one_line(command: &str) -> String {
    command.replace("\\\n", "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn chapter_mark(step: usize, index: usize, title: &'static str) -> Html {
    let current = STEPS.get(step).map(|step| step.chapter);
    let class = match current {
        Some(chapter) if chapter == index => "now",
        Some(chapter) if chapter < index => "later",
        _ => "done",
    };
    html! {
        <li {class} aria-current={(class == "now").then_some("step")}>
            if class == "done" { { glyph(glyph::TICK) } }
            { title }
        </li>
    }
}

/// Commands to tap.
pub(crate) fn palette(lang: Lang, send: &Callback<Msg>) -> Html {
    let texts = lang.texts();
    let interrupt = on(send, Msg::Key(Key::Ctrl('c')));
    html! {
        <div class="palette" role="group" aria-label={texts.commands}>
            <button class="button" onclick={interrupt}>{ texts.interrupt }</button>
            { for PALETTE.iter().map(|command| html! {
                <button class="button" lang="en" onclick={on(send, type_it(command))}>
                    { command.trim_start_matches("docker ") }</button>
            }) }
        </div>
    }
}

fn type_it(command: &str) -> Msg {
    Msg::Type { command: command.to_owned(), still: browser::prefers_stillness() }
}
