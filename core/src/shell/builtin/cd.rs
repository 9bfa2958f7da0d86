//! `cd`, `pwd`. Models: bash, builtins/cd.def.

use super::{Builtin, Call, Flow, nothing};
use crate::shell::complete::directories;
use crate::shell::files::{Files, NOT_DIRECTORY};

pub(super) const CD: Builtin =
    Builtin { name: "cd", usage: "cd [DIRECTORY]", about: "go to another directory", run, complete: directories };

pub(super) const PWD: Builtin = Builtin {
    name: "pwd",
    usage: "pwd",
    about: "print the directory at hand",
    run: |call| {
        call.output.out(format!("{}\n", call.env.directory));
        Flow::Exit(0)
    },
    complete: nothing,
};

fn run(call: &mut Call) -> Flow {
    let back = call.args.first().is_some_and(|arg| arg == "-");
    let target = match call.args {
        [] => call.env.variable("HOME").to_owned(),
        [_] if back => call.env.variable("OLDPWD").to_owned(),
        [one] => one.clone(),
        _ => {
            call.output.err("bash: cd: too many arguments\n");
            return Flow::Exit(1);
        }
    };
    if back && target.is_empty() {
        call.output.err("bash: cd: OLDPWD not set\n");
        return Flow::Exit(1);
    }
    let path = Files::resolve(&call.env.directory, &target);
    if !call.host.files.is_directory(&path) {
        let why = if call.host.files.exists(&path) { NOT_DIRECTORY } else { call.host.files.missing(&path) };
        call.output.err(format!("bash: cd: {target}: {why}\n"));
        return Flow::Exit(1);
    }
    let before = std::mem::replace(&mut call.env.directory, path.clone());
    call.env.export("OLDPWD", before);
    if back {
        call.output.out(format!("{path}\n"));
    }
    call.env.export("PWD", path);
    Flow::Exit(0)
}
