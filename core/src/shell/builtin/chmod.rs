//! `chmod`: whether a file may be run. Models: GNU coreutils, chmod.c. Differs: of permissions there is no other.

use super::{Builtin, Call, Flow, fail};
use crate::shell::complete::files;
use crate::shell::files::{Files, NOT_FOUND};

pub(super) const CHMOD: Builtin = Builtin {
    name: "chmod",
    usage: "chmod +x|-x|MODE FILE …",
    about: "say whether a file may be run",
    run,
    complete: files,
};

fn run(call: &mut Call) -> Flow {
    let args: Vec<&String> = call.args.iter().filter(|arg| *arg != "-R" && *arg != "-v").collect();
    let (mode, names) = match args.as_slice() {
        [] => return fail(call, "chmod", "missing operand", 1),
        [mode] => return fail(call, "chmod", &format!("missing operand after ‘{mode}’"), 1),
        [mode, names @ ..] => (mode.as_str(), names),
    };
    let runs = match mode.parse::<u32>() {
        Ok(digits) => Some(digits % 10 % 2 == 1 || digits / 100 % 10 % 2 == 1),
        Err(_) if mode.contains('x') && mode.contains(['+', '=', '-']) => Some(!mode.contains('-')),
        Err(_) if mode.contains(['+', '-', '=']) => None,
        Err(_) => return fail(call, "chmod", &format!("invalid mode: ‘{mode}’"), 1),
    };
    let mut status = 0;
    for name in names {
        let path = Files::resolve(&call.env.directory, name);
        if call.host.files.exists(&path) {
            runs.into_iter().for_each(|runs| call.host.files.set_runs(&path, runs));
        } else {
            call.output.err(format!("chmod: cannot access '{name}': {NOT_FOUND}\n"));
            status = 1;
        }
    }
    Flow::Exit(status)
}
