//! `${NAME}` and its kin in the values of a compose file.
//!
//! Models: docker/cli cli/compose/template/template.go, cli/compose/interpolation/interpolation.go and
//! cli/compose/loader/interpolate.go.

use super::schema::{ROOT, Shape};
use super::yaml::{Yaml, resolve};
use crate::docker::units::{parse_float, parse_int, quote};

/// The value of a variable, if it is set.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Fills in the variables of a file.
pub(super) fn interpolate(file: &mut Yaml, variable: Lookup) -> Result<(), String> {
    walk(Some(&ROOT), "", file, variable)
}

fn walk(shape: Option<&Shape>, path: &str, value: &mut Yaml, variable: Lookup) -> Result<(), String> {
    let inner = |value: &Yaml, key: &str| shape.and_then(|shape| shape.inside(value, key));
    match value {
        Yaml::Map(pairs) => {
            let map = Yaml::Map(Vec::new());
            for (key, value) in pairs {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                walk(inner(&map, key), &path, value, variable)?;
            }
        }
        Yaml::List(items) => {
            let list = Yaml::List(Vec::new());
            for item in items {
                walk(inner(&list, ""), &format!("{path}.[]"), item, variable)?;
            }
        }
        Yaml::Text(text) if text.contains('$') => {
            let filled = fill(text, variable).map_err(|template| {
                format!(
                    "invalid interpolation format for {path}: {}; you may need to escape any $ with another $",
                    quote(&template)
                )
            })?;
            if filled != *text {
                *value = cast(shape, filled).map_err(|why| {
                    format!("error while interpolating {path}: failed to cast to expected type: {why}")
                })?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// What a variable stands for becomes a number or a truth where one is wanted.
fn cast(shape: Option<&Shape>, text: String) -> Result<Yaml, String> {
    let shape = match shape {
        Some(Shape::Kept(shape)) => Some(*shape),
        // Of several shapes the one that is no text, list or map.
        Some(Shape::Either([first @ (Shape::Int | Shape::Bool), _])) => Some(first),
        shape => shape,
    };
    match shape {
        Some(Shape::Int) => parse_int(&text).map(Yaml::Int).map_err(|why| why.replace("ParseInt", "Atoi")),
        // Of the numbers only the ratio may have a point.
        Some(Shape::Number) => {
            parse_float(&text)?;
            resolve("!!float", &text, true)
        }
        Some(Shape::Bool) => match text.to_lowercase().as_str() {
            "true" | "y" | "yes" | "on" => Ok(Yaml::Bool(true)),
            "false" | "n" | "no" | "off" => Ok(Yaml::Bool(false)),
            _ => Err(format!("invalid boolean: {text}")),
        },
        _ => Ok(Yaml::Text(text)),
    }
}

/// Fills in the variables of a text; one that is not set is empty. The error is the template that is named as wrong.
///
/// As in Docker, `$NAME-word` is `${NAME-word}` without braces, a default holds no variables, and what is right later
/// makes good what was wrong before.
fn fill(text: &str, variable: Lookup) -> Result<String, String> {
    let mut filled = String::new();
    // The template that is named, where it is not the whole text.
    let mut bad: Option<Option<String>> = None;
    let (mut rest, last) = (text, text.rfind('}'));
    while let Some(place) = rest.find('$') {
        filled.push_str(&rest[..place]);
        rest = &rest[place + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            filled.push('$');
            rest = after;
            continue;
        }
        let closes = last.is_some_and(|last| last + rest.len() >= text.len());
        let (inner, closed) = match rest.strip_prefix('{') {
            Some(_) if !closes => ("", None),
            Some(from) => {
                let (inner, after) = from.split_at(substitution(from));
                (inner, after.strip_prefix('}'))
            }
            None => {
                let (inner, after) = rest.split_at(substitution(rest));
                (inner, Some(after))
            }
        };
        match closed.filter(|_| !inner.is_empty()) {
            None => bad = Some(None),
            Some(after) => {
                rest = after;
                match substitute(inner, variable) {
                    Ok(value) => {
                        bad = None;
                        filled.push_str(&value);
                    }
                    Err(why) => bad = Some(Some(why)),
                }
            }
        }
    }
    filled.push_str(rest);
    match bad {
        None => Ok(filled),
        Some(template) => Err(template.unwrap_or_else(|| text.to_owned())),
    }
}

/// How long a name with its operator and word is; 0: there is none.
fn substitution(text: &str) -> usize {
    let name = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_digit()) || name == 0 {
        return 0;
    }
    let after = &text[name..];
    if after.strip_prefix(':').unwrap_or(after).starts_with(['-', '?']) {
        return name + after.find('}').unwrap_or(after.len());
    }
    name
}

fn substitute(inner: &str, variable: Lookup) -> Result<String, String> {
    for operator in [":-", "-", ":?", "?"] {
        let Some((name, word)) = inner.split_once(operator) else { continue };
        let value = variable(name).filter(|value| !operator.starts_with(':') || !value.is_empty());
        return match value {
            Some(value) => Ok(value),
            None if operator.ends_with('-') => Ok(word.to_owned()),
            None => Err(format!("required variable {name} is missing a value: {word}")),
        };
    }
    Ok(variable(inner).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in() {
        let variable = |name: &str| match name {
            "A" => Some("x".to_owned()),
            "E" => Some(String::new()),
            _ => None,
        };
        for (text, filled) in [
            ("plain", Ok("plain")),
            ("$A-${A}-$N", Ok("x}-")),
            ("$A/${A}/$N/${N}", Ok("x/x//")),
            ("${A:-d}${E:-d}${N:-d}${E-d}${N-d}", Ok("xddd")),
            ("${N:-${A}}", Ok("${A}")),
            ("$$A ${N:-a:b}", Ok("$A a:b")),
            ("${A?no}", Ok("x")),
            ("${E?set E}", Ok("")),
            ("$ ${A}", Ok(" x")),
            ("${", Err("${")),
            ("a $", Err("a $")),
            ("$1", Err("$1")),
            ("${A!}", Err("${A!}")),
            ("${N:?gone}", Err("required variable N is missing a value: gone")),
        ] {
            assert_eq!(fill(text, &variable), filled.map(str::to_owned).map_err(str::to_owned), "{text}");
        }
    }
}
