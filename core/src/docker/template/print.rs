//! Values as Go's fmt prints them.
//!
//! Models: Go fmt/print.go and fmt/format.go, as far as values of templates need.

use crate::docker::units::{go_duration, quote};
use crate::{date, decimal, json::Value};

/// What an action leaves in the output.
pub(super) fn print_value(out: &mut String, value: &Value) {
    match value {
        Value::Nil("") => out.push_str("<no value>"),
        Value::Nil(name) if name.starts_with("[]") => out.push_str("[]"),
        Value::Nil(name) if name.starts_with("map[") => out.push_str("map[]"),
        Value::Nil(_) => out.push_str("<nil>"),
        Value::Bool(value) => out.push_str(&value.to_string()),
        Value::Int(value) => out.push_str(&value.to_string()),
        Value::Uint(value) => out.push_str(&value.to_string()),
        Value::Float(value) => out.push_str(&decimal::shortest(*value)),
        Value::Text(text) => out.push_str(text),
        Value::Duration(nanos) => out.push_str(&go_duration(*nanos)),
        Value::Time(unix_ms) => out.push_str(&date::go_time(*unix_ms)),
        Value::List(members) => {
            let members: Vec<String> = members.iter().map(printed).collect();
            *out += &format!("[{}]", members.join(" "));
        }
        Value::Map(members) => {
            let members: Vec<String> = members.iter().map(|(key, value)| format!("{key}:{}", printed(value))).collect();
            *out += &format!("map[{}]", members.join(" "));
        }
        // Differs: Go prints pointers within a struct as addresses. Here what they point to is shown.
        Value::Struct(object) => {
            let fields: Vec<String> = object.fields.iter().map(|field| printed(&field.value)).collect();
            *out += &format!("{{{}}}", fields.join(" "));
        }
    }
}

pub(in crate::docker) fn printed(value: &Value) -> String {
    let mut text = String::new();
    print_value(&mut text, value);
    text
}

/// Go's name of a value's type.
pub(super) fn type_of(value: &Value) -> &str {
    match value {
        Value::Nil(name) => name,
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Uint(_) => "uint64",
        Value::Float(_) => "float64",
        Value::Text(_) => "string",
        Value::Duration(_) => "time.Duration",
        Value::Time(_) => "time.Time",
        Value::List(_) => "[]string",
        Value::Map(_) => "map[string]string",
        Value::Struct(object) => object.name,
    }
}

/// `printf`: the verbs v s d q t f x c T and %, with flags, width and precision.
pub(super) fn sprintf(format: &str, values: &[Value]) -> String {
    let mut out = String::new();
    let mut values = values.iter();
    let mut rest = format;
    while let Some(percent) = rest.find('%') {
        out.push_str(&rest[..percent]);
        rest = &rest[percent + 1..];
        let spec_end = rest.find(|c: char| !"-+# 0123456789.".contains(c));
        let Some(end) = spec_end else {
            out.push_str("%!(NOVERB)");
            rest = "";
            break;
        };
        let spec = &rest[..end];
        // Of numbers too large to be meant, Go makes an end.
        if spec.split(|c: char| !c.is_ascii_digit()).any(|number| number.len() > 6) {
            out.push_str("%!(NOVERB)");
            rest = "";
            break;
        }
        let verb = rest[end..].chars().next().expect("a verb was found there");
        rest = &rest[end + verb.len_utf8()..];
        if verb == '%' {
            out.push('%');
        } else if let Some(value) = values.next() {
            out += &formatted(spec, verb, value);
        } else {
            out += &format!("%!{verb}(MISSING)");
        }
    }
    out.push_str(rest);
    let extra: Vec<String> = values.map(|value| format!("{}={}", type_of(value), printed(value))).collect();
    if !extra.is_empty() {
        out += &format!("%!(EXTRA {})", extra.join(", "));
    }
    out
}

fn formatted(spec: &str, verb: char, value: &Value) -> String {
    let flags_end = spec.find(|c: char| matches!(c, '1'..='9' | '.')).unwrap_or(spec.len());
    let (flags, sizes) = spec.split_at(flags_end);
    let (width, precision) = sizes.split_once('.').map_or((sizes, None), |(width, precision)| (width, Some(precision)));
    let width: usize = width.parse().unwrap_or(0);
    let precision = precision.map(|digits| digits.parse::<usize>().unwrap_or(0));
    let whole = match value {
        Value::Int(number) | Value::Duration(number) => Some(i128::from(*number)),
        Value::Uint(number) => Some(i128::from(*number)),
        _ => None,
    };
    let body = match (verb, value, whole) {
        ('v', ..) => printed(value),
        ('s', Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Float(_), _) => bad(verb, value),
        ('s', ..) => {
            let text = printed(value);
            precision.map_or(text.clone(), |most| text.chars().take(most).collect())
        }
        ('d', _, Some(number)) => number.to_string(),
        ('x', _, Some(number)) => format!("{number:x}"),
        ('x', Value::Text(text), _) => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        ('c', _, Some(number)) => u32::try_from(number).ok().and_then(char::from_u32).unwrap_or('\u{fffd}').to_string(),
        ('q', Value::Text(text), _) => quote(text),
        ('t', Value::Bool(truth), _) => truth.to_string(),
        ('f' | 'g' | 'e', Value::Float(number), _) => match (verb, precision) {
            ('g', None) => decimal::shortest(*number),
            _ => decimal::fixed(*number, precision.unwrap_or(6)),
        },
        ('T', ..) => type_of(value).to_owned(),
        _ => bad(verb, value),
    };
    let body = if flags.contains('+') && whole.is_some_and(|number| number >= 0) { format!("+{body}") } else { body };
    let missing = width.saturating_sub(body.chars().count());
    if flags.contains('-') {
        body + &" ".repeat(missing)
    } else if flags.contains('0') && (whole.is_some() || matches!(value, Value::Float(_))) {
        let digits = body.trim_start_matches(['-', '+']);
        [&body[..body.len() - digits.len()], &"0".repeat(missing), digits].concat()
    } else {
        " ".repeat(missing) + &body
    }
}

fn bad(verb: char, value: &Value) -> String {
    format!("%!{verb}({}={})", type_of(value), printed(value))
}
