//! `exit`, `return`, `break`, `continue`. Models: bash, builtins/{exit,return,break}.def.

use super::{Builtin, Call, Flow, nothing};
use crate::shell::process::Jump;

pub(super) const EXIT: Builtin = Builtin {
    name: "exit",
    usage: "exit [CODE]",
    about: "skip the rest of the line; the prompt stays open",
    run: |call| code(call, "exit", Jump::Exit),
    complete: nothing,
};

pub(super) const RETURN: Builtin = Builtin {
    name: "return",
    usage: "return [CODE]",
    about: "leave a function",
    run: |call| code(call, "return", Jump::Return),
    complete: nothing,
};

pub(super) const BREAK: Builtin = Builtin {
    name: "break",
    usage: "break [N]",
    about: "leave a loop, or N of them",
    run: |call| levels(call, "break", Jump::Break),
    complete: nothing,
};

pub(super) const CONTINUE: Builtin = Builtin {
    name: "continue",
    usage: "continue [N]",
    about: "begin a loop's next round",
    run: |call| levels(call, "continue", Jump::Continue),
    complete: nothing,
};

fn code(call: &mut Call, name: &str, jump: fn(i32) -> Jump) -> Flow {
    match call.args {
        [] => Flow::Jump(jump(call.env.status)),
        [code] => match code.parse::<i64>() {
            Ok(code) => Flow::Jump(jump((code & 0xff) as i32)),
            Err(_) => {
                call.output.err(format!("bash: {name}: {code}: numeric argument required\n"));
                Flow::Jump(jump(2))
            }
        },
        _ => {
            call.output.err(format!("bash: {name}: too many arguments\n"));
            Flow::Exit(1)
        }
    }
}

fn levels(call: &mut Call, name: &str, jump: fn(usize) -> Jump) -> Flow {
    let Some(text) = call.args.first() else { return Flow::Jump(jump(1)) };
    let why = match text.parse::<i64>() {
        Ok(levels @ 1..) => return Flow::Jump(jump(levels as usize)),
        Ok(_) => "loop count out of range",
        Err(_) => "numeric argument required",
    };
    call.output.err(format!("bash: {name}: {text}: {why}\n"));
    Flow::Exit(1)
}
