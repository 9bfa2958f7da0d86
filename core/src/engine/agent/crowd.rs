//! What containers cost each other that start or stop at the same time.

use super::Ctx;
use crate::id::TaskId;
use crate::time::Ms;

/// For so long after it was last heard of, a task that is to run is one that starts now.
const MOMENT: Ms = 300;

/// More of them cost no more: a larger cluster has more machines.
const MOST: usize = 10;

/// How much longer a start takes.
pub(super) fn starting(task: TaskId, ctx: &Ctx) -> Ms {
    let starting = ctx.store.changing().starting(ctx.now.saturating_sub(MOMENT));
    others(task, starting) * ctx.scenario.latencies.crowd_ms
}

/// How much longer a stop takes.
pub(super) fn stopping(task: TaskId, ctx: &Ctx) -> Ms {
    others(task, ctx.store.changing().stopping()) * ctx.scenario.latencies.crowd_ms / 2
}

fn others(task: TaskId, with_it: impl Iterator<Item = TaskId>) -> u64 {
    with_it.filter(|other| *other != task).take(MOST).count() as u64
}
