//! What the stage draws, as plain data: which task is a cell in which box, which is a mark of history, what is said
//! under it. A pure function of a snapshot and of `now`; the components beside it only draw it.

use swarmyard_core::model::{Availability, NodeState, Role, TaskState};
use swarmyard_core::snapshot::{Node, Service, Snapshot, Task};
use swarmyard_core::time::Ms;

use super::crowd::Crowd;
use super::look::{Look, percent, seconds_left};

/// By what tasks are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Nodes,
    Slots,
    /// No picture: tables.
    Tables,
}

impl View {
    pub(crate) const ALL: [View; 3] = [View::Nodes, View::Slots, View::Tables];
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture {
    pub(crate) nodes: Vec<NodeBox>,
    /// By service and slot, where that is the view.
    pub(crate) slots: Vec<SlotBox>,
    /// Tasks that no node was chosen for.
    pub(crate) unplaced: Tasks,
    pub(crate) size: Size,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NodeBox {
    pub(crate) hostname: String,
    pub(crate) state: NodeState,
    pub(crate) availability: Availability,
    pub(crate) role: Role,
    pub(crate) leader: bool,
    pub(crate) powered: bool,
    pub(crate) tasks: Tasks,
}

/// One slot of a service: two live tasks in it share the place of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SlotBox {
    pub(crate) service: String,
    /// Its number, or the node of a task without one.
    pub(crate) title: String,
    pub(crate) tasks: Tasks,
}

/// The tasks of one box.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tasks {
    pub(crate) cells: Vec<Cell>,
    pub(crate) history: Vec<History>,
    /// All live tasks in a few strokes, where there are too many for cells.
    pub(crate) crowd: Option<Crowd>,
}

/// One task, drawn large.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(crate) key: Key,
    /// `.3`; the service's name for tasks without a slot.
    pub(crate) label: String,
    /// The service's name where the picture holds several services.
    pub(crate) service: Option<String>,
    pub(crate) look: Look,
    /// How far the state has come, where its end is known.
    pub(crate) percent: Option<u8>,
    /// How much of the wait for the next try is over, and the seconds that are left.
    pub(crate) retry: Option<(u8, String)>,
    /// How much is left of the time in which its end counts as a failure of the update; 100 before it runs.
    pub(crate) monitor: Option<u8>,
    /// Why it waits or failed, in Swarm's words.
    pub(crate) reason: Option<String>,
}

/// What tells a task apart, for keys, for tests and for a reader of labels.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) slot: u64,
    pub(crate) node: String,
    pub(crate) tag: String,
    /// Which colour: the index of the version among those of its service.
    pub(crate) hue: usize,
    pub(crate) state: TaskState,
    pub(crate) live: bool,
}

/// The ended tasks of one slot in one box, oldest first; of all its slots together, without a label, where many have
/// any.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct History {
    pub(crate) label: String,
    pub(crate) marks: Vec<Mark>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    pub(crate) key: Key,
    pub(crate) look: Look,
    pub(crate) reason: Option<String>,
}

/// How large cells are drawn: by how many share the fullest box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    Large,
    Medium,
    Small,
    Tiny,
}

impl Size {
    fn of(cells: usize) -> Size {
        match cells {
            0..=6 => Size::Large,
            7..=12 => Size::Medium,
            13..=30 => Size::Small,
            _ => Size::Tiny,
        }
    }

    /// Where each box is a slot: by how many slots there are.
    fn of_slots(slots: usize) -> Size {
        match slots {
            0..=24 => Size::Large,
            25..=60 => Size::Medium,
            61..=150 => Size::Small,
            _ => Size::Tiny,
        }
    }

    /// The side of a cell in CSS pixels.
    pub(crate) fn pixels(self) -> u8 {
        match self {
            Size::Large => 84,
            Size::Medium => 64,
            Size::Small => 44,
            Size::Tiny => 24,
        }
    }
}

