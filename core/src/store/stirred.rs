//! What agents went on with, which is no event by itself.

use crate::id::TaskId;

/// The tasks that agents went on with, of which the latest are known: for those who look again and again, and need not
/// look at everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stirred {
    latest: Vec<TaskId>,
    len: usize,
}

impl Stirred {
    /// So many are known.
    const KNOWN: usize = 1_024;

    pub(super) fn push(&mut self, task: TaskId) {
        let place = self.len % Self::KNOWN;
        self.len += 1;
        match self.latest.get_mut(place) {
            Some(oldest) => *oldest = task,
            None => self.latest.push(task),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Those after the first `from`, which may repeat themselves; `None` if they are no longer known.
    pub(crate) fn since(&self, from: usize) -> Option<impl Iterator<Item = TaskId>> {
        let known = from <= self.len && self.len - from <= Self::KNOWN;
        known.then(|| (from..self.len).map(|at| self.latest[at % Self::KNOWN]))
    }
}
