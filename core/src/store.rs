//! The store: every object of the swarm, the index that counts its writes, and the list of what changed.
//!
//! Only `api` and the control loops of `engine` write it; the loops see what others wrote as [`Change`]s.
//! Models: swarmkit manager/state/store/memory.go. The index stands for the Raft index: one for all objects, moved by
//! every transaction.

mod changing;
mod notices;
mod objects;
mod runs;
mod stirred;

use crate::collections::{Map, Set};
use std::rc::Rc;

use crate::event::{Event, EventId, Record, Rule, START, What};
use crate::id::{ClusterId, FileId, NetworkId, NodeId, ServiceId, TaskId};
use crate::model::{Cluster, ClusterFile, ManagerStatus, Meta, Network, Node, Notice, Service, Task, TaskState};
use crate::time::Ms;

pub(crate) use changing::Changing;
pub(crate) use runs::{Run, Runs};
pub(crate) use stirred::Stirred;

/// What a write did, with the object as it was before (and for deletions, last).
#[derive(Clone, Debug)]
pub enum Change {
    ServiceCreated(ServiceId),
    ServiceUpdated(Rc<Service>),
    ServiceDeleted(Rc<Service>),
    TaskCreated(TaskId),
    TaskUpdated(Rc<Task>),
    TaskDeleted(Rc<Task>),
    NodeCreated(NodeId),
    NodeUpdated(Rc<Node>),
    NodeDeleted(Rc<Node>),
}

/// All objects of the swarm.
#[derive(Clone, Debug)]
pub struct Store {
    index: u64,
    cluster: Rc<Cluster>,
    services: Map<ServiceId, Rc<Service>>,
    tasks: Map<TaskId, Rc<Task>>,
    nodes: Map<NodeId, Rc<Node>>,
    networks: Map<NetworkId, Rc<Network>>,
    files: Map<FileId, Rc<ClusterFile>>,
    tasks_of_service: Map<ServiceId, Set<(u64, TaskId)>>,
    /// Every image that a service ever asked for, in the order of its asking; kept after the service is gone.
    images: Map<ServiceId, Vec<String>>,
    tasks_of_node: Map<NodeId, Set<TaskId>>,
    changing: Changing,
    runs: Runs,
    changes: Vec<(EventId, Change)>,
    record: Record,
    stirred: Stirred,
    notices: notices::Notices,
    /// What the writes of the current transaction follow from.
    cause: Option<EventId>,
    rule: Rule,
}

/// So many events had been recorded, and so many notices told, at some moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    events: usize,
    notices: usize,
}

impl Store {
    pub fn new(cluster: Cluster) -> Store {
        let mut record = Record::default();
        record.push(Event { at: 0, cause: None, what: What::Start, rule: Rule::Outside });
        Store {
            index: 8,
            cluster: Rc::new(cluster),
            services: Map::new(),
            tasks: Map::new(),
            nodes: Map::new(),
            networks: Map::new(),
            files: Map::new(),
            tasks_of_service: Map::new(),
            images: Map::new(),
            tasks_of_node: Map::new(),
            changing: Changing::default(),
            runs: Runs::default(),
            changes: Vec::new(),
            record,
            stirred: Stirred::default(),
            notices: notices::Notices::default(),
            cause: Some(START),
            rule: Rule::FromTheStart,
        }
    }

    // Reading.

    pub fn index(&self) -> u64 {
        self.index
    }

    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    pub fn cluster_id(&self) -> ClusterId {
        self.cluster.id
    }

    pub fn service(&self, id: ServiceId) -> Option<&Rc<Service>> {
        self.services.get(&id)
    }

    pub fn services(&self) -> impl Iterator<Item = &Rc<Service>> + Clone {
        self.services.values()
    }

    pub fn task(&self, id: TaskId) -> Option<&Rc<Task>> {
        self.tasks.get(&id)
    }

    pub fn tasks(&self) -> impl Iterator<Item = &Rc<Task>> + Clone {
        self.tasks.values()
    }

    pub(crate) fn changing(&self) -> &Changing {
        &self.changing
    }

    /// The tasks of jobs, by iteration.
    pub(crate) fn runs(&self) -> &Runs {
        &self.runs
    }

    pub fn task_count(&self) -> usize {
        self.tasks.len()
    }

