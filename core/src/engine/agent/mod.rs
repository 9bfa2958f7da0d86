//! The simulated agent of one node: takes the tasks that the dispatcher brings through their states, one step at a
//! time, and reports. It stands for swarmkit's agent, dockerd's executor and the containers themselves.
//!
//! Models: swarmkit agent/exec/controller.go (Do), moby daemon/cluster/executor/container/controller.go (Prepare,
//! Start, Wait, Shutdown). Differs: the steps take drawn times instead of doing anything.

mod container;
mod crowd;
mod health;
mod notices;
mod power;
mod refusals;

use crate::collections::Map;
use std::rc::Rc;

use super::dispatcher::Dispatcher;
use super::image::{Reference, familiar};
use super::{Ctx, Due, seldom_late, text};
use crate::event::Rule;
use crate::id::{NodeId, TaskId};
use crate::model::{ContainerSpec, ContainerStatus, Task, TaskState, TaskStatus};
use crate::queue::Ticket;
use crate::scenario::Image;
use crate::time::{Ms, SECOND, nanos_to_ms};

pub(crate) use container::{Container, Life};
pub(crate) use health::word as health_word;
pub(crate) use refusals::signal;

/// How long a stopping task of a networked service stays up after it left the load balancer.
const GOSSIP_DELAY: Ms = 2 * SECOND;

/// The signal that no program can ignore, and the exit code of one that it has ended.
const SIGKILL: u8 = 9;
const KILLED: i32 = 137;

#[derive(Clone, Debug)]
pub(crate) struct Agent {
    pub(crate) node: NodeId,
    /// The machine is on and its daemon runs.
    pub(crate) powered: bool,
    /// The dispatcher knows of this agent.
    pub(crate) registered: bool,
    /// It is on its way to register.
    pub(crate) seeking: bool,
    /// Its machine is starting.
    pub(crate) booting: Option<Ticket>,
    /// The alarm that will notice its silence.
    pub(crate) missed: Option<Ticket>,
    /// Images on this node, by name and tag.
    pub(crate) images: Map<String, LocalImage>,
    work: Map<TaskId, Work>,
    steps: u64,
}

/// An image on a node.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LocalImage {
    pub(crate) digest: String,
    /// Whether the tag points to it. A pull by digest fetches an image without its tag.
    pub(crate) tagged: bool,
    pub(crate) pulled: Ms,
}

/// What the agent does with one task.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    task: Rc<Task>,
    status: TaskStatus,
    doing: Doing,
    /// The number of the step under way: what was given up meanwhile does not count.
    step: u64,
    pub(crate) since: Ms,
    /// When the step under way will be done, where that is known.
    pub(crate) until: Option<Ms>,
    container: Option<Container>,
    /// Whether the load balancer still sends it requests.
    in_service: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Nothing,
    Accepting,
    AskingRegistry,
    Pulling,
    Creating,
    Starting,
    AwaitingHealth,
    Running,
    /// It has ended while the daemon was not there to see it.
    Noticing,
    /// Its check failed: it is stopped, and that will be a failure.
    StoppingUnhealthy(Stop),
    Stopping(Stop),
}

/// How far a stop has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    /// Out of the load balancer; requests under way may end. The program does not know yet.
    LeavingMesh,
    /// The signal was sent.
    Signalled,
}

impl Agent {
    pub(crate) fn new(node: NodeId, registered: bool) -> Agent {
        Agent {
            node,
            powered: true,
            registered,
            seeking: false,
            booting: None,
            missed: None,
            images: Map::new(),
            work: Map::new(),
            steps: 0,
        }
    }

    /// Whether the dispatcher reaches it.
    pub(crate) fn connected(&self) -> bool {
        self.powered && self.registered
    }

    pub(crate) fn task_ids(&self) -> Vec<TaskId> {
        self.work.keys().copied().collect()
    }

    pub(crate) fn work(&self, task: TaskId) -> Option<&Work> {
        self.work.get(&task)
    }

    pub(crate) fn all_work(&self) -> impl Iterator<Item = (&TaskId, &Work)> {
        self.work.iter()
    }

