//! Chains of tasks as links: a crash loop counts as one link with a length, whose exact value is a matter of luck.

use std::collections::BTreeMap;

/// One slot's tasks, oldest first. Equal neighbours that failed are one link.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Chain<Task> {
    pub(super) tasks: Vec<Task>,
    /// How often each of `tasks` came in a row.
    pub(super) lengths: Vec<usize>,
}

/// What a chain needs to know of a task.
pub(super) trait Link: Clone + Ord {
    /// Whether it is another attempt at the same: same service, same image.
    fn same(&self, other: &Self) -> bool;
    /// Whether it has ended by itself.
    fn ended(&self) -> bool;
}

/// Folds a slot's tasks, oldest first. The attempt under way at the end of a crash loop is left out: whether it was
/// seen failing is a matter of when one looked.
pub(super) fn chain<Task: Link>(mut slot: &[Task]) -> Chain<Task> {
    if let [.., before, last] = slot
        && before.ended()
        && last.same(before)
    {
        slot = &slot[..slot.len() - 1];
    }
    let mut chain = Chain { tasks: Vec::new(), lengths: Vec::new() };
    for task in slot {
        match chain.lengths.last_mut() {
            Some(length) if chain.tasks.last() == Some(task) && task.ended() => *length += 1,
            _ => {
                chain.tasks.push(task.clone());
                chain.lengths.push(1);
            }
        }
    }
    chain
}

/// Whether two bags of chains are alike: the same links, and lengths within one or 15 % of those of `real`.
pub(super) fn alike<Task: Link>(real: &[Chain<Task>], ours: &[Chain<Task>]) -> bool {
    if counts(real.iter().map(|chain| &chain.tasks)) != counts(ours.iter().map(|chain| &chain.tasks)) {
        return false;
    }
    let near = |(m, n): (&usize, &usize)| m.abs_diff(*n) as f64 <= (0.15 * *m as f64).max(1.0);
    let pairs = sorted(real).into_iter().zip(sorted(ours));
    pairs.into_iter().all(|(x, y)| x.lengths.iter().zip(&y.lengths).all(near))
}

/// How often each occurs.
pub(super) fn counts<Item: Ord>(items: impl Iterator<Item = Item>) -> BTreeMap<Item, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

/// Chains of the same links come to stand beside each other. Among these the order is that of the lengths as text (10
/// before 9): it decides which loop is held against which, and all judges of these recordings must decide alike.
fn sorted<Task: Link>(chains: &[Chain<Task>]) -> Vec<&Chain<Task>> {
    let mut sorted: Vec<_> = chains.iter().collect();
    sorted.sort_by_cached_key(|chain| {
        let lengths: Vec<String> = chain.lengths.iter().map(usize::to_string).collect();
        (&chain.tasks, if lengths.len() == 1 { format!("{},", lengths[0]) } else { lengths.join(", ") + ")" })
    });
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A letter is an image; capitals have ended.
    impl Link for char {
        fn same(&self, other: &char) -> bool {
            self.eq_ignore_ascii_case(other)
        }

        fn ended(&self) -> bool {
            self.is_ascii_uppercase()
        }
    }

    fn folded(slot: &str) -> (String, Vec<usize>) {
        let chain = chain(&slot.chars().collect::<Vec<_>>());
        (chain.tasks.iter().collect(), chain.lengths)
    }

    #[test]
    fn a_crash_loop_is_one_link_and_its_last_attempt_does_not_count() {
        assert_eq!(folded("abbBBBb"), ("abbB".to_owned(), vec![1, 1, 1, 3]));
        assert_eq!(folded("BBB"), ("B".to_owned(), vec![2]));
        assert_eq!(folded("Ba"), ("Ba".to_owned(), vec![1, 1]));
        assert_eq!(folded("bb"), ("bb".to_owned(), vec![1, 1]));
        assert_eq!(folded(""), (String::new(), vec![]));
    }

    #[test]
    fn bags_are_alike_when_the_loops_are_about_as_long() {
        let bag = |slots: &[&str]| -> Vec<Chain<char>> {
            slots.iter().map(|slot| chain(&slot.chars().collect::<Vec<_>>())).collect()
        };
        assert!(alike(&bag(&["aBBB", "c"]), &bag(&["c", "aBBBB"])));
        assert!(!alike(&bag(&["aBBB", "c"]), &bag(&["c", "aBBBBB"])));
        assert!(!alike(&bag(&["a", "c"]), &bag(&["c", "c"])));
        assert!(!alike(&bag(&["a"]), &bag(&["a", "a"])));
        let long = |n| "B".repeat(n);
        assert!(alike(&bag(&[&long(21)]), &bag(&[&long(24)])));
        assert!(!alike(&bag(&[&long(21)]), &bag(&[&long(25)])));
    }
}
