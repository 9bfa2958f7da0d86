//! The sections of a compose file: services, and what they share.
//!
//! Models: docker/cli cli/compose/loader/loader.go (loadSections and what it calls).

use super::environment::{Surroundings, entry};
use super::load::{Loader, anything, sorted};
use super::schema::{self, Key, ROOT, Shape};
use super::yaml::Yaml;

/// What volumes of a cluster may say of themselves.
const CLUSTER_SPEC: &str = "x-cluster-spec";

pub(super) const SECTIONS: [&str; 5] = ["services", "networks", "volumes", "secrets", "configs"];

/// Loads a file of version 3.`minor`.
pub(super) fn load(loader: &mut Loader, around: &Surroundings, file: &Yaml, minor: u8) -> Result<Yaml, String> {
    let map = Yaml::Map(Vec::new());
    let mut sections = Vec::new();
    for section in SECTIONS {
        let given = file.get(section).map_or(&[][..], Yaml::as_map);
        let Some(Shape::Each(shape)) = ROOT.inside(&map, section) else { continue };
        let mut loaded = Vec::new();
        for (name, value) in given {
            let mut object = match loader.object(shape, value)? {
                Yaml::Null => Yaml::Map(Vec::new()),
                object => object,
            };
            match section {
                "services" => {
                    around.variables(&mut object)?;
                    around.mounts(&mut object)?;
                }
                section => {
                    let kind = &section[..section.len() - 1];
                    let keys = shape.of(&map).keys().unwrap_or(&[]);
                    external(loader, (kind, name), keys, &mut object, minor)?;
                    file_of(around, kind, name, &mut object)?;
                }
            }
            loaded.push((name.clone(), object));
        }
        if !loaded.is_empty() || section == "services" {
            sections.push((section.to_owned(), sorted(loaded)));
        }
    }
    let own = file.as_map().iter().filter(|(name, _)| name.starts_with("x-"));
    if let Yaml::Map(own) = sorted(own.map(|(name, value)| (name.clone(), anything(value))).collect()) {
        sections.extend(own);
    }
    Ok(Yaml::Map(sections))
}

/// What is external has its name beside the word `external`, not below it as in old files.
fn external(
    loader: &mut Loader,
    (kind, name): (&str, &str),
    keys: &[Key],
    object: &mut Yaml,
    minor: u8,
) -> Result<(), String> {
    let external = object.get("external").cloned().unwrap_or(Yaml::Bool(false));
    if external == Yaml::Bool(false) {
        if let Yaml::Map(pairs) = object {
            // Of networks and volumes Docker forgets the keys of users.
            let forgets = kind == "network" || kind == "volume";
            pairs.retain(|(key, _)| key != "external" && !(forgets && key.starts_with("x-") && key != CLUSTER_SPEC));
        }
        return Ok(());
    }
    if kind == "volume" {
        for key in ["driver", "driver_opts", "labels"] {
            if object.get(key).is_some() {
                return Err(format!(
                    "conflicting parameters \"external\" and \"{key}\" specified for volume \"{name}\""
                ));
            }
        }
    }
    let mut called = name.to_owned();
    let given = object.str("name").map(str::to_owned);
    if let Some(old) = external.str("name") {
        if given.is_some() {
            return Err(format!("{kind} {name}: {kind}.external.name and {kind}.name conflict; only use {kind}.name"));
        }
        if minor >= if kind == "volume" { 4 } else { 5 } {
            loader.logged.push(format!("{kind} {name}: {kind}.external.name is deprecated in favor of {kind}.name"));
        }
        called = old.to_owned();
    }
    if let Yaml::Map(pairs) = object {
        if given.is_none() {
            pairs.push(("name".to_owned(), Yaml::Text(called)));
        }
        schema::arrange(keys, pairs);
    }
    if let Some(external) = entry(object, "external") {
        *external = Yaml::Bool(true);
    }
    Ok(())
}

/// Where the text of a config or a secret is.
fn file_of(around: &Surroundings, kind: &str, name: &str, object: &mut Yaml) -> Result<(), String> {
    if !["secret", "config"].contains(&kind) || object.get("external").is_some() {
        return Ok(());
    }
    if object.get("driver").is_some() {
        if object.get("file").is_some() {
            return Err(format!("{kind} {name}: {kind}.driver and {kind}.file conflict; only use {kind}.driver"));
        }
        return Ok(());
    }
    match entry(object, "file") {
        Some(file) => *file = Yaml::Text(around.absolute(&file.printed())),
        None => {
            if let Yaml::Map(pairs) = object {
                let place = usize::from(pairs.first().is_some_and(|(key, _)| key == "name"));
                pairs.insert(place, ("file".to_owned(), Yaml::Text(around.directory.clone())));
            }
        }
    }
    Ok(())
}
