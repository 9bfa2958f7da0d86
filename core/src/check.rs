//! The invariant checker: looks at a whole world and says what cannot be. Tests call it after every step; the product
//! does not.

use crate::collections::{Map, Set};
use std::rc::Rc;

use crate::engine::updater::{Phase, Work};
use crate::id::{NodeId, TaskId};
use crate::model::{Mode, PublishMode, Task, TaskState, UpdateState};
use crate::time::Ms;
use crate::world::World;

/// Remembers what it saw last, because some things may only go forward.
#[derive(Clone, Debug, Default)]
pub struct Checker {
    now: Ms,
    index: u64,
    tasks: Map<TaskId, Rc<Task>>,
}

impl Checker {
    /// Looks at `world` and returns every broken invariant as a sentence; none is the normal case.
    pub fn look(&mut self, world: &World) -> Vec<String> {
        let mut broken = Vec::new();
        self.forward_only(world, &mut broken);
        every_id_resolves(world, &mut broken);
        places(world, &mut broken);
        statuses(world, &mut broken);
        updates(world, &mut broken);
        nodes(world, &mut broken);
        for line in &mut broken {
            line.insert_str(0, &format!("{} ms: ", world.now()));
        }
        broken
    }

    fn forward_only(&mut self, world: &World, broken: &mut Vec<String>) {
        let store = world.store();
        if world.now() < self.now {
            broken.push(format!("time goes back from {}", self.now));
        }
        if store.index() < self.index {
            broken.push(format!("the index goes back from {} to {}", self.index, store.index()));
        }
        for task in store.tasks() {
            let Some(before) = self.tasks.get(&task.id) else { continue };
            let id = task.id;
            if task.status.state < before.status.state {
                broken.push(format!("{id}: observed {:?} after {:?}", task.status.state, before.status.state));
            }
            if task.desired < before.desired {
                broken.push(format!("{id}: desired {:?} after {:?}", task.desired, before.desired));
            }
            if before.node.is_some() && task.node != before.node {
                broken.push(format!("{id}: moved from {:?} to {:?}", before.node, task.node));
            }
            if (task.slot, task.service, task.spec_version) != (before.slot, before.service, before.spec_version) {
                broken.push(format!("{id}: slot, service or version of its spec changed"));
            }
            if task.meta.version < before.meta.version {
                broken.push(format!("{id}: version {} after {}", task.meta.version, before.meta.version));
            }
        }
        self.now = world.now();
        self.index = store.index();
        self.tasks = store.tasks().map(|task| (task.id, Rc::clone(task))).collect();
    }
}

fn every_id_resolves(world: &World, broken: &mut Vec<String>) {
    let store = world.store();
    let mut listed = 0;
    for service in store.services() {
        listed += store.tasks_of_service(service.id).count();
        if service.meta.version > store.index() || service.spec_version > service.meta.version {
            broken.push(format!("service {}: versions run ahead of the store", service.id));
        }
    }
    let orphans = store.tasks().filter(|task| store.service(task.service).is_none()).count();
    if listed + orphans != store.task_count() {
        broken.push(format!("{listed} tasks are listed by service, {} are stored", store.task_count() - orphans));
    }
    for task in store.tasks() {
        let lost = task.node.is_some_and(|node| store.node(node).is_none());
        if lost && !task.terminal() {
            broken.push(format!("{}: on a node that is gone, but {:?}", task.id, task.status.state));
        }
        if store.service(task.service).is_none() && task.desired != TaskState::Remove {
            broken.push(format!("{}: its service is gone, but it is desired {:?}", task.id, task.desired));
        }
    }
}

fn places(world: &World, broken: &mut Vec<String>) {
    let store = world.store();
    for task in store.tasks() {
        let placed = task.node.is_some();
        let assigned = (TaskState::Assigned..=TaskState::Failed).contains(&task.status.state);
        if assigned && !placed && task.status.state != TaskState::Shutdown {
            broken.push(format!("{}: {:?} without a node", task.id, task.status.state));
        }
    }
    for service in store.services() {
        if let Mode::Replicated { .. } = service.spec.mode {
            slots_of(world, service, broken);
        }
    }
}

/// At most the tasks that history allows, those that live, and the one that may have come since the last reaping.
fn slots_of(world: &World, service: &crate::model::Service, broken: &mut Vec<String>) {
    let store = world.store();
    let attempts = service.spec.task.restart.as_ref().map_or(0, |restart| restart.max_attempts);
    let limit = if attempts > 0 { attempts as i64 + 1 } else { store.cluster().task_history_limit };
    let mut slots: Map<u64, (i64, i64)> = Map::new();
    for task in store.tasks_of_service(service.id) {
        let (all, live) = slots.entry(task.slot).or_default();
        *all += 1;
        *live += i64::from(!task.terminal());
        if task.slot == 0 {
            broken.push(format!("{}: slot 0 in a replicated service", task.id));
        }
    }
    for (slot, (all, live)) in slots {
        if limit >= 0 && all > limit.max(0) + live + 2 {
            broken.push(format!("service {} slot {slot}: {all} tasks, {live} of them live", service.spec.name));
        }
    }
}

