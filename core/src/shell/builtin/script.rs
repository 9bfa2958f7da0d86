//! `bash`, `sh`, `source`, `eval`: commands that are text. Models: bash, shell.c and builtins/{source,eval}.def.

use std::rc::Rc;

use super::{Builtin, Call, Flow, nothing};
use crate::shell::complete::files;
use crate::shell::files::Files;
use crate::shell::launch::script;
use crate::shell::parse::parse;

pub(super) const BASH: Builtin = Builtin {
    name: "bash",
    usage: "bash -c TEXT | FILE [WORD …]",
    about: "run commands in a shell of their own",
    run: |call| run(call, "bash"),
    complete: files,
};

pub(super) const SH: Builtin = Builtin {
    name: "sh",
    usage: "sh -c TEXT | FILE [WORD …]",
    about: "as bash",
    run: |call| run(call, "sh"),
    complete: files,
};

pub(super) const SOURCE: Builtin = Builtin {
    name: "source",
    usage: "source FILE",
    about: "run a file's commands as if they were typed",
    run: |call| source(call, "source"),
    complete: files,
};

pub(super) const DOT: Builtin =
    Builtin { name: ".", usage: ". FILE", about: "as source", run: |call| source(call, "."), complete: files };

pub(super) const EVAL: Builtin = Builtin {
    name: "eval",
    usage: "eval TEXT …",
    about: "run a text as if it were typed",
    run: |call| {
        let text = call.args.join(" ");
        eval(&text, "eval", call)
    },
    complete: nothing,
};

fn run(call: &mut Call, name: &str) -> Flow {
    // Options like `-e`, `-x` and `-l` change nothing here.
    let options = call.args.iter().take_while(|arg| arg.starts_with(['-', '+']) && !arg.ends_with('c')).count();
    match &call.args[options..] {
        [] => {
            let instead = match call.host.inside {
                Some(_) => "write `docker exec CONTAINER COMMAND`",
                None => "this is a shell already",
            };
            call.output.err(format!("swarmyard: '{name}' without a file or `-c` is not simulated; {instead}\n"));
            Flow::Exit(1)
        }
        [c, rest @ ..] if c.starts_with('-') => match rest {
            [] => {
                call.output.err(format!("{name}: -c: option requires an argument\n"));
                Flow::Exit(2)
            }
            [text, args @ ..] => script(name, text, args.get(1..).unwrap_or(&[]).to_vec(), call.output),
        },
        [file, args @ ..] => match call.host.files.open(&Files::resolve(&call.env.directory, file)) {
            Ok(text) => script(file, &text, args.to_vec(), call.output),
            Err(why) => {
                call.output.err(format!("{name}: {file}: {why}\n"));
                Flow::Exit(if why.starts_with("No") { 127 } else { 126 })
            }
        },
    }
}

fn source(call: &mut Call, name: &str) -> Flow {
    let Some(file) = call.args.first() else {
        call.output
            .err(format!("bash: {name}: filename argument required\n{name}: usage: {name} filename [arguments]\n"));
        return Flow::Exit(2);
    };
    match call.host.files.open(&Files::resolve(&call.env.directory, file)) {
        Ok(text) => eval(&text, file, call),
        Err(why) => {
            call.output.err(format!("bash: {file}: {why}\n"));
            Flow::Exit(1)
        }
    }
}

/// Runs a text as if it were typed in place of the command.
pub(super) fn eval(text: &str, name: &str, call: &mut Call) -> Flow {
    match parse(text) {
        Ok(list) => Flow::List(Rc::new(list)),
        Err(error) => {
            call.output.err(format!("bash: {name}: {error}\n"));
            Flow::Exit(2)
        }
    }
}
