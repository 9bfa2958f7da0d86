//! The scheduler and the constraint enforcer by themselves: a store with what a test puts into it, and nobody else.

mod constraints;
mod enforcer;
mod nodes;
mod upstream;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Scheduler;
use crate::engine::registry::Registry;
use crate::engine::{Ctx, Due, Streams, enforcer as loops, setup, text};
use crate::event::{EventId, Rule};
use crate::id::{NetworkId, NodeId, ServiceId, TaskId};
use crate::model::{
    Availability, Endpoint, EndpointSpec, Labels, Meta, Mode, Network, NetworkAttachment, Node, NodeDescription,
    NodeSpec, NodeState, NodeStatus, Placement, PortConfig, Protocol, PublishMode, Resources, Role, Service,
    ServiceSpec, Task, TaskSpec, TaskState, TaskStatus,
};
use crate::queue::Queue;
use crate::scenario::Scenario;
use crate::store::Store;
use crate::time::Ms;

/// What chance decides must not matter: tests are run with so many seeds.
const SEEDS: u64 = 12;

struct Swarm {
    now: Ms,
    scenario: Scenario,
    store: Store,
    queue: Queue<(Due, Option<EventId>)>,
    random: Streams,
    registry: Registry,
    scheduler: Scheduler,
}

impl Swarm {
    fn new(seed: u64) -> Swarm {
        let scenario = Scenario::lab();
        let cluster = setup::cluster(&scenario, 0, &mut Streams::new(seed));
        Swarm {
            now: 0,
            registry: Registry::of(&scenario),
            scenario,
            store: Store::new(cluster),
            queue: Queue::default(),
            random: Streams::new(seed),
            scheduler: Scheduler::default(),
        }
    }

    fn with<T>(&mut self, act: impl FnOnce(&mut Scheduler, &mut Ctx) -> T) -> T {
        let mut ctx = Ctx {
            now: self.now,
            scenario: &self.scenario,
            store: &mut self.store,
            queue: &mut self.queue,
            random: &mut self.random,
            cause: None,
            registry: &self.registry,
        };
        act(&mut self.scheduler, &mut ctx)
    }

    /// A transaction; the scheduler and the enforcer see what it changed. Returns the tasks that changed, as they are.
    fn write(&mut self, act: impl FnOnce(&mut Ctx)) -> Vec<Rc<Task>> {
        self.with(|scheduler, ctx| {
            ctx.begin(Rule::Asked);
            act(ctx);
            let mut changed = Vec::new();
            loop {
                let changes = ctx.store.take_changes(usize::MAX);
                if changes.is_empty() {
                    return changed;
                }
                for (_, change) in &changes {
                    loops::handle(change, ctx);
                    scheduler.handle(change, ctx);
                    if let crate::store::Change::TaskUpdated(old) = change {
                        changed.extend(ctx.store.task(old.id).cloned());
                    }
                }
                scheduler.committed(ctx);
            }
        })
    }

    /// Lets the scheduler work, if it has anything to do. Returns which task went to which node.
    fn schedule(&mut self) -> BTreeMap<String, String> {
        self.now += 1_000;
        let mut placed = BTreeMap::new();
        while let Some((_, (due, _))) = self.queue.pop_due(self.now) {
            assert_eq!(due, Due::Schedule);
            let before: Vec<Rc<Task>> = self.store.tasks().cloned().collect();
            self.with(|scheduler, ctx| scheduler.tick(ctx));
            self.write(|_| {});
            for old in before.iter().filter(|task| task.status.state == TaskState::Pending) {
                let task = self.store.task(old.id).expect("the scheduler deletes nothing");
                if task.status.state == TaskState::Assigned {
                    placed.insert(name(task.id.as_str()), name(task.node.expect("is assigned").as_str()));
                }
            }
        }
        placed
    }

    fn add_node(&mut self, node: Node) {
        self.write(|ctx| ctx.store.create_node(node, 0));
    }

    fn add(&mut self, tasks: impl IntoIterator<Item = Task>) {
        self.write(|ctx| {
            for task in tasks {
                ctx.store.create_task(task, ctx.now);
            }
        });
    }

    fn add_service(&mut self, name: &str, spec_version: u64) {
        let service = service(name, spec_version);
        self.write(|ctx| ctx.store.create_service(service, 0));
    }

    fn change_task(&mut self, name: &str, change: impl FnOnce(&mut Task)) {
        self.write(|ctx| assert!(ctx.store.update_task(task_id(name), ctx.now, change)));
    }

    fn change_node(&mut self, name: &str, change: impl FnOnce(&mut Node)) -> Vec<Rc<Task>> {
        self.write(|ctx| assert!(ctx.store.update_node(node_id(name), ctx.now, change)))
    }

    fn task(&self, name: &str) -> &Task {
        self.store.task(task_id(name)).expect("is in the store")
    }

    fn err(&self, name: &str) -> &str {
        &self.task(name).status.err
    }

    /// How many of the tasks placed went to each node.
    fn counts(placed: &BTreeMap<String, String>) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for node in placed.values() {
            *counts.entry(node.as_str()).or_default() += 1;
        }
        counts
    }
}

