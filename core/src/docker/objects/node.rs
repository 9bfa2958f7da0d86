//! Nodes as `docker node inspect` shows them.

use super::meta;
use crate::json::{Struct, Value};
use crate::model::{Node, Reachability};
use crate::world::World;

pub(crate) fn node(world: &World, node: &Node) -> Value {
    let description = &node.description;
    let plugins = description.plugins.iter().map(|(kind, name)| {
        Struct::new("swarm.PluginDescription").maybe("Type", kind.as_str()).maybe("Name", name.as_str()).into()
    });
    let engine = Struct::new("swarm.EngineDescription")
        .maybe("EngineVersion", description.engine_version.as_str())
        .maybe("Labels", Value::map(&description.engine_labels))
        .maybe("Plugins", Value::List(plugins.collect()));
    let platform = Struct::new("swarm.Platform")
        .maybe("Architecture", description.architecture.as_str())
        .maybe("OS", description.os.as_str());
    let resources = Struct::new("swarm.Resources")
        .maybe("NanoCPUs", description.nano_cpus)
        .maybe("MemoryBytes", description.memory_bytes);
    let manager = node.manager.as_ref().map_or(Value::Nil("*swarm.ManagerStatus"), |manager| {
        let reachability = manager.reachability;
        Struct::new("*swarm.ManagerStatus")
            .maybe("Leader", manager.leader)
            .maybe("Reachability", if reachability == Reachability::Unknown { "" } else { reachability.word() })
            .maybe("Addr", manager.addr.as_str())
            .into()
    });
    let annotations = Struct::new("swarm.Annotations")
        .maybe("Name", node.spec.name.as_str())
        .with("Labels", Value::map(&node.spec.labels));
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
        .with(
            "Description",
            Struct::new("swarm.NodeDescription")
                .maybe("Hostname", description.hostname.as_str())
                .with("Platform", platform)
                .with("Resources", resources)
                .with("Engine", engine)
                .with("TLSInfo", Struct::new("swarm.TLSInfo")),
        )
        .with(
            "Status",
            Struct::new("swarm.NodeStatus")
                .maybe("State", node.status.state.word())
                .maybe("Message", node.status.message.as_str())
                .maybe("Addr", node.status.addr.as_str()),
        )
        .maybe("ManagerStatus", manager)
        .into()
}