fn statuses(world: &World, broken: &mut Vec<String>) {
    for task in world.store().tasks() {
        let status = &task.status;
        let err = !status.err.is_empty();
        let fault = matches!(status.state, TaskState::Failed | TaskState::Rejected);
        if fault && !err {
            broken.push(format!("{}: {:?} without an error", task.id, status.state));
        }
        if err && matches!(status.state, TaskState::Running | TaskState::Complete | TaskState::Shutdown) {
            broken.push(format!("{}: {:?} with error {}", task.id, status.state, status.err));
        }
        if status.timestamp > world.now() || task.meta.created > world.now() {
            broken.push(format!("{}: a time in the future", task.id));
        }
        if status.state == TaskState::Remove {
            broken.push(format!("{}: observed Remove", task.id));
        }
    }
}

fn updates(world: &World, broken: &mut Vec<String>) {
    let engine = world.engine_state();
    for service in world.store().services() {
        let state = service.update_status.as_ref().map(|status| status.state);
        let done = matches!(state, Some(UpdateState::Completed | UpdateState::RollbackCompleted));
        let name = &service.spec.name;
        if done && service.update_status.as_ref().is_some_and(|status| status.completed_at.is_none()) {
            broken.push(format!("service {name}: {state:?} without its time"));
        }
        let Some(update) = engine.updater.update_of(service.id) else { continue };
        let busy = update.lanes.iter().filter(|lane| !matches!(lane.work, Work::Idle)).count();
        let allowed = if update.config.parallelism == 0 { u64::MAX } else { update.config.parallelism };
        if busy as u64 > allowed {
            broken.push(format!("service {name}: {busy} lanes at work, {allowed} allowed"));
        }
        if update.failures() > update.updated.len() {
            broken.push(format!("service {name}: more failures than tasks that were updated"));
        }
        let handing_out = matches!(update.phase, Phase::HandingOut);
        if handing_out == update.waiting.is_empty() {
            broken.push(format!("service {name}: {} slots wait, phase {:?}", update.waiting.len(), update.phase));
        }
        let paused = matches!(state, Some(UpdateState::Paused | UpdateState::RollbackPaused));
        if paused && handing_out {
            broken.push(format!("service {name}: paused, and takes further slots"));
        }
    }
}

fn nodes(world: &World, broken: &mut Vec<String>) {
    let store = world.store();
    for node in store.nodes() {
        let held: Vec<&Rc<Task>> = store.tasks_of_node(node.id).filter(|task| holds(task)).collect();
        let sum = |of: fn(&Task) -> i64| held.iter().map(|task| of(task)).sum::<i64>();
        let cpus = sum(|task| task.spec.resources.as_ref().map_or(0, |r| r.reservations.nano_cpus));
        let memory = sum(|task| task.spec.resources.as_ref().map_or(0, |r| r.reservations.memory_bytes));
        let name = &node.description.hostname;
        if cpus > node.description.nano_cpus || memory > node.description.memory_bytes {
            broken.push(format!("node {name}: {cpus} CPUs and {memory} bytes are reserved, more than it has"));
        }
        host_ports(name, &held, broken);
        containers(world, node.id, name, broken);
    }
}

/// Whether a task holds what it reserved.
fn holds(task: &Task) -> bool {
    (TaskState::Assigned..=TaskState::Running).contains(&task.status.state)
}

fn host_ports(node: &str, held: &[&Rc<Task>], broken: &mut Vec<String>) {
    let mut used = Set::new();
    for task in held {
        let ports = task.endpoint.iter().flat_map(|endpoint| &endpoint.ports);
        for port in ports.filter(|port| port.mode == PublishMode::Host && port.published != 0) {
            if !used.insert((port.protocol, port.published)) {
                broken.push(format!("node {node}: port {} is held twice", port.published));
            }
        }
    }
}

fn containers(world: &World, node: NodeId, name: &str, broken: &mut Vec<String>) {
    let Some(agent) = world.agent(node) else { return };
    for id in agent.task_ids() {
        let Some(work) = agent.work(id) else { continue };
        let runs = work.container().is_some_and(|container| container.is_running());
        if work.in_service() && !runs {
            broken.push(format!("node {name}: {id} is in service, but its container does not run"));
        }
        if runs && !agent.powered {
            broken.push(format!("node {name}: {id} runs without power"));
        }
    }
}
