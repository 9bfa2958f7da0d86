//! Nodes. Models: swarmkit manager/controlapi/node.go, moby daemon/cluster/nodes.go.

use std::rc::Rc;

use super::{Api, ApiError, Code, Named, find};
use crate::event::Rule;
use crate::id::NodeId;
use crate::model::{Node, NodeSpec, NodeState, Role, TaskState};

impl Named for Node {
    const KIND: &'static str = "node";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    /// Nodes are named by their host.
    fn name(&self) -> &str {
        &self.description.hostname
    }
}

impl Api<'_> {
    /// The node called `reference`: a full id, a host name, or the unique beginning of an id.
    ///
    /// # Errors
    /// Nothing has that name; several ids begin so; this node is no manager.
    pub fn node(&self, reference: &str) -> Result<Rc<Node>, ApiError> {
        self.manager()?;
        find(self.world.store().nodes(), reference)
    }

    /// All nodes, by id.
    ///
    /// # Errors
    /// This node is no manager.
    pub fn nodes(&self) -> Result<Vec<Rc<Node>>, ApiError> {
        self.manager()?;
        Ok(self.world.store().nodes().map(Rc::clone).collect())
    }

    /// Replaces the spec of a node. `version` is the one that the caller read.
    ///
    /// # Errors
    /// The version is not the current one; the last manager is to be demoted.
    pub fn update_node(&mut self, id: NodeId, version: u64, spec: NodeSpec) -> Result<(), ApiError> {
        let node = self.node(id.as_str())?;
        self.writable()?;
        if node.spec.role == Role::Manager && spec.role == Role::Worker {
            self.may_demote(id)?;
        }
        if node.meta.version != version {
            return Err(ApiError::OutOfSequence);
        }
        let cause = Some(self.world.asked(&format!("node update {}", node.description.hostname)));
        self.world.engine(cause, |engine, ctx| {
            ctx.begin(Rule::Asked);
            ctx.store.update_node(id, ctx.now, |node| node.spec = spec);
            engine.settle(ctx);
            engine.reconcile_roles(ctx);
            engine.settle(ctx);
        });
        Ok(())
    }

    /// Whether a manager may become a worker: not the last one, nor one without whom too few would be reached.
    fn may_demote(&self, node: NodeId) -> Result<(), ApiError> {
        let mut managers = self.world.store().nodes().filter(|node| node.role == Role::Manager);
        let refuse = |code, sentence: &str| Err(ApiError::Refused { code, sentence: sentence.to_owned() });
        if managers.next().is_some_and(|found| found.id == node) && managers.next().is_none() {
            return refuse(Code::FailedPrecondition, "attempting to demote the last manager of the swarm");
        }
        if !self.world.managers().is_member(node) {
            return refuse(Code::NotFound, "can't find manager in raft memberlist");
        }
        if !self.world.engine_state().can_remove(node) {
            let sentence = "can't remove member from the raft: this would result in a loss of quorum";
            return refuse(Code::FailedPrecondition, sentence);
        }
        Ok(())
    }

    /// Removes a node that is down, or any worker if `force`.
    ///
    /// # Errors
    /// It is a manager, or not down.
    pub fn remove_node(&mut self, reference: &str, force: bool) -> Result<(), ApiError> {
        let node = self.node(reference)?;
        self.writable()?;
        let refuse = |sentence: String| Err(ApiError::Refused { code: Code::FailedPrecondition, sentence });
        if self.world.managers().is_member(node.id) {
            return refuse(format!(
                "node {} is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal",
                node.id
            ));
        }
        if !force && node.status.state == NodeState::Ready {
            return refuse(format!("node {} is not down and can't be removed", node.id));
        }
        let cause = Some(self.world.asked(&format!("node rm {reference}")));
        self.world.engine(cause, |engine, ctx| {
            ctx.begin(Rule::NodeDeleted);
            let tasks: Vec<_> =
                ctx.store.tasks_of_node(node.id).filter(|task| !task.terminal()).map(|t| t.id).collect();
            for task in tasks {
                let now = ctx.now;
                ctx.store.update_task(task, now, |task| {
                    task.status.state = TaskState::Orphaned;
                    task.status.message = "Task belonged to a node that has been deleted".into();
                    task.status.timestamp = now;
                });
            }
            ctx.store.follow(Rule::Asked);
            ctx.store.delete_node(node.id, ctx.now);
            engine.settle(ctx);
            engine.review(ctx);
        });
        Ok(())
    }
}
