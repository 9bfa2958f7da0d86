//! Replicated services: a line per slot, numbered in the order of their appearance.
//!
//! Models: docker/cli progress.go, replicatedProgressUpdater.
//! Differs: the client goes through the slots in the random order of a Go map, here they come by number.

use crate::collections::Map;
use std::rc::Rc;

use super::draw::{Display, Line, RUNNING, is_terminal, number};
use super::{MOST_LINES, Sight, overall};
use crate::model::{Mode, Task, TaskState};
use crate::output::Output;

#[derive(Clone, Debug, Default)]
pub(super) struct Replicated {
    /// The line of each slot, from 1.
    lines: Map<u64, u64>,
    started: bool,
    done: bool,
}

impl Replicated {
    pub(super) fn update(&mut self, sight: &Sight, display: &mut Display, output: &mut Output) -> bool {
        let replicas = match sight.service.spec.mode {
            Mode::Replicated { replicas } => replicas,
            _ => unreachable!("a service never changes its mode"),
        };
        if !self.started {
            self.started = true;
            overall(display, output, 0, replicas, sight.rollback);
            if replicas <= MOST_LINES {
                for line in 1..=replicas {
                    display.line(output, &format!("{line}/{replicas}"), Line::Text(" ".to_owned()));
                }
            }
        }
        let slots = tasks_by_slot(sight);
        if self.done && slots.values().any(|task| task.status.state != TaskState::Running) {
            self.done = false;
        }
        let mut running = 0;
        for (slot, task) in &slots {
            let next = self.lines.len() as u64 + 1;
            let line = *self.lines.entry(*slot).or_insert(next);
            if !is_terminal(task.desired) && task.status.state == TaskState::Running {
                running += 1;
            }
            if !self.done && replicas <= MOST_LINES && line <= replicas {
                display.task(output, &format!("{line}/{replicas}"), task, RUNNING);
            }
        }
        if !self.done {
            overall(display, output, running, replicas, sight.rollback);
            self.done = running == replicas;
        }
        running == replicas
    }
}

/// Of every slot the task that is least wanted to end; of those the one that is least far.
fn tasks_by_slot<'a>(sight: &'a Sight) -> Map<u64, &'a Rc<Task>> {
    let mut slots: Map<u64, &Rc<Task>> = Map::new();
    let rank = |task: &Task| (number(task.desired), number(task.status.state));
    for task in &sight.tasks {
        let known = rank(task).0 > 0 && rank(task).1 > 0;
        if !known || !sight.is_active(task) {
            continue;
        }
        if slots.get(&task.slot).is_none_or(|chosen| rank(task) < rank(chosen)) {
            slots.insert(task.slot, task);
        }
    }
    slots
}
