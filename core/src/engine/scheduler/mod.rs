//! The scheduler: gives pending tasks to nodes.
//!
//! Models: swarmkit manager/scheduler/{scheduler,nodeset,decision_tree}.go. Ties between nodes, which Go's maps decide
//! by chance, are drawn from a stream of their own.

mod filter;
mod nodes;

use crate::collections::{self, Map, Set};
use std::rc::Rc;

use super::{Ctx, Due, text};
use crate::event::{EventId, Rule};
use crate::id::{NodeId, ServiceId, TaskId};
use crate::model::{Node, Task, TaskState};
use crate::queue::Ticket;
use crate::store::{Change, Store};
use crate::time::{Ms, SECOND};

use filter::Pipeline;
use nodes::NodeInfo;

/// How long no commit may come before the scheduler works.
const DEBOUNCE: Ms = 50;

/// How long commits may put it off.
const MAX_LATENCY: Ms = SECOND;

#[derive(Clone, Debug, Default)]
pub(crate) struct Scheduler {
    nodes: Map<NodeId, NodeInfo>,
    /// Where each task is counted, and the state it was last seen in.
    tasks: Map<TaskId, Seen>,
    unassigned: Map<TaskId, Option<EventId>>,
    preassigned: Map<TaskId, Option<EventId>>,
    tick_required: bool,
    debounce: Option<Debounce>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    node: Option<NodeId>,
    /// The scheduler did not choose its node.
    preassigned: bool,
}

#[derive(Clone, Debug)]
struct Debounce {
    since: Ms,
    ticket: Ticket,
}

/// Where to put tasks of one group, branch by branch of their spread preferences.
#[derive(Debug, Default)]
struct Tree {
    /// Tasks of the service that are there already.
    tasks: usize,
    next: Map<String, Tree>,
    nodes: Vec<NodeId>,
}

/// What one tick has decided, by task.
type Decisions = Map<TaskId, Decision>;

#[derive(Debug)]
enum Decision {
    Assign { node: NodeId, message: &'static str, rule: Rule },
    Unsuitable { err: String, rule: Rule },
    Shutdown,
}

impl Scheduler {
    pub(super) fn handle(&mut self, change: &Change, ctx: &mut Ctx) {
        match change {
            Change::TaskCreated(id) => self.task_changed(*id, ctx),
            Change::TaskUpdated(old) => self.task_changed(old.id, ctx),
            Change::TaskDeleted(old) => self.tick_required |= self.forget(old.id),
            Change::NodeCreated(id) => self.node_changed(*id, ctx),
            Change::NodeUpdated(old) => self.node_changed(old.id, ctx),
            Change::NodeDeleted(old) => {
                self.nodes.remove(&old.id);
            }
            _ => {}
        }
    }

    fn node_changed(&mut self, id: NodeId, ctx: &Ctx) {
        if let Some(node) = ctx.store.node(id) {
            self.nodes.entry(id).or_default().describe(node);
            self.tick_required = true;
        }
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
                && let Some(info) = task.node.and_then(|node| self.nodes.get_mut(&node))
            {
                info.failed(task, ctx.now);
            }
            self.forget(id);
            self.tick_required = true;
        } else if task.node.is_none() {
            self.tasks.insert(id, Seen { node: None, preassigned: false });
            self.unassigned.insert(id, ctx.cause);
            self.tick_required = true;
        } else if state == TaskState::Pending {
            self.forget(id);
            self.tasks.insert(id, Seen { node: task.node, preassigned: true });
            self.preassigned.insert(id, ctx.cause);
        } else {
            let preassigned = self.tasks.get(&id).is_some_and(|seen| seen.preassigned);
            self.tasks.insert(id, Seen { node: task.node, preassigned });
            if let Some(info) = task.node.and_then(|node| self.nodes.get_mut(&node)) {
                info.add(task);
            }
        }
    }

    /// Forgets a task. Returns whether that frees something on a node.
    fn forget(&mut self, id: TaskId) -> bool {
        self.unassigned.remove(&id);
        self.preassigned.remove(&id);
        let seen = self.tasks.remove(&id);
        let node = seen.and_then(|seen| seen.node);
        node.and_then(|node| self.nodes.get_mut(&node)).is_some_and(|info| info.remove(id))
    }

    /// A transaction was committed: the work is put off a little, for more may come.
    pub(super) fn committed(&mut self, ctx: &mut Ctx) {
        if let Some(debounce) = self.debounce.take() {
            ctx.queue.cancel(debounce.ticket);
            let wait = DEBOUNCE.min((debounce.since + MAX_LATENCY).saturating_sub(ctx.now));
            let ticket = ctx.later(wait, Due::Schedule);
            self.debounce = Some(Debounce { since: debounce.since, ticket });
        } else if self.tick_required || !self.preassigned.is_empty() {
            // Swarm arms the timer at every commit; where there is nothing to schedule that shows nowhere.
            let ticket = ctx.later(DEBOUNCE, Due::Schedule);
            self.debounce = Some(Debounce { since: ctx.now, ticket });
        }
    }

