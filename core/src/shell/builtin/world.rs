//! `world`: what happens to the machines and the registry, typed at a prompt. The same words as a script's `@` lines.

use super::{Builtin, Call, Flow};
use crate::action::{Action, USAGE};
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

/// What can happen, one line each.
pub(super) fn usage() -> String {
    USAGE.iter().map(|(usage, about)| format!("  {usage:28}{about}\n")).collect()
}

fn complete(place: &Place, before: &[String], _word: &str) -> Vec<Candidate> {
    let store = place.world.store();
    match before.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => USAGE.iter().map(|(usage, about)| candidate(usage.split(' ').next().unwrap_or(usage), about)).collect(),
        ["registry"] => vec![candidate("down", ""), candidate("up", "")],
        ["power-off" | "power-on" | "stop-daemon"] => {
            store.nodes().map(|node| candidate(&node.description.hostname, "")).collect()
        }
        ["crash-task"] => store.services().map(|service| candidate(&service.spec.name, "")).collect(),
        ["crash-task", service] => {
            let service = store.services().find(|found| found.spec.name == *service);
            let image = |image: &str| candidate(image.split('@').next().unwrap_or(image), "");
            service.map(|service| image(&service.spec.task.container.image)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
