//! The scheduler: gives pending tasks to nodes.
//!
//! Models: swarmkit manager/scheduler/scheduler.go.

mod filter;
mod nodes;
mod place;
mod standing;
#[cfg(test)]
mod tests;

use crate::collections::{self, Map};
use std::rc::Rc;

use super::{AT_ONCE, Ctx, Due, TRANSACTION, gomap, seldom_late, text};
use crate::event::{EventId, Rule};
use crate::id::{NodeId, ServiceId, TaskId};
use crate::model::{Availability, NodeState, Task, TaskState};
use crate::queue::Ticket;
use crate::store::{Change, Store};
use crate::time::{Ms, SECOND};

use filter::Pipeline;
use place::Placing;
use standing::Nodes;

/// How long no commit may come before the scheduler works.
const DEBOUNCE: Ms = 50;

/// How long commits may put it off.
const MAX_LATENCY: Ms = SECOND;

#[derive(Clone, Debug, Default)]
pub(crate) struct Scheduler {
    nodes: Nodes,
    /// Where each task is counted, and the state it was last seen in.
    tasks: Map<TaskId, Seen>,
    unassigned: Map<TaskId, Waiting>,
    preassigned: Map<TaskId, Option<EventId>>,
    /// Counts the tasks that came to wait.
    came: u64,
    tick_required: bool,
    debounce: Option<Debounce>,
    /// What is decided and not written yet, the next at the end.
    decided: Vec<Decided>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    node: Option<NodeId>,
    /// The scheduler did not choose its node.
    preassigned: bool,
}

/// A task without a node.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    /// Its place among those that came.
    came: u64,
    cause: Option<EventId>,
}

#[derive(Clone, Debug)]
struct Debounce {
    since: Ms,
    ticket: Ticket,
}

const ASSIGNED: &str = "scheduler assigned task to node";
const CONFIRMED: &str = "scheduler confirmed task can run on preassigned node";

/// A decision, and what it follows from.
#[derive(Clone, Debug)]
struct Decided {
    task: TaskId,
    decision: Decision,
    cause: Option<EventId>,
}

/// What one tick has decided, by task.
type Decisions = Map<TaskId, Decision>;

#[derive(Clone, Debug)]
enum Decision {
    Assign { node: NodeId, message: &'static str, rule: Rule },
    Unsuitable { err: String, rule: Rule },
    Shutdown,
}

impl Scheduler {
    /// What a manager that becomes the leader knows: the store. Models: setupTasksList.
    #[cfg(test)]
    pub(super) fn of(ctx: &mut Ctx) -> Scheduler {
        let mut scheduler = Scheduler { tick_required: true, ..Scheduler::default() };
        let nodes: Vec<NodeId> = ctx.store.nodes().map(|node| node.id).collect();
        nodes.into_iter().for_each(|node| scheduler.node_changed(node, ctx));
        let to_go = |task: &Task| task.status.state == TaskState::Pending && task.desired > TaskState::Complete;
        let tasks: Vec<TaskId> = ctx.store.tasks().filter(|task| !to_go(task)).map(|task| task.id).collect();
        tasks.into_iter().for_each(|task| scheduler.task_changed(task, ctx));
        scheduler.committed(ctx);
        scheduler
    }

    pub(super) fn handle(&mut self, change: &Change, ctx: &mut Ctx) {
        match change {
            Change::TaskCreated(id) => self.task_changed(*id, ctx),
            Change::TaskUpdated(old) => self.task_changed(old.id, ctx),
            Change::TaskDeleted(old) => self.tick_required |= self.forget(old.id),
            Change::NodeCreated(id) => self.node_changed(*id, ctx),
            Change::NodeUpdated(old) => self.node_changed(old.id, ctx),
            Change::NodeDeleted(old) => self.nodes.forget(old.id),
            _ => {}
        }
    }

    fn node_changed(&mut self, id: NodeId, ctx: &Ctx) {
        let Some(node) = ctx.store.node(id) else { return };
        self.nodes.describe(node);
        self.tick_required = true;
    }

    /// Models: Scheduler.updateTask.
    fn task_changed(&mut self, id: TaskId, ctx: &Ctx) {
        let Some(task) = ctx.store.task(id) else { return };
        let state = task.status.state;
        if state < TaskState::Pending {
            return;
        }
        if state > TaskState::Running {
            let Some(seen) = self.tasks.get(&id).copied() else { return };
            if matches!(state, TaskState::Failed | TaskState::Rejected)
                && !seen.preassigned
                && let Some(node) = task.node
            {
                self.nodes.failed(node, task, ctx.now);
            }
            self.forget(id);
            self.tick_required = true;
        } else if task.node.is_none() {
            self.forget(id);
            self.tasks.insert(id, Seen { node: None, preassigned: false });
            self.wait(id, ctx.cause);
            self.tick_required = true;
        } else if state == TaskState::Pending {
            self.forget(id);
            self.tasks.insert(id, Seen { node: task.node, preassigned: true });
            self.preassigned.insert(id, ctx.cause);
        } else {
            let preassigned = self.tasks.get(&id).is_some_and(|seen| seen.preassigned);
            self.tasks.insert(id, Seen { node: task.node, preassigned });
            if let Some(node) = task.node {
                self.nodes.add(node, task);
            }
        }
    }

