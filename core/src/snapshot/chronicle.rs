//! What happened up to a moment, as plain data: marks on a line of time, and a bar for the life of each task. Read from
//! the record of events as it grows; a view that goes back in time keeps what it has read of the future.

use std::rc::Rc;

use super::build::{images_of, version_of};
use crate::collections::Map;
use crate::event::{Event, EventId, Rule, What};
use crate::id::{ServiceId, TaskId};
use crate::model::{FailureAction, NodeState, TaskState, UpdateState};
use crate::time::Ms;
use crate::world::World;

/// Marks and bars, both by time.
#[derive(Clone, Default)]
pub struct Chronicle {
    pub marks: Vec<Mark>,
    pub bars: Vec<Bar>,
    /// Where in `bars` those of tasks are.
    places: Map<TaskId, usize>,
    /// How many events it has read.
    read: usize,
}

/// A moment that somebody may want to go to.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub event: EventId,
    pub at: Ms,
    pub kind: MarkKind,
    /// A command as typed, or what it is about: a service, a task, a node.
    pub about: Rc<str>,
    /// Docker's word for what came of it; empty for commands.
    pub word: &'static str,
    /// What made an update end early.
    pub verdict: Option<Verdict>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Somebody typed or did something that changed something.
    Command,
    /// An update began, paused, ended.
    Update,
    /// A lane of an update took a slot.
    Lane,
    /// A task failed or was rejected.
    Failure,
    /// A node's state changed, or its leader did.
    Node,
}

impl MarkKind {
    pub const ALL: [MarkKind; 5] =
        [MarkKind::Command, MarkKind::Update, MarkKind::Lane, MarkKind::Failure, MarkKind::Node];
}

/// The failures that made an update stop, against what was allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    pub failures: usize,
    pub dirty_slots: usize,
    pub max_failure_ratio: f32,
    pub action: FailureAction,
}

/// The life of one task.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    id: TaskId,
    of: ServiceId,
    event: EventId,
    pub service: Rc<str>,
    /// 0 for global services.
    pub slot: u64,
    /// Host name; empty before a node was chosen.
    pub node: Rc<str>,
    /// Index into the service's versions.
    pub version: usize,
    pub from: Ms,
    /// What it became, and when.
    pub stages: Vec<(EventId, Ms, Stage)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Waits, prepares or starts: no requests yet.
    Coming,
    Serving,
    /// Out of the mesh, not yet ended.
    Leaving,
    Ended,
    Failed,
}

impl Bar {
    /// The task's whole id.
    pub fn task(&self) -> &str {
        self.id.as_str()
    }

    /// When it ended, if it has.
    pub fn until(&self) -> Option<Ms> {
        self.stages.iter().find(|(.., stage)| matches!(stage, Stage::Ended | Stage::Failed)).map(|(_, at, _)| *at)
    }
}

impl Chronicle {
    /// Reads what has happened in `world` since it was read last. Returns whether there was a mark among it.
    pub fn read(&mut self, world: &World) -> bool {
        let marks = self.marks.len();
        let record = world.store().record();
        for (id, event) in record.since(self.read) {
            self.take(id, event, world);
        }
        self.read = self.read.max(record.len());
        self.marks.len() > marks
    }

    /// Forgets what `world` has not seen: what comes from now on is another future.
    pub fn forget_future(&mut self, world: &World) {
        let len = world.store().record().len();
        let known = |event: EventId| (event.0 as usize) < len;
        self.marks.retain(|mark| known(mark.event));
        self.bars.retain(|bar| known(bar.event));
        self.places.clear();
        for (place, bar) in self.bars.iter_mut().enumerate() {
            bar.stages.retain(|stage| known(stage.0));
            self.places.insert(bar.id, place);
        }
        self.read = self.read.min(len);
    }

    /// The verdict on the update of `service` that began at `since`, if there was one up to `now`.
    pub fn verdict(&self, service: &str, since: Ms, now: Ms) -> Option<Verdict> {
        let past = self.marks.iter().rev().skip_while(|mark| mark.at > now).take_while(|mark| mark.at >= since);
        past.filter(|mark| *mark.about == *service).find_map(|mark| mark.verdict)
    }

