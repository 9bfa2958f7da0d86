//! Writes YAML as `docker stack config` does.
//!
//! Models: go-yaml v3 encode.go and emitterc.go, with an indentation of two. Differs: keys of more than 128 characters
//! are written like others.

use super::yaml::{Yaml, resolve};

/// A document of a map.
pub(crate) fn write(value: &Yaml) -> String {
    let mut text = String::new();
    block(&mut text, value, 0);
    text
}

/// The lines of a collection, each beginning at `indent`; the first line may have been begun already.
fn block(text: &mut String, value: &Yaml, indent: usize) {
    let begin = |text: &mut String| {
        if text.is_empty() || text.ends_with('\n') {
            text.extend(std::iter::repeat_n(' ', indent));
        }
    };
    for (key, value) in value.as_map() {
        begin(text);
        let key = key.as_str();
        string(text, key, None);
        text.push(':');
        inner(text, value, indent);
    }
    for item in value.as_list() {
        begin(text);
        text.push('-');
        if item.as_map().is_empty() && item.as_list().is_empty() {
            inner(text, item, indent);
        } else {
            text.push(' ');
            block(text, item, indent + 2);
        }
    }
}

/// What follows a key or a dash.
fn inner(text: &mut String, value: &Yaml, indent: usize) {
    match value {
        Yaml::Map(pairs) if pairs.is_empty() => text.push_str(" {}"),
        Yaml::List(items) if items.is_empty() => text.push_str(" []"),
        Yaml::Map(_) | Yaml::List(_) => {
            text.push('\n');
            return block(text, value, indent + 2);
        }
        Yaml::Text(said) => {
            text.push(' ');
            string(text, said, Some(indent + 2));
        }
        Yaml::Null => text.push_str(" null"),
        Yaml::Time(time) => {
            text.push(' ');
            text.push_str(time);
        }
        value => {
            text.push(' ');
            text.push_str(&value.printed());
        }
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
}

/// A text in the style that it needs. `indent`: of its lines, where it may have several.
fn string(out: &mut String, text: &str, indent: Option<usize>) {
    let special = text.chars().any(|c| c != '\t' && !is_printable(c)) || text.contains(" \n");
    match indent {
        Some(indent) if text.contains('\n') && !special && !text.ends_with(' ') => literal(out, text, indent),
        _ if special || text.contains(['\t', '\n']) || is_something_else(text) => double_quoted(out, text),
        _ if needs_quotes(text) => {
            out.push('\'');
            out.push_str(&text.replace('\'', "''"));
            out.push('\'');
        }
        _ => out.push_str(text),
    }
}

/// The lines of a text, after a sign that says what becomes of those at its end.
fn literal(out: &mut String, text: &str, indent: usize) {
    out.push('|');
    if text.starts_with([' ', '\n']) {
        out.push('2');
    }
    if text == "\n" || text.ends_with("\n\n") {
        out.push('+');
    } else if !text.ends_with('\n') {
        out.push('-');
    }
    // As in go-yaml, a line break at the beginning is the one that ends the sign's line.
    let body = text.strip_prefix('\n').unwrap_or(text);
    if body.is_empty() {
        return;
    }
    for line in body.strip_suffix('\n').unwrap_or(body).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
    }
    if body.ends_with('\n') {
        out.push('\n');
    }
}

fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}') && c != '\u{feff}'
}

fn double_quoted(out: &mut String, text: &str) {
    const NAMED: &str = "\u{0}0\u{7}a\u{8}b\tt\nn\u{b}v\u{c}f\rr\u{1b}e\"\"\\\\\u{85}N\u{2028}L\u{2029}P";
    out.push('"');
    for c in text.chars() {
        let mut pairs = NAMED.chars();
        let mut name = None;
        while let (Some(named), Some(letter)) = (pairs.next(), pairs.next()) {
            if named == c {
                name = Some(letter);
            }
        }
        match name {
            Some(letter) => out.extend(['\\', letter]),
            None if is_printable(c) => out.push(c),
            None => {
                let (letter, digits) = match c as u32 {
                    0..=0xff => ('x', 2),
                    0x100..=0xffff => ('u', 4),
                    _ => ('U', 8),
                };
                out.push_str(&format!("\\{letter}{:0digits$X}", c as u32));
            }
        }
    }
    out.push('"');
}

/// Whether a text without quotes would be a number, a truth, nothing, or was one of them in YAML 1.1.
fn is_something_else(text: &str) -> bool {
    const OLD: &[&str] = &["y", "yes", "on", "n", "no", "off"];
    let lower = text.to_ascii_lowercase();
    // Written small, large, or with a large beginning.
    let old = OLD.contains(&lower.as_str()) && (text[1..] == lower[1..] || text == text.to_ascii_uppercase());
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = unsigned.split(':');
    let first = parts.next().unwrap_or("");
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let sixty = unsigned.contains(':')
        && first.starts_with(|c: char| c.is_ascii_digit())
        && first.bytes().all(|b| b.is_ascii_digit() || b == b'_')
        && parts.all(|part| digits(part) && part.parse().is_ok_and(|part: u8| part < 60));
    old || sixty || !matches!(resolve("", text, true), Ok(Yaml::Text(_)))
}

fn needs_quotes(text: &str) -> bool {
    let first = text.chars().next().unwrap_or(' ');
    let alone = matches!(text.chars().nth(1), None | Some(' ' | '\t'));
    "#,[]{}&*!|>'\"%@` ".contains(first)
        || ("?:-".contains(first) && alone)
        || text.starts_with("---")
        || text.starts_with("...")
        || text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
}
