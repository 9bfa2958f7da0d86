//! Options of GNU's tools: `-n5`, `-rk 2`, `--lines=5`. Models: GNU getopt_long.

use super::{Call, Flow, bad_option, fail};

/// What was written behind a command's name.
pub(in crate::shell) struct Options {
    given: Vec<(char, String)>,
    /// What is no option.
    pub words: Vec<String>,
}

impl Options {
    pub(super) fn has(&self, letter: char) -> bool {
        self.given.iter().any(|(given, _)| *given == letter)
    }

    /// The last value of an option.
    pub(super) fn value(&self, letter: char) -> Option<&str> {
        self.all(letter).last()
    }

    pub(super) fn all(&self, letter: char) -> impl Iterator<Item = &str> {
        self.given.iter().filter(move |(given, _)| *given == letter).map(|(_, value)| value.as_str())
    }
}

/// Reads the options of a command. `letters`: those it has, a `:` behind each that takes a value, and a `+` first where
/// the first word that is no option ends them. `longs`: the long names of some.
///
/// # Errors
/// The command has ended: with help, or because something is wrong.
pub(super) fn options(call: &mut Call, command: &str, letters: &str, longs: &[(&str, char)]) -> Result<Options, Flow> {
    let (letters, stops) = (letters.trim_start_matches('+'), letters.starts_with('+'));
    let takes = |letter: char| letters.split(letter).nth(1).is_some_and(|behind| behind.starts_with(':'));
    let mut options = Options { given: Vec::new(), words: Vec::new() };
    let mut args = call.args.iter();
    while let Some(arg) = args.next() {
        if arg == "--" {
            options.words.extend(args.cloned());
            break;
        }
        if let Some(long) = arg.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
            if name == "help" {
                let builtin = super::find(command);
                let text = builtin.map_or(String::new(), |b| format!("Usage: {}\n{}\n", b.usage, b.about));
                call.output.out(text);
                return Err(Flow::Exit(0));
            }
            let Some((_, letter)) = longs.iter().find(|(known, _)| *known == name) else {
                return Err(bad_option(call, command, arg));
            };
            let value = match value {
                Some(value) => value.to_owned(),
                None if takes(*letter) => match args.next() {
                    Some(value) => value.clone(),
                    None => return Err(fail(call, command, &format!("option '--{name}' requires an argument"), 1)),
                },
                None => String::new(),
            };
            options.given.push((*letter, value));
        } else if arg.len() > 1 && arg.starts_with('-') {
            let mut rest = arg[1..].chars();
            while let Some(letter) = rest.next() {
                if letter == ':' || !letters.contains(letter) {
                    return Err(fail(call, command, &format!("invalid option -- '{letter}'"), 1));
                }
                if !takes(letter) {
                    options.given.push((letter, String::new()));
                    continue;
                }
                let value = match rest.as_str() {
                    "" => args.next().cloned(),
                    value => Some(value.to_owned()),
                };
                let Some(value) = value else {
                    return Err(fail(call, command, &format!("option requires an argument -- '{letter}'"), 1));
                };
                options.given.push((letter, value));
                break;
            }
        } else {
            options.words.push(arg.clone());
            if stops {
                options.words.extend(args.cloned());
                break;
            }
        }
    }
    Ok(options)
}
