//! `alias`, `unalias`. Models: bash, builtins/alias.def.

use super::{Builtin, Call, Flow, nothing};

pub(super) const ALIAS: Builtin = Builtin {
    name: "alias",
    usage: "alias [NAME=TEXT …]",
    about: "let a name stand for the beginning of a command",
    run,
    complete: nothing,
};

pub(super) const UNALIAS: Builtin = Builtin {
    name: "unalias",
    usage: "unalias [-a] NAME …",
    about: "forget an alias",
    run: |call| {
        if call.args.first().is_some_and(|arg| arg == "-a") {
            call.env.aliases.clear();
        }
        let mut status = 0;
        for name in call.args.iter().filter(|name| *name != "-a") {
            if call.env.aliases.remove(name).is_none() {
                call.output.err(format!("bash: unalias: {name}: not found\n"));
                status = 1;
            }
        }
        Flow::Exit(status)
    },
    complete: nothing,
};

fn run(call: &mut Call) -> Flow {
    let shown = |name: &str, text: &str| ["alias ", name, "='", &text.replace('\'', "'\\''"), "'\n"].concat();
    let mut status = 0;
    if call.args.is_empty() || call.args == ["-p"] {
        call.output.out(call.env.aliases.iter().map(|(name, text)| shown(name, text)).collect::<String>());
    }
    for arg in call.args.iter().filter(|arg| *arg != "-p") {
        if let Some((name, text)) = arg.split_once('=') {
            call.env.aliases.insert(name.to_owned(), text.into());
        } else if let Some(text) = call.env.aliases.get(arg) {
            call.output.out(shown(arg, text));
        } else {
            call.output.err(format!("bash: alias: {arg}: not found\n"));
            status = 1;
        }
    }
    Flow::Exit(status)
}
