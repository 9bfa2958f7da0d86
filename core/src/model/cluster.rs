//! The cluster object, and the small objects that services refer to.

use super::{Labels, Meta};
use crate::id::{ClusterId, ConfigId, NetworkId, SecretId};
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
