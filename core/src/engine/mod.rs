//! The engine: Swarm's control loops. Each sees what others wrote as changes, writes through the store, and puts what
//! is to come into the queue; loops do not call each other (the updater and the restart supervisor are the two
//! helpers that orchestrators share). `settle` runs them in a fixed order until nothing changes any more.
//!
//! Models: swarmkit manager/manager.go, which starts the same loops as goroutines.
//! Differs: the loops of a real manager run side by side, so that who sees a change first is a matter of luck; here the
//! order is fixed, and what is random in Swarm (slots, ties between nodes, who judges a failure first) comes from a
//! named stream.

pub(crate) mod agent;
mod allocator;
mod attachments;
pub(crate) mod certificate;
pub mod constraint;
mod dispatcher;
mod enforcer;
mod global;
pub(crate) mod gomap;
pub(crate) mod image;
mod jobs;
pub(crate) mod machines;
pub(crate) mod managers;
mod membership;
pub(crate) mod pending;
mod pools;
mod reaper;
pub(crate) mod registry;
mod replicated;
pub(crate) mod restart;
mod scheduler;
pub(crate) mod setup;
mod takeover;
pub(crate) mod tasks;
#[cfg(test)]
mod tests;
pub(crate) mod updater;

use crate::collections::Map;
use std::rc::Rc;

use crate::event::{EventId, Rule, What};
use crate::id::{NodeId, ServiceId, TaskId};
use crate::queue::{Queue, Ticket};
use crate::rng::Stream;
use crate::scenario::{NodeSetup, Scenario};
use crate::store::{Change, Store};
use crate::time::Ms;

use agent::Agent;

/// Something that is to come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Due {
    /// The scheduler's debounce is over.
    Schedule,
    /// The task reaper's batch is full of time.
    Reap,
    /// Changes for a node's agent have been quiet for long enough.
    Assign(NodeId),
    /// The dispatcher writes what agents have reported.
    WriteReports,
    /// No heartbeat of this node came in time.
    HeartbeatMissed(NodeId),
    /// A node has been down for a day.
    Orphan(NodeId),
    /// An agent registers with the dispatcher.
    Register(NodeId),
    /// A machine that was switched on is up.
    Booted(NodeId),
    /// The leader has sent to this manager in vain for long enough.
    Unreachable(NodeId),
    /// This leader finds that no majority answers.
    StepDown(NodeId),
    /// A manager has waited for a leader for long enough.
    Election,
    /// A promoted node has its certificate.
    JoinManagers(NodeId),
    /// A promoted node has been told so, and asks for its certificate.
    Certify(NodeId),
    /// A demoted manager has found another one.
    Demoted(NodeId),
    /// It has begun again, as a worker.
    Restarted(NodeId),
    /// The role manager tries again.
    ReconcileRoles,
    /// The restart delay of a new task is over.
    RestartDelay(TaskId),
    /// The old task of a new one did not stop in time.
    OldTaskTimeout(TaskId),
    /// A lane of an update has slept its delay.
    LaneDelay { service: ServiceId, run: u64, lane: usize },
    /// An update hands out more slots.
    HandOut { service: ServiceId, run: u64 },
    /// The last watch of an update is over.
    MonitorEnd { service: ServiceId, run: u64 },
    /// What an agent was doing with a task is done. `step` tells it from what was given up meanwhile.
    AgentStep { node: NodeId, task: TaskId, step: u64 },
    /// The loops go on with what they have not seen yet.
    GoOn,
    /// A program ends by itself. `started` tells its container from a later one.
    ProgramEnds { node: NodeId, task: TaskId, started: Ms, code: i32 },
    /// A health check's next probe of the container that runs since `started`.
    Probe { node: NodeId, task: TaskId, started: Ms },
}

impl Due {
    /// Whether only a leader does it.
    pub(crate) fn is_of_leader(&self) -> bool {
        matches!(
            self,
            Due::Schedule
                | Due::Reap
                | Due::Assign(_)
                | Due::WriteReports
                | Due::HeartbeatMissed(_)
                | Due::Orphan(_)
                | Due::RestartDelay(_)
                | Due::OldTaskTimeout(_)
                | Due::LaneDelay { .. }
                | Due::HandOut { .. }
                | Due::MonitorEnd { .. }
                | Due::ReconcileRoles
                | Due::GoOn
        )
    }
}

