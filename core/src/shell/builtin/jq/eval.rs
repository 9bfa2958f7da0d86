//! Applies filters of `jq`: a filter makes any number of values of one.

use super::functions;
use super::json::Json;
use super::parse::{Expr, Part};
use crate::shell::number::Number;

/// Variables, the innermost last.
pub(super) type Vars = Vec<(String, Json)>;

/// How many values one filter may make.
const MOST: usize = 100_000;

/// Adds what `expr` makes of `input` to `out`.
///
/// # Errors
/// In jq's words.
pub(super) fn apply(expr: &Expr, input: &Json, vars: &Vars, out: &mut Vec<Json>) -> Result<(), String> {
    if out.len() > MOST {
        return Err("the filter makes too many values".to_owned());
    }
    match expr {
        Expr::Identity => out.push(input.clone()),
        Expr::Everything => everything(input, out),
        Expr::Value(value) => out.push(value.clone()),
        Expr::Text(parts) => out.push(Json::Text(text(parts, input, vars)?)),
        Expr::Format(name) => out.push(Json::Text(functions::format(name, input)?)),
        Expr::Variable(name) => match vars.iter().rev().find(|(known, _)| known == name) {
            Some((_, value)) => out.push(value.clone()),
            None => return Err(format!("${name} is not defined")),
        },
        Expr::Index(of, key) => {
            for key in all(key, input, vars)? {
                for value in all(of, input, vars)? {
                    out.push(index(&value, &key)?);
                }
            }
        }
        Expr::Slice(of, from, to) => {
            let bound = |bound: &Option<Box<Expr>>| bound.as_ref().map(|bound| one(bound, input, vars)).transpose();
            let (from, to) = (bound(from)?, bound(to)?);
            for value in all(of, input, vars)? {
                out.push(slice(&value, from.as_ref(), to.as_ref())?);
            }
        }
        Expr::Each(of) => {
            for value in all(of, input, vars)? {
                each(&value, out)?;
            }
        }
        Expr::Try(inner) => drop(apply(inner, input, vars, out)),
        Expr::Pipe(left, right) => {
            for value in all(left, input, vars)? {
                apply(right, &value, vars, out)?;
            }
        }
        Expr::Comma(left, right) => {
            apply(left, input, vars, out)?;
            apply(right, input, vars, out)?;
        }
        Expr::Binary(op, left, right) => binary(op, left, right, input, vars, out)?,
        Expr::Minus(inner) => {
            for value in all(inner, input, vars)? {
                match value {
                    Json::Number(number, _) => out.push(Json::number(Number::default().minus(number))),
                    other => return Err(format!("{} cannot be negated", other.shown())),
                }
            }
        }
        Expr::If(condition, then, otherwise) => {
            for value in all(condition, input, vars)? {
                apply(if value.holds() { then } else { otherwise }, input, vars, out)?;
            }
        }
        Expr::Bind(value, name, body) => {
            for value in all(value, input, vars)? {
                let mut vars = vars.clone();
                vars.push((name.clone(), value));
                apply(body, input, &vars, out)?;
            }
        }
        Expr::List(inner) => {
            let values = inner.as_ref().map_or(Ok(Vec::new()), |inner| all(inner, input, vars))?;
            out.push(Json::List(values));
        }
        Expr::Object(members) => object(members, input, vars, out)?,
        Expr::Call(name, args) => functions::call(name, args, input, vars, out)?,
    }
    Ok(())
}

pub(super) fn all(expr: &Expr, input: &Json, vars: &Vars) -> Result<Vec<Json>, String> {
    let mut out = Vec::new();
    apply(expr, input, vars, &mut out)?;
    Ok(out)
}

/// The first value that a filter makes; null where it makes none.
pub(super) fn one(expr: &Expr, input: &Json, vars: &Vars) -> Result<Json, String> {
    Ok(all(expr, input, vars)?.into_iter().next().unwrap_or(Json::Null))
}

fn everything(input: &Json, out: &mut Vec<Json>) {
    out.push(input.clone());
    match input {
        Json::List(values) => values.iter().for_each(|value| everything(value, out)),
        Json::Object(members) => members.iter().for_each(|(_, value)| everything(value, out)),
        _ => {}
    }
}

fn text(parts: &[Part], input: &Json, vars: &Vars) -> Result<String, String> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(part) => text += part,
            Part::Expr(expr) => text += &plain(&one(expr, input, vars)?),
        }
    }
    Ok(text)
}

/// A text as it is, anything else as JSON.
pub(super) fn plain(value: &Json) -> String {
    match value {
        Json::Text(text) => text.clone(),
        other => other.written(false, false),
    }
}

pub(super) fn each(value: &Json, out: &mut Vec<Json>) -> Result<(), String> {
    match value {
        Json::List(values) => out.extend(values.iter().cloned()),
        Json::Object(members) => out.extend(members.iter().map(|(_, value)| value.clone())),
        Json::Null => return Err("Cannot iterate over null (null)".to_owned()),
        other => return Err(format!("Cannot iterate over {}", other.shown())),
    }
    Ok(())
}

pub(super) fn index(value: &Json, key: &Json) -> Result<Json, String> {
    Ok(match (value, key) {
        (Json::Null, Json::Text(_) | Json::Number(..)) => Json::Null,
        (Json::Object(_), Json::Text(key)) => value.get(key).cloned().unwrap_or(Json::Null),
        (Json::List(values), Json::Number(number, _)) => {
            let at = number.whole();
            let at = if at < 0 { at + values.len() as i64 } else { at };
            usize::try_from(at).ok().and_then(|at| values.get(at)).cloned().unwrap_or(Json::Null)
        }
        (value, Json::Text(key)) => return Err(format!("Cannot index {} with \"{key}\"", value.kind())),
        (value, key) => return Err(format!("Cannot index {} with {}", value.kind(), key.kind())),
    })
}

