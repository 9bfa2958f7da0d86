//! What can be seen of machines from outside the store: containers, images, and who answers a request.

use std::rc::Rc;

use crate::collections;
use crate::engine::agent::{Container, Life};
use crate::engine::image::{Reference, without_digest};
use crate::id::{NodeId, TaskId};
use crate::model::{ContainerSpec, PortConfig, PublishMode, Task};
use crate::scenario::Behaviour;
use crate::time::Ms;
use crate::world::World;

/// A container on a node, as `docker ps` sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ContainerView {
    /// 64 hexadecimal characters.
    pub id: String,
    /// `my-app.1.<task id>`
    pub name: String,
    pub task: TaskId,
    /// As the task's spec says, with its digest.
    pub image: String,
    /// What runs in it: the service's entry point and arguments, else the image's.
    pub command: Vec<String>,
    /// How many words of it are an entry point.
    pub entrypoint: usize,
    /// As the service says, with its placeholders.
    pub env: Vec<String>,
    pub created: Ms,
    pub state: ContainerState,
    /// The image's exposed ports: `8000/tcp`.
    pub ports: String,
    /// `starting`, `healthy`, `unhealthy`; `None` without a health check.
    pub health: Option<&'static str>,
    pub labels: Vec<(String, String)>,
    /// What it printed, line by line, all on standard output.
    pub log: Vec<(Ms, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ContainerState {
    Created,
    Running { since: Ms },
    Exited { at: Ms, code: i32 },
}

/// An image on a node, as `docker images` sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageView {
    pub repository: String,
    /// `None` where it was pulled by its digest alone.
    pub tag: Option<String>,
    pub digest: String,
    /// `sha256:…`
    pub id: String,
    /// When it came to the node.
    pub pulled: Ms,
    /// When it was built, in milliseconds of Unix time.
    pub built: u64,
    pub size_bytes: u64,
}

/// What a request to a published port meets.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// A task answers. `version` is its image's tag, `host` its container's host name, `body` what a client reads.
    Answer {
        task: TaskId,
        host: String,
        version: String,
        body: String,
        /// How long the program thinks about it. If it ends meanwhile, there is no answer.
        after_ms: Ms,
    },
    /// Nobody listens on that port.
    Refused,
}

impl World {
    /// Containers on a node, newest first.
    pub fn containers(&self, node: NodeId) -> Vec<ContainerView> {
        let Some(agent) = self.agent(node) else { return Vec::new() };
        let mut views: Vec<ContainerView> =
            agent.containers().map(|(task, container)| self.view(task, container)).collect();
        collections::sort_by(&mut views, |a, b| b.created.cmp(&a.created).then_with(|| a.id.cmp(&b.id)));
        views
    }

    fn view(&self, task: &Task, container: &Container) -> ContainerView {
        let image = &task.spec.container.image;
        let known = self.registry.find(&Reference::parse(image));
        let label = |key: &str, value: &str| (format!("com.docker.swarm.{key}"), value.to_owned());
        let ContainerSpec { command: entrypoint, args, env, .. } = &task.spec.container;
        let mut command: Vec<String> = entrypoint.iter().chain(args).cloned().collect();
        if command.is_empty() {
            command.extend(known.map(|image| image.behaviour.command.clone()));
        }
        let node = task.node.map_or(String::new(), |node| node.to_string());
        let mut labels = vec![
            label("node.id", &node),
            label("service.id", task.service.as_str()),
            label("service.name", &task.service_name),
            label("task", ""),
            label("task.id", task.id.as_str()),
            label("task.name", &task.full_name()),
        ];
        labels.extend(task.spec.container.labels.iter().map(|(key, value)| (key.clone(), value.clone())));
        ContainerView {
            id: container.id.to_string(),
            name: task.full_name(),
            task: task.id,
            image: image.clone(),
            command,
            entrypoint: entrypoint.len(),
            env: env.clone(),
            created: container.created,
            state: match container.life {
                Life::Created => ContainerState::Created,
                Life::Running { since } => ContainerState::Running { since },
                Life::Exited { at, code } => ContainerState::Exited { at, code },
            },
            ports: known.and_then(|image| image.behaviour.listens).map_or(String::new(), |port| format!("{port}/tcp")),
            health: crate::engine::agent::health_word(container),
            labels,
            log: container.log.iter().map(|(at, line)| (*at, line.to_string())).collect(),
        }
    }