    pub(crate) fn containers(&self) -> impl Iterator<Item = (&Rc<Task>, &Container)> {
        self.work.values().filter_map(|work| work.container.as_ref().map(|container| (&work.task, container)))
    }

    /// Takes a task, or a task's new desired state.
    pub(super) fn assign(&mut self, task: &Rc<Task>, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        match self.work.get_mut(&task.id) {
            None if task.status.state > TaskState::Running => {}
            None => {
                let work = Work {
                    task: Rc::clone(task),
                    status: task.status.clone(),
                    doing: Doing::Nothing,
                    step: 0,
                    since: ctx.now,
                    until: None,
                    container: None,
                    in_service: false,
                };
                self.work.insert(task.id, work);
                ctx.acts(task.id, Rule::Accepts);
                let takes = ctx.random.latency(ctx.scenario.latencies.accept_ms);
                self.begin(task.id, Doing::Accepting, Some(takes), ctx);
            }
            // Desired states never go back.
            Some(work) if work.task.desired >= task.desired => {}
            Some(work) => {
                work.task = Rc::clone(task);
                if work.status.state >= TaskState::Complete {
                    // What has ended is only reported once more: that refreshes the manager's stamp, by which the
                    // reaper sorts.
                    let status = work.status.clone();
                    self.send(task.id, status, ctx, dispatcher);
                } else if task.desired >= TaskState::Shutdown {
                    self.begin_shutdown(task.id, ctx, dispatcher);
                } else if work.status.state == TaskState::Ready && work.doing == Doing::Nothing {
                    self.begin_start(task.id, ctx, dispatcher);
                }
            }
        }
    }

    /// The task's object is gone: so goes its container.
    pub(super) fn remove(&mut self, task: TaskId, ctx: &mut Ctx) {
        self.tell(task, "destroy", Vec::new(), ctx);
        self.work.remove(&task);
    }

    /// The engine is told to take a container away that does not run.
    pub(crate) fn discard(&mut self, task: TaskId, ctx: &mut Ctx) {
        self.tell(task, "destroy", Vec::new(), ctx);
        if let Some(work) = self.work.get_mut(&task) {
            work.container = None;
        }
    }

    /// The engine sends a signal to a container's program, which may end it: SIGKILL always, others if it heeds SIGTERM.
    pub(crate) fn signalled(&mut self, task: TaskId, signal: u8, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        const DEADLY: [u8; 4] = [1, 2, 3, 15];
        self.tell(task, "kill", vec![("signal", signal.to_string())], ctx);
        if signal == 9 {
            self.kill(task, 137, ctx, dispatcher);
        } else if DEADLY.contains(&signal) && self.heeds(task, ctx) {
            self.kill(task, 0, ctx, dispatcher);
        }
    }

    /// Whether SIGTERM ends a task's program.
    fn heeds(&self, task: TaskId, ctx: &Ctx) -> bool {
        self.image(task, ctx).is_none_or(|image| image.behaviour.heeds_sigterm)
    }

    /// Kills a container from outside, if it runs.
    pub(crate) fn kill(&mut self, task: TaskId, code: i32, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        let running = self.work.get(&task).and_then(|work| work.container.as_ref()).is_some_and(Container::is_running);
        if running {
            self.program_ends(task, code, ctx, dispatcher);
        }
    }

