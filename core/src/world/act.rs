//! What happens to the world: the deeds behind the words of [`Action`].

use std::rc::Rc;

use super::World;
use crate::action::{Action, Verb};
use crate::engine::image::without_digest;
use crate::engine::{Ctx, Engine};
use crate::id::{NodeId, TaskId};
use crate::model::{Task, TaskState};

/// What happens to a machine.
type Deed = fn(&mut Engine, NodeId, &mut Ctx);

impl World {
    /// Lets something happen to the machines, the registry or the programs.
    ///
    /// # Errors
    /// A sentence that says what to write instead: there is no such node, service, task or image.
    pub fn act(&mut self, action: &Action) -> Result<(), String> {
        let cause = Some(self.asked(&format!("@ {action}")));
        let word = |at: usize| action.words().get(at).map_or("", String::as_str);
        let deed: Deed = match action.verb() {
            Verb::PowerOff => |engine, node, ctx| engine.power_off(node, false, ctx),
            Verb::StopDaemon => |engine, node, ctx| engine.power_off(node, true, ctx),
            Verb::CutOff => |engine, node, ctx| engine.set_cable(node, true, ctx),
            Verb::Reconnect => |engine, node, ctx| engine.set_cable(node, false, ctx),
            Verb::PowerOn | Verb::StartDaemon => Engine::power_on,
            Verb::Fill => Engine::fill,
            Verb::Free => Engine::free,
            Verb::CrashTask => {
                let (node, task) = self.running_task(word(0))?;
                self.engine(cause, |engine, ctx| engine.kill(node, task, ctx));
                return Ok(());
            }
            Verb::CrashTaskOf => {
                let (node, task) = self.running_task_of(word(0), word(1))?;
                self.engine(cause, |engine, ctx| engine.kill(node, task, ctx));
                return Ok(());
            }
            Verb::RegistryDown | Verb::RegistryUp => {
                self.registry.up = action.verb() == Verb::RegistryUp;
                return Ok(());
            }
            Verb::PullSpeed => {
                self.registry.speed = word(0).trim_end_matches('%').parse().unwrap_or(100);
                return Ok(());
            }
            Verb::Image => return self.registry.change(word(0), action.settings()),
            Verb::Push => return self.registry.push(word(0)),
            Verb::Tag => return self.registry.tag(word(0), word(1)),
        };
        let node = self.machine_named(word(0))?;
        self.engine(cause, |engine, ctx| deed(engine, node, ctx));
        Ok(())
    }

    fn machine_named(&self, name: &str) -> Result<NodeId, String> {
        self.machine(name).map(|machine| machine.node).ok_or_else(|| {
            let names: Vec<&str> = self.engine.machines.iter().map(|machine| machine.hostname.as_str()).collect();
            format!("there is no node '{name}'; write one of: {}", names.join(", "))
        })
    }

    /// Tasks whose program runs, by service and slot.
    pub(crate) fn running_tasks(&self) -> impl Iterator<Item = &Rc<Task>> {
        let services = self.store.services().flat_map(|service| self.store.tasks_of_service(service.id));
        services.filter(|task| task.status.state == TaskState::Running)
    }

    /// The running task that has this name, or whose id begins so.
    fn running_task(&self, name: &str) -> Result<(NodeId, TaskId), String> {
        let named = |task: &&Rc<Task>| task.name() == name || task.id.as_str().starts_with(name);
        let found = self.running_tasks().find(named).and_then(|task| Some((task.node?, task.id)));
        found.ok_or_else(|| {
            let names: Vec<String> = self.running_tasks().map(|task| task.name()).take(20).collect();
            if names.is_empty() {
                return format!("there is no running task '{name}', nor any other; create a service first");
            }
            format!("there is no running task '{name}'; write one of: {}", names.join(", "))
        })
    }

    /// The first running task of a service that has this image: by slot.
    fn running_task_of(&self, service: &str, image: &str) -> Result<(NodeId, TaskId), String> {
        if !self.store.services().any(|found| found.spec.name == service) {
            let names: Vec<&str> = self.store.services().map(|service| service.spec.name.as_str()).collect();
            return Err(format!("there is no service '{service}'; write one of: {}", names.join(", ")));
        }
        let image_of = |task: &Rc<Task>| without_digest(&task.spec.container.image).to_owned();
        let mut running = self.running_tasks().filter(|task| *task.service_name == *service);
        running.find(|task| image_of(task) == image).and_then(|task| Some((task.node?, task.id))).ok_or_else(|| {
            format!("no task of '{service}' runs '{image}'; `docker service ps {service}` shows what runs")
        })
    }
}
