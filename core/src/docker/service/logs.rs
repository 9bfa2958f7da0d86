//! `docker service logs`: what the containers of a service's tasks printed, on all nodes.
//!
//! Models: docker/cli cli/command/service/logs.go, moby daemon/cluster/services.go (ServiceLogs) and swarmkit
//! agent/worker.go (Subscribe): every node sends what its tasks printed as soon as it can, its tasks side by side. So
//! nodes, and the tasks on them, come in any order.
//! Differs: what comes at once is not mixed line by line.

use crate::collections::{self, Map, Set};
use std::rc::Rc;

use crate::date;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::filter::refused;
use crate::docker::flags::{BOOL, Flag, Matches, Offer, STRING};
use crate::docker::tasks::node_name;
use crate::docker::{Flow, Foreground, events};
use crate::id::{NodeId, ServiceId, TaskId};
use crate::model::{Mode, NodeState, Task};
use crate::output::Output;
use crate::rng::Stream;
use crate::time::Ms;
use crate::world::World;

pub(crate) static COMMAND: Command = Command {
    path: "service logs",
    aliases: &[],
    usage: "[OPTIONS] SERVICE|TASK",
    about: "Show what the tasks of a service, or one task, have printed",
    korean: "서비스나 태스크가 남긴 로그를 보여 준다",
    arguments: Arguments::Exactly(1),
    offers: Offer::Services,
    flags: &[&[
        Flag::new("details", BOOL, "Leave room for extra attributes before each line"),
        Flag::new("follow", BOOL, "Go on with new lines as they come").short('f'),
        Flag::new("no-resolve", BOOL, "Show IDs in the place of names"),
        Flag::new("no-task-ids", BOOL, "Leave the task's ID out"),
        Flag::new("no-trunc", BOOL, "Show the task's ID in full"),
        Flag::new("raw", BOOL, "Only what was printed, without its origin"),
        Flag::new("since", STRING, "Only lines after this time (2026-11-22T21:36:01Z) or younger than this (42m)"),
        Flag::new("tail", STRING, "Only so many lines from the end of each task").short('n').default("all"),
        Flag::new("timestamps", BOOL, "Begin each line with its time").short('t'),
    ]],
    stop_at_argument: false,
    run,
};

/// How often `--follow` looks for new lines.
const POLL_MS: Ms = 100;

/// `--follow`: the lines that come from now on.
#[derive(Clone, Debug)]
pub(crate) struct Follow {
    of: Of,
    style: Style,
    /// How many lines of each task were shown or left out.
    seen: Map<TaskId, usize>,
    /// In which order nodes and tasks come.
    order: Stream,
    wake_at: Ms,
}

/// Whose lines.
#[derive(Clone, Copy, Debug)]
enum Of {
    Service(ServiceId),
    Task(TaskId),
    /// As the task's, but they end with it.
    Container(TaskId),
}

/// How lines are shown.
#[derive(Clone, Debug)]
struct Style {
    details: bool,
    no_resolve: bool,
    no_task_ids: bool,
    no_trunc: bool,
    raw: bool,
    timestamps: bool,
    since: Option<Ms>,
    until: Option<Ms>,
    tail: Option<usize>,
    /// Digits of the highest slot that the service should have.
    digits: usize,
}

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let name = &matches.args[0];
    let (of, digits) = find(call, name)?;
    let follow = follow(call, matches, of, digits)?;
    if matches.on("follow") {
        return Foreground::Logs(Box::new(follow)).start(call);
    }
    let reasons = silent_nodes(call.world, of);
    follow.show_once(call);
    if reasons.is_empty() {
        return Ok(Flow::Exit(0));
    }
    Err(CliError::said(format!(
        "error from daemon in stream: Error grabbing logs: rpc error: code = Unknown desc = warning: incomplete log \
         stream. some logs could not be retrieved for the following reasons: {}\n",
        reasons.join(", ")
    )))
}

/// What the container of a task printed, and nothing around it, until it ends.
pub(in crate::docker) fn of_container(call: &mut Call, matches: &Matches, task: TaskId) -> Result<Flow, CliError> {
    let mut follow = follow(call, matches, Of::Container(task), 1)?;
    follow.style.raw = true;
    if matches.on("follow") {
        return Foreground::Logs(Box::new(follow)).start(call);
    }
    follow.show_once(call);
    Ok(Flow::Exit(0))
}

