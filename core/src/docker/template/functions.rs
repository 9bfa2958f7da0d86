//! The functions that a template may call: Go's own and Docker's.
//!
//! Models: Go text/template/funcs.go and docker/cli templates/templates.go.

use std::cmp::Ordering;

use super::Words;
use super::print::{printed, sprintf, type_of};
use crate::json::{Html, Value};

/// Name, least and most number of operands.
const FUNCTIONS: [(&str, usize, usize); 27] = [
    ("and", 1, MANY),
    ("call", 1, MANY),
    ("html", 1, MANY),
    ("index", 1, MANY),
    ("slice", 1, 4),
    ("js", 1, MANY),
    ("len", 1, 1),
    ("not", 1, 1),
    ("or", 1, MANY),
    ("print", 0, MANY),
    ("printf", 1, MANY),
    ("println", 0, MANY),
    ("urlquery", 1, MANY),
    ("eq", 1, MANY),
    ("ge", 2, 2),
    ("gt", 2, 2),
    ("le", 2, 2),
    ("lt", 2, 2),
    ("ne", 2, 2),
    ("json", 1, 1),
    ("split", 2, 2),
    ("join", 2, 2),
    ("title", 1, 1),
    ("lower", 1, 1),
    ("upper", 1, 1),
    ("pad", 3, 3),
    ("truncate", 2, 2),
];

const MANY: usize = usize::MAX;

/// How far a text is filled up. Go goes on until it has no memory left.
const LONGEST: usize = 1_000_000;

/// Why a call went wrong.
pub(super) enum Wrong {
    /// The number of operands.
    Count(String),
    /// An operand's type.
    Type { operand: usize, message: String },
    /// The function itself.
    Failed(String),
}

pub(super) fn exists(name: &str) -> bool {
    FUNCTIONS.iter().any(|(known, ..)| *known == name)
}

/// Go's name of a value's type.
pub(super) fn type_name(value: &Value) -> &str {
    type_of(value)
}

pub(super) fn call(name: &str, values: &[Value], words: Words) -> Result<Value, Wrong> {
    let (_, least, most) = FUNCTIONS.iter().find(|(known, ..)| *known == name).expect("the parser knows its functions");
    if values.len() < *least || values.len() > *most {
        let want = if most > least && *most == MANY { format!("at least {least}") } else { least.to_string() };
        return Err(Wrong::Count(format!("wrong number of args for {name}: want {want} got {}", values.len())));
    }
    let text = |at: usize| match &values[at] {
        Value::Text(text) => Ok(text.as_str()),
        other => Err(Wrong::Type {
            operand: at,
            message: format!("wrong type for value; expected string; got {}", type_of(other)),
        }),
    };
    let size = |at: usize| match values[at] {
        Value::Int(number) => {
            usize::try_from(number).map_err(|_| Wrong::Failed(format!("index out of range: {number}")))
        }
        Value::Uint(number) => Ok(number as usize),
        ref other => Err(Wrong::Failed(format!("cannot index slice/array with type {}", type_of(other)))),
    };
    let titles = words == Words::Titles;
    Ok(match name {
        "json" | "title" | "lower" | "upper" | "truncate" if titles => values[0].clone(),
        "json" => Value::Text(values[0].compact(Html::Plain)),
        "lower" => Value::Text(text(0)?.to_ascii_lowercase()),
        "upper" => Value::Text(text(0)?.to_ascii_uppercase()),
        "title" => Value::Text(titled(text(0)?)),
        "split" => Value::List(text(0)?.split(text(1)?).map(Value::text).collect()),
        "join" => match &values[0] {
            Value::List(members) => Value::Text(members.iter().map(printed).collect::<Vec<_>>().join(text(1)?)),
            Value::Nil(_) => Value::text(""),
            other => {
                let message = format!("wrong type for value; expected []string; got {}", type_of(other));
                return Err(Wrong::Type { operand: 0, message });
            }
        },
        "pad" => {
            let text = text(0)?;
            if text.is_empty() {
                Value::text("")
            } else {
                let (before, after) = (size(1)?, size(2)?);
                if before.max(after) > LONGEST {
                    return Err(Wrong::Failed("strings: Repeat output length overflow".to_owned()));
                }
                Value::Text([&" ".repeat(before), text, &" ".repeat(after)].concat())
            }
        }
        "truncate" => {
            let (text, most) = (text(0)?, size(1)?);
            Value::text(&text[..text.floor_char_boundary(most)])
        }
        "not" => Value::Bool(values[0].is_zero()),
        "len" => match &values[0] {
            Value::Text(text) => Value::Int(text.len() as i64),
            Value::List(members) => Value::Int(members.len() as i64),
            Value::Map(members) => Value::Int(members.len() as i64),
            Value::Nil(name) if name.starts_with("[]") || name.starts_with("map") => Value::Int(0),
            other => return Err(Wrong::Failed(format!("len of type {}", type_of(other)))),
        },
        "index" => index(values, size)?,
        "slice" => slice(values, size)?,
        "print" => Value::Text(concatenated(values, false)),
        "println" => Value::Text(concatenated(values, true)),
        "printf" => Value::Text(sprintf(text(0)?, &values[1..])),
        "html" => Value::Text(escaped(&concatenated(values, false))),
        "js" | "urlquery" => Value::Text(concatenated(values, false)),
        "eq" | "ne" => {
            let Some((first, others)) = values.split_first().filter(|(_, others)| !others.is_empty()) else {
                return Err(Wrong::Failed("missing argument for comparison".to_owned()));
            };
            let mut equal = false;
            for other in others {
                equal |= compared(first, other)? == Some(Ordering::Equal);
            }
            Value::Bool(equal == (name == "eq"))
        }
        "lt" | "le" | "gt" | "ge" => {
            let Some(order) = compared(&values[0], &values[1])? else {
                return Err(Wrong::Failed("invalid type for comparison".to_owned()));
            };
            Value::Bool(match name {
                "lt" => order.is_lt(),
                "le" => order.is_le(),
                "gt" => order.is_gt(),
                _ => order.is_ge(),
            })
        }
        "call" => return Err(Wrong::Failed(format!("non-function of type {}", type_of(&values[0])))),
        // `and` and `or` are worked out operand by operand, before they come here.
        _ => unreachable!("every function has its branch"),
    })
}

