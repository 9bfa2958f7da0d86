//! The allocator: gives services their addresses and published ports, and lets new tasks go on to the scheduler.
//!
//! Models: swarmkit manager/allocator/network.go. Differs: at once; in a real manager it takes a millisecond or two.

use crate::collections::{self, Map, Set};
use std::rc::Rc;

use super::attachments::Attachments;
use super::pools::{self, Pools};
use super::{Ctx, text};
use crate::event::Rule;
use crate::id::{NetworkId, NodeId, ServiceId, TaskId};
use crate::model::{Endpoint, EndpointMode, EndpointSpec, Network, PortConfig, PublishMode, Service, Task, TaskState};
use crate::store::{Change, Store};
use crate::subnet::Subnet;
use crate::time::Ms;

/// The first and last port that is picked where none was asked for.
const DYNAMIC_PORTS: std::ops::RangeInclusive<u32> = 30_000..=32_767;

/// What waits is tried again when something was given back, or else after so long.
const RETRY_INTERVAL: Ms = 300_000;

/// The number that tells the packets of the first network, the routing mesh, from others'.
const FIRST_VXLAN: u32 = 4_096;
const VXLAN: &str = "com.docker.network.driver.overlay.vxlanid_list";

#[derive(Clone, Debug, Default)]
pub(crate) struct Allocator {
    /// The host part of the last address given out in each network.
    last_addresses: Map<NetworkId, u32>,
    pools: Pools,
    /// Those of each engine.
    local_pools: Vec<(NodeId, Pools)>,
    /// How many numbers were given to networks.
    vxlans: u32,
    attachments: Attachments,
    /// Services that could not be given all they ask for.
    waiting_services: Set<ServiceId>,
    /// New tasks whose networks or whose service wait.
    waiting_tasks: Set<TaskId>,
    /// Something was given back since what waits was tried last.
    freed: bool,
    last_retry: Ms,
}

impl Allocator {
    /// A node's end of the routing mesh takes an address.
    pub(crate) fn take_address(&mut self, network: NetworkId) {
        *self.last_addresses.entry(network).or_default() += 1;
    }

    /// The next address of a network that no service has, with its prefix; a subnet is walked through in a circle.
    ///
    /// Differs: tasks take none away, so addresses hardly run out; Swarm leaves tasks NEW when a network has none left.
    fn next_address(&mut self, network: &Network, store: &Store) -> Option<String> {
        let subnet = Subnet::parse(&network.subnets.first()?.0)?;
        // The first is the network's own, then comes the gateway's, and the last is for all.
        let count = subnet.size().checked_sub(3).filter(|count| *count > 0)?;
        let last = self.last_addresses.entry(network.id).or_default();
        for _ in 0..count {
            let address = format!("{}/{}", subnet.address(*last % count + 2), subnet.length());
            *last += 1;
            let has = |service: &Rc<Service>| service.endpoint.virtual_ips.iter().any(|(_, had)| *had == address);
            if !store.services().any(has) {
                return Some(address);
            }
        }
        None
    }

    /// Completes a new network: a subnet where none was asked for, its gateway, and its number. Returns whether it could;
    /// if not, another network has its addresses. Models: cnmallocator/networkallocator.go, Allocate.
    pub(crate) fn network(&mut self, network: &mut Network, store: &Store) -> bool {
        if network.driver != "overlay" && network.node.is_none() {
            // Its addresses are the matter of each node.
            return true;
        }
        let mut taken = Vec::new();
        for other in store.networks() {
            if other.node == network.node && other.id != network.id && !other.waits {
                subnets(other, &mut taken);
            }
        }
        if network.node.is_some() {
            taken.extend_from_slice(&pools::BRIDGES);
        }
        let mut asked = Vec::new();
        subnets(network, &mut asked);
        if asked.iter().any(|asked| taken.iter().any(|other| other.overlaps(*asked))) {
            return false;
        }
        if network.subnets.is_empty() {
            let cluster = store.cluster();
            let found = match network.node {
                Some(node) => self.local(node).take_local(&taken),
                None => self.pools.take(&cluster.address_pools, cluster.subnet_size as u32, &taken),
            };
            let Some(found) = found else { return false };
            network.subnets.push((found.to_string(), String::new(), String::new()));
        }
        for (subnet, gateway, _) in network.subnets.iter_mut().filter(|(_, gateway, _)| gateway.is_empty()) {
            *gateway = Subnet::parse(subnet).map_or(String::new(), |subnet| subnet.address(1));
        }
        if network.node.is_none() {
            self.number(network, store);
        }
        true
    }