    fn wait(&mut self, id: TaskId, cause: Option<EventId>) {
        self.came += 1;
        self.unassigned.insert(id, Waiting { came: self.came, cause });
    }

    /// Forgets a task. Returns whether that frees something on a node.
    fn forget(&mut self, id: TaskId) -> bool {
        self.unassigned.remove(&id);
        self.preassigned.remove(&id);
        let seen = self.tasks.remove(&id);
        let node = seen.and_then(|seen| seen.node);
        node.is_some_and(|node| self.nodes.take_off(node, id))
    }

    /// A transaction was committed: the work is put off a little, for more may come.
    pub(super) fn committed(&mut self, ctx: &mut Ctx) {
        if self.is_writing() {
            return;
        }
        if let Some(debounce) = self.debounce.take() {
            ctx.queue.cancel(debounce.ticket);
            let wait = debounced(ctx).min((debounce.since + MAX_LATENCY).saturating_sub(ctx.now));
            let ticket = ctx.later(wait, Due::Schedule);
            self.debounce = Some(Debounce { since: debounce.since, ticket });
        } else if self.tick_required || !self.preassigned.is_empty() {
            // Swarm arms the timer at every commit; where there is nothing to schedule that shows nowhere.
            let wait = debounced(ctx);
            let ticket = ctx.later(wait, Due::Schedule);
            self.debounce = Some(Debounce { since: ctx.now, ticket });
        }
    }

    /// Whether it still writes what it has decided.
    pub(super) fn is_writing(&self) -> bool {
        !self.decided.is_empty()
    }

    /// Gives out what waits. Models: Scheduler.tick and processPreassignedTasks.
    pub(super) fn tick(&mut self, ctx: &mut Ctx) {
        if self.is_writing() {
            self.write(ctx);
            return;
        }
        self.debounce = None;
        if !self.preassigned.is_empty() {
            self.check_preassigned(ctx);
        }
        if std::mem::take(&mut self.tick_required) {
            if self.unassigned.is_empty() {
                // Nothing is walked through, but from where is drawn: the course of a seed depends on it.
                drop(groups(&self.unassigned, ctx));
            } else {
                self.place_all(ctx);
            }
        }
        self.write(ctx);
    }

    #[inline(never)]
    fn place_all(&mut self, ctx: &mut Ctx) {
        let waiting = std::mem::take(&mut self.unassigned);
        let mut decisions = Decisions::new();
        for mut group in groups(&waiting, ctx) {
            let Some(task) = group.last().map(Rc::clone) else { continue };
            let pipeline = Pipeline::of(&task, ctx.store);
            let (nodes, ties) = (&mut self.nodes, &mut ctx.random.ties);
            let mut placing = Placing { nodes, task, group, pipeline, decisions: &mut decisions, ties, now: ctx.now };
            placing.place();
            group = placing.group;
            if !group.is_empty() {
                let pipeline = placing.pipeline;
                self.no_suitable_node(group, &pipeline, &waiting, &mut decisions, ctx.store);
            }
        }
        self.decided(decisions, |id| waiting.get(id).and_then(|waiting| waiting.cause));
    }

    #[inline(never)]
    fn check_preassigned(&mut self, ctx: &mut Ctx) {
        let mut decisions = Decisions::new();
        let causes = self.preassigned.clone();
        for id in causes.keys() {
            let Some(task) = ctx.store.task(*id).map(Rc::clone) else { continue };
            let Some(node) = task.node else { continue };
            let Some(info) = self.nodes.get(node) else { continue };
            let mut pipeline = Pipeline::of(&task, ctx.store);
            let decision = if pipeline.process(info) {
                self.nodes.add(node, &task);
                self.preassigned.remove(id);
                Decision::Assign { node, message: CONFIRMED, rule: Rule::PreassignedFits { node } }
            } else {
                Decision::Unsuitable { err: pipeline.explain(), rule: pipeline.refusal() }
            };
            decisions.insert(*id, decision);
        }
        self.decided(decisions, |id| causes.get(id).copied().flatten());
    }

