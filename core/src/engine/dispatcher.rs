//! The dispatcher: brings agents what is assigned to their nodes, writes down what they report, and notices when their
//! heartbeats stop.
//!
//! Models: swarmkit manager/dispatcher/dispatcher.go. Differs: heartbeats that arrive change nothing and are not
//! played; only the one that fails to come is.

use crate::collections::{Map, Set};
use std::rc::Rc;

use super::agent::Agent;
use super::{Ctx, Due};
use crate::event::{EventId, Rule};
use crate::id::{NodeId, TaskId};
use crate::model::{NodeState, TaskState, TaskStatus};
use crate::queue::Ticket;
use crate::store::Change;
use crate::time::{HOUR, Ms, SECOND};

/// How long changes for one agent must be quiet before they are sent.
const BATCHING_WAIT: Ms = 100;

/// So many changes are sent at once.
const MODIFICATION_LIMIT: usize = 100;

/// The rhythm in which reports are written.
const REPORT_INTERVAL: Ms = 100;

/// A node is given up after so many heartbeat periods.
const GRACE_PERIODS: u64 = 3;

/// So many times longer for nodes that a new leader has not heard of yet.
const UNKNOWN_FACTOR: u64 = 2;

/// An agent may register so often within this time.
const RATE_LIMIT: (u32, Ms) = (3, 8 * SECOND);

/// How long the tasks of a node that is down may still come back.
const ORPHAN_TIMEOUT: Ms = 24 * HOUR;

#[derive(Clone, Debug, Default)]
pub(crate) struct Dispatcher {
    assignments: Map<NodeId, Batch>,
    reports: Map<TaskId, (TaskStatus, Option<EventId>)>,
    report_timer: Option<Ticket>,
    orphan_timers: Map<NodeId, Ticket>,
    /// How often each node has registered, and when it did last.
    sessions: Map<NodeId, (u32, Ms)>,
}

#[derive(Clone, Debug)]
struct Batch {
    /// Each with what changed it.
    tasks: Map<TaskId, Option<EventId>>,
    ticket: Ticket,
}

impl Dispatcher {
    pub(super) fn handle(&mut self, change: &Change, ctx: &mut Ctx) {
        match change {
            Change::TaskCreated(_) => {}
            Change::TaskUpdated(old) => {
                let Some(task) = ctx.store.task(old.id) else { return };
                let Some(node) = task.node.filter(|_| task.status.state >= TaskState::Assigned) else { return };
                // What agents report themselves is no news to them.
                let assigned_now = old.status.state < TaskState::Assigned || task.status.state == TaskState::Assigned;
                if assigned_now || old.desired != task.desired {
                    self.modified(node, task.id, ctx);
                }
            }
            Change::TaskDeleted(old) => {
                if let Some(node) = old.node {
                    self.modified(node, old.id, ctx);
                }
            }
            _ => {}
        }
    }

    fn modified(&mut self, node: NodeId, task: TaskId, ctx: &mut Ctx) {
        let mut tasks = match self.assignments.remove(&node) {
            Some(batch) => {
                ctx.queue.cancel(batch.ticket);
                batch.tasks
            }
            None => Map::new(),
        };
        tasks.insert(task, ctx.cause);
        let wait = if tasks.len() >= MODIFICATION_LIMIT { 0 } else { BATCHING_WAIT };
        let ticket = ctx.later(wait, Due::Assign(node));
        self.assignments.insert(node, Batch { tasks, ticket });
    }

    /// Sends a node what has changed for it.
    pub(super) fn assign(&mut self, node: NodeId, agents: &mut Map<NodeId, Agent>, ctx: &mut Ctx) {
        let Some(batch) = self.assignments.remove(&node) else { return };
        let Some(agent) = agents.get_mut(&node).filter(|agent| agent.connected()) else { return };
        for (id, cause) in batch.tasks {
            ctx.cause = cause;
            match ctx.store.task(id).cloned() {
                Some(task) => agent.assign(&task, ctx, self),
                None => agent.remove(id, ctx),
            }
        }
    }

    /// Takes an agent's report; it is written with the next batch.
    pub(super) fn report(&mut self, task: TaskId, status: TaskStatus, ctx: &mut Ctx) {
        self.reports.insert(task, (status, ctx.cause));
        if self.report_timer.is_none() {
            let next = REPORT_INTERVAL - ctx.now % REPORT_INTERVAL;
            self.report_timer = Some(ctx.later(next, Due::WriteReports));
        }
    }

    /// Models: processUpdates.
    pub(super) fn write_reports(&mut self, ctx: &mut Ctx) {
        self.report_timer = None;
        let now = ctx.now;
        for (id, (mut status, cause)) in std::mem::take(&mut self.reports) {
            // An observed state never goes back.
            if ctx.store.task(id).is_none_or(|task| task.status.state > status.state) {
                continue;
            }
            status.applied_at = Some(now);
            ctx.cause = cause;
            ctx.begin(Rule::AgentReports { err: Rc::clone(&status.err) });
            ctx.store.update_task(id, now, |task| task.status = status);
        }
    }