fn index(values: &[Value], size: impl Fn(usize) -> Result<usize, Wrong>) -> Result<Value, Wrong> {
    let mut value = values[0].clone();
    for (at, key) in values.iter().enumerate().skip(1) {
        value = match &value {
            Value::List(members) => {
                let place = size(at)?;
                let out = || Wrong::Failed(format!("index out of range: {place}"));
                members.get(place).cloned().ok_or_else(out)?
            }
            Value::Text(text) => {
                let place = size(at)?;
                let out = || Wrong::Failed(format!("index out of range: {place}"));
                Value::Uint(u64::from(*text.as_bytes().get(place).ok_or_else(out)?))
            }
            Value::Map(members) => match key {
                Value::Text(key) => members.get(key).cloned().unwrap_or(Value::text("")),
                other => {
                    let message = format!("value has type {}; should be string", type_of(other));
                    return Err(Wrong::Failed(message));
                }
            },
            Value::Nil(name) if name.starts_with("map") => Value::text(""),
            Value::Nil(_) => return Err(Wrong::Failed("index of nil pointer".to_owned())),
            other => return Err(Wrong::Failed(format!("can't index item of type {}", type_of(other)))),
        };
    }
    Ok(value)
}

fn slice(values: &[Value], size: impl Fn(usize) -> Result<usize, Wrong>) -> Result<Value, Wrong> {
    let length = match &values[0] {
        Value::Text(text) => text.len(),
        Value::List(members) => members.len(),
        other => return Err(Wrong::Failed(format!("can't slice item of type {}", type_of(other)))),
    };
    let from = if values.len() > 1 { size(1)? } else { 0 };
    let to = if values.len() > 2 { size(2)? } else { length };
    if from > to || to > length {
        let worst = if to > length { to } else { from };
        return Err(Wrong::Failed(format!("index out of range: {worst}")));
    }
    Ok(match &values[0] {
        Value::List(members) => Value::List(members[from..to].to_vec()),
        Value::Text(text) => Value::text(&String::from_utf8_lossy(&text.as_bytes()[from..to])),
        _ => unreachable!("others were refused above"),
    })
}

/// The order of two values of one kind; `None` for kinds that only know equal and unequal, where they differ.
fn compared(a: &Value, b: &Value) -> Result<Option<Ordering>, Wrong> {
    let same = |equal: bool| if equal { Some(Ordering::Equal) } else { None };
    Ok(match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => same(a == b),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Time(a), Value::Time(b)) => same(a == b),
        (Value::Nil(_), other) | (other, Value::Nil(_)) => same(matches!(other, Value::Nil(_))),
        (a, b) => match (whole(a), whole(b)) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => return Err(Wrong::Failed("incompatible types for comparison".to_owned())),
        },
    })
}

fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::Int(number) | Value::Duration(number) => Some(i128::from(*number)),
        Value::Uint(number) => Some(i128::from(*number)),
        _ => None,
    }
}

/// Values side by side: a blank stands between two that are both no text, or with `line` between all.
fn concatenated(values: &[Value], line: bool) -> String {
    let mut text = String::new();
    for (at, value) in values.iter().enumerate() {
        let texts = at > 0 && [value, &values[at - 1]].iter().any(|value| matches!(value, Value::Text(_)));
        if at > 0 && (line || !texts) {
            text.push(' ');
        }
        text += &printed(value);
    }
    if line {
        text.push('\n');
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&#34;").replace('\'', "&#39;")
}

fn titled(text: &str) -> String {
    let first_up = |word: &str| {
        let mut chars = word.chars();
        chars.next().map_or(String::new(), |first| format!("{}{}", first.to_ascii_uppercase(), chars.as_str()))
    };
    text.split(' ').map(first_up).collect::<Vec<_>>().join(" ")
}