    fn no_suitable_node(
        &mut self,
        group: Vec<Rc<Task>>,
        pipeline: &Pipeline,
        waiting: &Map<TaskId, Waiting>,
        decisions: &mut Decisions,
        store: &Store,
    ) {
        let explanation = pipeline.explain();
        for task in group {
            // The task of a service that is gone is forgotten.
            let Some(service) = store.service(task.service) else { continue };
            if service.spec_version > task.spec_version {
                if task.status.state == TaskState::Pending && task.desired >= TaskState::Shutdown {
                    decisions.insert(task.id, Decision::Shutdown);
                }
                continue;
            }
            let mut err = "no suitable node".to_owned();
            if !explanation.is_empty() {
                err.push_str(" (");
                err.push_str(&explanation);
                err.push(')');
            }
            decisions.insert(task.id, Decision::Unsuitable { err, rule: pipeline.refusal() });
            self.wait(task.id, waiting.get(&task.id).and_then(|waiting| waiting.cause));
        }
    }

    /// Keeps what was decided until it is written, after what was decided before.
    fn decided(&mut self, decisions: Decisions, cause: impl Fn(&TaskId) -> Option<EventId>) {
        let decided = |(task, decision)| Decided { task, decision, cause: cause(&task) };
        let mut decided: Vec<Decided> = decisions.into_iter().map(decided).collect();
        decided.reverse();
        decided.append(&mut self.decided);
        self.decided = decided;
    }

    /// Writes as much of it as goes into one transaction. Models: applySchedulingDecisions.
    fn write(&mut self, ctx: &mut Ctx) {
        let rest = self.decided.len().saturating_sub(AT_ONCE);
        for decided in self.decided.split_off(rest).into_iter().rev() {
            self.write_one(decided, ctx);
        }
        if self.is_writing() {
            ctx.cause = None;
            ctx.later(TRANSACTION, Due::Schedule);
        }
    }

    fn write_one(&mut self, decided: Decided, ctx: &mut Ctx) {
        let (id, now) = (decided.task, ctx.now);
        let Some(task) = ctx.store.task(id).map(Rc::clone) else { return };
        ctx.cause = decided.cause;
        match decided.decision {
            Decision::Assign { node, .. } if !is_ready(node, ctx) => {
                // It went while others were written.
                self.nodes.take_off(node, id);
                self.tick_required = true;
                if task.node.is_some() {
                    self.preassigned.insert(id, decided.cause);
                } else {
                    self.wait(id, decided.cause);
                }
            }
            Decision::Assign { node, message, rule } => {
                ctx.begin(rule);
                ctx.store.update_task(id, now, |task| {
                    task.node = Some(node);
                    task.status.state = TaskState::Assigned;
                    task.status.message = text(message);
                    task.status.err = text("");
                    task.status.timestamp = now;
                });
            }
            Decision::Unsuitable { err, rule } if *task.status.err != *err => {
                ctx.begin(rule);
                ctx.store.update_task(id, now, |task| {
                    task.status.err = err.into();
                    task.status.timestamp = now;
                });
            }
            Decision::Unsuitable { .. } => {}
            Decision::Shutdown => {
                ctx.begin(Rule::StalePending);
                ctx.store.update_task(id, now, |task| {
                    task.status.state = TaskState::Shutdown;
                    task.status.err = text("");
                    task.status.timestamp = now;
                });
            }
        }
    }
}

/// How long after a commit it works if no more come.
fn debounced(ctx: &mut Ctx) -> Ms {
    DEBOUNCE + seldom_late(&mut ctx.random.commits, ctx.scenario.latencies.commit_ms)
}

/// The tasks that wait, grouped by service and version of its spec: each group is placed as a whole. Models: the first
/// half of tick. There, those who wait, the groups, and the tasks of each are maps that are walked.
fn groups(waiting: &Map<TaskId, Waiting>, ctx: &mut Ctx) -> Vec<Vec<Rc<Task>>> {
    let mut tasks: Vec<(u64, &Rc<Task>)> = waiting
        .iter()
        .filter_map(|(id, waiting)| Some((waiting.came, ctx.store.task(*id)?)))
        .filter(|(_, task)| task.node.is_none())
        .collect();
    collections::sort_by_key(&mut tasks, |(came, _)| *came);
    let tasks = gomap::walk(tasks.into_iter().map(Some).collect(), &mut ctx.random.ties);
    let mut numbers: Map<(ServiceId, u64), usize> = Map::new();
    let mut groups: Vec<Option<Vec<Rc<Task>>>> = Vec::new();
    for (_, task) in tasks {
        let number = *numbers.entry((task.service, task.spec_version)).or_insert(groups.len());
        if number == groups.len() {
            groups.push(Some(Vec::new()));
        }
        groups[number].get_or_insert_default().push(Rc::clone(task));
    }
    let mut groups = gomap::walk(groups, &mut ctx.random.ties);
    for group in &mut groups {
        let walked = gomap::walk(std::mem::take(group).into_iter().map(Some).collect(), &mut ctx.random.ties);
        // Tasks are taken from the end.
        group.extend(walked.into_iter().rev());
    }
    groups
}

fn is_ready(node: NodeId, ctx: &Ctx) -> bool {
    ctx.store
        .node(node)
        .is_some_and(|node| node.status.state == NodeState::Ready && node.spec.availability == Availability::Active)
}
