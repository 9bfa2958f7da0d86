//! Looks at a world again and again: what nothing has happened to since the last look is taken over from that one,
//! and shared with it, so that a view sees at once what is new. The record of events tells what has happened.

use std::rc::Rc;

use super::build::{Eye, by_name, images_of, service, tasks_of};
use super::news::{News, Seen};
use super::{Snapshot, Task};
use crate::collections::{Map, Set};
use crate::id::{ServiceId, TaskId};
use crate::model::Node;
use crate::time::Ms;
use crate::world::World;

#[derive(Clone, Default)]
pub struct Watch {
    latest: Rc<Snapshot>,
    /// How many inputs the session had had by then, and what had happened; `None`: nothing was seen yet.
    seen: Option<(usize, Seen)>,
    /// The nodes as they were then, and which machines were on.
    nodes: Vec<(Rc<Node>, bool)>,
}

impl Watch {
    /// What can be seen of `world` at `now`, after so many inputs. It must have gone on from where it was at the last
    /// look, unless that was forgotten.
    pub(crate) fn look(&mut self, world: &World, inputs: usize, now: Ms) -> Rc<Snapshot> {
        let same_nodes = self.same_nodes(world);
        let seen = self.seen.filter(|(before, _)| same_nodes && *before == inputs);
        let slots = seen.and_then(|(_, seen)| slots(seen, now, &self.latest, world));
        let snapshot = match slots {
            Some(slots) => {
                let tasks = tasks(&self.latest, &slots, world);
                let services = by_name(world).into_iter().enumerate().map(|(of, found)| {
                    let images = images_of(found.id, world);
                    service(found, tasks_of(&tasks, of), &images, world)
                });
                Snapshot {
                    now,
                    nodes: self.latest.nodes.clone(),
                    services: services.collect(),
                    registry_up: world.registry_up(),
                    tasks,
                }
            }
            None => Snapshot { now, ..Snapshot::of(world) },
        };
        self.seen = Some((inputs, Seen::all(world)));
        self.latest = Rc::new(snapshot);
        Rc::clone(&self.latest)
    }

    /// Whether nothing has happened to nodes; if something has, they are known from now on.
    fn same_nodes(&mut self, world: &World) -> bool {
        let nodes =
            || world.store().nodes().map(|node| (node, world.agent(node.id).is_some_and(|agent| agent.powered)));
        let mut known = self.nodes.iter();
        let same = |(node, on): (&Rc<Node>, bool)| {
            known.next().is_some_and(|(before, was_on)| Rc::ptr_eq(node, before) && on == *was_on)
        };
        let all = nodes().all(same) && known.next().is_none();
        if !all {
            self.nodes = nodes().map(|(node, on)| (Rc::clone(node), on)).collect();
        }
        all
    }

    /// The next look is at another session, or at another moment of it.
    pub fn forget(&mut self) {
        self.seen = None;
    }
}

/// Slots as tasks of a snapshot are ordered: the place of the service, the slot.
type Slots = Set<(usize, u64)>;

/// The slots in which something happened between two looks; `None` if more happened than that.
fn slots(seen: Seen, at: Ms, latest: &Snapshot, world: &World) -> Option<Slots> {
    if latest.services.iter().any(|service| service.removed) {
        return None;
    }
    let news = News::since(seen, world)?;
    let places: Map<ServiceId, usize> =
        by_name(world).iter().enumerate().map(|(place, service)| (service.id, place)).collect();
    let mut slots = Slots::new();
    let mut gone = Vec::new();
    for id in news.tasks.iter() {
        match world.store().task(*id) {
            Some(task) => drop(slots.insert((*places.get(&task.service)?, task.slot))),
            None => gone.push(id.as_str()),
        }
    }
    let changed: Vec<usize> = news.services.iter().filter_map(|id| places.get(id).copied()).collect();
    // Besides, what changes as time passes, and what the updater and the restart supervisor know without a word of it.
    let passed = |until: Option<Ms>| until.is_some_and(|until| until <= at);
    let engine = world.engine_state();
    let told_otherwise = |task: &Task| {
        let (starts, watched) = TaskId::parse(&task.id).map_or((None, None), |id| {
            let update = world.store().task(id).and_then(|task| engine.updater.update_of(task.service));
            (engine.restart.starts_at(id), update.and_then(|update| update.monitored_until(id)))
        });
        task.starts_at != starts || task.monitored_until != watched
    };
    let restless = |task: &Task| {
        passed(task.until)
            || task.since >= latest.now
            || (task.monitored_until.is_some() || task.starts_at.is_some()) && told_otherwise(task)
    };
    let others = latest.tasks.iter().filter(|task| {
        restless(task) || changed.contains(&task.of) || (!gone.is_empty() && gone.contains(&task.id.as_str()))
    });
    slots.extend(others.map(|task| (task.of, task.slot)));
    Some(slots)
}

/// The tasks as they are now: those in `slots` anew.
fn tasks(latest: &Snapshot, slots: &Slots, world: &World) -> Vec<Rc<Task>> {
    let old = &latest.tasks;
    let eye = Eye { world, nodes: &latest.nodes };
    let services = by_name(world);
    let images: Vec<Vec<String>> = services.iter().map(|service| images_of(service.id, world)).collect();
    let mut tasks = Vec::with_capacity(old.len() + slots.len());
    let mut copied = 0;
    for place in slots {
        let until = |slot: &(usize, u64)| old.partition_point(|task| (task.of, task.slot) < *slot);
        let (from, to) = (until(place), until(&(place.0, place.1 + 1)));
        tasks.extend_from_slice(&old[copied..from]);
        copied = to;
        let stored = world.store().tasks_of_slot(services[place.0].id, place.1);
        let anew = eye.tasks_of(stored, place.0, &images[place.0]).into_iter();
        // Of a global service, a slot is all of it: most of that is as it was.
        tasks.extend(anew.enumerate().map(|(at, task)| match old[from..to].get(at) {
            Some(same) if *same == task => Rc::clone(same),
            _ => old[from..to].iter().find(|same| **same == task).map_or(task, Rc::clone),
        }));
    }
    tasks.extend_from_slice(&old[copied..]);
    tasks
}
