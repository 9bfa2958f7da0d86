//! The world: the store, the engine's memory, what is to come, the random streams and the time. Everything that a
//! moment of a session consists of, so a checkpoint is a clone.

mod act;
pub mod bench;
mod view;

pub use view::{ContainerState, ContainerView, ImageView, Reply};

use std::rc::Rc;

use crate::engine::agent::Agent;
use crate::engine::image::Reference;
use crate::engine::machines::Machine;
use crate::engine::managers::{Answers, Managers};
use crate::engine::registry::Registry;
use crate::engine::{Ctx, Due, Engine, Streams, setup};
use crate::event::{EventId, Rule, START, What};
use crate::id::{NodeId, TaskId};
use crate::model::Network;
use crate::queue::Queue;
use crate::scenario::Scenario;
use crate::store::Store;
use crate::time::Ms;

/// Why a manager does not do what it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excuse {
    /// It leads no more, so it cannot write; what it knows it tells.
    LostLeadership,
    /// No leader came in time.
    Deadline,
}

#[derive(Clone, Debug)]
pub struct World {
    scenario: Rc<Scenario>,
    now: Ms,
    store: Store,
    engine: Engine,
    queue: Queue<(Due, Option<EventId>)>,
    random: Streams,
    registry: Registry,
    /// What a manager answers that cannot do what it is asked for.
    excuse: Option<Excuse>,
    command: Option<Typed>,
}

/// A command as it was typed: the input that its writes name as their cause.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    line: Rc<str>,
    /// Known from its first write on; what only looks is not recorded.
    event: Option<EventId>,
}

impl Typed {
    pub(crate) fn new(line: &str) -> Typed {
        Typed { line: line.into(), event: None }
    }
}

impl World {
    pub fn new(scenario: &Scenario, seed: u64) -> World {
        let mut random = Streams::new(seed);
        let mut engine = Engine::new();
        let store = setup::store(scenario, &mut random, &mut engine.allocator);
        engine.machines = setup::machines(scenario, &store, &mut random);
        engine.agents = setup::agents(scenario, &engine.machines);
        engine.managers = Managers::of(&store);
        let mut world = World {
            scenario: Rc::new(scenario.clone()),
            now: 0,
            store,
            engine,
            queue: Queue::default(),
            random,
            registry: Registry::of(scenario),
            excuse: None,
            command: None,
        };
        world.engine(Some(START), |engine, ctx| engine.begin(ctx));
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
        self.registry.up
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The machine with this host name.
    pub(crate) fn machine(&self, hostname: &str) -> Option<&Machine> {
        self.engine.machines.iter().find(|machine| machine.hostname == hostname)
    }

    /// The machine whose node this is, or was, or might have been.
    pub(crate) fn machine_of(&self, node: NodeId) -> Option<&Machine> {
        self.engine.machine(node)
    }

    pub(crate) fn machines(&self) -> &[Machine] {
        &self.engine.machines
    }

    pub(crate) fn managers(&self) -> &Managers {
        &self.engine.managers
    }

    /// The world as a manager without a majority sees it: with what it has written itself.
    pub(crate) fn as_seen_by(&self, node: NodeId) -> World {
        let mut world = self.clone();
        self.engine.managers.show_proposed(node, &mut world.store, self.now);
        world
    }

    /// Keeps what a manager has written without a majority. It counts if it is elected again.
    pub(crate) fn propose(&mut self, node: NodeId, seen: World) {
        let since = self.store.mark();
        self.engine.managers.propose(node, seen.store, since);
    }

    /// Lets managers refuse from now on.
    pub(crate) fn excuse(&mut self, excuse: Excuse) {
        self.excuse = Some(excuse);
    }

    pub(crate) fn excused(&self) -> Option<Excuse> {
        self.excuse
    }

    /// Puts what has no order into any.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        self.random.maps.shuffle(items);
    }

    /// In the order in which Go walks a map that these were put into.
    pub(crate) fn walk<T>(&mut self, items: Vec<T>) -> Vec<T> {
        if items.len() < 2 {
            return items;
        }
        crate::engine::gomap::walk(items.into_iter().map(Some).collect(), &mut self.random.maps)
    }

    /// A stream of random numbers of its own, for what goes on asking.
    pub(crate) fn stream(&mut self, name: &str) -> crate::rng::Stream {
        crate::rng::Stream::new(self.random.maps.next_u32().into(), name)
    }

    /// Something that a program leaves to chance, and that comes once in `times`.
    pub(crate) fn one_in(&mut self, times: u32) -> bool {
        self.random.maps.below(times) == 0
    }

