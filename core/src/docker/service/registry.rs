//! Asking the registry for an image's digest before a service is written: the client's own work, not the daemon's.
//!
//! Models: moby client service_create.go and service_update.go (imageDigestAndPlatforms).

use crate::docker::command::Call;
use crate::engine::image::{Reference, familiar};
use crate::model::{ContainerSpec, ServiceSpec};

/// Completes the image with its tag and pins it to its digest. Returns the warning if the registry has no answer.
pub(in crate::docker) fn resolve(call: &mut Call, spec: &mut ServiceSpec) -> Option<String> {
    let task = std::rc::Rc::make_mut(&mut spec.task);
    tag(&mut task.container);
    let image = task.container.image.clone();
    match call.api().distribution(&image) {
        Ok(found) => {
            if !image.contains('@') {
                task.container.image = format!("{image}@{}", found.digest);
            }
            if !found.platforms.is_empty() {
                task.placement.get_or_insert_default().platforms = found.platforms;
            }
            None
        }
        Err(_) => Some(format!(
            "image {image} could not be accessed on a registry to record\nits digest. Each node will access {image} \
             independently,\npossibly leading to different nodes running different\nversions of the image.\n"
        )),
    }
}

/// Adds `:latest` where neither tag nor digest is given. What is no reference at all stays as it is.
pub(in crate::docker) fn tag(container: &mut ContainerSpec) {
    let reference = Reference::parse(&container.image);
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/:".contains(c);
    if reference.digest.is_none() && !reference.name.is_empty() && reference.name.chars().all(plain) {
        let name = familiar(reference.name);
        match reference.tag {
            None => container.image = format!("{name}:latest"),
            Some(tag) if !tag.is_empty() => container.image = format!("{name}:{tag}"),
            Some(_) => {}
        }
    }
}
