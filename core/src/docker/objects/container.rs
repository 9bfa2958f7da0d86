//! Containers of a node as `docker inspect` shows them.
//!
//! Models: moby api/types/container. Differs: of a machine's own affairs (layers, paths, limits of
//! the kernel) nothing is known, and so nothing is shown.

use super::time;
use crate::json::{Struct, Value};
use crate::world::{ContainerState, ContainerView, World};

pub(crate) fn container(world: &World, container: &ContainerView) -> Value {
    let labels = container.labels.iter().cloned().map(|(key, value)| (key, Value::Text(value))).collect();
    let config = Struct::new("*container.Config")
        .with("Hostname", container.id.get(..12).unwrap_or(&container.id))
        .with("Env", Value::List(Vec::new()))
        .with("Cmd", Value::Nil("[]string"))
        .with("Image", container.image.as_str())
        .with("Entrypoint", Value::List(vec![Value::text(&container.command)]))
        .with("Labels", Value::Map(labels))
        .take();
    let ports = container.ports.split(", ").filter(|port| !port.is_empty());
    let ports = ports.map(|port| (port.to_owned(), Value::Nil("[]nat.PortBinding"))).collect();
    Struct::new("container.InspectResponse")
        .with("Id", container.id.as_str())
        .with("Created", time(world, container.created))
        .with("Path", container.command.as_str())
        .with("Args", Value::List(Vec::new()))
        .with("State", state(world, container))
        .with("Image", container.image.split_once('@').map_or("", |(_, digest)| digest))
        .with("Name", ["/", &container.name].concat())
        .with("RestartCount", 0u64)
        .with("Driver", "overlay2")
        .with("Platform", "linux")
        .with("Mounts", Value::List(Vec::new()))
        .with("Config", config)
        .with("NetworkSettings", Struct::new("*container.NetworkSettings").with("Ports", Value::Map(ports)))
        .into()
}

fn state(world: &World, container: &ContainerView) -> Value {
    let never = || Value::text("0001-01-01T00:00:00Z");
    let (word, running, code, started, finished) = match container.state {
        ContainerState::Created => ("created", false, 0, never(), never()),
        ContainerState::Running { since } => ("running", true, 0, time(world, since), never()),
        ContainerState::Exited { at, code } => ("exited", false, code, time(world, container.created), time(world, at)),
    };
    let health = container.health.map(|word| Struct::new("*container.Health").with("Status", word).into());
    Struct::new("*container.State")
        .with("Status", word)
        .with("Running", running)
        .with("Paused", false)
        .with("Restarting", false)
        .with("OOMKilled", false)
        .with("Dead", false)
        .with("ExitCode", i64::from(code))
        .with("Error", "")
        .with("StartedAt", started)
        .with("FinishedAt", finished)
        .pointer("Health", "*container.Health", health)
        .into()
}
