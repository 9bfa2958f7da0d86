//! Makes a snapshot of a world.

use crate::collections::{self, Map, Set};
use crate::decimal;
use std::rc::Rc;

use super::{Field, Lane, LanePhase, Node, Rollout, Service, Snapshot, Task, UpdateStatus, Version};
use crate::engine::image::{Reference, without_digest};
use crate::engine::updater::{Phase, Update, Work};
use crate::id::ServiceId;
use crate::model::{Mode, PublishMode, ServiceSpec, TaskState, UpdateConfig};
use crate::model::{Node as StoredNode, Service as StoredService, Task as StoredTask};
use crate::natural::natural;
use crate::time::NANOS_PER_SECOND;
use crate::world::World;

impl Snapshot {
    /// What can be seen of `world` now.
    pub fn of(world: &World) -> Snapshot {
        let store = world.store();
        // A machine that has left and joined again is shown as the node that it is now.
        let is_now = |found: &&Rc<StoredNode>| {
            world.machine(&found.description.hostname).is_none_or(|machine| machine.node == found.id)
        };
        let mut nodes: Vec<Rc<Node>> = store.nodes().filter(is_now).map(|found| node(found, world).into()).collect();
        collections::sort_by(&mut nodes, |a, b| natural(&a.hostname, &b.hostname));
        let stored = by_name(world);
        let eye = Eye { world, nodes: &nodes };
        let mut versions: Map<ServiceId, Vec<String>> = Map::new();
        let mut tasks = Vec::new();
        for (of, found) in stored.iter().enumerate() {
            let images = images_of(found.id, world);
            tasks.extend(eye.tasks_of(store.tasks_of_service(found.id), of, &images));
            versions.insert(found.id, images);
        }
        let mut services: Vec<Service> = stored
            .iter()
            .enumerate()
            .map(|(of, found)| service(found, tasks_of(&tasks, of), &versions[&found.id], world))
            .collect();
        for id in removed_services(world) {
            let left: Vec<&Rc<StoredTask>> = store.tasks_of_service(id).collect();
            let images = images_of(id, world);
            services.extend(left.first().map(|task| removed_service(task, &images)));
            tasks.extend(left.iter().map(|found| Rc::new(eye.task(found, services.len() - 1, &images))));
        }
        Snapshot { now: world.now(), nodes, services, tasks, registry_up: world.registry_up() }
    }
}

/// The services in the order of a snapshot.
pub(super) fn by_name(world: &World) -> Vec<&Rc<StoredService>> {
    let mut stored: Vec<&Rc<StoredService>> = world.store().services().collect();
    collections::sort_by(&mut stored, |a, b| a.spec.name.cmp(&b.spec.name));
    stored
}

fn node(node: &StoredNode, world: &World) -> Node {
    Node {
        id: node.id.to_string(),
        hostname: node.description.hostname.clone(),
        state: node.status.state,
        availability: node.spec.availability,
        role: node.role,
        leader: node.manager.as_ref().is_some_and(|manager| manager.leader),
        powered: world.agent(node.id).is_some_and(|agent| agent.powered),
    }
}

/// The images a service has had, without digests, oldest first: the colours stay, whatever the history forgets.
pub(super) fn images_of(id: ServiceId, world: &World) -> Vec<String> {
    let mut images: Vec<String> = Vec::new();
    for image in world.store().images_of(id) {
        let image = without_digest(image);
        if !images.iter().any(|known| known == image) {
            images.push(image.to_owned());
        }
    }
    images
}

pub(super) fn version_of(image: &str, versions: &[String]) -> usize {
    let image = without_digest(image);
    versions.iter().position(|known| known == image).unwrap_or(0)
}

fn tag(image: &str) -> String {
    let reference = Reference::parse(image);
    let last = reference.name.rsplit('/').next().unwrap_or(reference.name);
    reference.tag.unwrap_or(last).to_owned()
}

/// The tasks of one service, among those of a snapshot.
pub fn tasks_of(tasks: &[Rc<Task>], of: usize) -> &[Rc<Task>] {
    let place = |of: usize| tasks.partition_point(|task| task.of < of);
    &tasks[place(of)..place(of + 1)]
}

