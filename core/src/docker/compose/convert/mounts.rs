//! The volumes that a service mounts.
//!
//! Models: docker/cli cli/compose/convert/volume.go.

use super::super::Compose;
use super::super::yaml::Yaml;
use super::{labels, named, on, pairs, text};
use crate::model::Mount;

pub(super) fn mounts(stack: &str, config: &Yaml, compose: &Compose) -> Result<Vec<Mount>, String> {
    let mut mounts = Vec::new();
    for volume in config.get("volumes").map_or(&[][..], Yaml::as_list) {
        let kind = volume.str("type").unwrap_or("volume");
        let (source, none) = (text(volume, "source"), Yaml::Null);
        let options = |key: &str| volume.get(key).unwrap_or(&none);
        if !["volume", "bind", "tmpfs", "npipe", "cluster"].contains(&kind) {
            return Err("volume type must be volume, bind, tmpfs, npipe, or cluster".to_owned());
        }
        for other in ["tmpfs", "bind", "volume"].into_iter().filter(|other| *other != kind) {
            if volume.get(other).is_some() {
                return Err(format!("{other} options are incompatible with type {kind}"));
            }
        }
        let mut mount = Mount {
            kind: kind.to_owned(),
            source: source.clone(),
            target: text(volume, "target"),
            read_only: on(volume, "read_only"),
            options: Vec::new(),
        };
        let mut option = |key: &str, value: String| mount.options.push((key.to_owned(), value));
        if let Some(consistency) = volume.str("consistency") {
            option("consistency", consistency.to_owned());
        }
        match kind {
            "tmpfs" if !source.is_empty() => return Err("invalid tmpfs source, source must be empty".to_owned()),
            "tmpfs" => {
                if let Some(size) = options("tmpfs").str("size") {
                    option("tmpfs-size", size.to_owned());
                }
            }
            "volume" if !source.is_empty() => {
                let Some((_, object)) = compose.section("volumes").iter().find(|(key, _)| *key == source) else {
                    return Err(format!("undefined volume \"{source}\""));
                };
                if on(options("volume"), "nocopy") {
                    option("volume-nocopy", "true".to_owned());
                }
                let (external, name) = named(stack, &source, object);
                if !external {
                    for (key, value) in &labels(object, stack) {
                        option("volume-label", format!("{key}={value}"));
                    }
                    if let Some(driver) = object.str("driver") {
                        option("volume-driver", driver.to_owned());
                    }
                    for (key, value) in &pairs(object, "driver_opts") {
                        option("volume-opt", format!("{key}={value}"));
                    }
                }
                mount.source = name;
            }
            "bind" | "npipe" if source.is_empty() => {
                return Err(format!("invalid {kind} source, source cannot be empty"));
            }
            "bind" => {
                if let Some(propagation) = options("bind").str("propagation") {
                    option("bind-propagation", propagation.to_owned());
                }
            }
            _ => {}
        }
        mounts.push(mount);
    }
    Ok(mounts)
}
