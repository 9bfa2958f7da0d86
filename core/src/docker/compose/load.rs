//! Checks what stands in a compose file against the schema, fills in its variables, and brings everything that has
//! several forms into one, in the order of the schema.
//!
//! Models: docker/cli cli/compose/loader/loader.go, interpolation/interpolation.go and schema/schema.go.
//! Differs: of several errors the first one is told, not the one that lies deepest.

use super::interpolate::{Bad, Lookup, fill};
use super::schema::{ATTACHMENT, Key, LIMIT, MOUNT, PORT, REFERENCE, Shape};
use super::yaml::Yaml;
use crate::collections;
use crate::docker::service::{ports, shell_words};
use crate::docker::units::{parse_bytes, parse_duration, parse_float, parse_int, quote};

/// What loading needs to know of the machine.
pub(super) struct Loader<'a> {
    /// `None`: variables stay as they are.
    pub(super) variable: Option<Lookup<'a>>,
}

impl Loader<'_> {
    /// Brings a value into its one form. `path` is where it stands: `services.web.image`.
    pub(super) fn load(&self, shape: &Shape, path: &str, value: &Yaml) -> Result<Yaml, String> {
        let wants = |kind: &str| Err(format!("{} must be a {kind}", if path.is_empty() { "(root)" } else { path }));
        let filled;
        let value = match value {
            Yaml::Scalar { text, plain } if text.contains('$') => {
                filled = Yaml::Scalar { text: self.fill(path, text)?, plain: *plain && self.variable.is_none() };
                &filled
            }
            value => value,
        };
        let kind = kind_of(value);
        match shape {
            Shape::Any => Ok(value.clone()),
            Shape::Text => match value {
                Yaml::Scalar { text, .. } if kind == "string" => Ok(Yaml::text(text)),
                _ => wants("string"),
            },
            Shape::Scalar => match value {
                Yaml::Scalar { text, .. } if kind == "string" || kind == "number" || kind == "integer" => {
                    Ok(Yaml::text(text))
                }
                _ => wants("string or number"),
            },
            Shape::Int | Shape::Number | Shape::Bool => self.cast(shape, path, value, kind),
            Shape::Duration => {
                let Some(text) = value.as_text().filter(|_| kind == "string") else { return wants("string") };
                let nanos = parse_duration(text)?;
                Ok(Yaml::text(crate::docker::units::go_duration(nanos)))
            }
            Shape::Bytes => {
                let Some(text) = value.as_text().filter(|_| kind == "string") else { return wants("string") };
                Ok(Yaml::text(parse_bytes(text)?.to_string()))
            }
            Shape::Texts => self.list(&Shape::Text, path, value),
            Shape::OneOrTexts => match value {
                Yaml::List(_) => self.list(&Shape::Text, path, value),
                _ => Ok(Yaml::List(vec![self.load(&Shape::Text, path, value)?])),
            },
            Shape::Command | Shape::Test => match (shape, value) {
                (_, Yaml::List(_)) => self.list(&Shape::Text, path, value),
                (_, value) if value.is_null() => Ok(Yaml::NULL),
                (Shape::Test, value) => {
                    Ok(Yaml::List(vec![Yaml::text("CMD-SHELL"), self.load(&Shape::Text, path, value)?]))
                }
                (_, value) => {
                    let line = self.load(&Shape::Text, path, value)?;
                    let words = shell_words(line.as_text().unwrap_or(""))?;
                    Ok(Yaml::List(words.into_iter().map(Yaml::text).collect()))
                }
            },
            Shape::Pairs | Shape::Variables | Shape::Options => self.pairs(shape, path, value),
            Shape::Hosts => match value {
                Yaml::Map(_) => {
                    let pairs = self.pairs(&Shape::Pairs, path, value)?;
                    let lines = pairs
                        .as_map()
                        .iter()
                        .filter_map(|(host, address)| Some(Yaml::text(format!("{host}:{}", address.as_text()?))));
                    Ok(Yaml::List(lines.collect()))
                }
                Yaml::List(_) => self.list(&Shape::Text, path, value),
                _ => wants("mapping"),
            },
            Shape::Maybe(_) if value.is_null() => Ok(Yaml::Map(Vec::new())),
            Shape::Map(keys) | Shape::Maybe(keys) => match value {
                Yaml::Map(pairs) => self.map(keys, path, pairs),
                _ if matches!(shape, Shape::Maybe(_)) => wants("mapping or null"),
                _ => wants("mapping"),
            },
            Shape::Each(shape) => {
                let Yaml::Map(pairs) = value else { return wants("mapping") };
                let mut loaded = Vec::new();
                for (name, value) in pairs {
                    let fine = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
                    if name.is_empty() || !name.chars().all(fine) {
                        return Err(format!("{path} Additional property {name} is not allowed"));
                    }
                    loaded.push((name.clone(), self.load(shape, &format!("{path}.{name}"), value)?));
                }
                collections::sort_by(&mut loaded, |a, b| a.0.cmp(&b.0));
                Ok(Yaml::Map(loaded))
            }
            Shape::List(shape) => self.list(shape, path, value),
            Shape::Port => match value {
                Yaml::Map(_) => self.load(&PORT, path, value),
                Yaml::Scalar { text, .. } if kind == "string" || kind == "integer" => {
                    let ports = ports::parse(text)?;
                    Ok(Yaml::List(ports.iter().map(port).collect()))
                }
                _ => wants("number"),
            },
            Shape::Volume => match value {
                Yaml::Map(_) => self.load(&MOUNT, path, value),
                Yaml::Scalar { text, .. } if kind == "string" => volume(text),
                _ => wants("string"),
            },
            Shape::Reference => match value {
                Yaml::Map(_) => self.load(&REFERENCE, path, value),
                _ => Ok(Yaml::Map(vec![("source".to_owned(), self.load(&Shape::Text, path, value)?)])),
            },
            Shape::Networks => match value {
                Yaml::Map(given) => {
                    let mut loaded = self.load(&Shape::Each(&ATTACHMENT), path, value)?;
                    if let Yaml::Map(pairs) = &mut loaded {
                        for (name, attachment) in pairs {
                            if given.iter().any(|(had, value)| had == name && value.is_null()) {
                                *attachment = Yaml::NULL;
                            }
                        }
                    }
                    Ok(loaded)
                }
                Yaml::List(_) => {
                    let names = self.list(&Shape::Text, path, value)?;
                    let names = names.as_list().iter().filter_map(Yaml::as_text);
                    let mut names: Vec<(String, Yaml)> = names.map(|name| (name.to_owned(), Yaml::NULL)).collect();
                    collections::sort_by(&mut names, |a, b| a.0.cmp(&b.0));
                    Ok(Yaml::Map(names))
                }
                _ => wants("list"),
            },
            Shape::Ulimit => match value {
                Yaml::Map(_) => self.load(&LIMIT, path, value),
                _ => self.load(&Shape::Int, path, value),
            },
            Shape::External => match value {
                Yaml::Map(_) => self.load(&Shape::Map(&[("name", Shape::Text)]), path, value),
                _ => self.load(&Shape::Bool, path, value),
            },
        }
    }

    fn fill(&self, path: &str, text: &str) -> Result<String, String> {
        let Some(variable) = self.variable else { return Ok(text.to_owned()) };
        fill(text, variable).map_err(|bad| match bad {
            Bad::Form => format!(
                "invalid interpolation format for {path}: {}; you may need to escape any $ with another $",
                quote(text)
            ),
            Bad::Required(why) => format!("error while interpolating {path}: {why}"),
        })
    }

    /// Numbers and truths may also be written as texts.
    fn cast(&self, shape: &Shape, path: &str, value: &Yaml, kind: &str) -> Result<Yaml, String> {
        let wanted = match shape {
            Shape::Int => "integer",
            Shape::Number => "number",
            _ => "boolean",
        };
        let Some(text) =
            value.as_text().filter(|_| kind == "string" || kind == wanted || (kind, wanted) == ("integer", "number"))
        else {
            return Err(format!("{path} must be a {wanted}"));
        };
        let read = match (shape, text.to_ascii_lowercase().as_str()) {
            (Shape::Int, _) => {
                number(text).map(|number| number.to_string()).map_err(|why| why.replace("ParseInt", "Atoi"))
            }
            (Shape::Number, _) => parse_float(text).map(|number| number.to_string()),
            (_, "1" | "true" | "y" | "yes" | "on") => Ok("true".to_owned()),
            (_, "0" | "false" | "n" | "no" | "off") => Ok("false".to_owned()),
            _ => Err(format!("invalid boolean: {text}")),
        };
        read.map(Yaml::plain)
            .map_err(|why| format!("error while interpolating {path}: failed to cast to expected type: {why}"))
    }

    fn list(&self, shape: &Shape, path: &str, value: &Yaml) -> Result<Yaml, String> {
        let Yaml::List(items) = value else { return Err(format!("{path} must be a list")) };
        let mut loaded = Vec::new();
        for (number, item) in items.iter().enumerate() {
            match (shape, self.load(shape, &format!("{path}.{number}"), item)?) {
                // One port may stand for several.
                (Shape::Port, Yaml::List(ports)) => loaded.extend(ports),
                (_, item) => loaded.push(item),
            }
        }
        Ok(Yaml::List(loaded))
    }

    fn pairs(&self, shape: &Shape, path: &str, value: &Yaml) -> Result<Yaml, String> {
        let nothing = || if matches!(shape, Shape::Variables) { Yaml::NULL } else { Yaml::text("") };
        let mut pairs: Vec<(String, Yaml)> = Vec::new();
        match value {
            Yaml::Map(given) => {
                for (key, value) in given {
                    let Yaml::Scalar { text, .. } = value else {
                        return Err(format!("{path}.{key} must be a string, number or null"));
                    };
                    let value = if value.is_null() {
                        nothing()
                    } else {
                        Yaml::text(self.fill(&format!("{path}.{key}"), text)?)
                    };
                    pairs.push((key.clone(), value));
                }
            }
            Yaml::List(_) if !matches!(shape, Shape::Options) => {
                for item in self.list(&Shape::Text, path, value)?.as_list() {
                    let text = item.as_text().unwrap_or("");
                    let (key, value) = match text.split_once('=') {
                        Some((key, value)) => (key, Yaml::text(value)),
                        None => (text, nothing()),
                    };
                    pairs.retain(|(had, _)| had != key);
                    pairs.push((key.to_owned(), value));
                }
            }
            _ => return Err(format!("{path} must be a mapping")),
        }
        collections::sort_by(&mut pairs, |a, b| a.0.cmp(&b.0));
        Ok(Yaml::Map(pairs))
    }

    fn map(&self, keys: &[Key], path: &str, pairs: &[(String, Yaml)]) -> Result<Yaml, String> {
        let known = |name: &str| keys.iter().any(|(key, _)| *key == name) || name.starts_with("x-");
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !known(name)) {
            let path = if path.is_empty() { "(root)" } else { path };
            return Err(format!("{path} Additional property {name} is not allowed"));
        }
        let mut loaded = Vec::new();
        for (key, shape) in keys {
            if let Some((_, value)) = pairs.iter().find(|(name, _)| name == key) {
                let path = if path.is_empty() { (*key).to_owned() } else { format!("{path}.{key}") };
                loaded.push(((*key).to_owned(), self.load(shape, &path, value)?));
            }
        }
        Ok(Yaml::Map(loaded))
    }
}

