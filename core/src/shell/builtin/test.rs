//! `test`, `[`. What they ask is in `condition`. Models: bash, builtins/test.def.

use super::{Builtin, Call, Flow};
use crate::shell::complete::files;
use crate::shell::condition::{exit_code, test};

pub(super) const TEST: Builtin = Builtin {
    name: "test",
    usage: "test EXPRESSION",
    about: "compare texts and numbers, look for files",
    run: |call| {
        let args = call.args;
        answer(call, "test", args)
    },
    complete: files,
};

pub(super) const BRACKET: Builtin = Builtin {
    name: "[",
    usage: "[ EXPRESSION ]",
    about: "as test",
    run: |call| match call.args {
        [args @ .., last] if last == "]" => answer(call, "[", args),
        _ => {
            call.output.err("bash: [: missing `]'\n");
            Flow::Exit(2)
        }
    },
    complete: files,
};

fn answer(call: &mut Call, name: &str, args: &[String]) -> Flow {
    let result = test(args, call.env, call.host.files);
    if let Err(why) = &result {
        call.output.err(format!("bash: {name}: {why}\n"));
    }
    Flow::Exit(exit_code(&result))
}
