//! What `jq` can do by name. Models: jq's src/builtin.jq and builtin.c.

use super::eval::{Vars, all, apply, compute, each, index, one, plain, put};
use super::json::{Json, Reader, sorted};
use super::parse::Expr;
use crate::collections::sort_by;
use crate::shell::builtin::base64::encoded;
use crate::shell::number::Number;
use crate::shell::regex::{Flavour, NONE, Regex};

/// Names, and how many arguments they take.
pub(super) const KNOWN: &[(&str, usize)] = &[
    ("empty", 0),
    ("not", 0),
    ("length", 0),
    ("keys", 0),
    ("keys_unsorted", 0),
    ("values", 0),
    ("nulls", 0),
    ("type", 0),
    ("add", 0),
    ("any", 0),
    ("all", 0),
    ("any", 1),
    ("all", 1),
    ("map", 1),
    ("map_values", 1),
    ("select", 1),
    ("has", 1),
    ("in", 1),
    ("contains", 1),
    ("inside", 1),
    ("test", 1),
    ("test", 2),
    ("match", 1),
    ("capture", 1),
    ("sub", 2),
    ("gsub", 2),
    ("startswith", 1),
    ("endswith", 1),
    ("ltrimstr", 1),
    ("rtrimstr", 1),
    ("split", 1),
    ("join", 1),
    ("ascii_downcase", 0),
    ("ascii_upcase", 0),
    ("tostring", 0),
    ("tonumber", 0),
    ("tojson", 0),
    ("fromjson", 0),
    ("sort", 0),
    ("sort_by", 1),
    ("group_by", 1),
    ("unique", 0),
    ("unique_by", 1),
    ("min", 0),
    ("max", 0),
    ("min_by", 1),
    ("max_by", 1),
    ("reverse", 0),
    ("first", 0),
    ("last", 0),
    ("first", 1),
    ("nth", 1),
    ("flatten", 0),
    ("range", 1),
    ("range", 2),
    ("floor", 0),
    ("ceil", 0),
    ("round", 0),
    ("to_entries", 0),
    ("from_entries", 0),
    ("with_entries", 1),
    ("del", 1),
    ("paths", 0),
    ("recurse", 0),
    ("arrays", 0),
    ("objects", 0),
    ("strings", 0),
    ("numbers", 0),
    ("scalars", 0),
    ("error", 1),
    ("index", 1),
    ("trim", 0),
    ("abs", 0),
    ("isempty", 1),
    ("limit", 2),
];