/// What JSON calls a value.
fn kind_of(value: &Yaml) -> &'static str {
    match value {
        Yaml::List(_) => "array",
        Yaml::Map(_) => "object",
        value if value.is_null() => "null",
        Yaml::Scalar { plain: false, .. } => "string",
        Yaml::Scalar { text, .. } => match text.as_str() {
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => "boolean",
            text if number(text).is_ok() => "integer",
            text if text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
                && text.parse::<f64>().is_ok() =>
            {
                "number"
            }
            _ => "string",
        },
    }
}

/// A number as YAML writes it: `8080`, `0o444`, `0444`, `0x1f`.
fn number(text: &str) -> Result<i64, String> {
    let based = |digits: &str, base| i64::from_str_radix(digits, base).map_err(|_| String::new());
    match text.get(..2) {
        Some("0o") => based(&text[2..], 8),
        Some("0x") => based(&text[2..], 16),
        Some(start) if start.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()) => based(text, 8),
        _ => Err(String::new()),
    }
    .or_else(|_| parse_int(text))
}

fn port(port: &crate::model::PortConfig) -> Yaml {
    let mut pairs = vec![
        ("mode".to_owned(), Yaml::text(port.mode.word())),
        ("target".to_owned(), Yaml::plain(port.target.to_string())),
    ];
    if port.published != 0 {
        pairs.push(("published".to_owned(), Yaml::plain(port.published.to_string())));
    }
    pairs.push(("protocol".to_owned(), Yaml::text(port.protocol.word())));
    Yaml::Map(pairs)
}

