//! Containers of a node as `docker inspect` shows them.
//!
//! Models: moby api/types/container. Differs: of a machine's own affairs (layers, paths, limits of
//! the kernel) nothing is known, and so nothing is shown; nor are variables that an image sets. An image's own program
//! is a command, not an entry point. A placeholder that cannot be filled in stands as it is; Swarm rejects the task.

use super::time;
use crate::docker::template::Template;
use crate::json::{Struct, Value};
use crate::world::{ContainerState, ContainerView, World};

pub(crate) fn container(world: &World, container: &ContainerView) -> Value {
    let labels = container.labels.iter().cloned().map(|(key, value)| (key, Value::Text(value))).collect();
    let config = Struct::new("*container.Config")
        .with("Hostname", container.id.get(..12).unwrap_or(&container.id))
        .with("Env", Value::texts(&container_env(world, container)))
        .with("Cmd", words(&container.command[container.entrypoint..]))
        .with("Image", container.image.as_str())
        .with("Entrypoint", words(&container.command[..container.entrypoint]))
        .with("Labels", Value::Map(labels))
        .take();
    let ports = container.ports.split(", ").filter(|port| !port.is_empty());
    let ports = ports.map(|port| (port.to_owned(), Value::Nil("[]nat.PortBinding"))).collect();
    Struct::new("container.InspectResponse")
        .with("Id", container.id.as_str())
        .with("Created", time(world, container.created))
        .with("Path", container.command.first().map_or("", String::as_str))
        .with("Args", Value::texts(container.command.get(1..).unwrap_or_default()))
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

fn words(words: &[String]) -> Value {
    if words.is_empty() { Value::Nil("[]string") } else { Value::texts(words) }
}

/// The variables of the service with their placeholders filled in. Models: swarmkit template/{context,expand}.go.
pub(crate) fn container_env(world: &World, container: &ContainerView) -> Vec<String> {
    let label = |key: &str| {
        let found = container.labels.iter().find(|(name, _)| name.strip_prefix("com.docker.swarm.") == Some(key));
        found.map_or("", |(_, value)| value)
    };
    let task = label("task.name");
    let node = world.machines().iter().find(|machine| machine.node.to_string() == label("node.id"));
    let mut service = Struct::new("template.Service");
    service.with("ID", label("service.id")).with("Name", label("service.name"));
    let mut place = Struct::new("template.Node");
    place.with("ID", label("node.id")).with("Hostname", node.map_or("", |machine| machine.hostname.as_str()));
    let mut slot = Struct::new("template.Task");
    slot.with("ID", label("task.id")).with("Name", task).with("Slot", task.rsplit('.').nth(1).unwrap_or_default());
    let context: Value =
        Struct::new("template.Context").with("Service", service).with("Node", place).with("Task", slot).into();
    let fill = |text: &String| Template::parse(text).and_then(|template| template.render(&context));
    container.env.iter().map(|text| fill(text).unwrap_or_else(|_| text.clone())).collect()
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