    /// The step under way is done.
    pub(super) fn step(&mut self, task: TaskId, step: u64, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        let Some(work) = self.work.get(&task).filter(|work| work.step == step && self.powered) else { return };
        match work.doing {
            Doing::Nothing | Doing::AwaitingHealth | Doing::Running => {}
            Doing::Accepting if refusals::no_controller(&work.task.spec.container).is_some() => {
                self.refuse(task, ctx, dispatcher);
            }
            Doing::Accepting if work.task.desired >= TaskState::Shutdown => {
                self.set(task, TaskState::Accepted, "accepted", ctx, dispatcher);
                self.begin_shutdown(task, ctx, dispatcher);
            }
            Doing::Accepting => {
                self.set(task, TaskState::Accepted, "accepted", ctx, dispatcher);
                self.set(task, TaskState::Preparing, "preparing", ctx, dispatcher);
                self.begin_prepare(task, ctx);
            }
            Doing::AskingRegistry => self.registry_answers(task, ctx, dispatcher),
            Doing::Pulling => {
                self.keep_image(task, ctx);
                self.begin_create(task, ctx);
            }
            Doing::Creating => {
                if let Some(err) = refusals::refusal(&work.task.spec.container) {
                    return self.fail(task, &err, 0, ctx, dispatcher);
                }
                self.create(task, ctx);
                self.set(task, TaskState::Ready, "prepared", ctx, dispatcher);
                if work_wants_start(self.work.get(&task)) {
                    self.begin_start(task, ctx, dispatcher);
                } else {
                    self.begin(task, Doing::Nothing, None, ctx);
                }
            }
            Doing::Starting => self.start(task, ctx, dispatcher),
            Doing::Noticing => self.notice(task, ctx, dispatcher),
            Doing::StoppingUnhealthy(stop) => self.stop_goes_on(task, stop, true, ctx, dispatcher),
            Doing::Stopping(stop) => self.stop_goes_on(task, stop, false, ctx, dispatcher),
        }
    }

    fn begin(&mut self, task: TaskId, doing: Doing, takes: Option<Ms>, ctx: &mut Ctx) {
        self.steps += 1;
        let Some(work) = self.work.get_mut(&task) else { return };
        work.doing = doing;
        work.step = self.steps;
        work.since = ctx.now;
        work.until = takes.map(|takes| ctx.now + takes);
        ctx.store.stir(task);
        if let Some(takes) = takes {
            ctx.later(takes, Due::AgentStep { node: self.node, task, step: self.steps });
        }
    }

    /// Reaches a state and reports it.
    fn set(&mut self, task: TaskId, state: TaskState, message: &str, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        let Some(work) = self.work.get_mut(&task) else { return };
        assert!(work.status.state <= state, "{task} goes back from {:?} to {state:?}", work.status.state);
        work.status.state = state;
        work.status.message = text(message);
        work.status.err = text("");
        self.report(task, None, ctx, dispatcher);
    }

    /// Ends a task by an error: before STARTING it is rejected, later it has failed. The message stays.
    fn fail(&mut self, task: TaskId, err: &str, code: i32, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        let Some(work) = self.work.get_mut(&task) else { return };
        let early = work.status.state < TaskState::Starting;
        work.status.state = if early { TaskState::Rejected } else { TaskState::Failed };
        work.status.err = err.into();
        work.in_service = false;
        self.begin(task, Doing::Nothing, None, ctx);
        self.report(task, Some(code), ctx, dispatcher);
    }

    /// Ends a task for which no controller can be made: it has no container to report of.
    fn refuse(&mut self, task: TaskId, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        let Some(work) = self.work.get_mut(&task) else { return };
        work.status.state = TaskState::Rejected;
        work.status.message = text("resolving controller failed");
        work.status.err = refusals::no_controller(&work.task.spec.container).unwrap_or_default().into();
        work.status.timestamp = ctx.now;
        let status = work.status.clone();
        self.begin(task, Doing::Nothing, None, ctx);
        dispatcher.report(task, status, ctx);
    }

    /// Sends the status as it is, with the container's.
    fn report(&mut self, task: TaskId, code: Option<i32>, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        let Some(work) = self.work.get_mut(&task) else { return };
        work.status.timestamp = ctx.now;
        if work.status.state >= TaskState::Starting {
            let container = work.container.as_ref();
            work.status.container = Some(ContainerStatus {
                container_id: container.map_or_else(|| text(""), |container| Rc::clone(&container.id)),
                pid: container.map_or(0, Container::pid),
                exit_code: code.or_else(|| container.and_then(Container::exit_code)).unwrap_or(0),
            });
        }
        let status = work.status.clone();
        self.send(task, status, ctx, dispatcher);
    }

