//! The allocator: gives services their addresses and published ports, and lets new tasks go on to the scheduler.
//!
//! Models: swarmkit manager/allocator/network.go. Differs: at once; in a real manager it takes a millisecond or two.

use crate::collections::{self, Map, Set};
use std::net::Ipv4Addr;
use std::rc::Rc;

use super::attachments::Attachments;
use super::{Ctx, text};
use crate::event::Rule;
use crate::id::{NetworkId, ServiceId, TaskId};
use crate::model::{Endpoint, EndpointMode, EndpointSpec, Network, PortConfig, PublishMode, Service, TaskState};
use crate::store::Change;

/// The first and last port that is picked where none was asked for.
const DYNAMIC_PORTS: std::ops::RangeInclusive<u32> = 30_000..=32_767;

#[derive(Clone, Debug, Default)]
pub(crate) struct Allocator {
    /// The host part of the last address given out in each network.
    last_addresses: Map<NetworkId, u32>,
    /// How many networks were given a subnet.
    networks: u32,
    attachments: Attachments,
}

impl Allocator {
    /// The next address of a network, with its prefix.
    pub(crate) fn next_address(&mut self, network: &Network) -> String {
        let last = self.last_addresses.entry(network.id).or_default();
        *last += 1;
        let subnet = network.subnets.first().map_or("", |(subnet, ..)| subnet);
        let (base, prefix) = subnet.split_once('/').unwrap_or((subnet, "24"));
        let base: u32 = base.parse::<Ipv4Addr>().map_or(0, u32::from);
        let size = 1 << 32_u32.saturating_sub(prefix.parse().unwrap_or(24)).clamp(3, 16);
        // .1 is the gateway's; a subnet is walked through in a circle, as addresses are given back.
        format!("{}/{prefix}", Ipv4Addr::from(base + *last % (size - 3) + 1))
    }

    /// Completes a new network: a subnet where none was asked for, and the number that tells its packets from others'.
    ///
    /// Differs: two networks may ask for the same subnet. Swarm would leave the second without one, and its tasks NEW:
    /// "Pool overlaps with other one on this address space".
    pub(crate) fn network(&mut self, network: &mut Network) {
        self.networks += 1;
        if network.subnets.is_empty() {
            network.subnets.push((format!("10.0.{}.0/24", self.networks % 256), String::new(), String::new()));
        }
        for (subnet, gateway, _) in network.subnets.iter_mut().filter(|(_, gateway, _)| gateway.is_empty()) {
            let base = subnet.split('/').next().and_then(|base| base.parse::<Ipv4Addr>().ok());
            *gateway = base.map_or(String::new(), |base| Ipv4Addr::from(u32::from(base) + 1).to_string());
        }
        if network.driver == "overlay" {
            let key = "com.docker.network.driver.overlay.vxlanid_list";
            network.options.insert(key.to_owned(), (4096 + self.networks).to_string());
        }
    }

    /// A new network, complete as it is, is written once more. Models: commitAllocatedNetwork.
    pub(crate) fn network_created(&self, id: NetworkId, ctx: &mut Ctx) {
        ctx.begin(Rule::Allocated);
        ctx.store.update_network(id, ctx.now);
    }

    pub(crate) fn network_removed(&mut self, id: NetworkId, ctx: &mut Ctx) {
        self.attachments.network_removed(id, ctx);
    }

    /// A new leader allocates anew what there is, the routing mesh first. Models: doNetworkInit.
    pub(super) fn take_over(&mut self, ctx: &mut Ctx) {
        let mut networks: Vec<(bool, NetworkId)> =
            ctx.store.networks().map(|network| (!network.ingress, network.id)).collect();
        collections::sort(&mut networks);
        for (_, id) in networks {
            self.network_created(id, ctx);
        }
    }

    pub(super) fn handle(&mut self, change: &Change, ctx: &mut Ctx) {
        self.attachments.handle(change, ctx);
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
        let networks = networks.into_iter().filter_map(|id| ctx.store.network(id));
        networks
            .filter(|network| !network.predefined)
            .map(|network| {
                let known = kept.iter().find(|(id, _)| *id == network.id);
                (network.id, known.map_or_else(|| self.next_address(network), |(_, address)| address.clone()))
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
