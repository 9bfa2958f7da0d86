//! The managers of the swarm: which nodes are, who leads, who reaches whom, and whether more than half of them do.
//! Without such a majority nothing is written: the control loops stand still, and requests wait or are refused.
//!
//! Models: swarmkit manager/state/raft/raft.go and manager/role_manager.go, as far as they can be seen from outside.
//! Differs: there is no log and no vote. One store stands for the log of the majority; who wins an election is drawn
//! among those who may. A leader that is cut off reads what the majority writes, for the seconds it takes itself for
//! one.

use super::machines::{Machine, Membership};
use super::{Ctx, Due, Engine};
use crate::collections::Set;
use crate::event::{EventId, Rule};
use crate::id::NodeId;
use crate::model::{ManagerStatus, Reachability, Role};
use crate::queue::Ticket;
use crate::store::{Mark, Store};
use crate::time::{Ms, SECOND};

/// A leader asks itself this often whether a majority has answered since it last asked.
/// Models: the election tick of 10, at one tick a second.
const CHECK_QUORUM: Ms = 10 * SECOND;

/// How long a manager hears nothing before it stands for election: drawn anew by each every time.
const ELECTION_TICKS: (Ms, Ms) = (10, 19);

/// After so long without a leader a manager says so at once, instead of waiting for one.
const LOST_QUORUM: Ms = 10 * SECOND;

/// How long a promoted node takes to get its new certificate and to join the managers.
const JOIN_MS: (Ms, Ms) = (700, 2_400);

/// How long a promoted node takes to hear of it and to ask for a certificate, and a demoted manager to ask another one.
const HEARD_MS: Ms = 500;

/// How long a demoted manager takes to begin again as a worker.
const RESTART_MS: Ms = 170;

/// How long a demoted manager takes to find another one and to learn from it what it is now.
const UNLEARN_MS: (Ms, Ms) = (4_000, 8_000);

/// How long a manager that was removed waits to be told that it is a worker. Once it has waited in vain it asks for a
/// new certificate and waits as long again. Models: node/node.go, roleChangeTimeout.
const ROLE_CHANGE_TIMEOUT: Ms = 16 * SECOND;

/// How long a leader tries to send before it calls a manager unreachable.
const SEND_TIMEOUT: Ms = 2 * SECOND;

/// How long an agent takes to find the dispatcher again, once there is one it can reach.
const SESSION_MS: (Ms, Ms) = (300, 5_000);

/// The retry of what the role manager could not do.
const ROLE_RECONCILE: Ms = 5 * SECOND;

/// What a manager answers at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    All,
    /// It leads, but no majority hears it: what it knows it tells, what it is to write waits until it gives up.
    Reads,
    /// It waits for a leader.
    Later,
    /// There has been none for too long.
    Nothing,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Managers {
    /// The managers that have joined.
    pub(super) members: Set<NodeId>,
    /// Who leads, with a majority. `None`: the control loops stand still.
    pub(super) leader: Option<NodeId>,
    leader_since: Ms,
    /// Who led until a majority was lost, and does not know it yet.
    stalled: Option<(NodeId, Ticket)>,
    /// Who has written what no majority has: only it can be elected.
    ahead: Option<Proposal>,
    election: Option<Ticket>,
    /// What was due while nobody led.
    deferred: Vec<(Due, Option<EventId>)>,
    unreachable: Set<NodeId>,
    /// Managers that were removed and have not yet learned it: since when.
    pub(super) removed: Vec<(NodeId, Ms, Ms)>,
}

/// What a manager has written that no majority knows of.
#[derive(Clone, Debug)]
struct Proposal {
    node: NodeId,
    store: Store,
    /// What its store has recorded and told after this is its own.
    since: Mark,
}

impl Managers {
    /// The managers of a swarm that begins with all of them.
    pub(crate) fn of(store: &Store) -> Managers {
        let mut managers = Managers::default();
        for node in store.nodes().filter(|node| node.role == Role::Manager) {
            managers.members.insert(node.id);
            if node.manager.as_ref().is_some_and(|manager| manager.leader) {
                managers.leader = Some(node.id);
            }
        }
        managers
    }

    pub(crate) fn leader(&self) -> Option<NodeId> {
        self.leader
    }

    pub(crate) fn is_member(&self, node: NodeId) -> bool {
        self.members.contains(&node)
    }

    fn quorum(&self) -> usize {
        self.members.len() / 2 + 1
    }

