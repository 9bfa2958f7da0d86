//! What storms have found in the engine, each as small as it can be.

use swarmyard_core::event::{Event, EventId, What};
use swarmyard_core::model::TaskState;
use swarmyard_core::scenario::{NodeSetup, Scenario};
use swarmyard_core::session::{Action, Input, Session};
use swarmyard_core::time::{Ms, SECOND};

/// What luck decides comes out in all ways with these.
const SEEDS: std::ops::Range<u64> = 0..12;

/// The lab with nodes of so many CPUs.
fn lab(cpus: &[u64], seed: u64) -> Session {
    let node = |(number, cpus): (usize, &u64)| NodeSetup {
        hostname: format!("n{number}"),
        address: format!("10.97.0.{}", number + 10),
        manager: number == 0,
        cpus: *cpus,
        memory_bytes: 1 << 32,
        untagged: false,
        bare: false,
        generic: Vec::new(),
    };
    Session::new(&Scenario { nodes: cpus.iter().enumerate().map(node).collect(), ..Scenario::lab() }, seed)
}

fn typed(session: &mut Session, at: Ms, text: &str) {
    session.advance(at);
    session.input(Input::Line { shell: 0, text: text.to_owned() });
}

/// The tasks of everything, as (slot, state, wanted).
fn tasks(session: &Session) -> Vec<(u64, TaskState, TaskState)> {
    let mut tasks: Vec<_> =
        session.world().store().tasks().map(|task| (task.slot, task.status.state, task.desired)).collect();
    tasks.sort();
    tasks
}

/// Models: scheduler.go, scheduleNTasksOnSubtree. What a full branch cannot take goes to the others in the same tick.
#[test]
fn a_full_branch_of_a_spread_leaves_its_share_to_the_others() {
    let mut session = lab(&[1, 4], 1);
    typed(&mut session, 0, "docker node update --label-add zone=a n0; docker node update --label-add zone=b n1");
    let create = "docker service create -d --replicas 5 --reserve-cpu 1 --placement-pref spread=node.labels.zone";
    typed(&mut session, SECOND, &format!("{create} masungil/my-fastapi-whoami:latest"));
    session.advance(SECOND + 60);
    let placed = tasks(&session).iter().filter(|(_, state, _)| *state == TaskState::Assigned).count();
    assert_eq!(placed, 5, "{:?}", tasks(&session));
}

/// Models: updater.go, updateTask: "service was deleted".
#[test]
fn an_update_of_a_removed_service_makes_no_tasks() {
    let image = "masungil/my-fastapi-whoami";
    for seed in SEEDS {
        let mut session = lab(&[2], seed);
        let create =
            "docker service create -d --name web --replicas 5 --replicas-max-per-node 1 --update-max-failure-ratio 1";
        typed(&mut session, 0, &format!("{create} {image}:latest"));
        typed(&mut session, 10 * SECOND, &format!("docker service update -d --image {image}:v2 web"));
        typed(&mut session, 10 * SECOND + 300, "docker service rm web");
        session.advance(60 * SECOND);
        assert_eq!(tasks(&session), [], "seed {seed}");
    }
}

/// A job may be run again, and do more than its first watcher expected.
#[test]
fn the_progress_of_a_job_survives_its_doing_more() {
    for seed in SEEDS {
        let mut session = lab(&[4], seed);
        let create = "docker service create --name job --mode replicated-job --replicas 1 --max-concurrent 12";
        typed(&mut session, 0, &format!("{create} demo/crash:latest"));
        session.input(Input::Open { node: "n0".to_owned(), columns: None });
        session.advance(SECOND);
        let text = "docker service update -d --image demo/exit0:latest job; docker service scale -d job=12".to_owned();
        session.input(Input::Line { shell: 1, text });
        session.advance(60 * SECOND);
        let complete = tasks(&session).iter().filter(|(_, state, _)| *state == TaskState::Complete).count();
        assert_eq!(complete, 12, "{:?}", tasks(&session));
    }
}

/// Models: portallocator.go, where ports that were picked and ports that were asked for are kept apart.
#[test]
fn a_port_that_is_to_be_picked_is_not_one_that_was_asked_for() {
    let mut session = lab(&[2], 1);
    let image = "masungil/my-fastapi-whoami:latest";
    typed(&mut session, 0, &format!("docker service create -d --name web -p 8000:8001 {image}"));
    typed(&mut session, SECOND, "docker service update -d --publish-add target=8001 web");
    let service = session.world().store().services().next().expect("it was made");
    let mut published: Vec<u32> = service.endpoint.ports.iter().map(|port| port.published).collect();
    published.sort();
    assert_eq!(published, [8000, 30_000]);
}

