//! The first moment of a scenario: a swarm that was initialised and joined, with its nodes ready and nothing on them.

use crate::collections::Map;

use super::Streams;
use super::agent::{Agent, LocalImage};
use super::allocator::Allocator;
use crate::event::{Rule, START};
use crate::id::{ClusterId, NetworkId, NodeId};
use crate::model::{
    Availability, Cluster, Labels, ManagerStatus, Meta, Network, Node, NodeDescription, NodeSpec, NodeState,
    NodeStatus, Reachability, Role,
};
use crate::rng::Stream;
use crate::scenario::{NodeSetup, Scenario};
use crate::store::Store;
use crate::time::NANOS_PER_SECOND;

/// The version that the engines of the recordings report.
const ENGINE_VERSION: &str = "26.1.5+dfsg1";

/// The plugins of a plain engine, as nodes report them.
const PLUGINS: &[(&str, &[&str])] = &[
    ("Log", &["awslogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local", "splunk", "syslog"]),
    ("Network", &["bridge", "host", "ipvlan", "macvlan", "null", "overlay"]),
    ("Volume", &["local"]),
];

pub(crate) fn store(scenario: &Scenario, random: &mut Streams, allocator: &mut Allocator) -> Store {
    let mut store = Store::new(Cluster {
        id: ClusterId::random(&mut random.ids),
        meta: Meta::default(),
        task_history_limit: 5,
        heartbeat_period_ms: 5_000,
        join_digest: token(50, random),
        join_worker: token(25, random),
        join_manager: token(25, random),
    });
    store.begin(Some(START), Rule::FromTheStart);
    let ingress = ingress(random);
    store.create_network(ingress.clone(), 0);
    for name in ["bridge", "host"] {
        store.create_network(predefined(name), 0);
    }
    for setup in &scenario.nodes {
        // Every node's end of the routing mesh takes an address.
        allocator.next_address(&ingress);
        store.begin(Some(START), Rule::FromTheStart);
        let leader = store.nodes().all(|node| node.manager.is_none());
        store.create_node(node(setup, leader, random), 0);
    }
    store.forget_notices();
    store
}

/// One agent for each node, with the images that the scenario gives it.
pub(crate) fn agents(scenario: &Scenario, store: &Store) -> Map<NodeId, Agent> {
    let untagged = |node: &Node| {
        let setup = scenario.nodes.iter().find(|setup| setup.hostname == node.description.hostname);
        setup.is_some_and(|setup| setup.untagged)
    };
    let agent = |node: &Node| {
        let mut agent = Agent::new(node.id);
        for image in scenario.images.iter().filter(|image| scenario.pulled && !image.unpulled) {
            let local = LocalImage { digest: image.digest.clone(), tagged: !untagged(node), pulled: 0 };
            agent.images.insert(image.name.clone(), local);
        }
        (node.id, agent)
    };
    store.nodes().map(|node| agent(node)).collect()
}

fn token(length: usize, random: &mut Streams) -> String {
    (0..length).map(|_| char::from(b"0123456789abcdefghijklmnopqrstuvwxyz"[random.ids.below(36) as usize])).collect()
}

fn ingress(random: &mut Streams) -> Network {
    Network {
        subnets: vec![("10.0.0.0/24".to_owned(), "10.0.0.1".to_owned(), String::new())],
        ingress: true,
        options: Labels::from([("com.docker.network.driver.overlay.vxlanid_list".to_owned(), "4096".to_owned())]),
        ..Network::new(NetworkId::random(&mut random.ids), "ingress", "overlay")
    }
}

/// A network that every node has of its own and that services may join.
fn predefined(name: &str) -> Network {
    // The same in every session: what is drawn for other things stays as it is.
    Network { predefined: true, ..Network::new(NetworkId::random(&mut Stream::new(0, name)), name, name) }
}

/// What a machine has: billionths of CPUs, and bytes.
pub(crate) fn resources(setup: &NodeSetup) -> (i64, i64) {
    (setup.cpus as i64 * NANOS_PER_SECOND, setup.memory_bytes as i64)
}

fn node(setup: &NodeSetup, leader: bool, random: &mut Streams) -> Node {
    let role = if setup.manager { Role::Manager } else { Role::Worker };
    let (nano_cpus, memory_bytes) = resources(setup);
    let plugins =
        PLUGINS.iter().flat_map(|(kind, names)| names.iter().map(|name| ((*kind).to_owned(), (*name).to_owned())));
    Node {
        id: NodeId::random(&mut random.ids),
        meta: Meta::default(),
        spec: NodeSpec { name: String::new(), labels: Labels::new(), role, availability: Availability::Active },
        role,
        description: NodeDescription {
            hostname: setup.hostname.clone(),
            architecture: "x86_64".to_owned(),
            os: "linux".to_owned(),
            nano_cpus,
            memory_bytes,
            generic: setup.generic.clone(),
            engine_version: ENGINE_VERSION.to_owned(),
            engine_labels: Labels::new(),
            plugins: plugins.collect(),
        },
        status: NodeStatus { state: NodeState::Ready, message: String::new(), addr: setup.address.clone() },
        manager: setup.manager.then(|| ManagerStatus {
            leader: leader && setup.manager,
            reachability: Reachability::Reachable,
            addr: format!("{}:2377", setup.address),
        }),
    }
}
