//! `echo`. Models: bash, builtins/echo.def.

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
        let (unescaped, stopped) = unescape(&text);
        newline &= !stopped;
        text = unescaped;
    }
    if newline {
        text.push('\n');
    }
    call.output.out(text);
    Flow::Exit(0)
}

/// What `\n` and the like stand for; and whether `\c` told to stop.
fn unescape(text: &str) -> (String, bool) {
    let mut result = String::new();
    let mut chars = text.chars();
    while let Some(next) = chars.next() {
        if next != '\\' {
            result.push(next);
            continue;
        }
        match chars.next() {
            Some('n') => result.push('\n'),
            Some('t') => result.push('\t'),
            Some('r') => result.push('\r'),
            Some('a') => result.push('\u{7}'),
            Some('b') => result.push('\u{8}'),
            Some('e') => result.push('\u{1b}'),
            Some('c') => return (result, true),
            Some('\\') | None => result.push('\\'),
            Some(other) => result.extend(['\\', other]),
        }
    }
    (result, false)
}
