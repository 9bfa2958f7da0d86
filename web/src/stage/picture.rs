//! What the stage draws, as plain data: which task is a cell in which box, which is a mark of history, what is said
//! under it. A function of a snapshot and of `now`; the components beside it only draw it. What is as it was in the
//! picture before is taken over from there, and shared with it, so that nobody need draw it again.

use std::ops::Range;
use std::rc::Rc;

use swarmyard_core::model::TaskState;
use swarmyard_core::snapshot::{Node, Service, Snapshot, Task, Version};
use swarmyard_core::time::Ms;

use super::crowd::{self, Crowd};
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) nodes: Vec<Rc<NodeBox>>,
    /// By service and slot, where that is the view.
    pub(crate) slots: Vec<Rc<SlotBox>>,
    /// Tasks that no node was chosen for.
    pub(crate) unplaced: Rc<Tasks>,
    pub(crate) size: Size,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NodeBox {
    pub(crate) node: Rc<Node>,
    pub(crate) tasks: Rc<Tasks>,
}

/// One slot of a service: two live tasks in it share the place of one. Where there are very many, a hundred of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SlotBox {
    pub(crate) service: String,
    /// Its number, or the node of a task without one; of many, the first and the last.
    pub(crate) title: String,
    pub(crate) tasks: Rc<Tasks>,
}

/// The tasks of one box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tasks {
    pub(crate) cells: Vec<Rc<Cell>>,
    pub(crate) history: Vec<History>,
    /// All live tasks in a few strokes, where there are too many for cells.
    pub(crate) crowd: Option<Crowd>,
}

/// One task, drawn large.
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

impl Cell {
    /// Why it waits or failed, in Swarm's words.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.key.task.error.as_deref().filter(|error| !error.is_empty())
    }

    /// Whether it looks the same until something happens to its task.
    fn rests(&self) -> bool {
        self.percent.is_none() && self.retry.is_none() && self.monitor.is_none()
    }
}

/// A task with the word of its version; of it come keys, and what tests and readers of labels tell tasks apart by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) task: Rc<Task>,
    pub(crate) tag: String,
}

