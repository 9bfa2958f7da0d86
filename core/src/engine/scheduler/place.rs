//! Where the tasks of one group go: a tree of the nodes by spread preferences, and the best nodes at each of its leaves.
//!
//! Models: swarmkit manager/scheduler/{nodeset,nodeheap,decision_tree}.go and the middle of scheduler.go. What Go's maps
//! decide by chance there (ties between nodes, branches and tasks) is drawn from the stream of ties, with the chances
//! that Go gives.

use std::rc::Rc;

use super::filter::Pipeline;
use super::nodes::{NodeInfo, Rank};
use super::standing::Nodes;
use super::{ASSIGNED, Decision, Decisions};
use crate::collections;
use crate::engine::gomap;
use crate::event::Rule;
use crate::id::NodeId;
use crate::model::{Node, Task};
use crate::rng::Stream;
use crate::time::Ms;

/// The placing of one group.
pub(super) struct Placing<'p> {
    pub(super) nodes: &'p mut Nodes,
    /// Any of its tasks: all ask for the same.
    pub(super) task: Rc<Task>,
    /// The tasks still to be placed; taken from the end.
    pub(super) group: Vec<Rc<Task>>,
    pub(super) pipeline: Pipeline,
    pub(super) decisions: &'p mut Decisions,
    pub(super) ties: &'p mut Stream,
    pub(super) now: Ms,
}

/// A branch of the tree.
#[derive(Default)]
pub(super) struct Tree {
    /// Tasks of the service that are there already.
    tasks: usize,
    next: Vec<(String, Tree)>,
    leaf: Heap,
}

/// The best nodes of a leaf. Models: nodeMaxHeap with Go's container/heap, whose order among equals shows.
#[derive(Default)]
struct Heap {
    nodes: Vec<(Rank, NodeId)>,
    /// It was taken apart into a sorted list.
    sorted: bool,
}

