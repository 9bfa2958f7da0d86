//! The cluster object, and the small objects that services refer to.

use super::{Labels, Meta};
use crate::id::{ClusterId, FileId, NetworkId, NodeId};
use crate::rng::Stream;
use crate::time::{Ms, Nanos};
use std::rc::Rc;

#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    pub id: ClusterId,
    pub meta: Meta,
    /// How many tasks a slot keeps, the living one included. Negative: all.
    pub task_history_limit: i64,
    pub heartbeat_period_ms: Ms,
    /// Secrets of the join tokens: (worker, manager), and the digest both share.
    pub join_digest: String,
    pub join_worker: String,
    pub join_manager: String,
    /// Managers start locked and need this key.
    pub unlock_key: Option<String>,
    pub snapshot_interval: u64,
    pub old_snapshots: u64,
    pub cert_expiry: Nanos,
    /// Where subnets are taken from; empty: 10.0.0.0/8.
    pub address_pools: Vec<String>,
    pub subnet_size: u64,
    pub data_path_port: u64,
    /// PEM.
    pub root_certificate: Rc<str>,
    /// How often the root certificate was asked to be replaced.
    pub rotations: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub id: NetworkId,
    pub meta: Meta,
    pub name: String,
    pub labels: Labels,
    pub driver: String,
    /// Where addresses come from: (subnet, gateway, range). The last two may be empty.
    pub subnets: Vec<(String, String, String)>,
    /// The allocator had no addresses for it: it has no driver yet, and what joins it stays new.
    pub waits: bool,
    pub ingress: bool,
    pub internal: bool,
    pub attachable: bool,
    pub ipv6: bool,
    pub options: Labels,
    /// Made by the engine itself, and on every node its own: `bridge` and `host`. Lists leave it out.
    pub predefined: bool,
    /// Of local scope: the network of this node's engine alone.
    pub node: Option<NodeId>,
}

impl Network {
    /// A network with nothing in it but its names.
    pub fn new(id: NetworkId, name: &str, driver: &str) -> Network {
        Network {
            id,
            meta: Meta::default(),
            name: name.to_owned(),
            labels: Labels::new(),
            driver: driver.to_owned(),
            subnets: Vec::new(),
            waits: false,
            ingress: false,
            internal: false,
            attachable: false,
            ipv6: false,
            options: Labels::new(),
            predefined: false,
            node: None,
        }
    }

    /// A network that the engine of `node` has had from its beginning.
    pub fn builtin(node: NodeId, name: &str, driver: &str) -> Network {
        // The same in every session: what is drawn for other things stays as it is.
        let id = NetworkId::random(&mut Stream::new(0, &format!("{node}{name}")));
        Network { node: Some(node), ..Network::new(id, name, driver) }
    }

    /// The driver's name, once the allocator has found one.
    pub fn driver_state(&self) -> &str {
        if self.waits { "" } else { &self.driver }
    }

    /// As commands show it: networks of one engine have ids like containers.
    pub fn shown_id(&self) -> String {
        if self.node.is_none() {
            return self.id.to_string();
        }
        let mut stream = Stream::new(0, self.id.as_str());
        (0..8).map(|_| format!("{:08x}", stream.next_u32())).collect()
    }
}

/// A config or a secret: a text that appears as a file in containers.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterFile {
    pub kind: FileKind,
    pub id: FileId,
    pub meta: Meta,
    pub name: String,
    pub labels: Labels,
    pub data: String,
    /// Who else keeps the data; empty: the swarm itself. Secrets only.
    pub driver: String,
    /// Which templates are filled in; empty: none.
    pub templating: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Config,
    Secret,
}

impl FileKind {
    pub fn word(self) -> &'static str {
        match self {
            FileKind::Config => "config",
            FileKind::Secret => "secret",
        }
    }
}
