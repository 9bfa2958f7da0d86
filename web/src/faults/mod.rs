//! What can be broken, and mended: nodes, tasks, the registry. Each button shows the command that does the same.

mod workshop;

use yew::prelude::*;

use self::workshop::Workshop;
use crate::model::{Model, Msg};
use crate::press::on;
use crate::select::Select;
use crate::text::Texts;

/// What can happen to a node: the words of `world`, in pairs of harm and cure.
const NODE: [&str; 8] =
    ["power-off", "power-on", "stop-daemon", "start-daemon", "cut-off", "reconnect", "fill", "free"];

/// What can happen to all of them.
const ALL: [&str; 4] = ["registry down", "registry up", "pull-speed 10", "pull-speed 100"];

#[inline(never)]
pub(crate) fn faults_view(model: &Model, texts: &'static Texts, send: &Callback<Msg>) -> Html {
    let node = model.fault_node();
    let node_words = NODE.iter().zip(texts.faults_node.split('|'));
    let all_words = ALL.iter().zip(texts.faults_all.split('|'));
    let running = model.snapshot.tasks.iter().filter(|task| task.live && task.in_service).take(24);
    let nodes: Vec<String> = model.snapshot.nodes.iter().map(|each| each.hostname.clone()).collect();
    let chosen = nodes.iter().position(|each| *each == node).unwrap_or_default();
    let choose = {
        let nodes = nodes.clone();
        send.reform(move |chosen: usize| Msg::FaultNode(nodes.get(chosen).cloned().unwrap_or_default()))
    };
    html! {
        <section class="faults card" aria-label={texts.faults}>
                <p class="none">{ texts.faults_hint }</p>
                <label class="target">{ texts.faults_on }{ " " }
                    <Select name="fault-node" class="button small" english=true words={nodes.clone()} {chosen} {choose} />
                </label>
                <div class="deeds">
                    { for node_words.map(|(verb, word)| deed(&[verb, " ", &node].concat(), word, send)) }
                    { for [("drain", texts.faults_drain), ("active", texts.faults_active)].map(|(to, word)| typed(
                        &["docker node update --availability ", to, " ", &node].concat(), word, send)) }
                </div>
                <div class="deeds">{ for all_words.map(|(words, word)| deed(words, word, send)) }</div>
                <div class="deeds">{ for running.map(|task| deed(&["crash-task ", &task.name].concat(), texts.faults_crash, send)) }</div>
                <h3>{ texts.workshop }</h3>
                <Workshop lang={model.settings.lang} images={images(model)} refused={model.refused.clone()} send={send.clone()} />
        </section>
    }
}

/// A button that does something to the world at once.
pub(crate) fn deed(words: &str, label: &str, send: &Callback<Msg>) -> Html {
    let words = words.to_owned();
    let shown = ["world ", &words].concat();
    html! {
        <button class="button deed" data-deed={words.clone()} onclick={on(send, Msg::Act(words.clone()))}>
            { label.to_owned() }<code lang="en">{ shown }</code>
        </button>
    }
}

/// A button that types a command.
pub(crate) fn typed(command: &str, label: &str, send: &Callback<Msg>) -> Html {
    let command = command.to_owned();
    let shown = command.clone();
    html! {
        <button class="button deed" data-typed={command.clone()} onclick={on(send, Msg::Type { command: command.clone(), still: true })}>
            { label.to_owned() }<code lang="en">{ shown }</code>
        </button>
    }
}

/// The images that there are: those of the scenario, and those that services ask for.
fn images(model: &Model) -> Vec<String> {
    let mut images: Vec<String> = model.session().scenario().images.iter().map(|image| image.name.clone()).collect();
    let used = model.snapshot.services.iter().flat_map(|service| &service.versions).map(|version| &version.image);
    for image in used {
        if !images.contains(image) && image.contains(':') {
            images.push(image.clone());
        }
    }
    images
}