/// What is to be shown, and how.
fn follow(call: &mut Call, matches: &Matches, of: Of, digits: usize) -> Result<Follow, CliError> {
    let tail = match matches.text("tail").unwrap_or("all") {
        "all" => None,
        text => match text.parse::<i64>() {
            Ok(..0) => return Err(refused("negative tail values not supported".to_owned())),
            Ok(lines) => Some(lines as usize),
            Err(_) => return Err(refused("tail value must be a positive integer or \"all\"".to_owned())),
        },
    };
    let style = Style {
        details: matches.on("details"),
        no_resolve: matches.on("no-resolve"),
        no_task_ids: matches.on("no-task-ids"),
        no_trunc: matches.on("no-trunc"),
        raw: matches.on("raw"),
        timestamps: matches.on("timestamps"),
        since: matches.text("since").map(|text| events::time(call.world, text)).transpose()?,
        until: matches.text("until").map(|text| events::time(call.world, text)).transpose()?,
        tail,
        digits,
    };
    Ok(Follow { of, style, seen: Map::new(), order: call.world.stream("logs"), wake_at: call.world.now() })
}

fn find(call: &mut Call, name: &str) -> Result<(Of, usize), CliError> {
    use crate::api::ApiError::NotFound;
    match call.api().service(name) {
        Ok(service) => {
            let digits = match service.spec.mode {
                Mode::Replicated { replicas } => replicas.to_string().len(),
                _ => 1,
            };
            Ok((Of::Service(service.id), digits))
        }
        Err(NotFound { .. }) => match call.api().task(name) {
            Ok(task) => Ok((Of::Task(task.id), task.slot.to_string().len())),
            Err(NotFound { .. }) => Err(CliError::said(format!("no such task or service: {name}"))),
            Err(error) => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// Nodes with tasks of the service that cannot be asked.
fn silent_nodes(world: &World, of: Of) -> Vec<String> {
    let store = world.store();
    let asked = store.tasks().filter(|task| of.holds(task)).filter_map(|task| task.node);
    let silent = asked.filter(|id| store.node(*id).is_none_or(|node| node.status.state == NodeState::Down));
    // Each once.
    let silent: Set<NodeId> = silent.collect();
    silent.iter().map(|node| format!("node {node} is not available")).collect()
}

impl Of {
    fn holds(self, task: &Task) -> bool {
        match self {
            Of::Service(service) => task.service == service,
            Of::Task(id) | Of::Container(id) => task.id == id,
        }
    }
}

impl Follow {
    pub(crate) fn wake_at(&self) -> Ms {
        self.wake_at
    }

    pub(crate) fn poll(&mut self, world: &World, output: &mut Output) -> Option<i32> {
        self.show(world, output);
        self.wake_at = world.now() + POLL_MS;
        match self.of {
            Of::Container(task) if !world.runs(task) => Some(0),
            _ => None,
        }
    }

    fn show_once(mut self, call: &mut Call) {
        self.show(call.world, call.out);
    }

    /// Shows the lines that were not seen yet.
    fn show(&mut self, world: &World, output: &mut Output) {
        let store = world.store();
        let mut logs: Map<TaskId, Vec<(Ms, String)>> = Map::new();
        for node in store.nodes().filter(|node| node.status.state != NodeState::Down) {
            logs.extend(world.containers(node.id).into_iter().map(|container| (container.task, container.log)));
        }
        let mut tasks: Vec<&Rc<Task>> = store.tasks().filter(|task| self.of.holds(task)).collect();
        self.order.shuffle(&mut tasks);
        let mut nodes: Map<Option<NodeId>, u32> = Map::new();
        for task in &tasks {
            nodes.entry(task.node).or_insert_with(|| self.order.next_u32());
        }
        collections::sort_by_key(&mut tasks, |task| nodes.get(&task.node).copied());
        for task in tasks {
            let Some(lines) = logs.get(&task.id) else { continue };
            let first_look = !self.seen.contains_key(&task.id);
            let mut from = self.seen.insert(task.id, lines.len()).unwrap_or(0);
            if let Some(tail) = self.style.tail.filter(|_| first_look) {
                from = lines.len().saturating_sub(tail);
            }
            for (at, line) in &lines[from..] {
                let Style { since, until, .. } = self.style;
                if since.is_none_or(|since| *at >= since) && until.is_none_or(|until| *at <= until) {
                    output.out(self.style.line(world, task, *at, line));
                }
            }
        }
    }
}

impl Style {
    fn line(&self, world: &World, task: &Task, at: Ms, line: &str) -> String {
        let mut text = String::new();
        if self.timestamps {
            text = date::nanos(world.unix_ms(at)) + " ";
        }
        if !self.raw {
            let service = if self.no_resolve { task.service.as_str() } else { &*task.service_name };
            text += &format!("{service}.{}", task.slot);
            if !self.no_task_ids {
                text += &format!(".{}", if self.no_trunc { task.id.as_str() } else { task.id.short() });
            }
            let missing = self.digits.saturating_sub(task.slot.to_string().len());
            text += &format!("@{}{:missing$}    | ", node_name(world, task.node, self.no_resolve), "");
        }
        format!("{text}{}{line}\n", if self.details { " " } else { "" })
    }
}