    /// The pools of one engine.
    fn local(&mut self, node: NodeId) -> &mut Pools {
        let place = self.local_pools.iter().position(|(of, _)| *of == node).unwrap_or_else(|| {
            self.local_pools.push((node, Pools::default()));
            self.local_pools.len() - 1
        });
        &mut self.local_pools[place].1
    }

    /// Gives a network the next number that no other has.
    fn number(&mut self, network: &mut Network, store: &Store) {
        while !network.options.contains_key(VXLAN) {
            let number = (FIRST_VXLAN + self.vxlans).to_string();
            self.vxlans += 1;
            if !store.networks().any(|other| other.options.get(VXLAN) == Some(&number)) {
                network.options.insert(VXLAN.to_owned(), number);
            }
        }
    }

    /// A new network, complete as it is, is written once more. Models: commitAllocatedNetwork.
    pub(crate) fn network_created(&self, id: NetworkId, ctx: &mut Ctx) {
        if ctx.store.network(id).is_some_and(|network| network.node.is_none() && !network.waits) {
            ctx.begin(Rule::Allocated);
            ctx.store.update_network(id, ctx.now, |_| {});
        }
    }

    pub(crate) fn network_removed(&mut self, id: NetworkId, ctx: &mut Ctx) {
        self.attachments.network_removed(id, ctx);
        self.last_addresses.remove(&id);
        self.freed = true;
        self.retry(ctx);
    }

    /// A new leader allocates anew what there is, the routing mesh first. Models: doNetworkInit.
    pub(super) fn take_over(&mut self, ctx: &mut Ctx) {
        let mut networks: Vec<(bool, NetworkId)> =
            ctx.store.networks().map(|network| (!network.ingress, network.id)).collect();
        collections::sort(&mut networks);
        for (_, id) in networks {
            self.network_created(id, ctx);
        }
        // It knows what is taken, and not what was taken last.
        self.pools = Pools::default();
        self.vxlans = 0;
        self.freed = true;
    }

    pub(super) fn handle(&mut self, change: &Change, ctx: &mut Ctx) {
        self.attachments.handle(change, ctx);
        match change {
            Change::ServiceCreated(id) => self.allocate(*id, ctx),
            Change::ServiceUpdated(old) => {
                let asked = |service: &Service| (service.spec.endpoint.clone(), service.spec.task.networks.clone());
                let waits = self.waiting_services.contains(&old.id);
                if ctx.store.service(old.id).is_some_and(|new| waits || asked(new) != asked(old)) {
                    self.allocate(old.id, ctx);
                }
            }
            Change::ServiceDeleted(old) => {
                self.waiting_services.remove(&old.id);
                self.freed = true;
            }
            Change::TaskCreated(id) => self.let_go_on(*id, ctx),
            Change::TaskUpdated(old) => {
                let lives = |task: &Task| task.status.state <= TaskState::Running;
                self.freed |=
                    holds_addresses(old) && lives(old) && !ctx.store.task(old.id).is_some_and(|new| lives(new));
            }
            Change::TaskDeleted(old) => {
                self.waiting_tasks.remove(&old.id);
                self.freed |= holds_addresses(old);
            }
            _ => {}
        }
        self.retry(ctx);
    }

    /// Tries again what could not be allocated, networks first. Models: procUnallocatedNetworks and those beside it.
    fn retry(&mut self, ctx: &mut Ctx) {
        if !self.freed && ctx.now - self.last_retry <= RETRY_INTERVAL {
            return;
        }
        self.freed = false;
        self.last_retry = ctx.now;
        let waiting: Vec<Network> =
            ctx.store.networks().filter(|network| network.waits).map(|network| Network::clone(network)).collect();
        for mut network in waiting {
            if self.network(&mut network, ctx.store) {
                network.waits = false;
                ctx.begin(Rule::Allocated);
                ctx.store.update_network(network.id, ctx.now, |old| {
                    let meta = old.meta;
                    *old = Network { meta, ..network };
                });
            }
        }
        for service in self.waiting_services.iter().copied().collect::<Vec<_>>() {
            self.allocate(service, ctx);
        }
        for task in self.waiting_tasks.iter().copied().collect::<Vec<_>>() {
            self.let_go_on(task, ctx);
        }
    }

