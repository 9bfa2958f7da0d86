//! `help`: the table of commands, or one of its rows.

use super::{ALL, Builtin, Call, Flow};
use crate::docker;
use crate::shell::complete::{Candidate, Place, candidate};
use crate::why::Lang;

pub(super) const HELP: Builtin =
    Builtin { name: "help", usage: "help [COMMAND]", about: "show what can be typed here", run, complete };

fn run(call: &mut Call) -> Flow {
    let Some(name) = call.args.first() else {
        call.output.out(overview());
        return Flow::Exit(0);
    };
    if name == "docker" && call.args.len() > 1 {
        return docker_help(call);
    }
    let Some(builtin) = ALL.iter().find(|builtin| builtin.name == name) else {
        call.output.err(format!("bash: help: no help topics match `{name}'.  Type `help' to see what there is.\n"));
        return Flow::Exit(1);
    };
    call.output.out(format!("{}: {}\n    {}\n", builtin.name, builtin.usage, builtin.about));
    if builtin.name == "world" {
        call.output.out(super::world::usage());
    }
    Flow::Exit(0)
}

/// `docker … --help` is English, as Docker's; this is the same in the reader's language, and Korean unless that is told.
fn docker_help(call: &mut Call) -> Flow {
    let lang = Lang::of(call.env.variable("LANG")).unwrap_or(Lang::Ko);
    let words: Vec<String> = call.args[1..].to_vec();
    match docker::help(&words, lang, call.output.terminal) {
        Some(text) => {
            call.output.out(text);
            Flow::Exit(0)
        }
        None => {
            call.output.err(format!("bash: help: no help topics match `docker {}'.\n", words.join(" ")));
            Flow::Exit(1)
        }
    }
}

fn complete(_place: &Place, _before: &[String], _word: &str) -> Vec<Candidate> {
    ALL.iter().map(|builtin| candidate(builtin.name, builtin.about)).collect()
}

fn overview() -> String {
    let mut text = "This is a simulated shell on a node of a simulated swarm. What can be typed:\n\n".to_owned();
    for builtin in ALL {
        text += &format!("  {:28}{}\n", builtin.usage, builtin.about);
    }
    text + "\nCommands are joined with ; && || and |, a line goes on after a \\ at its end, # begins a comment,\n\
            $(…) stands for what a command prints, $? for the last exit code, > >> < 2> << lead to files, & sends\n\
            away. There are if, for, while, until, case, functions, variables, $((…)), [[ … ]] and patterns for files.\n\
            Tab completes, ↑ and ↓ go through what was typed, Ctrl-R searches it, Ctrl-C interrupts.\n"
}