    /// What a manager's daemon answers now.
    pub(crate) fn answers(&self, node: NodeId) -> Answers {
        self.engine.answers(node, self.now)
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

    /// Lets all that `act` asks for be recorded as this one command.
    pub(crate) fn typed<T>(&mut self, typed: &mut Typed, act: impl FnOnce(&mut World) -> T) -> T {
        self.command = Some(typed.clone());
        let answer = act(self);
        if let Some(command) = self.command.take() {
            *typed = command;
        }
        answer
    }

    /// Records what somebody asks for, in these words unless it was typed; what is written on its account names it as
    /// its cause.
    pub fn asked(&mut self, words: &str) -> EventId {
        let known = self.command.as_ref().and_then(|command| command.event);
        known.unwrap_or_else(|| {
            let text = self.command.as_ref().map_or_else(|| Rc::from(words), |command| Rc::clone(&command.line));
            let event = self.store.note(self.now, None, What::Input { text }, Rule::Outside);
            if let Some(command) = &mut self.command {
                command.event = Some(event);
            }
            event
        })
    }

    /// Writes on behalf of the API, and lets the loops see it.
    pub(crate) fn write<T>(&mut self, cause: Option<EventId>, change: impl FnOnce(&mut Ctx) -> T) -> T {
        self.engine(cause, |engine, ctx| {
            let answer = change(ctx);
            engine.settle(ctx);
            answer
        })
    }

    pub(crate) fn engine<T>(&mut self, cause: Option<EventId>, act: impl FnOnce(&mut Engine, &mut Ctx) -> T) -> T {
        let scenario = Rc::clone(&self.scenario);
        let mut ctx = Ctx {
            now: self.now,
            scenario: &scenario,
            store: &mut self.store,
            queue: &mut self.queue,
            random: &mut self.random,
            cause,
            registry: &self.registry,
        };
        act(&mut self.engine, &mut ctx)
    }

    /// Gives a new network its subnet, its gateway and its number. Returns whether there was one for it.
    pub(crate) fn complete_network(&mut self, network: &mut Network) -> bool {
        self.engine.allocator.network(network, &self.store)
    }

    /// A signal to a container's program, sent by its node's engine.
    pub(crate) fn signal(&mut self, cause: EventId, node: NodeId, task: TaskId, signal: u8) {
        self.engine(Some(cause), |engine, ctx| engine.signal(node, task, signal, ctx));
    }

    /// How long it takes a node to pull an image, and whether that is already there; `None`: the registry has it not.
    pub(crate) fn pull_takes(&mut self, node: NodeId, reference: &Reference) -> Option<(Ms, bool)> {
        let image = self.registry.offers(reference)?;
        let here = self.agent(node).and_then(|agent| agent.images.get(&image.name));
        let here = here.is_some_and(|here| here.digest == image.digest && (here.tagged || reference.digest.is_some()));
        let takes = self.registry.pull_ms(image);
        Some((self.random.latency(takes), here))
    }

    /// A node keeps an image that it was told to pull.
    pub(crate) fn keep_image(&mut self, node: NodeId, reference: &Reference) {
        let now = self.now;
        let Some(image) = self.registry.find(reference) else { return };
        if let Some(agent) = self.engine.agents.get_mut(&node) {
            agent.keep(image, reference.digest.is_none(), now);
        }
    }

    /// Takes an image off a node.
    pub(crate) fn remove_image(&mut self, node: NodeId, digest: &str, name: &str) {
        if let Some(agent) = self.engine.agents.get_mut(&node) {
            agent.images.retain(|key, here| here.digest != digest || Reference::parse(key).name != name);
        }
    }

    /// Takes a container away that does not run.
    pub(crate) fn discard(&mut self, node: NodeId, task: TaskId) {
        self.engine(None, |engine, ctx| {
            if let Some(agent) = engine.agents.get_mut(&node) {
                agent.discard(task, ctx);
            }
        });
    }
}

/// The parts of a world, for tests that break one.
#[cfg(test)]
pub(crate) struct Parts<'w> {
    pub(crate) now: &'w mut Ms,
    pub(crate) store: &'w mut Store,
    pub(crate) engine: &'w mut Engine,
    pub(crate) queue: &'w mut Queue<(Due, Option<EventId>)>,
}

#[cfg(test)]
impl World {
    pub(crate) fn parts(&mut self) -> Parts<'_> {
        Parts { now: &mut self.now, store: &mut self.store, engine: &mut self.engine, queue: &mut self.queue }
    }
}