/// `source:target:options`. Models: docker/cli cli/compose/loader/volume.go.
fn volume(spec: &str) -> Result<Yaml, String> {
    let bad = |why: &str| Err(format!("invalid spec: {spec}: {why}"));
    let parts: Vec<&str> = spec.split(':').collect();
    if spec.is_empty() {
        return Err("invalid empty volume spec".to_owned());
    }
    if parts.iter().any(|part| part.is_empty()) {
        return bad("empty section between colons");
    }
    let (source, target, options) = match parts[..] {
        [target] => ("", target, ""),
        [source, target] => (source, target, ""),
        [source, target, options] => (source, target, options),
        _ => return bad("too many colons"),
    };
    let kind = if source.starts_with(['.', '/', '~']) { "bind" } else { "volume" };
    let mut pairs = vec![("type", Yaml::text(kind))];
    if !source.is_empty() {
        pairs.push(("source", Yaml::text(source)));
    }
    pairs.push(("target", Yaml::text(target)));
    for option in options.split(',') {
        let inner = |key: &str, value: Yaml| Yaml::Map(vec![(key.to_owned(), value)]);
        match option {
            "ro" => pairs.push(("read_only", Yaml::plain("true"))),
            "nocopy" => pairs.push(("volume", inner("nocopy", Yaml::plain("true")))),
            "rprivate" | "private" | "rshared" | "shared" | "rslave" | "slave" => {
                pairs.push(("bind", inner("propagation", Yaml::text(option))));
            }
            _ => {}
        }
    }
    Ok(Yaml::Map(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()))
}
