//! Which tasks start, and which stop: for those who share the machines with them.

use crate::collections::Set;
use crate::id::TaskId;
use crate::model::{Task, TaskState};
use crate::time::Ms;

/// The tasks that keep a machine at work.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changing {
    /// On their way to run, by when they were last heard of.
    starting: Set<(Ms, TaskId)>,
    /// Running, and to stop.
    stopping: Set<TaskId>,
}

impl Changing {
    fn starts(task: &Task) -> bool {
        task.desired <= TaskState::Running && (TaskState::Assigned..=TaskState::Starting).contains(&task.status.state)
    }

    fn stops(task: &Task) -> bool {
        task.desired > TaskState::Running && task.status.state == TaskState::Running
    }

    pub(crate) fn put(&mut self, task: &Task) {
        if Changing::starts(task) {
            self.starting.insert((task.status.timestamp, task.id));
        } else if Changing::stops(task) {
            self.stopping.insert(task.id);
        }
    }

    pub(super) fn take(&mut self, task: &Task) {
        if Changing::starts(task) {
            self.starting.remove(&(task.status.timestamp, task.id));
        } else if Changing::stops(task) {
            self.stopping.remove(&task.id);
        }
    }

    /// Those on their way to run that were heard of at `from` or later.
    pub(crate) fn starting(&self, from: Ms) -> impl Iterator<Item = TaskId> {
        self.starting.range((from, TaskId::LEAST)..=(Ms::MAX, TaskId::MOST)).map(|(_, task)| *task)
    }

    pub(crate) fn stopping(&self) -> impl Iterator<Item = TaskId> {
        self.stopping.iter().copied()
    }
}
