//! How far jobs are, kept as their tasks change: with thousands of tasks, a look at all of them whenever one ends would
//! take longer than everything else.
//!
//! Models what swarmkit manager/orchestrator/jobs/replicated/reconciler.go counts anew each time.

use crate::collections::{Map, Set};
use crate::id::{ServiceId, TaskId};
use crate::model::{Task, TaskState};

/// Tasks by slot, as the store lists those of a service.
type BySlot = Set<(u64, TaskId)>;

/// All iterations of all jobs of which there are tasks.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Runs(Map<(ServiceId, u64), Run>);

/// The tasks of one iteration of a job.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Run {
    /// So many there are.
    tasks: u64,
    /// So many have ended well.
    pub completed: u64,
    /// So many are to end well and have not.
    pub running: u64,
    /// Both of these: nobody else gets their slots.
    taken: BySlot,
    /// Those that are to end well and ended otherwise.
    failed: BySlot,
    /// Those that have not ended, and are not to be removed.
    alive: BySlot,
}

impl Runs {
    pub(crate) fn put(&mut self, task: &Task) {
        if let Some(iteration) = task.job_iteration {
            self.0.entry((task.service, iteration)).or_default().put(task);
        }
    }

    pub(super) fn take(&mut self, task: &Task) {
        let Some(iteration) = task.job_iteration else { return };
        let key = (task.service, iteration);
        if let Some(run) = self.0.get_mut(&key) {
            run.take(task);
            if run.tasks == 0 {
                self.0.remove(&key);
            }
        }
    }

    pub(crate) fn of(&self, service: ServiceId, iteration: u64) -> Option<&Run> {
        self.0.get(&(service, iteration))
    }

    /// The tasks of a service that have not ended and belong to another iteration, by slot.
    pub(crate) fn outdated(&self, service: ServiceId, current: u64) -> BySlot {
        let all = self.0.range((service, 0)..=(service, u64::MAX));
        all.filter(|((_, iteration), _)| *iteration != current).flat_map(|(_, run)| run.alive.iter().copied()).collect()
    }
}

impl Run {
    fn put(&mut self, task: &Task) {
        let (key, has) = ((task.slot, task.id), Traits::of(task));
        self.tasks += 1;
        self.completed += u64::from(has.completed);
        self.running += u64::from(has.running);
        for (set, belongs) in self.sets(&has) {
            if belongs {
                set.insert(key);
            }
        }
    }

    fn take(&mut self, task: &Task) {
        let (key, had) = ((task.slot, task.id), Traits::of(task));
        self.tasks -= 1;
        self.completed -= u64::from(had.completed);
        self.running -= u64::from(had.running);
        for (set, belonged) in self.sets(&had) {
            if belonged {
                set.remove(&key);
            }
        }
    }

    fn sets(&mut self, has: &Traits) -> [(&mut BySlot, bool); 3] {
        [(&mut self.taken, has.completed || has.running), (&mut self.failed, has.failed), (&mut self.alive, has.alive)]
    }

    /// The first `count` of `total` slots that nobody has.
    pub(crate) fn free(&self, total: u64, count: u64) -> Vec<u64> {
        let (mut free, mut next) = (Vec::new(), 0);
        let last = (total, TaskId::LEAST);
        for (slot, _) in self.taken.iter().chain([&last]) {
            let slot = (*slot).min(total);
            let room = (count - free.len() as u64).min(slot.saturating_sub(next));
            free.extend(next..next + room);
            next = next.max(slot + 1);
            if free.len() as u64 == count {
                break;
            }
        }
        free
    }

    pub(crate) fn failed(&self) -> Vec<TaskId> {
        self.failed.iter().map(|(_, task)| *task).collect()
    }

    /// Those of `tasks` that have failed.
    pub(crate) fn failed_of(&self, tasks: impl Iterator<Item = (u64, TaskId)>) -> Vec<TaskId> {
        tasks.filter(|task| self.failed.contains(task)).map(|(_, task)| task).collect()
    }
}

/// What a task counts as.
struct Traits {
    completed: bool,
    running: bool,
    failed: bool,
    alive: bool,
}

impl Traits {
    fn of(task: &Task) -> Traits {
        let completed = task.status.state == TaskState::Complete;
        let running = !completed && task.desired <= TaskState::Complete;
        Traits {
            completed,
            running,
            failed: running && task.status.state > TaskState::Complete,
            alive: task.status.state <= TaskState::Running && task.desired != TaskState::Remove,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_slots_are_the_first_that_nobody_has() {
        let taken = [1, 1, 3].into_iter().zip([TaskId::LEAST, TaskId::MOST, TaskId::LEAST]).collect();
        let run = Run { taken, ..Run::default() };
        assert_eq!(run.free(6, 3), [0, 2, 4]);
        assert_eq!(run.free(6, 9), [0, 2, 4, 5]);
        assert_eq!(run.free(3, 9), [0, 2]);
        assert_eq!(run.free(6, 0), [0_u64; 0]);
    }
}