    /// The image that a task is made from: a tag means what it names on this node, if it is here.
    fn image<'c>(&self, task: TaskId, ctx: &Ctx<'c>) -> Option<&'c Image> {
        let mut reference = Reference::parse(&self.work.get(&task)?.task.spec.container.image);
        if reference.digest.is_none() {
            let here = self.images.get(&reference.tagged()).filter(|here| here.tagged);
            reference.digest = here.map(|here| here.digest.as_str());
        }
        ctx.registry.find(&reference)
    }

    // Prepare.

    fn begin_prepare(&mut self, task: TaskId, ctx: &mut Ctx) {
        let Some(work) = self.work.get(&task) else { return };
        let reference = Reference::parse(&work.task.spec.container.image);
        if reference.digest.is_some() && self.has(&reference) {
            self.begin_create(task, ctx);
        } else {
            ctx.acts(task, Rule::AsksRegistry { image: reference.tagged().into() });
            let takes = ctx.random.latency(ctx.scenario.latencies.registry_ms);
            self.begin(task, Doing::AskingRegistry, Some(takes), ctx);
        }
    }

    /// Whether a reference names an image on this node: by its digest where it has one, else by its tag.
    fn has(&self, reference: &Reference) -> bool {
        match reference.digest {
            Some(digest) => self.has_digest(familiar(reference.name), digest),
            None => self.images.get(&reference.tagged()).is_some_and(|here| here.tagged),
        }
    }

    fn has_digest(&self, repository: &str, digest: &str) -> bool {
        self.images.iter().any(|(name, here)| here.digest == digest && Reference::parse(name).name == repository)
    }

    fn registry_answers(&mut self, task: TaskId, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        let Some(work) = self.work.get(&task) else { return };
        let wanted = work.task.spec.container.image.clone();
        let reference = Reference::parse(&wanted);
        match ctx.registry.offers(&reference) {
            Some(image) if !self.has_digest(Reference::parse(&image.name).name, &image.digest) => {
                let takes = ctx.random.latency(ctx.registry.pull_ms(image));
                ctx.acts(task, Rule::Pulls { image: image.name.as_str().into(), takes_ms: takes });
                self.begin(task, Doing::Pulling, Some(takes), ctx);
            }
            Some(_) => {
                self.keep_image(task, ctx);
                self.begin_create(task, ctx);
            }
            // What the registry does not give may be on the node.
            None if self.has(&reference) => self.begin_create(task, ctx),
            None => {
                let image = shown(&reference);
                let err = format!("No such image: {image}");
                let registry = if ctx.registry.up { "not found" } else { "down" };
                ctx.acts(task, Rule::NoImage { image: image.into(), registry });
                self.fail(task, &err, 0, ctx, dispatcher);
            }
        }
    }

    /// Keeps what was pulled.
    fn keep_image(&mut self, task: TaskId, ctx: &mut Ctx) {
        let Some(work) = self.work.get(&task) else { return };
        let reference = Reference::parse(&work.task.spec.container.image);
        let Some(image) = ctx.registry.find(&reference) else { return };
        self.keep(image, reference.digest.is_none(), ctx.now);
    }

    /// Keeps an image that was pulled by its tag or by its digest.
    pub(crate) fn keep(&mut self, image: &Image, by_tag: bool, now: Ms) {
        let bare = |digest: &str| format!("{}@{digest}", Reference::parse(&image.name).name);
        let new = LocalImage { digest: image.digest.clone(), tagged: by_tag, pulled: now };
        match self.images.remove(&image.name) {
            Some(old) if old.digest != image.digest => {
                // Both stay; the tag is the new one's only if it was pulled by it.
                let (tag, other) = if by_tag { (new, old) } else { (old, new) };
                self.images.insert(bare(&other.digest), LocalImage { tagged: false, ..other });
                self.images.insert(image.name.clone(), tag);
            }
            old => {
                let tagged = by_tag || old.is_some_and(|old| old.tagged);
                self.images.remove(&bare(&image.digest));
                self.images.insert(image.name.clone(), LocalImage { tagged, ..new });
            }
        }
    }

    fn begin_create(&mut self, task: TaskId, ctx: &mut Ctx) {
        ctx.acts(task, Rule::CreatesContainer);
        let takes = ctx.random.latency(ctx.scenario.latencies.create_ms);
        self.begin(task, Doing::Creating, Some(takes), ctx);
    }

    fn create(&mut self, task: TaskId, ctx: &mut Ctx) {
        let container = Container::new(ctx);
        if let Some(work) = self.work.get_mut(&task) {
            work.container = Some(container);
        }
        self.tell(task, "create", Vec::new(), ctx);
    }

    // Start and wait.

    fn begin_start(&mut self, task: TaskId, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        ctx.acts(task, Rule::StartsContainer);
        self.set(task, TaskState::Starting, "starting", ctx, dispatcher);
        if self.misses_container(task, ctx, dispatcher) {
            return;
        }
        let takes = ctx.random.latency(ctx.scenario.latencies.start_ms) + crowd::starting(task, ctx);
        let takes = self.image(task, ctx).and_then(|image| image.behaviour.start_ms).unwrap_or(takes);
        self.begin(task, Doing::Starting, Some(takes), ctx);
    }

    /// Fails a task whose container somebody has taken away before it was started.
    fn misses_container(&mut self, task: TaskId, ctx: &mut Ctx, dispatcher: &mut Dispatcher) -> bool {
        let name = self.work.get(&task).filter(|work| work.container.is_none()).map(|work| work.task.full_name());
        if let Some(name) = &name {
            self.fail(task, &format!("No such container: {name}"), 0, ctx, dispatcher);
        }
        name.is_some()
    }

    fn start(&mut self, task: TaskId, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        if self.misses_container(task, ctx, dispatcher) {
            return;
        }
        let image = self.image(task, ctx).cloned();
        let Some(work) = self.work.get_mut(&task) else { return };
        let health = health::check_of(&work.task.spec.container, image.as_ref());
        let lines = image.as_ref().map_or(&[][..], |image| &image.behaviour.log);
        let unwanted = work.task.desired >= TaskState::Shutdown;
        if let Some(container) = &mut work.container {
            container.start(lines, health.is_some(), ctx);
        }
        self.tell_networks(task, "connect", ctx);
        self.tell(task, "start", Vec::new(), ctx);
        if let Some((after, code)) = image.and_then(|image| image.behaviour.exits) {
            let noticed = ctx.random.latency(ctx.scenario.latencies.exit_ms);
            let end = Due::ProgramEnds { node: self.node, task, started: ctx.now, code };
            ctx.later(after + noticed, end);
        }
        if let Some(check) = health {
            ctx.acts(task, check.awaited());
            self.begin(task, Doing::AwaitingHealth, None, ctx);
            self.next_probe(task, &check, ctx);
        } else {
            self.runs(task, ctx, dispatcher);
        }
        if unwanted {
            self.begin_shutdown(task, ctx, dispatcher);
        }
    }

    /// The start has succeeded: the task is in service from now on.
    fn runs(&mut self, task: TaskId, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        self.set(task, TaskState::Running, "started", ctx, dispatcher);
        if let Some(work) = self.work.get_mut(&task) {
            work.in_service = true;
        }
        self.begin(task, Doing::Running, None, ctx);
    }

    /// The program that runs since `started` ends by itself.
    pub(super) fn program_ends_by_itself(
        &mut self,
        task: TaskId,
        started: Ms,
        code: i32,
        ctx: &mut Ctx,
        dispatcher: &mut Dispatcher,
    ) {
        let container = self.work.get(&task).and_then(|work| work.container.as_ref());
        if self.powered && container.and_then(Container::started) == Some(started) {
            self.program_ends(task, code, ctx, dispatcher);
        }
    }

    /// The program has ended by itself, or was killed.
    fn program_ends(&mut self, task: TaskId, code: i32, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        self.end_container(task, code, false, ctx);
        let Some(work) = self.work.get_mut(&task) else { return };
        ctx.acts(task, Rule::ProgramEnds { code });
        match work.doing {
            Doing::Running | Doing::AwaitingHealth => self.ended(task, code, None, ctx, dispatcher),
            // Whoever stops it goes on as it would have.
            _ => {}
        }
    }

    /// What the end of a program means for its task. `cause` is what led to it.
    fn ended(&mut self, task: TaskId, code: i32, cause: Option<&str>, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        let Some(work) = self.work.get_mut(&task) else { return };
        work.in_service = false;
        if code == 0 {
            // A start that waits for health takes a clean end for a success.
            if work.status.state == TaskState::Starting {
                self.set(task, TaskState::Running, "started", ctx, dispatcher);
            }
            self.set(task, TaskState::Complete, "finished", ctx, dispatcher);
            self.begin(task, Doing::Nothing, None, ctx);
            return;
        }
        let err = match cause {
            Some(cause) => format!("task: non-zero exit ({code}): {cause}"),
            None => format!("task: non-zero exit ({code})"),
        };
        self.fail(task, &err, code, ctx, dispatcher);
    }

    // Shutdown.

    fn begin_shutdown(&mut self, task: TaskId, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        let Some(work) = self.work.get_mut(&task) else { return };
        match work.doing {
            Doing::Stopping(_) => return,
            Doing::StoppingUnhealthy(stop) => {
                // The stop under way goes on; its end is what was asked for.
                work.doing = Doing::Stopping(stop);
                return;
            }
            // A start is not broken off: the program runs first, and is stopped then.
            Doing::Starting => return,
            _ => {}
        }
        if work.status.state >= TaskState::Complete {
            return;
        }
        if work.status.state == TaskState::Running {
            // The wait for its end is called off, which shows as a status of its own.
            self.report(task, Some(-1), ctx, dispatcher);
        }
        self.begin_stop(task, false, ctx);
    }

    fn begin_stop(&mut self, task: TaskId, unhealthy: bool, ctx: &mut Ctx) {
        let Some(work) = self.work.get_mut(&task) else { return };
        work.in_service = false;
        let running = work.container.as_ref().is_some_and(Container::is_running);
        let mut takes = 0;
        if networked(&work.task) {
            ctx.acts(task, Rule::LeavesMesh { wait_ms: GOSSIP_DELAY });
            takes = GOSSIP_DELAY;
        }
        // Whoever is unhealthy hears of it at once.
        if running && !unhealthy {
            takes += ctx.random.latency(ctx.scenario.latencies.settle_ms) + crowd::stopping(task, ctx);
        }
        match takes {
            0 => self.signal(task, unhealthy, ctx),
            takes => self.begin(task, stopping(Stop::LeavingMesh, unhealthy), Some(takes), ctx),
        }
    }

    fn signal(&mut self, task: TaskId, unhealthy: bool, ctx: &mut Ctx) {
        let obeys = self.exit_when_asked(task, ctx).is_some();
        let Some(work) = self.work.get(&task) else { return };
        let running = work.container.as_ref().is_some_and(Container::is_running);
        let grace = grace_ms(&work.task);
        if running {
            ctx.acts(task, Rule::StopSignal { grace_ms: grace });
        }
        let takes = match (running, obeys) {
            (false, _) => 0,
            (true, true) => seldom_late(&mut ctx.random.latencies, ctx.scenario.latencies.die_ms),
            (true, false) => grace + seldom_late(&mut ctx.random.latencies, ctx.scenario.latencies.die_ms),
        };
        if running {
            self.tell(task, "kill", vec![("signal", "15".to_owned())], ctx);
        }
        self.begin(task, stopping(Stop::Signalled, unhealthy), Some(takes), ctx);
    }

    /// With which code a program ends on its stop signal; `None` where it has to be killed after the grace period.
    fn exit_when_asked(&self, task: TaskId, ctx: &Ctx) -> Option<i32> {
        let signal = self.work.get(&task).and_then(|work| signal(&work.task.spec.container.stop_signal));
        if signal == Some(SIGKILL) { Some(KILLED) } else { self.heeds(task, ctx).then_some(0) }
    }

    fn stop_goes_on(&mut self, task: TaskId, stop: Stop, unhealthy: bool, ctx: &mut Ctx, dispatcher: &mut Dispatcher) {
        match stop {
            Stop::LeavingMesh => self.signal(task, unhealthy, ctx),
            Stop::Signalled => {
                let asked = self.exit_when_asked(task, ctx);
                let code = asked.unwrap_or(KILLED);
                let Some(work) = self.work.get(&task) else { return };
                let ran = work.container.as_ref().is_some_and(Container::is_running);
                if ran {
                    if asked.is_none() {
                        let grace_ms = grace_ms(&work.task);
                        ctx.acts(task, Rule::GraceOver { grace_ms });
                        self.tell(task, "kill", vec![("signal", "9".to_owned())], ctx);
                    }
                    ctx.acts(task, Rule::ProgramEnds { code });
                }
                self.end_container(task, code, true, ctx);
                let Some(work) = self.work.get(&task) else { return };
                if unhealthy {
                    let code = work.container.as_ref().and_then(Container::exit_code).unwrap_or(code);
                    self.ended(task, code, Some(health::UNHEALTHY), ctx, dispatcher);
                    return;
                }
                self.set(task, TaskState::Shutdown, "shutdown", ctx, dispatcher);
                self.begin(task, Doing::Nothing, None, ctx);
            }
        }
    }
}

