//! The orchestrator of jobs, replicated and global: runs tasks to their end, so many at once, so many in all.
//!
//! Models: swarmkit manager/orchestrator/jobs/{orchestrator,replicated/reconciler,global/reconciler}.go.

use crate::collections::{Map, Set};
use std::rc::Rc;

use super::restart::Restart;
use super::tasks::{invalid_node, new_task, node_matches, unfit, want};
use super::{Ctx, replicated};
use crate::event::{EventId, Rule};
use crate::id::{NodeId, ServiceId, TaskId};
use crate::model::{Availability, Mode, NodeState, Service, TaskState};
use crate::store::{Change, Run};

#[derive(Clone, Debug, Default)]
pub(crate) struct Jobs {
    reconcile: Map<ServiceId, Request>,
}

/// Why a job is looked at.
#[derive(Clone, Debug, Default)]
struct Request {
    cause: Option<EventId>,
    /// Its spec is another, so that any of its tasks may have to be restarted.
    anew: bool,
    /// Tasks that have ended, or that were let start and had ended before.
    ended: Set<(u64, TaskId)>,
}

impl Jobs {
    pub(super) fn handle(&mut self, change: &Change, ctx: &mut Ctx, restart: &mut Restart) {
        let (service, ended) = match change {
            Change::ServiceCreated(id) => (*id, None),
            Change::ServiceUpdated(old) => (old.id, None),
            Change::ServiceDeleted(old) if old.spec.mode.is_job() => {
                replicated::remove_tasks_of(old.id, ctx);
                restart.forget_service(old.id);
                return;
            }
            Change::TaskUpdated(old) => match ctx.store.task(old.id) {
                Some(task) if task.terminal() && task.desired <= TaskState::Complete => {
                    (task.service, Some((task.slot, task.id)))
                }
                _ => return,
            },
            _ => return,
        };
        if ctx.store.service(service).is_some_and(|service| service.spec.mode.is_job()) {
            let request = self.reconcile.entry(service).or_default();
            request.cause = ctx.cause;
            request.anew |= ended.is_none();
            request.ended.extend(ended);
        }
    }

    pub(super) fn tick(&mut self, ctx: &mut Ctx, restart: &mut Restart) {
        for (id, request) in std::mem::take(&mut self.reconcile) {
            ctx.cause = request.cause;
            let Some(service) = ctx.store.service(id).map(Rc::clone) else { continue };
            match service.spec.mode {
                Mode::ReplicatedJob { max_concurrent, total_completions } => {
                    reconcile_replicated(&service, &request, max_concurrent, total_completions, ctx, restart);
                }
                Mode::GlobalJob => reconcile_global(&service, ctx, restart),
                Mode::Replicated { .. } | Mode::Global => {}
            }
        }
    }
}

fn iteration(service: &Service) -> u64 {
    service.job_status.map_or(0, |status| status.iteration)
}

fn reconcile_replicated(
    service: &Service,
    request: &Request,
    max_concurrent: u64,
    total: u64,
    ctx: &mut Ctx,
    restart: &mut Restart,
) {
    let current = iteration(service);
    let nothing = Run::default();
    let run = ctx.store.runs().of(service.id, current).unwrap_or(&nothing);
    let (running, completed) = (run.running, run.completed);
    // Swarm asks for all of them each time. Those that have been asked for wait for their start.
    let failed = if request.anew { run.failed() } else { run.failed_of(request.ended.iter().copied()) };
    let more = max_concurrent.saturating_sub(running).min(total.saturating_sub(completed + running));
    let free = run.free(total, more);
    let outdated: Vec<TaskId> =
        ctx.store.runs().outdated(service.id, current).into_iter().map(|(_, task)| task).collect();
    if !free.is_empty() {
        ctx.begin(Rule::JobNeeds { running, completed, wanted: total });
    }
    for slot in free {
        let mut task = new_task(service, slot, None, ctx);
        task.job_iteration = Some(current);
        task.desired = TaskState::Complete;
        ctx.store.create_task(task, ctx.now);
    }
    restart_all(&failed, service, ctx, restart);
    remove_all(&outdated, ctx);
}

fn reconcile_global(service: &Service, ctx: &mut Ctx, restart: &mut Restart) {
    let current = iteration(service);
    let (mut candidates, mut invalid) = (Vec::new(), Vec::new());
    for node in ctx.store.nodes().filter(|node| node_matches(service, node)) {
        if invalid_node(Some(node)) {
            invalid.push(node.id);
        } else if node.spec.availability == Availability::Active && node.status.state == NodeState::Ready {
            candidates.push(node.id);
        }
    }
    let mut by_node: Map<NodeId, TaskId> = Map::new();
    let (mut failed, mut outdated) = (Vec::new(), Vec::new());
    for task in ctx.store.tasks_of_service(service.id) {
        if task.job_iteration != Some(current) {
            outdated.push(task.id);
        } else if task.desired <= TaskState::Complete {
            if task.status.state > TaskState::Complete {
                failed.push(task.id);
            }
            by_node.extend(task.node.map(|node| (node, task.id)));
        }
    }
    for node in candidates.into_iter().filter(|node| !by_node.contains_key(node)) {
        ctx.begin(Rule::OnePerNode);
        let mut task = new_task(service, 0, Some(node), ctx);
        task.job_iteration = Some(current);
        task.desired = TaskState::Complete;
        ctx.store.create_task(task, ctx.now);
    }
    restart_all(&failed, service, ctx, restart);
    remove_all(&outdated, ctx);
    for task in invalid.iter().filter_map(|node| by_node.get(node)) {
        let running = ctx.store.task(*task).filter(|task| task.status.state <= TaskState::Running);
        if let Some(rule) = running.map(|task| unfit(task, ctx)) {
            want(*task, TaskState::Shutdown, rule, ctx);
        }
    }
}

fn restart_all(failed: &[TaskId], service: &Service, ctx: &mut Ctx, restart: &mut Restart) {
    for id in failed {
        let task = ctx.store.task(*id).filter(|task| task.desired <= TaskState::Complete).cloned();
        if let Some(task) = task {
            restart.restart(service, &task, ctx);
        }
    }
}

fn remove_all(outdated: &[TaskId], ctx: &mut Ctx) {
    for task in outdated {
        want(*task, TaskState::Remove, Rule::OldIteration, ctx);
    }
}
