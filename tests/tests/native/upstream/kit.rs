//! A cluster that a test drives with docker commands and world actions, looking into the store after each. The checker
//! looks after every step.

use std::rc::Rc;

use swarmyard_core::action::Action;
use swarmyard_core::check::{Checker, told};
use swarmyard_core::model::{Node, Service, Task, TaskState, UpdateState};
use swarmyard_core::scenario::{Behaviour, Image, Scenario};
use swarmyard_core::session::{Input, Session};
use swarmyard_core::time::{Ms, SECOND};

/// Runs well, and stops when it is asked to.
pub(crate) const V1: &str = "masungil/my-fastapi-whoami:latest";
pub(crate) const V2: &str = "masungil/my-fastapi-whoami:v2";
pub(crate) const V3: &str = "masungil/my-fastapi-whoami:v3";
/// No registry has it.
pub(crate) const MISSING: &str = "masungil/my-fastapi-whoami:nope";
/// Ends with code 1 at once, after 3 s.
pub(crate) const CRASH: &str = "demo/crash";
pub(crate) const CRASH3: &str = "demo/crash3";
pub(crate) const CRASH8: &str = "demo/crash8";
/// Ends with code 0 after 2 s.
pub(crate) const EXIT0: &str = "demo/exit0";
/// Ignores SIGTERM.
pub(crate) const SLOWSTOP: &str = "demo/slowstop";

/// `manager`, `node1` and `node2` of the recordings, unless a test wants others.
pub(crate) struct Cluster {
    session: Session,
    checker: Checker,
}

impl Cluster {
    pub(crate) fn lab() -> Cluster {
        Cluster::of(&Scenario::lab(), 1)
    }

    pub(crate) fn of(scenario: &Scenario, seed: u64) -> Cluster {
        Cluster { session: Session::new(scenario, seed), checker: Checker::default() }
    }

    /// The lab with one image more, `test/image`, that behaves as `change` makes of one that runs well.
    pub(crate) fn with_image(change: impl FnOnce(&mut Behaviour)) -> Cluster {
        let mut scenario = Scenario::lab();
        let mut image: Image = scenario.image(V1).expect("the lab has it").clone();
        image.name = "test/image:latest".to_owned();
        change(&mut image.behaviour);
        scenario.images.push(image);
        Cluster::of(&scenario, 1)
    }

    /// Types `docker …`, which must succeed, and returns what it says.
    pub(crate) fn docker(&mut self, words: &str) -> String {
        let (said, exit) = self.type_in(words);
        assert_eq!(exit, 0, "docker {words}: {said}");
        said
    }

    /// Types `docker …`, which must fail, and returns what it says.
    pub(crate) fn refused(&mut self, words: &str) -> String {
        let (said, exit) = self.type_in(words);
        assert_ne!(exit, 0, "docker {words}: {said}");
        said
    }

    /// Types `docker …` at a prompt of another machine; returns what it says, and its exit code.
    pub(crate) fn at(&mut self, machine: &str, words: &str) -> (String, i32) {
        self.line_at(machine, &format!("docker {words}"))
    }

    /// Types a line at a prompt of another machine; returns what it says, and its exit code.
    pub(crate) fn line_at(&mut self, machine: &str, line: &str) -> (String, i32) {
        let open = |shell: &usize| self.session.terminal(*shell).node == machine;
        let shell = (0..self.session.terminals()).find(open).unwrap_or_else(|| {
            self.session.input(Input::Open { node: machine.to_owned(), columns: None });
            self.session.terminals() - 1
        });
        self.type_line_at(shell, line)
    }

    fn type_in(&mut self, words: &str) -> (String, i32) {
        self.type_line(&format!("docker {words}"))
    }

    /// Types a line at the first prompt; returns what it says, and its exit code.
    pub(crate) fn type_line(&mut self, line: &str) -> (String, i32) {
        self.type_line_at(0, line)
    }

    fn type_line_at(&mut self, shell: usize, line: &str) -> (String, i32) {
        self.session.input(Input::Line { shell, text: line.to_owned() });
        for _ in 0..100_000 {
            if !self.session.terminal(shell).busy() {
                let block = self.session.terminal(shell).blocks.last().expect("something was typed");
                let said: Vec<&str> = block.lines.iter().map(|line| line.text.as_str()).collect();
                return (said.join("\n"), block.exit.expect("it is not busy"));
            }
            self.step(Ms::MAX);
        }
        panic!("{line} does not end");
    }

    /// Lets something happen to the world: `power-off node1`.
    pub(crate) fn world(&mut self, words: &str) {
        let action = Action::parse(&words.split(' ').collect::<Vec<_>>()).expect("it is an action");
        self.session.input(Input::World(action));
    }

    /// Lets the next thing happen that is due up to `limit`.
    fn step(&mut self, limit: Ms) -> bool {
        let stepped = self.session.step(limit).is_some();
        let broken = self.checker.look(self.session.world());
        assert!(broken.is_empty(), "{}", told(&broken));
        stepped
    }

    pub(crate) fn now(&self) -> Ms {
        self.session.now()
    }

    pub(crate) fn pass(&mut self, time: Ms) {
        let until = self.now() + time;
        while self.step(until) {}
        self.session.advance(until);
    }

