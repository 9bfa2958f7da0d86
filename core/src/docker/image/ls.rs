//! `docker images`
//!
//! Models: moby daemon/images/images.go (Images).

use crate::collections;
use crate::date;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, FILTER, Flag, Matches, Offer, STRING};
use crate::docker::format::{Format, Table};
use crate::docker::units::{human_duration, human_size};
use crate::docker::{Flow, filter};
use crate::json::{Struct, Value};
use crate::world::{ImageView, World};

pub(crate) static COMMAND: Command = Command {
    path: "images",
    aliases: &["image ls", "image list"],
    usage: "[OPTIONS] [REPOSITORY[:TAG]]",
    about: "List images",
    korean: "이 노드의 이미지 목록을 보여 준다",
    arguments: Arguments::AtMost(1),
    offers: Offer::Images,
    flags: &[&[
        Flag::new("all", BOOL, "Also show intermediate images, which this simulation has none of").short('a'),
        Flag::new("digests", BOOL, "Add a column of digests"),
        Flag::new("filter", FILTER, "Only images that match (reference)").short('f'),
        Flag::new("format", STRING, crate::docker::ABOUT_FORMAT),
        Flag::new("no-trunc", BOOL, "Show IDs in full"),
        Flag::new("quiet", BOOL, "Only IDs").short('q'),
        Flag::new("tree", BOOL, "Show platforms as a tree (not simulated)"),
    ]],
    stop_at_argument: false,
    run,
};

const TITLES: &[(&str, &str)] = &[
    ("Repository", "REPOSITORY"),
    ("Tag", "TAG"),
    ("Digest", "DIGEST"),
    ("ID", "IMAGE ID"),
    ("CreatedSince", "CREATED"),
    ("CreatedAt", "CREATED AT"),
    ("Size", "SIZE"),
];
const RAW: &str = "repository: {{.Repository}}\ntag: {{.Tag}}\nimage_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n";
const TABLE: Table = Table {
    titles: TITLES,
    table: "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}",
    raw: RAW,
    raw_quiet: "image_id: {{.ID}}",
};
const WITH_DIGESTS: Table =
    Table { table: "{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}", ..TABLE };

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    if matches.on("tree") {
        return Err(CliError::NotSimulated { what: "--tree".to_owned(), instead: "" });
    }
    let filters = matches.filters();
    if let Some((key, _)) = filters.iter().find(|(key, _)| key != "reference") {
        return Err(filter::refused(format!("invalid filter '{key}'")));
    }
    // The last built come first, and of those of one second any: they are kept in a map.
    let mut images = call.world.images(call.node);
    call.world.shuffle(&mut images);
    collections::sort_by(&mut images, |a, b| b.built.cmp(&a.built));
    images.retain(|image| matches.args.iter().all(|wanted| named(image, wanted)));
    images.retain(|image| filter::all(&filters, |_, wanted| named(image, wanted)));
    let rows: Vec<Value> = images.iter().map(|image| row(call.world, image, matches.on("no-trunc"))).collect();
    let table = if matches.on("digests") { &WITH_DIGESTS } else { &TABLE };
    let text = Format::of(matches).write(table, &rows)?;
    call.out.out(text);
    Ok(Flow::Exit(0))
}

/// Whether an image has this name, with or without its tag.
fn named(image: &ImageView, wanted: &str) -> bool {
    let tagged = image.tag.as_ref().map(|tag| format!("{}:{tag}", image.repository));
    wanted == image.repository || Some(wanted) == tagged.as_deref()
}

fn row(world: &World, image: &ImageView, no_trunc: bool) -> Value {
    let id = if no_trunc { &image.id } else { image.id.trim_start_matches("sha256:").get(..12).unwrap_or(&image.id) };
    Struct::row("*formatter.imageContext")
        .with("Containers", "N/A")
        .with("CreatedAt", date::whole(image.built, ' ') + " +0000 UTC")
        .with("CreatedSince", human_duration(world.unix_ms(world.now()).saturating_sub(image.built)) + " ago")
        .with("Digest", image.digest.as_str())
        .with("ID", id)
        .with("Repository", image.repository.as_str())
        .with("SharedSize", "N/A")
        .with("Size", human_size(image.size_bytes))
        .with("Tag", image.tag.as_deref().unwrap_or("<none>"))
        .with("UniqueSize", "N/A")
        .into()
}
