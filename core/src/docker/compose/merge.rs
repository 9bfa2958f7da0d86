//! A later compose file over an earlier one.
//!
//! Models: docker/cli cli/compose/loader/merge.go, and mergo with its options to override and to append.

use super::load::sorted;
use super::schema::{SERVICE, Shape, arrange};
use super::yaml::Yaml;
use crate::collections;

/// Merges two loaded files: services key by key, what they share object by object. Keys of users at the top are those of
/// the first file.
pub(super) fn merge(old: Yaml, new: Yaml) -> Yaml {
    let (Yaml::Map(mut sections), Yaml::Map(more)) = (old, new) else { return Yaml::Null };
    for (section, objects) in more.into_iter().filter(|(section, _)| !section.starts_with("x-")) {
        let place = sections.iter().position(|(had, _)| *had == section).unwrap_or_else(|| {
            let place = sections.iter().position(|(had, _)| comes_after(had, &section)).unwrap_or(sections.len());
            sections.insert(place, (section.clone(), Yaml::Map(Vec::new())));
            place
        });
        let (Yaml::Map(had), Yaml::Map(objects)) = (&mut sections[place].1, objects) else { continue };
        for (name, object) in objects {
            match had.iter_mut().find(|(had, _)| *had == name) {
                Some((_, had)) if section == "services" => {
                    let before = std::mem::replace(had, Yaml::Null);
                    *had = service(before, object);
                }
                Some((_, had)) => *had = object,
                None => had.push((name, object)),
            }
        }
        *had = match sorted(std::mem::take(had)) {
            Yaml::Map(pairs) => pairs,
            _ => Vec::new(),
        };
    }
    Yaml::Map(sections)
}

/// The order of the sections.
fn comes_after(section: &str, other: &str) -> bool {
    let place = |name: &str| super::objects::SECTIONS.iter().position(|known| *known == name).unwrap_or(usize::MAX);
    place(section) > place(other)
}

/// The lists of a service that have one item for each of something.
const KEYED: [(&str, &str); 4] =
    [("ports", "published"), ("secrets", "source"), ("configs", "source"), ("volumes", "target")];

fn service(old: Yaml, new: Yaml) -> Yaml {
    let mut merged = combine(&Shape::Open(SERVICE), "", old, new);
    if let Yaml::Map(pairs) = &mut merged {
        for (key, value) in pairs.iter_mut() {
            let (Some((_, name)), Yaml::List(items)) = (KEYED.iter().find(|(of, _)| of == key), &mut *value) else {
                continue;
            };
            *value = by(name, std::mem::take(items));
        }
    }
    merged
}

fn combine(shape: &Shape, key: &str, old: Yaml, new: Yaml) -> Yaml {
    match (old, new) {
        // Nothing replaces nothing; of numbers alone 0 is something.
        (old, Yaml::Null | Yaml::Bool(false)) => old,
        (old, Yaml::Text(new)) if new == "0s" => old,
        (old, Yaml::List(new)) if matches!(shape, Shape::Command) && new.is_empty() => old,
        (_, new @ Yaml::List(_)) if matches!(shape, Shape::Command) => new,
        (Yaml::List(old), Yaml::List(new)) => Yaml::List(old.into_iter().chain(new).collect()),
        (old @ Yaml::Map(_), new @ Yaml::Map(_)) => match key {
            "logging" if old.str("driver").zip(new.str("driver")).is_some_and(|(old, new)| old != new) => new,
            "networks" => attachments(old, new),
            "ulimits" => replaced(old, new),
            _ => maps(shape, old, new),
        },
        (_, new) => new,
    }
}

/// Maps are merged by key: known keys keep their order, others are sorted.
fn maps(shape: &Shape, old: Yaml, new: Yaml) -> Yaml {
    let map = Yaml::Map(Vec::new());
    let (Yaml::Map(old), Yaml::Map(new)) = (old, new) else { return map };
    let mut merged = old;
    for (key, value) in new {
        let inner = shape.inside(&map, &key).unwrap_or(&Shape::Any);
        match merged.iter_mut().find(|(had, _)| *had == key) {
            Some((_, had)) => {
                let before = std::mem::replace(had, Yaml::Null);
                *had = combine(inner, &key, before, value);
            }
            None => merged.push((key, value)),
        }
    }
    let Yaml::Map(mut merged) = sorted(merged) else { return map };
    if let Some(keys) = shape.of(&map).keys() {
        arrange(keys, &mut merged);
    }
    Yaml::Map(merged)
}

/// Maps whose values are not merged.
fn replaced(old: Yaml, new: Yaml) -> Yaml {
    let (Yaml::Map(mut merged), Yaml::Map(new)) = (old, new) else { return Yaml::Null };
    merged.retain(|(key, _)| new.iter().all(|(other, _)| other != key));
    merged.extend(new);
    sorted(merged)
}

/// Of a network that both join, the later file says the aliases, or that there are none.
fn attachments(old: Yaml, new: Yaml) -> Yaml {
    let (Yaml::Map(mut merged), Yaml::Map(new)) = (old, new) else { return Yaml::Null };
    for (name, attachment) in new {
        match merged.iter_mut().find(|(had, _)| *had == name) {
            Some((_, had @ Yaml::Null)) => *had = attachment,
            Some((_, had)) => {
                if let (Yaml::Map(had), Yaml::Map(attachment)) = (had, attachment) {
                    had.retain(|(key, _)| key != "aliases" && attachment.iter().all(|(other, _)| other != key));
                    had.extend(attachment);
                    collections::sort_by(had, |a, b| a.0.cmp(&b.0));
                }
            }
            None => merged.push((name, attachment)),
        }
    }
    sorted(merged)
}

/// Of the items that say the same of `name`, the last one stays.
fn by(name: &str, all: Vec<Yaml>) -> Yaml {
    let mut items: Vec<Yaml> = Vec::new();
    for item in all {
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
