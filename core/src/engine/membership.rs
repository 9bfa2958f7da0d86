//! Swarms begin, machines join and leave.
//!
//! Models: moby daemon/cluster/swarm.go, swarmkit node/node.go and ca/server.go (IssueNodeCertificate).

use super::machines::Membership;
use super::managers::Managers;
use super::{Ctx, Due, Engine, setup};
use crate::event::Rule;
use crate::id::NodeId;
use crate::model::{Availability, Cluster, NodeState, Role};
use crate::time::Ms;

/// How long a node that has joined takes to register.
const FIRST_SESSION_MS: (Ms, Ms) = (80, 250);

impl Engine {
    /// A swarm of one node. What the machine was called in an earlier one it has forgotten. Returns the node.
    /// `prepare` is what it is told before it has any network.
    pub(crate) fn begin_swarm(
        &mut self,
        old: NodeId,
        availability: Option<Availability>,
        prepare: impl FnOnce(&mut Cluster),
        ctx: &mut Ctx,
    ) -> NodeId {
        let node = NodeId::random(&mut ctx.random.ids);
        self.rename(old, node);
        let mut cluster = setup::cluster(ctx.scenario, ctx.now, ctx.random);
        prepare(&mut cluster);
        ctx.store.begin_swarm(cluster, ctx.cause, ctx.now);
        self.allocator = super::allocator::Allocator::default();
        let ingress = setup::begin_swarm(ctx.store, ctx.now, ctx.random, &mut self.allocator);
        // Every node's end of the routing mesh takes an address.
        self.allocator.take_address(ingress.id);
        self.managers.start(node, ctx.now);
        self.take_over(ctx);
        self.admit(node, Role::Manager, availability, ctx);
        node
    }

    /// Keeps the swarm's state, and this manager as its only one.
    pub(crate) fn force_new_cluster(&mut self, node: NodeId, ctx: &mut Ctx) {
        self.managers.show_proposed(node, ctx.store, ctx.now);
        self.managers.start(node, ctx.now);
        for agent in self.agents.values_mut() {
            agent.registered = false;
        }
        self.take_over(ctx);
        self.review(ctx);
        self.settle(ctx);
    }

    /// A machine joins under a new id.
    pub(crate) fn join_swarm(&mut self, old: NodeId, role: Role, availability: Option<Availability>, ctx: &mut Ctx) {
        let node = NodeId::random(&mut ctx.random.ids);
        self.rename(old, node);
        if role == Role::Manager {
            self.managers.members.insert(node);
        }
        self.admit(node, role, availability, ctx);
    }

    fn admit(&mut self, node: NodeId, role: Role, availability: Option<Availability>, ctx: &mut Ctx) {
        let Some(machine) = self.machine_mut(node) else { return };
        machine.membership = Membership::Member;
        machine.leaderless = None;
        let Some(setup) = ctx.scenario.nodes.iter().find(|setup| setup.hostname == machine.hostname) else { return };
        let mut object = setup::node(setup, false, ctx.random);
        object.status.addr.clone_from(&machine.advertised.0);
        object.id = node;
        (object.role, object.spec.role) = (role, role);
        object.spec.availability = availability.unwrap_or(Availability::Active);
        object.status.state = NodeState::Unknown;
        object.manager = None;
        ctx.begin(Rule::Asked);
        ctx.store.create_node(object, ctx.now);
        if let Some(agent) = self.agents.get_mut(&node) {
            agent.registered = false;
            agent.seeking = true;
        }
        let takes = ctx.random.elections.between(FIRST_SESSION_MS.0, FIRST_SESSION_MS.1);
        ctx.later(takes, Due::Register(node));
        self.review(ctx);
        self.settle(ctx);
    }

    /// A machine leaves, with its containers. The others will miss it.
    pub(crate) fn leave_swarm(&mut self, node: NodeId, ctx: &mut Ctx) {
        let missed = self.agents.get(&node).is_some_and(|agent| agent.registered) && self.managers.leader().is_some();
        if let Some(agent) = self.agents.get_mut(&node) {
            agent.leave();
        }
        if let Some(machine) = self.machine_mut(node) {
            machine.membership = Membership::None;
        }
        if self.managers.members.iter().all(|member| *member == node) {
            if self.managers.is_member(node) {
                self.end_swarm(ctx);
            }
            return;
        }
        if missed && ctx.store.node(node).is_some() {
            let ticket = self.dispatcher.expect_miss(node, ctx);
            if let Some(agent) = self.agents.get_mut(&node) {
                agent.missed = Some(ticket);
            }
        }
        self.review(ctx);
        self.settle(ctx);
    }

    /// The last manager is gone, and with it all that was known. Workers do not notice.
    fn end_swarm(&mut self, ctx: &mut Ctx) {
        self.managers = Managers::default();
        let cluster = setup::cluster(ctx.scenario, ctx.now, ctx.random);
        ctx.store.begin_swarm(cluster, ctx.cause, ctx.now);
        self.take_over(ctx);
        for agent in self.agents.values_mut() {
            agent.registered = false;
            agent.seeking = false;
        }
    }

    /// A manager has its key again.
    pub(crate) fn unlock(&mut self, node: NodeId, ctx: &mut Ctx) {
        if let Some(machine) = self.machine_mut(node).filter(|machine| machine.membership == Membership::Locked) {
            machine.membership = Membership::Member;
        }
        self.review(ctx);
        self.settle(ctx);
    }
}
