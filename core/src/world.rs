//! The world: the store, the engine's memory, what is to come, the random streams and the time. Everything that a
//! moment of a session consists of, so a checkpoint is a clone.

mod view;

pub use view::{ContainerState, ContainerView, ImageView, Reply};

use std::rc::Rc;

use crate::action::Action;
use crate::engine::agent::Agent;
use crate::engine::image::without_digest;
use crate::engine::{Ctx, Due, Engine, Streams, setup};
use crate::event::{EventId, What};
use crate::id::{NodeId, TaskId};
use crate::model::{Network, Node, TaskState};
use crate::queue::Queue;
use crate::scenario::Scenario;
use crate::store::Store;
use crate::time::Ms;

#[derive(Clone, Debug)]
pub struct World {
    scenario: Rc<Scenario>,
    now: Ms,
    store: Store,
    engine: Engine,
    queue: Queue<(Due, Option<EventId>)>,
    random: Streams,
    registry_up: bool,
}

impl World {
    pub fn new(scenario: &Scenario, seed: u64) -> World {
        let mut random = Streams::new(seed);
        let mut engine = Engine::new();
        let store = setup::store(scenario, &mut random, &mut engine.allocator);
        engine.agents = setup::agents(scenario, &store);
        let mut world = World {
            scenario: Rc::new(scenario.clone()),
            now: 0,
            store,
            engine,
            queue: Queue::default(),
            random,
            registry_up: true,
        };
        world.engine(None, |engine, ctx| engine.settle(ctx));
        world
    }

    pub fn now(&self) -> Ms {
        self.now
    }

    /// What the virtual clock shows at `at`, in milliseconds of Unix time.
    pub fn unix_ms(&self, at: Ms) -> u64 {
        self.scenario.epoch_ms + at
    }

    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn registry_up(&self) -> bool {
        self.registry_up
    }

    pub(crate) fn agent(&self, node: NodeId) -> Option<&Agent> {
        self.engine.agents.get(&node)
    }

    pub(crate) fn engine_state(&self) -> &Engine {
        &self.engine
    }

    /// When something is due next.
    pub fn next_at(&self) -> Option<Ms> {
        self.queue.next_at()
    }

    /// Lets everything happen that is due up to `to`.
    pub fn advance(&mut self, to: Ms) {
        while let Some((at, (due, cause))) = self.queue.pop_due(to) {
            assert!(at >= self.now, "time goes back from {} to {at} ms", self.now);
            self.now = at;
            self.engine(cause, |engine, ctx| engine.fire(due, ctx));
        }
        self.now = self.now.max(to);
    }

    /// Records what somebody asks for; what is written on its account names it as its cause.
    pub fn asked(&mut self, words: &str) -> EventId {
        self.store.note(self.now, What::Input(words.into()))
    }

    /// Writes on behalf of the API, and lets the loops see it.
    pub(crate) fn write<T>(&mut self, cause: Option<EventId>, change: impl FnOnce(&mut Ctx) -> T) -> T {
        self.engine(cause, |engine, ctx| {
            let answer = change(ctx);
            engine.settle(ctx);
            answer
        })
    }

    fn engine<T>(&mut self, cause: Option<EventId>, act: impl FnOnce(&mut Engine, &mut Ctx) -> T) -> T {
        let scenario = Rc::clone(&self.scenario);
        let mut ctx = Ctx {
            now: self.now,
            scenario: &scenario,
            store: &mut self.store,
            queue: &mut self.queue,
            random: &mut self.random,
            cause,
            registry_up: self.registry_up,
        };
        act(&mut self.engine, &mut ctx)
    }

    /// Lets something happen to the machines or the registry.
    ///
    /// # Errors
    /// A sentence: there is no such node, service or task.
    pub fn act(&mut self, action: &Action) -> Result<(), String> {
        let cause = Some(self.asked(&format!("@ {action}")));
        match action {
            Action::Registry { up } => self.registry_up = *up,
            Action::PowerOff { node } | Action::StopDaemon { node } => {
                let node = self.node_named(node)?.id;
                self.engine(cause, |engine, ctx| engine.power_off(node, ctx));
            }
            Action::PowerOn { node } => {
                let node = self.node_named(node)?.id;
                self.engine(cause, |engine, ctx| engine.power_on(node, ctx));
            }
            Action::CrashTask { service, image } => {
                let (node, task) = self.running_task(service, image)?;
                self.engine(cause, |engine, ctx| engine.kill(node, task, 137, ctx));
            }
        }
        Ok(())
    }

    /// Gives a new network its subnet, its gateway and its number.
    pub(crate) fn complete_network(&mut self, network: &mut Network) {
        self.engine.allocator.network(network);
    }

    /// A signal to a container's program, sent by its node's engine. `code`: what the program ends with, if it does.
    pub(crate) fn signal(&mut self, cause: EventId, node: NodeId, task: TaskId, signal: u8, code: Option<i32>) {
        self.engine(Some(cause), |engine, ctx| engine.signal(node, task, signal, code, ctx));
    }

    /// Takes a container away that does not run.
    pub(crate) fn discard(&mut self, node: NodeId, task: TaskId) {
        self.engine(None, |engine, ctx| {
            if let Some(agent) = engine.agents.get_mut(&node) {
                agent.discard(task, ctx);
            }
        });
    }

    fn node_named(&self, name: &str) -> Result<&Rc<Node>, String> {
        self.store.nodes().find(|node| node.description.hostname == name).ok_or_else(|| {
            let names: Vec<&str> = self.store.nodes().map(|node| node.description.hostname.as_str()).collect();
            format!("there is no node '{name}'; write one of: {}", names.join(", "))
        })
    }

    /// The first running task of a service that has this image: by slot.
    fn running_task(&self, service: &str, image: &str) -> Result<(NodeId, TaskId), String> {
        let found = self.store.services().find(|found| found.spec.name == service);
        let service = found.ok_or_else(|| format!("there is no service '{service}'"))?;
        let tasks = self.store.tasks_of_service(service.id);
        let mut running = tasks.filter(|task| task.status.state == TaskState::Running);
        running
            .find(|task| without_digest(&task.spec.container.image) == image)
            .and_then(|task| Some((task.node?, task.id)))
            .ok_or_else(|| format!("no task of '{}' runs '{image}'", service.spec.name))
    }
}