/// The ended tasks of one slot in one box, oldest first; of all its slots together, without a label, where many have
/// any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct History {
    pub(crate) label: String,
    pub(crate) marks: Vec<Mark>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) key: Key,
    pub(crate) look: Look,
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

    /// What fills or runs out goes on by about a pixel: in so many percent.
    fn step(self) -> u8 {
        match self {
            Size::Large | Size::Medium => 1,
            Size::Small => 2,
            Size::Tiny => 4,
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
const CELLS: u64 = 1_000;

/// The picture of `snapshot` at `now`, as nobody has drawn one before.
#[cfg(test)]
pub(crate) fn picture(snapshot: &Snapshot, now: Ms, view: View) -> Rc<Picture> {
    Pictures::default().next(snapshot, now, view)
}

/// One picture after the other.
#[derive(Default)]
pub(crate) struct Pictures {
    drawn: Option<Drawn>,
}

/// What the last picture was made of.
struct Drawn {
    frame: Frame,
    boxes: Vec<Made>,
    picture: Rc<Picture>,
}

/// What every box depends on.
#[derive(PartialEq)]
struct Frame {
    view: View,
    crowded: bool,
    /// In which steps whatever fills or runs out goes on, in percent.
    step: u8,
    /// Whether the tasks are of several services.
    several: bool,
    services: Vec<ServiceLook>,
}

/// What a task's look depends on in its service.
#[derive(PartialEq)]
struct ServiceLook {
    versions: Vec<Version>,
    version: usize,
    /// When the rollout that goes on has begun.
    rollout: Option<Option<Ms>>,
}

/// The tasks of a box, and what they came to be.
#[derive(Default)]
struct Made {
    of: Vec<Rc<Task>>,
    tasks: Rc<Tasks>,
    /// Whether something in it moves with time.
    moves: bool,
}

/// What a picture is made of.
struct Scene<'a> {
    snapshot: &'a Snapshot,
    slots: Vec<Slot>,
    frame: &'a Frame,
    now: Ms,
}

/// Tasks of one slot: neighbours in the order of a snapshot, the newest first.
struct Slot {
    tasks: Range<usize>,
    /// The next try: since when it is waited for, and until when.
    retry: Option<(Ms, Ms)>,
}

impl Pictures {
    pub(crate) fn next(&mut self, snapshot: &Snapshot, now: Ms, view: View) -> Rc<Picture> {
        // By what is wanted: while tasks are replaced, there are now more of them and now less.
        let wanted: u64 = snapshot.services.iter().map(|service| service.desired).sum();
        let crowded = wanted > CELLS || snapshot.tasks.iter().filter(|task| task.live).count() as u64 > 2 * CELLS;
        let frame = Frame {
            view,
            crowded,
            step: step(view, wanted, snapshot.nodes.len()),
            several: several_services(&snapshot.tasks),
            services: snapshot.services.iter().map(ServiceLook::of).collect(),
        };
        let before = self.drawn.take().filter(|drawn| drawn.frame == frame);
        // Crowds by node need none.
        let slots = if crowded && view != View::Slots { Vec::new() } else { slots(&snapshot.tasks, now) };
        let scene = Scene { snapshot, slots, frame: &frame, now };
        let (boxes, titles) = if view == View::Slots { scene.by_slot() } else { (scene.by_node(), Vec::new()) };
        let old = |place: usize| before.as_ref().and_then(|drawn| drawn.boxes.get(place));
        let boxes: Vec<Made> = boxes.iter().enumerate().map(|(place, tasks)| scene.made(tasks, old(place))).collect();
        let of = |place: usize| Rc::clone(&boxes[place].tasks);
        let fullest = boxes.iter().map(|made| made.tasks.cells.len()).max().unwrap_or(0);
        let old = before.map(|drawn| drawn.picture);
        let picture = if view == View::Slots {
            let named = titles.into_iter().enumerate();
            let slots: Vec<Rc<SlotBox>> = named
                .map(|(place, (service, title))| {
                    let new = SlotBox { service, title, tasks: of(place) };
                    kept(old.as_ref().and_then(|old| old.slots.get(place)), new)
                })
                .collect();
            let size = Size::of_slots(slots.len());
            Picture { nodes: Vec::new(), slots, unplaced: Rc::default(), size }
        } else {
            let nodes = snapshot.nodes.iter().enumerate().map(|(place, node)| {
                let new = NodeBox { node: Rc::clone(node), tasks: of(place) };
                kept(old.as_ref().and_then(|old| old.nodes.get(place)), new)
            });
            let nodes = nodes.collect();
            Picture { nodes, slots: Vec::new(), unplaced: of(boxes.len() - 1), size: Size::of(fullest) }
        };
        let picture = kept(old.as_ref(), picture);
        self.drawn = Some(Drawn { frame, boxes, picture: Rc::clone(&picture) });
        picture
    }
}

/// By how large cells are where tasks are spread evenly; smaller they may be.
fn step(view: View, wanted: u64, nodes: usize) -> u8 {
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    if view == View::Slots { Size::of_slots(wanted).step() } else { Size::of(wanted / nodes.max(1)).step() }
}

/// The old one, if the new one is like it.
fn kept<T: PartialEq>(old: Option<&Rc<T>>, new: T) -> Rc<T> {
    old.filter(|old| ***old == new).map_or_else(|| Rc::new(new), Rc::clone)
}

impl ServiceLook {
    fn of(service: &Service) -> ServiceLook {
        let begun = service.update.as_ref().and_then(|update| update.started);
        ServiceLook {
            versions: service.versions.clone(),
            version: service.version,
            rollout: service.rollout.is_some().then_some(begun),
        }
    }
}

fn slots(tasks: &[Rc<Task>], now: Ms) -> Vec<Slot> {
    let mut begin = 0;
    let slots = tasks.chunk_by(|one, other| same_slot(one, other)).map(|tasks| {
        let mut waits = tasks.iter().filter_map(|task| Some((task.created, task.starts_at?)));
        let slot = Slot { tasks: begin..begin + tasks.len(), retry: waits.find(|(_, at)| *at > now) };
        begin += tasks.len();
        slot
    });
    slots.collect()
}

impl Scene<'_> {
    /// Which tasks are in which box: a box for each node, and one for tasks without.
    fn by_node(&self) -> Vec<Vec<usize>> {
        let mut boxes: Vec<Vec<usize>> = vec![Vec::new(); self.snapshot.nodes.len() + 1];
        let unplaced = self.snapshot.nodes.len();
        for (index, task) in self.snapshot.tasks.iter().enumerate() {
            boxes[task.on.unwrap_or(unplaced)].push(index);
        }
        boxes
    }

    /// A box for each slot, or for each [`crowd::BLOCK`] of them where there are very many; with the names of service
    /// and box.
    #[inline(never)]
    fn by_slot(&self) -> (Vec<Vec<usize>>, Vec<(String, String)>) {
        let task = |slot: &Slot| &*self.snapshot.tasks[slot.tasks.start];
        let together = |one: &Slot, other: &Slot| {
            let block = |slot| crowd::place(task(slot).slot).map(|place| place / crowd::BLOCK);
            self.frame.crowded && task(one).of == task(other).of && block(one) == block(other)
        };
        let name = |slot: &Slot| match task(slot) {
            task if task.slot == 0 => task.node.clone().unwrap_or_default(),
            task => task.slot.to_string(),
        };
        let boxes = self.slots.chunk_by(together).map(|slots| {
            let (first, last) = (&slots[0], &slots[slots.len() - 1]);
            let title = if slots.len() > 1 { [&name(first), "–", &name(last)].concat() } else { name(first) };
            ((first.tasks.start..last.tasks.end).collect(), (task(first).service.clone(), title))
        });
        boxes.unzip()
    }

    fn slot_of(&self, index: usize) -> &Slot {
        &self.slots[self.slots.partition_point(|slot| slot.tasks.end <= index)]
    }

    /// What a box shows of its tasks; as much of the old one as holds still.
    fn made(&self, tasks: &[usize], old: Option<&Made>) -> Made {
        if tasks.is_empty() { Made::default() } else { self.gathered(tasks, old) }
    }

    #[inline(never)]
    fn gathered(&self, tasks: &[usize], old: Option<&Made>) -> Made {
        let of = |index: &usize| &self.snapshot.tasks[*index];
        let same = |old: &&Made| {
            old.of.len() == tasks.len() && old.of.iter().zip(tasks).all(|(old, index)| Rc::ptr_eq(old, of(index)))
        };
        // The try that a cell waits for may be in another box.
        let waits = |index: &usize| !self.frame.crowded && self.slot_of(*index).retry.is_some();
        if let Some(old) = old.filter(same).filter(|old| !old.moves && !tasks.iter().any(waits)) {
            return Made { of: old.of.clone(), tasks: Rc::clone(&old.tasks), moves: false };
        }
        let mut moves = false;
        let mut gathered = Gathering::default();
        let mut resting = old.map_or(&[][..], |old| &old.tasks.cells);
        for slot in tasks.chunk_by(|one, other| same_slot(of(one), of(other))) {
            for index in slot.iter().rev() {
                let task = of(index);
                let service = self.snapshot.services.get(task.of);
                let newest = index.checked_sub(1).is_none_or(|newer| !same_slot(of(&newer), task));
                if !(task.live || (newest && service.is_some())) {
                    gathered.past(task, service);
                } else if self.frame.crowded {
                    gathered.crowd.add(task, self.frame.view == View::Slots);
                } else {
                    let found = resting.iter().position(|cell| Rc::ptr_eq(&cell.key.task, task));
                    let old = found.map(|place| Rc::clone(&resting[place]));
                    resting = &resting[found.map_or(0, |place| place + 1)..];
                    let new = self.cell(task, service, self.slot_of(*index), old);
                    moves |= !new.rests();
                    gathered.tasks.cells.push(new);
                }
            }
        }
        let of = tasks.iter().map(|index| Rc::clone(of(index))).collect();
        Made { of, tasks: kept(old.map(|old| &old.tasks), gathered.done()), moves }
    }

    /// The cell of a task: the old one, if that is still true.
    fn cell(&self, task: &Rc<Task>, service: Option<&Service>, slot: &Slot, old: Option<Rc<Cell>>) -> Rc<Cell> {
        let monitor = self.monitor(task, service);
        let rests = task.until.is_none() && slot.retry.is_none() && monitor.is_none();
        if let Some(old) = old.as_ref().filter(|old| rests && old.rests()) {
            return Rc::clone(old);
        }
        let now = self.now;
        let new = Cell {
            key: key(task, service),
            label: label(task),
            service: (self.frame.several && self.frame.view != View::Slots).then(|| task.service.clone()),
            look: Look::of(task),
            percent: task.until.map(|until| self.percent(task.since, until)),
            retry: slot.retry.map(|(since, at)| (self.percent(since, at), seconds_left(at, now))),
            monitor,
        };
        kept(old.as_ref(), new)
    }

    /// Before it runs, any end of a task of the version that is rolled out counts; then for the time of the monitor.
    fn monitor(&self, task: &Task, service: Option<&Service>) -> Option<u8> {
        if let Some(until) = task.monitored_until {
            return (until > self.now).then(|| 100 - self.percent(task.since, until));
        }
        let service = service.filter(|service| service.rollout.is_some() && service.version == task.version)?;
        let new =
            service.update.as_ref().and_then(|update| update.started).is_some_and(|started| task.created >= started);
        (new && task.live && task.state < TaskState::Running).then_some(100)
    }

    fn percent(&self, since: Ms, until: Ms) -> u8 {
        let percent = percent(since, until, self.now);
        percent - percent % self.frame.step
    }
}

