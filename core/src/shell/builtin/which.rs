//! `type`, `which`, `command`: what a name stands for. Models: bash, builtins/{type,command}.def, and debianutils, which.

use super::{Builtin, Call, Flow, find};
use crate::shell::complete::{Candidate, Place, commands};

pub(super) const TYPE: Builtin =
    Builtin { name: "type", usage: "type NAME …", about: "say what a name stands for", run: run_type, complete };

pub(super) const WHICH: Builtin =
    Builtin { name: "which", usage: "which NAME …", about: "say where a command is", run: which, complete };

pub(super) const COMMAND: Builtin = Builtin {
    name: "command",
    usage: "command [-v] NAME …",
    about: "run a command, or say with -v whether there is one",
    run: command,
    complete,
};

/// Commands that bash has inside.
const INSIDE: &[&str] = &[
    "alias", "bg", "break", "cd", "command", "continue", "echo", "eval", "exit", "export", "false", "fg", "help",
    "history", "jobs", "kill", "local", "printf", "pwd", "read", "return", "set", "shift", "source", "test", "true",
    "type", "unalias", "unset", "wait", "[", ".", ":",
];

const KEYWORDS: &[&str] = &[
    "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "in", "function",
    "time", "{", "}", "!", "[[", "]]",
];

enum Kind {
    Alias(String),
    Keyword,
    Function,
    Builtin,
    File(String),
}

fn kind(call: &Call, name: &str) -> Option<Kind> {
    if let Some(text) = call.env.aliases.get(name) {
        return Some(Kind::Alias(text.to_string()));
    }
    match () {
        () if KEYWORDS.contains(&name) => Some(Kind::Keyword),
        () if call.env.functions.contains_key(name) => Some(Kind::Function),
        () if INSIDE.contains(&name) => Some(Kind::Builtin),
        () => find(name).map(|_| Kind::File(format!("/usr/bin/{name}"))),
    }
}

fn run_type(call: &mut Call) -> Flow {
    let short = call.args.first().is_some_and(|arg| arg == "-t");
    let mut status = 0;
    for name in call.args.iter().filter(|arg| !arg.starts_with('-')) {
        let text = match kind(call, name) {
            Some(kind) if short => match kind {
                Kind::Alias(_) => "alias",
                Kind::Keyword => "keyword",
                Kind::Function => "function",
                Kind::Builtin => "builtin",
                Kind::File(_) => "file",
            }
            .to_owned(),
            Some(Kind::Alias(text)) => format!("{name} is aliased to `{text}'"),
            Some(Kind::Keyword) => format!("{name} is a shell keyword"),
            Some(Kind::Function) => format!("{name} is a function"),
            Some(Kind::Builtin) => format!("{name} is a shell builtin"),
            Some(Kind::File(path)) => format!("{name} is {path}"),
            None => {
                if !short {
                    call.output.err(format!("bash: type: {name}: not found\n"));
                }
                status = 1;
                continue;
            }
        };
        call.output.out(text + "\n");
    }
    Flow::Exit(status)
}

fn which(call: &mut Call) -> Flow {
    let mut status = i32::from(call.args.is_empty());
    for name in call.args.iter().filter(|arg| !arg.starts_with('-')) {
        match find(name).filter(|_| {
            !INSIDE.contains(&name.as_str())
                || ["echo", "kill", "printf", "pwd", "test", "true", "false"].contains(&name.as_str())
        }) {
            Some(_) => call.output.out(format!("/usr/bin/{name}\n")),
            None => status = 1,
        }
    }
    Flow::Exit(status)
}

fn command(call: &mut Call) -> Flow {
    let (options, words) = call.args.split_at(call.args.iter().take_while(|arg| arg.starts_with('-')).count());
    if !options.iter().any(|option| option == "-v" || option == "-V") {
        return Flow::Words(words.to_vec());
    }
    let mut status = i32::from(words.is_empty());
    for name in words {
        let text = match kind(call, name) {
            Some(Kind::Alias(text)) => format!("alias {name}='{text}'\n"),
            Some(Kind::File(path)) => path + "\n",
            Some(_) => format!("{name}\n"),
            None => {
                status = 1;
                continue;
            }
        };
        call.output.out(text);
    }
    Flow::Exit(status)
}

fn complete(place: &Place, _before: &[String], _word: &str) -> Vec<Candidate> {
    commands(place)
}