    /// A node has gone silent: how long until that is noticed. The last heartbeat was up to one period ago.
    pub(crate) fn expect_miss(&mut self, node: NodeId, ctx: &mut Ctx) -> Ticket {
        let period = ctx.store.cluster().heartbeat_period_ms;
        let since_last = ctx.random.heartbeats.between(0, period);
        // Each heartbeat is answered with a period of its own, a tenth of a period longer or shorter.
        let jitter = ctx.random.heartbeats.between(0, period / 5);
        let timeout = GRACE_PERIODS * (period - period / 10 + jitter);
        ctx.later(timeout - since_last, Due::HeartbeatMissed(node))
    }

    /// A new leader knows of no session: nodes that are not down are unknown until they register, and down if they do
    /// not. Models: markNodesUnknown.
    pub(super) fn take_over(&mut self, agents: &mut Map<NodeId, Agent>, ctx: &mut Ctx) {
        let nodes: Vec<(NodeId, NodeState)> = ctx.store.nodes().map(|node| (node.id, node.status.state)).collect();
        let period = ctx.store.cluster().heartbeat_period_ms;
        for (node, state) in nodes {
            if state == NodeState::Down {
                self.await_orphans(node, ctx);
                continue;
            }
            ctx.store.update_node(node, ctx.now, |node| {
                node.status.state = NodeState::Unknown;
                node.status.message = "Node moved to \"unknown\" state due to leadership change in cluster".to_owned();
            });
            let jitter = ctx.random.heartbeats.between(0, period / 5);
            let wait = UNKNOWN_FACTOR * GRACE_PERIODS * (period - period / 10 + jitter);
            let ticket = ctx.later(wait, Due::HeartbeatMissed(node));
            if let Some(agent) = agents.get_mut(&node) {
                agent.missed = Some(ticket);
            }
        }
    }

    fn await_orphans(&mut self, node: NodeId, ctx: &mut Ctx) {
        let ticket = ctx.later(ORPHAN_TIMEOUT, Due::Orphan(node));
        self.orphan_timers.insert(node, ticket);
    }

    /// Whether a node may register now: not again and again. Models: nodeStore.CheckRateLimit.
    pub(super) fn admits(&mut self, node: NodeId, now: Ms) -> bool {
        let (most, period) = RATE_LIMIT;
        let (attempts, last) = self.sessions.entry(node).or_default();
        if now - *last > period {
            *attempts = 0;
        }
        *attempts += 1;
        let admitted = *attempts <= most;
        if admitted {
            *last = now;
        }
        admitted
    }

    pub(super) fn heartbeat_missed(&mut self, node: NodeId, ctx: &mut Ctx) {
        let timeout_ms = GRACE_PERIODS * ctx.store.cluster().heartbeat_period_ms;
        ctx.begin(Rule::HeartbeatMissed { timeout_ms });
        let down = ctx.store.update_node(node, ctx.now, |node| {
            let unknown = node.status.state == NodeState::Unknown;
            let message = if unknown { "heartbeat failure for node in \"unknown\" state" } else { "heartbeat failure" };
            node.status.message = message.to_owned();
            node.status.state = NodeState::Down;
        });
        if down {
            self.await_orphans(node, ctx);
        }
    }

    /// Models: moveTasksToOrphaned.
    pub(super) fn orphan(&mut self, node: NodeId, ctx: &mut Ctx) {
        self.orphan_timers.remove(&node);
        let lost = TaskState::Assigned..=TaskState::Running;
        let tasks: Vec<TaskId> = ctx
            .store
            .tasks_of_node(node)
            .filter(|task| lost.contains(&task.status.state))
            .map(|task| task.id)
            .collect();
        for task in tasks {
            ctx.begin(Rule::Orphaned { after_ms: ORPHAN_TIMEOUT });
            ctx.store.update_task(task, ctx.now, |task| task.status.state = TaskState::Orphaned);
        }
    }

    /// A node's agent is there (again): it becomes ready, and gets everything that is assigned to it.
    pub(super) fn register(&mut self, node: NodeId, agents: &mut Map<NodeId, Agent>, ctx: &mut Ctx) {
        let Some(agent) = agents.get_mut(&node).filter(|agent| agent.powered) else { return };
        agent.registered = true;
        for (task, status) in agent.statuses() {
            self.report(task, status, ctx);
        }
        if let Some(ticket) = agent.missed.take() {
            ctx.queue.cancel(ticket);
        }
        if let Some(ticket) = self.orphan_timers.remove(&node) {
            ctx.queue.cancel(ticket);
        }
        ctx.begin(Rule::NodeRegisters);
        ctx.store.update_node(node, ctx.now, |node| {
            node.status.state = NodeState::Ready;
            node.status.message = String::new();
        });
        let assigned: Set<TaskId> =
            ctx.store.tasks_of_node(node).filter(|t| t.status.state >= TaskState::Assigned).map(|t| t.id).collect();
        for task in agent.task_ids().into_iter().chain(assigned) {
            self.modified(node, task, ctx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Upstream: manager/dispatcher/dispatcher_test.go TestRegisterExceedRateLimit
    #[test]
    fn an_agent_registers_three_times_in_eight_seconds_and_no_more() {
        let mut dispatcher = Dispatcher::default();
        let node = NodeId::LEAST;
        let admitted: Vec<bool> =
            [9_000, 10_000, 11_000, 12_000, 18_999].map(|now| dispatcher.admits(node, now)).to_vec();
        assert_eq!(admitted, [true, true, true, false, false]);
        assert!(dispatcher.admits(NodeId::MOST, 12_000), "each node for itself");
        assert!(dispatcher.admits(node, 19_001), "eight seconds after the last that was admitted");
    }
}