fn slice(value: &Json, from: Option<&Json>, to: Option<&Json>) -> Result<Json, String> {
    let length = match value {
        Json::Null => return Ok(Json::Null),
        Json::List(values) => values.len(),
        Json::Text(text) => text.chars().count(),
        other => return Err(format!("Cannot index {} with object", other.kind())),
    };
    let place = |bound: Option<&Json>, otherwise: usize| match bound {
        Some(Json::Number(number, _)) if number.whole() < 0 => (length as i64 + number.whole()).max(0) as usize,
        Some(Json::Number(number, _)) => (number.whole() as usize).min(length),
        _ => otherwise,
    };
    let (from, to) = (place(from, 0), place(to, length));
    Ok(match value {
        Json::List(values) => Json::List(values.get(from..to).unwrap_or(&[]).to_vec()),
        Json::Text(text) => Json::Text(text.chars().take(to).skip(from).collect()),
        _ => Json::Null,
    })
}

fn binary(op: &str, left: &Expr, right: &Expr, input: &Json, vars: &Vars, out: &mut Vec<Json>) -> Result<(), String> {
    match op {
        "//" => {
            let good: Vec<Json> = all(left, input, vars).unwrap_or_default().into_iter().filter(Json::holds).collect();
            if good.is_empty() {
                return apply(right, input, vars, out);
            }
            out.extend(good);
        }
        "and" | "or" => {
            for first in all(left, input, vars)? {
                if first.holds() == (op == "or") {
                    out.push(Json::Bool(op == "or"));
                    continue;
                }
                out.extend(all(right, input, vars)?.iter().map(|second| Json::Bool(second.holds())));
            }
        }
        op => {
            for second in all(right, input, vars)? {
                for first in all(left, input, vars)? {
                    out.push(compute(op, &first, &second)?);
                }
            }
        }
    }
    Ok(())
}

pub(super) fn compute(op: &str, left: &Json, right: &Json) -> Result<Json, String> {
    let order = left.compare(right);
    Ok(match (op, left, right) {
        ("==", ..) => Json::Bool(order.is_eq()),
        ("!=", ..) => Json::Bool(order.is_ne()),
        ("<", ..) => Json::Bool(order.is_lt()),
        ("<=", ..) => Json::Bool(order.is_le()),
        (">", ..) => Json::Bool(order.is_gt()),
        (">=", ..) => Json::Bool(order.is_ge()),
        ("+", Json::Null, other) | ("+", other, Json::Null) => other.clone(),
        ("+", Json::Text(a), Json::Text(b)) => Json::Text([a.as_str(), b].concat()),
        ("+", Json::List(a), Json::List(b)) => Json::List([a.as_slice(), b].concat()),
        ("+", Json::Object(a), Json::Object(b)) => {
            let mut members = a.clone();
            b.iter().for_each(|(key, value)| put(&mut members, key, value.clone()));
            Json::Object(members)
        }
        ("-", Json::List(a), Json::List(b)) => {
            Json::List(a.iter().filter(|value| !b.iter().any(|other| other.same(value))).cloned().collect())
        }
        ("/", Json::Text(a), Json::Text(b)) if !b.is_empty() => {
            Json::List(a.split(b.as_str()).map(|part| Json::Text(part.to_owned())).collect())
        }
        (op, Json::Number(a, _), Json::Number(b, _)) => {
            let result = match op {
                "+" => Some(a.plus(*b)),
                "-" => Some(a.minus(*b)),
                "*" => Some(a.times(*b)),
                "/" => a.over(*b),
                _ => Number::new(a.whole()).modulo(Number::new(b.whole())),
            };
            match result {
                Some(number) => Json::number(number),
                None => {
                    return Err(format!(
                        "{} and {} cannot be divided because the divisor is zero",
                        left.shown(),
                        right.shown()
                    ));
                }
            }
        }
        (op, left, right) => {
            let done = match op {
                "+" => "added",
                "-" => "subtracted",
                "*" => "multiplied",
                _ => "divided",
            };
            return Err(format!("{} and {} cannot be {done}", left.shown(), right.shown()));
        }
    })
}

pub(super) fn put(members: &mut Vec<(String, Json)>, key: &str, value: Json) {
    match members.iter_mut().find(|(known, _)| known == key) {
        Some(member) => member.1 = value,
        None => members.push((key.to_owned(), value)),
    }
}

fn object(members: &[(Expr, Expr)], input: &Json, vars: &Vars, out: &mut Vec<Json>) -> Result<(), String> {
    // Each key and value may come in several ways: one object for each.
    let mut objects: Vec<Vec<(String, Json)>> = vec![Vec::new()];
    for (key, value) in members {
        let mut next = Vec::new();
        for key in all(key, input, vars)? {
            let Json::Text(key) = key else { return Err(format!("Object keys must be strings, not {}", key.shown())) };
            for value in all(value, input, vars)? {
                for object in &objects {
                    let mut object = object.clone();
                    put(&mut object, &key, value.clone());
                    next.push(object);
                    if next.len() > MOST {
                        return Err("the filter makes too many values".to_owned());
                    }
                }
            }
        }
        objects = next;
    }
    out.extend(objects.into_iter().map(Json::Object));
    Ok(())
}
