//! Nodes as `docker node inspect` shows them.

use super::{list, meta};
use crate::engine::certificate;
use crate::json::{Struct, Value};
use crate::model::{ManagerStatus, Node, NodeDescription, Reachability};
use crate::world::World;

pub(crate) fn node(world: &World, node: &Node) -> Value {
    let annotations = Struct::new("swarm.Annotations")
        .maybe("Name", node.spec.name.as_str())
        .with("Labels", Value::map(&node.spec.labels))
        .take();
    Struct::new("swarm.Node")
        .with("ID", node.id.as_str())
        .embed("Meta", meta(world, &node.meta))
        .with(
            "Spec",
            Struct::new("swarm.NodeSpec")
                .embed("Annotations", annotations)
                .maybe("Role", node.spec.role.word())
                .maybe("Availability", node.spec.availability.word()),
        )
        .with("Description", description(world, &node.description))
        .with(
            "Status",
            Struct::new("swarm.NodeStatus")
                .maybe("State", node.status.state.word())
                .maybe("Message", node.status.message.as_str())
                .maybe("Addr", node.status.addr.as_str()),
        )
        .pointer("ManagerStatus", "*swarm.ManagerStatus", node.manager.as_ref().map(manager))
        .into()
}

fn description(world: &World, description: &NodeDescription) -> Value {
    let plugins = list(&description.plugins, |(kind, name)| {
        let mut plugin = Struct::new("swarm.PluginDescription");
        plugin.maybe("Type", kind.as_str()).maybe("Name", name.as_str()).into()
    });
    Struct::new("swarm.NodeDescription")
        .maybe("Hostname", description.hostname.as_str())
        .with(
            "Platform",
            Struct::new("swarm.Platform")
                .maybe("Architecture", description.architecture.as_str())
                .maybe("OS", description.os.as_str()),
        )
        .with(
            "Resources",
            Struct::new("swarm.Resources")
                .maybe("NanoCPUs", description.nano_cpus)
                .maybe("MemoryBytes", description.memory_bytes),
        )
        .with(
            "Engine",
            Struct::new("swarm.EngineDescription")
                .maybe("EngineVersion", description.engine_version.as_str())
                .maybe("Labels", Value::map(&description.engine_labels))
                .maybe("Plugins", plugins),
        )
        .with("TLSInfo", tls_info(world))
        .into()
}

/// What nodes trust.
pub(crate) fn tls_info(world: &World) -> Value {
    let root = &world.store().cluster().root_certificate;
    let (subject, key) = certificate::issuer(root);
    Struct::new("swarm.TLSInfo")
        .maybe("TrustRoot", &**root)
        .maybe("CertIssuerSubject", subject)
        .maybe("CertIssuerPublicKey", key)
        .into()
}

fn manager(manager: &ManagerStatus) -> Value {
    let reachability = manager.reachability;
    Struct::new("*swarm.ManagerStatus")
        .maybe("Leader", manager.leader)
        .maybe("Reachability", if reachability == Reachability::Unknown { "" } else { reachability.word() })
        .maybe("Addr", manager.addr.as_str())
        .into()
}
