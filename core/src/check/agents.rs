//! What agents know and do, held against the store.

use super::{Found, Moment};
use crate::engine::agent::{Agent, Work};
use crate::id::{NodeId, TaskId};
use crate::model::TaskState;

fn each_work<'m>(moment: &Moment<'m>, mut look: impl FnMut(NodeId, &'m Agent, TaskId, &'m Work)) {
    for (node, agent) in moment.world.engine_state().agents.iter() {
        for (task, work) in agent.all_work() {
            look(*node, agent, *task, work);
        }
    }
}

fn runs(work: &Work) -> bool {
    work.container().is_some_and(|container| container.is_running())
}

pub(super) fn in_service(moment: &Moment, found: &mut Found) {
    each_work(moment, |_, _, task, work| {
        if work.in_service() && !runs(work) {
            found.add(format!("{task}: its container does not run"));
        }
    });
}

pub(super) fn power(moment: &Moment, found: &mut Found) {
    each_work(moment, |_, agent, task, work| {
        if runs(work) && !agent.powered {
            found.add(format!("{task} runs"));
        }
    });
}

pub(super) fn own(moment: &Moment, found: &mut Found) {
    each_work(moment, |node, _, task, work| {
        if work.task().node != Some(node) || work.task().id != task {
            found.add(format!("{task}: is with {node}, belongs to {:?}", work.task().node));
        }
    });
}

pub(super) fn desired(moment: &Moment, found: &mut Found) {
    each_work(moment, |_, _, task, work| {
        let stored = moment.world.store().task(task);
        if let Some(stored) = stored.filter(|stored| work.task().desired > stored.desired) {
            found.add(format!("{task}: wanted {:?}, the agent knows {:?}", stored.desired, work.task().desired));
        }
    });
}

/// The enforcer rejects tasks, and lost ones are orphaned, without their agents.
pub(super) fn observed(moment: &Moment, found: &mut Found) {
    each_work(moment, |_, _, task, work| {
        let Some(stored) = moment.world.store().task(task) else { return };
        let by_manager = matches!(stored.status.state, TaskState::Rejected | TaskState::Orphaned);
        if stored.status.state > work.status().state && !by_manager {
            found.add(format!("{task}: {:?}, its agent is at {:?}", stored.status.state, work.status().state));
        }
    });
}