/// How many slots of a box may have a line of history each.
const HISTORIES: usize = 4;

/// More tasks than this are drawn as crowds.
const CELLS: usize = 400;

/// The picture of `snapshot` at `now`.
pub(crate) fn picture(snapshot: &Snapshot, now: Ms, view: View) -> Picture {
    let several = several_services(&snapshot.tasks);
    let crowded = snapshot.tasks.iter().filter(|task| task.live).count() > CELLS;
    let by_slot = view == View::Slots;
    let mut nodes: Vec<NodeBox> = snapshot.nodes.iter().map(node_box).collect();
    let mut unplaced = Gathering::default();
    let mut gathered: Vec<Gathering> = nodes.iter().map(|_| Gathering::default()).collect();
    let mut slots = Vec::new();
    for slot in snapshot.tasks.chunk_by(same_slot) {
        let mut own = Gathering::default();
        for (age, task) in slot.iter().enumerate().rev() {
            let place = if by_slot {
                &mut own
            } else {
                let node = nodes.iter().position(|node| Some(&node.hostname) == task.node.as_ref());
                node.map_or(&mut unplaced, |node| &mut gathered[node])
            };
            let service = snapshot.services.get(task.of);
            if !(task.live || (age == 0 && service.is_some())) {
                place.past(task, service);
            } else if crowded {
                place.crowd.add(task);
            } else {
                place.tasks.cells.push(cell(task, service, slot, several && !by_slot, now));
            }
        }
        if by_slot {
            let title =
                if slot[0].slot == 0 { slot[0].node.clone().unwrap_or_default() } else { slot[0].slot.to_string() };
            slots.push(SlotBox { service: slot[0].service.clone(), title, tasks: own.done() });
        }
    }
    for (node, gathering) in nodes.iter_mut().zip(gathered) {
        node.tasks = gathering.done();
    }
    let boxes = nodes.iter().map(|node| &node.tasks).chain(slots.iter().map(|slot| &slot.tasks));
    let fullest = boxes.map(|tasks| tasks.cells.len()).max().unwrap_or(0);
    let size = if by_slot { Size::of_slots(slots.len()) } else { Size::of(fullest) };
    Picture { nodes, slots, unplaced: unplaced.done(), size }
}

/// The tasks of a box while they are being put together.
#[derive(Default)]
struct Gathering {
    tasks: Tasks,
    crowd: Crowd,
}

impl Gathering {
    fn past(&mut self, task: &Task, service: Option<&Service>) {
        let mark = Mark { key: key(task, service), look: Look::of(task), reason: task.error.clone() };
        match self.tasks.history.last_mut() {
            Some(history) if history.of(task) => history.marks.push(mark),
            _ => self.tasks.history.push(History { label: label(task), marks: vec![mark] }),
        }
    }

    fn done(mut self) -> Tasks {
        if self.tasks.history.len() > HISTORIES {
            let marks = self.tasks.history.into_iter().flat_map(|history| history.marks).collect();
            self.tasks.history = vec![History { label: String::new(), marks }];
        }
        self.tasks.crowd = (!self.crowd.ids.is_empty()).then_some(self.crowd);
        self.tasks
    }
}

impl History {
    /// Whether a task belongs to the slot of these.
    fn of(&self, task: &Task) -> bool {
        self.marks.last().is_some_and(|mark| mark.key.slot == task.slot && mark.key.name == task.name)
    }
}

fn node_box(node: &Node) -> NodeBox {
    NodeBox {
        hostname: node.hostname.clone(),
        state: node.state,
        availability: node.availability,
        role: node.role,
        leader: node.leader,
        powered: node.powered,
        tasks: Tasks::default(),
    }
}

