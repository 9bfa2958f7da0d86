//! Time, the index and the record of events.

use super::{Found, Moment};
use crate::collections::Map;
use crate::event::{EventId, What};
use crate::id::TaskId;
use crate::model::TaskState;

pub(super) fn time(moment: &Moment, found: &mut Found) {
    if moment.world.now() < moment.seen.now {
        found.add(format!("it was {} ms before", moment.seen.now));
    }
}

pub(super) fn queue(moment: &Moment, found: &mut Found) {
    if let Some(at) = moment.world.next_at().filter(|at| *at <= moment.world.now()) {
        found.add(format!("something was to happen at {at} ms"));
    }
}

pub(super) fn index(moment: &Moment, found: &mut Found) {
    let (before, now) = (moment.seen.index, moment.world.store().index());
    if now < before {
        found.add(format!("{now} after {before}"));
    }
}

pub(super) fn causes(moment: &Moment, found: &mut Found) {
    let record = moment.world.store().record();
    for (id, event) in record.since(moment.seen.events) {
        let before = id.0.checked_sub(1).and_then(|before| record.get(EventId(before)));
        if event.at > moment.world.now() || before.is_some_and(|before| before.at > event.at) {
            found.add(format!("event {} is of {} ms", id.0, event.at));
        }
        if event.cause.is_some_and(|cause| cause >= id) {
            found.add(format!("event {} follows from {:?}, which is not before it", id.0, event.cause));
        }
    }
}

pub(super) fn caused(moment: &Moment, found: &mut Found) {
    for (id, event) in moment.world.store().record().since(moment.seen.events) {
        let from_outside = matches!(event.what, What::Start | What::Input { .. });
        if from_outside == event.cause.is_some() {
            found.add(format!("event {}, {:?}, follows from {:?}", id.0, event.what, event.cause));
        }
    }
}

/// Follows the tasks through the events since the last look, and holds the end against the store.
pub(super) fn tells_all(moment: &Moment, found: &mut Found) {
    let store = moment.world.store();
    let mut recorded = moment.seen.recorded.clone();
    for (id, event) in store.record().since(moment.seen.events) {
        if let What::TaskState { task, from, .. } = &event.what
            && recorded.get(task) != Some(from)
        {
            found.add(format!("event {} takes {task} from {from:?}, but it was {:?}", id.0, recorded.get(task)));
        }
        apply(&mut recorded, &event.what);
    }
    for task in store.tasks().filter(|task| recorded.get(&task.id) != Some(&task.status.state)) {
        found.add(format!("{} is {:?}, recorded {:?}", task.id, task.status.state, recorded.get(&task.id)));
    }
    for gone in recorded.keys().filter(|task| store.task(**task).is_none()) {
        found.add(format!("{gone} is gone without an event"));
    }
}

/// Applies one event. Returns whether a task was created.
pub(super) fn apply(recorded: &mut Map<TaskId, TaskState>, what: &What) -> bool {
    match what {
        What::TaskCreated { task, .. } => {
            recorded.insert(*task, TaskState::New);
            return true;
        }
        What::TaskState { task, to, .. } => drop(recorded.insert(*task, *to)),
        What::TaskRemoved { task } => drop(recorded.remove(task)),
        _ => {}
    }
    false
}
