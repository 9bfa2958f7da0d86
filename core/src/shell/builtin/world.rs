//! `world`: what happens to the machines and the registry, typed at a prompt. The same words as a script's `@` lines.

use super::{Builtin, Call, Flow};
use crate::action::{Action, USAGE};

pub(super) const WORLD: Builtin = Builtin {
    name: "world",
    usage: "world ACTION …",
    about: "let something happen to the cluster; see `help world`",
    run,
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
