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
        let asked = self.asked(&format!("@ {action}"));
        let cause = Some(asked);
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
            Verb::Image => return self.registry.change(word(0), action.settings(), (self.now, asked)),
            Verb::Push => {
                let built = self.unix_ms(self.now) / 1_000;
                return self.registry.push(word(0), built);
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::session::{Input, Session};

    struct Bench(Session);

    impl Bench {
        fn new(scenario: &Scenario) -> Bench {
            Bench(Session::new(scenario, 1))
        }

        /// What a line answers at the manager's prompt.
        fn type_in(&mut self, line: &str) -> String {
            self.0.input(Input::Line { shell: 0, text: line.to_owned() });
            let block = self.0.terminal(0).blocks.last().expect("it was typed");
            block.lines.iter().map(|line| format!("{}\n", line.text)).collect::<String>().trim_end().to_owned()
        }

        fn act(&mut self, words: &str) -> &mut Bench {
            self.0.input(Input::World(Action::read(words).expect("the test's actions can be read")));
            self
        }

        fn wait(&mut self, seconds: u64) -> &mut Bench {
            self.0.advance(self.0.now() + seconds * 1_000);
            self
        }

        /// State and error of the newest task of a slot.
        fn slot(&mut self, name: &str) -> String {
            let rows = self.type_in(&format!(
                "docker service ps --no-trunc --format '{{{{.Name}}}} {{{{.CurrentState}}}} {{{{.Error}}}}' {}",
                name.split('.').next().expect("a name has a beginning")
            ));
            let row = rows.lines().find(|row| row.starts_with(name)).expect("the slot has a task");
            row[name.len() + 1..].to_owned()
        }

        fn digests(&mut self, service: &str) -> Vec<String> {
            let tasks = self.0.world().running_tasks().filter(|task| *task.service_name == *service);
            let mut digests: Vec<String> = tasks.map(|task| task.spec.container.image.clone()).collect();
            digests.dedup();
            digests
        }
    }

    #[test]
    fn a_pinned_service_takes_a_moved_tag_only_when_it_is_updated() {
        let mut bench = Bench::new(&Scenario::lab());
        bench.type_in(
            "docker service create -dq --name a --replicas 2 --restart-delay 0s masungil/my-fastapi-whoami:v2",
        );
        let first = bench.wait(3).digests("a");
        bench.act("push masungil/my-fastapi-whoami:v2").act("crash-task a.1").wait(3);
        assert_eq!(bench.digests("a"), first, "a restart keeps the digest");
        bench.type_in("docker service update -dq --force a");
        assert_eq!(bench.wait(20).digests("a"), first, "so does an update that names no image");
        bench.type_in("docker service update -dq --image masungil/my-fastapi-whoami:v2 a");
        let second = bench.wait(20).digests("a");
        assert_eq!((first.len(), second.len()), (1, 1));
        assert_ne!(first, second);
        bench.type_in("docker service rollback -dq a");
        assert_eq!(bench.act("registry down").wait(20).digests("a"), first, "the old image is still on the nodes");
    }

    #[test]
    fn a_service_without_a_digest_takes_a_moved_tag_wherever_it_starts() {
        let mut bench = Bench::new(&Scenario::lab());
        bench.act("registry down");
        bench.type_in("docker service create -d -q --name a --constraint node.hostname==node1 --restart-delay 0s masungil/my-fastapi-whoami:v2");
        bench.wait(3).act("registry up").act("image masungil/my-fastapi-whoami:v2 exit-after=1s exit-code=9");
        bench.act("push masungil/my-fastapi-whoami:v2").act("image masungil/my-fastapi-whoami:v2 exit-after=never");
        bench.act("crash-task a.1").wait(4);
        assert!(bench.slot("a.1").starts_with("Running"), "the new image does not end by itself");
        bench.act("registry down").act("crash-task a.1").wait(4);
        assert!(bench.slot("a.1").starts_with("Running"), "what was pulled is on the node now");
    }

    #[test]
    fn a_lost_image_starts_only_where_it_lies() {
        let mut bench = Bench::new(&Scenario::lab());
        bench.type_in("docker service create -dq --name big --constraint node.hostname==node1 demo/big");
        assert!(bench.wait(8).slot("big.1").starts_with("Running"));
        bench.act("image demo/big:latest missing=yes").act("crash-task big.1");
        assert!(bench.wait(8).slot("big.1").starts_with("Running"), "node1 has it");
        bench.type_in(
            "docker service update -d --constraint-rm node.hostname==node1 --constraint-add node.hostname==node2 big",
        );
        let state = bench.wait(4).slot("big.1");
        assert!(state.contains("Rejected") || state.contains("Preparing"), "{state}");
        assert!(bench.type_in("docker service ps --no-trunc big").contains("No such image: demo/big"));
    }

    #[test]
    fn programs_heed_what_is_said_of_them_while_they_run() {
        let mut bench = Bench::new(&Scenario::lab());
        bench
            .type_in("docker service create -dq --name a --restart-condition none --stop-grace-period 3s demo/healthy");
        assert!(bench.wait(6).slot("a.1").starts_with("Running"));
        bench.act("image demo/healthy:latest sigterm=ignored health=failing");
        assert!(bench.wait(40).slot("a.1").contains("task: non-zero exit (137): dockerexec: unhealthy container"));
    }

    #[test]
    fn pulls_take_what_was_said() {
        let mut bench = Bench::new(&Scenario::lab());
        bench.act("image demo/big:latest pull=4s").act("pull-speed 200");
        bench.type_in("docker service create -dq --name big demo/big");
        assert!(bench.wait(2).slot("big.1").starts_with("Preparing"));
        assert!(bench.wait(2).slot("big.1").starts_with("Running"));
    }

    #[test]
    fn a_full_node_takes_nothing_that_reserves_until_it_is_free() {
        let mut bench = Bench::new(&Scenario::lab());
        let create = |name: &str| {
            format!(
                "docker service create -dq --name {name} --constraint node.hostname==node1 --reserve-cpu 1 demo/slowstop"
            )
        };
        bench.type_in(&create("before"));
        bench.wait(2).act("fill node1");
        bench.type_in(&create("after"));
        assert!(bench.wait(3).slot("before.1").starts_with("Running"), "what runs there stays");
        let full =
            "no suitable node (scheduling constraints not satisfied on 2 nodes; insufficient resources on 1 node)";
        assert!(bench.slot("after.1").contains(full), "{}", bench.slot("after.1"));
        bench.type_in("docker service create -dq --name light --constraint node.hostname==node1 demo/slowstop");
        assert!(bench.wait(2).slot("light.1").starts_with("Running"), "what reserves nothing always fits");
        bench.act("free node1");
        assert!(bench.wait(3).slot("after.1").starts_with("Running"));
    }

    #[test]
    fn what_is_not_there_says_what_is() {
        let mut world = World::new(&Scenario::lab(), 1);
        let mut error = |words: &str| world.act(&Action::read(words).expect(words)).expect_err(words);
        for verb in ["power-off", "power-on", "stop-daemon", "start-daemon", "fill", "free"] {
            let why = error(&format!("{verb} nowhere"));
            assert!(why.starts_with("there is no node 'nowhere'; write one of: ") && why.contains("node2"), "{why}");
        }
        assert!(error("crash-task app.1").ends_with("create a service first"));
        assert!(error("crash-task app demo/crash").starts_with("there is no service 'app'"));
        for words in ["push a/b", "tag a/b c", "image a/b missing=yes"] {
            assert!(
                error(words)
                    .starts_with("the registry has no image 'a/b'; write one of: masungil/my-fastapi-whoami:latest")
            );
        }
    }
}