    /// Gives out what waits. Models: Scheduler.tick and processPreassignedTasks.
    pub(super) fn tick(&mut self, ctx: &mut Ctx) {
        self.debounce = None;
        self.check_preassigned(ctx);
        if !std::mem::take(&mut self.tick_required) {
            return;
        }
        let mut groups: Map<(ServiceId, u64), Vec<Rc<Task>>> = Map::new();
        let causes = std::mem::take(&mut self.unassigned);
        for id in causes.keys() {
            if let Some(task) = ctx.store.task(*id).filter(|task| task.node.is_none()) {
                groups.entry((task.service, task.spec_version)).or_default().push(Rc::clone(task));
            }
        }
        let mut decisions = Decisions::new();
        for group in groups.into_values() {
            self.schedule_group(group, &causes, &mut decisions, ctx);
        }
        apply(decisions, &causes, ctx);
    }

    fn check_preassigned(&mut self, ctx: &mut Ctx) {
        let mut decisions = Decisions::new();
        let causes = self.preassigned.clone();
        for id in causes.keys() {
            let Some(task) = ctx.store.task(*id).map(Rc::clone) else { continue };
            let Some(node) = task.node.and_then(|node| ctx.store.node(node)).map(Rc::clone) else { continue };
            let Some(info) = self.nodes.get_mut(&node.id) else { continue };
            let mut pipeline = Pipeline::of(&task);
            let decision = if pipeline.process(&node, info) {
                info.add(&task);
                self.preassigned.remove(id);
                let message = "scheduler confirmed task can run on preassigned node";
                Decision::Assign { node: node.id, message, rule: Rule::PreassignedFits { node: node.id } }
            } else {
                Decision::Unsuitable { err: pipeline.explain(), rule: pipeline.refusal() }
            };
            decisions.insert(*id, decision);
        }
        apply(decisions, &causes, ctx);
    }

    fn schedule_group(
        &mut self,
        mut group: Vec<Rc<Task>>,
        causes: &Map<TaskId, Option<EventId>>,
        decisions: &mut Decisions,
        ctx: &mut Ctx,
    ) {
        let Some(first) = group.first().map(Rc::clone) else { return };
        let mut pipeline = Pipeline::of(&first);
        let mut tree = self.tree(&first, group.len(), &mut pipeline, ctx);
        // Handed out from the end: ids are random anyway.
        let count = group.len();
        self.schedule_on_subtree(count, &mut group, &mut tree, &mut pipeline, decisions, ctx);
        if !group.is_empty() {
            self.no_suitable_node(group, &pipeline, causes, decisions, ctx.store);
        }
    }

    /// The nodes that a group may be given to, at the leaves of its preferences. Models: nodeSet.tree.
    fn tree(&self, task: &Task, wanted: usize, pipeline: &mut Pipeline, ctx: &mut Ctx) -> Tree {
        let preferences: Vec<&str> =
            task.spec.placement.iter().flat_map(|placement| &placement.preferences).map(String::as_str).collect();
        let mut ids: Vec<NodeId> = self.nodes.keys().copied().collect();
        ctx.random.ties.shuffle(&mut ids);
        let mut root = Tree::default();
        pipeline.nodes = ids.len() as u32;
        for id in ids {
            let (Some(node), Some(info)) = (ctx.store.node(id), self.nodes.get(&id)) else { continue };
            let here = info.active_of(task.service) as usize;
            let mut tree = &mut root;
            for value in preferences.iter().filter_map(|preference| spread_value(preference, node)) {
                tree.tasks += here;
                tree = tree.next.entry(value).or_default();
            }
            tree.tasks += here;
            if pipeline.process(node, info) {
                pipeline.fits += 1;
                tree.nodes.push(id);
            }
        }
        self.keep_best(&mut root, task, wanted, ctx.now);
        root
    }

    /// Keeps at every leaf as many nodes as there are tasks.
    fn keep_best(&self, tree: &mut Tree, task: &Task, wanted: usize, now: Ms) {
        for branch in tree.next.values_mut() {
            self.keep_best(branch, task, wanted, now);
        }
        if tree.nodes.len() > wanted {
            tree.nodes.select_nth_unstable_by_key(wanted, |node| self.rank(*node, task, now));
            tree.nodes.truncate(wanted);
        }
    }

    fn rank(&self, node: NodeId, task: &Task, now: Ms) -> (usize, u64, u64) {
        self.nodes.get(&node).map_or((usize::MAX, 0, 0), |info| info.rank(task.service, task.spec_version, now))
    }

