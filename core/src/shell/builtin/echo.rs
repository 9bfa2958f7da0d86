//! `echo`. Models: bash, builtins/echo.def.

use super::escapes::unescape;
use super::{Builtin, Call, Flow, nothing};

pub(super) const ECHO: Builtin =
    Builtin { name: "echo", usage: "echo [-neE] [TEXT …]", about: "print a line of text", run, complete: nothing };

fn run(call: &mut Call) -> Flow {
    let (mut newline, mut escapes) = (true, false);
    let is_option = |arg: &String| {
        arg.strip_prefix('-').is_some_and(|letters| !letters.is_empty() && letters.chars().all(|c| "neE".contains(c)))
    };
    let options = call.args.iter().take_while(|arg| is_option(arg)).count();
    for letter in call.args[..options].iter().flat_map(|option| option[1..].chars()) {
        match letter {
            'n' => newline = false,
            letter => escapes = letter == 'e',
        }
    }
    let mut text = call.args[options..].join(" ");
    if escapes {
        let (unescaped, stopped) = unescape(&text, false);
        newline &= !stopped;
        text = unescaped;
    }
    if newline {
        text.push('\n');
    }
    call.output.out(text);
    Flow::Exit(0)
}