pub(super) fn call(name: &str, args: &[Expr], input: &Json, vars: &Vars, out: &mut Vec<Json>) -> Result<(), String> {
    match (name, args) {
        ("empty", _) => {}
        ("select", [condition]) => {
            for value in all(condition, input, vars)? {
                out.extend(value.holds().then(|| input.clone()));
            }
        }
        ("map", [inner]) => {
            let mut values = Vec::new();
            for value in elements(input)? {
                apply(inner, &value, vars, &mut values)?;
            }
            out.push(Json::List(values));
        }
        ("map_values", [inner]) => match input {
            Json::Object(members) => {
                let mut changed = Vec::new();
                for (key, value) in members {
                    changed.extend(all(inner, value, vars)?.into_iter().next().map(|value| (key.clone(), value)));
                }
                out.push(Json::Object(changed));
            }
            _ => call("map", args, input, vars, out)?,
        },
        ("any" | "all", [condition]) => {
            let mut values = Vec::new();
            for value in elements(input)? {
                apply(condition, &value, vars, &mut values)?;
            }
            out.push(Json::Bool(quantified(name, &values)));
        }
        ("sort_by" | "group_by" | "unique_by" | "min_by" | "max_by", [key]) => {
            let mut keyed = Vec::new();
            for value in elements(input)? {
                keyed.push((Json::List(all(key, &value, vars)?), value));
            }
            out.extend(by_key(name, keyed));
        }
        ("with_entries", [inner]) => {
            let mut entries = Vec::new();
            for entry in elements(&to_entries(input)?)? {
                apply(inner, &entry, vars, &mut entries)?;
            }
            out.push(from_entries(&entries)?);
        }
        ("del", [Expr::Index(of, key)]) => {
            let (Expr::Identity, key) = (&**of, one(key, input, vars)?) else {
                return Err("del of a path this long is not simulated".to_owned());
            };
            out.push(without(input, &key));
        }
        ("del", _) => return Err("del of such a path is not simulated".to_owned()),
        ("first", [inner]) => out.extend(all(inner, input, vars)?.into_iter().next()),
        ("limit", [count, inner]) => {
            let count = number(&one(count, input, vars)?)?.whole().max(0) as usize;
            out.extend(all(inner, input, vars)?.into_iter().take(count));
        }
        ("isempty", [inner]) => out.push(Json::Bool(all(inner, input, vars)?.is_empty())),
        ("range", bounds) => {
            let mut numbers = Vec::new();
            for bound in bounds {
                numbers.push(number(&one(bound, input, vars)?)?.whole());
            }
            let (from, to) = if let [from, to] = numbers[..] { (from, to) } else { (0, numbers[0]) };
            out.extend((from..to).take(10_000).map(|number| Json::number(Number::new(number))));
        }
        ("recurse", _) => apply(&Expr::Everything, input, vars, out)?,
        ("paths", _) => paths(input, &mut Vec::new(), out),
        (name, args) => {
            let mut values = Vec::new();
            for arg in args {
                values.push(one(arg, input, vars)?);
            }
            out.extend(simple(name, &values, input)?);
        }
    }
    Ok(())
}

