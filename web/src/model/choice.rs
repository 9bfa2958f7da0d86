//! What somebody has chosen to be told about, and what there is to tell.

use std::rc::Rc;

use swarmyard_core::event::EventId;
use swarmyard_core::snapshot::{Chronicle, Snapshot};
use swarmyard_core::why::Reason;

use super::Model;
use crate::inspect;

/// Docker is asked again after so long at the earliest, in the browser's milliseconds.
const ASK_MS: f64 = 250.0;

/// What somebody wants to know more of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Selected {
    /// A service's or a node's name, or the beginning of an id.
    Name(String),
    Event(EventId),
    /// An image, a network, a config, a secret: its kind and its name.
    Object(&'static str, String),
    /// The list of all there is.
    All,
}

/// What is told of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Told {
    /// The command that shows the same, and what it answers.
    pub(crate) command: String,
    pub(crate) output: Rc<str>,
    /// What could be chosen, by kind.
    pub(crate) objects: Vec<(&'static str, Vec<String>)>,
    /// Whether there is anything to be told of how it came about.
    pub(crate) caused: bool,
    /// What it waits for.
    pub(crate) waits: Vec<String>,
    /// The latest first, the input that began it last.
    pub(crate) reasons: Vec<Reason>,
}

impl Model {
    /// Looks anew at what was chosen: it may have changed.
    pub(super) fn tell(&mut self) {
        let (session, lang) = (self.timeline.session(), self.settings.lang.core());
        let told = self.selected.as_ref().map(|selected| match selected {
            Selected::Name(name) => Told {
                command: inspect::command_for(name, &self.snapshot),
                waits: session.waits(name, lang),
                reasons: session.why(name, lang),
                caused: true,
                ..Told::default()
            },
            Selected::Event(event) => {
                Told { reasons: session.why_event(*event, lang), caused: true, ..Told::default() }
            }
            Selected::Object(kind, name) => Told { command: inspect::command(kind, name), ..Told::default() },
            Selected::All => Told { objects: inspect::objects(session, &self.snapshot), ..Told::default() },
        });
        // Docker is asked on a copy of the session, which takes its time: not at every event of a quick clock.
        let due = self.real_ms - self.asked_ms >= ASK_MS || !self.clock.running;
        let told = told.map(|mut told| {
            told.output = match &self.told {
                _ if told.command.is_empty() => "".into(),
                Some(before) if before.command == told.command && !due => Rc::clone(&before.output),
                _ => {
                    self.asked_ms = self.real_ms;
                    inspect::ask(session, &self.snapshot, &told.command).join("\n").into()
                }
            };
            told
        });
        if self.told.as_deref() != told.as_ref() {
            self.told = told.map(Rc::new);
        }
    }
}

/// What a line of output speaks of: a task before anything else, for its row names service and node as well.
pub(crate) fn subject_in(line: &str, snapshot: &Snapshot, chronicle: &Chronicle) -> Option<String> {
    let apart = |letter: char| !letter.is_ascii_alphanumeric() && letter != '.' && letter != '-' && letter != '_';
    let words: Vec<&str> =
        line.split(apart).map(|word| word.trim_matches('.')).filter(|word| !word.is_empty()).collect();
    let is_id = |word: &str| word.len() >= 10;
    let by_id = |word: &&&str| is_id(word) && chronicle.bars.iter().any(|bar| bar.task().starts_with(**word));
    let by_name = |word: &&&str| snapshot.tasks.iter().any(|task| task.name == **word);
    let service = |word: &&&str| {
        snapshot.services.iter().any(|found| found.name == **word || (is_id(word) && found.id.starts_with(**word)))
    };
    let node = |word: &&&str| {
        snapshot.nodes.iter().any(|found| found.hostname == **word || (is_id(word) && found.id.starts_with(**word)))
    };
    let first = |holds: &dyn Fn(&&&str) -> bool| words.iter().find(holds);
    first(&by_id)
        .or_else(|| first(&by_name))
        .or_else(|| first(&service))
        .or_else(|| first(&node))
        .map(|word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::paused;

    #[test]
    fn a_line_of_output_speaks_of_its_task_then_of_its_service_then_of_its_node() {
        let subject = |line: &str| subject_in(line, &paused(), &Chronicle::default());
        assert_eq!(subject("x1 my-app.2 image node1 Running").as_deref(), Some("my-app.2"));
        assert_eq!(subject("nothing on node1, of my-app").as_deref(), Some("my-app"));
        assert_eq!(subject("on node1.").as_deref(), Some("node1"));
        assert_eq!(subject("overall progress: 0 out of 3 tasks"), None);
    }
}
