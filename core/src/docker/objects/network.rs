//! Networks as `docker network inspect` shows them, seen from one node.

use std::rc::Rc;

use super::time;
use crate::collections;
use crate::docker::network::ls::scope;
use crate::id::NodeId;
use crate::json::{Struct, Value};
use crate::model::{Network, Node, TaskState};
use crate::rng::Stream;
use crate::world::World;

/// Differs: the addresses of single containers are not simulated, so they are left open.
pub(crate) fn network(world: &World, node: NodeId, network: &Network) -> Value {
    let config = network.subnets.iter().map(|(subnet, gateway, range)| {
        let mut config = Struct::new("network.IPAMConfig");
        config
            .maybe("Subnet", subnet.as_str())
            .maybe("IPRange", range.as_str())
            .maybe("Gateway", gateway.as_str())
            .into()
    });
    let config = if network.waits { Value::Nil("[]network.IPAMConfig") } else { Value::List(config.collect()) };
    let ipam = Struct::new("network.IPAM")
        .with("Driver", if network.waits { "" } else { "default" })
        .with("Options", Value::Nil("map[string]string"))
        .with("Config", config)
        .take();
    let options = if network.waits { Value::Nil("map[string]string") } else { Value::map(&network.options) };
    let here = containers(world, node, network);
    let attached = network.ingress || !here.is_empty();
    let containers =
        if attached || network.node.is_some() { Value::Map(here.into_iter().collect()) } else { Value::Nil("map") };
    let labels = if network.labels.is_empty() && !attached && network.node.is_none() {
        Value::Nil("map")
    } else {
        Value::map(&network.labels)
    };
    Struct::new("network.Inspect")
        .with("Name", network.name.as_str())
        .with("Id", network.shown_id())
        .with("Created", time(world, network.meta.created))
        .with("Scope", scope(network))
        .with("Driver", network.driver_state())
        .with("EnableIPv6", network.ipv6)
        .with("IPAM", ipam)
        .with("Internal", network.internal)
        .with("Attachable", network.attachable)
        .with("Ingress", network.ingress)
        .with("ConfigFrom", Struct::new("network.ConfigReference").with("Network", ""))
        .with("ConfigOnly", false)
        .with("Containers", containers)
        .with("Options", options)
        .with("Labels", labels)
        .maybe("Peers", if attached { peers(world, network) } else { Value::List(Vec::new()) })
        .into()
}

fn uses(world: &World, node: NodeId, network: &Network) -> bool {
    network.ingress || !containers(world, node, network).is_empty()
}

/// The ends of a network on a node, by their containers.
fn containers(world: &World, node: NodeId, network: &Network) -> Vec<(String, Value)> {
    let mut ends = Vec::new();
    if network.ingress {
        ends.push(end("ingress-sbox", "ingress-endpoint", mesh_place(world, node)));
    }
    let store = world.store();
    for container in world.containers(node) {
        let joined = store.task(container.task).is_some_and(|task| {
            let published = task.endpoint.iter().any(|endpoint| !endpoint.ports.is_empty());
            let networks = &task.spec.networks;
            task.status.state <= TaskState::Running
                && (network.ingress && published || networks.iter().any(|used| used.target == network.id.as_str()))
        });
        if joined {
            ends.push(end(&container.id, &container.name, None));
        }
    }
    ends
}

/// The last part of the address that a node's end of the routing mesh has: nodes take them in the order of their coming.
fn mesh_place(world: &World, node: NodeId) -> Option<usize> {
    by_coming(world).iter().position(|found| found.id == node).map(|place| place + 2)
}

fn by_coming(world: &World) -> Vec<&Rc<Node>> {
    let mut nodes: Vec<&Rc<Node>> = world.store().nodes().collect();
    collections::sort_by_key(&mut nodes, |node| node.meta.born);
    nodes
}

/// `place`: the last part of its address on the routing mesh, where that is known.
fn end(container: &str, name: &str, place: Option<usize>) -> (String, Value) {
    let mut stream = Stream::new(0, name);
    let id: String = (0..8).map(|_| format!("{:08x}", stream.next_u32())).collect();
    let shown = Struct::new("network.EndpointResource")
        .with("Name", name)
        .with("EndpointID", id)
        .with("MacAddress", place.map_or_else(String::new, |place| format!("02:42:0a:00:00:{place:02x}")))
        .with("IPv4Address", place.map_or_else(String::new, |place| format!("10.0.0.{place}/24")))
        .with("IPv6Address", "")
        .into();
    (container.to_owned(), shown)
}

/// The nodes on which a network is in use.
fn peers(world: &World, network: &Network) -> Value {
    let nodes = by_coming(world).into_iter().filter(|node| uses(world, node.id, network));
    let peer = |name: &str, address: &str| {
        let name = format!("{:08x}{:04x}", Stream::new(0, name).next_u32(), Stream::new(1, name).below(1 << 16));
        Struct::new("network.PeerInfo").with("Name", name).with("IP", address).into()
    };
    Value::List(nodes.map(|node| peer(&node.description.hostname, &node.status.addr)).collect())
}
