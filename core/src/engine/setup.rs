//! The first moment of a scenario: a swarm that was initialised and joined, with its nodes ready and nothing on them.

use crate::collections::Map;

use super::Streams;
use super::agent::{Agent, LocalImage};
use super::allocator::Allocator;
use super::certificate;
use super::machines::{Machine, Membership};
use crate::event::{Rule, START};
use crate::id::{ClusterId, NetworkId, NodeId};
use crate::model::{
    Availability, Cluster, Labels, ManagerStatus, Meta, Network, Node, NodeDescription, NodeSpec, NodeState,
    NodeStatus, Reachability, Role,
};
use crate::rng::Stream;
use crate::scenario::{NodeSetup, Scenario};
use crate::store::Store;
use crate::time::{Ms, NANOS_PER_SECOND};

/// The version that the engines of the recordings report.
const ENGINE_VERSION: &str = "26.1.5+dfsg1";

/// The plugins of a plain engine, as nodes report them.
const PLUGINS: &[(&str, &[&str])] = &[
    ("Log", &["awslogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local", "splunk", "syslog"]),
    ("Network", &["bridge", "host", "ipvlan", "macvlan", "null", "overlay"]),
    ("Volume", &["local"]),
];

pub(crate) fn store(scenario: &Scenario, random: &mut Streams, allocator: &mut Allocator) -> Store {
    let mut cluster = cluster(scenario, 0, random);
    if let Some(pem) = scenario.root_certificate {
        cluster.root_certificate = pem.into();
    }
    let mut store = Store::new(cluster);
    if !scenario.swarm {
        return store;
    }
    let ingress = begin_swarm(&mut store, 0, random, allocator);
    for setup in &scenario.nodes {
        // Every node's end of the routing mesh takes an address.
        allocator.take_address(ingress.id);
        store.begin(Some(START), Rule::FromTheStart);
        let leader = store.nodes().all(|node| node.manager.is_none());
        store.create_node(node(setup, leader, random), 0);
    }
    store
}

/// A new swarm, as `docker swarm init` makes it at `now`.
pub(crate) fn cluster(scenario: &Scenario, now: Ms, random: &mut Streams) -> Cluster {
    let id = ClusterId::random(&mut random.ids);
    let root_certificate = certificate::root(scenario.epoch_ms + now, &mut Stream::new(0, id.as_str()));
    Cluster {
        id,
        meta: Meta { version: 8, born: 8, created: now, updated: now },
        task_history_limit: 5,
        heartbeat_period_ms: 5_000,
        join_digest: token(50, random),
        join_worker: token(25, random),
        join_manager: token(25, random),
        unlock_key: None,
        snapshot_interval: 10_000,
        old_snapshots: 0,
        cert_expiry: 90 * 24 * 3_600 * NANOS_PER_SECOND,
        address_pools: Vec::new(),
        subnet_size: 24,
        data_path_port: 4_789,
        root_certificate: root_certificate.into(),
        rotations: 0,
    }
}

/// The first write of a new swarm: its networks. Returns the routing mesh's.
pub(crate) fn begin_swarm(store: &mut Store, now: Ms, random: &mut Streams, allocator: &mut Allocator) -> Network {
    store.begin(Some(START), Rule::FromTheStart);
    let mut ingress = ingress(random);
    allocator.network(&mut ingress, store);
    store.create_network(ingress.clone(), now);
    for name in ["bridge", "host"] {
        store.create_network(predefined(name), now);
    }
    ingress
}

/// The machines, each a node of the swarm if there is one.
pub(crate) fn machines(scenario: &Scenario, store: &Store, random: &mut Streams) -> Vec<Machine> {
    let mut machines = Vec::new();
    for setup in &scenario.nodes {
        let node = store.nodes().find(|node| node.description.hostname == setup.hostname).map(|node| node.id);
        let membership = if node.is_some() { Membership::Member } else { Membership::None };
        let node = node.unwrap_or_else(|| NodeId::random(&mut random.ids));
        machines.push(Machine::new(&setup.hostname, &setup.address, node, membership));
    }
    machines
}

/// One agent for each machine, with the images that the scenario gives it.
pub(crate) fn agents(scenario: &Scenario, machines: &[Machine]) -> Map<NodeId, Agent> {
    let mut agents = Map::new();
    for (machine, setup) in machines.iter().zip(&scenario.nodes) {
        let mut agent = Agent::new(machine.node, machine.membership == Membership::Member);
        for image in scenario.images.iter().filter(|image| scenario.pulled && !setup.bare && !image.unpulled) {
            let local = LocalImage { digest: image.digest.clone(), tagged: !setup.untagged, pulled: 0 };
            agent.images.insert(image.name.clone(), local);
        }
        agents.insert(machine.node, agent);
    }
    agents
}

/// A key that unlocks managers.
pub(crate) fn unlock_key(random: &mut Streams) -> String {
    let bytes: Vec<u8> = (0..32).map(|_| random.keys.next_u32() as u8).collect();
    ["SWMKEY-1-", certificate::encode(&bytes).trim_end_matches('=')].concat()
}

pub(crate) fn token(length: usize, random: &mut Streams) -> String {
    (0..length).map(|_| char::from(b"0123456789abcdefghijklmnopqrstuvwxyz"[random.ids.below(36) as usize])).collect()
}

fn ingress(random: &mut Streams) -> Network {
    Network { ingress: true, ..Network::new(NetworkId::random(&mut random.ids), "ingress", "overlay") }
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

pub(crate) fn node(setup: &NodeSetup, leader: bool, random: &mut Streams) -> Node {
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