    /// Whether a service could not be given all it asks for, so that its new tasks stay new.
    pub(crate) fn keeps_waiting(&self, service: ServiceId) -> bool {
        self.waiting_services.contains(&service)
    }

    fn allocate(&mut self, id: ServiceId, ctx: &mut Ctx) {
        let Some(service) = ctx.store.service(id).map(Rc::clone) else { return };
        let Some(endpoint) = self.endpoint(&service, ctx) else {
            self.waiting_services.insert(id);
            return;
        };
        self.waiting_services.remove(&id);
        if endpoint == service.endpoint {
            return;
        }
        ctx.begin(Rule::Allocated);
        ctx.store.update_service(id, ctx.now, |service| service.endpoint = endpoint);
    }

    /// What a service asks for; `None`: a network of its waits for a subnet, or has no address left.
    fn endpoint(&mut self, service: &Service, ctx: &Ctx) -> Option<Endpoint> {
        let spec = service.spec.endpoint.clone();
        let published = spec.as_ref().is_some_and(|spec| !spec.ports.is_empty());
        if !published && service.spec.task.networks.is_empty() {
            // Nothing is to be allocated: the object stays empty, even where the spec names a mode.
            return Some(Endpoint::default());
        }
        let ports = match &spec {
            Some(spec) => ports(service, spec, ctx),
            None => Vec::new(),
        };
        let vip = spec.as_ref().and_then(|spec| spec.mode) != Some(EndpointMode::DnsRr);
        let virtual_ips = if vip { self.virtual_ips(service, &ports, ctx)? } else { Vec::new() };
        Some(Endpoint { spec, ports, virtual_ips })
    }

    fn virtual_ips(&mut self, service: &Service, ports: &[PortConfig], ctx: &Ctx) -> Option<Vec<(NetworkId, String)>> {
        let mut ids: Vec<NetworkId> = Vec::new();
        if ports.iter().any(|port| port.mode == PublishMode::Ingress) {
            ids.push(ctx.store.networks().find(|network| network.ingress)?.id);
        }
        ids.extend(service.spec.task.networks.iter().filter_map(|network| NetworkId::parse(&network.target)));
        let networks: Vec<&Rc<Network>> = ids.into_iter().filter_map(|id| ctx.store.network(id)).collect();
        if networks.iter().any(|network| network.waits) {
            return None;
        }
        let kept = &service.endpoint.virtual_ips;
        let mut addresses = Vec::new();
        // Of others each node has one of its own.
        for network in networks.into_iter().filter(|network| network.driver == "overlay") {
            let known = kept.iter().find(|(id, _)| *id == network.id).map(|(_, address)| address.clone());
            addresses.push((network.id, known.or_else(|| self.next_address(network, ctx.store))?));
        }
        Some(addresses)
    }

    /// Lets a new task go on to the scheduler, unless its networks or its service wait. Models: allocateTask.
    fn let_go_on(&mut self, id: TaskId, ctx: &mut Ctx) {
        self.waiting_tasks.remove(&id);
        let Some(task) = ctx.store.task(id).filter(|task| task.status.state == TaskState::New) else { return };
        let networks = task.spec.networks.iter().filter_map(|used| ctx.store.network(NetworkId::parse(&used.target)?));
        if self.waiting_services.contains(&task.service) || networks.into_iter().any(|network| network.waits) {
            self.waiting_tasks.insert(id);
            return;
        }
        ctx.begin(Rule::Allocated);
        let now = ctx.now;
        ctx.store.update_task(id, now, |task| {
            task.status.state = TaskState::Pending;
            task.status.message = text("pending task scheduling");
            task.status.timestamp = now;
        });
    }
}

/// Adds those of a network to `found`.
fn subnets(network: &Network, found: &mut Vec<Subnet>) {
    for (subnet, ..) in &network.subnets {
        found.extend(Subnet::parse(subnet));
    }
}

/// Whether a task that ends gives addresses back.
fn holds_addresses(task: &Task) -> bool {
    let meshed = |endpoint: &EndpointSpec| endpoint.ports.iter().any(|port| port.mode == PublishMode::Ingress);
    !task.spec.networks.is_empty() || task.endpoint.as_deref().is_some_and(meshed)
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
