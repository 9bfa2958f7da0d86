//! Global services: a line per node that has an up-to-date task.
//!
//! Models: docker/cli progress.go, globalProgressUpdater.
//! Differs: the client goes through the nodes in the random order of a Go map, here they come by id.

use crate::collections::Map;
use std::rc::Rc;

use super::draw::{Display, Line, RUNNING, is_terminal, number};
use super::{MOST_LINES, Sight, overall};
use crate::id::NodeId;
use crate::model::{Task, TaskState};
use crate::output::Output;

#[derive(Clone, Debug, Default)]
pub(super) struct Global {
    started: bool,
    done: bool,
}

impl Global {
    pub(super) fn update(&mut self, sight: &Sight, display: &mut Display, output: &mut Output) -> bool {
        let nodes = tasks_by_node(sight);
        // Nobody has said how many nodes will get a task before the first one got it.
        if !self.started {
            if nodes.is_empty() {
                display.line(output, "overall progress", Line::Text("waiting for new tasks".to_owned()));
                return false;
            }
            self.started = true;
            overall(display, output, 0, nodes.len() as u64, sight.rollback);
        }
        if self.done && nodes.values().any(|task| task.status.state != TaskState::Running) {
            self.done = false;
        }
        let count = nodes.len() as u64;
        let mut running = 0;
        for (node, task) in &nodes {
            if sight.is_active(task) {
                if !is_terminal(task.desired) && task.status.state == TaskState::Running {
                    running += 1;
                }
                if !self.done && count <= MOST_LINES {
                    display.task(output, node.short(), task, RUNNING);
                }
            }
        }
        if !self.done {
            overall(display, output, running, count, sight.rollback);
            self.done = running == count;
        }
        running == count
    }
}

/// Of every node the task that is least wanted to end; of those the one that is least far.
fn tasks_by_node<'a>(sight: &'a Sight) -> Map<NodeId, &'a Rc<Task>> {
    let mut nodes: Map<NodeId, &Rc<Task>> = Map::new();
    let rank = |task: &Task| (number(task.desired), number(task.status.state));
    for task in &sight.tasks {
        let Some(node) = task.node.filter(|_| rank(task).0 > 0 && rank(task).1 > 0) else { continue };
        if nodes.get(&node).is_none_or(|chosen| rank(task) < rank(chosen)) {
            nodes.insert(node, task);
        }
    }
    nodes
}
