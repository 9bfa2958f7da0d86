//! `world`: what happens to the machines, the registry and the programs, typed at a prompt. The same words as a
//! script's `@` lines.

use super::{Builtin, Call, Flow};
use crate::action::{Action, KEYS, USAGES};
use crate::engine::image::without_digest;
use crate::model::Task;
use crate::shell::complete::{Candidate, Place, candidate};

pub(super) const WORLD: Builtin = Builtin {
    name: "world",
    usage: "world ACTION …",
    about: "let something happen to the cluster; see `help world`",
    run,
    complete,
};

fn run(call: &mut Call) -> Flow {
    if call.args.is_empty() || call.args[0] == "--help" {
        call.output.out(format!("Usage:  world ACTION …\n\n{}", usage()));
        return Flow::Exit(0);
    }
    match Action::parse(call.args).and_then(|action| call.host.world.act(&action)) {
        Ok(()) => Flow::Exit(0),
        Err(why) => {
            call.output.err(format!("world: {why}\n"));
            Flow::Exit(1)
        }
    }
}

/// What can happen, one line each, and what can be said of an image.
pub(super) fn usage() -> String {
    let actions = USAGES.iter().map(|usage| format!("  {:30}{}\n", usage.pattern, usage.about));
    let keys = KEYS.iter().map(|(_, key, values, about)| format!("  {:30}{about}\n", format!("{key}={values}")));
    actions.chain(["\nKeys of an image:\n".to_owned()]).chain(keys).collect()
}

/// What stands next in the usages that the words so far fit.
fn complete(place: &Place, before: &[String], word: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    for usage in USAGES {
        let words: Vec<&str> = usage.words().collect();
        let fits = words.iter().zip(before).all(|(place, word)| crate::action::is_place(place) || place == word);
        let next = words.get(before.len()).or(words.last().filter(|last| last.ends_with('…')));
        let Some(next) = next.filter(|_| fits) else { continue };
        let about = if before.is_empty() { usage.about } else { "" };
        if !found.iter().any(|known: &Candidate| known.text == *next) {
            found.extend(fillings(next, about, place, before, word));
        }
    }
    found
}

/// What can fill a place of a usage; a word that is no place stands for itself.
fn fillings(next: &str, about: &str, place: &Place, before: &[String], word: &str) -> Vec<Candidate> {
    let (world, store) = (place.world, place.world.store());
    let image = |task: &Task| without_digest(&task.spec.container.image).to_owned();
    match next {
        "NODE" => world.machines().iter().map(|machine| candidate(&machine.hostname, "")).collect(),
        "SERVICE" => store.services().map(|service| candidate(&service.spec.name, "")).collect(),
        "TASK" => world.running_tasks().map(|task| candidate(&task.name(), &image(task))).collect(),
        // Of one service: what its tasks run.
        "IMAGE" if before.len() > 1 => {
            let tasks =
                world.running_tasks().filter(|task| before.last().is_some_and(|name| *task.service_name == **name));
            tasks.map(|task| candidate(&image(task), "")).collect()
        }
        "IMAGE" | "TAG" => world.registry().tags().map(|image| candidate(&image.name, "")).collect(),
        "KEY=VALUE…" => settings(word),
        "PERCENT" => Vec::new(),
        fixed => vec![candidate(fixed, about)],
    }
}

/// The keys; behind a key, its values that are words.
fn settings(word: &str) -> Vec<Candidate> {
    let Some((key, _)) = word.split_once('=') else {
        return KEYS.iter().map(|(_, key, _, about)| candidate(&format!("{key}="), about)).collect();
    };
    let values = KEYS.iter().filter(|(_, its, _, _)| *its == key).flat_map(|(_, _, values, _)| values.split('|'));
    let words = values.filter(|value| !crate::action::is_place(value));
    words.map(|value| candidate(&format!("{key}={value}"), "")).collect()
}
