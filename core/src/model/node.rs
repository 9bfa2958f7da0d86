//! Nodes.

use super::{Availability, Labels, Meta, NodeState, Reachability, Role};
use crate::id::NodeId;

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub id: NodeId,
    pub meta: Meta,
    pub spec: NodeSpec,
    /// The role it has; follows the spec's after a while. Constraints look at this one, the command line shows the other.
    pub role: Role,
    pub description: NodeDescription,
    pub status: NodeStatus,
    /// `None` for workers.
    pub manager: Option<ManagerStatus>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct NodeSpec {
    /// Normally empty: the host name stands in.
    pub name: String,
    pub labels: Labels,
    pub role: Role,
    pub availability: Availability,
}

#[derive(Clone, Debug, PartialEq)]
pub struct NodeDescription {
    pub hostname: String,
    pub architecture: String,
    pub os: String,
    pub nano_cpus: i64,
    pub memory_bytes: i64,
    /// Generic resources: kind and how many.
    pub generic: Vec<(String, i64)>,
    pub engine_version: String,
    pub engine_labels: Labels,
    /// (type, name), as the node reports them.
    pub plugins: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct NodeStatus {
    pub state: NodeState,
    pub message: String,
    pub addr: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ManagerStatus {
    pub leader: bool,
    pub reachability: Reachability,
    /// `ip:2377`
    pub addr: String,
}