/// The tasks of a box while they are being put together.
#[derive(Default)]
struct Gathering {
    tasks: Tasks,
    crowd: Crowd,
}

impl Gathering {
    fn past(&mut self, task: &Rc<Task>, service: Option<&Service>) {
        let mark = Mark { key: key(task, service), look: Look::of(task) };
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
        self.tasks.crowd = self.crowd.done();
        self.tasks
    }
}

impl History {
    /// Whether a task belongs to the slot of these.
    fn of(&self, task: &Task) -> bool {
        self.marks.last().is_some_and(|mark| mark.key.task.slot == task.slot && mark.key.task.name == task.name)
    }
}

fn key(task: &Rc<Task>, service: Option<&Service>) -> Key {
    let tag = service.and_then(|service| service.versions.get(task.version)).map(|version| version.tag.clone());
    Key { task: Rc::clone(task), tag: tag.unwrap_or_default() }
}

fn label(task: &Task) -> String {
    if task.slot == 0 { task.service.clone() } else { format!(".{}", task.slot) }
}

/// Whether two neighbours of `docker service ps` share a slot; tasks of a global service share a node.
fn same_slot(one: &Task, other: &Task) -> bool {
    one.of == other.of && one.slot == other.slot && (one.slot != 0 || one.name == other.name)
}