    /// The tasks of a service, by slot.
    pub fn tasks_of_service(&self, id: ServiceId) -> impl Iterator<Item = &Rc<Task>> + Clone {
        self.tasks_of_service.get(&id).into_iter().flatten().map(|(_, task)| &self.tasks[task])
    }

    /// Every image that a service ever asked for, as its specs name them, oldest first.
    pub fn images_of(&self, id: ServiceId) -> &[String] {
        self.images.get(&id).map_or(&[], Vec::as_slice)
    }

    fn note_image(&mut self, service: &Service) {
        let image = &service.spec.task.container.image;
        let known = self.images.entry(service.id).or_default();
        if !known.contains(image) {
            known.push(image.clone());
        }
    }

    /// The tasks of one slot of a service.
    pub fn tasks_of_slot(&self, id: ServiceId, slot: u64) -> impl Iterator<Item = &Rc<Task>> + Clone {
        let (least, most) = (TaskId::LEAST, TaskId::MOST);
        self.tasks_of_service
            .get(&id)
            .into_iter()
            .flat_map(move |tasks| tasks.range((slot, least)..=(slot, most)))
            .map(|(_, task)| &self.tasks[task])
    }

    /// The tasks that were given to a node.
    pub fn tasks_of_node(&self, id: NodeId) -> impl Iterator<Item = &Rc<Task>> + Clone {
        self.tasks_of_node.get(&id).into_iter().flatten().map(|task| &self.tasks[task])
    }

    pub fn node(&self, id: NodeId) -> Option<&Rc<Node>> {
        self.nodes.get(&id)
    }

    pub fn nodes(&self) -> impl Iterator<Item = &Rc<Node>> + Clone {
        self.nodes.values()
    }

    // Writing. A transaction is what happens between two calls of `begin`.

    /// Starts a transaction: all writes until the next one carry the same index, cause and rule.
    pub(crate) fn begin(&mut self, cause: Option<EventId>, rule: Rule) {
        self.index += 1;
        self.cause = cause;
        self.rule = rule;
    }

    /// Gives the next writes of the same transaction another rule.
    pub(crate) fn follow(&mut self, rule: Rule) {
        self.rule = rule;
    }

    /// Records something that is no write: an input, or what an agent does.
    pub(crate) fn note(&mut self, now: Ms, cause: Option<EventId>, what: What, rule: Rule) -> EventId {
        self.record.push(Event { at: now, cause, what, rule })
    }

    fn changed(&mut self, now: Ms, what: What, change: Change) -> EventId {
        let event = Event { at: now, cause: self.cause, what, rule: self.rule.clone() };
        let id = self.record.push(event);
        self.changes.push((id, change));
        id
    }

    fn touch(&self, meta: &mut Meta, now: Ms) {
        meta.version = self.index;
        meta.updated = now;
    }

    fn born(&self, now: Ms) -> Meta {
        Meta { version: self.index, born: self.index, created: now, updated: now }
    }

    pub(crate) fn create_service(&mut self, mut service: Service, now: Ms) {
        service.meta = self.born(now);
        self.note_image(&service);
        let what = What::ServiceCreated { service: service.id, name: service.spec.name.as_str().into() };
        self.changed(now, what, Change::ServiceCreated(service.id));
        self.tell(now, "service", "create", service.id.as_str(), &service.spec.name);
        self.services.insert(service.id, Rc::new(service));
    }

    /// Changes a service, if it still exists. Returns whether it does.
    pub(crate) fn update_service(&mut self, id: ServiceId, now: Ms, change: impl FnOnce(&mut Service)) -> bool {
        let Some(old) = self.services.get(&id).cloned() else { return false };
        let mut new = Service::clone(&old);
        change(&mut new);
        self.touch(&mut new.meta, now);
        self.note_image(&new);
        let state = |service: &Service| service.update_status.as_ref().map(|status| status.state);
        let what = match state(&new).filter(|new| state(&old) != Some(*new)) {
            Some(state) => What::UpdateStatus { service: id, state },
            None => What::ServiceChanged { service: id },
        };
        self.tell_service_update(now, &old, &new);
        self.services.insert(id, Rc::new(new));
        self.changed(now, what, Change::ServiceUpdated(old));
        true
    }

    pub(crate) fn delete_service(&mut self, id: ServiceId, now: Ms) {
        if let Some(old) = self.services.remove(&id) {
            self.tell(now, "service", "remove", id.as_str(), &old.spec.name);
            self.changed(now, What::ServiceRemoved { service: id }, Change::ServiceDeleted(old));
        }
    }

