//! `docker image …`: the images of the node whose shell it is.

commands! {
    inspect
    ls
    pull
    rm
}

use super::command::Call;
use super::error::CliError;
use super::filter::refused;
use crate::engine::image::{Reference, familiar};
use crate::world::ImageView;

/// The image called `wanted`: by its name, with or without tag or digest, or by the beginning of its id.
pub(crate) fn find(call: &Call, wanted: &str) -> Result<ImageView, CliError> {
    let reference = Reference::parse(wanted);
    let images = call.world.images(call.node);
    let named = images.iter().find(|image| {
        image.repository == familiar(reference.name)
            && match reference.digest {
                Some(digest) => image.digest == digest,
                None => image.tag.as_deref() == Some(reference.tag.unwrap_or("latest")),
            }
    });
    let id = wanted.strip_prefix("sha256:").unwrap_or(wanted);
    let by_id = |image: &&ImageView| !id.is_empty() && image.id.trim_start_matches("sha256:").starts_with(id);
    named.or_else(|| images.iter().find(by_id)).cloned().ok_or_else(|| missing(wanted))
}

fn missing(wanted: &str) -> CliError {
    let reference = Reference::parse(wanted);
    let name = if reference.digest.is_some() { wanted.to_owned() } else { reference.tagged() };
    refused(["No such image: ", &name].concat())
}
