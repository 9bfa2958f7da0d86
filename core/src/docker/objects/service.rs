//! Services as `docker service inspect` shows them.

use super::spec::{Defaults, endpoint_spec, service_spec};
use super::{meta, optional_time, ports, time};
use crate::json::{Struct, Value};
use crate::model::{Service, UpdateStatus};
use crate::world::World;

pub(crate) fn service(world: &World, service: &Service, defaults: Defaults) -> Value {
    let previous = service.previous_spec.as_ref().map_or(Value::Nil("*swarm.ServiceSpec"), |spec| {
        // Defaults are filled in for the current spec only.
        service_spec(spec, Defaults::Left).into()
    });
    let addresses = service.endpoint.virtual_ips.iter().map(|(network, address)| {
        let address = address.as_str();
        Struct::new("swarm.EndpointVirtualIP").maybe("NetworkID", network.as_str()).maybe("Addr", address).into()
    });
    // The allocator leaves the spec out where it had nothing to allocate.
    let allocated = service.endpoint.spec.as_ref();
    let allocated =
        allocated.filter(|_| !service.endpoint.ports.is_empty() || !service.endpoint.virtual_ips.is_empty());
    let endpoint = Struct::new("swarm.Endpoint")
        .with("Spec", allocated.map_or(Struct::new("swarm.EndpointSpec"), endpoint_spec))
        .maybe("Ports", ports(&service.endpoint.ports))
        .maybe("VirtualIPs", Value::List(addresses.collect()));
    let update =
        service.update_status.as_ref().map_or(Value::Nil("*swarm.UpdateStatus"), |status| update(world, status));
    let job = service.job_status.map_or(Value::Nil("*swarm.JobStatus"), |job| {
        Struct::new("*swarm.JobStatus")
            .with("JobIteration", Struct::new("swarm.Version").maybe("Index", job.iteration))
            .with("LastExecution", time(world, job.last_execution))
            .into()
    });
    Struct::new("swarm.Service")
        .with("ID", service.id.as_str())
        .embed("Meta", meta(world, &service.meta))
        .with("Spec", service_spec(&service.spec, defaults))
        .maybe("PreviousSpec", previous)
        .with("Endpoint", endpoint)
        .maybe("UpdateStatus", update)
        .maybe("ServiceStatus", Value::Nil("*swarm.ServiceStatus"))
        .maybe("JobStatus", job)
        .into()
}

fn update(world: &World, status: &UpdateStatus) -> Value {
    Struct::new("*swarm.UpdateStatus")
        .maybe("State", status.state.word())
        .maybe("StartedAt", optional_time(world, status.started_at))
        .maybe("CompletedAt", optional_time(world, status.completed_at))
        .maybe("Message", status.message.as_str())
        .into()
}
