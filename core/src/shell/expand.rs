//! Words to arguments: parameters, the answers of `$(…)`, splitting at blanks, `~`. Called by `process` when every
//! `$(…)` of a command has been answered.
//!
//! Models: bash, subst.c. Differs: of the forms `${…}` only `${NAME}` is there, and nothing is matched against files.

use crate::collections::Map;
use std::rc::Rc;

use super::ast::{List, Mode, Piece, Simple, Word};
use super::files::HOME;
use super::lex::{is_name, is_name_start};

/// What a shell remembers from one command to the next.
#[derive(Clone, Debug)]
pub(super) struct Env {
    pub variables: Map<String, String>,
    pub directory: String,
    /// `$?`
    pub status: i32,
}

impl Env {
    pub(super) fn new(host: &str) -> Env {
        let variables = [("HOME", HOME), ("HOSTNAME", host), ("USER", "root")];
        Env {
            variables: variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            directory: HOME.to_owned(),
            status: 0,
        }
    }

    /// The value of a variable; empty where it is not set.
    pub(super) fn variable(&self, name: &str) -> &str {
        self.variables.get(name).map_or("", String::as_str)
    }

    fn parameter(&self, name: &str) -> Result<String, String> {
        Ok(match name {
            "?" => self.status.to_string(),
            "#" => "0".to_owned(),
            "$" => "1".to_owned(),
            "0" => "bash".to_owned(),
            "!" | "@" | "*" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" => String::new(),
            name if name.starts_with(is_name_start) && name.chars().all(is_name) => {
                self.variables.get(name).cloned().unwrap_or_default()
            }
            name if name.starts_with(is_name_start) && !name.contains(' ') => {
                return Err(format!("${{{name}}}: of these forms only ${{NAME}} is simulated"));
            }
            name => return Err(format!("${{{name}}}: bad substitution")),
        })
    }
}

/// A simple command ready to run.
pub(super) struct Expanded {
    pub assignments: Vec<(String, String)>,
    pub words: Vec<String>,
    pub redirects: Vec<(u8, Mode, String)>,
}

/// The `$(…)` of a command, in the order in which they are answered.
pub(super) fn substitutions(simple: &Simple) -> impl Iterator<Item = &Rc<List>> {
    simple.all_words().flat_map(|word| &word.0).filter_map(|piece| match piece {
        Piece::Command { list, .. } => Some(list),
        _ => None,
    })
}

/// Expands a command. `answers` has one text for each of its [`substitutions`].
///
/// # Errors
/// What bash says, without `bash: `.
pub(super) fn expand(simple: &Simple, env: &Env, answers: &[String]) -> Result<Expanded, String> {
    let mut answers = answers.iter();
    let mut words = Vec::new();
    for word in &simple.words {
        words.extend(fields(word, env, &mut answers, true)?);
    }
    let mut assignments = Vec::new();
    for (name, word) in &simple.assignments {
        assignments.push((name.clone(), fields(word, env, &mut answers, false)?.concat()));
    }
    let mut redirects = Vec::new();
    for redirect in &simple.redirects {
        let mut target = fields(&redirect.target, env, &mut answers, true)?;
        match (target.pop(), target.is_empty()) {
            (Some(only), true) => redirects.push((redirect.fd, redirect.mode, only)),
            _ => return Err("ambiguous redirect".to_owned()),
        }
    }
    Ok(Expanded { assignments, words, redirects })
}

/// The arguments that a word becomes: one, or where unquoted expansions are split, any number.
fn fields<'a>(
    word: &Word,
    env: &Env,
    answers: &mut impl Iterator<Item = &'a String>,
    split: bool,
) -> Result<Vec<String>, String> {
    let mut fields = Fields::default();
    for (place, piece) in word.0.iter().enumerate() {
        let (value, quoted) = match piece {
            Piece::Text { text, quoted } => {
                let home = text
                    .strip_prefix('~')
                    .filter(|rest| place == 0 && !quoted && (rest.is_empty() || rest.starts_with('/')));
                match home {
                    Some(rest) => fields.join(&(env.parameter("HOME")? + rest)),
                    None => fields.join(text),
                }
                continue;
            }
            Piece::Parameter { name, quoted } => (env.parameter(name)?, *quoted),
            Piece::Command { quoted, .. } => {
                (answers.next().expect("every substitution was answered before").clone(), *quoted)
            }
        };
        if quoted || !split {
            fields.join(&value);
        } else {
            fields.split(&value);
        }
    }
    Ok(fields.end())
}

#[derive(Default)]
struct Fields {
    done: Vec<String>,
    current: Option<String>,
}

impl Fields {
    fn join(&mut self, text: &str) {
        self.current.get_or_insert_default().push_str(text);
    }

    fn split(&mut self, text: &str) {
        for (place, part) in text.split([' ', '\t', '\n']).enumerate() {
            if place > 0 {
                self.done.extend(self.current.take());
            }
            if !part.is_empty() {
                self.join(part);
            }
        }
    }

    fn end(mut self) -> Vec<String> {
        self.done.extend(self.current);
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::parse::parse;

    /// The words that a command becomes, or why it cannot be expanded.
    fn words(text: &str, answers: &[&str]) -> Vec<String> {
        let list = parse(text).expect("the test's text is a command");
        let mut env = Env::new("manager");
        env.status = 7;
        env.variables.insert("two".to_owned(), " a  b ".to_owned());
        let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
        let expanded = expand(&list.0[0].pipeline.stages[0], &env, &answers);
        expanded.map_or_else(|why| vec![why], |expanded| expanded.words)
    }

    #[test]
    fn unquoted_values_are_split_and_quoted_ones_are_not() {
        assert_eq!(words("x$two$two\"y\"", &[]), ["x", "a", "b", "a", "b", "y"]);
        assert_eq!(words("\"x$two\" '$two' \\$two", &[]), ["x a  b ", "$two", "$two"]);
        assert_eq!(words("kill $(ps) \"$(ps)\"", &["1\n2", "3\n4"]), ["kill", "1", "2", "3\n4"]);
        assert_eq!(words("echo $none \"$none\" a$none", &[]), ["echo", "", "a"]);
    }

    #[test]
    fn parameters_and_home() {
        assert_eq!(
            words("echo $? ${HOSTNAME}s ~ ~/a a~ '~'", &[]),
            ["echo", "7", "managers", "/root", "/root/a", "a~", "~"]
        );
        assert_eq!(words("echo ${a b}", &[]), ["${a b}: bad substitution"]);
    }
}