/// Functions of values; `None` where they make nothing.
fn simple(name: &str, args: &[Json], input: &Json) -> Result<Option<Json>, String> {
    Ok(Some(match (name, args, input) {
        ("not", ..) => Json::Bool(!input.holds()),
        ("type", ..) => Json::Text(input.kind().to_owned()),
        ("length", _, Json::Null) => Json::count(0),
        ("length", _, Json::Text(text)) => Json::count(text.chars().count()),
        ("length", _, Json::List(values)) => Json::count(values.len()),
        ("length", _, Json::Object(members)) => Json::count(members.len()),
        ("length" | "abs", _, Json::Number(number, _)) => Json::number((*number).max(Number::default().minus(*number))),
        ("length", ..) => return Err(format!("{} has no length", input.shown())),
        ("keys" | "keys_unsorted", _, Json::Object(members)) => {
            let members = if name == "keys" { sorted(members) } else { members.iter().collect() };
            Json::List(members.into_iter().map(|(key, _)| Json::Text(key.clone())).collect())
        }
        ("keys" | "keys_unsorted", _, Json::List(values)) => Json::List((0..values.len()).map(Json::count).collect()),
        ("keys" | "keys_unsorted", ..) => return Err(format!("{} has no keys", input.shown())),
        ("values" | "nulls" | "arrays" | "objects" | "strings" | "numbers" | "scalars", ..) => {
            let list = matches!(input, Json::List(_) | Json::Object(_));
            let keeps = match name {
                "values" => !matches!(input, Json::Null),
                "nulls" => matches!(input, Json::Null),
                "arrays" => matches!(input, Json::List(_)),
                "objects" => matches!(input, Json::Object(_)),
                "strings" => matches!(input, Json::Text(_)),
                "numbers" => matches!(input, Json::Number(..)),
                _ => !list,
            };
            return Ok(keeps.then(|| input.clone()));
        }
        ("add", ..) => {
            let mut sum = Json::Null;
            for value in elements(input)? {
                sum = compute("+", &sum, &value)?;
            }
            sum
        }
        ("any" | "all", ..) => Json::Bool(quantified(name, &elements(input)?)),
        ("has", [key], _) => match (input, key) {
            (Json::Object(_), Json::Text(key)) => Json::Bool(input.get(key).is_some()),
            (Json::List(values), Json::Number(at, _)) => Json::Bool((0..values.len() as i64).contains(&at.whole())),
            _ => return Err(format!("Cannot check whether {} has a {} key", input.kind(), key.kind())),
        },
        ("in", [of], _) => return simple("has", std::slice::from_ref(input), of),
        ("contains", [part], _) => Json::Bool(contains(input, part)),
        ("inside", [whole], _) => Json::Bool(contains(whole, input)),
        ("error", [why], _) => return Err(plain(why)),
        ("reverse", _, Json::List(values)) => Json::List(values.iter().rev().cloned().collect()),
        ("reverse", _, Json::Null) => Json::List(Vec::new()),
        ("sort" | "unique" | "min" | "max", ..) => {
            let keyed = elements(input)?.into_iter().map(|value| (value.clone(), value)).collect();
            return Ok(by_key(&[name, "_by"].concat(), keyed));
        }
        ("first", [], _) => index(input, &Json::count(0))?,
        ("last", ..) => index(input, &Json::number(Number::new(-1)))?,
        ("nth", [at], _) => index(input, at)?,
        ("flatten", ..) => {
            let mut flat = Vec::new();
            flatten(input, &mut flat)?;
            Json::List(flat)
        }
        ("floor" | "ceil" | "round", ..) => {
            let value = number(input)?;
            let whole = Number::new(value.whole());
            let up = match name {
                "floor" => whole > value,
                "ceil" => whole < value,
                _ => value.minus(whole) >= Number::read("0.5"),
            };
            let step = Number::new(i64::from(up));
            Json::number(if name == "floor" { whole.minus(step) } else { whole.plus(step) })
        }
        ("to_entries", ..) => to_entries(input)?,
        ("from_entries", ..) => from_entries(&elements(input)?)?,
        ("tojson", ..) => Json::Text(input.written(false, false)),
        ("fromjson", ..) => {
            Reader::new(text(input)?).value().map_err(|why| format!("{why} (while parsing '{}')", plain(input)))?
        }
        ("tostring", ..) => Json::Text(plain(input)),
        ("tonumber", _, Json::Number(..)) => input.clone(),
        ("tonumber", _, Json::Text(text)) => match Number::exactly(text) {
            Some(number) => Json::Number(number, text.trim().to_owned()),
            None => return Err(format!("Cannot be parsed as a number: {}", input.shown())),
        },
        ("tonumber", ..) => return Err(format!("{} cannot be parsed as a number", input.shown())),
        ("join", [between], _) => {
            let mut parts = Vec::new();
            for value in elements(input)? {
                match value {
                    Json::Null => parts.push(String::new()),
                    Json::List(_) | Json::Object(_) => {
                        return Err(format!(
                            "{} and {} cannot be added",
                            Json::Text(String::new()).shown(),
                            value.shown()
                        ));
                    }
                    value => parts.push(plain(&value)),
                }
            }
            Json::Text(parts.join(text(between)?))
        }
        (name, args, input) => texts(name, args, text(input)?)?,
    }))
}

