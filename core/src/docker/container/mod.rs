//! `docker container …`: the containers of the node whose shell it is.

commands! {
    exec
    inspect
    kill
    logs
    prune
    rm
    stop
}

use super::command::Call;
use super::error::CliError;
use super::filter::refused;
use crate::world::{ContainerState, ContainerView};

/// The container called `reference`: by its id, its name, or the beginning of its id.
pub(crate) fn find(call: &Call, reference: &str) -> Result<ContainerView, CliError> {
    let mut containers = call.world.containers(call.node);
    let name = reference.strip_prefix('/').unwrap_or(reference);
    if let Some(place) = containers.iter().position(|container| container.id == reference || container.name == name) {
        return Ok(containers.swap_remove(place));
    }
    containers.retain(|container| !reference.is_empty() && container.id.starts_with(reference));
    match containers.len() {
        0 => Err(refused(format!("No such container: {reference}"))),
        1 => Ok(containers.swap_remove(0)),
        _ => Err(refused(format!("Multiple IDs found with provided prefix: {reference}"))),
    }
}

pub(crate) fn runs(container: &ContainerView) -> bool {
    matches!(container.state, ContainerState::Running { .. })
}

/// Does something to each of the containers that are named, prints the names, and says at the end what went wrong.
fn each(
    call: &mut Call,
    names: &[String],
    act: impl Fn(&mut Call, &str) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let mut errors = Vec::new();
    for name in names {
        match act(call, name) {
            Ok(()) => call.line(name),
            Err(error) => errors.push(error),
        }
    }
    CliError::several(errors)
}
