//! What the benchmarks run: clusters of any size, a service on them, and a rolling update of it.

pub mod moments;

use swarmyard_core::model::{TaskState, UpdateState};
use swarmyard_core::scenario::{NodeSetup, Scenario};
use swarmyard_core::session::{Input, Session};
use swarmyard_core::time::{HOUR, Ms, SECOND};

/// A cluster and how many tasks run on it.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub nodes: usize,
    pub tasks: usize,
}

/// The sizes that are compared, smallest first.
pub const SIZES: [Size; 3] =
    [Size { nodes: 10, tasks: 50 }, Size { nodes: 100, tasks: 1_000 }, Size { nodes: 1_000, tasks: 10_000 }];

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} nodes, {} tasks", self.nodes, self.tasks)
    }
}

/// `nodes` machines as those of the recordings: one manager, all with the images.
pub fn cluster(nodes: usize) -> Scenario {
    let lab = Scenario::lab();
    let first = &lab.nodes[0];
    let setup = |number: usize| NodeSetup {
        hostname: format!("node{number}"),
        address: format!("10.{}.{}.{}", number >> 16, number >> 8 & 255, number & 255),
        manager: number == 0,
        ..first.clone()
    };
    Scenario { nodes: (0..nodes).map(setup).collect(), ..lab }
}

/// A session in which a service of `size.tasks` replicas runs and nothing more is to come.
pub fn running(size: Size) -> Session {
    let mut session = Session::new(&cluster(size.nodes), 1);
    line(&mut session, &format!("docker service create -d --name app --replicas {} {}", size.tasks, image("latest")));
    let until = session.now() + HOUR;
    while count_running(&session) < size.tasks {
        assert!(session.step(until).is_some(), "the tasks do not come to run");
    }
    session.advance(session.now() + 10 * SECOND);
    session
}

/// Gives the service another image, as many tasks at a time as `parallelism` says, and lets time pass until the update
/// is complete. Returns how many events that took.
pub fn update(session: &mut Session, parallelism: usize) -> usize {
    let before = session.world().store().record().len();
    line(session, &format!("docker service update -d --update-parallelism {parallelism} --image {} app", image("v2")));
    let until = session.now() + 1_000 * HOUR;
    while !completed(session) {
        let now = session.now();
        assert!(now < until, "the update does not end");
        session.advance(now + SECOND);
    }
    session.world().store().record().len() - before
}

fn line(session: &mut Session, text: &str) {
    session.input(Input::Line { shell: 0, text: text.to_owned() });
    // The command is answered, and the shell is free again.
    let until: Ms = session.now() + 100;
    session.advance(until);
}

fn image(tag: &str) -> String {
    format!("masungil/my-fastapi-whoami:{tag}")
}

fn count_running(session: &Session) -> usize {
    session.world().store().tasks().filter(|task| task.status.state == TaskState::Running).count()
}

fn completed(session: &Session) -> bool {
    let store = session.world().store();
    let status = store.services().next().and_then(|service| service.update_status.as_ref());
    status.is_some_and(|status| status.state == UpdateState::Completed)
}