    /// Lets time pass until `holds`, for `limit` at most; returns how long it took.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, limit: Ms, holds: impl Fn(&Cluster) -> bool) -> Ms {
        let began = self.now();
        while !holds(self) {
            let stepped = self.step(began + limit);
            assert!(stepped, "after {} s still not: {what}\n{}", limit / SECOND, self.table());
        }
        self.now() - began
    }

    /// Fails where `holds` does not all the time.
    #[track_caller]
    pub(crate) fn always(&mut self, what: &str, time: Ms, holds: impl Fn(&Cluster) -> bool) {
        let until = self.now() + time;
        loop {
            assert!(holds(self), "at {} ms no longer: {what}\n{}", self.now(), self.table());
            if !self.step(until) {
                break;
            }
        }
        self.session.advance(until);
    }

    pub(crate) fn service(&self, name: &str) -> Rc<Service> {
        let mut services = self.session.world().store().services();
        Rc::clone(services.find(|service| service.spec.name == name).expect("there is such a service"))
    }

    /// The tasks of a service by slot (then node), the newest of each first.
    pub(crate) fn tasks(&self, service: &str) -> Vec<Rc<Task>> {
        let store = self.session.world().store();
        let mut tasks: Vec<Rc<Task>> =
            store.tasks().filter(|task| *task.service_name == *service).map(Rc::clone).collect();
        tasks.sort_by_key(|task| {
            (task.slot, (task.slot == 0).then_some(task.node), std::cmp::Reverse(task.meta.created))
        });
        tasks
    }

    /// Those of them that are wanted to run, or will be.
    pub(crate) fn wanted(&self, service: &str) -> Vec<Rc<Task>> {
        let mut tasks = self.tasks(service);
        tasks.retain(|task| task.desired <= TaskState::Running);
        tasks
    }

    /// How many are observed running and wanted so.
    pub(crate) fn running(&self, service: &str) -> usize {
        self.tasks(service).iter().filter(|task| runs(task)).count()
    }

    pub(crate) fn in_state(&self, service: &str, state: TaskState) -> Vec<Rc<Task>> {
        let mut tasks = self.tasks(service);
        tasks.retain(|task| task.status.state == state);
        tasks
    }

    pub(crate) fn on_node(&self, service: &str, hostname: &str) -> Vec<Rc<Task>> {
        let node = self.node(hostname).id;
        let mut tasks = self.tasks(service);
        tasks.retain(|task| task.node == Some(node));
        tasks
    }

    /// How many running tasks have this image.
    pub(crate) fn running_image(&self, service: &str, image: &str) -> usize {
        self.tasks(service).iter().filter(|task| runs(task) && has_image(task, image)).count()
    }

    pub(crate) fn update_state(&self, service: &str) -> Option<UpdateState> {
        self.service(service).update_status.as_ref().map(|status| status.state)
    }

    pub(crate) fn update_message(&self, service: &str) -> String {
        self.service(service).update_status.as_ref().map_or_else(String::new, |status| status.message.clone())
    }

    pub(crate) fn node(&self, hostname: &str) -> Rc<Node> {
        let mut nodes = self.session.world().store().nodes();
        Rc::clone(nodes.find(|node| node.description.hostname == hostname).expect("there is such a node"))
    }

    /// The machines that a picture of the swarm shows.
    pub(crate) fn shown(&self) -> Vec<String> {
        self.session.snapshot().nodes.iter().map(|node| node.hostname.clone()).collect()
    }

    /// All nodes that this machine has been, and is.
    pub(crate) fn nodes(&self, hostname: &str) -> Vec<Rc<Node>> {
        let nodes = self.session.world().store().nodes();
        nodes.filter(|node| node.description.hostname == hostname).map(Rc::clone).collect()
    }

    /// All tasks, for messages.
    fn table(&self) -> String {
        let store = self.session.world().store();
        let line = |task: &Rc<Task>| {
            let (state, desired, err) = (task.status.state, task.desired, &task.status.err);
            format!("{} {} {state:?}, wanted {desired:?} {err}", task.name(), task.spec.container.image)
        };
        store.tasks().map(line).collect::<Vec<_>>().join("\n")
    }
}

pub(crate) fn runs(task: &Task) -> bool {
    task.status.state == TaskState::Running && task.desired == TaskState::Running
}

pub(crate) fn has_image(task: &Task, image: &str) -> bool {
    let plain = |text: &str| text.split('@').next().unwrap_or(text).trim_end_matches(":latest").to_owned();
    plain(&task.spec.container.image) == plain(image)
}

/// `--flag value …` of a service that is created without waiting for it.
pub(crate) fn create(cluster: &mut Cluster, name: &str, flags: &str, image: &str) {
    cluster.docker(&format!("service create -d --name {name} {flags} {image}"));
}

/// A service whose tasks all run.
pub(crate) fn created(cluster: &mut Cluster, name: &str, replicas: usize, flags: &str, image: &str) {
    create(cluster, name, &format!("--replicas {replicas} {flags}"), image);
    cluster.until("all run", 60 * SECOND, |cluster| cluster.running(name) == replicas);
}