    pub(crate) fn create_task(&mut self, mut task: Task, now: Ms) -> EventId {
        task.meta = self.born(now);
        self.tasks_of_service.entry(task.service).or_default().insert((task.slot, task.id));
        if let Some(node) = task.node {
            self.tasks_of_node.entry(node).or_default().insert(task.id);
        }
        self.changing.put(&task);
        self.runs.put(&task);
        let what = What::TaskCreated { task: task.id, service: task.service, slot: task.slot };
        let event = self.changed(now, what, Change::TaskCreated(task.id));
        self.tasks.insert(task.id, Rc::new(task));
        event
    }

    /// Changes a task, if it still exists. Returns whether it does.
    pub(crate) fn update_task(&mut self, id: TaskId, now: Ms, change: impl FnOnce(&mut Task)) -> bool {
        let Some(entry) = self.tasks.get_mut(&id) else { return false };
        let old = Rc::clone(entry);
        let new = Rc::make_mut(entry);
        change(new);
        new.meta.version = self.index;
        new.meta.updated = now;
        debug_assert_eq!((new.service, new.slot), (old.service, old.slot), "a task never changes its slot");
        self.changing.take(&old);
        self.changing.put(new);
        self.runs.take(&old);
        self.runs.put(new);
        if new.node != old.node {
            if let Some(node) = old.node {
                self.tasks_of_node.entry(node).or_default().remove(&id);
            }
            if let Some(node) = new.node {
                self.tasks_of_node.entry(node).or_default().insert(id);
            }
        }
        let what = if new.status.state != old.status.state {
            What::TaskState { task: id, from: old.status.state, to: new.status.state }
        } else if new.desired != old.desired {
            What::TaskDesired { task: id, from: old.desired, to: new.desired }
        } else {
            What::TaskChanged { task: id }
        };
        self.changed(now, what, Change::TaskUpdated(old));
        true
    }

    pub(crate) fn delete_task(&mut self, id: TaskId, now: Ms) {
        let Some(old) = self.tasks.remove(&id) else { return };
        self.changing.take(&old);
        self.runs.take(&old);
        if let Some(tasks) = self.tasks_of_service.get_mut(&old.service) {
            tasks.remove(&(old.slot, id));
            if tasks.is_empty() {
                self.tasks_of_service.remove(&old.service);
            }
        }
        if let Some(node) = old.node
            && let Some(tasks) = self.tasks_of_node.get_mut(&node)
        {
            tasks.remove(&id);
        }
        self.changed(now, What::TaskRemoved { task: id }, Change::TaskDeleted(old));
    }

    pub(crate) fn create_node(&mut self, mut node: Node, now: Ms) {
        node.meta = self.born(now);
        self.changed(now, What::NodeCreated { node: node.id }, Change::NodeCreated(node.id));
        self.tell(now, "node", "create", node.id.as_str(), &node.description.hostname);
        self.nodes.insert(node.id, Rc::new(node));
    }

    /// Changes a node, if it still exists. Returns whether it does.
    pub(crate) fn update_node(&mut self, id: NodeId, now: Ms, change: impl FnOnce(&mut Node)) -> bool {
        let Some(old) = self.nodes.get(&id).cloned() else { return false };
        let mut new = Node::clone(&old);
        change(&mut new);
        self.touch(&mut new.meta, now);
        let what = if new.status.state == old.status.state {
            What::NodeChanged { node: id }
        } else {
            What::NodeState { node: id, from: old.status.state, to: new.status.state }
        };
        self.tell_node_update(now, &old, &new);
        self.nodes.insert(id, Rc::new(new));
        self.changed(now, what, Change::NodeUpdated(old));
        true
    }

    /// What is shown of a node as a manager. No write: whoever asks gets it computed.
    pub(crate) fn show_manager(&mut self, id: NodeId, status: Option<ManagerStatus>) {
        if let Some(node) = self.nodes.get_mut(&id).filter(|node| node.manager != status) {
            Rc::make_mut(node).manager = status;
        }
    }

    /// Shows everything there is to loops that have seen nothing yet, as if it had come just now.
    pub(crate) fn show_all(&mut self, event: EventId) {
        let nodes = self.nodes.keys().map(|id| Change::NodeCreated(*id));
        let services = self.services.keys().map(|id| Change::ServiceCreated(*id));
        let tasks = self.tasks.keys().map(|id| Change::TaskCreated(*id));
        self.changes = nodes.chain(services).chain(tasks).map(|change| (event, change)).collect();
    }

