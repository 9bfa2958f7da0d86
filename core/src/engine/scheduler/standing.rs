//! The nodes as the scheduler remembers them, and how those that one service may use stand towards each other.
//!
//! Swarm ranks every node again for every task that comes alone. Here the ranks of the service that was placed
//! last are kept and mended where a node changes, which shows nowhere but in the time it takes.

use std::ops::Index;
use std::rc::Rc;

use super::filter::Pipeline;
use super::nodes::{NodeInfo, Rank};
use crate::collections::Map;
use crate::engine::gomap;
use crate::id::{NodeId, ServiceId, TaskId};
use crate::model::{Node, Task};
use crate::rng::Stream;
use crate::time::Ms;

#[derive(Clone, Debug, Default)]
pub(super) struct Nodes {
    all: Map<NodeId, NodeInfo>,
    standing: Option<Standing>,
}

/// How the nodes that a version of a service may use stand. Holds for as long as no node is described anew, none fails,
/// and what the service asks for cannot be used up.
#[derive(Clone, Debug)]
struct Standing {
    of: (ServiceId, u64),
    /// Sorted.
    nodes: Vec<NodeId>,
    /// Of each: tasks of the service, all tasks.
    counts: Vec<(u64, u64)>,
}

impl Nodes {
    pub(super) fn get(&self, id: NodeId) -> Option<&NodeInfo> {
        self.all.get(&id)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &NodeInfo> {
        self.all.values()
    }

    /// Takes in a node, or what is new of it.
    pub(super) fn describe(&mut self, node: &Rc<Node>) {
        self.standing = None;
        match self.all.get_mut(&node.id) {
            Some(info) => info.describe(node),
            None => drop(self.all.insert(node.id, NodeInfo::new(node))),
        }
    }

    pub(super) fn forget(&mut self, id: NodeId) {
        self.standing = None;
        self.all.remove(&id);
    }

    /// A task is on a node, or is to be stopped there.
    pub(super) fn add(&mut self, id: NodeId, task: &Task) {
        self.change(id, &mut |info| {
            info.add(task);
            true
        });
    }

    /// A task is on a node no longer. Returns whether it was.
    pub(super) fn take_off(&mut self, id: NodeId, task: TaskId) -> bool {
        self.change(id, &mut |info| info.remove(task))
    }

    pub(super) fn failed(&mut self, id: NodeId, task: &Task, now: Ms) {
        self.standing = None;
        if let Some(info) = self.all.get_mut(&id) {
            info.failed(task, now);
        }
    }

    fn change(&mut self, id: NodeId, deed: &mut dyn FnMut(&mut NodeInfo) -> bool) -> bool {
        let Some(info) = self.all.get_mut(&id) else { return false };
        let done = deed(info);
        if let Some(standing) = &mut self.standing
            && let Ok(place) = standing.nodes.binary_search(&id)
        {
            standing.counts[place] = (info.active_of(standing.of.0), info.active);
        }
        done
    }

    /// Where one task goes that comes alone, in a large cluster and without preferences: to one of the best nodes. A
    /// large map is walked in any order, so each of them has the same chance. `None` where none passes, and where more
    /// than two counts decide; then all have to be looked at.
    pub(super) fn best(
        &mut self,
        task: &Task,
        pipeline: &mut Pipeline,
        ties: &mut Stream,
        now: Ms,
    ) -> Option<(Rank, NodeId)> {
        let preferences = task.spec.placement.as_ref().map_or(0, |placement| placement.preferences.len());
        if self.all.len() <= gomap::GROUP || preferences > 0 || !pipeline.lasts() {
            return None;
        }
        let of = (task.service, task.spec_version);
        if self.standing.as_ref().is_none_or(|standing| standing.of != of) {
            self.standing = Standing::new(of, &self.all, pipeline, task, now);
        }
        let standing = self.standing.as_ref()?;
        let best = *standing.counts.iter().min()?;
        let equal = standing.counts.iter().filter(|counts| **counts == best).count();
        let chosen = ties.below(equal as u32) as usize;
        let mut of_the_best = standing.counts.iter().zip(&standing.nodes).filter(|(counts, _)| **counts == best);
        let (_, node) = of_the_best.nth(chosen)?;
        (pipeline.nodes, pipeline.fits) = (self.all.len() as u32, standing.nodes.len() as u32);
        Some(((0, best.0, best.1), *node))
    }
}

impl Standing {
    /// `None` where failures count, for they are forgotten as time goes by.
    fn new(
        of: (ServiceId, u64),
        all: &Map<NodeId, NodeInfo>,
        pipeline: &Pipeline,
        task: &Task,
        now: Ms,
    ) -> Option<Standing> {
        let mut standing = Standing { of, nodes: Vec::new(), counts: Vec::new() };
        for info in all.values() {
            let (failures, of_service, tasks) = info.rank(task, now);
            if failures > 0 {
                return None;
            }
            if pipeline.passes(info) {
                standing.nodes.push(info.node.id);
                standing.counts.push((of_service, tasks));
            }
        }
        Some(standing)
    }
}

impl Index<&NodeId> for Nodes {
    type Output = NodeInfo;

    fn index(&self, id: &NodeId) -> &NodeInfo {
        &self.all[id]
    }
}
