//! The task tables of `docker service ps`, `stack ps` and `node ps`, as a bag of slots.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use fancy_regex::Regex;

use super::links::{Chain, Link, chain};
use super::mask::{mask, pattern};

/// A table without ids, slot numbers and ages.
pub(super) struct TaskTable {
    pub(super) slots: Vec<Chain<Row>>,
    /// The nodes where something is to run.
    pub(super) nodes: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    service: String,
    image: String,
    desired: String,
    /// The first word of CURRENT STATE.
    state: String,
    error: String,
    ports: String,
}

impl Link for Row {
    fn same(&self, other: &Row) -> bool {
        (&self.service, &self.image) == (&other.service, &other.image)
    }

    fn ended(&self) -> bool {
        matches!(self.state.as_str(), "Failed" | "Rejected" | "Complete" | "failed" | "rejected" | "complete")
    }
}

/// Whether `command` asked for a task table and `output` is one.
pub(super) fn is_task_table(command: &str, output: &str) -> bool {
    static ASKED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(service|stack|node) ps\b"));
    let head = output.split('\n').next().unwrap_or_default();
    ASKED.is_match(command).expect("the pattern cannot run away") && head.contains("DESIRED STATE")
}

/// Reads a table. Rows of one slot stand below each other, newest first, all but the first with `\_` before the name.
pub(super) fn task_table(output: &str) -> TaskTable {
    let mut lines = output.split('\n').filter(|line| !line.trim().is_empty());
    let columns = Columns::of_head(lines.next().unwrap_or_default());
    let mut slots: Vec<Vec<Row>> = Vec::new();
    let mut nodes = BTreeSet::new();
    for line in lines {
        let cell = |column: &str| columns.cell(line, column);
        let (name, desired) = (cell("NAME"), cell("DESIRED STATE"));
        if desired == "Running" {
            nodes.insert(cell("NODE"));
        }
        let row = Row {
            service: service_of(&name.replace("\\_ ", "")),
            image: mask(&cell("IMAGE")),
            desired,
            state: cell("CURRENT STATE").split(' ').next().unwrap_or_default().to_owned(),
            error: mask(&cell("ERROR")),
            ports: cell("PORTS"),
        };
        match slots.last_mut() {
            Some(slot) if name.starts_with("\\_") => slot.insert(0, row),
            _ => slots.push(vec![row]),
        }
    }
    TaskTable { slots: slots.iter().map(|slot| chain(slot)).collect(), nodes }
}

/// A task's name without its slot or node.
fn service_of(task: &str) -> String {
    match task.rsplit_once('.') {
        Some((service, slot)) if !slot.is_empty() => service.to_owned(),
        _ => task.to_owned(),
    }
}

/// Where the columns of a table begin, in characters.
struct Columns(Vec<(String, usize)>);

impl Columns {
    /// Titles are words with single blanks between them.
    fn of_head(head: &str) -> Columns {
        static TITLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\S+(?: \S+)*"));
        let titles = TITLE.find_iter(head).flatten();
        Columns(titles.map(|title| (title.as_str().to_owned(), head[..title.start()].chars().count())).collect())
    }

    fn cell(&self, line: &str, column: &str) -> String {
        let Some(place) = self.0.iter().rposition(|(title, _)| title == column) else { return String::new() };
        let begin = self.0[place].1;
        let end = self.0.get(place + 1).map_or(usize::MAX, |(_, begin)| *begin);
        line.chars().skip(begin).take(end - begin).collect::<String>().trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::links::alike;
    use super::*;

    const COMMAND: &str = "docker service ps web";
    const TABLE: &str = "\
ID             NAME        IMAGE      NODE      DESIRED STATE   CURRENT STATE           ERROR     PORTS
ru3te238yu0i   web.1       app:v2     node1     Running         Running 3 seconds ago
1vpwm9yj429b    \\_ web.1   app:v1     node1     Shutdown        Shutdown 5 seconds ago
dbcazk9dz5p4   web.2       app:v1     node2     Running         Running 9 seconds ago
";

    fn alike_tables(other: &str) -> bool {
        alike(&task_table(TABLE).slots, &task_table(other).slots)
    }

    #[test]
    fn slots_may_change_places_and_nodes() {
        assert!(is_task_table(COMMAND, TABLE));
        let swapped = TABLE.replace("web.1", "web.9").replace("node2", "nodeX").replace("3 seconds", "4 seconds");
        assert!(alike_tables(&swapped));
        assert_eq!(task_table(TABLE).nodes.into_iter().collect::<Vec<_>>(), ["node1", "node2"]);
        assert_eq!(task_table(&swapped).nodes.into_iter().collect::<Vec<_>>(), ["node1", "nodeX"]);
    }

    #[test]
    fn image_state_error_and_history_count() {
        assert!(!alike_tables(&TABLE.replace("app:v2", "app:v3")));
        assert!(!alike_tables(&TABLE.replace("Running 3", "Starting 3")));
        assert!(!alike_tables(&TABLE.replace(" \\_ web.1  ", "web.3      ")));
        assert!(!alike_tables(&TABLE.replace("3 seconds ago", "3 seconds ago   \"boom\"")));
    }

    #[test]
    fn other_output_is_no_task_table() {
        assert!(!is_task_table(COMMAND, "nothing found in stack: web\n"));
        assert!(!is_task_table("docker service ls", TABLE));
    }
}
