//! Compose files: what `docker stack` reads.
//!
//! Models: docker/cli cli/compose/loader/{loader,merge}.go and cli/command/stack/loader/loader.go.

mod convert;
mod interpolate;
mod load;
mod schema;
mod write;
mod yaml;

use std::fmt::Write;

use super::command::{Call, Wants};
use super::error::CliError;
use schema::{DEPRECATED, FORBIDDEN, UNSUPPORTED};

pub(crate) use convert::{file_spec, joined, network, service, unknown_word};
pub(crate) use write::write;
pub(crate) use yaml::Yaml;

/// What the files of a stack say, in one form.
pub(crate) struct Compose {
    pub(crate) config: Yaml,
    /// What is passed over, for standard error.
    pub(crate) warnings: String,
}

impl Compose {
    /// Reads and merges files.
    pub(crate) fn read(call: &Call, files: &[String], interpolate: bool) -> Result<Compose, CliError> {
        let said = |why: String| CliError::said(why);
        let mut raw = Vec::new();
        for path in files {
            let text = match path.as_str() {
                "-" => call.read(Wants::Everything)?.to_owned(),
                path => call.text_of(path).map_err(said)?,
            };
            let file = Yaml::read(&text).map_err(said)?;
            if !matches!(file, Yaml::Map(_)) {
                return Err(CliError::said("top-level object must be a mapping"));
            }
            raw.push(file);
        }
        let first = files.first().filter(|first| *first != "-").map_or("", String::as_str);
        let directory = (call.machine.path)(first.rsplit_once('/').map_or(".", |(directory, _)| directory));
        let loader = load::Loader { variable: interpolate.then_some(call.machine.variable) };
        let mut merged: Option<Yaml> = None;
        let version = version(&raw[0]);
        for file in &raw {
            let own = self::version(file);
            if own != version {
                return Err(said(format!("version mismatched between two composefiles : {version} and {own}")));
            }
            let forbidden = used(file, FORBIDDEN);
            if !forbidden.is_empty() {
                return Err(said(format!("Compose file contains unsupported options:\n\n{forbidden}\n")));
            }
            if !is_known(&version) {
                return Err(said(format!("unsupported Compose file version: {version}")));
            }
            let mut loaded = loader.load(&schema::ROOT, "", file).map_err(said)?;
            resolve(call, &directory, &mut loaded).map_err(said)?;
            merged = Some(match merged {
                Some(merged) => merge(merged, loaded, ""),
                None => loaded,
            });
        }
        let mut config = merged.unwrap_or(Yaml::NULL);
        if let Yaml::Map(sections) = &mut config {
            sections.retain(|(key, _)| key != "version");
            sections.insert(0, ("version".to_owned(), Yaml::text(version)));
        }
        Ok(Compose { config, warnings: warnings(&raw) })
    }

    /// The pairs of a section, by name.
    pub(crate) fn section(&self, name: &str) -> &[(String, Yaml)] {
        self.config.get(name).map_or(&[], Yaml::as_map)
    }
}

fn version(file: &Yaml) -> String {
    match file.str("version") {
        None => "3.13".to_owned(),
        Some("3") => "3.0".to_owned(),
        Some(version) => version.to_owned(),
    }
}

fn is_known(version: &str) -> bool {
    let minor = version.strip_prefix("3.").and_then(|minor| minor.parse().ok());
    minor.is_some_and(|minor| schema::VERSIONS.contains(&minor))
}

fn services(file: &Yaml) -> impl Iterator<Item = &Yaml> {
    file.get("services").map_or(&[][..], Yaml::as_map).iter().map(|(_, service)| service)
}

fn uses(service: &Yaml, key: &str) -> bool {
    service.as_map().iter().any(|(had, _)| had == key)
}

/// Those of the properties that services use, with what is said of them.
fn used(file: &Yaml, properties: &[(&str, &str)]) -> String {
    let used = properties.iter().filter(|(key, _)| services(file).any(|service| uses(service, key)));
    let lines: Vec<String> = used.map(|(key, about)| format!("{key}: {about}")).collect();
    lines.join("\n\n")
}

fn warnings(files: &[Yaml]) -> String {
    let mut text = String::new();
    let ignored = UNSUPPORTED.iter().filter(|key| files.iter().flat_map(services).any(|service| uses(service, key)));
    let ignored: Vec<&str> = ignored.copied().collect();
    if !ignored.is_empty() {
        writeln!(text, "Ignoring unsupported options: {}\n", ignored.join(", ")).expect("a String takes everything");
    }
    let deprecated: Vec<String> =
        files.iter().map(|file| used(file, DEPRECATED)).filter(|lines| !lines.is_empty()).collect();
    if !deprecated.is_empty() {
        writeln!(text, "Ignoring deprecated options:\n\n{}\n", deprecated.join("\n\n"))
            .expect("a String takes everything");
    }
    text
}

