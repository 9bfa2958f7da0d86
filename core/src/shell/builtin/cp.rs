//! `cp`, `mv`. Models: GNU coreutils, cp.c and mv.c. Differs: they never ask.

use super::options::options;
use super::{Builtin, Call, Flow, fail};
use crate::shell::complete::files;
use crate::shell::files::{Files, NOT_DIRECTORY, NOT_FOUND};

pub(super) const CP: Builtin = Builtin {
    name: "cp",
    usage: "cp [-r] FILE … TARGET",
    about: "copy files",
    run: |call| run(call, "cp"),
    complete: files,
};

pub(super) const MV: Builtin = Builtin {
    name: "mv",
    usage: "mv FILE … TARGET",
    about: "move files",
    run: |call| run(call, "mv"),
    complete: files,
};

fn run(call: &mut Call, name: &str) -> Flow {
    let options = match options(call, name, "rRafpvni", &[("recursive", 'r')]) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let (target, sources) = match options.words.as_slice() {
        [] => return fail(call, name, "missing file operand", 1),
        [only] => return fail(call, name, &format!("missing destination file operand after '{only}'"), 1),
        [sources @ .., target] => (target, sources),
    };
    let path = Files::resolve(&call.env.directory, target);
    let into = call.host.files.is_directory(&path);
    if sources.len() > 1 && !into {
        return fail(call, name, &format!("target '{target}': {NOT_DIRECTORY}"), 1);
    }
    let recursive = name == "mv" || ['r', 'R', 'a'].into_iter().any(|letter| options.has(letter));
    let mut status = 0;
    for source in sources {
        let from = Files::resolve(&call.env.directory, source);
        let to = if into { Files::resolve(&path, from.rsplit('/').next().unwrap_or("")) } else { path.clone() };
        if let Err(why) = transfer(call.host.files, &from, &to, recursive, name == "mv") {
            let why = why.replace("SOURCE", source).replace("TARGET", target);
            call.output.err(format!("{name}: {why}\n"));
            status = 1;
        }
    }
    Flow::Exit(status)
}

fn transfer(files: &mut Files, from: &str, to: &str, recursive: bool, moves: bool) -> Result<(), String> {
    let directory = files.is_directory(from);
    if !files.exists(from) {
        return Err(format!("cannot stat 'SOURCE': {NOT_FOUND}"));
    }
    if directory && !recursive {
        return Err("-r not specified; omitting directory 'SOURCE'".to_owned());
    }
    if from == to {
        return Err("'SOURCE' and 'TARGET' are the same file".to_owned());
    }
    if directory && format!("{to}/").starts_with(&format!("{from}/")) {
        return Err("cannot copy a directory, 'SOURCE', into itself, 'TARGET'".to_owned());
    }
    if !directory || !files.is_directory(to) {
        files.check_new(to).map_err(|why| format!("cannot create regular file 'TARGET': {why}"))?;
    }
    if moves {
        files.rename(from, to);
        return Ok(());
    }
    // Breadth first: each directory, then what is in it.
    let mut open = vec![(from.to_owned(), to.to_owned())];
    while let Some((from, to)) = open.pop() {
        if files.is_directory(&from) {
            files.make_directory(&to);
            open.extend(
                files.entries(&from).into_iter().map(|(name, _)| (format!("{from}/{name}"), format!("{to}/{name}"))),
            );
        } else if let Ok(text) = files.open(&from) {
            files.write(&to, &text);
        }
    }
    Ok(())
}
