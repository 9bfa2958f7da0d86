//! Brings what stands in a compose file, once it was checked, into one form: the long one, in the order of Docker's
//! types, without what is zero or empty.
//!
//! Models: docker/cli cli/compose/loader/loader.go, and mapstructure for what cannot be decoded.

use super::schema::{Key, Shape};
use super::volume::volume;
use super::yaml::Yaml;
use crate::collections;
use crate::decimal::shortest;
use crate::docker::service::{ports, shell_words};
use crate::docker::units::{go_duration, parse_bytes, parse_duration, parse_float};
use crate::model::PortConfig;

/// So many ports may a file publish in their short form, which can name all there are in a few signs.
const MOST_PORTS: usize = 5_000;

#[derive(Default)]
pub(super) struct Loader {
    path: Vec<String>,
    ports: usize,
    /// What Docker's log says.
    pub(super) logged: Vec<String>,
}

/// Pairs in the order in which go-yaml writes the keys of a map: numbers in them count as numbers.
pub(super) fn sorted(mut pairs: Vec<(String, Yaml)>) -> Yaml {
    collections::sort_by(&mut pairs, |a, b| super::order::compare(&a.0, &b.0));
    Yaml::Map(pairs)
}

/// A value that nothing is known of, with its maps in order.
pub(super) fn anything(value: &Yaml) -> Yaml {
    match value {
        Yaml::List(items) => Yaml::List(items.iter().map(anything).collect()),
        Yaml::Map(pairs) => sorted(pairs.iter().map(|(key, value)| (key.clone(), anything(value))).collect()),
        value => value.clone(),
    }
}

fn texts<'t>(texts: impl Iterator<Item = &'t str>) -> Yaml {
    Yaml::List(texts.map(Yaml::text).collect())
}

fn named(name: &str, value: Yaml) -> Yaml {
    Yaml::Map(vec![(name.to_owned(), value)])
}

impl Loader {
    /// Loads what stands in a section under a name.
    pub(super) fn object(&mut self, shape: &Shape, value: &Yaml) -> Result<Yaml, String> {
        self.path.clear();
        self.load(shape, value)
    }

    fn load(&mut self, shape: &Shape, value: &Yaml) -> Result<Yaml, String> {
        Ok(match shape {
            Shape::Any => anything(value),
            Shape::Lost(_) => Yaml::Null,
            Shape::Text | Shape::TextOrNull => Yaml::Text(value.printed()),
            Shape::NumberOrText => match value {
                Yaml::Text(_) => value.clone(),
                value if self.path.len() > 1 => Yaml::Text(value.printed()),
                value => {
                    let (name, kind) = (&self.path[0], if matches!(value, Yaml::Int(_)) { "int" } else { "float64" });
                    let (value, kind) = (value.printed(), format!("got unconvertible type '{kind}'"));
                    return undecoded(&format!("'{name}' expected type 'string', {kind}, value: '{value}'"));
                }
            },
            Shape::Int | Shape::Number => self.number(value)?,
            Shape::Bool => value.clone(),
            Shape::Duration => {
                self.decoded(parse_duration(&value.printed()).map(|nanos| Yaml::Text(go_duration(nanos))))?
            }
            Shape::Bytes => self.decoded(parse_bytes(&value.printed()).map(|bytes| Yaml::Text(bytes.to_string())))?,
            Shape::Fixed(shape) | Shape::Kept(shape) => self.load(shape, value)?,
            Shape::Maybe(_) if *value == Yaml::Null => Yaml::Null,
            Shape::Maybe(shape) => self.load(shape, value)?,
            Shape::List(item) | Shape::Set(item) => self.items(item, value)?,
            Shape::OneOrTexts => match value {
                Yaml::List(_) => value.clone(),
                value => Yaml::List(vec![value.clone()]),
            },
            Shape::Command => match value {
                Yaml::List(_) => value.clone(),
                line => {
                    self.decoded(shell_words(&line.printed()).map(|words| texts(words.iter().map(String::as_str))))?
                }
            },
            Shape::Test => match value {
                Yaml::List(_) => value.clone(),
                line => Yaml::List(vec![Yaml::text("CMD-SHELL"), line.clone()]),
            },
            Shape::Pairs | Shape::Variables | Shape::Options | Shape::LogOptions => pairs(shape, value),
            Shape::Hosts => hosts(value),
            Shape::Map(keys) | Shape::Loose(keys) => self.map(keys, value, false)?,
            Shape::Open(keys) => self.map(keys, value, true)?,
            Shape::Each(shape) => {
                let mut loaded = Vec::new();
                for (name, value) in value.as_map() {
                    loaded.push((name.clone(), self.inside(name, shape, value)?));
                }
                sorted(loaded)
            }
            Shape::Either(shapes) => self.either(shape, shapes, value)?,
        })
    }