    /// Images on a node, by name.
    pub fn images(&self, node: NodeId) -> Vec<ImageView> {
        let Some(agent) = self.agent(node) else { return Vec::new() };
        let view = |name: &String, local: &crate::engine::agent::LocalImage| {
            let reference = Reference::parse(name);
            let known = self.registry.find(&Reference { digest: Some(&local.digest), ..reference });
            ImageView {
                repository: reference.name.to_owned(),
                tag: local.tagged.then(|| reference.tag.unwrap_or("latest").to_owned()),
                digest: local.digest.clone(),
                id: local.digest.clone(),
                pulled: local.pulled,
                built: known.map_or(0, |image| image.built * 1_000),
                size_bytes: known.map_or(0, |image| image.size_bytes),
            }
        };
        agent.images.iter().map(|(name, local)| view(name, local)).collect()
    }

    /// A request to `port` of `node`: the routing mesh gives it to one of the tasks in service, in turn.
    pub fn request(&mut self, node: NodeId, port: u16) -> Reply {
        if !self.agent(node).is_some_and(|agent| agent.powered) {
            return Reply::Refused;
        }
        let serving = self.serving(node, port);
        if serving.is_empty() {
            return Reply::Refused;
        }
        let turn = self.random.mesh.below(serving.len() as u32) as usize;
        let (task, on) = serving[turn];
        self.answer(task, on)
    }

    /// The tasks that would answer at a port of a node, by service and slot, and how long each would think about it.
    /// Nobody is asked.
    pub fn answering(&self, node: NodeId, port: u16) -> impl Iterator<Item = (&Rc<Task>, Ms)> {
        let tasks = self.store().services().flat_map(|service| self.store().tasks_of_service(service.id));
        tasks.filter_map(move |task| Some((task, self.answer_ms(task, node, port)?)))
    }

    /// How long a task would think about a request to a port of a node; `None` if it does not get it.
    pub(crate) fn answer_ms(&self, task: &Task, node: NodeId, port: u16) -> Option<Ms> {
        if !self.agent(node).is_some_and(|agent| agent.powered) {
            return None;
        }
        let (_, behaviour) = self.serves(task, node, port)?;
        Some(behaviour.answer_ms)
    }

    /// The tasks that answer at a port of a node, with their nodes.
    fn serving(&self, node: NodeId, port: u16) -> Vec<(TaskId, NodeId)> {
        let tasks = self.store().services().flat_map(|service| self.store().tasks_of_service(service.id));
        tasks.filter_map(|task| Some((task.id, self.serves(task, node, port)?.0))).collect()
    }

    /// The node of a task that gets requests to a port of `node`, and how its program behaves.
    fn serves(&self, task: &Task, node: NodeId, port: u16) -> Option<(NodeId, &Behaviour)> {
        let on = task.node?;
        let ports = &self.store().service(task.service)?.endpoint.ports;
        let published =
            |mode: PublishMode| move |its: &&PortConfig| its.mode == mode && its.published == u32::from(port);
        let ingress = ports.iter().any(|its| published(PublishMode::Ingress)(&its));
        let host = on == node && ports.iter().any(|its| published(PublishMode::Host)(&its));
        let serves = self.agent(on).and_then(|agent| agent.work(task.id)).is_some_and(|work| work.in_service());
        let image = (serves && (ingress || host)).then(|| Reference::parse(&task.spec.container.image))?;
        let behaviour = &self.registry.find(&image)?.behaviour;
        behaviour.listens.is_some().then_some((on, behaviour))
    }

    /// Whether the program of a task runs.
    pub(crate) fn runs(&self, id: TaskId) -> bool {
        let node = self.store().task(id).and_then(|task| task.node);
        let work = node.and_then(|node| self.agent(node)).and_then(|agent| agent.work(id));
        work.and_then(|work| work.container()).is_some_and(Container::is_running)
    }

    fn answer(&self, id: TaskId, on: NodeId) -> Reply {
        let container = self.agent(on).and_then(|agent| agent.work(id)).and_then(|work| work.container());
        let (Some(task), Some(container)) = (self.store().task(id), container) else { return Reply::Refused };
        let host = container.hostname();
        let image = without_digest(&task.spec.container.image);
        let version = Reference::parse(image).tag.unwrap_or("latest").to_owned();
        let body = format!("{{\"host\":\"{host}\",\"version\":\"{version}\"}}\n");
        let after_ms = self.registry.find(&Reference::parse(&task.spec.container.image));
        let after_ms = after_ms.map_or(0, |image| image.behaviour.answer_ms);
        Reply::Answer { task: id, host, version, body, after_ms }
    }
}
