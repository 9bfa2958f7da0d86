//! `history`: what was typed at this prompt. Models: bash, builtins/history.def. Differs: it only shows.

use super::{Builtin, Call, Flow, nothing};

pub(super) const HISTORY: Builtin = Builtin {
    name: "history",
    usage: "history [N]",
    about: "show what was typed here, or the last N of it",
    run,
    complete: nothing,
};

fn run(call: &mut Call) -> Flow {
    let count = match call.args {
        [] => usize::MAX,
        [number] => match number.parse() {
            Ok(count) => count,
            Err(_) => {
                call.output.err(format!("bash: history: {number}: numeric argument required\n"));
                return Flow::Exit(1);
            }
        },
        _ => {
            call.output.err("bash: history: too many arguments\n");
            return Flow::Exit(1);
        }
    };
    let history = call.host.history;
    let lines = history.iter().enumerate().skip(history.len().saturating_sub(count));
    call.output.out(lines.map(|(place, line)| format!("{:5}  {line}\n", place + 1)).collect::<String>());
    Flow::Exit(0)
}
