//! What holds of each task by itself.

use super::{Found, Moment};
use crate::collections::Map;
use crate::event::What;
use crate::id::{NodeId, TaskId};
use crate::model::{Mode, TaskState};
use crate::store::{Changing, Runs};

/// At every write, for several may fall between two looks.
pub(super) fn observed(moment: &Moment, found: &mut Found) {
    for (_, event) in moment.world.store().record().since(moment.seen.events) {
        if let What::TaskState { task, from, to } = &event.what
            && to < from
        {
            found.add(format!("{task}: {to:?} after {from:?}"));
        }
    }
}

pub(super) fn desired(moment: &Moment, found: &mut Found) {
    for task in &moment.changed {
        let before = moment.seen.tasks.get(&task.id);
        if let Some(before) = before.filter(|before| task.desired < before.desired) {
            found.add(format!("{}: {:?} after {:?}", task.id, task.desired, before.desired));
        }
    }
    for (_, event) in moment.world.store().record().since(moment.seen.events) {
        if let What::TaskDesired { task, from, to } = &event.what
            && to < from
        {
            found.add(format!("{task}: {to:?} after {from:?}"));
        }
    }
}

pub(super) fn ended(moment: &Moment, found: &mut Found) {
    for (_, event) in moment.world.store().record().since(moment.seen.events) {
        if let What::TaskState { task, from, to } = &event.what
            && *from > TaskState::Running
            && *to > *from
            && *to != TaskState::Orphaned
        {
            found.add(format!("{task}: {to:?} after {from:?}"));
        }
    }
}

pub(super) fn node_is_kept(moment: &Moment, found: &mut Found) {
    for task in &moment.changed {
        let before = moment.seen.tasks.get(&task.id).filter(|before| before.node.is_some());
        if let Some(before) = before.filter(|before| before.node != task.node) {
            found.add(format!("{}: moved from {:?} to {:?}", task.id, before.node, task.node));
        }
    }
}

pub(super) fn immutable(moment: &Moment, found: &mut Found) {
    for task in &moment.changed {
        let Some(before) = moment.seen.tasks.get(&task.id) else { continue };
        let same = task.slot == before.slot
            && task.service == before.service
            && task.spec_version == before.spec_version
            && task.job_iteration == before.job_iteration
            && task.meta.born == before.meta.born
            && task.spec == before.spec;
        if !same {
            found.add(format!("{}: slot, service or spec changed", task.id));
        }
    }
}

pub(super) fn version(moment: &Moment, found: &mut Found) {
    let index = moment.world.store().index();
    for task in &moment.changed {
        let version = task.meta.version;
        if version > index || task.meta.born > version || task.meta.created > task.meta.updated {
            found.add(format!("{}: version {version}, born {}, index {index}", task.id, task.meta.born));
        }
        if let Some(before) = moment.seen.tasks.get(&task.id).filter(|before| version <= before.meta.version) {
            found.add(format!("{}: version {version} after {}", task.id, before.meta.version));
        }
    }
    for service in moment.world.store().services() {
        if service.meta.version > index || service.spec_version > service.meta.version {
            found.add(format!(
                "service {}: version {}, of its spec {}",
                service.id, service.meta.version, service.spec_version
            ));
        }
    }
}

pub(super) fn errors(moment: &Moment, found: &mut Found) {
    for task in &moment.changed {
        let state = task.status.state;
        let err = !task.status.err.is_empty();
        let fault = matches!(state, TaskState::Failed | TaskState::Rejected);
        let fine = matches!(state, TaskState::Running | TaskState::Complete | TaskState::Shutdown);
        if (fault && !err) || (fine && err) {
            found.add(format!("{}: {state:?} with the error '{}'", task.id, task.status.err));
        }
    }
}

pub(super) fn stamps(moment: &Moment, found: &mut Found) {
    let now = moment.world.now();
    for task in &moment.changed {
        let applied = task.status.applied_at.unwrap_or(0);
        if task.status.timestamp > now || task.meta.updated > now || applied > now {
            found.add(format!("{}: {} ms, applied {applied} ms", task.id, task.status.timestamp));
        }
    }
}

pub(super) fn remove_unobserved(moment: &Moment, found: &mut Found) {
    for task in moment.changed.iter().filter(|task| task.status.state == TaskState::Remove) {
        found.add(format!("{} is observed so", task.id));
    }
}