/// Functions of texts.
fn texts(name: &str, args: &[Json], input: &str) -> Result<Json, String> {
    let first = args.first().map_or(Ok(""), text)?;
    let second = args.get(1).map_or(Ok(""), text)?;
    Ok(match name {
        "ascii_downcase" => Json::Text(input.to_ascii_lowercase()),
        "ascii_upcase" => Json::Text(input.to_ascii_uppercase()),
        "trim" => Json::Text(input.trim().to_owned()),
        "startswith" => Json::Bool(input.starts_with(first)),
        "endswith" => Json::Bool(input.ends_with(first)),
        "ltrimstr" => Json::Text(input.strip_prefix(first).unwrap_or(input).to_owned()),
        "rtrimstr" => Json::Text(input.strip_suffix(first).unwrap_or(input).to_owned()),
        "split" if first.is_empty() => Json::List(input.chars().map(|c| Json::Text(c.to_string())).collect()),
        "split" => Json::List(input.split(first).map(|part| Json::Text(part.to_owned())).collect()),
        "index" => input.find(first).map_or(Json::Null, |at| Json::count(input[..at].chars().count())),
        "test" => Json::Bool(regex(first, second.contains('i'))?.fits(input)),
        "sub" | "gsub" => {
            let changed = super::super::sed::replaced(&regex(first, false)?, input, 1, name == "gsub", &mut |_, _| {
                second.to_owned()
            });
            Json::Text(changed.unwrap_or_else(|| input.to_owned()))
        }
        "match" | "capture" => {
            let Some(spans) = regex(first, false)?.find(input, 0) else { return Ok(Json::Null) };
            let part = |slot: usize| match spans[slot] {
                NONE => Json::Null,
                start => Json::Text(input[start..spans[slot + 1]].to_owned()),
            };
            Json::Object(vec![
                ("offset".to_owned(), Json::count(input[..spans[0]].chars().count())),
                ("string".to_owned(), part(0)),
                (
                    "captures".to_owned(),
                    Json::List(
                        (2..spans.len()).step_by(2).map(part).filter(|part| !matches!(part, Json::Null)).collect(),
                    ),
                ),
            ])
        }
        name => return Err(format!("{name} cannot be applied to a string")),
    })
}

/// `@csv` and its like.
pub(super) fn format(name: &str, input: &Json) -> Result<String, String> {
    let quoted = |text: &str, quote: &str, twice: &str| [quote, &text.replace(quote, twice), quote].concat();
    Ok(match name {
        "text" => plain(input),
        "json" => input.written(false, false),
        "base64" => encoded(plain(input).as_bytes()),
        "html" => plain(input).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"),
        "sh" => match input {
            Json::List(values) => {
                values.iter().map(|value| quoted(&plain(value), "'", "'\\''")).collect::<Vec<_>>().join(" ")
            }
            other => quoted(&plain(other), "'", "'\\''"),
        },
        "csv" | "tsv" => {
            let cell = |value: &Json| match value {
                Json::Null => String::new(),
                Json::Text(text) if name == "csv" => quoted(text, "\"", "\"\""),
                Json::Text(text) => text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n"),
                other => plain(other),
            };
            let Json::List(values) = input else {
                return Err(format!("{} cannot be {name}-formatted, only an array can be", input.shown()));
            };
            values.iter().map(cell).collect::<Vec<_>>().join(if name == "csv" { "," } else { "\t" })
        }
        name => return Err(format!("{name} is not a valid format")),
    })
}

fn regex(text: &str, fold: bool) -> Result<Regex, String> {
    Regex::new(text, Flavour::Perl, fold).map_err(|why| format!("{text} (at offset 0) is not a valid regex: {why}"))
}

fn text(value: &Json) -> Result<&str, String> {
    match value {
        Json::Text(text) => Ok(text),
        other => Err(format!("{} cannot be matched, as it is not a string", other.shown())),
    }
}

fn number(value: &Json) -> Result<Number, String> {
    match value {
        Json::Number(number, _) => Ok(*number),
        other => Err(format!("{} number required", other.shown())),
    }
}

fn elements(value: &Json) -> Result<Vec<Json>, String> {
    let mut values = Vec::new();
    each(value, &mut values)?;
    Ok(values)
}

fn quantified(name: &str, values: &[Json]) -> bool {
    if name == "any" { values.iter().any(Json::holds) } else { values.iter().all(Json::holds) }
}

