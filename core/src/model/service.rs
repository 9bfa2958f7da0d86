//! Services as stored.

use std::rc::Rc;

use super::{EndpointSpec, Meta, PortConfig, ServiceSpec, UpdateState};
use crate::id::{NetworkId, ServiceId};
use crate::time::Ms;

#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    pub id: ServiceId,
    pub meta: Meta,
    pub spec: Rc<ServiceSpec>,
    /// The store's index of the version that the last update replaced; 0 in a service that was never updated.
    /// Tasks carry a copy: equal means up to date.
    pub spec_version: u64,
    /// What a rollback restores. A manual rollback swaps it with `spec`, an automatic one leaves it empty.
    pub previous_spec: Option<Rc<ServiceSpec>>,
    pub previous_spec_version: Option<u64>,
    pub endpoint: Endpoint,
    pub update_status: Option<UpdateStatus>,
    pub job_status: Option<JobStatus>,
}

/// What the allocator made of the spec's endpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoint {
    pub spec: Option<EndpointSpec>,
    /// With the published ports that the allocator picked.
    pub ports: Vec<PortConfig>,
    /// Network and address with its prefix: `10.0.0.5/24`.
    pub virtual_ips: Vec<(NetworkId, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct UpdateStatus {
    pub state: UpdateState,
    pub started_at: Option<Ms>,
    pub completed_at: Option<Ms>,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JobStatus {
    pub iteration: u64,
    pub last_execution: Ms,
}
