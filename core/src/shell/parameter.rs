//! What `${…}` can do with a value: defaults, trimming, replacing, slices. Part of the expansion.
//!
//! Models: bash, subst.c (parameter_brace_expand). Differs: no arrays, no `${!name}`.

use super::arith;
use super::ast::{BAD, LENGTH, Word};
use super::expand::Expander;
use super::pattern::{fits, is_pattern};

/// How long a value may be that is searched for a pattern: trying all its parts takes the square of that.
const LONGEST: usize = 1 << 10;

impl Expander<'_> {
    pub(super) fn parameter(&mut self, name: &str, operator: &str, operands: &[Word]) -> Result<String, String> {
        if operator == BAD {
            return Err(format!("${{{name}}}: bad substitution"));
        }
        let value = self.env.parameter(name);
        let [first, rest @ ..] = operands else {
            let value = value.unwrap_or_default();
            return Ok(if operator == LENGTH { value.chars().count().to_string() } else { value });
        };
        if let Some(kind) = operator.strip_prefix(':').or(Some(operator)).filter(|kind| "-=+?".contains(*kind)) {
            // With a colon, an empty value counts as none.
            let set = value.filter(|value| !operator.starts_with(':') || !value.is_empty());
            if !kind.is_empty() {
                return self.default(name, kind, set, first);
            }
            return self.slice(&set.unwrap_or_default(), first, rest);
        }
        let value = value.unwrap_or_default();
        let pattern = self.pattern(first)?;
        if value.len() > LONGEST && is_pattern(&pattern) {
            return Err(format!(
                "${{{name}{operator}…}}: a value of more than 1 KB is not searched for a pattern here"
            ));
        }
        Ok(match operator {
            "#" | "##" => trim_start(&value, &pattern, operator == "##"),
            "%" | "%%" => trim_end(&value, &pattern, operator == "%%"),
            "^" | "^^" | "," | ",," => cased(&value, operator),
            _ => {
                let with = rest.first().map_or(Ok(String::new()), |word| self.text(word))?;
                replaced(&value, &pattern, &with, operator)
            }
        })
    }

    fn default(&mut self, name: &str, kind: &str, set: Option<String>, word: &Word) -> Result<String, String> {
        match (kind, set) {
            ("+", None) => {
                self.skip(word);
                Ok(String::new())
            }
            ("+", Some(_)) => self.text(word),
            (_, Some(value)) => {
                self.skip(word);
                Ok(value)
            }
            ("?", None) => {
                let why = self.text(word)?;
                Err(format!("{name}: {}", if why.is_empty() { "parameter null or not set" } else { &why }))
            }
            (_, None) => {
                let value = self.text(word)?;
                if kind == "=" {
                    self.env.set(name, value.clone());
                }
                Ok(value)
            }
        }
    }

    /// `${name:offset:length}`
    fn slice(&mut self, value: &str, offset: &Word, length: &[Word]) -> Result<String, String> {
        let characters: Vec<char> = value.chars().collect();
        let count = characters.len() as i64;
        let offset = arith::evaluate(&self.text(offset)?, self.env)?;
        let start = if offset < 0 { count + offset } else { offset };
        let end = match length.first() {
            None => count,
            Some(length) => match arith::evaluate(&self.text(length)?, self.env)? {
                short @ ..0 => count + short,
                length => start.saturating_add(length),
            },
        };
        if start < 0 || end < start {
            return Ok(String::new());
        }
        Ok(characters.into_iter().take(end as usize).skip(start as usize).collect())
    }
}

/// Where characters begin, and the end.
fn places(text: &str) -> impl DoubleEndedIterator<Item = usize> + Clone {
    text.char_indices().map(|(at, _)| at).chain([text.len()])
}

fn trim_start(value: &str, pattern: &str, longest: bool) -> String {
    let fitting = |at: &usize| fits(pattern, &value[..*at]);
    let found = if longest { places(value).rev().find(fitting) } else { places(value).find(fitting) };
    value[found.unwrap_or(0)..].to_owned()
}

fn trim_end(value: &str, pattern: &str, longest: bool) -> String {
    let fitting = |at: &usize| fits(pattern, &value[*at..]);
    let found = if longest { places(value).find(fitting) } else { places(value).rev().find(fitting) };
    value[..found.unwrap_or(value.len())].to_owned()
}

fn cased(value: &str, operator: &str) -> String {
    let upper = operator.starts_with('^');
    let change = |text: &str| if upper { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() };
    let first = value.chars().next().map_or(0, char::len_utf8);
    let (first, rest) = value.split_at(first);
    change(first) + &if operator.len() == 2 { change(rest) } else { rest.to_owned() }
}

/// `${name/pattern/with}`: the longest of the first places that fit. `//`: of all; `/#`, `/%`: only at an end.
fn replaced(value: &str, pattern: &str, with: &str, operator: &str) -> String {
    let (mut result, mut rest) = (String::new(), value);
    if pattern.is_empty() {
        return value.to_owned();
    }
    if operator == "//" && !is_pattern(pattern) {
        return value.replace(&pattern.replace('\\', ""), with);
    }
    while !rest.is_empty() {
        let ends = |end: &usize| fits(pattern, &rest[..*end]) && (operator != "/%" || *end == rest.len());
        match places(rest).rev().find(ends).filter(|end| *end > 0) {
            Some(end) => {
                result.push_str(with);
                rest = &rest[end..];
                if operator != "//" {
                    break;
                }
            }
            None if operator == "/#" => break,
            None => {
                let first = rest.chars().next().map_or(0, char::len_utf8);
                result.push_str(&rest[..first]);
                rest = &rest[first..];
            }
        }
    }
    result + rest
}
