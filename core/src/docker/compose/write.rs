//! Writes YAML as `docker stack config` does.
//!
//! Models: go-yaml v3 encode.go and emitterc.go, with an indentation of two.

use super::yaml::Yaml;

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
    match value {
        Yaml::Map(pairs) => {
            for (key, value) in pairs {
                begin(text);
                scalar(text, &Yaml::text(key.as_str()), indent);
                text.push(':');
                inner(text, value, indent);
            }
        }
        Yaml::List(items) => {
            for item in items {
                begin(text);
                text.push('-');
                match item {
                    Yaml::Map(pairs) if !pairs.is_empty() => {
                        text.push(' ');
                        block(text, item, indent + 2);
                    }
                    item => inner(text, item, indent),
                }
            }
        }
        Yaml::Scalar { .. } => scalar(text, value, indent),
    }
}

/// What follows a key or a dash.
fn inner(text: &mut String, value: &Yaml, indent: usize) {
    match value {
        Yaml::Map(pairs) if pairs.is_empty() => text.push_str(" {}\n"),
        Yaml::List(items) if items.is_empty() => text.push_str(" []\n"),
        Yaml::Scalar { .. } => {
            text.push(' ');
            scalar(text, value, indent);
            text.push('\n');
        }
        collection => {
            text.push('\n');
            block(text, collection, indent + 2);
        }
    }
}

fn scalar(out: &mut String, value: &Yaml, indent: usize) {
    let Yaml::Scalar { text, plain } = value else { return };
    if *plain {
        out.push_str(if value.is_null() { "null" } else { text });
    } else if text.contains('\n') {
        out.push_str(if text.ends_with('\n') { "|" } else { "|-" });
        for line in text.lines() {
            out.push('\n');
            if !line.is_empty() {
                out.extend(std::iter::repeat_n(' ', indent + 2));
                out.push_str(line);
            }
        }
    } else if means_something_else(text) {
        out.push_str(&crate::docker::units::quote(text));
    } else if needs_quotes(text) {
        out.push('\'');
        out.push_str(&text.replace('\'', "''"));
        out.push('\'');
    } else {
        out.push_str(text);
    }
}

/// Whether a text without quotes would be a number, a truth, or nothing.
fn means_something_else(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let words = ["", "~", "null", "true", "false", "y", "n", "yes", "no", "on", "off"];
    let digits = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    words.contains(&lower.as_str())
        || (digits && text.replace('_', "").parse::<f64>().is_ok())
        || lower.starts_with("0x")
}

fn needs_quotes(text: &str) -> bool {
    let sign = text.starts_with(|c: char| "-?:,[]{}#&*!|>'\"%@`=<".contains(c));
    let dash = text.starts_with(['-', '?', ':', '=', '<']) && text.len() > 1 && !text[1..].starts_with(' ');
    (sign && !dash) || text.contains(": ") || text.contains(" #") || text.ends_with(':') || text.trim() != text
}
