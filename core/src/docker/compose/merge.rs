//! A later compose file over an earlier one.
//!
//! Models: docker/cli cli/compose/loader/merge.go, and mergo with its options to override and to append.

use super::load::sorted;
use super::schema::{ROOT, Shape, arrange};
use super::yaml::Yaml;
use crate::collections;

/// Merges two loaded files.
pub(super) fn merge(old: Yaml, new: Yaml) -> Yaml {
    combine(&ROOT, "", old, new)
}

fn combine(shape: &Shape, key: &str, old: Yaml, new: Yaml) -> Yaml {
    let list_key = match key {
        "ports" => Some("published"),
        "secrets" | "configs" => Some("source"),
        "volumes" => Some("target"),
        _ => None,
    };
    match (old, new) {
        (old, Yaml::Null) => old,
        (Yaml::List(old), Yaml::List(new)) => match list_key {
            Some(name) => by(name, old, new),
            None if matches!(shape, Shape::Command) => Yaml::List(if new.is_empty() { old } else { new }),
            None => Yaml::List(old.into_iter().chain(new).collect()),
        },
        (old @ Yaml::Map(_), new @ Yaml::Map(_)) if key == "logging" => {
            let differ = old.str("driver").zip(new.str("driver")).is_some_and(|(old, new)| old != new);
            if differ { new } else { maps(shape, old, new) }
        }
        (old @ Yaml::Map(_), new @ Yaml::Map(_)) => maps(shape, old, new),
        (_, new) => new,
    }
}

/// Maps are merged by key: known keys keep their order, others are sorted.
fn maps(shape: &Shape, old: Yaml, new: Yaml) -> Yaml {
    let map = Yaml::Map(Vec::new());
    let (Yaml::Map(mut old), Yaml::Map(new)) = (old, new) else { return map };
    for (key, value) in new {
        let inner = shape.inside(&map, &key).unwrap_or(&Shape::Any);
        match old.iter_mut().find(|(had, _)| *had == key) {
            Some((_, had)) => {
                let before = std::mem::replace(had, Yaml::Null);
                *had = combine(inner, &key, before, value);
            }
            None => old.push((key, value)),
        }
    }
    let Some(keys) = shape.of(&map).keys() else { return sorted(old) };
    arrange(keys, &mut old);
    Yaml::Map(old)
}

/// Of the items that say the same of `name`, the last one stays.
fn by(name: &str, old: Vec<Yaml>, new: Vec<Yaml>) -> Yaml {
    let mut items: Vec<Yaml> = Vec::new();
    for item in old.into_iter().chain(new) {
        match items.iter_mut().find(|had| had.get(name) == item.get(name)) {
            Some(had) => *had = item,
            None => items.push(item),
        }
    }
    let place = |item: &Yaml| match item.get(name) {
        Some(Yaml::Int(number)) => (*number, String::new()),
        other => (0, other.map(Yaml::printed).unwrap_or_default()),
    };
    collections::sort_by(&mut items, |a, b| place(a).cmp(&place(b)));
    Yaml::List(items)
}
