//! Holds what stands in a compose file against the schema, and tells of several errors the one that Docker tells: the
//! one that lies deepest, and there rather a wrong type than something else.
//!
//! Models: docker/cli cli/compose/schema/schema.go, and what xeipuuv/gojsonschema says. Differs: where Docker has
//! several that lie equally deep, it takes any of them; here it is the first.

use super::schema::{self, Key, Shape};
use super::yaml::Yaml;
use crate::docker::service::ports;
use crate::docker::units::parse_duration;

/// Checks a file of version 3.`minor`.
pub(super) fn check(file: &Yaml, minor: u8) -> Result<(), String> {
    if let Some(why) = no_json(file) {
        return Err(format!("json: unsupported {why}"));
    }
    let mut check = Check { minor, path: Vec::new(), worst: None };
    check.value(&schema::ROOT, file);
    match check.worst {
        Some(worst) => Err(worst.said),
        None => Ok(()),
    }
}

/// What in a value JSON cannot hold.
fn no_json(value: &Yaml) -> Option<String> {
    match value {
        Yaml::Strange => Some("type: map[interface {}]interface {}".to_owned()),
        Yaml::Float(text) if text.ends_with(['f', 'N']) => Some(format!("value: {text}")),
        Yaml::List(items) => items.iter().find_map(no_json),
        Yaml::Map(pairs) => pairs.iter().find_map(|(_, value)| no_json(value)),
        _ => None,
    }
}

struct Worst {
    depth: usize,
    is_type: bool,
    said: String,
}

struct Check {
    minor: u8,
    path: Vec<String>,
    worst: Option<Worst>,
}

impl Check {
    fn note(&mut self, is_type: bool, why: &str) {
        let depth = self.path.len().max(1);
        let lesser = |worst: &Worst| worst.depth < depth || (worst.depth == depth && !worst.is_type && is_type);
        if self.worst.as_ref().is_none_or(lesser) {
            let place = if self.path.is_empty() { "(root)".to_owned() } else { self.path.join(".") };
            self.worst = Some(Worst { depth, is_type, said: format!("{place} {why}") });
        }
    }

    fn wrong_type(&mut self, wanted: &str) {
        self.note(true, &format!("must be a {wanted}"));
    }

    fn inside(&mut self, name: &str, shape: &Shape, value: &Yaml) {
        self.path.push(name.to_owned());
        self.value(shape, value);
        self.path.pop();
    }

    fn value(&mut self, shape: &Shape, value: &Yaml) {
        match (shape, value) {
            (Shape::Any, _) => {}
            (Shape::Fixed(shape) | Shape::Kept(shape) | Shape::Lost(shape), value) => self.value(shape, value),
            (Shape::Maybe(_) | Shape::TextOrNull, Yaml::Null) => {}
            (Shape::Maybe(Shape::Any), _) => self.wrong_type("null"),
            (Shape::Maybe(_), Yaml::Map(_)) => self.value(shape.of(value), value),
            (Shape::Maybe(_), _) => self.wrong_type("mapping or null"),
            (Shape::Text | Shape::TextOrNull | Shape::Bytes, Yaml::Text(_) | Yaml::Time(_)) => {}
            (Shape::Text | Shape::Bytes, _) => self.wrong_type("string"),
            (Shape::TextOrNull, _) => self.wrong_type("string or null"),
            (Shape::Int, Yaml::Int(number)) if *number < 0 && self.path.last().is_some_and(|name| name == "size") => {
                self.note(false, "Must be greater than or equal to 0");
            }
            (Shape::Int | Shape::Number, Yaml::Int(_)) | (Shape::Number, Yaml::Float(_)) => {}
            // What is whole is whole, however it is written.
            (Shape::Int, Yaml::Float(text)) if !text.contains(['.', 'e']) => {}
            (Shape::Int, _) => self.wrong_type("integer"),
            (Shape::Number, _) => self.wrong_type("number"),
            (Shape::Bool, Yaml::Bool(_)) => {}
            (Shape::Bool, _) => self.wrong_type("boolean"),
            (Shape::Duration, Yaml::Text(text)) => {
                if parse_duration(text).is_err() {
                    self.note(false, "Does not match format 'duration'");
                }
            }
            (Shape::Duration, _) => self.wrong_type("string"),
            (Shape::NumberOrText, Yaml::Text(_) | Yaml::Int(_) | Yaml::Float(_)) => {}
            (Shape::NumberOrText, _) if self.path.last().is_some_and(|name| name == "shm_size") => {
                self.wrong_type("number or string");
            }
            (Shape::NumberOrText, _) => self.wrong_type("string or number"),
            (Shape::List(item) | Shape::Set(item), Yaml::List(items)) => {
                self.items(item, items, matches!(shape, Shape::Set(_)));
            }
            (Shape::List(_) | Shape::Set(_), _) => self.wrong_type("list"),
            (Shape::OneOrTexts | Shape::Command | Shape::Test, Yaml::List(items)) => {
                self.items(&Shape::Text, items, matches!(shape, Shape::OneOrTexts));
            }
            (Shape::OneOrTexts | Shape::Command | Shape::Test, value) => self.value(&Shape::Text, value),
            (Shape::Pairs | Shape::Variables | Shape::Hosts, Yaml::List(items)) => {
                self.items(&Shape::Text, items, true);
            }
            (Shape::Pairs | Shape::Variables | Shape::Hosts | Shape::Options | Shape::LogOptions, _) => {
                self.pairs(shape, value);
            }
            (Shape::Map(keys) | Shape::Open(keys) | Shape::Loose(keys), Yaml::Map(pairs)) => {
                self.map(shape, keys, pairs);
            }
            (Shape::Map(_) | Shape::Open(_) | Shape::Loose(_) | Shape::Each(_), value) if value.as_map().is_empty() => {
                if !matches!(value, Yaml::Map(_)) {
                    self.wrong_type("mapping");
                }
            }
            (Shape::Each(each), value) => self.each(each, value.as_map()),
            (Shape::Either(_), value) => self.either(shape, value),
            _ => self.wrong_type("mapping"),
        }
    }