/// A task that was never assigned ends as SHUTDOWN; whatever an agent says comes from a node.
pub(super) fn has_node(moment: &Moment, found: &mut Found) {
    for task in &moment.changed {
        let state = task.status.state;
        let reported = (TaskState::Assigned..=TaskState::Rejected).contains(&state) && state != TaskState::Shutdown;
        if reported && task.node.is_none() {
            found.add(format!("{}: {state:?} without a node", task.id));
        }
    }
}

pub(super) fn slot(moment: &Moment, found: &mut Found) {
    for task in &moment.changed {
        let Some(service) = moment.world.store().service(task.service) else { continue };
        let fits = match service.spec.mode {
            Mode::Replicated { .. } => task.slot > 0,
            Mode::Global | Mode::GlobalJob => task.slot == 0 && task.node.is_some(),
            // A job that is scaled down restarts what failed before in its old slot: Swarm's own quirk.
            Mode::ReplicatedJob { .. } => true,
        };
        if !fits {
            found.add(format!("{}: slot {} of a {} service", task.id, task.slot, service.spec.mode.title()));
        }
        if task.job_iteration.is_some() != service.spec.mode.is_job() {
            found.add(format!("{}: iteration {:?}", task.id, task.job_iteration));
        }
    }
}

pub(super) fn container(moment: &Moment, found: &mut Found) {
    for task in moment.changed.iter().filter(|task| task.status.state == TaskState::Running) {
        let container = task.status.container.as_ref();
        if container.is_none_or(|container| container.container_id.is_empty()) {
            found.add(format!("{}: runs in no container", task.id));
        }
    }
}

/// A global job restarts the orphaned task of a node that was removed on that same node: Swarm's own quirk.
pub(super) fn ids(moment: &Moment, found: &mut Found) {
    let store = moment.world.store();
    for task in store.tasks().filter(|task| task.job_iteration.is_none()) {
        let lost = task.node.is_some_and(|node| store.node(node).is_none());
        if lost && !task.terminal() && task.desired <= TaskState::Running {
            found.add(format!("{}: wanted {:?} on a node that is gone", task.id, task.desired));
        }
    }
}

pub(super) fn service_gone(moment: &Moment, found: &mut Found) {
    let store = moment.world.store();
    for task in store.tasks().filter(|task| task.desired != TaskState::Remove && store.service(task.service).is_none())
    {
        found.add(format!("{}: its service is gone, but it is wanted {:?}", task.id, task.desired));
    }
}

pub(super) fn indices(moment: &Moment, found: &mut Found) {
    let store = moment.world.store();
    let on_nodes = store.nodes().flat_map(|node| store.tasks_of_node(node.id).map(|task| (task.id, node.id)));
    let on_nodes: Map<TaskId, NodeId> = on_nodes.collect();
    for task in &moment.changed {
        if !store.tasks_of_slot(task.service, task.slot).any(|its| its.id == task.id) {
            found.add(format!("{}: not among those of its slot", task.id));
        }
        // The list of a node that is gone is looked through.
        let listed = |node: NodeId| {
            on_nodes.get(&task.id) == Some(&node) || store.tasks_of_node(node).any(|its| its.id == task.id)
        };
        if task.node.is_some_and(|node| !listed(node)) {
            found.add(format!("{}: not among those of its node", task.id));
        }
    }
    for node in store.nodes() {
        if store.tasks_of_node(node.id).any(|task| task.node != Some(node.id)) {
            found.add(format!("node {}: lists a task of another", node.description.hostname));
        }
    }
    let (mut changing, listed) = (Changing::default(), store.changing());
    store.tasks().for_each(|task| changing.put(task));
    if !changing.starting(0).eq(listed.starting(0)) || !changing.stopping().eq(listed.stopping()) {
        found.add("the tasks that start or stop are others than those that are listed".to_owned());
    }
    let mut runs = Runs::default();
    store.tasks().for_each(|task| runs.put(task));
    if runs != *store.runs() {
        found.add("the jobs are further, or less far, than is kept".to_owned());
    }
    let listed: usize = store.services().map(|service| store.tasks_of_service(service.id).count()).sum();
    let orphans = store.tasks().filter(|task| store.service(task.service).is_none()).count();
    if listed + orphans != store.task_count() {
        found.add(format!("{listed} tasks are listed by service, {} are stored", store.task_count() - orphans));
    }
}

pub(super) fn ready(moment: &Moment, found: &mut Found) {
    let restart = &moment.world.engine_state().restart;
    for task in moment.world.store().tasks() {
        if task.desired == TaskState::Ready && !task.terminal() && !restart.is_delayed(task.id) {
            found.add(format!("{} waits for nobody", task.id));
        }
    }
}