    fn inside(&mut self, name: &str, shape: &Shape, value: &Yaml) -> Result<Yaml, String> {
        self.path.push(name.to_owned());
        let loaded = self.load(shape, value);
        self.path.pop();
        loaded
    }

    fn items(&mut self, shape: &Shape, value: &Yaml) -> Result<Yaml, String> {
        let mut loaded = Vec::new();
        for (number, item) in value.as_list().iter().enumerate() {
            match self.inside(&format!("[{number}]"), shape, item)? {
                // One port may stand for several.
                Yaml::List(several) => loaded.extend(several),
                item => loaded.push(item),
            }
        }
        Ok(Yaml::List(loaded))
    }

    /// The known keys in their order, then those of users.
    fn map(&mut self, keys: &[Key], value: &Yaml, open: bool) -> Result<Yaml, String> {
        let mut loaded = Vec::new();
        for key in keys {
            let Some((_, value)) = value.as_map().iter().find(|(name, _)| name == key.name) else { continue };
            let value = self.inside(key.name, &key.shape, value)?;
            if matches!(key.shape, Shape::Kept(_)) || !is_nothing(&key.shape, &value) {
                loaded.push((key.name.to_owned(), value));
            }
        }
        if open {
            let own = value.as_map().iter().filter(|(name, _)| name.starts_with("x-"));
            if let Yaml::Map(own) = sorted(own.map(|(name, value)| (name.clone(), anything(value))).collect()) {
                loaded.extend(own);
            }
        }
        Ok(Yaml::Map(loaded))
    }

    fn either(&mut self, shape: &Shape, shapes: &[Shape], value: &Yaml) -> Result<Yaml, String> {
        let keys = |place: usize| shapes.get(place).and_then(Shape::keys).map(|keys| keys[0].name);
        Ok(match (shapes, value) {
            (_, Yaml::Null) => Yaml::Null,
            ([Shape::Number, Shape::Text, _], Yaml::Int(_) | Yaml::Text(_)) => self.port(&value.printed())?,
            ([Shape::Number, Shape::Text, _], Yaml::Float(_)) => {
                return undecoded("error decoding 'Ports': invalid type float64 for port");
            }
            ([Shape::Text, _], Yaml::Text(text)) => match keys(1) {
                Some("context") => named("context", Yaml::text(text)),
                Some("source") => named("source", Yaml::text(text)),
                _ => self.decoded(volume(text))?,
            },
            ([Shape::Set(_), _], Yaml::List(names)) => {
                sorted(names.iter().map(|name| (name.printed(), Yaml::Null)).collect())
            }
            // A limit of 0 is none.
            ([Shape::Int, _], Yaml::Int(0)) => Yaml::Map(Vec::new()),
            _ => self.load(shape.of(value), value)?,
        })
    }

    fn port(&mut self, text: &str) -> Result<Yaml, String> {
        let mut ports = self.decoded(ports::parse_short(text))?;
        self.ports += ports.len();
        if self.ports > MOST_PORTS {
            return Err(format!("swarmyard: more than {MOST_PORTS} ports are not simulated"));
        }
        let mut parts = text.rsplitn(3, ':');
        let (container, host, address) = (parts.next(), parts.next(), parts.next().unwrap_or(""));
        if !["", "0.0.0.0", "[::]", "::"].contains(&address) {
            let (container, host) = (container.unwrap_or(""), host.unwrap_or(""));
            let slash = if container.contains('/') { "" } else { "/tcp" };
            self.logged.push(format!(
                "ignoring IP-address ({address}:{host}:{container}{slash}) service will listen on '0.0.0.0'"
            ));
        }
        collections::sort_by_key(&mut ports, |port| port.target.to_string());
        Ok(Yaml::List(ports.iter().map(port).collect()))
    }

