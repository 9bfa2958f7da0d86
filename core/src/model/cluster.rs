//! The cluster object, and the small objects that services refer to.

use super::{Labels, Meta};
use crate::id::{ClusterId, ConfigId, NetworkId, SecretId};
use crate::time::Ms;

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
}

#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub id: NetworkId,
    pub meta: Meta,
    pub name: String,
    pub labels: Labels,
    pub driver: String,
    pub subnet: String,
    pub gateway: String,
    pub ingress: bool,
    pub internal: bool,
    pub attachable: bool,
    pub ipv6: bool,
    pub options: Labels,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub id: ConfigId,
    pub meta: Meta,
    pub name: String,
    pub labels: Labels,
    pub data: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Secret {
    pub id: SecretId,
    pub meta: Meta,
    pub name: String,
    pub labels: Labels,
    pub driver: Option<String>,
}