fn cell(task: &Task, service: Option<&Service>, slot: &[Task], several: bool, now: Ms) -> Cell {
    let retry = slot.iter().filter_map(|task| Some((task.created, task.starts_at?))).find(|(_, at)| *at > now);
    Cell {
        key: key(task, service),
        label: label(task),
        service: several.then(|| task.service.clone()),
        look: Look::of(task),
        percent: task.until.map(|until| percent(task.since, until, now)),
        retry: retry.map(|(since, at)| (percent(since, at, now), seconds_left(at, now))),
        monitor: monitor(task, service, now),
        reason: task.error.clone().filter(|error| !error.is_empty()),
    }
}

/// Before it runs, any end of a task of the version that is rolled out counts; then for the time of the monitor.
fn monitor(task: &Task, service: Option<&Service>, now: Ms) -> Option<u8> {
    if let Some(until) = task.monitored_until {
        return (until > now).then(|| 100 - percent(task.since, until, now));
    }
    let service = service.filter(|service| service.rollout.is_some() && service.version == task.version)?;
    let new = service.update.as_ref().and_then(|update| update.started).is_some_and(|started| task.created >= started);
    (new && task.live && task.state < TaskState::Running).then_some(100)
}

fn key(task: &Task, service: Option<&Service>) -> Key {
    let tag = service.and_then(|service| service.versions.get(task.version)).map(|version| version.tag.clone());
    Key {
        id: task.id.clone(),
        name: task.name.clone(),
        slot: task.slot,
        node: task.node.clone().unwrap_or_default(),
        tag: tag.unwrap_or_default(),
        hue: task.version,
        state: task.state,
        live: task.live,
    }
}

fn label(task: &Task) -> String {
    if task.slot == 0 { task.service.clone() } else { format!(".{}", task.slot) }
}

/// Whether two neighbours of `docker service ps` share a slot; tasks of a global service share a node.
fn same_slot(one: &Task, other: &Task) -> bool {
    one.of == other.of && one.slot == other.slot && (one.slot != 0 || one.name == other.name)
}