impl Work {
    /// Whether the load balancer sends it requests.
    pub(crate) fn in_service(&self) -> bool {
        self.in_service
    }

    /// Whether it is on its way out: the signal was sent, or will be.
    pub(crate) fn stopping(&self) -> bool {
        matches!(self.doing, Doing::Stopping(_) | Doing::StoppingUnhealthy(_))
    }

    /// The task as the agent was told of it last.
    pub(crate) fn task(&self) -> &Task {
        &self.task
    }

    /// What the agent has made of it, reported or not.
    pub(crate) fn status(&self) -> &TaskStatus {
        &self.status
    }

    pub(crate) fn container(&self) -> Option<&Container> {
        self.container.as_ref()
    }
}

fn work_wants_start(work: Option<&Work>) -> bool {
    work.is_some_and(|work| (TaskState::Running..=TaskState::Complete).contains(&work.task.desired))
}

fn stopping(stop: Stop, unhealthy: bool) -> Doing {
    if unhealthy { Doing::StoppingUnhealthy(stop) } else { Doing::Stopping(stop) }
}

/// How long a program has to end by itself when it is asked to.
fn grace_ms(task: &Task) -> Ms {
    nanos_to_ms(task.spec.container.stop_grace_period.unwrap_or(ContainerSpec::DEFAULT_GRACE))
}

