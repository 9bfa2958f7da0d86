//! `tee`. Models: GNU coreutils, tee.c.

use super::filter::{Filter, Lines};
use super::options::options;
use super::{Builtin, Call, Flow, Running};
use crate::output::Output;
use crate::shell::complete::files;
use crate::shell::files::Files;

pub(super) const TEE: Builtin = Builtin {
    name: "tee",
    usage: "tee [-a] [FILE …]",
    about: "pass on what comes through a pipe, and write it into files",
    run,
    complete: files,
};

#[derive(Clone)]
pub(in crate::shell) struct Tee {
    paths: Vec<String>,
    /// What has not been written yet.
    text: String,
    status: i32,
}

fn run(call: &mut Call) -> Flow {
    let options = match options(call, "tee", "ai", &[("append", 'a')]) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let mut tee = Tee { paths: Vec::new(), text: String::new(), status: 0 };
    for name in &options.words {
        let path = Files::resolve(&call.env.directory, name);
        if path == "/dev/null" {
            continue;
        }
        match call.host.files.check_new(&path) {
            Ok(()) => {
                if !options.has('a') || call.host.files.read(&path).is_none() {
                    call.host.files.write(&path, "");
                }
                tee.paths.push(path);
            }
            Err(why) => {
                call.output.err(format!("tee: {name}: {why}\n"));
                tee.status = 1;
            }
        }
    }
    Flow::Hold(Running::Filter(Box::new(Filter::Tee(tee))))
}

impl Tee {
    pub(super) fn write(&mut self, files: &mut Files, output: &mut Output) {
        let text = std::mem::take(&mut self.text);
        for path in self.paths.iter().filter(|_| !text.is_empty()) {
            if let Err(why) = files.append(path, &text) {
                output.err(format!("tee: {path}: {why}\n"));
                self.status = 1;
            }
        }
    }
}

impl Lines for Tee {
    fn line(&mut self, line: &str, out: &mut Output) -> bool {
        self.text.push_str(line);
        out.out(line);
        true
    }

    fn end(&mut self, _out: &mut Output) -> i32 {
        self.status
    }
}