/// The random streams of the engine, by purpose.
#[derive(Clone, Debug)]
pub(crate) struct Streams {
    pub(crate) ids: Stream,
    /// The order in which an updater takes its slots.
    pub(crate) slots: Stream,
    /// Which of equally good nodes the scheduler takes.
    pub(crate) ties: Stream,
    /// How long things take.
    pub(crate) latencies: Stream,
    /// How long the managers take.
    pub(crate) commits: Stream,
    pub(crate) heartbeats: Stream,
    /// Who loses patience first among the managers, and how long membership takes.
    pub(crate) elections: Stream,
    /// Unlock keys, and root certificates after the first.
    pub(crate) keys: Stream,
    /// In which order a client goes through what has none, and what it does first of two things.
    pub(crate) maps: Stream,
    pub(crate) containers: Stream,
    /// Which task answers a request.
    pub(crate) mesh: Stream,
    /// Which of two loops writes first where Swarm leaves it to chance.
    pub(crate) races: Stream,
}

impl Streams {
    pub(crate) fn new(seed: u64) -> Streams {
        Streams {
            ids: Stream::new(seed, "ids"),
            slots: Stream::new(seed, "slots"),
            ties: Stream::new(seed, "ties"),
            latencies: Stream::new(seed, "latencies"),
            commits: Stream::new(seed, "commits"),
            heartbeats: Stream::new(seed, "heartbeats"),
            elections: Stream::new(seed, "elections"),
            keys: Stream::new(seed, "keys"),
            maps: Stream::new(seed, "maps"),
            containers: Stream::new(seed, "containers"),
            mesh: Stream::new(seed, "mesh"),
            races: Stream::new(seed, "races"),
        }
    }

    /// How long something takes that takes (least, most): mostly little more than the least, as machines are now and
    /// then busy with something else.
    pub(crate) fn latency(&mut self, (least, most): (Ms, Ms)) -> Ms {
        let part = self.latencies.between(0, 1_000);
        least + (most - least) * part * part / 1_000_000
    }
}

/// As [`Streams::latency`], of what is seldom put off.
fn seldom_late(stream: &mut Stream, (least, most): (Ms, Ms)) -> Ms {
    let part = stream.between(0, 1_000).pow(2) / 1_000;
    least + (most - least) * part * part / 1_000_000
}

/// What a loop may touch while it works.
pub(crate) struct Ctx<'w> {
    pub(crate) now: Ms,
    pub(crate) scenario: &'w Scenario,
    pub(crate) store: &'w mut Store,
    pub(crate) queue: &'w mut Queue<(Due, Option<EventId>)>,
    pub(crate) random: &'w mut Streams,
    /// What the loop reacts to: the cause of what it writes.
    pub(crate) cause: Option<EventId>,
    pub(crate) registry: &'w registry::Registry,
}

impl Ctx<'_> {
    /// Starts a transaction that follows `rule`.
    pub(crate) fn begin(&mut self, rule: Rule) {
        self.store.begin(self.cause, rule);
    }

    /// Records what an agent does with a task; what follows has it as its cause.
    pub(crate) fn acts(&mut self, task: TaskId, rule: Rule) {
        self.cause = Some(self.store.note(self.now, self.cause, What::AgentActs { task }, rule));
    }

    /// Lets `due` happen in `delay` milliseconds.
    pub(crate) fn later(&mut self, delay: Ms, due: Due) -> Ticket {
        self.queue.push(self.now + delay, (due, self.cause))
    }
}

/// The memory of all control loops.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    pub(crate) allocator: allocator::Allocator,
    replicated: replicated::Replicated,
    global: global::Global,
    jobs: jobs::Jobs,
    pub(crate) updater: updater::Updater,
    pub(crate) restart: restart::Restart,
    scheduler: scheduler::Scheduler,
    reaper: reaper::Reaper,
    pub(crate) dispatcher: dispatcher::Dispatcher,
    pub(crate) agents: Map<NodeId, Agent>,
    pub(crate) machines: Vec<machines::Machine>,
    pub(crate) managers: managers::Managers,
    /// More has changed than the loops could see in this moment.
    behind: bool,
}

/// So many changes the loops see in one moment. Models: swarmkit store.Batch, whose transactions have at most
/// MaxChangesPerTransaction = 200 changes; each waits for Raft.
pub(crate) const AT_ONCE: usize = 200;

/// So long a transaction of many takes.
pub(crate) const TRANSACTION: Ms = 1;

