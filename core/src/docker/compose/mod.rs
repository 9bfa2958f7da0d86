//! Compose files: what `docker stack` reads.
//!
//! A file is read (`yaml`), its variables are filled in (`interpolate`), it is held against the schema (`check`), brought
//! into one form (`load`, `environment`) and laid over those before it (`merge`). What comes out is written again
//! (`write`) or made into what the daemon knows (`convert`).
//!
//! Models: docker/cli cli/compose/loader/loader.go and cli/command/stack/loader/loader.go.

mod check;
mod convert;
mod environment;
mod interpolate;
mod load;
mod merge;
mod objects;
mod order;
mod properties;
mod reference;
mod schema;
mod volume;
mod write;
mod yaml;

use super::command::{Call, Wants};
use super::error::CliError;
use environment::Surroundings;
use load::Loader;
use yaml::Yaml;

pub(crate) use convert::{file_spec, joined, network, service, unknown_word};
pub(crate) use reference::refusal;
pub(crate) use write::write;

/// What the files of a stack say, in one form.
pub(crate) struct Compose {
    pub(crate) config: Yaml,
    /// The files as they were read.
    files: Vec<Yaml>,
}

/// What a file is read for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum For {
    Deploy,
    Show,
    /// With the variables left as they are.
    ShowTemplate,
}

impl Compose {
    /// Reads and merges files.
    pub(crate) fn read(call: &mut Call, paths: &[String], purpose: For) -> Result<Compose, CliError> {
        let first = paths.first().map_or("", String::as_str);
        let directory = (call.machine.path)(first.rsplit_once('/').map_or(".", |(directory, _)| directory));
        let directory = if first.starts_with('/') && directory.is_empty() { "/".to_owned() } else { directory };
        let mut files = Vec::new();
        for path in paths {
            files.push(parsed(call, path)?);
        }
        let mut merged: Option<Yaml> = None;
        let common = version(&files[0]);
        for file in &files {
            let own = version(file);
            if own != common {
                return Err(CliError::said(format!(
                    "version mismatched between two composefiles : {common} and {own}"
                )));
            }
            if let Some(forbidden) = properties::refusal(file) {
                return Err(CliError::said(match purpose {
                    For::Deploy => format!("Compose file contains unsupported options:\n\n{forbidden}\n"),
                    _ => "Configuration contains forbidden properties".to_owned(),
                }));
            }
            let mut file = file.clone();
            if purpose != For::ShowTemplate {
                interpolate::interpolate(&mut file, call.machine.variable).map_err(CliError::said)?;
            }
            let Some(minor) = minor(&common) else {
                return Err(CliError::said(format!("unsupported Compose file version: {common}")));
            };
            check::check(&file, minor).map_err(CliError::said)?;
            let mut loader = Loader::default();
            let around = Surroundings { call, directory: directory.clone() };
            let loaded = objects::load(&mut loader, &around, &file, minor);
            for line in &loader.logged {
                log(call, line);
            }
            let loaded = loaded.map_err(CliError::said)?;
            merged = Some(match merged {
                Some(merged) => merge::merge(merged, loaded),
                None => loaded,
            });
        }
        let mut config = merged.unwrap_or(Yaml::Null);
        if let Yaml::Map(sections) = &mut config {
            sections.insert(0, ("version".to_owned(), Yaml::Text(common)));
        }
        Ok(Compose { config, files })
    }

    /// What is said of keys that a stack passes over.
    pub(crate) fn warnings(&self) -> String {
        properties::warnings(&self.files)
    }

    /// The pairs of a section, by name.
    pub(crate) fn section(&self, name: &str) -> &[(String, Yaml)] {
        self.config.get(name).map_or(&[], Yaml::as_map)
    }
}

/// Reads one file; `-` is standard input, of which a second reading has nothing.
fn parsed(call: &Call, path: &str) -> Result<Yaml, CliError> {
    let text = match path {
        "-" => call.read(Wants::Everything)?.to_owned(),
        path => call.text_of(path).map_err(CliError::said)?,
    };
    match Yaml::read(&text).map_err(CliError::said)? {
        file @ Yaml::Map(_) => Ok(file),
        _ => Err(CliError::said("top-level object must be a mapping")),
    }
}

/// A line of the client's log.
fn log(call: &mut Call, line: &str) {
    let text = match call.out.terminal {
        Some(_) => format!("\u{1b}[33mWARN\u{1b}[0m[0000] {line:<44} \n"),
        None => {
            let now = crate::date::whole(call.world.unix_ms(call.world.now()), 'T');
            format!("time=\"{now}Z\" level=warning msg={}\n", super::units::quote(line))
        }
    };
    call.out.err(text);
}

fn version(file: &Yaml) -> String {
    let Some((_, version)) = file.as_map().iter().find(|(key, _)| key == "version") else {
        return format!("3.{}", schema::NEWEST);
    };
    match version {
        Yaml::Null => "<nil>".to_owned(),
        version => match version.printed() {
            text if text.is_empty() || text == "3" => format!("3.{}", schema::NEWEST),
            text => text,
        },
    }
}

/// The second number of a version that there is.
fn minor(version: &str) -> Option<u8> {
    let minor = version.strip_prefix("3.")?;
    minor.parse().ok().filter(|number: &u8| *number <= schema::NEWEST && minor == number.to_string())
}
