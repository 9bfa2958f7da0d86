//! What holds of updates: their states, their lanes, their failures.

use super::{Found, Moment};
use crate::collections::{Map, Set};
use crate::engine::updater::{Phase, Update, Work};
use crate::event::What;
use crate::id::ServiceId;
use crate::model::{Service, UpdateState};

/// The ways that an update's state can go. `None` is no state: the service is new, or was just updated.
fn may_follow(before: Option<UpdateState>, now: UpdateState) -> bool {
    use UpdateState::{Completed, Paused, RollbackCompleted, RollbackPaused, RollbackStarted, Updating};
    match (before, now) {
        // A rollback may be asked for at any time.
        (_, RollbackStarted) => true,
        // None is also where it is not known.
        (None, Updating | Paused | Completed | RollbackPaused | RollbackCompleted) => true,
        (Some(Updating), Paused | Completed) => true,
        (Some(RollbackStarted), RollbackPaused | RollbackCompleted) => true,
        // A rollback with the failure action rollback is paused, and then ends as completed: Swarm's own quirk.
        (Some(RollbackPaused), Completed) => true,
        // What is found to be dirty after an update or a rollback is updated without a state of its own.
        (Some(RollbackCompleted), Completed) | (Some(Completed | RollbackCompleted), Paused) => true,
        _ => false,
    }
}

pub(super) fn transitions(moment: &Moment, found: &mut Found) {
    let mut states: Map<ServiceId, Option<UpdateState>> = Map::new();
    for (_, event) in moment.world.store().record().since(moment.seen.events) {
        match event.what {
            What::UpdateStatus { service, state } => {
                let seen = moment.seen.services.get(&service);
                let last = states.entry(service).or_insert_with(|| seen.and_then(|service| state_of(service)));
                if !may_follow(*last, state) {
                    found.add(format!("{service}: {state:?} after {last:?}"));
                }
                *last = Some(state);
            }
            // An update may have forgotten the state, which is no event of its own.
            What::ServiceChanged { service } => drop(states.insert(service, None)),
            _ => {}
        }
    }
}

fn state_of(service: &Service) -> Option<UpdateState> {
    service.update_status.as_ref().map(|status| status.state)
}

pub(super) fn status(moment: &Moment, found: &mut Found) {
    for service in moment.world.store().services() {
        let Some(status) = &service.update_status else { continue };
        let done = matches!(status.state, UpdateState::Completed | UpdateState::RollbackCompleted);
        // One that was completed and failed later keeps the time of its completion.
        let timed = if status.completed_at.is_some() { status.state != UpdateState::Updating } else { !done };
        let whole = status.started_at.is_some() && !status.message.is_empty() && timed;
        let late = status.started_at.max(status.completed_at).is_some_and(|at| at > moment.world.now());
        if !whole || late {
            found.add(format!("{}: {status:?}", service.spec.name));
        }
    }
}

fn each_update(moment: &Moment, mut look: impl FnMut(&Service, &Update)) {
    let updater = &moment.world.engine_state().updater;
    for service in moment.world.store().services() {
        if let Some(update) = updater.update_of(service.id) {
            look(service, update);
        }
    }
}

pub(super) fn lanes(moment: &Moment, found: &mut Found) {
    each_update(moment, |service, update| {
        let busy = update.lanes.iter().filter(|lane| !matches!(lane.work, Work::Idle)).count() as u64;
        let allowed = update.config.parallelism;
        if allowed > 0 && busy > allowed {
            found.add(format!("{}: {busy} lanes at work, {allowed} allowed", service.spec.name));
        }
    });
}

pub(super) fn one_lane(moment: &Moment, found: &mut Found) {
    each_update(moment, |service, update| {
        let at_work = update.lanes.iter().filter_map(|lane| match &lane.work {
            Work::Starting { slot } | Work::Keeping { slot } | Work::Delay { slot, .. } => Some(slot.place),
            Work::Idle => None,
        });
        let mut places = Set::new();
        for place in at_work.chain(update.waiting.iter().map(|slot| slot.place)) {
            if !places.insert(place) {
                found.add(format!("{}: {place:?} is taken twice", service.spec.name));
            }
        }
    });
}

pub(super) fn paused(moment: &Moment, found: &mut Found) {
    each_update(moment, |service, update| {
        let name = &service.spec.name;
        let handing_out = matches!(update.phase, Phase::HandingOut);
        let paused = matches!(state_of(service), Some(UpdateState::Paused | UpdateState::RollbackPaused));
        if paused && (handing_out || !update.waiting.is_empty()) {
            found.add(format!("{name}: {} slots still wait", update.waiting.len()));
        }
        if handing_out == update.waiting.is_empty() {
            found.add(format!("{name}: {} slots wait, phase {:?}", update.waiting.len(), update.phase));
        }
    });
}

pub(super) fn failures(moment: &Moment, found: &mut Found) {
    each_update(moment, |service, update| {
        if update.failures() > update.updated.len() {
            found.add(format!("{}: {} of {} tasks", service.spec.name, update.failures(), update.updated.len()));
        }
    });
}