fn several_services(tasks: &[Rc<Task>]) -> bool {
    tasks.first().is_some_and(|first| tasks.iter().any(|task| task.service != first.service))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{finished, paused, start, task, unplaced, updating};

    fn cells<'a>(picture: &'a Picture, node: &str) -> &'a [Rc<Cell>] {
        &picture.nodes.iter().find(|found| found.node.hostname == node).expect("in the sample").tasks.cells
    }

    #[test]
    fn each_task_is_either_a_cell_or_a_mark() {
        let views =
            [start(), paused(), finished(), unplaced()].into_iter().zip([View::Nodes, View::Slots].into_iter().cycle());
        for (snapshot, view) in views.chain([(paused(), View::Nodes), (finished(), View::Nodes)]) {
            let picture = picture(&snapshot, snapshot.now, view);
            let slots = picture.slots.iter().map(|slot| &*slot.tasks);
            let boxes = picture.nodes.iter().map(|node| &*node.tasks).chain([&*picture.unplaced]).chain(slots);
            let mut ids: Vec<&str> = boxes
                .flat_map(|tasks| {
                    let marks = tasks.history.iter().flat_map(|history| &history.marks).map(|mark| &mark.key);
                    tasks.cells.iter().map(|cell| &cell.key).chain(marks)
                })
                .map(|key| key.task.id.as_str())
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
        assert_eq!((cell.look, cell.key.tag.as_str(), cell.key.task.version), (Look::Rejected, "badversion", 1));
        assert_eq!(cell.reason(), Some("No such image: masungil/my-fastapi-whoami:badversion"));
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
        assert!(picture.unplaced.cells[0].reason().is_some_and(|reason| reason.contains("no suitable node")));
    }

    #[test]
    fn a_second_service_puts_names_on_the_cells() {
        let mut snapshot = start();
        assert_eq!(picture(&snapshot, 0, View::Nodes).nodes[0].tasks.cells[0].service, None);
        snapshot.tasks.push(task("other", 1, "manager", TaskState::Running).into());
        let names: Vec<_> =
            picture(&snapshot, 0, View::Nodes).nodes[0].tasks.cells.iter().map(|cell| cell.service.clone()).collect();
        assert_eq!(names, [Some("my-app".to_owned()), Some("other".to_owned())]);
    }

    #[test]
    fn the_history_of_many_slots_is_one_line() {
        let mut snapshot = start();
        snapshot.tasks = (1..=5).map(|slot| task("my-app", slot, "node1", TaskState::Running).into()).collect();
        let ended = snapshot.tasks.iter().map(|live| task("my-app", live.slot, "node1", TaskState::Shutdown).into());
        let both: Vec<Rc<Task>> = snapshot.tasks.iter().cloned().zip(ended).flat_map(|(new, old)| [new, old]).collect();
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
    fn more_than_a_thousand_tasks_are_drawn_as_crowds() {
        let mut snapshot = start();
        snapshot.tasks = (1..=1_200).map(|slot| task("my-app", slot, "node1", TaskState::Running).into()).collect();
        assert_eq!(picture(&snapshot, 0, View::Nodes).nodes[1].tasks.crowd, None, "few are wanted");
        snapshot.services[0].desired = 1_200;
        let nodes = picture(&snapshot, 0, View::Nodes);
        let crowd = nodes.nodes[1].tasks.crowd.as_ref().expect("there are many");
        assert_eq!((crowd.tasks.len(), crowd.strokes.len(), nodes.nodes[1].tasks.cells.len()), (1_200, 1, 0));
        let slots = picture(&snapshot, 0, View::Slots);
        let titles: Vec<&str> = slots.slots.iter().map(|slot| slot.title.as_str()).collect();
        assert_eq!((titles.len(), titles[0], titles[11]), (12, "1–100", "1101–1200"));
    }

    /// What a picture drawn after another one shares with it.
    #[test]
    fn what_is_as_before_is_not_made_again() {
        let (mut pictures, mut snapshot) = (Pictures::default(), updating());
        let before = pictures.next(&snapshot, 12_000, View::Nodes);
        let after = pictures.next(&snapshot, 12_500, View::Nodes);
        assert_eq!(after, picture(&snapshot, 12_500, View::Nodes));
        let shared = |one: &Picture, other: &Picture| -> Vec<bool> {
            one.nodes.iter().zip(&other.nodes).map(|(one, other)| Rc::ptr_eq(one, other)).collect()
        };
        assert_eq!(shared(&before, &after), [true, false, true], "what moves is on node1");
        Rc::make_mut(&mut snapshot.tasks[0]).in_service = false;
        let last = pictures.next(&snapshot, 12_500, View::Nodes);
        assert_eq!(last, picture(&snapshot, 12_500, View::Nodes));
        assert!(!shared(&after, &last)[0]);
        assert_eq!(pictures.next(&snapshot, 12_500, View::Slots), picture(&snapshot, 12_500, View::Slots));
    }

    #[test]
    fn what_moves_goes_on_by_a_pixel_of_its_cell() {
        // Between 11 and 13 s a task prepares: in 20 ms that is a percent of a large cell, and nothing of a tiny one.
        let drawn_again = |wanted| {
            let (mut pictures, mut snapshot) = (Pictures::default(), updating());
            snapshot.services[0].desired = wanted;
            let before = pictures.next(&snapshot, 12_000, View::Nodes);
            let [soon, later] = [12_020, 12_200].map(|now| pictures.next(&snapshot, now, View::Nodes));
            [!Rc::ptr_eq(&before, &soon), !Rc::ptr_eq(&soon, &later)]
        };
        assert_eq!(drawn_again(3), [true, true]);
        assert_eq!(drawn_again(300), [false, true]);
    }

    #[test]
    fn cells_shrink_when_a_box_fills() {
        let sizes: Vec<u8> = [1, 7, 13, 31].map(|cells| Size::of(cells).pixels()).into();
        assert_eq!(sizes, [84, 64, 44, 24]);
    }
}