    /// Keeps for later what only a leader does.
    pub(super) fn defer(&mut self, due: Due, cause: Option<EventId>) {
        self.deferred.push((due, cause));
    }

    /// What its prompts asked for without being answered is written after all if it is elected again.
    pub(crate) fn propose(&mut self, node: NodeId, store: Store, since: Mark) {
        self.ahead = Some(Proposal { node, store, since });
    }

    /// Lets `store` hold what a manager has written without a majority.
    pub(crate) fn show_proposed(&self, node: NodeId, store: &mut Store, now: Ms) {
        if let Some(Proposal { store: proposed, since, .. }) = self.ahead.as_ref().filter(|ahead| ahead.node == node) {
            store.adopt(proposed.clone(), *since, now);
        }
    }

    /// Everything begins anew, with one manager.
    pub(super) fn start(&mut self, node: NodeId, now: Ms) {
        *self = Managers { leader: Some(node), leader_since: now, ..Managers::default() };
        self.members.insert(node);
    }
}

impl Engine {
    /// Whether a machine is on, with its daemon, and has its place in the swarm.
    fn up(&self, node: NodeId) -> bool {
        self.agents.get(&node).is_some_and(|agent| agent.powered)
            && self.machine(node).is_some_and(|machine| machine.membership == Membership::Member)
    }

    /// Whether two daemons reach each other.
    pub(crate) fn reach(&self, a: NodeId, b: NodeId) -> bool {
        let cut = |node| self.machine(node).is_some_and(|machine| machine.cut_off);
        self.up(a) && self.up(b) && (a == b || !cut(a) && !cut(b))
    }

    /// How many managers `node` reaches, itself included.
    fn reached_by(&self, node: NodeId) -> usize {
        self.managers.members.iter().filter(|member| self.reach(node, **member)).count()
    }

    fn has_quorum(&self, node: NodeId) -> bool {
        self.managers.members.contains(&node) && self.reached_by(node) >= self.managers.quorum()
    }

    /// What a manager's daemon answers now.
    pub(crate) fn answers(&self, node: NodeId, now: Ms) -> Answers {
        if self.managers.leader.is_some_and(|leader| self.reach(node, leader)) {
            return Answers::All;
        }
        if self.managers.stalled.as_ref().is_some_and(|(leader, _)| *leader == node) {
            return Answers::Reads;
        }
        let since = self.machine(node).and_then(|machine| machine.leaderless);
        if since.is_some_and(|since| now > since + LOST_QUORUM) { Answers::Nothing } else { Answers::Later }
    }

    /// Whether the managers could do without this one. Models: raft.CanRemoveMember.
    pub(crate) fn can_remove(&self, node: NodeId) -> bool {
        let Some(leader) = self.managers.leader else { return false };
        let left = self.managers.members.iter().filter(|member| **member != node);
        let reached = left.clone().filter(|member| self.reach(leader, **member)).count();
        reached > (self.managers.members.len() - 1) / 2
    }

    /// How many managers are reached and how many are not, as a leader counts them.
    pub(crate) fn manager_counts(&self) -> (usize, usize) {
        let lost = self.managers.unreachable.len();
        (self.managers.members.len() - lost, lost)
    }

    /// Looks at everything anew after something has changed: power, cables, membership.
    pub(crate) fn review(&mut self, ctx: &mut Ctx) {
        self.review_leader(ctx);
        self.review_sessions(ctx);
        let members: Vec<NodeId> = self.managers.members.iter().copied().collect();
        let reference = self.managers.leader.or(self.managers.stalled.as_ref().map(|(leader, _)| *leader));
        if let Some(leader) = reference {
            for member in members {
                if self.reach(leader, member) {
                    self.managers.unreachable.remove(&member);
                } else if !self.managers.unreachable.contains(&member) {
                    ctx.later(SEND_TIMEOUT, Due::Unreachable(member));
                }
            }
        }
        self.show(ctx);
    }

