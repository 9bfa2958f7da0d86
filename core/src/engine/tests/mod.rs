//! All control loops over a store that a test fills by itself, as swarmkit's own tests of its orchestrators do: what
//! each makes of what it finds there when a new leader starts it.

mod begin;
mod leftovers;
mod removal;
mod updates;

use std::rc::Rc;

use super::managers::Managers;
use super::registry::Registry;
use super::tasks::new_task;
use super::{Ctx, Due, Engine, Streams, setup};
use crate::event::{EventId, Rule};
use crate::id::{NodeId, ServiceId, TaskId};
use crate::model::{
    ContainerSpec, Endpoint, Meta, Mode, RestartCondition, RestartPolicy, Service, ServiceSpec, Task, TaskSpec,
    TaskState,
};
use crate::queue::Queue;
use crate::scenario::Scenario;
use crate::store::Store;
use crate::time::{MINUTE, Ms, NANOS_PER_SECOND};

/// A swarm of one node, for whose agent tests speak. It is half an hour old, so that tasks may be old, too.
pub(super) struct Swarm {
    pub(super) now: Ms,
    pub(super) node: NodeId,
    scenario: Scenario,
    pub(super) store: Store,
    queue: Queue<(Due, Option<EventId>)>,
    random: Streams,
    registry: Registry,
    engine: Engine,
}

/// How a task that a test makes up differs from one that is wanted and runs.
pub(super) struct Made {
    pub(super) slot: u64,
    pub(super) node: Option<NodeId>,
    pub(super) desired: TaskState,
    pub(super) state: TaskState,
    pub(super) at: Ms,
}

impl Swarm {
    pub(super) fn new() -> Swarm {
        let mut scenario = Scenario::lab();
        scenario.nodes.truncate(1);
        let mut random = Streams::new(1);
        let mut engine = Engine::new();
        let store = setup::store(&scenario, &mut random, &mut engine.allocator);
        engine.managers = Managers::of(&store);
        let node = store.nodes().next().expect("there is one").id;
        let registry = Registry::of(&scenario);
        let mut swarm =
            Swarm { now: 30 * MINUTE, node, scenario, store, queue: Queue::default(), random, registry, engine };
        swarm.with(|engine, ctx| engine.settle(ctx));
        swarm
    }

    pub(super) fn with<T>(&mut self, act: impl FnOnce(&mut Engine, &mut Ctx) -> T) -> T {
        let mut ctx = Ctx {
            now: self.now,
            scenario: &self.scenario,
            store: &mut self.store,
            queue: &mut self.queue,
            random: &mut self.random,
            cause: None,
            registry: &self.registry,
        };
        act(&mut self.engine, &mut ctx)
    }

    /// Starts all loops anew: they see the store for the first time.
    pub(super) fn begin(&mut self) {
        self.with(|engine, ctx| engine.take_over(ctx));
    }

    pub(super) fn pass(&mut self, time: Ms) {
        let until = self.now + time;
        while let Some((at, (due, _))) = self.queue.pop_due(until) {
            self.now = at;
            self.with(|engine, ctx| engine.fire(due, ctx));
        }
        self.now = until;
    }

    /// A transaction that the loops see.
    pub(super) fn write(&mut self, act: impl FnOnce(&mut Ctx)) {
        self.with(|engine, ctx| {
            ctx.begin(Rule::Asked);
            act(ctx);
            engine.settle(ctx);
        });
    }

    /// A service that is restarted on any end after a second, put into the store unseen by the loops.
    pub(super) fn service(&mut self, name: &str, mode: Mode) -> ServiceId {
        self.service_with(name, mode, |_| {})
    }

    pub(super) fn service_with(
        &mut self,
        name: &str,
        mode: Mode,
        change: impl FnOnce(&mut RestartPolicy),
    ) -> ServiceId {
        let mut restart =
            RestartPolicy { condition: RestartCondition::Any, delay: Some(NANOS_PER_SECOND), ..Default::default() };
        change(&mut restart);
        let container = ContainerSpec { image: "masungil/my-fastapi-whoami:latest".to_owned(), ..Default::default() };
        let now = self.now;
        self.with(|_, ctx| {
            let service = Service {
                id: ServiceId::random(&mut ctx.random.ids),
                meta: Meta::default(),
                spec: Rc::new(ServiceSpec {
                    name: name.to_owned(),
                    labels: Default::default(),
                    task: Rc::new(TaskSpec { container, restart: Some(restart), ..TaskSpec::default() }),
                    mode,
                    update: None,
                    rollback: None,
                    endpoint: None,
                }),
                spec_version: 0,
                previous_spec: None,
                previous_spec_version: None,
                endpoint: Endpoint::default(),
                update_status: None,
                job_status: None,
            };
            let id = service.id;
            ctx.begin(Rule::Asked);
            ctx.store.create_service(service, now);
            id
        })
    }

    /// What a task is unless a test says otherwise: on the node, wanted, running, made a moment ago.
    pub(super) fn runs(&self) -> Made {
        let running = TaskState::Running;
        Made { slot: 0, node: Some(self.node), desired: running, state: running, at: self.now }
    }

    /// A task of a service, put into the store unseen by the loops.
    pub(super) fn task(&mut self, service: ServiceId, made: Made) -> TaskId {
        let service = Rc::clone(self.store.service(service).expect("tests make the service first"));
        self.with(|_, ctx| {
            let mut task = new_task(&service, made.slot, made.node, ctx);
            (task.desired, task.status.state, task.status.timestamp) = (made.desired, made.state, made.at);
            let id = task.id;
            ctx.begin(Rule::Asked);
            ctx.store.create_task(task, made.at);
            id
        })
    }

    /// Lets a task end as if its agent had said so.
    pub(super) fn end(&mut self, task: TaskId, state: TaskState) {
        self.write(|ctx| {
            let now = ctx.now;
            ctx.store.update_task(task, now, |task| (task.status.state, task.status.timestamp) = (state, now));
        });
    }

    pub(super) fn desired(&self, task: TaskId) -> TaskState {
        self.store.task(task).expect("it is in the store").desired
    }

    /// The tasks of a service except those.
    pub(super) fn others(&self, service: ServiceId, known: &[TaskId]) -> Vec<Rc<Task>> {
        self.store.tasks_of_service(service).filter(|task| !known.contains(&task.id)).cloned().collect()
    }
}