    fn number(&self, value: &Yaml) -> Result<Yaml, String> {
        let name = self.path.last().map_or("", String::as_str);
        if name == "max_failure_ratio" {
            return Ok(Yaml::Float(shortest(parse_float(&value.printed()).unwrap_or(0.0))));
        }
        let number = match value {
            Yaml::Int(number) => *number,
            value => value.printed().split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or(0),
        };
        let signed = ["pids", "soft", "hard", "size", "value"].contains(&name)
            || self.path.first().is_some_and(|first| first == "ulimits");
        if number < 0 && !signed {
            return undecoded(&format!("cannot parse '{}', {number} overflows uint", self.go_path()));
        }
        Ok(Yaml::Int(if ["target", "published", "mode"].contains(&name) { i64::from(number as u32) } else { number }))
    }

    fn decoded<T>(&self, result: Result<T, String>) -> Result<T, String> {
        result.or_else(|why| undecoded(&format!("error decoding '{}': {why}", self.go_path())))
    }

    /// Where a value stands, in the names of Docker's types.
    fn go_path(&self) -> String {
        let mut path = String::new();
        for name in &self.path {
            let tagged = name.contains('_') || ["memory", "cpus", "pids"].contains(&name.as_str());
            if !path.is_empty() && !name.starts_with('[') {
                path.push('.');
            }
            match name.as_str() {
                "healthcheck" => path.push_str("HealthCheck"),
                name if tagged => path.push_str(name),
                name => {
                    path.extend(name.chars().next().map(|first| first.to_ascii_uppercase()));
                    path.push_str(name.get(1..).unwrap_or(""));
                }
            }
        }
        path
    }
}

fn undecoded<T>(why: &str) -> Result<T, String> {
    Err(format!("decoding failed due to the following error(s):\n\n{why}"))
}

/// Whether a value is left out where it is not kept on purpose.
fn is_nothing(shape: &Shape, value: &Yaml) -> bool {
    match value {
        Yaml::Null | Yaml::Bool(false) | Yaml::Int(0) => true,
        Yaml::Text(text) => {
            text.is_empty() || matches!((shape, text.as_str()), (Shape::Duration, "0s") | (Shape::Bytes, "0"))
        }
        Yaml::Float(text) => text == "0",
        Yaml::List(items) => items.is_empty(),
        Yaml::Map(pairs) => pairs.is_empty(),
        _ => false,
    }
}

/// `key=value` in a list, or a map, by key. What has no value is empty, or null among variables.
fn pairs(shape: &Shape, value: &Yaml) -> Yaml {
    let nothing = || if matches!(shape, Shape::Variables) { Yaml::Null } else { Yaml::text("") };
    let mut pairs: Vec<(String, Yaml)> = Vec::new();
    for (key, value) in value.as_map() {
        pairs.push((key.clone(), if *value == Yaml::Null { nothing() } else { Yaml::Text(value.printed()) }));
    }
    let mut known: collections::Map<String, usize> = collections::Map::new();
    for item in value.as_list() {
        let text = item.printed();
        let (key, value) = match text.split_once('=') {
            Some((key, value)) => (key.to_owned(), Yaml::text(value)),
            None => (text, nothing()),
        };
        match known.get(&key) {
            Some(place) => pairs[*place].1 = value,
            None => {
                known.insert(key.clone(), pairs.len());
                pairs.push((key, value));
            }
        }
    }
    sorted(pairs)
}

/// Lines `host:address`.
fn hosts(value: &Yaml) -> Yaml {
    let mut lines: Vec<(String, String)> = Vec::new();
    for (host, address) in value.as_map().iter().filter(|(_, address)| *address != Yaml::Null) {
        lines.push((host.clone(), address.printed()));
    }
    collections::sort(&mut lines);
    for line in value.as_list() {
        let line = line.printed();
        if let Some((host, address)) = line.split_once('=').or_else(|| line.split_once(':')) {
            lines.push((host.to_owned(), address.to_owned()));
        }
    }
    let bare = |address: &str| match address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) if !inner.is_empty() => inner.to_owned(),
        _ => address.to_owned(),
    };
    Yaml::List(lines.iter().map(|(host, address)| Yaml::Text(format!("{host}:{}", bare(address)))).collect())
}

fn port(port: &PortConfig) -> Yaml {
    let mut pairs = vec![("mode".to_owned(), Yaml::text(port.mode.word()))];
    for (name, number) in [("target", port.target), ("published", port.published)] {
        if number != 0 {
            pairs.push((name.to_owned(), Yaml::Int(i64::from(number))));
        }
    }
    pairs.push(("protocol".to_owned(), Yaml::text(port.protocol.word())));
    Yaml::Map(pairs)
}