    fn review_leader(&mut self, ctx: &mut Ctx) {
        if let Some(leader) = self.managers.leader.filter(|leader| !self.has_quorum(*leader)) {
            self.managers.leader = None;
            if self.up(leader) && self.managers.members.contains(&leader) {
                // The check under way has still heard from the others, the one after it has not.
                let since = ctx.now - self.managers.leader_since;
                let wait = 2 * CHECK_QUORUM - since % CHECK_QUORUM;
                self.managers.stalled = Some((leader, ctx.later(wait, Due::StepDown(leader))));
            }
        }
        if let Some((leader, ticket)) = self.managers.stalled {
            if !self.up(leader) || self.has_quorum(leader) {
                ctx.queue.cancel(ticket);
                self.managers.stalled = None;
            }
            if self.has_quorum(leader) {
                self.managers.leader = Some(leader);
                // Who waits for his write asks again, now that there is an answer. Kept, it would bring this moment's
                // store back at a later election.
                // Differs: Raft commits it also for a command that was interrupted meanwhile.
                self.managers.ahead = None;
                for (due, cause) in std::mem::take(&mut self.managers.deferred) {
                    ctx.queue.push(ctx.now, (due, cause));
                }
            }
        }
        self.review_silence(ctx);
        let possible = self.managers.leader.is_none() && !self.candidates().is_empty();
        match self.managers.election.take() {
            Some(ticket) if !possible => drop(ctx.queue.cancel(ticket)),
            None if possible => {
                let wait = self.election_wait(ctx);
                self.managers.election = Some(ctx.later(wait, Due::Election));
            }
            election => self.managers.election = election,
        }
    }

    /// Notes for every manager since when it knows of no leader.
    fn review_silence(&mut self, ctx: &mut Ctx) {
        let members: Vec<NodeId> = self.managers.members.iter().copied().collect();
        for node in members {
            let led = self.managers.leader.is_some_and(|leader| self.reach(node, leader));
            let stalled = self.managers.stalled.as_ref().is_some_and(|(leader, _)| *leader == node);
            let Some(machine) = self.machine_mut(node) else { continue };
            if led || stalled {
                machine.leaderless = None;
            } else if machine.leaderless.is_none() {
                machine.leaderless = Some(ctx.now + ticks(ctx));
            }
        }
    }

    fn candidates(&self) -> Vec<NodeId> {
        let members = self.managers.members.iter().copied();
        let can: Vec<NodeId> = members.filter(|node| self.has_quorum(*node)).collect();
        match &self.managers.ahead {
            Some(ahead) if can.contains(&ahead.node) => vec![ahead.node],
            _ => can,
        }
    }

    /// How long until somebody is elected: the first of those who stand for it to lose patience. Who has stood before
    /// is somewhere on his way to the next time.
    fn election_wait(&self, ctx: &mut Ctx) -> Ms {
        let candidates = self.candidates();
        if self.managers.members.len() == 1 {
            // Nobody else could be elected.
            return 0;
        }
        let waited = |node: &NodeId| {
            self.machine(*node).and_then(|machine| machine.leaderless).is_some_and(|since| since <= ctx.now)
        };
        if candidates.iter().any(waited) {
            return ctx.random.elections.between(SECOND, ELECTION_TICKS.1 * SECOND);
        }
        let patience = candidates.iter().filter_map(|node| self.machine(*node)?.leaderless);
        patience.min().map_or(0, |until| until - ctx.now)
    }

    /// A leader notices that no majority answers.
    pub(super) fn step_down(&mut self, leader: NodeId, ctx: &mut Ctx) {
        self.managers.stalled = None;
        if let Some(machine) = self.machine_mut(leader) {
            machine.leaderless = Some(ctx.now);
        }
        self.review(ctx);
    }

    /// One of those who may is elected.
    pub(super) fn elect(&mut self, ctx: &mut Ctx) {
        self.managers.election = None;
        let candidates = self.candidates();
        if self.managers.leader.is_some() || candidates.is_empty() {
            return;
        }
        // Who lost patience first stands first. The others do not hurry: they have only just heard of it.
        let patience = |node: &NodeId| self.machine(*node).and_then(|machine| machine.leaderless);
        let first = candidates.iter().copied().min_by_key(|node| patience(node).filter(|since| *since >= ctx.now));
        let waited = candidates.iter().any(|node| patience(node).is_some_and(|since| since < ctx.now));
        let drawn = candidates[ctx.random.elections.below(candidates.len() as u32) as usize];
        self.lead(if waited { drawn } else { first.unwrap_or(drawn) }, ctx);
    }

