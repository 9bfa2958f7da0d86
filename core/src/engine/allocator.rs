//! The allocator: gives services their addresses and published ports, and lets new tasks go on to the scheduler.
//!
//! Models: swarmkit manager/allocator/network.go. Differs: at once; in a real manager it takes a millisecond or two.

use crate::collections::Set;
use std::rc::Rc;

use super::{Ctx, text};
use crate::event::Rule;
use crate::id::{NetworkId, ServiceId, TaskId};
use crate::model::{Endpoint, EndpointMode, EndpointSpec, PortConfig, PublishMode, Service, TaskState};
use crate::store::Change;

/// The first and last port that is picked where none was asked for.
const DYNAMIC_PORTS: std::ops::RangeInclusive<u32> = 30_000..=32_767;

#[derive(Clone, Debug, Default)]
pub(crate) struct Allocator {
    /// The host part of the last address given out.
    last_address: u32,
}

impl Allocator {
    /// The next address of the ingress network, with its prefix.
    pub(crate) fn next_address(&mut self) -> String {
        self.last_address += 1;
        // .1 is the gateway's; a /24 is walked through in a circle, as addresses are given back.
        let host = self.last_address % 253 + 1;
        format!("10.0.{}.{host}/24", self.last_address / 253)
    }

    pub(super) fn handle(&mut self, change: &Change, ctx: &mut Ctx) {
        match change {
            Change::ServiceCreated(id) => self.allocate(*id, ctx),
            Change::ServiceUpdated(old) => {
                let asked = |service: &Service| (service.spec.endpoint.clone(), service.spec.task.networks.clone());
                if ctx.store.service(old.id).is_some_and(|new| asked(new) != asked(old)) {
                    self.allocate(old.id, ctx);
                }
            }
            Change::TaskCreated(id) => let_go_on(*id, ctx),
            _ => {}
        }
    }

    fn allocate(&mut self, id: ServiceId, ctx: &mut Ctx) {
        let Some(service) = ctx.store.service(id).map(Rc::clone) else { return };
        let endpoint = self.endpoint(&service, ctx);
        if endpoint == service.endpoint {
            return;
        }
        ctx.begin(Rule::Allocated);
        ctx.store.update_service(id, ctx.now, |service| service.endpoint = endpoint);
    }

    fn endpoint(&mut self, service: &Service, ctx: &Ctx) -> Endpoint {
        let spec = service.spec.endpoint.clone();
        let published = spec.as_ref().is_some_and(|spec| !spec.ports.is_empty());
        if !published && service.spec.task.networks.is_empty() {
            // Nothing is to be allocated: the object stays empty, even where the spec names a mode.
            return Endpoint::default();
        }
        let ports = match &spec {
            Some(spec) => ports(service, spec, ctx),
            None => Vec::new(),
        };
        let vip = spec.as_ref().and_then(|spec| spec.mode) != Some(EndpointMode::DnsRr);
        let virtual_ips = if vip { self.virtual_ips(service, &ports, ctx) } else { Vec::new() };
        Endpoint { spec, ports, virtual_ips }
    }

    fn virtual_ips(&mut self, service: &Service, ports: &[PortConfig], ctx: &Ctx) -> Vec<(NetworkId, String)> {
        let mut networks: Vec<NetworkId> = Vec::new();
        if ports.iter().any(|port| port.mode == PublishMode::Ingress) {
            networks.extend(ctx.store.networks().find(|network| network.ingress).map(|network| network.id));
        }
        networks.extend(service.spec.task.networks.iter().filter_map(|network| NetworkId::parse(&network.target)));
        let kept = &service.endpoint.virtual_ips;
        networks
            .into_iter()
            .map(|network| {
                let known = kept.iter().find(|(id, _)| *id == network);
                (network, known.map_or_else(|| self.next_address(), |(_, address)| address.clone()))
            })
            .collect()
    }
}

/// A new task needs nothing more from the allocator.
fn let_go_on(id: TaskId, ctx: &mut Ctx) {
    if ctx.store.task(id).is_some_and(|task| task.status.state == TaskState::New) {
        ctx.begin(Rule::Allocated);
        let now = ctx.now;
        ctx.store.update_task(id, now, |task| {
            task.status.state = TaskState::Pending;
            task.status.message = text("pending task scheduling");
            task.status.timestamp = now;
        });
    }
}

/// The ports of `spec`, with a free one picked wherever none was asked for. What was picked before stays.
fn ports(service: &Service, spec: &EndpointSpec, ctx: &Ctx) -> Vec<PortConfig> {
    let mut used: Set<u32> = ctx
        .store
        .services()
        .flat_map(|other| &other.endpoint.ports)
        .map(|port| port.published)
        .chain(spec.ports.iter().map(|port| port.published))
        .collect();
    let kept = &service.endpoint.ports;
    spec.ports
        .iter()
        .map(|port| {
            if port.published != 0 || port.mode == PublishMode::Host {
                return port.clone();
            }
            // A port that is asked for by its number is no port that was picked.
            let asked_for = |old: &PortConfig| spec.ports.iter().any(|port| port.published == old.published);
            let same = |old: &&PortConfig| old.target == port.target && old.protocol == port.protocol;
            let known = kept.iter().find(|old| same(old) && !asked_for(old));
            let published = known
                .map(|old| old.published)
                .filter(|p| *p != 0)
                .unwrap_or_else(|| DYNAMIC_PORTS.into_iter().find(|candidate| !used.contains(candidate)).unwrap_or(0));
            used.insert(published);
            PortConfig { published, ..port.clone() }
        })
        .collect()
}
