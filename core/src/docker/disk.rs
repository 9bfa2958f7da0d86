//! `docker system df`
//!
//! Models: docker/cli cli/command/formatter/disk_usage.go. Differs: images of one size are taken for the same layers,
//! as the recorded ones were made from one base; there are no volumes and no build cache.

use super::Flow;
use super::command::{Arguments, Call, Command};
use super::container::runs;
use super::error::CliError;
use super::flags::{BOOL, Flag, Matches, Offer, STRING};
use super::format::{Format, Table};
use super::units::whole_size;
use crate::collections::Map;
use crate::json::{Struct, Value};

pub(crate) static COMMAND: Command = Command {
    path: "system df",
    aliases: &[],
    usage: "[OPTIONS]",
    about: "Show docker disk usage",
    korean: "디스크를 얼마나 쓰는지 보여 준다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&[
        Flag::new("format", STRING, super::ABOUT_FORMAT),
        Flag::new("verbose", BOOL, "Show every object").short('v'),
    ]],
    stop_at_argument: false,
    run,
};

const TABLE: Table = Table {
    titles: &[
        ("Type", "TYPE"),
        ("TotalCount", "TOTAL"),
        ("Active", "ACTIVE"),
        ("Size", "SIZE"),
        ("Reclaimable", "RECLAIMABLE"),
    ],
    table: "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}",
    raw: "type: {{.Type}}\ntotal: {{.TotalCount}}\nactive: {{.Active}}\nsize: {{.Size}}\nreclaimable: {{.Reclaimable}}\n",
    raw_quiet: "",
};

/// What a container writes beside its image: the recorded ones note who they are.
pub(crate) const WRITTEN: u64 = 13;

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    if matches.on("verbose") {
        let instead = "'docker images' and 'docker ps -a' show every object";
        return Err(CliError::NotSimulated { what: "docker system df --verbose".to_owned(), instead });
    }
    let images = call.world.images(call.node);
    let containers = call.world.containers(call.node);
    let running = containers.iter().filter(|container| runs(container)).count();
    // Of images that share their layers, one counts.
    let mut layers: Map<u64, bool> = Map::new();
    let mut used = 0;
    for image in &images {
        let user = containers.iter().any(|container| container.image.ends_with(&image.digest));
        used += usize::from(user);
        layers.insert(image.size_bytes, user || layers.get(&image.size_bytes).copied().unwrap_or(false));
    }
    let size: u64 = layers.keys().sum();
    let alone = |size: &u64| images.iter().filter(|image| image.size_bytes == *size).count() == 1;
    let taken: u64 = layers.iter().filter(|(size, used)| **used && alone(size)).map(|(size, _)| size).sum();
    let written = containers.len() as u64 * WRITTEN;
    let idle = (containers.len() - running) as u64 * WRITTEN;
    let rows = [
        row("Images", images.len(), used, size, size - taken),
        row("Containers", containers.len(), running, written, idle),
        row("Local Volumes", 0, 0, 0, 0),
        row("Build Cache", 0, 0, 0, 0),
    ];
    let text = Format::of(matches).write(&TABLE, &rows)?;
    call.out.out(text);
    Ok(Flow::Exit(0))
}

fn row(kind: &str, total: usize, active: usize, size: u64, reclaimable: u64) -> Value {
    let mut reclaim = whole_size(reclaimable);
    if let Some(percent) = (reclaimable * 100).checked_div(size) {
        reclaim += &[" (", &percent.to_string(), "%)"].concat();
    }
    Struct::row("*formatter.diskUsageContext")
        .with("Active", active.to_string())
        .with("Reclaimable", reclaim)
        .with("Size", whole_size(size))
        .with("TotalCount", total.to_string())
        .with("Type", kind)
        .into()
}