    fn items(&mut self, item: &Shape, items: &[Yaml], once: bool) {
        for (number, value) in items.iter().enumerate() {
            self.inside(&number.to_string(), item, value);
        }
        if !once {
            return;
        }
        for (second, value) in items.iter().enumerate().take(MOST_COMPARED) {
            if let Some(first) = items[..second].iter().position(|other| other == value) {
                return self.note(false, &format!("array items[{first},{second}] must be unique"));
            }
        }
    }

    fn pairs(&mut self, shape: &Shape, value: &Yaml) {
        let Yaml::Map(pairs) = value else { return self.wrong_type("mapping") };
        let wanted = if matches!(shape, Shape::Options) { "string or number" } else { "string, number or null" };
        for (key, value) in pairs {
            self.path.push(key.clone());
            match value {
                Yaml::Text(_) | Yaml::Int(_) | Yaml::Float(_) | Yaml::Time(_) => {}
                Yaml::Null if !matches!(shape, Shape::Options) => {}
                _ => self.wrong_type(wanted),
            }
            self.path.pop();
        }
    }

    fn map(&mut self, shape: &Shape, keys: &'static [Key], pairs: &[(String, Yaml)]) {
        for name in schema::required(keys) {
            if pairs.iter().all(|(had, _)| had != name) {
                self.note(false, &format!("{name} is required"));
            }
        }
        let open = if self.path.is_empty() { schema::OPEN_SINCE } else { schema::ALL_OPEN_SINCE };
        for (name, value) in pairs {
            let known = keys.iter().find(|key| key.name == name && key.since <= self.minor);
            match known {
                Some(key) => {
                    self.inside(name, &key.shape, value);
                    let words =
                        key.name == "order" && value.as_text().is_some_and(|word| !schema::ORDERS.contains(&word));
                    if words {
                        self.path.push(name.clone());
                        let place = self.path.join(".");
                        self.note(false, &(place + " must be one of the following: \"start-first\", \"stop-first\""));
                        self.path.pop();
                    }
                }
                None if matches!(shape, Shape::Loose(_)) => {}
                None if matches!(shape, Shape::Open(_)) && name.starts_with("x-") && self.minor >= open => {}
                None => self.note(false, &format!("Additional property {name} is not allowed")),
            }
        }
    }

    fn each(&mut self, shape: &Shape, pairs: &[(String, Yaml)]) {
        // Any names will do for networks, of which then nothing is asked.
        let (ulimits, networks) = (
            self.path.last().is_some_and(|name| name == "ulimits"),
            self.path.len() == 1 && self.path[0] == "networks",
        );
        let fine =
            |c: char| if ulimits { c.is_ascii_lowercase() } else { c.is_ascii_alphanumeric() || "._-".contains(c) };
        for (name, value) in pairs {
            if !name.is_empty() && name.chars().all(fine) {
                self.inside(name, shape, value);
            } else if !networks && !ulimits {
                self.note(false, &format!("Additional property {name} is not allowed"));
            }
        }
    }

    /// What is meant says what is wrong; where nothing is meant, the first shape does.
    fn either(&mut self, shape: &Shape, value: &Yaml) {
        let Shape::Either(shapes) = shape else { return };
        let is_port = matches!(shapes, [Shape::Number, Shape::Text, _]);
        if matches!(shapes, [Shape::Bool, _]) && !matches!(value, Yaml::Bool(_) | Yaml::Map(_)) {
            return self.wrong_type("boolean or mapping");
        }
        if matches!(shapes, [_, Shape::Maybe(Shape::Any)]) && *value == Yaml::Null {
            return;
        }
        self.value(shape.of(value), value);
        if is_port && matches!(value, Yaml::Text(_) | Yaml::Int(_)) && ports::parse_short(&value.printed()).is_err() {
            self.note(false, "Does not match format 'ports'");
        }
    }
}

/// Of so many items is told whether one comes twice.
const MOST_COMPARED: usize = 1_000;
