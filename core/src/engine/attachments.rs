//! A node's own ends of the networks that its tasks are on: each node has one in each, from the first such task's
//! assignment to the last one's end, and one in the routing mesh for as long as it belongs to the swarm.
//!
//! Models: swarmkit manager/allocator/network.go, reallocateNode and deallocateNodeAttachments.
//! Differs: they are remembered here and not in the node, for nothing shows them; only that the node was written is seen.

use super::Ctx;
use crate::collections::Set;
use crate::event::Rule;
use crate::id::{NetworkId, NodeId};
use crate::model::{Task, TaskState};
use crate::store::Change;

#[derive(Clone, Debug, Default)]
pub(super) struct Attachments(Set<(NodeId, NetworkId)>);

impl Attachments {
    pub(super) fn handle(&mut self, change: &Change, ctx: &mut Ctx) {
        match change {
            // Its end of the routing mesh.
            Change::NodeCreated(node) => write(*node, ctx),
            Change::NodeDeleted(old) => self.0 = self.0.iter().copied().filter(|(node, _)| *node != old.id).collect(),
            Change::TaskCreated(id) => self.review(ctx.store.task(*id).and_then(|task| seat(task)), ctx),
            Change::TaskUpdated(old) => {
                let new = ctx.store.task(old.id).and_then(|task| seat(task));
                if new != seat(old) {
                    self.review(seat(old), ctx);
                    self.review(new, ctx);
                }
            }
            Change::TaskDeleted(old) => self.review(seat(old), ctx),
            _ => {}
        }
    }

    /// Gives a node the ends that its tasks need, and takes the others.
    fn review(&mut self, node: Option<NodeId>, ctx: &mut Ctx) {
        let Some(node) = node.filter(|node| ctx.store.node(*node).is_some()) else { return };
        let tasks = ctx.store.tasks_of_node(node).filter(|task| task.status.state <= TaskState::Running);
        let named = tasks.flat_map(|task| &task.spec.networks).filter_map(|used| NetworkId::parse(&used.target));
        let overlay = |id: &NetworkId| ctx.store.network(*id).is_some_and(|network| network.driver == "overlay");
        let wanted: Set<(NodeId, NetworkId)> = named.filter(overlay).map(|network| (node, network)).collect();
        let had = self.0.iter().filter(|(other, _)| *other == node);
        if had.clone().count() == wanted.len() && had.clone().all(|end| wanted.contains(end)) {
            return;
        }
        self.0 = self.0.iter().copied().filter(|(other, _)| *other != node).chain(wanted).collect();
        write(node, ctx);
    }

    /// With a network go its ends, whatever tasks are still stopping.
    pub(super) fn network_removed(&mut self, id: NetworkId, ctx: &mut Ctx) {
        let (gone, left): (Vec<_>, Vec<_>) = self.0.iter().copied().partition(|(_, network)| *network == id);
        self.0 = left.into_iter().collect();
        for (node, _) in gone {
            write(node, ctx);
        }
    }
}

/// The node on which a task takes part in networks.
fn seat(task: &Task) -> Option<NodeId> {
    task.node.filter(|_| !task.spec.networks.is_empty() && task.status.state <= TaskState::Running)
}

fn write(node: NodeId, ctx: &mut Ctx) {
    ctx.begin(Rule::Allocated);
    ctx.store.update_node(node, ctx.now, |_| {});
}
