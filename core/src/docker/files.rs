//! What `docker config …` and `docker secret …` have in common, which is nearly all.
//!
//! Models: docker/cli cli/command/{config,secret}/*.go.

use super::command::{Call, Wants};
use super::error::CliError;
use super::flags::{BOOL, FILTER, Flag, Matches, STRING};
use super::format::{Format, Table};
use super::service::pairs;
use super::units::human_duration;
use super::{ABOUT_FORMAT, Flow, filter, inspect, objects};
use crate::api::FileSpec;
use crate::collections;
use crate::date;
use crate::json::{Html, Struct, Value};
use crate::model::{ClusterFile, FileKind};
use crate::natural::natural;
use crate::world::World;

pub(crate) const LS: [Flag; 3] = [
    Flag::new("filter", FILTER, "Only those that match (id, label, name)").short('f'),
    Flag::new("format", STRING, ABOUT_FORMAT),
    Flag::new("quiet", BOOL, "Only IDs").short('q'),
];

pub(crate) fn create(call: &mut Call, matches: &Matches, kind: FileKind) -> Result<Flow, CliError> {
    let driver = matches.text("driver").unwrap_or("");
    let data = match matches.args.get(1).map(String::as_str) {
        None if driver.is_empty() => return Err(CliError::said("secret file is required")),
        None => String::new(),
        Some(_) if !driver.is_empty() => {
            return Err(CliError::said("when using secret driver secret data must be empty"));
        }
        Some(path) => data(call, path, kind)?,
    };
    let id = call.api().create_file(
        kind,
        FileSpec {
            name: matches.args[0].clone(),
            labels: pairs(matches.all("label")),
            data,
            driver: driver.to_owned(),
            templating: matches.text("template-driver").unwrap_or("").to_owned(),
        },
    )?;
    call.line(id.as_str());
    Ok(Flow::Exit(0))
}

/// What a file holds, or what comes from standard input.
fn data(call: &Call, path: &str, kind: FileKind) -> Result<String, CliError> {
    let read = match path {
        "-" => Ok(call.read(Wants::Everything)?.to_owned()),
        path => call.text_of(path).map_err(|why| format!("error reading from {path}: {why}")),
    };
    let from = if path == "-" { "STDIN" } else { path };
    let read = read.and_then(|data| {
        if data.is_empty() { Err(format!("error reading from {from}: data is empty")) } else { Ok(data) }
    });
    read.map_err(|why| match kind {
        FileKind::Config => CliError::said(format!("Error reading content from \"{path}\": {why}")),
        FileKind::Secret => CliError::said(why),
    })
}

pub(crate) fn inspect(call: &mut Call, matches: &Matches, kind: FileKind) -> Result<Flow, CliError> {
    if let Some(format) = inspect::format(matches)? {
        inspect::inspect(call, &matches.args, format, Html::Plain, &|call, name| {
            let file = call.api().file(kind, name)?;
            Ok(objects::file(call.world, &file))
        })?;
        return Ok(Flow::Exit(0));
    }
    let mut errors = Vec::new();
    for reference in &matches.args {
        match call.api().file(kind, reference) {
            Ok(file) => {
                let text = pretty(call.world, &file);
                call.out.out(text);
            }
            Err(error) => errors.push(error.into()),
        }
    }
    CliError::several(errors)?;
    Ok(Flow::Exit(0))
}

fn pretty(world: &World, file: &ClusterFile) -> String {
    let config = file.kind == FileKind::Config;
    let (id, at) = if config { ("\t\t\t", "            \t") } else { ("              ", "        ") };
    let mut text = format!("ID:{id}{}\nName:{id}{}\n", file.id, file.name);
    if !file.labels.is_empty() {
        text += "Labels:\n";
        for (key, value) in &file.labels {
            text += &[" - ", key, if value.is_empty() { "" } else { "=" }, value, "\n"].concat();
        }
    }
    if !config {
        text += &format!("Driver:            {}\n", file.driver);
    }
    for (what, time) in [("Created", file.meta.created), ("Updated", file.meta.updated)] {
        text += &format!("{what} at:{at}{}\n", date::go_time(world.unix_ms(time)).to_ascii_lowercase());
    }
    if config {
        text += &format!("Data:\n{}\n", file.data);
    }
    text
}

const TITLES: &[(&str, &str)] = &[
    ("ID", "ID"),
    ("Name", "NAME"),
    ("Driver", "DRIVER"),
    ("CreatedAt", "CREATED"),
    ("UpdatedAt", "UPDATED"),
    ("Labels", "LABELS"),
];

pub(crate) fn ls(call: &mut Call, matches: &Matches, kind: FileKind) -> Result<Flow, CliError> {
    let mut files = call.api().files(kind)?;
    let filters = matches.filters();
    filter::known(&filters, &["id", "label", "name", "names"])?;
    files.retain(|file| {
        filter::all(&filters, |key, value| match key {
            "id" => file.id.as_str().starts_with(value),
            "label" => filter::label(&file.labels, value),
            "name" => file.name.starts_with(value),
            _ => file.name == value,
        })
    });
    collections::sort_by(&mut files, |a, b| natural(&a.name, &b.name));
    let rows: Vec<Value> = files.iter().map(|file| row(call.world, file)).collect();
    let table = match kind {
        FileKind::Config => "{{.ID}}\t{{.Name}}\t{{.CreatedAt}}\t{{.UpdatedAt}}",
        FileKind::Secret => "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.CreatedAt}}\t{{.UpdatedAt}}",
    };
    let table = Table { titles: TITLES, table, raw: "", raw_quiet: "" };
    let text = Format::of(matches).write(&table, &rows)?;
    call.out.out(text);
    Ok(Flow::Exit(0))
}

fn row(world: &World, file: &ClusterFile) -> Value {
    let labels: Vec<String> = file.labels.iter().map(|(key, value)| [key, "=", value].concat()).collect();
    let ago = |at| human_duration(world.now().saturating_sub(at)) + " ago";
    let mut row = Struct::row(match file.kind {
        FileKind::Config => "*config.configContext",
        FileKind::Secret => "*secret.secretContext",
    });
    row.with("CreatedAt", ago(file.meta.created));
    if file.kind == FileKind::Secret {
        row.with("Driver", file.driver.as_str());
    }
    row.with("ID", file.id.as_str())
        .with("Labels", labels.join(","))
        .with("Name", file.name.as_str())
        .with("UpdatedAt", ago(file.meta.updated))
        .into()
}

pub(crate) fn rm(call: &mut Call, matches: &Matches, kind: FileKind) -> Result<Flow, CliError> {
    let mut errors = Vec::new();
    for name in &matches.args {
        match call.api().remove_file(kind, name) {
            Ok(()) => call.line(name),
            Err(error) => errors.push(error.into()),
        }
    }
    CliError::several(errors)?;
    Ok(Flow::Exit(0))
}
