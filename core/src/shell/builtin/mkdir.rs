//! `mkdir`, `touch`. Models: GNU coreutils, mkdir.c and touch.c.

use super::options::options;
use super::{Builtin, Call, Flow, fail};
use crate::shell::complete::{directories, files};
use crate::shell::files::Files;

pub(super) const MKDIR: Builtin = Builtin {
    name: "mkdir",
    usage: "mkdir [-p] DIRECTORY …",
    about: "make directories",
    run: make,
    complete: directories,
};

pub(super) const TOUCH: Builtin =
    Builtin { name: "touch", usage: "touch FILE …", about: "make empty files", run: touch, complete: files };

fn make(call: &mut Call) -> Flow {
    let options = match options(call, "mkdir", "pvm:", &[("parents", 'p')]) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    if options.words.is_empty() {
        return fail(call, "mkdir", "missing operand", 1);
    }
    let mut status = 0;
    for name in &options.words {
        let path = Files::resolve(&call.env.directory, name);
        let files = &mut call.host.files;
        let why = if options.has('p') {
            // Every directory on the way; a file there is in the way.
            let ends = path.match_indices('/').map(|(at, _)| at).skip(1).chain([path.len()]);
            match ends.clone().map(|end| &path[..end]).find(|part| files.read(part).is_some()) {
                None => {
                    ends.for_each(|end| files.make_directory(&path[..end]));
                    continue;
                }
                Some(part) if part.len() == path.len() => "File exists",
                Some(_) => "Not a directory",
            }
        } else if files.exists(&path) {
            "File exists"
        } else {
            match files.check_new(&path) {
                Ok(()) => {
                    files.make_directory(&path);
                    continue;
                }
                Err(why) => why,
            }
        };
        call.output.err(format!("mkdir: cannot create directory ‘{name}’: {why}\n"));
        status = 1;
    }
    Flow::Exit(status)
}

fn touch(call: &mut Call) -> Flow {
    let options = match options(call, "touch", "acmd:t:", &[]) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    if options.words.is_empty() {
        return fail(call, "touch", "missing file operand", 1);
    }
    let mut status = 0;
    for name in &options.words {
        let path = Files::resolve(&call.env.directory, name);
        if call.host.files.is_directory(&path) {
            continue;
        }
        let text = call.host.files.read(&path).cloned().unwrap_or_default();
        match call.host.files.check_new(&path) {
            Ok(()) => call.host.files.write(&path, &text),
            Err(why) => {
                call.output.err(format!("touch: cannot touch '{name}': {why}\n"));
                status = 1;
            }
        }
    }
    Flow::Exit(status)
}
