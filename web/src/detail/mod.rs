//! What is told of something that was chosen: what it is, what docker says of it, and why it is as it is, from the
//! latest event back to what began it.

use swarmyard_core::model::TaskState;
use swarmyard_core::snapshot::Task;
use swarmyard_core::why::Reason;
use yew::prelude::*;

use crate::clock::clock_text;
use crate::faults::{deed, typed};
use crate::glyph::{self, glyph};
use crate::model::{Model, Msg, Selected, To, Told};
use crate::press::on;
use crate::text::{Texts, fill};

/// As many links of a chain as are shown at first: its end and its beginning.
const SHOWN: usize = 12;

#[inline(never)]
pub(crate) fn detail_view(model: &Model, told: &Told, texts: &'static Texts, send: &Callback<Msg>) -> Html {
    html! {
        <aside class="detail card" tabindex="-1" aria-label={texts.detail}>
            <button class="button icon close" aria-label={texts.close} title={texts.close} data-close=""
                onclick={on(send, Msg::Select(None))}>{ glyph(glyph::CROSS) }</button>
            if !told.objects.is_empty() { { objects_view(told, texts, send) } }
            if !told.command.is_empty() { { object_view(model, told, texts, send) } }
            if told.caused { { why_view(told, texts, send) } }
        </aside>
    }
}

/// What it is called, what can be done to it, and what docker says of it.
fn object_view(model: &Model, told: &Told, texts: &'static Texts, send: &Callback<Msg>) -> Html {
    let (title, task) = match &model.selected {
        Some(Selected::Name(name)) => {
            let task = model.snapshot.tasks.iter().find(|task| task.id == *name || task.name == *name);
            (task.map_or(name, |task| &task.name), task)
        }
        Some(Selected::Object(_, name)) => (name, None),
        _ => return Html::default(),
    };
    let node = model.snapshot.nodes.iter().find(|node| node.hostname == *title);
    html! {
        <section class="object">
            <h2 lang="en">{ title }</h2>
            if let Some(task) = task { { task_facts(model, task) } }
            if let Some(node) = node {
                <p class="facts" lang="en">{ node.state.word() }{ " · " }{ node.availability.word() }{ " · " }{ node.role.word() }</p>
                <div class="deeds">{ deed(&[if node.powered { "power-off " } else { "power-on " }, title].concat(), "", send) }</div>
            }
            if let Some(task) = task.filter(|task| task.in_service) {
                <div class="deeds">{ deed(&["crash-task ", &task.name].concat(), texts.faults_crash, send) }</div>
            }
            <details open={task.is_none() && node.is_none()}>
                <summary>{ texts.docker_says }</summary>
                <pre tabindex="0" lang="en">{ &*told.output }</pre>
            </details>
            { typed(&told.command, texts.type_it, send) }
        </section>
    }
}

/// Where a task stands, in Docker's words.
fn task_facts(model: &Model, task: &Task) -> Html {
    let service = model.snapshot.services.get(task.of);
    let version = service.and_then(|service| service.versions.get(task.version));
    // What never ran has no code of its own.
    let ran = task.state != TaskState::Rejected;
    let exit = task.exit_code.filter(|_| ran).map(|code| format!("exit {code}"));
    let facts = [
        Some(task.id[..task.id.len().min(12)].to_owned()),
        version.map(|version| version.image.clone()),
        task.node.clone(),
        Some([task.state.title(), " → ", task.desired.title()].concat()),
        exit,
    ];
    html! {
        <>
            <p class="facts" lang="en">{ facts.into_iter().flatten().collect::<Vec<_>>().join(" · ") }</p>
            if let Some(error) = &task.error { <p class="why" lang="en">{ error }</p> }
        </>
    }
}

/// All there is, to choose from.
fn objects_view(told: &Told, texts: &Texts, send: &Callback<Msg>) -> Html {
    html! {
        <section class="objects">
            <h2>{ texts.inspect }</h2>
            { for told.objects.iter().map(|(kind, names)| html! {
                <div>
                    <h3 lang="en">{ *kind }</h3>
                    <div class="deeds">{ for names.iter().map(|name| object_button(kind, name, send)) }</div>
                </div>
            }) }
        </section>
    }
}

fn object_button(kind: &'static str, name: &str, send: &Callback<Msg>) -> Html {
    let named = matches!(kind, "service" | "node");
    let selected = if named { Selected::Name(name.to_owned()) } else { Selected::Object(kind, name.to_owned()) };
    html! {
        <button class="button small" lang="en" data-object={[kind, " ", name].concat()}
            onclick={on(send, Msg::Select(Some(selected.clone())))}>{ name }</button>
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
            <button class="at" onclick={on(send, Msg::Go(To::Moment(at)))}>{ clock_text(at) }</button>
            <span class="what">{ &reason.what }</span>
            if !reason.why.is_empty() { <span class="rule">{ &reason.why }</span> }
            if let Some(source) = reason.upstream { <small lang="en">{ source.file }{ ", " }{ source.function }</small> }
        </li>
    }
}
