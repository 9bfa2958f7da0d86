//! `clear`: says what empties a terminal; the shell drops the blocks above when it hears it.

use super::{Builtin, Flow, nothing};

pub(super) const CLEAR: Builtin = Builtin {
    name: "clear",
    usage: "clear",
    about: "empty the terminal",
    run: |call| {
        if call.output.terminal.is_some() {
            call.output.out("\u{1b}[H\u{1b}[2J\u{1b}[3J");
        }
        Flow::Exit(0)
    },
    complete: nothing,
};
