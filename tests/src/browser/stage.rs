//! What the page says of its swarm, by the marks that it carries for this purpose.
//!
//! The prompt has the id `prompt`; the element with `role="log"` holds one child for each command that has ended, with
//! its exit code in `data-exit`. A task is an element with `data-task` (its id), `data-state` (`running`, `rejected` …), `data-slot`, `data-node`,
//! `data-version` (the tag) and `data-live`; the state of the update stands in `data-update-state`.

use serde_json::{Value, json};

use super::Page;

/// A task as the page draws it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskCell {
    pub task: String,
    /// In lower case: `running`, `rejected`.
    pub state: String,
    pub slot: String,
    /// Empty before a node was chosen.
    pub node: String,
    /// The tag of its image.
    pub version: String,
    /// Whether it runs or is to run.
    pub live: bool,
}

impl Page {
    /// Types a line at the prompt, waits until the command has ended, and returns its exit code.
    #[track_caller]
    pub fn run(&self, line: &str) -> i64 {
        let ended = self.count("[role=log] > *");
        self.line(line);
        self.wait_until(&format!("`{line}` has ended"), || self.count("[role=log] > *") > ended);
        let code = self.script("return +document.querySelector('[role=log]').lastElementChild.dataset.exit", json!([]));
        code.as_i64().expect("what has ended has an exit code")
    }

    /// All tasks on the page.
    pub fn tasks(&self) -> Vec<TaskCell> {
        let script = "return [...document.querySelectorAll('[data-task]')].map(e => ({...e.dataset}))";
        let cell = |data: &Value| {
            let field = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
            TaskCell {
                task: field("task"),
                state: field("state"),
                slot: field("slot"),
                node: field("node"),
                version: field("version"),
                live: field("live") == "true",
            }
        };
        self.script(script, json!([])).as_array().into_iter().flatten().map(cell).collect()
    }

    /// The states of the updates on the page, as Docker writes them: `updating`, `paused`.
    pub fn update_states(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('[data-update-state]')].map(e => e.dataset.updateState)";
        let states = self.script(script, json!([]));
        states.as_array().into_iter().flatten().filter_map(|state| state.as_str().map(str::to_owned)).collect()
    }

    /// Waits until exactly `count` tasks are drawn that live, all of them in `state` and of `version`.
    #[track_caller]
    pub fn wait_for_live(&self, count: usize, state: &str, version: &str) {
        self.wait_until(&format!("{count} live tasks are {state} with {version}"), || {
            let live: Vec<_> = self.tasks().into_iter().filter(|task| task.live).collect();
            live.len() == count && live.iter().all(|task| task.state == state && task.version == version)
        });
    }
}
