//! `docker rmi`: takes images off a node, so that what needs them has to pull them again.
//!
//! Models: docker/cli cli/command/image/remove.go, moby daemon/images/image_delete.go.

use super::find;
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::filter::refused;
use crate::docker::flags::{BOOL, Flag, Matches, Offer};
use crate::engine::image::{Reference, familiar};
use crate::world::ImageView;

pub(crate) static COMMAND: Command = Command {
    path: "rmi",
    aliases: &["image rm", "image remove"],
    usage: "[OPTIONS] IMAGE [IMAGE...]",
    about: "Remove one or more images",
    korean: "이미지를 지운다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Images,
    flags: &[&[
        Flag::new("force", BOOL, "Even if containers use it").short('f'),
        Flag::new("no-prune", BOOL, "Keep its untagged parents, which this simulation has none of"),
    ]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let force = matches.on("force");
    let mut errors = Vec::new();
    for name in &matches.args {
        match remove(call, name, force) {
            Ok(text) => call.out.out(text),
            Err(error) if force && find(call, name).is_err() => call.out.err([&error.to_string(), "\n"].concat()),
            Err(error) => errors.push(error),
        }
    }
    CliError::several(errors)?;
    Ok(Flow::Exit(0))
}

fn remove(call: &mut Call, name: &str, force: bool) -> Result<String, CliError> {
    let image = find(call, name)?;
    let mut users = call.world.containers(call.node);
    users.retain(|container| uses(&container.image, &image));
    if let Some(user) = users.first().filter(|_| !force) {
        let (user, id) = (&user.id[..12], &image.id.trim_start_matches("sha256:")[..12]);
        return Err(refused(format!(
            "conflict: unable to remove repository reference \"{name}\" (must force) - container {user} is using its \
             referenced image {id}"
        )));
    }
    call.api().remove_image(&image);
    let ImageView { repository, tag, digest, id, .. } = &image;
    let mut text = String::new();
    if let Some(tag) = tag {
        text += &["Untagged: ", repository, ":", tag, "\n"].concat();
    }
    text += &["Untagged: ", repository, "@", digest, "\n"].concat();
    if users.is_empty() {
        text += &["Deleted: ", id, "\n"].concat();
    }
    Ok(text)
}

/// Whether a container was made from an image.
fn uses(reference: &str, image: &ImageView) -> bool {
    let reference = Reference::parse(reference);
    familiar(reference.name) == image.repository
        && match reference.digest {
            Some(digest) => digest == image.digest,
            None => Some(reference.tag.unwrap_or("latest")) == image.tag.as_deref(),
        }
}