    fn take(&mut self, id: EventId, event: &Event, world: &World) {
        let store = world.store();
        let name = |service| store.service(service).map(|found| Rc::from(found.spec.name.as_str()));
        match &event.what {
            What::Input { text } => self.mark(id, event, MarkKind::Command, Rc::clone(text), ""),
            What::UpdateStatus { service, state } => {
                let about = name(*service).unwrap_or_default();
                self.mark(id, event, MarkKind::Update, about, UpdateState::word(*state));
            }
            What::NodeState { node, to, .. } => {
                let host = store.node(*node).map_or(Rc::default(), |node| node.description.hostname.as_str().into());
                self.mark(id, event, MarkKind::Node, host, NodeState::word(*to));
            }
            What::Leads { node } => {
                let host = store.node(*node).map_or(Rc::default(), |node| node.description.hostname.as_str().into());
                self.mark(id, event, MarkKind::Node, host, "leader");
            }
            What::TaskCreated { task, service, slot } => {
                let bar = self.bar(*task, *service, *slot, world);
                self.places.insert(*task, self.bars.len());
                self.bars.push(Bar { event: id, from: event.at, ..bar });
            }
            What::TaskState { task, to, .. } => {
                self.stage(id, event.at, *task, stage_of(*to), world);
                if matches!(to, TaskState::Failed | TaskState::Rejected) {
                    let about = store.task(*task).map_or_else(String::new, |task| task.name());
                    self.mark(id, event, MarkKind::Failure, about.into(), to.word());
                }
            }
            What::AgentActs { task } if matches!(event.rule, Rule::LeavesMesh { .. } | Rule::StopSignal { .. }) => {
                self.stage(id, event.at, *task, Stage::Leaving, world);
            }
            _ => {}
        }
        if let Rule::LaneTakesSlot { slot, .. } = event.rule {
            let seen = |mark: &&Mark| mark.at == event.at && mark.kind == MarkKind::Lane;
            if !self.marks.iter().rev().take_while(|mark| mark.at == event.at).any(|mark| seen(&mark)) {
                self.mark(id, event, MarkKind::Lane, slot.to_string().into(), "");
            }
        }
    }

    fn mark(&mut self, id: EventId, event: &Event, kind: MarkKind, about: Rc<str>, word: &'static str) {
        let verdict = match event.rule {
            Rule::TooManyFailures { failures, dirty_slots, max_failure_ratio, action, .. } => {
                Some(Verdict { failures, dirty_slots, max_failure_ratio, action })
            }
            _ => None,
        };
        self.marks.push(Mark { event: id, at: event.at, kind, about, word, verdict });
    }

    fn bar(&self, id: TaskId, of: ServiceId, slot: u64, world: &World) -> Bar {
        let older = self.bars.iter().rev().find(|bar| bar.of == of);
        let task = world.store().task(id);
        // Who looks seldom may find it gone already.
        let version = task.map(|task| version_of(&task.spec.container.image, &images_of(of, world)));
        Bar {
            id,
            of,
            event: EventId(0),
            service: task
                .map(|task| (*task.service_name).into())
                .or(older.map(|bar| Rc::clone(&bar.service)))
                .unwrap_or_default(),
            slot,
            node: Rc::default(),
            version: version.or(older.map(|bar| bar.version)).unwrap_or(0),
            from: 0,
            stages: Vec::new(),
        }
    }

    fn stage(&mut self, event: EventId, at: Ms, task: TaskId, stage: Stage, world: &World) {
        let Some(bar) = self.places.get(&task).and_then(|place| self.bars.get_mut(*place)) else { return };
        if bar.node.is_empty()
            && let Some(node) = world.store().task(task).and_then(|task| task.node)
            && let Some(node) = world.store().node(node)
        {
            bar.node = node.description.hostname.as_str().into();
        }
        if bar.stages.last().map(|(.., last)| *last) != Some(stage) {
            bar.stages.push((event, at, stage));
        }
    }
}

fn stage_of(state: TaskState) -> Stage {
    match state {
        TaskState::Running => Stage::Serving,
        TaskState::Failed | TaskState::Rejected => Stage::Failed,
        state if state < TaskState::Running => Stage::Coming,
        _ => Stage::Ended,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    /// A world in which somebody acts.
    fn world(deeds: &[(Ms, &str)]) -> World {
        let mut world = World::new(&Scenario::lab(), 1);
        for (at, deed) in deeds {
            world.advance(*at);
            world.act(&crate::action::Action::read(deed).expect("it is an action")).expect("it can be done");
        }
        world
    }

    #[test]
    fn what_was_read_once_is_not_read_again_and_a_new_future_forgets_the_old() {
        let early = world(&[(1_000, "power-off node2")]);
        let mut late = early.clone();
        late.advance(60_000);
        let mut chronicle = Chronicle::default();
        assert!(chronicle.read(&late));
        assert!(!chronicle.read(&late));
        let words: Vec<&str> = chronicle.marks.iter().map(|mark| mark.word).filter(|word| !word.is_empty()).collect();
        assert_eq!(words.last(), Some(&"down"), "{words:?}");
        chronicle.forget_future(&early);
        assert!(chronicle.marks.iter().all(|mark| mark.at <= 1_000), "{:?}", chronicle.marks);
        assert!(chronicle.read(&late), "the same future comes again");
    }
}
