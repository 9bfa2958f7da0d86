//! What changed when: services, tasks and nodes with the fields that the recordings' timelines have.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use swarmyard_core::model::{Mode, Node, Service, Task};
use swarmyard_core::session::Session;
use swarmyard_core::store::Store;
use swarmyard_core::world::World;

/// The changes seen so far.
#[derive(Default)]
pub(super) struct Changes {
    /// How the objects looked when they were last seen, by kind and id.
    seen: BTreeMap<(Kind, String), Value>,
    list: Vec<Value>,
    /// The store's index at the last look, which moves with every write.
    index: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Node,
    Service,
    Task,
}

impl Kind {
    const ALL: [(Kind, &str); 3] = [(Kind::Node, "nodes"), (Kind::Service, "services"), (Kind::Task, "tasks")];
}

impl Changes {
    /// Notes what has changed since the last look.
    pub(super) fn look(&mut self, session: &Session) {
        let world = session.world();
        let store = world.store();
        if self.index == Some(store.index()) {
            return;
        }
        self.index = Some(store.index());
        let mut objects = BTreeMap::new();
        objects.extend(store.nodes().map(|object| ((Kind::Node, object.id.to_string()), node(object))));
        objects.extend(store.services().map(|object| ((Kind::Service, object.id.to_string()), service(object, world))));
        objects.extend(store.tasks().map(|object| ((Kind::Task, object.id.to_string()), task(object, store, world))));
        let mut change = Map::new();
        for (kind, name) in Kind::ALL {
            let new = objects.iter().filter(|(key, object)| key.0 == kind && self.seen.get(*key) != Some(*object));
            let new: Vec<Value> = new.map(|(_, object)| object.clone()).collect();
            if !new.is_empty() {
                change.insert(name.to_owned(), Value::Array(new));
            }
        }
        let gone = self.seen.keys().filter(|key| key.0 == Kind::Task && !objects.contains_key(*key));
        let gone: Vec<Value> = gone.map(|(_, id)| json!(id)).collect();
        if !gone.is_empty() {
            change.insert("tasks_gone".to_owned(), Value::Array(gone));
        }
        if !change.is_empty() {
            change.insert("t".to_owned(), json!(super::seconds(session.now())));
            self.list.push(Value::Object(change));
        }
        self.seen = objects;
    }

    pub(super) fn finish(self) -> Vec<Value> {
        self.list
    }
}

fn node(node: &Node) -> Value {
    let labels: BTreeMap<_, _> = node.spec.labels.iter().collect();
    json!({
        "host": node.description.hostname,
        "state": node.status.state.word(),
        "msg": node.status.message,
        "avail": node.spec.availability.word(),
        "role": node.spec.role.word(),
        "labels": labels,
    })
}

fn service(service: &Service, world: &World) -> Value {
    let previous = service.previous_spec.as_ref();
    let mode = match service.spec.mode {
        Mode::Replicated { replicas } => json!({ "Replicated": { "Replicas": replicas } }),
        Mode::Global => json!({ "Global": {} }),
        Mode::GlobalJob => json!({ "GlobalJob": {} }),
        Mode::ReplicatedJob { max_concurrent, total_completions } => {
            json!({ "ReplicatedJob": { "MaxConcurrent": max_concurrent, "TotalCompletions": total_completions } })
        }
    };
    let update = service.update_status.as_ref().map(|status| {
        let mut update = Map::new();
        update.insert("State".to_owned(), json!(status.state.word()));
        update.insert("Message".to_owned(), json!(status.message));
        for (name, at) in [("StartedAt", status.started_at), ("CompletedAt", status.completed_at)] {
            update.extend(at.map(|at| (name.to_owned(), json!(stamp(world.unix_ms(at))))));
        }
        update
    });
    json!({
        "name": service.spec.name,
        "version": service.meta.version,
        "image": service.spec.task.container.image,
        "mode": mode,
        "force": service.spec.task.force_update,
        "prev": previous.is_some(),
        "prev_image": previous.map(|spec| &spec.task.container.image),
        "update": update,
        "updated_at": stamp(world.unix_ms(service.meta.updated)),
    })
}

fn task(task: &Task, store: &Store, world: &World) -> Value {
    let node = task.node.and_then(|id| store.node(id)).map(|node| &node.description.hostname);
    let job = task.job_iteration.map(|index| if index == 0 { json!({}) } else { json!({ "Index": index }) });
    json!({
        "id": task.id.as_str(),
        "svc": &*task.service_name,
        "slot": (task.slot != 0).then_some(task.slot),
        "node": node,
        "image": task.spec.container.image,
        "state": task.status.state.word(),
        "desired": task.desired.word(),
        "msg": &*task.status.message,
        "err": (!task.status.err.is_empty()).then_some(&*task.status.err),
        "exit": task.status.container.as_ref().map(|container| container.exit_code),
        "ts": stamp(world.unix_ms(task.status.timestamp)),
        "created": stamp_of(world.unix_ms(task.meta.created), task.meta.born),
        "version": task.meta.version,
        "force": task.spec.force_update,
        "job": job,
    })
}

/// A moment as the daemon's API writes it, always with nine digits: `2026-11-22T21:36:01.132000000Z`.
/// As [`stamp`], with the order of its coming as microseconds: what came in one millisecond stays in order.
fn stamp_of(unix_ms: u64, born: u64) -> String {
    stamp(unix_ms).replace("000000Z", &format!("{:03}000Z", born % 1_000))
}

fn stamp(unix_ms: u64) -> String {
    let (days, ms) = (unix_ms / 86_400_000, unix_ms % 86_400_000);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}000000Z", ms % 1_000)
}

/// Year, month and day of a day counted from 1970-01-01, in years of March to February, as leap days then come last.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + u64::from(month <= 2), month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_the_api_writes_them() {
        assert_eq!(stamp(0), "1970-01-01T00:00:00.000000000Z");
        assert_eq!(stamp(951_782_399_999), "2000-02-28T23:59:59.999000000Z");
        assert_eq!(stamp(951_782_400_000), "2000-02-29T00:00:00.000000000Z");
        assert_eq!(stamp(1_795_383_361_132), "2026-11-22T21:36:01.132000000Z");
    }
}