fn several_services(tasks: &[Task]) -> bool {
    tasks.first().is_some_and(|first| tasks.iter().any(|task| task.service != first.service))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{finished, paused, start, task, unplaced, updating};

    fn cells<'a>(picture: &'a Picture, node: &str) -> &'a [Cell] {
        &picture.nodes.iter().find(|found| found.hostname == node).expect("in the sample").tasks.cells
    }

    #[test]
    fn each_task_is_either_a_cell_or_a_mark() {
        let views =
            [start(), paused(), finished(), unplaced()].into_iter().zip([View::Nodes, View::Slots].into_iter().cycle());
        for (snapshot, view) in views.chain([(paused(), View::Nodes), (finished(), View::Nodes)]) {
            let picture = picture(&snapshot, snapshot.now, view);
            let slots = picture.slots.iter().map(|slot| &slot.tasks);
            let boxes = picture.nodes.iter().map(|node| &node.tasks).chain([&picture.unplaced]).chain(slots);
            let mut ids: Vec<&str> = boxes
                .flat_map(|tasks| {
                    let marks = tasks.history.iter().flat_map(|history| &history.marks).map(|mark| &mark.key);
                    tasks.cells.iter().map(|cell| &cell.key).chain(marks)
                })
                .map(|key| key.id.as_str())
                .collect();
            ids.sort_unstable();
            let mut all: Vec<&str> = snapshot.tasks.iter().map(|task| task.id.as_str()).collect();
            all.sort_unstable();
            assert_eq!(ids, all);
        }
    }

    #[test]
    fn the_newest_failure_of_a_slot_stays_a_cell_with_its_reason() {
        let snapshot = paused();
        let picture = picture(&snapshot, snapshot.now, View::Nodes);
        let [cell] = cells(&picture, "node1") else { panic!("one cell: {:?}", cells(&picture, "node1")) };
        assert_eq!((cell.look, cell.key.tag.as_str(), cell.key.hue), (Look::Rejected, "badversion", 1));
        assert_eq!(cell.reason.as_deref(), Some("No such image: masungil/my-fastapi-whoami:badversion"));
        let (_, left) = cell.retry.as_ref().expect("a next try");
        assert_eq!(left, "3.6");
        let history = &picture.nodes[1].tasks.history;
        let looks: Vec<_> = history[0].marks.iter().map(|mark| mark.look).collect();
        assert_eq!(looks, [Look::Shutdown, Look::Rejected, Look::Rejected, Look::Rejected]);
    }

    #[test]
    fn when_the_slot_runs_again_its_failures_are_history() {
        let snapshot = finished();
        let picture = picture(&snapshot, snapshot.now, View::Nodes);
        let [cell] = cells(&picture, "node1") else { panic!("one cell") };
        assert_eq!((cell.look, cell.key.tag.as_str()), (Look::Serving, "latest"));
    }

    #[test]
    fn tasks_without_a_node_have_a_place_of_their_own() {
        let snapshot = unplaced();
        let picture = picture(&snapshot, snapshot.now, View::Nodes);
        assert_eq!(picture.unplaced.cells.len(), 1);
        assert!(picture.unplaced.cells[0].reason.as_deref().is_some_and(|reason| reason.contains("no suitable node")));
    }

    #[test]
    fn a_second_service_puts_names_on_the_cells() {
        let mut snapshot = start();
        assert_eq!(picture(&snapshot, 0, View::Nodes).nodes[0].tasks.cells[0].service, None);
        snapshot.tasks.push(task("other", 1, "manager", TaskState::Running));
        let names: Vec<_> =
            picture(&snapshot, 0, View::Nodes).nodes[0].tasks.cells.iter().map(|cell| cell.service.clone()).collect();
        assert_eq!(names, [Some("my-app".to_owned()), Some("other".to_owned())]);
    }

    #[test]
    fn the_history_of_many_slots_is_one_line() {
        let mut snapshot = start();
        snapshot.tasks = (1..=5).map(|slot| task("my-app", slot, "node1", TaskState::Running)).collect();
        let ended = snapshot.tasks.iter().map(|live| task("my-app", live.slot, "node1", TaskState::Shutdown));
        let both: Vec<Task> = snapshot.tasks.iter().cloned().zip(ended).flat_map(|(new, old)| [new, old]).collect();
        snapshot.tasks = both;
        let picture = picture(&snapshot, 0, View::Nodes);
        let [all] = picture.nodes[1].tasks.history.as_slice() else { panic!("one line") };
        assert_eq!((all.label.as_str(), all.marks.len()), ("", 5));
    }

    #[test]
    fn a_slot_holds_the_old_and_the_new_task_side_by_side() {
        let snapshot = updating();
        let picture = picture(&snapshot, snapshot.now, View::Slots);
        let titles: Vec<(&str, usize)> =
            picture.slots.iter().map(|slot| (slot.title.as_str(), slot.tasks.cells.len())).collect();
        assert_eq!(titles, [("1", 1), ("2", 2), ("3", 1)]);
        let new = &picture.slots[1].tasks.cells[1];
        assert_eq!((new.look, new.monitor), (Look::Preparing, Some(100)), "its end would count");
    }

    #[test]
    fn a_thousand_tasks_are_drawn_as_crowds() {
        let mut snapshot = start();
        snapshot.tasks = (1..=1_000).map(|slot| task("my-app", slot, "node1", TaskState::Running)).collect();
        let picture = picture(&snapshot, 0, View::Nodes);
        let crowd = picture.nodes[1].tasks.crowd.as_ref().expect("there are many");
        assert_eq!((crowd.ids.len(), crowd.strokes.len(), picture.nodes[1].tasks.cells.len()), (1_000, 1, 0));
    }

    #[test]
    fn cells_shrink_when_a_box_fills() {
        let sizes: Vec<u8> = [1, 7, 13, 31].map(|cells| Size::of(cells).pixels()).into();
        assert_eq!(sizes, [84, 64, 44, 24]);
    }
}
