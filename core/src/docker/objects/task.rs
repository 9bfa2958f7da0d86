//! Tasks as `docker inspect` shows them.
//!
//! Models: moby api/types/swarm/task.go and daemon/cluster/convert/{task,network}.go.

use super::spec::task_spec;
use super::{list, meta, ports, time};
use crate::json::{Struct, Value};
use crate::model::{Network, Task, TaskStatus};
use crate::world::World;

pub(crate) fn task(world: &World, task: &Task) -> Value {
    let attached: Vec<Value> = networks(world, task).map(|network| attachment(world, task, network)).collect();
    let job = task.job_iteration.map(|index| Struct::new("*swarm.Version").maybe("Index", index).into());
    Struct::new("swarm.Task")
        .with("ID", task.id.as_str())
        .embed("Meta", meta(world, &task.meta))
        .embed(
            "Annotations",
            Struct::new("swarm.Annotations").maybe("Name", "").with("Labels", Value::Map(<_>::default())).take(),
        )
        .with("Spec", task_spec(&task.spec))
        .maybe("ServiceID", task.service.as_str())
        .maybe("Slot", task.slot)
        .maybe("NodeID", task.node.as_ref().map_or("", |node| node.as_str()))
        .with("Status", status(world, task))
        .maybe("DesiredState", task.desired.word())
        .maybe("NetworksAttachments", Value::List(attached))
        .pointer("JobIteration", "*swarm.Version", job)
        .with("Volumes", Value::Nil("[]swarm.VolumeAttachment"))
        .into()
}

fn status(world: &World, task: &Task) -> Value {
    let TaskStatus { state, message, err, timestamp, container, .. } = &task.status;
    let container = container.as_ref().map(|container| {
        Struct::new("*swarm.ContainerStatus")
            .with("ContainerID", &*container.container_id)
            .with("PID", container.pid)
            .with("ExitCode", i64::from(container.exit_code))
            .into()
    });
    Struct::new("swarm.TaskStatus")
        .maybe("Timestamp", time(world, *timestamp))
        .maybe("State", state.word())
        .maybe("Message", &**message)
        .maybe("Err", &**err)
        .pointer("ContainerStatus", "*swarm.ContainerStatus", container)
        .with("PortStatus", Struct::new("swarm.PortStatus").maybe("Ports", bound(world, task)))
        .into()
}

/// The ports of the host that a running task holds.
fn bound(world: &World, task: &Task) -> Value {
    let endpoint = task.endpoint.as_ref().filter(|_| world.runs(task.id));
    let host = endpoint.map(|endpoint| endpoint.ports.iter().filter(|port| port.mode.word() == "host").cloned());
    ports(&host.map(Vec::from_iter).unwrap_or_default())
}

/// What a task is attached to: the routing mesh if it publishes there, and the networks of its spec.
fn networks<'w>(world: &'w World, task: &'w Task) -> impl Iterator<Item = &'w Network> {
    let publishes =
        task.endpoint.iter().any(|endpoint| endpoint.ports.iter().any(|port| port.mode.word() == "ingress"));
    let assigned = task.node.is_some();
    world.store().networks().map(|network| &**network).filter(move |network| {
        assigned
            && (network.ingress && publishes
                || task.spec.networks.iter().any(|used| used.target == network.id.as_str()))
    })
}

/// Differs: addresses are not given out one by one; a task's is drawn from the order of its birth, and keeps.
fn attachment(world: &World, task: &Task, network: &Network) -> Value {
    let subnet = network.subnets.first().map_or("", |(subnet, ..)| subnet);
    let (address, length) = subnet.split_once('/').unwrap_or((subnet, "24"));
    let (block, _) = address.rsplit_once('.').unwrap_or((address, ""));
    let addresses = vec![format!("{block}.{}/{length}", 5 + task.meta.born % 250)];
    Struct::new("swarm.NetworkAttachment")
        .maybe("Network", swarm_network(world, network))
        .maybe("Addresses", Value::texts(&addresses))
        .into()
}

fn swarm_network(world: &World, network: &Network) -> Value {
    // The mesh is made by the swarm itself, which names no driver for it.
    let driver = |name: &str| Struct::new("swarm.Driver").maybe("Name", name).take();
    let (own, ipam) = if network.ingress { ("", "") } else { (network.driver.as_str(), "default") };
    let annotations = Struct::new("swarm.Annotations")
        .maybe("Name", network.name.as_str())
        .with("Labels", Value::map(&network.labels))
        .take();
    let configs = list(&network.subnets, |(subnet, gateway, range)| {
        let mut config = Struct::new("swarm.IPAMConfig");
        config.maybe("Subnet", subnet.as_str()).maybe("Range", range.as_str()).maybe("Gateway", gateway.as_str()).into()
    });
    Struct::new("swarm.Network")
        .with("ID", network.shown_id())
        .embed("Meta", meta(world, &network.meta))
        .with(
            "Spec",
            Struct::new("swarm.NetworkSpec")
                .embed("Annotations", annotations)
                .with("DriverConfiguration", driver(own))
                .maybe("Internal", network.internal)
                .maybe("Attachable", network.attachable)
                .maybe("Ingress", network.ingress)
                .with("IPAMOptions", Struct::new("swarm.IPAMOptions").with("Driver", driver(ipam)))
                .maybe("Scope", "swarm"),
        )
        .with("DriverState", driver(&network.driver).maybe("Options", Value::map(&network.options)))
        .with(
            "IPAMOptions",
            Struct::new("swarm.IPAMOptions").with("Driver", driver("default")).maybe("Configs", configs),
        )
        .into()
}