impl Engine {
    pub(crate) fn new() -> Engine {
        Engine {
            allocator: allocator::Allocator::default(),
            replicated: replicated::Replicated::default(),
            global: global::Global::default(),
            jobs: jobs::Jobs::default(),
            updater: updater::Updater::default(),
            restart: restart::Restart::default(),
            scheduler: scheduler::Scheduler::default(),
            reaper: reaper::Reaper::default(),
            dispatcher: dispatcher::Dispatcher::default(),
            agents: Map::new(),
            machines: Vec::new(),
            managers: managers::Managers::default(),
            behind: false,
        }
    }

    /// Lets the loops come to rest for the first time. What daemons told before the session has long been forgotten.
    pub(crate) fn begin(&mut self, ctx: &mut Ctx) {
        self.settle_within(usize::MAX, ctx);
        ctx.store.forget_notices();
    }

    /// Whether the loops have more to see or to write than one moment allows.
    pub(crate) fn is_behind(&self) -> bool {
        self.behind || self.scheduler.is_writing()
    }

    /// Lets one thing happen that was to come, and all that follows from it at the same moment.
    pub(crate) fn fire(&mut self, due: Due, ctx: &mut Ctx) {
        if self.managers.leader().is_none() && due.is_of_leader() {
            self.managers.defer(due, ctx.cause);
            return;
        }
        match due {
            Due::Schedule => self.scheduler.tick(ctx),
            Due::Reap => self.reaper.tick(ctx),
            Due::Assign(node) => self.dispatcher.assign(node, &mut self.agents, ctx),
            Due::WriteReports => self.dispatcher.write_reports(ctx),
            Due::HeartbeatMissed(node) => self.dispatcher.heartbeat_missed(node, ctx),
            Due::Orphan(node) => self.dispatcher.orphan(node, ctx),
            Due::Register(node) => self.register(node, ctx),
            Due::Booted(node) => self.booted(node, ctx),
            Due::Unreachable(node) => self.unreachable(node, ctx),
            Due::StepDown(node) => self.step_down(node, ctx),
            Due::Election => self.elect(ctx),
            Due::Certify(node) => self.certify(node, ctx),
            Due::Demoted(node) => self.demoted(node, ctx),
            Due::Restarted(node) => self.touch(node, ctx),
            Due::JoinManagers(node) => self.join_managers(node, ctx),
            Due::ReconcileRoles => self.reconcile_roles(ctx),
            Due::GoOn => self.behind = false,
            Due::RestartDelay(task) => self.restart.delay_over(task, ctx),
            Due::OldTaskTimeout(task) => self.restart.timed_out(task, ctx),
            Due::LaneDelay { service, run, lane } => {
                self.updater.lane_delay_over(service, run, lane, &mut self.restart, ctx)
            }
            Due::HandOut { service, run } => self.updater.hand_out(service, run, &mut self.restart, ctx),
            Due::MonitorEnd { service, run } => self.updater.monitor_over(service, run, ctx),
            Due::AgentStep { node, task, step } => {
                if let Some(agent) = self.agents.get_mut(&node) {
                    agent.step(task, step, ctx, &mut self.dispatcher);
                }
            }
            Due::ProgramEnds { node, task, started, code } => {
                if let Some(agent) = self.agents.get_mut(&node) {
                    agent.program_ends_by_itself(task, started, code, ctx, &mut self.dispatcher);
                }
            }
            Due::Probe { node, task, started } => {
                if let Some(agent) = self.agents.get_mut(&node) {
                    agent.probe(task, started, ctx, &mut self.dispatcher);
                }
            }
        }
        self.settle(ctx);
    }

    /// Lets the orchestrators replace what ended.
    fn tick_tasks(&mut self, ctx: &mut Ctx) {
        self.replicated.tick_tasks(ctx, &mut self.restart);
        self.global.tick_tasks(ctx, &mut self.restart);
    }

    /// Leaves nothing of a node to be reserved but what is reserved on it already.
    pub(crate) fn fill(&mut self, node: NodeId, ctx: &mut Ctx) {
        let (mut cpus, mut memory) = (0, 0);
        for task in ctx.store.tasks_of_node(node).filter(|task| !task.terminal()) {
            let reserved = task.spec.resources.as_ref().map(|resources| &resources.reservations);
            cpus += reserved.map_or(0, |reserved| reserved.nano_cpus);
            memory += reserved.map_or(0, |reserved| reserved.memory_bytes);
        }
        self.resize(node, cpus, memory, ctx);
    }

