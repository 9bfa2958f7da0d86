//! Jobs: how many tasks have completed, with a line per slot or per node.
//!
//! Models: docker/cli progress.go, replicatedJobProgressUpdater and globalJobProgressUpdater.

use crate::collections::{Map, Set};
use std::rc::Rc;

use super::draw::{COMPLETE, Display, Line, number};
use super::{MOST_LINES, Sight};
use crate::id::NodeId;
use crate::model::{Task, TaskState};
use crate::output::Output;

#[derive(Clone, Debug)]
pub(super) struct ReplicatedJob {
    concurrent: u64,
    total: u64,
    started: bool,
}

impl ReplicatedJob {
    pub(super) fn new(concurrent: u64, total: u64) -> ReplicatedJob {
        ReplicatedJob { concurrent, total, started: false }
    }

    pub(super) fn update(&mut self, sight: &Sight, display: &mut Display, output: &mut Output) -> bool {
        let total = self.total;
        if !self.started {
            self.started = true;
            self.overall(display, output, 0, 0);
            if total <= MOST_LINES {
                for line in 1..=total {
                    display.line(output, &format!("{line}/{total}"), Line::Text(" ".to_owned()));
                }
            }
        }
        let slots = least_far(sight, |task| (number(task.desired) > 0).then_some(task.slot));
        let mut active = 0;
        let mut completed = 0;
        for (slot, task) in &slots {
            if total <= MOST_LINES {
                draw(display, output, &format!("{}/{total}", slot + 1), task);
            }
            active += u64::from(number(task.status.state) < COMPLETE);
            completed += u64::from(task.status.state == TaskState::Complete);
        }
        self.overall(display, output, active, completed);
        completed == total
    }

    fn overall(&self, display: &mut Display, output: &mut Output, active: u64, completed: u64) {
        progress(display, output, completed, self.total);
        // A job that runs once more, with more to do than when the watch began, may complete more than that.
        let wanted = self.total.saturating_sub(completed).min(self.concurrent);
        let digits = self.concurrent.to_string().len();
        let text = format!("{active:digits$} out of {wanted:digits$} tasks");
        display.line(output, "active tasks", Line::Text(text));
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct GlobalJob {
    /// The nodes that got a task at the beginning. Nodes that join later do not count.
    nodes: Set<NodeId>,
    started: bool,
}

impl GlobalJob {
    pub(super) fn update(&mut self, sight: &Sight, display: &mut Display, output: &mut Output) -> bool {
        if !self.started {
            if sight.tasks.is_empty() {
                display.line(output, "job progress", Line::Text("waiting for tasks".to_owned()));
                return false;
            }
            self.started = true;
            self.nodes = sight.tasks.iter().filter_map(|task| task.node).collect();
            progress(display, output, 0, self.nodes.len() as u64);
        }
        let total = self.nodes.len() as u64;
        let nodes = least_far(sight, |task| task.node.filter(|node| self.nodes.contains(node)));
        for (node, task) in nodes.iter().filter(|_| total <= MOST_LINES) {
            draw(display, output, node.as_str(), task);
        }
        let completed = nodes.values().filter(|task| task.status.state == TaskState::Complete).count() as u64;
        progress(display, output, completed, total);
        completed == total
    }
}

/// By place the task of this iteration that is least far.
fn least_far<'a, P: Ord>(sight: &'a Sight, place: impl Fn(&Task) -> Option<P>) -> Map<P, &'a Rc<Task>> {
    let iteration = sight.service.job_status.map(|job| job.iteration);
    let mut places: Map<P, &Rc<Task>> = Map::new();
    for task in sight.tasks.iter().filter(|task| task.job_iteration == iteration && number(task.status.state) > 0) {
        let Some(place) = place(task) else { continue };
        if places.get(&place).is_none_or(|chosen| number(task.status.state) < number(chosen.status.state)) {
            places.insert(place, task);
        }
    }
    places
}

fn draw(display: &mut Display, output: &mut Output, name: &str, task: &Task) {
    if task.status.err.is_empty() {
        let text = format!("{:9}", task.status.state.word());
        display.line(output, name, Line::Bar { text, current: number(task.status.state), total: COMPLETE });
    } else {
        display.task(output, name, task, COMPLETE);
    }
}

fn progress(display: &mut Display, output: &mut Output, completed: u64, total: u64) {
    let digits = total.to_string().len();
    let text = format!("{completed:digits$} out of {total} complete");
    display.line(output, "job progress", Line::Bar { text, current: completed, total });
}