    /// How much has been recorded and told.
    pub(crate) fn mark(&self) -> Mark {
        Mark { events: self.record.len(), notices: self.notice_count() }
    }

    /// Takes all objects from another store, and keeps the record of what happened. What `other` has recorded and told
    /// after `since` happens now.
    pub(crate) fn adopt(&mut self, other: Store, since: Mark, now: Ms) {
        for notice in other.notices(since.notices) {
            self.notify(Notice { at: now, ..Notice::clone(notice) });
        }
        let (mut record, notices) = (std::mem::take(&mut self.record), std::mem::take(&mut self.notices));
        let shift = (record.len() - since.events) as u32;
        let here = |id: EventId| if id.0 < since.events as u32 { id } else { EventId(id.0 + shift) };
        for (_, event) in other.record.since(since.events) {
            record.push(Event { at: now, cause: event.cause.map(here), ..event.clone() });
        }
        *self = Store { record, notices, changes: Vec::new(), ..other };
    }

    /// Forgets everything: a swarm that has ended, and one that begins. The record says of each task that it is gone.
    pub(crate) fn begin_swarm(&mut self, cluster: Cluster, cause: Option<EventId>, now: Ms) {
        let index = self.index;
        self.begin(cause, Rule::Asked);
        let tasks: Vec<TaskId> = self.tasks.keys().copied().collect();
        tasks.into_iter().for_each(|task| self.delete_task(task, now));
        let (record, notices) = (std::mem::take(&mut self.record), std::mem::take(&mut self.notices));
        *self = Store { record, notices, index, ..Store::new(cluster) };
    }

    pub(crate) fn update_cluster(&mut self, now: Ms, change: impl FnOnce(&mut Cluster)) {
        let index = self.index;
        let cluster = Rc::make_mut(&mut self.cluster);
        change(cluster);
        cluster.meta.version = index;
        cluster.meta.updated = now;
    }

    pub(crate) fn delete_node(&mut self, id: NodeId, now: Ms) {
        if let Some(old) = self.nodes.remove(&id) {
            self.tell(now, "node", "remove", id.as_str(), &old.description.hostname);
            self.changed(now, What::NodeRemoved { node: id }, Change::NodeDeleted(old));
        }
    }

    /// What happened so far, with causes.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Notes that an agent goes on with a task, which is no event by itself.
    pub(crate) fn stir(&mut self, task: TaskId) {
        self.stirred.push(task);
    }

    /// Which tasks agents went on with.
    pub(crate) fn stirred(&self) -> &Stirred {
        &self.stirred
    }

    pub(crate) fn has_changes(&self) -> bool {
        !self.changes.is_empty()
    }

    /// What has changed and was not taken yet, in the order of its writing, each with its event; no more than `most`.
    pub(crate) fn take_changes(&mut self, most: usize) -> Vec<(EventId, Change)> {
        if self.changes.len() <= most {
            return std::mem::take(&mut self.changes);
        }
        let rest = self.changes.split_off(most);
        std::mem::replace(&mut self.changes, rest)
    }

    /// How many of a service's tasks are observed running, whatever is wanted of them: the left number of
    /// `docker service ls`.
    pub fn running_tasks(&self, id: ServiceId) -> u64 {
        self.tasks_of_service(id).filter(|task| task.status.state == TaskState::Running).count() as u64
    }
}

/// What no code may do: for tests that break a store.
#[cfg(test)]
impl Store {
    pub(crate) fn set_index(&mut self, index: u64) {
        self.index = index;
    }

    /// Changes a task without an event.
    pub(crate) fn break_task(&mut self, id: TaskId, change: impl FnOnce(&mut Task)) {
        let task = Rc::make_mut(self.tasks.get_mut(&id).expect("the task is there"));
        self.changing.take(task);
        self.runs.take(task);
        change(task);
        self.changing.put(task);
        self.runs.put(task);
    }

    pub(crate) fn forget_slot_of(&mut self, id: TaskId) {
        let task = &self.tasks[&id];
        let tasks = self.tasks_of_service.get_mut(&task.service).expect("the service has tasks");
        tasks.remove(&(task.slot, id));
    }
}
