//! The daemon's API: looks things up, checks what is asked for, writes the desired state.
//!
//! Models: swarmkit manager/controlapi and moby daemon/cluster. A client talks to the daemon of one node; the errors
//! are those that such a client receives.

mod error;

pub use error::{ApiError, Code};

use std::rc::Rc;

use crate::id::{NodeId, ServiceId};
use crate::model::{Node, NodeSpec, Service, ServiceSpec};
use crate::world::World;

/// What the registry says of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// `sha256:…`
    pub digest: String,
    /// (architecture, os)
    pub platforms: Vec<(String, String)>,
}

/// The kind of a write to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rollback {
    /// An ordinary update: the spec is the caller's.
    No,
    /// Back to the previous spec; the spec that the caller sends is only checked.
    Previous,
}

/// The daemon of one node, as a client sees it.
pub struct Api<'w> {
    pub world: &'w mut World,
    /// The node whose daemon answers.
    pub node: NodeId,
}

impl Api<'_> {
    /// The service called `reference`: a full id, a name, or the unique beginning of an id.
    ///
    /// # Errors
    /// Nothing has that name; several ids begin so; this node is no manager.
    pub fn service(&self, _reference: &str) -> Result<Rc<Service>, ApiError> {
        unimplemented!()
    }

    /// All services, by name as `docker service ls` sorts them is the caller's work; here by id.
    ///
    /// # Errors
    /// This node is no manager.
    pub fn services(&self) -> Result<Vec<Rc<Service>>, ApiError> {
        unimplemented!()
    }

    /// Creates a service from a checked spec and returns its id.
    pub fn create_service(&mut self, _spec: ServiceSpec) -> Result<ServiceId, ApiError> {
        unimplemented!()
    }

    /// Replaces the spec of a service. `version` is the one that the caller read.
    pub fn update_service(
        &mut self,
        _id: ServiceId,
        _version: u64,
        _spec: ServiceSpec,
        _rollback: Rollback,
    ) -> Result<(), ApiError> {
        unimplemented!()
    }

    pub fn remove_service(&mut self, _reference: &str) -> Result<(), ApiError> {
        unimplemented!()
    }

    /// The node called `reference`: `self`, a full id, a host name, or the unique beginning of an id.
    pub fn node(&self, _reference: &str) -> Result<Rc<Node>, ApiError> {
        unimplemented!()
    }

    pub fn nodes(&self) -> Result<Vec<Rc<Node>>, ApiError> {
        unimplemented!()
    }

    pub fn update_node(&mut self, _id: NodeId, _version: u64, _spec: NodeSpec) -> Result<(), ApiError> {
        unimplemented!()
    }

    /// Asks the registry for the digest of an image, as the client does before it creates or updates a service.
    pub fn distribution(&self, _image: &str) -> Result<Distribution, ApiError> {
        unimplemented!()
    }

    /// Whether a task is up to date with its service (the filter `_up-to-date`).
    pub fn up_to_date(&self, _task: &crate::model::Task) -> bool {
        unimplemented!()
    }
}
