//! The objects of a swarm, in Swarm's words. Plain data without behaviour: who changes what is the engine's business.
//!
//! Models: swarmkit api/objects.proto, specs.proto, types.proto.

mod cluster;
mod node;
mod notice;
mod service;
mod spec;
mod state;
mod task;

pub use cluster::*;
pub use node::*;
pub use notice::Notice;
pub use service::*;
pub use spec::*;
pub use state::*;
pub use task::*;

use crate::collections::Map;

use crate::time::Ms;

/// Labels, in the order of their keys.
pub type Labels = Map<String, String>;

/// What every stored object carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// The store's index at the object's last write. One counter for the whole store: it jumps.
    pub version: u64,
    /// The store's index at its creation: tells the older of two that were created in the same millisecond.
    pub born: u64,
    pub created: Ms,
    pub updated: Ms,
}
