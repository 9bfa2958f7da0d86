//! What holds of services, and of the tasks of one together.

use std::rc::Rc;

use super::{Found, Moment};
use crate::collections::{Map, Set};
use crate::event::What;
use crate::model::{Mode, PublishMode, Service, Task, TaskState, UpdateState};

fn replicated<'m>(moment: &Moment<'m>) -> impl Iterator<Item = (&'m Rc<Service>, u64)> {
    moment.world.store().services().filter_map(|service| match service.spec.mode {
        Mode::Replicated { replicas } => Some((service, replicas)),
        _ => None,
    })
}

/// Whether a task has a share in its slot's work: it is to run, and has not ended.
fn is_on_duty(task: &Task) -> bool {
    task.desired == TaskState::Running && !task.terminal()
}

/// One, as long as no update has worked at the slot. A lane looks at the tasks that were there when its update began:
/// what the restart supervisor made since stays beside the lane's task, and all are restarted until the next update. So
/// each lane may leave one more.
pub(super) fn one_per_slot(moment: &Moment, found: &mut Found) {
    for (service, _) in replicated(moment) {
        let mut slots: Map<u64, usize> = Map::new();
        for task in moment.world.store().tasks_of_service(service.id).filter(|task| is_on_duty(task)) {
            *slots.entry(task.slot).or_default() += 1;
        }
        for (slot, count) in slots.iter() {
            let lanes = moment.seen.worked_at.get(&(service.id, *slot)).copied().unwrap_or_default();
            if *count > 1 + lanes {
                found.add(format!("{} slot {slot}: {count} tasks are to run", service.spec.name));
            }
        }
    }
}

pub(super) fn replicas(moment: &Moment, found: &mut Found) {
    for (service, replicas) in replicated(moment) {
        let tasks = moment.world.store().tasks_of_service(service.id);
        let slots: Set<u64> = tasks.filter(|task| task.desired <= TaskState::Running).map(|task| task.slot).collect();
        if slots.len() as u64 > replicas {
            found.add(format!("{}: {} slots, {replicas} are wanted", service.spec.name, slots.len()));
        }
    }
}

/// At most the tasks that history allows, those that live, and those that may have come since the last reaping: two in
/// the place of each that is wanted. A slot is looked at when it gets a task, so a limit that was lowered is felt later.
pub(super) fn history(moment: &Moment, found: &mut Found) {
    let store = moment.world.store();
    for (service, _) in replicated(moment) {
        let limit = moment.seen.notes.get(&service.id).map_or(0, |notes| notes.history);
        let mut slots: Map<u64, (i64, i64, i64)> = Map::new();
        for task in store.tasks_of_service(service.id) {
            let (all, live, wanted) = slots.entry(task.slot).or_default();
            *all += 1;
            *live += i64::from(!task.terminal());
            *wanted += i64::from(task.desired <= TaskState::Running);
        }
        for (slot, (all, live, wanted)) in slots {
            if all > limit + live + 2 * wanted.max(1) {
                found.add(format!("{} slot {slot}: {all} tasks, {live} of them live", service.spec.name));
            }
        }
    }
}

/// What holds of a service at any time, and how its specs changed places if it was written once since the last look.
pub(super) fn specs(moment: &Moment, found: &mut Found) {
    for service in moment.world.store().services() {
        let name = &service.spec.name;
        if service.previous_spec.is_some() != service.previous_spec_version.is_some() {
            found.add(format!("{name}: a previous spec without its version, or the other way round"));
        }
        let rolled = matches!(
            state(service),
            Some(UpdateState::RollbackStarted | UpdateState::RollbackPaused | UpdateState::RollbackCompleted)
        );
        let ended_early = state(service) == Some(UpdateState::Completed);
        if service.spec_version > 0 && service.previous_spec.is_none() && !rolled && !ended_early {
            found.add(format!("{name}: was updated, but there is no previous spec"));
        }
        let Some(before) = moment.seen.services.get(&service.id) else { continue };
        if !Rc::ptr_eq(before, service) && writes_of(service, moment) == 1 && !moved_rightly(before, service) {
            found.add(format!("{name}: spec version {} after {}", service.spec_version, before.spec_version));
        }
    }
}

fn state(service: &Service) -> Option<UpdateState> {
    service.update_status.as_ref().map(|status| status.state)
}

fn writes_of(service: &Service, moment: &Moment) -> usize {
    let mine = |what: &What| match what {
        What::ServiceChanged { service: id } => *id == service.id,
        What::UpdateStatus { service: id, .. } => *id == service.id,
        _ => false,
    };
    moment.world.store().record().since(moment.seen.events).filter(|(_, event)| mine(&event.what)).count()
}

/// An update, a manual rollback, an automatic one, or the spec stayed.
fn moved_rightly(before: &Service, now: &Service) -> bool {
    let previous = now.previous_spec.as_ref();
    let kept = previous == Some(&before.spec) && now.previous_spec_version == Some(before.spec_version);
    let restored = Some(&now.spec) == before.previous_spec.as_ref()
        && now.spec_version == before.previous_spec_version.unwrap_or(0)
        && state(now) == Some(UpdateState::RollbackStarted);
    let stayed = Rc::ptr_eq(&before.spec, &now.spec)
        && now.spec_version == before.spec_version
        && previous == before.previous_spec.as_ref();
    let updated = kept && now.spec_version == before.meta.version && now.update_status.is_none();
    stayed || updated || (kept && restored) || (previous.is_none() && restored)
}

pub(super) fn ports(moment: &Moment, found: &mut Found) {
    let mut taken = Set::new();
    for service in moment.world.store().services() {
        for port in service.endpoint.ports.iter().filter(|port| port.mode == PublishMode::Ingress) {
            if !taken.insert((port.protocol, port.published)) || port.published == 0 {
                found.add(format!("{}: port {} is published twice, or is none", service.spec.name, port.published));
            }
        }
    }
}

pub(super) fn addresses(moment: &Moment, found: &mut Found) {
    let mut taken = Set::new();
    for service in moment.world.store().services() {
        for (_, address) in &service.endpoint.virtual_ips {
            if !taken.insert(address) {
                found.add(format!("{}: {address} is another's", service.spec.name));
            }
        }
    }
}

pub(super) fn jobs(moment: &Moment, found: &mut Found) {
    let store = moment.world.store();
    for service in store.services() {
        let Mode::ReplicatedJob { max_concurrent, total_completions } = service.spec.mode else { continue };
        let iteration = service.job_status.map(|job| job.iteration);
        let (mut completed, mut running) = (0, 0);
        for task in store.tasks_of_service(service.id).filter(|task| task.job_iteration == iteration) {
            completed += u64::from(task.status.state == TaskState::Complete);
            running += u64::from(!task.terminal() && task.desired <= TaskState::Complete);
        }
        if running > max_concurrent || completed + running > total_completions {
            found.add(format!("{}: {running} at work, {completed} complete", service.spec.name));
        }
    }
}

pub(super) fn job_tasks(moment: &Moment, found: &mut Found) {
    for task in moment.changed.iter().filter(|task| task.job_iteration.is_some()) {
        if task.desired == TaskState::Running {
            found.add(format!("{}: wanted {:?}", task.id, task.desired));
        }
    }
}