fn contains(whole: &Json, part: &Json) -> bool {
    match (whole, part) {
        (Json::Text(whole), Json::Text(part)) => whole.contains(part.as_str()),
        (Json::List(whole), Json::List(parts)) => {
            parts.iter().all(|part| whole.iter().any(|value| contains(value, part)))
        }
        (Json::Object(_), Json::Object(parts)) => {
            parts.iter().all(|(key, part)| whole.get(key).is_some_and(|value| contains(value, part)))
        }
        _ => whole.same(part),
    }
}

/// Values with their keys, sorted, grouped, or the least or greatest of them.
fn by_key(name: &str, mut keyed: Vec<(Json, Json)>) -> Option<Json> {
    sort_by(&mut keyed, |a, b| a.0.compare(&b.0));
    Some(match name {
        "group_by" => {
            let mut groups: Vec<(Json, Vec<Json>)> = Vec::new();
            for (key, value) in keyed {
                match groups.last_mut().filter(|(last, _)| last.same(&key)) {
                    Some((_, group)) => group.push(value),
                    None => groups.push((key, vec![value])),
                }
            }
            Json::List(groups.into_iter().map(|(_, group)| Json::List(group)).collect())
        }
        "min_by" => keyed.into_iter().next().map_or(Json::Null, |(_, value)| value),
        "max_by" => keyed.pop().map_or(Json::Null, |(_, value)| value),
        name => {
            if name == "unique_by" {
                keyed.dedup_by(|a, b| a.0.same(&b.0));
            }
            Json::List(keyed.into_iter().map(|(_, value)| value).collect())
        }
    })
}

fn flatten(value: &Json, flat: &mut Vec<Json>) -> Result<(), String> {
    for value in elements(value)? {
        match value {
            Json::List(_) => flatten(&value, flat)?,
            other => flat.push(other),
        }
    }
    Ok(())
}

fn to_entries(input: &Json) -> Result<Json, String> {
    let Json::Object(members) = input else { return Err(format!("{} has no keys", input.shown())) };
    let entry = |(key, value): &(String, Json)| {
        Json::Object(vec![("key".to_owned(), Json::Text(key.clone())), ("value".to_owned(), value.clone())])
    };
    Ok(Json::List(members.iter().map(entry).collect()))
}

fn from_entries(entries: &[Json]) -> Result<Json, String> {
    let mut members = Vec::new();
    for entry in entries {
        let named = |names: [&str; 4]| names.iter().find_map(|name| entry.get(name));
        let key = named(["key", "k", "name", "Name"]).or(entry.get("Key"));
        let value = named(["value", "v", "Value", "V"]).cloned().unwrap_or(Json::Null);
        match key {
            Some(key @ (Json::Text(_) | Json::Number(..) | Json::Bool(_) | Json::Null)) => {
                put(&mut members, &plain(key), value)
            }
            _ => return Err(format!("Cannot use {} as object key", key.unwrap_or(&Json::Null).shown())),
        }
    }
    Ok(Json::Object(members))
}

fn without(input: &Json, key: &Json) -> Json {
    match (input, key) {
        (Json::Object(members), Json::Text(key)) => {
            Json::Object(members.iter().filter(|(name, _)| name != key).cloned().collect())
        }
        (Json::List(values), Json::Number(at, _)) => {
            let at = if at.whole() < 0 { at.whole() + values.len() as i64 } else { at.whole() };
            Json::List(
                values.iter().enumerate().filter(|(place, _)| *place as i64 != at).map(|(_, v)| v.clone()).collect(),
            )
        }
        _ => input.clone(),
    }
}

fn paths(input: &Json, before: &mut Vec<Json>, out: &mut Vec<Json>) {
    let inner: Vec<(Json, &Json)> = match input {
        Json::List(values) => values.iter().enumerate().map(|(at, value)| (Json::count(at), value)).collect(),
        Json::Object(members) => members.iter().map(|(key, value)| (Json::Text(key.clone()), value)).collect(),
        _ => return,
    };
    for (key, value) in inner {
        before.push(key);
        out.push(Json::List(before.clone()));
        paths(value, before, out);
        before.pop();
    }
}