    /// Models: scheduleNTasksOnSubtree. Returns how many tasks it placed.
    fn schedule_on_subtree(
        &mut self,
        wanted: usize,
        group: &mut Vec<Rc<Task>>,
        tree: &mut Tree,
        pipeline: &mut Pipeline,
        decisions: &mut Decisions,
        ctx: &Ctx,
    ) -> usize {
        if tree.next.is_empty() {
            return self.schedule_on_nodes(wanted, group, &mut tree.nodes, pipeline, decisions, ctx);
        }
        let mut placed = 0;
        let mut in_usable_branches = tree.tasks;
        let mut no_room: Set<String> = Set::new();
        let mut converging = true;
        while placed != wanted && no_room.len() != tree.next.len() && converging {
            let branches = tree.next.len() - no_room.len();
            let per_branch = (in_usable_branches + wanted - placed) / branches;
            let mut remainder = (in_usable_branches + wanted - placed) % branches;
            converging = false;
            for (value, branch) in tree.next.iter_mut() {
                if no_room.contains(value) {
                    continue;
                }
                let has = branch.tasks;
                if has > per_branch || (has == per_branch && remainder == 0) {
                    continue;
                }
                converging = true;
                let assign = per_branch - has + usize::from(remainder > 0);
                let done = self.schedule_on_subtree(assign, group, branch, pipeline, decisions, ctx);
                branch.tasks += done;
                if done < assign {
                    no_room.insert(value.clone());
                    in_usable_branches -= has;
                } else {
                    remainder = remainder.saturating_sub(1);
                }
                placed += done;
            }
        }
        placed
    }

    /// Models: scheduleNTasksOnNodes. Returns how many tasks it placed.
    fn schedule_on_nodes(
        &mut self,
        wanted: usize,
        group: &mut Vec<Rc<Task>>,
        nodes: &mut Vec<NodeId>,
        pipeline: &mut Pipeline,
        decisions: &mut Decisions,
        ctx: &Ctx,
    ) -> usize {
        // A branch may come up a second time: what has changed since is looked at again.
        nodes.retain(|id| self.passes(*id, pipeline, ctx));
        let Some(first) = group.first().map(Rc::clone) else { return 0 };
        let mut ranked: Vec<_> = nodes.iter().map(|node| (self.rank(*node, &first, ctx.now), *node)).collect();
        collections::sort_by_key(&mut ranked, |(rank, _)| *rank);
        *nodes = ranked.into_iter().map(|(_, node)| node).collect();
        if nodes.is_empty() {
            return 0;
        }
        let mut full = vec![false; nodes.len()];
        let mut turn = 0;
        let mut placed = 0;
        while placed < wanted {
            let Some(task) = group.pop() else { break };
            let id = nodes[turn % nodes.len()];
            let Some(info) = self.nodes.get_mut(&id) else { continue };
            let (of_service, tasks) = (info.active_of(task.service), info.active);
            let rule = Rule::Scheduled { node: id, of_service, tasks, fits: pipeline.fits, nodes: pipeline.nodes };
            info.add(&task);
            decisions.insert(task.id, Decision::Assign { node: id, message: "scheduler assigned task to node", rule });
            placed += 1;
            if placed == wanted {
                break;
            }
            if turn + 1 < nodes.len() {
                // The first pass fills the nodes until they are level.
                if self.rank(nodes[turn + 1], &task, ctx.now) < self.rank(id, &task, ctx.now) {
                    turn += 1;
                }
            } else {
                turn += 1;
            }
            let before = turn;
            loop {
                let place = turn % nodes.len();
                if !full[place] && self.passes(nodes[place], pipeline, ctx) {
                    break;
                }
                full[place] = true;
                turn += 1;
                if turn - before == nodes.len() {
                    return placed;
                }
            }
        }
        placed
    }

    fn passes(&self, id: NodeId, pipeline: &mut Pipeline, ctx: &Ctx) -> bool {
        match (ctx.store.node(id), self.nodes.get(&id)) {
            (Some(node), Some(info)) => pipeline.process(node, info),
            _ => false,
        }
    }

    fn no_suitable_node(
        &mut self,
        group: Vec<Rc<Task>>,
        pipeline: &Pipeline,
        causes: &Map<TaskId, Option<EventId>>,
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
            let err = if explanation.is_empty() {
                "no suitable node".to_owned()
            } else {
                format!("no suitable node ({explanation})")
            };
            decisions.insert(task.id, Decision::Unsuitable { err, rule: pipeline.refusal() });
            self.unassigned.insert(task.id, causes.get(&task.id).copied().flatten());
        }
    }
}

/// Writes what was decided, one transaction a task. Models: applySchedulingDecisions.
fn apply(decisions: Decisions, causes: &Map<TaskId, Option<EventId>>, ctx: &mut Ctx) {
    let now = ctx.now;
    for (id, decision) in decisions {
        let Some(task) = ctx.store.task(id).map(Rc::clone) else { continue };
        ctx.cause = causes.get(&id).copied().flatten();
        match decision {
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

/// The branch of a node under a preference; `None` for a descriptor that Swarm does not know, which is passed over.
fn spread_value(descriptor: &str, node: &Node) -> Option<String> {
    let label = |prefix: &str| {
        let known = descriptor.len() > prefix.len() && descriptor.is_char_boundary(prefix.len());
        let (head, tail) = descriptor.split_at_checked(prefix.len())?;
        (known && head.eq_ignore_ascii_case(prefix)).then_some(tail)
    };
    if let Some(name) = label("node.labels.") {
        Some(node.spec.labels.get(name).cloned().unwrap_or_default())
    } else {
        let name = label("engine.labels.")?;
        Some(node.description.engine_labels.get(name).cloned().unwrap_or_default())
    }
}
