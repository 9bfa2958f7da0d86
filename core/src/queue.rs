//! The queue of things to come: ordered by time, and within one moment by the order in which they were put in.

use crate::collections::Map;

use crate::time::Ms;

/// Names one entry, so that it can be cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket {
    at: Ms,
    order: u64,
}

impl Ticket {
    /// When the entry is due.
    pub fn at(self) -> Ms {
        self.at
    }
}

/// Entries of type `T`, each due at a time.
#[derive(Clone, Debug)]
pub struct Queue<T> {
    entries: Map<Ticket, T>,
    order: u64,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Queue { entries: Map::new(), order: 0 }
    }
}

impl<T> Queue<T> {
    pub fn push(&mut self, at: Ms, entry: T) -> Ticket {
        let ticket = Ticket { at, order: self.order };
        self.order += 1;
        self.entries.insert(ticket, entry);
        ticket
    }

    /// Takes an entry out before it is due. `None` if it has been taken out already.
    pub fn cancel(&mut self, ticket: Ticket) -> Option<T> {
        self.entries.remove(&ticket)
    }

    /// When the next entry is due.
    pub fn next_at(&self) -> Option<Ms> {
        self.entries.first_key_value().map(|(ticket, _)| ticket.at)
    }

    /// The next entry, if it is due at `now` or before.
    pub fn pop_due(&mut self, now: Ms) -> Option<(Ms, T)> {
        self.next_at().filter(|at| *at <= now)?;
        self.entries.pop_first().map(|(ticket, entry)| (ticket.at, entry))
    }

    /// Drops the entries that `keep` refuses.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.entries.retain(|_, entry| keep(entry));
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All entries in the order in which they will come.
    pub fn iter(&self) -> impl Iterator<Item = (Ms, &T)> {
        self.entries.iter().map(|(ticket, entry)| (ticket.at, entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_by_time_then_by_the_order_of_their_coming() {
        let mut queue = Queue::default();
        queue.push(5, "b");
        let gone = queue.push(1, "gone");
        queue.push(5, "c");
        queue.push(2, "a");
        assert_eq!(queue.cancel(gone), Some("gone"));
        assert_eq!(queue.cancel(gone), None);
        assert_eq!(queue.pop_due(1), None);
        let order: Vec<_> = std::iter::from_fn(|| queue.pop_due(5)).collect();
        assert_eq!(order, [(2, "a"), (5, "b"), (5, "c")]);
    }
}
