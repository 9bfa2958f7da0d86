//! Objects of the swarm as Docker's API shows them: one value each, for `inspect` as for templates.
//!
//! Models: moby api/types/swarm, in the order and with the `omitempty` of its JSON.

mod container;
mod file;
mod image;
mod network;
mod node;
mod service;
mod spec;
pub(crate) mod swarm;
mod task;

pub(crate) use container::{container, container_env};
pub(crate) use file::file;
pub(crate) use image::image;
pub(crate) use network::network;
pub(crate) use node::node;
pub(crate) use service::service;
pub(crate) use spec::{Defaults, interpolated};
pub(crate) use task::task;

use crate::json::{Struct, Value};
use crate::model::{Meta, PortConfig};
use crate::time::Ms;
use crate::world::World;

/// `Version`, `CreatedAt` and `UpdatedAt`.
fn meta(world: &World, meta: &Meta) -> Struct {
    Struct::new("swarm.Meta")
        .with("Version", Struct::new("swarm.Version").maybe("Index", meta.version))
        .with("CreatedAt", time(world, meta.created))
        .with("UpdatedAt", time(world, meta.updated))
        .take()
}

fn time(world: &World, at: Ms) -> Value {
    Value::Time(world.unix_ms(at))
}

fn list<T>(items: &[T], shown: impl Fn(&T) -> Value) -> Value {
    Value::List(items.iter().map(shown).collect())
}

fn ports(ports: &[PortConfig]) -> Value {
    list(ports, |port| {
        Struct::new("swarm.PortConfig")
            .maybe("Name", port.name.as_str())
            .maybe("Protocol", port.protocol.word())
            .maybe("TargetPort", u64::from(port.target))
            .maybe("PublishedPort", u64::from(port.published))
            .maybe("PublishMode", port.mode.word())
            .into()
    })
}