    /// Gives a node the CPUs and the memory that its machine has.
    pub(crate) fn free(&mut self, node: NodeId, ctx: &mut Ctx) {
        let machine =
            |setup: &&NodeSetup| ctx.store.node(node).is_some_and(|node| node.description.hostname == setup.hostname);
        if let Some(setup) = ctx.scenario.nodes.iter().find(machine) {
            let (cpus, memory) = setup::resources(setup);
            self.resize(node, cpus, memory, ctx);
        }
    }

    /// The daemon of a node tells that its machine has become smaller or larger.
    fn resize(&mut self, node: NodeId, nano_cpus: i64, memory_bytes: i64, ctx: &mut Ctx) {
        ctx.begin(Rule::Described);
        ctx.store.update_node(node, ctx.now, |node| {
            node.description.nano_cpus = nano_cpus;
            node.description.memory_bytes = memory_bytes;
        });
        self.settle(ctx);
    }

    /// SIGKILL to the container of a task.
    pub(crate) fn kill(&mut self, node: NodeId, task: TaskId, ctx: &mut Ctx) {
        if let Some(agent) = self.agents.get_mut(&node) {
            agent.kill(task, 137, ctx, &mut self.dispatcher);
        }
        self.settle(ctx);
    }

    /// A signal to a container's program, sent by its engine.
    pub(crate) fn signal(&mut self, node: NodeId, task: TaskId, signal: u8, ctx: &mut Ctx) {
        if let Some(agent) = self.agents.get_mut(&node) {
            agent.signalled(task, signal, ctx, &mut self.dispatcher);
        }
        self.settle(ctx);
    }

    /// Shows every loop what changed, until none of them changes anything more, or they have seen as much as they can in
    /// one moment.
    pub(crate) fn settle(&mut self, ctx: &mut Ctx) {
        self.settle_within(AT_ONCE, ctx);
    }

    fn settle_within(&mut self, mut left: usize, ctx: &mut Ctx) {
        if self.managers.leader().is_none() || self.behind {
            return;
        }
        for round in 0.. {
            assert!(round < 10_000, "the control loops do not come to rest at {} ms", ctx.now);
            if left == 0 && ctx.store.has_changes() {
                self.behind = true;
                ctx.cause = None;
                ctx.later(TRANSACTION, Due::GoOn);
                break;
            }
            let changes = ctx.store.take_changes(left);
            left -= changes.len();
            if changes.is_empty() && !self.restart.has_news() {
                break;
            }
            for (event, change) in &changes {
                ctx.cause = Some(*event);
                self.allocator.handle(change, ctx);
                self.restart.handle(change, ctx);
                self.replicated.handle(change, ctx, &mut self.restart);
                self.global.handle(change, *event, ctx, &mut self.restart, &mut self.updater);
                self.jobs.handle(change, ctx, &mut self.restart);
            }
            // An update's failure is seen by the updater and by the orchestrator at once, and either may be the first to
            // write. In the recordings of rollbacks it was the orchestrator about twice as often.
            let ends: Vec<&(EventId, Change)> =
                changes.iter().filter(|(_, change)| self.updater.judges(change, ctx)).collect();
            let updater_first = !ends.is_empty() && ctx.random.races.below(3) == 0;
            if !updater_first {
                self.tick_tasks(ctx);
            }
            for (event, change) in ends {
                ctx.cause = Some(*event);
                self.updater.task_ended(change, ctx);
            }
            if updater_first {
                self.tick_tasks(ctx);
            }
            for (event, change) in &changes {
                ctx.cause = Some(*event);
                self.updater.task_changed(change, ctx, &mut self.restart);
            }
            self.replicated.tick_services(ctx, &mut self.restart, &mut self.updater);
            self.jobs.tick(ctx, &mut self.restart);
            for (event, change) in &changes {
                ctx.cause = Some(*event);
                enforcer::handle(change, ctx);
                self.scheduler.handle(change, ctx);
                self.reaper.handle(change, ctx);
                self.dispatcher.handle(change, ctx);
            }
            self.scheduler.committed(ctx);
            self.restart.deliver_news(ctx, &mut self.updater);
        }
    }
}

/// Shared text: most statuses repeat a few messages.
pub(crate) fn text(message: &str) -> Rc<str> {
    Rc::from(message)
}
