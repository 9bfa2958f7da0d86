//! The focus on a cell: when its task goes, the task in its place gets it.

use std::rc::Rc;

use swarmyard_core::snapshot::{Snapshot, Task};
use web_sys::HtmlElement;

use crate::browser;

/// Whose cell has the focus, or had it until the cell went.
#[derive(Default)]
pub(crate) struct Followed(Option<Held>);

struct Held {
    cell: HtmlElement,
    task: String,
    service: String,
    slot: u64,
    /// Of a global service, which has no slots.
    node: Option<String>,
}

impl Held {
    fn replaces(&self, task: &Task) -> bool {
        task.service == self.service && task.slot == self.slot && (self.node.is_none() || self.node == task.node)
    }
}

impl Followed {
    /// Notes which cell has the focus, before anything changes.
    pub(crate) fn note(&mut self, snapshot: &Snapshot) {
        let held = self.0.as_ref();
        if let Some((cell, id)) = browser::focused_task() {
            if held.is_some_and(|held| held.task == id && held.cell == cell) {
                return;
            }
            let task = snapshot.tasks.iter().find(|task| task.id == id);
            self.0 = task.map(|task| Held {
                cell,
                task: id,
                service: task.service.clone(),
                slot: task.slot,
                node: task.node.clone().filter(|_| task.slot == 0),
            });
        } else if browser::focused().is_some() || held.is_some_and(|held| held.cell.is_connected()) {
            // It is elsewhere, or was let go.
            self.0 = None;
        }
    }

    /// Passes it on, after what changed has been drawn. The next task may be drawn later: until then it is held.
    pub(crate) fn pass_on(&mut self, snapshot: &Snapshot) {
        let Some(held) = self.0.as_ref().filter(|held| !held.cell.is_connected() && browser::focused().is_none())
        else {
            return;
        };
        let here: Vec<&Rc<Task>> = snapshot.tasks.iter().filter(|task| held.replaces(task)).collect();
        let by_life = here.iter().filter(|task| task.live).chain(here.iter().filter(|task| !task.live));
        let mut cells = by_life.map(|task| format!("[data-task='{}'] button", task.id));
        if let Some(cell) = cells.find(|cell| browser::is_there(cell)) {
            browser::focus(None, &cell);
        }
    }
}