impl Placing<'_> {
    /// Decides about as many tasks as can be placed; the others stay in `group`.
    pub(super) fn place(&mut self) {
        let mut tree = self.best().unwrap_or_else(|| self.tree());
        self.on_subtree(self.group.len(), &mut tree);
    }

    /// The tree where it is one leaf with one node.
    fn best(&mut self) -> Option<Tree> {
        if self.group.len() != 1 {
            return None;
        }
        let best = self.nodes.best(&self.task, &mut self.pipeline, self.ties, self.now)?;
        Some(Tree { leaf: Heap { nodes: vec![best], sorted: false }, ..Tree::default() })
    }

    /// Models: nodeSet.tree.
    pub(super) fn tree(&mut self) -> Tree {
        let task = Rc::clone(&self.task);
        let wanted = self.group.len();
        let preferences = task.spec.placement.as_ref().map_or(&[][..], |placement| &placement.preferences);
        // All are ranked in the order of their standing in memory: a large cluster is walked for every task.
        let mut fits = 0;
        let ranked = self.nodes.values().map(|info| {
            fits += u32::from(self.pipeline.passes(info));
            Some((info.rank(&task, self.now), info))
        });
        let mut nodes: Vec<Option<(Rank, &NodeInfo)>> = ranked.collect();
        self.pipeline.fits = fits;
        if nodes.len() <= gomap::GROUP {
            // A small map is walked in the order in which the nodes came.
            collections::sort_by_key(&mut nodes, |node| node.map(|(_, info)| info.node.meta.born));
        }
        let mut root = Tree::default();
        self.pipeline.nodes = nodes.len() as u32;
        for (rank, info) in gomap::walk(nodes, self.ties) {
            let here = rank.1 as usize;
            let mut tree = &mut root;
            for value in preferences.iter().filter_map(|preference| spread_value(preference, &info.node)) {
                tree.tasks += here;
                tree = tree.branch(value);
            }
            tree.tasks += here;
            tree.leaf.offer(rank, info, wanted, &mut self.pipeline);
        }
        root
    }

    /// Models: scheduleNTasksOnSubtree. Returns how many tasks it placed. What it places is not added to the branches: what
    /// a full branch leaves over is shared out among the others by what they had at first.
    fn on_subtree(&mut self, wanted: usize, tree: &mut Tree) -> usize {
        if tree.next.is_empty() {
            return self.on_leaf(wanted, &mut tree.leaf);
        }
        let mut placed = 0;
        let mut in_usable_branches = tree.tasks;
        let mut usable = tree.next.len();
        let mut no_room = vec![false; usable];
        let mut converging = true;
        while placed != wanted && usable > 0 && converging {
            let per_branch = (in_usable_branches + wanted - placed) / usable;
            let mut remainder = (in_usable_branches + wanted - placed) % usable;
            converging = false;
            for number in gomap::walk((0..tree.next.len()).map(Some).collect(), self.ties) {
                let branch = &mut tree.next[number].1;
                let has = branch.tasks;
                if no_room[number] || has > per_branch || (has == per_branch && remainder == 0) {
                    continue;
                }
                converging = true;
                let assign = per_branch - has + usize::from(remainder > 0);
                let done = self.on_subtree(assign, branch);
                if done < assign {
                    no_room[number] = true;
                    usable -= 1;
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
    fn on_leaf(&mut self, wanted: usize, leaf: &mut Heap) -> usize {
        let nodes = self.ordered(leaf);
        let mut full = vec![false; nodes.len()];
        let (mut turn, mut placed) = (0, 0);
        while placed < wanted && !nodes.is_empty() {
            let Some(task) = self.group.pop() else { break };
            let id = nodes[turn % nodes.len()];
            let Some(info) = self.nodes.get(id) else { break };
            let (of_service, tasks) = (info.active_of(task.service), info.active);
            let Pipeline { fits, nodes: all, .. } = self.pipeline;
            let rule = Rule::Scheduled { node: id, of_service, tasks, fits, nodes: all };
            self.nodes.add(id, &task);
            self.decisions.insert(task.id, Decision::Assign { node: id, message: ASSIGNED, rule });
            placed += 1;
            if placed == wanted {
                break;
            }
            // The first pass fills the nodes until they are level; then each gets one in turn.
            if turn + 1 >= nodes.len() || self.rank(nodes[turn + 1]) < self.rank(id) {
                turn += 1;
            }
            let before = turn;
            loop {
                let place = turn % nodes.len();
                if !full[place] && self.passes(nodes[place]) {
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

    /// The nodes of a leaf, best first. A leaf that comes up once more is looked at again: it has changed meanwhile.
    /// Models: decisionTree.orderedNodes.
    fn ordered(&mut self, leaf: &mut Heap) -> Vec<NodeId> {
        if leaf.sorted {
            let mut place = 0;
            while let Some((_, id)) = leaf.nodes.get(place).copied() {
                if self.passes(id) {
                    leaf.nodes[place].0 = self.rank(id);
                    place += 1;
                } else {
                    leaf.nodes.swap_remove(place);
                }
            }
            leaf.rebuild();
        }
        leaf.sort();
        leaf.nodes.iter().map(|(_, id)| *id).collect()
    }

    fn rank(&self, node: NodeId) -> Rank {
        self.nodes.get(node).map_or((usize::MAX, 0, 0), |info| info.rank(&self.task, self.now))
    }

    fn passes(&mut self, node: NodeId) -> bool {
        self.nodes.get(node).is_some_and(|info| self.pipeline.process(info))
    }
}

impl Tree {
    /// The tasks of every branch, by the values that lead to it.
    #[cfg(test)]
    pub(super) fn counts(&self) -> std::collections::BTreeMap<String, usize> {
        let below = self.next.iter().flat_map(|(value, branch)| {
            branch.counts().into_iter().map(move |(path, tasks)| (format!("/{value}{path}"), tasks))
        });
        below.chain([(String::new(), self.tasks)]).collect()
    }

    fn branch(&mut self, value: String) -> &mut Tree {
        let place = self.next.iter().position(|(known, _)| *known == value).unwrap_or_else(|| {
            self.next.push((value, Tree::default()));
            self.next.len() - 1
        });
        &mut self.next[place].1
    }
}

impl Heap {
    /// Takes a node that passes, as long as there is room, and then only in the place of a worse one.
    fn offer(&mut self, rank: Rank, info: &NodeInfo, wanted: usize, pipeline: &mut Pipeline) {
        let room = self.nodes.len() < wanted;
        // Swarm does not look at the filters for a node that would not be taken anyway.
        let better = room || self.nodes.first().is_some_and(|(worst, _)| rank < *worst);
        if !better || !pipeline.process(info) {
            return;
        }
        if room {
            self.nodes.push((rank, info.node.id));
            self.up(self.nodes.len() - 1);
        } else {
            self.nodes[0] = (rank, info.node.id);
            self.down(0, self.nodes.len());
        }
    }

    fn up(&mut self, mut place: usize) {
        while place > 0 {
            let parent = (place - 1) / 2;
            if self.nodes[place].0 <= self.nodes[parent].0 {
                return;
            }
            self.nodes.swap(place, parent);
            place = parent;
        }
    }

    fn down(&mut self, mut place: usize, end: usize) {
        loop {
            let mut child = 2 * place + 1;
            if child >= end {
                return;
            }
            if child + 1 < end && self.nodes[child + 1].0 > self.nodes[child].0 {
                child += 1;
            }
            if self.nodes[child].0 <= self.nodes[place].0 {
                return;
            }
            self.nodes.swap(place, child);
            place = child;
        }
    }

    fn rebuild(&mut self) {
        for place in (0..self.nodes.len() / 2).rev() {
            self.down(place, self.nodes.len());
        }
    }

    /// Best first.
    fn sort(&mut self) {
        for end in (0..self.nodes.len()).rev() {
            self.nodes.swap(0, end);
            self.down(0, end);
        }
        self.sorted = true;
    }
}

/// The branch of a node under a preference; `None` for a descriptor that Swarm does not know, which is passed over.
fn spread_value(descriptor: &str, node: &Node) -> Option<String> {
    let label = |prefix: &str| {
        let (head, name) = descriptor.split_at_checked(prefix.len())?;
        (head.eq_ignore_ascii_case(prefix) && !name.is_empty()).then_some(name)
    };
    let value = match label("node.labels.") {
        Some(name) => node.spec.labels.get(name),
        None => node.description.engine_labels.get(label("engine.labels.")?),
    };
    Some(value.cloned().unwrap_or_default())
}
