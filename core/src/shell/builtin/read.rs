//! `read`: a line from the terminal, a pipe or a file into variables; the process does it. Models: bash,
//! builtins/read.def.

use super::options::options;
use super::{Builtin, Call, Flow, nothing};
use crate::shell::lex::is_identifier;

pub(super) const READ: Builtin = Builtin {
    name: "read",
    usage: "read [-r] [-p TEXT] [NAME …]",
    about: "read a line into variables",
    run,
    complete: nothing,
};

fn run(call: &mut Call) -> Flow {
    let options = match options(call, "read", "rsp:t:n:d:e", &[]) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    if let Some(name) = options.words.iter().find(|name| !is_identifier(name)) {
        call.output.err(format!("bash: read: `{name}': not a valid identifier\n"));
        return Flow::Exit(1);
    }
    if let Some(text) = options.value('p').filter(|_| call.output.terminal.is_some()) {
        call.output.err(text);
    }
    let raw = options.has('r');
    let names = if options.words.is_empty() { vec!["REPLY".to_owned()] } else { options.words };
    Flow::Read { names, raw }
}