pub(super) fn service(service: &StoredService, tasks: &[Rc<Task>], versions: &[String], world: &World) -> Service {
    let spec = &service.spec;
    let previous = service.previous_spec.as_deref();
    let mine = fields(spec);
    let theirs = previous.map(fields);
    let ports = service.endpoint.ports.iter().filter(|port| port.mode == PublishMode::Ingress);
    let update = world.engine_state().updater.update_of(service.id);
    Service {
        id: service.id.to_string(),
        name: spec.name.clone(),
        removed: false,
        mode: spec.mode.title(),
        running: tasks.iter().filter(|task| task.state == TaskState::Running).count() as u64,
        desired: match spec.mode {
            Mode::Replicated { replicas } => replicas,
            Mode::ReplicatedJob { max_concurrent, .. } => max_concurrent,
            Mode::Global | Mode::GlobalJob => {
                let wanted = |task: &&Rc<Task>| (TaskState::Running..=TaskState::Complete).contains(&task.desired);
                tasks.iter().filter(wanted).count() as u64
            }
        },
        version: version_of(&spec.task.container.image, versions),
        versions: versions_of(versions),
        ports: ports.map(|port| (port.published as u16, port.target as u16)).collect(),
        update: service.update_status.as_ref().map(|status| UpdateStatus {
            state: status.state,
            message: status.message.clone(),
            started: status.started_at,
            completed: status.completed_at,
        }),
        rollout: update.map(rollout),
        previous: theirs.as_ref().map(|theirs| compared(theirs, Some(&mine))),
        spec: compared(&mine, theirs.as_ref()),
    }
}

/// Services that are gone from the store while tasks of theirs are still there.
fn removed_services(world: &World) -> Set<ServiceId> {
    let store = world.store();
    store.tasks().map(|task| task.service).filter(|id| store.service(*id).is_none()).collect()
}

fn removed_service(task: &StoredTask, images: &[String]) -> Service {
    Service {
        id: task.service.to_string(),
        name: task.service_name.to_string(),
        removed: true,
        mode: "",
        running: 0,
        desired: 0,
        versions: versions_of(images),
        version: 0,
        ports: Vec::new(),
        update: None,
        rollout: None,
        spec: Vec::new(),
        previous: None,
    }
}

fn versions_of(images: &[String]) -> Vec<Version> {
    images.iter().map(|image| Version { image: image.clone(), tag: tag(image) }).collect()
}

fn rollout(update: &Update) -> Rollout {
    Rollout {
        rolling_back: update.rolling_back,
        order: update.config.order,
        parallelism: update.config.parallelism,
        action: update.config.failure_action,
        lanes: update.lanes.iter().map(lane).collect(),
        dirty_slots: update.dirty_slots,
        waiting_slots: update.waiting.len(),
        failures: update.failures(),
        max_failure_ratio: update.config.max_failure_ratio,
        monitoring: match update.phase {
            Phase::Monitoring { since, until, .. } => Some((since, until)),
            Phase::HandingOut | Phase::Draining => None,
        },
    }
}

fn lane(lane: &crate::engine::updater::Lane) -> Lane {
    let (slot, phase, until) = match &lane.work {
        Work::Idle => (None, LanePhase::Idle, None),
        Work::Starting { slot } | Work::Keeping { slot } => (Some(slot), LanePhase::Starting, None),
        Work::Delay { slot, until, .. } => (Some(slot), LanePhase::Delay, Some(*until)),
    };
    Lane { slot: slot.map(|slot| slot.place.slot()), phase, since: lane.since, until }
}

/// A spec in the words of the command line, as (name, value).
fn fields(spec: &ServiceSpec) -> Vec<(&'static str, String)> {
    let container = &spec.task.container;
    let mut fields = vec![("image", without_digest(&container.image).to_owned())];
    match spec.mode {
        Mode::Replicated { replicas } => fields.push(("replicas", replicas.to_string())),
        Mode::Global => fields.push(("mode", "global".to_owned())),
        Mode::ReplicatedJob { .. } | Mode::GlobalJob => fields.push(("mode", spec.mode.title().replace(' ', "-"))),
    }
    if !container.env.is_empty() {
        fields.push(("env", container.env.join(" ")));
    }
    if !container.args.is_empty() {
        fields.push(("args", container.args.join(" ")));
    }
    for (names, config) in [(UPDATE_FIELDS, &spec.update), (ROLLBACK_FIELDS, &spec.rollback)] {
        if let Some(config) = config {
            fields.extend(config_fields(names, config));
        }
    }
    let ports = spec.endpoint.iter().flat_map(|endpoint| &endpoint.ports);
    let ports: Vec<String> = ports.map(|port| format!("{}:{}", port.published, port.target)).collect();
    if !ports.is_empty() {
        fields.push(("publish", ports.join(" ")));
    }
    if let Some(placement) = &spec.task.placement {
        if !placement.constraints.is_empty() {
            fields.push(("constraint", placement.constraints.join(" ")));
        }
        if placement.max_replicas > 0 {
            fields.push(("replicas-max-per-node", placement.max_replicas.to_string()));
        }
    }
    if spec.task.force_update > 0 {
        fields.push(("force", spec.task.force_update.to_string()));
    }
    if !spec.labels.is_empty() {
        let labels: Vec<String> = spec.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        fields.push(("label", labels.join(" ")));
    }
    fields
}