    /// `node` leads from now on.
    fn lead(&mut self, node: NodeId, ctx: &mut Ctx) {
        if let Some((_, ticket)) = self.managers.stalled.take() {
            ctx.queue.cancel(ticket);
        }
        self.managers.leader = Some(node);
        self.managers.leader_since = ctx.now;
        if let Some(Proposal { store, since, .. }) = self.managers.ahead.take().filter(|ahead| ahead.node == node) {
            ctx.store.adopt(store, since, ctx.now);
        }
        self.managers.deferred.clear();
        let lost = self.managers.members.iter().filter(|member| !self.reach(node, **member));
        self.managers.unreachable = lost.copied().collect();
        for agent in self.agents.values_mut() {
            agent.registered = false;
        }
        self.take_over(ctx);
        self.review(ctx);
        self.reconcile_roles(ctx);
    }

    /// A manager does not answer.
    pub(super) fn unreachable(&mut self, node: NodeId, ctx: &mut Ctx) {
        let leader = self.managers.leader.or(self.managers.stalled.as_ref().map(|(leader, _)| *leader));
        if self.managers.members.contains(&node) && leader.is_some_and(|leader| !self.reach(leader, node)) {
            self.managers.unreachable.insert(node);
            self.show(ctx);
        }
    }

    /// Agents that reach the dispatcher look for it; those that no longer do will be missed.
    fn review_sessions(&mut self, ctx: &mut Ctx) {
        let Some(leader) = self.managers.leader else { return };
        let nodes: Vec<NodeId> = self.agents.keys().copied().collect();
        for node in nodes {
            let reached = self.reach(leader, node) && ctx.store.node(node).is_some();
            let Some(agent) = self.agents.get_mut(&node) else { continue };
            if agent.registered && !reached {
                agent.registered = false;
                if ctx.store.node(node).is_some() {
                    agent.missed = Some(self.dispatcher.expect_miss(node, ctx));
                }
            } else if !agent.registered && reached && !std::mem::replace(&mut agent.seeking, true) {
                let takes = ctx.random.elections.between(SESSION_MS.0, SESSION_MS.1);
                ctx.later(takes, Due::Register(node));
            }
        }
    }

    /// An agent registers, if it still reaches the dispatcher.
    pub(super) fn register(&mut self, node: NodeId, ctx: &mut Ctx) {
        let reached = self.managers.leader.is_some_and(|leader| self.reach(leader, node));
        let Some(agent) = self.agents.get_mut(&node) else { return };
        agent.seeking = false;
        if !reached || agent.registered || ctx.store.node(node).is_none() {
            return;
        }
        if self.dispatcher.admits(node, ctx.now) {
            self.dispatcher.register(node, &mut self.agents, ctx);
        } else {
            self.review_sessions(ctx);
        }
    }

    /// Writes into the nodes what is shown of managers. No transaction: Swarm computes it when it is asked.
    fn show(&self, ctx: &mut Ctx) {
        let leader = self.managers.leader.or(self.managers.stalled.as_ref().map(|(leader, _)| *leader));
        let nodes: Vec<NodeId> = ctx.store.nodes().map(|node| node.id).collect();
        for node in nodes {
            let status = self.managers.members.contains(&node).then(|| ManagerStatus {
                leader: leader == Some(node),
                reachability: match self.managers.unreachable.contains(&node) {
                    true => Reachability::Unreachable,
                    false => Reachability::Reachable,
                },
                addr: self.machine(node).map_or_else(String::new, Machine::told),
            });
            ctx.store.show_manager(node, status);
        }
    }

    /// Makes the managers what the specs say. Models: role_manager.go, reconcileRole.
    pub(crate) fn reconcile_roles(&mut self, ctx: &mut Ctx) {
        if self.managers.leader.is_none() {
            return;
        }
        let nodes: Vec<(NodeId, Role, Role)> =
            ctx.store.nodes().map(|node| (node.id, node.spec.role, node.role)).collect();
        for (node, wanted, role) in nodes {
            match (wanted, role) {
                (Role::Manager, Role::Worker) => {
                    self.set_role(node, wanted, ctx);
                    ctx.later(HEARD_MS, Due::Certify(node));
                    let takes = self.join_takes(node, ctx);
                    ctx.later(takes, Due::JoinManagers(node));
                }
                (Role::Worker, Role::Manager) if !self.managers.members.contains(&node) => {
                    self.set_role(node, wanted, ctx);
                }
                (Role::Worker, Role::Manager) => self.demote(node, ctx),
                _ => {}
            }
        }
    }

