//! The machines: each has a daemon, which is in the swarm or not, and a cable, which may be pulled.
//!
//! Models: moby daemon/cluster/noderunner.go, the states of a node runner.

use super::agent::Agent;
use super::{Ctx, Due, Engine};
use crate::id::NodeId;
use crate::time::Ms;

/// How long a daemon that has just started takes to find the dispatcher.
const FIRST_SESSION: Ms = 100;

#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(crate) hostname: String,
    pub(crate) address: String,
    /// Where other nodes are told that its manager is.
    pub(crate) advertised: (String, u16),
    /// Its node in the swarm. Before it has one, an id that nobody else knows.
    pub(crate) node: NodeId,
    pub(crate) membership: Membership,
    /// Its network is gone; what runs on it goes on.
    pub(crate) cut_off: bool,
    /// A manager: since when it knows of no leader.
    pub(crate) leaderless: Option<Ms>,
}

/// What a daemon has to do with the swarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Membership {
    None,
    /// It is trying to join, and does not give up.
    Joining,
    Member,
    /// It has its part of the swarm's state, but not the key to read it.
    Locked,
}

/// Where managers listen, unless told otherwise.
pub(crate) const PORT: u16 = 2_377;

impl Machine {
    /// `10.0.0.1:2377`
    pub(crate) fn told(&self) -> String {
        format!("{}:{}", self.advertised.0, self.advertised.1)
    }

    pub(crate) fn new(hostname: &str, address: &str, node: NodeId, membership: Membership) -> Machine {
        Machine {
            hostname: hostname.to_owned(),
            address: address.to_owned(),
            advertised: (address.to_owned(), PORT),
            node,
            membership,
            cut_off: false,
            leaderless: None,
        }
    }
}

impl Engine {
    /// Cuts a machine off its power, or stops its daemon in good order, which takes its containers with it. Nobody is
    /// told: only its silence will show.
    pub(crate) fn power_off(&mut self, node: NodeId, good_order: bool, ctx: &mut Ctx) {
        let Some(agent) = self.agents.get_mut(&node) else { return };
        if let Some(ticket) = agent.booting.take() {
            ctx.queue.cancel(ticket);
        }
        if !agent.powered {
            return;
        }
        let missed = agent.registered.then_some(self.managers.leader).flatten();
        agent.power_off(good_order, ctx);
        if missed.is_some() && ctx.store.node(node).is_some() {
            agent.missed = Some(self.dispatcher.expect_miss(node, ctx));
        }
        self.review_after(node, ctx);
    }

    /// Starts a machine, or its daemon, again: after a while it is back in the swarm.
    pub(crate) fn power_on(&mut self, node: NodeId, ctx: &mut Ctx) {
        let off = |agent: &&mut Agent| !agent.powered && agent.booting.is_none();
        let Some(agent) = self.agents.get_mut(&node).filter(off) else { return };
        let takes = ctx.random.latency(ctx.scenario.latencies.boot_ms);
        agent.booting = Some(ctx.later(takes, Due::Booted(node)));
        let locked = self.managers.is_member(node) && ctx.store.cluster().unlock_key.is_some();
        if let Some(machine) = self.machine_mut(node).filter(|_| locked) {
            machine.membership = Membership::Locked;
        }
    }

    pub(super) fn booted(&mut self, node: NodeId, ctx: &mut Ctx) {
        if let Some(agent) = self.agents.get_mut(&node) {
            agent.power_on(ctx, &mut self.dispatcher);
            agent.seeking = true;
            ctx.later(FIRST_SESSION, Due::Register(node));
        }
        self.review_after(node, ctx);
    }

    /// Pulls a machine's cable, or plugs it in again.
    pub(crate) fn set_cable(&mut self, node: NodeId, cut_off: bool, ctx: &mut Ctx) {
        if let Some(machine) = self.machine_mut(node) {
            machine.cut_off = cut_off;
            self.review_after(node, ctx);
        }
    }

    fn review_after(&mut self, node: NodeId, ctx: &mut Ctx) {
        if let Some(machine) = self.machine_mut(node).filter(|machine| machine.leaderless.is_some()) {
            machine.leaderless = None;
        }
        self.review(ctx);
        self.settle(ctx);
    }

    /// Gives a machine another node: the one it has joined as.
    pub(crate) fn rename(&mut self, old: NodeId, new: NodeId) {
        if let Some(machine) = self.machine_mut(old) {
            machine.node = new;
        }
        if let Some(mut agent) = self.agents.remove(&old) {
            agent.node = new;
            agent.missed = None;
            self.agents.insert(new, agent);
        }
    }
}
