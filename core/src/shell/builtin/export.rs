//! `export`, `unset`, `env`, `printenv`, `set`, `local`, `shift`: variables. Models: bash, builtins/{setattr,set,shift}.def, and GNU
//! coreutils, env.c and printenv.c. Differs: the options of `set` (`-e`, `-x`) are taken and do nothing.

use super::{Builtin, Call, Flow, nothing, quoted_words};
use crate::shell::complete::variables;
use crate::shell::env::Env;
use crate::shell::lex::is_identifier;

pub(super) const EXPORT: Builtin = Builtin {
    name: "export",
    usage: "export NAME[=VALUE] …",
    about: "let commands see a variable",
    run: export,
    complete: variables,
};

pub(super) const UNSET: Builtin = Builtin {
    name: "unset",
    usage: "unset NAME …",
    about: "forget variables or functions",
    run: unset,
    complete: variables,
};

pub(super) const ENV: Builtin = Builtin {
    name: "env",
    usage: "env [NAME=VALUE …] [COMMAND …]",
    about: "print what commands see, or run one with more of it",
    run: env,
    complete: nothing,
};

pub(super) const PRINTENV: Builtin = Builtin {
    name: "printenv",
    usage: "printenv [NAME …]",
    about: "print the values of variables that commands see",
    run: |call| {
        if call.args.is_empty() {
            return env(call);
        }
        let found: Vec<&String> = call.args.iter().filter_map(|name| call.env.seen(name)).collect();
        let text: String = found.iter().map(|value| [value.as_str(), "\n"].concat()).collect();
        call.output.out(text);
        Flow::Exit(i32::from(found.len() < call.args.len()))
    },
    complete: variables,
};

pub(super) const SET: Builtin = Builtin {
    name: "set",
    usage: "set [-- WORD …]",
    about: "print all variables, or set $1 and the rest",
    run: set,
    complete: nothing,
};

pub(super) const LOCAL: Builtin = Builtin {
    name: "local",
    usage: "local NAME[=VALUE] …",
    about: "make a variable a function's own",
    run: |call| {
        let halves =
            |arg: &String| arg.split_once('=').map_or((arg.clone(), String::new()), |(n, v)| (n.into(), v.into()));
        Flow::Local(call.args.iter().map(halves).collect())
    },
    complete: nothing,
};

pub(super) const SHIFT: Builtin = Builtin {
    name: "shift",
    usage: "shift [N]",
    about: "drop $1, and move the rest down",
    run: |call| {
        let count = call.args.first().map_or(Some(1), |text| text.parse::<usize>().ok());
        match count.filter(|count| *count <= call.env.args.len()) {
            Some(count) => {
                call.env.args.drain(..count);
                Flow::Exit(0)
            }
            None => Flow::Exit(1),
        }
    },
    complete: nothing,
};

fn export(call: &mut Call) -> Flow {
    let names = call.args.iter().filter(|arg| !["-p", "-n", "-x"].contains(&arg.as_str()));
    let mut status = 0;
    let mut any = false;
    for arg in names {
        any = true;
        let (name, value) = arg.split_once('=').map_or((arg.as_str(), None), |(name, value)| (name, Some(value)));
        if !is_identifier(name) {
            call.output.err(format!("bash: export: `{arg}': not a valid identifier\n"));
            status = 1;
            continue;
        }
        if call.args[0] == "-n" {
            call.env.exported.remove(name);
            continue;
        }
        call.env.exported.insert(name.to_owned());
        if let Some(value) = value {
            call.env.set(name, value.to_owned());
        }
    }
    if !any {
        let shown =
            call.env.exported.iter().map(|name| ["declare -x ", name, "=\"", call.env.variable(name), "\"\n"].concat());
        let text: String = shown.collect();
        call.output.out(text);
    }
    Flow::Exit(status)
}

fn unset(call: &mut Call) -> Flow {
    for name in call.args.iter().filter(|arg| !arg.starts_with('-')) {
        if call.env.variables.remove(name).is_none() || call.args[0] == "-f" {
            call.env.functions.remove(name);
        }
        call.env.exported.remove(name);
    }
    Flow::Exit(0)
}

fn env(call: &mut Call) -> Flow {
    let given = call.args.iter().take_while(|arg| arg.contains('=') || arg.starts_with('-')).count();
    let (settings, command) = call.args.split_at(given);
    let settings: Vec<String> = settings.iter().filter(|arg| arg.contains('=')).cloned().collect();
    if command.is_empty() {
        let seen = call.env.exported.iter().filter_map(|name| Some((name, call.env.variables.get(name)?)));
        let mut text: String = seen.map(|(name, value)| [name, "=", value, "\n"].concat()).collect();
        settings.iter().for_each(|setting| text += &[setting, "\n"].concat());
        call.output.out(text);
        return Flow::Exit(0);
    }
    if settings.is_empty() {
        return Flow::Words(command.to_vec());
    }
    // The settings hold for this command only: the grammar has a way to say that.
    let mut text = String::new();
    for setting in &settings {
        let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
        text += &[name, "=", &quoted_words(&[value.to_owned()]), " "].concat();
    }
    super::script::eval(&(text + &quoted_words(command)), "env", call)
}

fn set(call: &mut Call) -> Flow {
    match call.args {
        [] => {
            let shown = |env: &Env| -> String {
                let line = |(name, value): (&String, &String)| {
                    [name, "=", &quoted_words(std::slice::from_ref(value)), "\n"].concat()
                };
                env.variables.iter().map(line).collect()
            };
            let text = shown(call.env);
            call.output.out(text);
        }
        [first, rest @ ..] if first == "--" => call.env.args = rest.to_vec(),
        args if args.iter().any(|arg| !arg.starts_with(['-', '+'])) && !args[0].ends_with('o') => {
            call.env.args = args.iter().skip_while(|arg| arg.starts_with(['-', '+'])).cloned().collect();
        }
        _ => {}
    }
    Flow::Exit(0)
}