/// An id that begins with `name`.
fn padded(name: &str) -> String {
    format!("{name:z<25}")
}

fn name(id: &str) -> String {
    id.trim_end_matches('z').to_owned()
}

fn node_id(name: &str) -> NodeId {
    NodeId::parse(&padded(name)).expect("letters and digits")
}

fn task_id(name: &str) -> TaskId {
    TaskId::parse(&padded(name)).expect("letters and digits")
}

fn service_id(name: &str) -> ServiceId {
    ServiceId::parse(&padded(name)).expect("letters and digits")
}

/// A worker that is ready.
fn node(name: &str) -> Node {
    Node {
        id: node_id(name),
        meta: Meta::default(),
        spec: NodeSpec {
            name: String::new(),
            labels: Labels::new(),
            role: Role::Worker,
            availability: Availability::Active,
        },
        role: Role::Worker,
        description: NodeDescription {
            hostname: name.to_owned(),
            architecture: "x86_64".to_owned(),
            os: "linux".to_owned(),
            nano_cpus: 0,
            memory_bytes: 0,
            generic: Vec::new(),
            engine_version: String::new(),
            engine_labels: Labels::new(),
            plugins: Vec::new(),
        },
        status: NodeStatus { state: NodeState::Ready, message: String::new(), addr: String::new() },
        manager: None,
    }
}

fn labelled(name: &str, labels: &[(&str, &str)]) -> Node {
    let mut node = node(name);
    node.spec.labels = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    node
}

/// With processors in billionths, memory, and apples.
fn provided(mut node: Node, nano_cpus: i64, memory_bytes: i64, apples: i64) -> Node {
    node.description.nano_cpus = nano_cpus;
    node.description.memory_bytes = memory_bytes;
    node.description.generic = vec![("apple".to_owned(), apples)];
    node
}

fn in_state(mut node: Node, state: NodeState) -> Node {
    node.status.state = state;
    node
}

/// A pending task that is wanted running.
fn task(name: &str, service: &str) -> Task {
    Task {
        id: task_id(name),
        meta: Meta::default(),
        spec: Rc::new(TaskSpec::default()),
        spec_version: 0,
        service: service_id(service),
        service_name: text(service),
        service_labels: Rc::new(Labels::new()),
        slot: 1,
        node: None,
        status: TaskStatus {
            state: TaskState::Pending,
            message: text("pending task scheduling"),
            err: text(""),
            timestamp: 0,
            applied_at: None,
            container: None,
        },
        desired: TaskState::Running,
        endpoint: None,
        job_iteration: None,
    }
}

fn on(mut task: Task, node: &str) -> Task {
    task.node = Some(node_id(node));
    task
}

/// A task that is on a node already.
fn running(task: Task, node: &str) -> Task {
    let mut task = on(task, node);
    task.status.state = TaskState::Running;
    task
}

fn specified(mut task: Task, change: impl FnOnce(&mut TaskSpec)) -> Task {
    change(Rc::make_mut(&mut task.spec));
    task
}

fn placed_by(task: Task, change: impl FnOnce(&mut Placement)) -> Task {
    specified(task, |spec| change(spec.placement.get_or_insert_default()))
}

fn preferring(task: Task, descriptors: &[&str]) -> Task {
    placed_by(task, |placement| {
        placement.preferences = descriptors.iter().map(|descriptor| (*descriptor).to_owned()).collect()
    })
}

fn constrained(task: Task, constraints: &[&str]) -> Task {
    placed_by(task, |placement| {
        placement.constraints = constraints.iter().map(|constraint| (*constraint).to_owned()).collect()
    })
}

fn reserving(task: Task, memory_bytes: i64, apples: i64) -> Task {
    specified(task, |spec| {
        let mut resources = Resources::default();
        resources.reservations.memory_bytes = memory_bytes;
        resources.reservations.generic = vec![("apple".to_owned(), apples)];
        spec.resources = Some(resources);
    })
}

fn publishing(mut task: Task, ports: &[(Protocol, u32)]) -> Task {
    let port = |(protocol, published): &(Protocol, u32)| PortConfig {
        name: String::new(),
        protocol: *protocol,
        target: *published,
        published: *published,
        mode: PublishMode::Host,
    };
    task.endpoint = Some(Rc::new(EndpointSpec { mode: None, ports: ports.iter().map(port).collect() }));
    task
}

fn service(name: &str, spec_version: u64) -> Service {
    Service {
        id: service_id(name),
        meta: Meta::default(),
        spec: Rc::new(ServiceSpec {
            name: name.to_owned(),
            labels: Labels::new(),
            task: Rc::new(TaskSpec::default()),
            mode: Mode::Replicated { replicas: 1 },
            update: None,
            rollback: None,
            endpoint: None,
        }),
        spec_version,
        previous_spec: None,
        previous_spec_version: None,
        endpoint: Endpoint::default(),
        update_status: None,
        job_status: None,
    }
}

fn network(driver: &str) -> Network {
    Network::new(NetworkId::LEAST, "net", driver)
}

fn attached(task: Task, network: &Network) -> Task {
    let attachment = NetworkAttachment { target: network.id.to_string(), ..NetworkAttachment::default() };
    specified(task, |spec| spec.networks.push(attachment))
}
