//! `jobs`, `wait`, `fg`, `kill`: what runs in the background. Models: bash, builtins/{jobs,wait,fg_bg,kill}.def. Differs:
//! every signal ends a job.

use super::{Builtin, Call, Flow, nothing};

pub(super) const JOBS: Builtin = Builtin {
    name: "jobs",
    usage: "jobs",
    about: "list what runs in the background",
    run: |_| Flow::Jobs,
    complete: nothing,
};

pub(super) const WAIT: Builtin = Builtin {
    name: "wait",
    usage: "wait [%N|PID …]",
    about: "wait until what runs in the background has ended",
    run: |call| Flow::Wait(call.args.to_vec()),
    complete: nothing,
};

pub(super) const FG: Builtin = Builtin {
    name: "fg",
    usage: "fg [%N]",
    about: "bring back what runs in the background",
    run: |call| Flow::Foreground(call.args.first().cloned().unwrap_or_default()),
    complete: nothing,
};

pub(super) const KILL: Builtin = Builtin {
    name: "kill",
    usage: "kill [-SIGNAL] %N|PID …",
    about: "end what runs in the background",
    run: kill,
    complete: nothing,
};

fn kill(call: &mut Call) -> Flow {
    let names: Vec<String> = call.args.iter().skip_while(|arg| arg.starts_with('-')).cloned().collect();
    if names.is_empty() {
        call.output
            .err("kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n");
        return Flow::Exit(2);
    }
    Flow::Kill(names)
}