const UPDATE_FIELDS: [&str; 6] = [
    "update-parallelism",
    "update-delay",
    "update-failure-action",
    "update-monitor",
    "update-max-failure-ratio",
    "update-order",
];

const ROLLBACK_FIELDS: [&str; 6] = [
    "rollback-parallelism",
    "rollback-delay",
    "rollback-failure-action",
    "rollback-monitor",
    "rollback-max-failure-ratio",
    "rollback-order",
];

fn config_fields(names: [&'static str; 6], config: &UpdateConfig) -> Vec<(&'static str, String)> {
    let seconds = |nanos: i64| decimal::shortest((nanos as f64 / NANOS_PER_SECOND as f64) as f32) + "s";
    let values = [
        config.parallelism.to_string(),
        seconds(config.delay),
        config.failure_action.word().to_owned(),
        seconds(config.monitor_or_default()),
        decimal::shortest(config.max_failure_ratio),
        config.order.word().to_owned(),
    ];
    names.into_iter().zip(values).collect()
}

/// The fields of one spec, marked where the other one says something else.
fn compared(mine: &[(&'static str, String)], other: Option<&Vec<(&'static str, String)>>) -> Vec<Field> {
    let differs = |field: &(&'static str, String)| other.is_some_and(|other| !other.contains(field));
    mine.iter().map(|field| Field { name: field.0, value: field.1.clone(), differs: differs(field) }).collect()
}

/// What looks at tasks.
pub(super) struct Eye<'a> {
    pub(super) world: &'a World,
    /// In the order of the snapshot.
    pub(super) nodes: &'a [Rc<Node>],
}

impl Eye<'_> {
    /// Tasks of one service by slot, newest first: the order of `docker service ps`.
    pub(super) fn tasks_of<'t>(
        &self,
        stored: impl Iterator<Item = &'t Rc<StoredTask>>,
        of: usize,
        versions: &[String],
    ) -> Vec<Rc<Task>> {
        let mut tasks: Vec<&Rc<StoredTask>> = stored.collect();
        let place = |task: &StoredTask| (task.slot, if task.slot == 0 { task.node } else { None });
        collections::sort_by(&mut tasks, |a, b| place(a).cmp(&place(b)).then_with(|| b.meta.born.cmp(&a.meta.born)));
        tasks.into_iter().map(|found| Rc::new(self.task(found, of, versions))).collect()
    }

    fn task(&self, task: &StoredTask, of: usize, versions: &[String]) -> Task {
        let world = self.world;
        let node = task.node.and_then(|node| world.store().node(node));
        let work = task.node.and_then(|node| world.agent(node)).and_then(|agent| agent.work(task.id));
        let engine = world.engine_state();
        let never_runs = task.status.state < TaskState::Assigned && task.desired > TaskState::Running;
        Task {
            id: task.id.to_string(),
            name: task.name(),
            service: task.service_name.to_string(),
            of,
            slot: task.slot,
            node: node.map(|node| node.description.hostname.clone()),
            on: node.and_then(|node| {
                self.nodes.binary_search_by(|known| natural(&known.hostname, &node.description.hostname)).ok()
            }),
            version: version_of(&task.spec.container.image, versions),
            state: task.status.state,
            desired: task.desired,
            message: task.status.message.to_string(),
            error: (!task.status.err.is_empty()).then(|| task.status.err.to_string()),
            created: task.meta.created,
            // What has ended or was given up is so since it was said, whatever a machine that is gone made of it later.
            since: work.filter(|_| !task.terminal()).map_or(task.status.timestamp, |work| work.since.min(world.now())),
            until: work.and_then(|work| work.until),
            in_service: work.is_some_and(|work| work.in_service()),
            stopping: work.is_some_and(|work| work.stopping()),
            live: !task.terminal() && !never_runs,
            monitored_until: engine.updater.update_of(task.service).and_then(|update| update.monitored_until(task.id)),
            starts_at: engine.restart.starts_at(task.id),
            exit_code: task.status.container.as_ref().filter(|_| task.terminal()).map(|container| container.exit_code),
        }
    }
}
