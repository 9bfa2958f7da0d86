//! `rm`, `rmdir`. Models: GNU coreutils, rm.c and rmdir.c. Differs: they never ask.

use super::options::options;
use super::{Builtin, Call, Flow, fail};
use crate::shell::complete::{directories, files};
use crate::shell::files::{Files, HOME, IS_DIRECTORY, NOT_DIRECTORY, NOT_FOUND};

pub(super) const RM: Builtin =
    Builtin { name: "rm", usage: "rm [-rf] FILE …", about: "remove files", run, complete: files };

pub(super) const RMDIR: Builtin = Builtin {
    name: "rmdir",
    usage: "rmdir DIRECTORY …",
    about: "remove empty directories",
    run: remove_directories,
    complete: directories,
};

fn run(call: &mut Call) -> Flow {
    let options = match options(call, "rm", "rRfivd", &[("recursive", 'r'), ("force", 'f')]) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let (recursive, force) = (options.has('r') || options.has('R'), options.has('f'));
    if options.words.is_empty() && !force {
        return fail(call, "rm", "missing operand", 1);
    }
    let mut status = 0;
    for name in &options.words {
        let path = Files::resolve(&call.env.directory, name);
        let why = match call.host.files.open(&path) {
            Err(IS_DIRECTORY) if path == "/" => "it is dangerous to operate recursively on '/'",
            Err(IS_DIRECTORY) if recursive => {
                call.host.files.remove(&path);
                continue;
            }
            Ok(_) => {
                call.host.files.remove(&path);
                continue;
            }
            Err(NOT_FOUND) if force => continue,
            Err(why) => why,
        };
        call.output.err(format!("rm: cannot remove '{name}': {why}\n"));
        status = 1;
    }
    Flow::Exit(status)
}

fn remove_directories(call: &mut Call) -> Flow {
    if call.args.is_empty() {
        return fail(call, "rmdir", "missing operand", 1);
    }
    let mut status = 0;
    for name in call.args {
        let path = Files::resolve(&call.env.directory, name);
        let why = match call.host.files.is_directory(&path) {
            false if call.host.files.exists(&path) => NOT_DIRECTORY,
            false => NOT_FOUND,
            true if !call.host.files.entries(&path).is_empty() => "Directory not empty",
            true if ["/", HOME, "/tmp"].contains(&path.as_str()) => "Device or resource busy",
            true => {
                call.host.files.remove(&path);
                continue;
            }
        };
        call.output.err(format!("rmdir: failed to remove '{name}': {why}\n"));
        status = 1;
    }
    Flow::Exit(status)
}