/// Whether a task hangs on a network of the swarm, the routing mesh's included.
fn networked(task: &Task) -> bool {
    let ingress = task
        .endpoint
        .as_ref()
        .is_some_and(|endpoint| endpoint.ports.iter().any(|port| port.mode == crate::model::PublishMode::Ingress));
    ingress || !task.spec.networks.is_empty()
}

/// A reference as errors show it: with its digest alone where it has one.
fn shown(reference: &Reference) -> String {
    match (reference.tag, reference.digest) {
        (_, Some(digest)) => format!("{}@{digest}", reference.name),
        _ => reference.tagged(),
    }
}

/// The parts of an agent's work, for tests that break it.
#[cfg(test)]
pub(crate) struct Parts<'w> {
    pub(crate) task: &'w mut Rc<Task>,
    pub(crate) status: &'w mut TaskStatus,
    pub(crate) container: &'w mut Container,
}

#[cfg(test)]
impl super::Engine {
    pub(crate) fn work_of(&mut self, task: &Task) -> Parts<'_> {
        let node = task.node.expect("it was placed");
        let work = self.agents.get_mut(&node).and_then(|agent| agent.work.get_mut(&task.id)).expect("its agent has it");
        let container = work.container.as_mut().expect("it runs");
        Parts { task: &mut work.task, status: &mut work.status, container }
    }
}
