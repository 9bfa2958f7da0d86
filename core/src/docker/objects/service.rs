//! Services as `docker service inspect` shows them.

use super::spec::{Defaults, endpoint_spec, service_spec};
use super::{list, meta, ports, time};
use crate::json::{Struct, Value};
use crate::model::{Endpoint, Service, UpdateStatus};
use crate::world::World;

pub(crate) fn service(world: &World, service: &Service, defaults: Defaults) -> Value {
    // Defaults are filled in for the current spec only.
    let previous = service.previous_spec.as_ref().map(|spec| service_spec(spec, Defaults::Left));
    let job = service.job_status.map(|job| {
        Struct::new("*swarm.JobStatus")
            .with("JobIteration", Struct::new("swarm.Version").maybe("Index", job.iteration))
            .with("LastExecution", time(world, job.last_execution))
            .into()
    });
    Struct::new("swarm.Service")
        .with("ID", service.id.as_str())
        .embed("Meta", meta(world, &service.meta))
        .with("Spec", service_spec(&service.spec, defaults))
        .pointer("PreviousSpec", "*swarm.ServiceSpec", previous)
        .with("Endpoint", endpoint(&service.endpoint))
        .pointer(
            "UpdateStatus",
            "*swarm.UpdateStatus",
            service.update_status.as_ref().map(|status| update(world, status)),
        )
        .maybe("ServiceStatus", Value::Nil("*swarm.ServiceStatus"))
        .pointer("JobStatus", "*swarm.JobStatus", job)
        .into()
}

fn endpoint(endpoint: &Endpoint) -> Value {
    // The allocator leaves the spec out where it had nothing to allocate.
    let allocated = !endpoint.ports.is_empty() || !endpoint.virtual_ips.is_empty();
    let spec = endpoint.spec.as_ref().filter(|_| allocated).map(endpoint_spec);
    let addresses = list(&endpoint.virtual_ips, |(network, address)| {
        let mut shown = Struct::new("swarm.EndpointVirtualIP");
        shown.maybe("NetworkID", network.as_str()).maybe("Addr", address.as_str()).into()
    });
    Struct::new("swarm.Endpoint")
        .with("Spec", spec.unwrap_or_else(|| Struct::new("swarm.EndpointSpec").into()))
        .maybe("Ports", ports(&endpoint.ports))
        .maybe("VirtualIPs", addresses)
        .into()
}

fn update(world: &World, status: &UpdateStatus) -> Value {
    Struct::new("*swarm.UpdateStatus")
        .maybe("State", status.state.word())
        .pointer("StartedAt", "*time.Time", status.started_at.map(|at| time(world, at)))
        .pointer("CompletedAt", "*time.Time", status.completed_at.map(|at| time(world, at)))
        .maybe("Message", status.message.as_str())
        .into()
}
