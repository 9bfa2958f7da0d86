//! What containers cost each other that start or stop at the same time.

use super::Ctx;
use crate::id::TaskId;
use crate::model::{Task, TaskState};
use crate::time::Ms;

/// For so long after it was last heard of, a task that is to run is one that starts now.
const MOMENT: Ms = 300;

/// More of them cost no more: a larger cluster has more machines.
const MOST: usize = 10;

/// How much longer a start takes.
pub(super) fn starting(task: TaskId, ctx: &Ctx) -> Ms {
    let now = ctx.now;
    let starts = |other: &Task| {
        let underway = (TaskState::Assigned..=TaskState::Starting).contains(&other.status.state);
        underway && other.desired <= TaskState::Running && now.saturating_sub(other.status.timestamp) <= MOMENT
    };
    others(task, ctx, starts) * ctx.scenario.latencies.crowd_ms
}

/// How much longer a stop takes.
pub(super) fn stopping(task: TaskId, ctx: &Ctx) -> Ms {
    let stops = |other: &Task| other.desired > TaskState::Running && other.status.state == TaskState::Running;
    others(task, ctx, stops) * ctx.scenario.latencies.crowd_ms / 2
}

fn others(task: TaskId, ctx: &Ctx, with_it: impl Fn(&Task) -> bool) -> u64 {
    let others = ctx.store.changing_tasks().filter(|other| other.id != task && with_it(other));
    others.take(MOST).count() as u64
}
