//! The volumes that a service mounts.
//!
//! Models: docker/cli cli/compose/convert/volume.go.

use super::super::Compose;
use super::super::yaml::Yaml;
use super::{labels, named, on, pairs, text};
use crate::model::Mount;

pub(super) fn mounts(stack: &str, config: &Yaml, compose: &Compose) -> Result<Vec<Mount>, String> {
    let volumes = config.get("volumes").map_or(&[][..], Yaml::as_list);
    volumes.iter().map(|volume| mount(stack, volume, compose)).collect()
}

/// What a kind of volume may be told more about, besides itself.
const OPTIONS: [&str; 3] = ["tmpfs", "bind", "volume"];

fn mount(stack: &str, volume: &Yaml, compose: &Compose) -> Result<Mount, String> {
    let kind = volume.str("type").unwrap_or("volume");
    let source = text(volume, "source");
    match kind {
        "tmpfs" if !source.is_empty() => return Err("invalid tmpfs source, source must be empty".to_owned()),
        "bind" | "npipe" | "image" | "cluster" if source.is_empty() => {
            return Err(format!("invalid {kind} source, source cannot be empty"));
        }
        "volume" | "tmpfs" | "bind" | "npipe" | "image" | "cluster" => {}
        _ => return Err("volume type must be volume, bind, tmpfs, npipe, or cluster".to_owned()),
    }
    for other in OPTIONS {
        let own = other == kind || (kind == "npipe" && other == "bind");
        if !own && volume.get(other).is_some() {
            return Err(format!("{other} options are incompatible with type {kind}"));
        }
    }
    let mut mount = Mount {
        kind: kind.to_owned(),
        source,
        target: text(volume, "target"),
        read_only: on(volume, "read_only"),
        options: Vec::new(),
    };
    let mut option = |key: &str, value: String| mount.options.push((key.to_owned(), value));
    if let Some(consistency) = volume.str("consistency") {
        option("consistency", consistency.to_owned());
    }
    for (of, key, name) in [("tmpfs", "size", "tmpfs-size"), ("bind", "propagation", "bind-propagation")] {
        if let Some(value) = volume.get(of).and_then(|options| options.get(key)) {
            option(name, value.printed());
        }
    }
    if volume.get("volume").is_some_and(|options| on(options, "nocopy")) {
        option("volume-nocopy", "true".to_owned());
    }
    if ["volume", "cluster"].contains(&kind) && !mount.source.is_empty() {
        named_volume(stack, &mut mount, compose)?;
    }
    Ok(mount)
}

/// A volume of the stack has its name in the swarm and what the file says of it.
fn named_volume(stack: &str, mount: &mut Mount, compose: &Compose) -> Result<(), String> {
    let known = compose.section("volumes").iter().find(|(key, _)| *key == mount.source);
    let Some((_, object)) = known else {
        if mount.kind == "cluster" && mount.source.starts_with("group:") {
            return Ok(());
        }
        return Err(format!("undefined volume \"{}\"", mount.source));
    };
    let (external, name) = named(stack, &mount.source, object);
    mount.source = name;
    if external || mount.kind == "cluster" {
        return Ok(());
    }
    let mut option = |key: &str, value: String| mount.options.push((key.to_owned(), value));
    for (key, value) in &labels(object, stack) {
        option("volume-label", format!("{key}={value}"));
    }
    if let Some(driver) = object.str("driver") {
        option("volume-driver", driver.to_owned());
    }
    for (key, value) in &pairs(object, "driver_opts") {
        option("volume-opt", format!("{key}={value}"));
    }
    Ok(())
}