/// Makes paths absolute, and reads the files of variables.
fn resolve(call: &Call, directory: &str, config: &mut Yaml) -> Result<(), String> {
    let absolute = |path: &str| match path.strip_prefix('~') {
        Some(rest) => (call.machine.variable)("HOME").unwrap_or_default() + rest,
        None if path.starts_with('/') => path.to_owned(),
        None => (call.machine.path)(&format!("{directory}/{path}")),
    };
    let Yaml::Map(sections) = config else { return Ok(()) };
    for (section, value) in sections {
        let Yaml::Map(objects) = value else { continue };
        for (_, object) in objects {
            match section.as_str() {
                "services" => {
                    environment(call, &absolute, object)?;
                    mounts(&absolute, object)?;
                }
                "secrets" | "configs" => {
                    let kept = object.get("external").is_some() || object.get("driver").is_some();
                    if let Yaml::Map(pairs) = object
                        && !kept
                    {
                        let file = pairs.iter_mut().find(|(key, _)| key == "file");
                        match file {
                            Some((_, file)) => *file = Yaml::text(absolute(file.as_text().unwrap_or(""))),
                            None => pairs.push(("file".to_owned(), Yaml::text(directory))),
                        }
                    }
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Sources of bind mounts.
fn mounts(absolute: &dyn Fn(&str) -> String, service: &mut Yaml) -> Result<(), String> {
    let Yaml::Map(pairs) = service else { return Ok(()) };
    let Some((_, Yaml::List(volumes))) = pairs.iter_mut().find(|(key, _)| key == "volumes") else { return Ok(()) };
    for volume in volumes.iter_mut().filter(|volume| volume.str("type") == Some("bind")) {
        let Yaml::Map(pairs) = volume else { continue };
        match pairs.iter_mut().find(|(key, _)| key == "source") {
            Some((_, source)) => *source = Yaml::text(absolute(source.as_text().unwrap_or(""))),
            None => return Err("invalid mount config for type \"bind\": field Source must not be empty".to_owned()),
        }
    }
    Ok(())
}

/// Variables from files, from the file itself, and from the environment where they are left open.
fn environment(call: &Call, absolute: &dyn Fn(&str) -> String, service: &mut Yaml) -> Result<(), String> {
    let mut all: Vec<(String, Yaml)> = Vec::new();
    for file in service.get("env_file").map_or(&[][..], Yaml::as_list).iter().filter_map(Yaml::as_text) {
        let text = call.text_of(&absolute(file))?;
        for line in text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (key, value) = match line.split_once('=') {
                Some((key, value)) => (key, Yaml::text(value)),
                None => (line, Yaml::NULL),
            };
            all.push((key.to_owned(), value));
        }
    }
    all.extend(service.get("environment").map_or(&[][..], Yaml::as_map).iter().cloned());
    let mut variables: Vec<(String, Yaml)> = Vec::new();
    for (key, value) in all {
        variables.retain(|(had, _)| *had != key);
        let open = value.as_text().is_none_or(str::is_empty);
        let known = (call.machine.variable)(&key).filter(|_| open);
        variables.push((key, known.map_or(value, Yaml::text)));
    }
    if let Yaml::Map(pairs) = service {
        pairs.retain(|(key, _)| key != "env_file");
        match pairs.iter_mut().find(|(key, _)| key == "environment") {
            Some((_, old)) => *old = Yaml::Map(variables),
            None if variables.is_empty() => {}
            None => pairs.push(("environment".to_owned(), Yaml::Map(variables))),
        }
    }
    Ok(())
}

/// A later file over an earlier one: maps are merged, lists are lengthened, and what is one replaces the other.
fn merge(old: Yaml, new: Yaml, key: &str) -> Yaml {
    match (old, new) {
        (Yaml::Map(mut old), Yaml::Map(new)) => {
            for (key, value) in new {
                match old.iter_mut().find(|(had, _)| *had == key) {
                    Some((_, had)) => *had = merge(std::mem::replace(had, Yaml::NULL), value, &key),
                    None => old.push((key, value)),
                }
            }
            Yaml::Map(old)
        }
        (Yaml::List(mut old), Yaml::List(new)) if !["command", "entrypoint", "test"].contains(&key) => {
            let same = match key {
                "ports" => "published",
                "volumes" => "target",
                _ => "source",
            };
            let replaced = |item: &Yaml| {
                new.iter().any(|other| other == item || (item.str(same).is_some() && item.str(same) == other.str(same)))
            };
            old.retain(|item| !replaced(item));
            old.extend(new);
            Yaml::List(old)
        }
        (_, new) => new,
    }
}