    fn demote(&mut self, node: NodeId, ctx: &mut Ctx) {
        if !self.can_remove(node) {
            ctx.later(ROLE_RECONCILE, Due::ReconcileRoles);
        } else if self.managers.leader == Some(node) {
            // A leader first hands over; its successor removes it.
            let others = self.candidates().into_iter().filter(|other| *other != node);
            let others: Vec<NodeId> = others.collect();
            if !others.is_empty() {
                let next = others[ctx.random.elections.below(others.len() as u32) as usize];
                self.lead(next, ctx);
            }
        } else {
            self.managers.members.remove(&node);
            self.managers.unreachable.remove(&node);
            let unlearn = ctx.random.elections.between(UNLEARN_MS.0, UNLEARN_MS.1);
            self.managers.removed.push((node, ctx.now, ctx.now + unlearn));
            let reached = self.managers.leader.is_some_and(|leader| self.reach(leader, node));
            let due = if reached { (HEARD_MS, Due::Demoted(node)) } else { (ROLE_RECONCILE, Due::ReconcileRoles) };
            ctx.later(due.0, due.1);
            self.review(ctx);
        }
    }

    fn set_role(&mut self, node: NodeId, role: Role, ctx: &mut Ctx) {
        ctx.begin(Rule::RoleFollows);
        ctx.store.update_node(node, ctx.now, |node| node.role = role);
    }

    /// A node's request for a certificate, and what it is given, are written to it.
    /// Models: ca/server.go, issueRenewCertificate and signNodeCert.
    pub(super) fn certify(&mut self, node: NodeId, ctx: &mut Ctx) {
        self.touch(node, ctx);
        self.touch(node, ctx);
    }

    /// A demoted manager asks another one for work. That write lets the role manager look at it again; with its new role
    /// it gets a new certificate at once. Models: dispatcher.go, markNodeReady, and role_manager.go, Run.
    pub(super) fn demoted(&mut self, node: NodeId, ctx: &mut Ctx) {
        self.touch(node, ctx);
        self.reconcile_roles(ctx);
        self.certify(node, ctx);
        ctx.later(RESTART_MS, Due::Restarted(node));
    }

    /// Writes a node that changes in nothing that is shown, if it can tell a leader so.
    pub(super) fn touch(&mut self, node: NodeId, ctx: &mut Ctx) {
        if self.managers.leader.is_some_and(|leader| self.reach(leader, node)) {
            ctx.begin(Rule::RoleFollows);
            ctx.store.update_node(node, ctx.now, |_| {});
        }
    }

    /// How long until a promoted node manages. Who was a manager just before and has not learned yet that it is none
    /// any more, believes that nothing happened, and waits.
    fn join_takes(&mut self, node: NodeId, ctx: &mut Ctx) -> Ms {
        let now = ctx.now;
        let removed = &mut self.managers.removed;
        let confused =
            removed.iter().find(|(id, _, learned)| *id == node && *learned > now).map(|(_, since, _)| *since);
        removed.retain(|(id, _, learned)| *id != node && *learned > now);
        let takes = ctx.random.elections.between(JOIN_MS.0, JOIN_MS.1);
        confused.map_or(takes, |since| (since + 2 * ROLE_CHANGE_TIMEOUT).saturating_sub(now) + takes)
    }

    /// A promoted node joins the managers, if it still is to.
    pub(super) fn join_managers(&mut self, node: NodeId, ctx: &mut Ctx) {
        let wanted = ctx.store.node(node).is_some_and(|node| node.role == Role::Manager);
        if !wanted || self.managers.members.contains(&node) {
            return;
        }
        if self.managers.leader.is_none_or(|leader| !self.reach(leader, node)) {
            ctx.later(ROLE_RECONCILE, Due::JoinManagers(node));
            return;
        }
        self.managers.members.insert(node);
        self.review(ctx);
    }

    pub(crate) fn machine(&self, node: NodeId) -> Option<&Machine> {
        self.machines.iter().find(|machine| machine.node == node)
    }

    pub(crate) fn machine_mut(&mut self, node: NodeId) -> Option<&mut Machine> {
        self.machines.iter_mut().find(|machine| machine.node == node)
    }
}

/// How long a follower that hears nothing from its leader waits, counted from now: the last heartbeat is up to one
/// tick old.
fn ticks(ctx: &mut Ctx) -> Ms {
    let ticks = ctx.random.elections.between(ELECTION_TICKS.0, ELECTION_TICKS.1);
    ticks * SECOND - ctx.random.elections.between(0, SECOND - 1)
}