/// Two managers, and a service with a label that is changed without a majority: a proposal that nobody has agreed to.
fn proposed() -> Session {
    let mut session = lab(&[2, 2], 1);
    typed(&mut session, 0, "docker service create -d --name web masungil/my-fastapi-whoami:latest");
    typed(&mut session, SECOND, "docker node promote n1");
    power(&mut session, 30 * SECOND, "power-off");
    typed(&mut session, 31 * SECOND, "docker service update -d --label-add one=1 web");
    session
}

fn power(session: &mut Session, at: Ms, verb: &str) {
    session.advance(at);
    session.input(Input::World(Action::parse(&[verb, "n1"]).expect("it is an action")));
}

fn labels(session: &Session) -> Vec<String> {
    let service = session.world().store().services().next().expect("it was made");
    service.spec.labels.keys().cloned().collect()
}

/// Models: raft.go, processCommitted. What is written in the end is an event like any other, with its cause.
#[test]
fn what_a_leader_proposed_is_recorded_when_it_is_elected_again() {
    let mut session = proposed();
    let before = session.world().store().record().len();
    assert_eq!(labels(&session), [] as [&str; 0], "nobody has agreed to it");
    power(&mut session, 60 * SECOND, "power-on");
    session.advance(120 * SECOND);
    assert_eq!(labels(&session), ["one"]);
    let record = session.world().store().record();
    let written =
        |(id, event): (EventId, &Event)| matches!(event.what, What::ServiceChanged { .. }).then_some((id, event.cause));
    let written: Vec<_> = record.since(before).filter_map(written).collect();
    let [(id, Some(cause))] = written[..] else { panic!("one write, with a cause: {written:?}") };
    assert!(cause < id, "{cause:?} comes after {id:?}");
    let What::Input { text } = &record.get(cause).expect("it is recorded").what else { panic!("an input") };
    assert!(text.contains("--label-add one=1"), "{text}");
}

/// Models: daemon/events.go, which tells of what is committed, when it is.
#[test]
fn events_tell_of_what_a_majority_agrees_to_late() {
    let told = |session: &Session| -> Vec<Ms> {
        let notices = session.world().store().notices(0).iter();
        notices.filter(|notice| (notice.kind, &*notice.action) == ("service", "update")).map(|told| told.at).collect()
    };
    let mut session = proposed();
    session.input(Input::Interrupt { shell: 0 });
    typed(&mut session, 32 * SECOND, "docker service update -d --label-add two=2 web");
    session.advance(60 * SECOND);
    assert_eq!(told(&session), [0; 0], "nobody has agreed to it");
    power(&mut session, 60 * SECOND, "power-on");
    session.advance(120 * SECOND);
    assert_eq!(labels(&session), ["one", "two"]);
    let told = told(&session);
    assert!(told.len() == 2 && told[0] > 60 * SECOND, "{told:?}");
}

/// Models: raft.go, ProposeValue: who has his majority back goes on, and nothing of what he waited for stays behind.
#[test]
fn a_proposal_does_not_outlive_the_wait_for_a_majority() {
    let mut session = proposed();
    // Before the leader has noticed that it is alone.
    power(&mut session, 32 * SECOND, "power-on");
    typed(&mut session, 60 * SECOND, "docker service update -d --label-add two=2 web");
    session.advance(70 * SECOND);
    assert_eq!(labels(&session), ["one", "two"]);
    // Later it loses its majority for long, and is elected again.
    power(&mut session, 100 * SECOND, "power-off");
    power(&mut session, 160 * SECOND, "power-on");
    session.advance(240 * SECOND);
    assert_eq!(labels(&session), ["one", "two"], "an old store came back");
}

/// Models: taskinit/init.go, CheckTasks: a new leader deletes tasks whose service is gone.
#[test]
fn a_service_whose_removal_is_agreed_on_late_leaves_no_tasks() {
    let mut session = lab(&[2, 2], 1);
    typed(&mut session, 0, "docker service create -d --name web --replicas 3 masungil/my-fastapi-whoami:latest");
    typed(&mut session, SECOND, "docker node promote n1");
    power(&mut session, 30 * SECOND, "power-off");
    typed(&mut session, 31 * SECOND, "docker service rm web");
    session.advance(60 * SECOND);
    assert_eq!(tasks(&session).len(), 3, "nobody has agreed to it");
    power(&mut session, 60 * SECOND, "power-on");
    session.advance(120 * SECOND);
    assert_eq!(tasks(&session), []);
    let containers = session.world().store().nodes().map(|node| session.world().containers(node.id).len());
    assert_eq!(containers.sum::<usize>(), 0, "their containers are gone as well");
}
