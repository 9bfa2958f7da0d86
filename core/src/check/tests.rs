//! Each invariant, seen to fail on a world that was broken on purpose: exactly that one speaks.

use std::rc::Rc;

use super::{Checker, INVARIANTS};
use crate::collections::Set;
use crate::engine::Due;
use crate::engine::agent::Life;
use crate::engine::updater::{Lane, Phase, Update, Work};
use crate::event::{EventId, Rule, What};
use crate::id::{NodeId, TaskId};
use crate::model::{Availability, Mode, Node, Service, Task, TaskState, UpdateState};
use crate::rng::Stream;
use crate::scenario::Scenario;
use crate::session::{Input, Session};
use crate::time::SECOND;
use crate::world::World;

/// A swarm at work. `web` is in the midst of an update; `done` has one behind it; `calm` was never updated; `stuck` finds
/// no node; `job` is complete; `everywhere` is global and holds a port of each node.
fn world() -> World {
    let whoami = "masungil/my-fastapi-whoami";
    let mut session = Session::new(&Scenario::lab(), 7);
    let mut type_in = |at, text: String| {
        session.advance(at);
        session.input(Input::Line { shell: 0, text });
    };
    let create = "docker service create -d --name";
    type_in(0, format!("{create} web --replicas 4 --reserve-cpu 0.1 -p 8000:8000 {whoami}:latest"));
    type_in(0, format!("{create} done --replicas 1 --update-monitor 1s {whoami}:latest"));
    type_in(0, format!("{create} calm --replicas 2 --replicas-max-per-node 1 -p 8001:8000 {whoami}:latest"));
    type_in(0, format!("{create} stuck --constraint node.hostname==nowhere {whoami}:latest"));
    type_in(0, format!("{create} job --mode replicated-job --replicas 2 --max-concurrent 2 demo/exit0:latest"));
    type_in(
        0,
        format!("{create} everywhere --mode global --publish published=9000,target=8000,mode=host {whoami}:latest"),
    );
    type_in(10 * SECOND, format!("docker service update -d --image {whoami}:v2 done"));
    type_in(20 * SECOND, format!("docker service update -d --image {whoami}:v2 --update-delay 9s web"));
    session.advance(28 * SECOND);
    let mut world = session.world().clone();
    // The index may go on without a write.
    (0..3).for_each(|_| world.parts().store.begin(None, Rule::Asked));
    world
}

type Break = fn(&mut World);

/// How to break each.
const BROKEN: &[(&str, Break)] = &[
    ("time-goes-forward", |world| *world.parts().now -= 1),
    ("nothing-due-is-late", |world| {
        let now = world.now();
        world.parts().queue.push(now, (Due::Schedule, None));
    }),
    ("index-grows", |world| {
        let index = world.store().index();
        world.parts().store.set_index(index - 1);
        note(world, None, What::Input { text: "".into() });
    }),
    ("events-in-order", |world| {
        let task = running(world, "web").id;
        note(world, Some(EventId(u32::MAX)), What::AgentActs { task });
    }),
    ("all-has-a-cause", |world| {
        let task = running(world, "web").id;
        note(world, None, What::AgentActs { task });
    }),
    ("record-tells-all", |world| {
        let task = of(world, "job", |task| task.status.state == TaskState::Complete);
        unrecorded(world, task.id, |task| {
            task.meta.version += 1;
            task.status.state = TaskState::Running;
        });
    }),
    ("observed-never-back", |world| {
        let task = running(world, "calm");
        write(world, task.id, |task| task.status.state = TaskState::Starting);
    }),
    ("desired-never-back", |world| {
        let like = running(world, "calm");
        let made = make(world, &like, |task| task.desired = TaskState::Shutdown);
        write(world, made, |task| task.desired = TaskState::Complete);
    }),
    ("ended-stays-ended", |world| {
        let task = ended(world);
        write(world, task.id, |task| {
            task.status.state = TaskState::Rejected;
            task.status.err = "it did not fit".into();
        });
    }),
    ("node-is-kept", |world| {
        let task = ended(world);
        let other = node(world, |node| Some(node.id) != task.node).id;
        write(world, task.id, |task| task.node = Some(other));
    }),
    ("task-is-immutable", |world| {
        let task = ended(world);
        write(world, task.id, |task| task.spec_version += 1);
    }),
    ("version-grows", |world| {
        let task = ended(world);
        unrecorded(world, task.id, |task| task.meta.version -= 1);
    }),
    ("fault-has-error", |world| {
        let task = ended(world);
        write(world, task.id, |task| task.status.err = "nothing was wrong".into());
    }),
    ("no-stamp-of-tomorrow", |world| {
        let tomorrow = world.now() + 24 * 3_600 * SECOND;
        let task = ended(world);
        write(world, task.id, |task| task.status.timestamp = tomorrow);
    }),
    ("remove-is-only-wanted", |world| {
        let task = of(world, "stuck", |_| true);
        write(world, task.id, |task| task.status.state = TaskState::Remove);
    }),
    ("assigned-has-node", |world| {
        let task = of(world, "stuck", |_| true);
        write(world, task.id, |task| task.status.state = TaskState::Assigned);
    }),
    ("slot-fits-mode", |world| {
        let like = running(world, "calm");
        make(world, &like, |task| (task.slot, task.desired) = (0, TaskState::Shutdown));
    }),
    ("agent-reports-container", |world| {
        let task = running(world, "calm");
        write(world, task.id, |task| task.status.container = None);
    }),
    ("ids-resolve", |world| {
        let id = node(world, |node| node.manager.is_none()).id;
        let now = begin(world);
        world.parts().store.delete_node(id, now);
    }),
    ("service-gone-tasks-go", |world| {
        let id = service(world, "calm").id;
        let now = begin(world);
        world.parts().store.delete_service(id, now);
    }),
    ("indices-agree", |world| {
        let task = running(world, "calm");
        world.parts().store.forget_slot_of(task.id);
        note(world, None, What::Input { text: "".into() });
    }),
    ("ready-is-waited-for", |world| {
        let like = running(world, "calm");
        make(world, &like, |task| task.desired = TaskState::Ready);
    }),
    ("one-task-runs-per-slot", |world| {
        let like = running(world, "calm");
        make(world, &like, |_| ());
    }),
    ("slots-within-replicas", |world| {
        let like = running(world, "calm");
        make(world, &like, |task| task.slot = 9);
    }),
    ("history-is-short", |world| {
        let like = running(world, "calm");
        for _ in 0..9 {
            let made = make(world, &like, |task| task.desired = TaskState::Shutdown);
            write(world, made, |task| task.status.state = TaskState::Shutdown);
        }
    }),
    ("previous-spec", |world| {
        change_service(world, "done", |service| {
            service.previous_spec = None;
            service.previous_spec_version = None;
            service.spec_version += 1;
        });
    }),
    ("port-belongs-to-one", |world| {
        let ports = service(world, "web").endpoint.ports.clone();
        change_service(world, "calm", |service| service.endpoint.ports = ports);
    }),
    ("address-belongs-to-one", |world| {
        let addresses = service(world, "web").endpoint.virtual_ips.clone();
        change_service(world, "calm", |service| service.endpoint.virtual_ips = addresses);
    }),
    ("jobs-do-not-overdo", |world| {
        let like = of(world, "job", |_| true);
        make(world, &like, |task| task.desired = TaskState::Complete);
    }),
    ("job-tasks-complete", |world| {
        let like = of(world, "job", |_| true);
        let made = make(world, &like, |task| task.desired = TaskState::Running);
        write(world, made, |task| task.status.state = TaskState::Shutdown);
    }),
    ("status-goes-its-way", |world| {
        change_service(world, "done", |service| {
            let status = service.update_status.as_mut().expect("it was updated");
            (status.state, status.completed_at) = (UpdateState::RollbackPaused, None);
        });
    }),
    ("status-is-whole", |world| {
        change_service(world, "done", |service| {
            service.update_status.as_mut().expect("it was updated").completed_at = None;
        });
    }),
    ("lanes-within-parallelism", |world| {
        let update = update(world);
        let slot = update.waiting.pop_back().expect("more than one waits");
        update.lanes.push(Lane { since: 0, work: Work::Keeping { slot } });
    }),
    ("one-lane-per-slot", |world| {
        let update = update(world);
        let again = update.waiting[0].clone();
        update.waiting.push_back(again);
    }),
    ("paused-takes-no-slot", |world| update(world).phase = Phase::Draining),
    ("failures-are-of-the-update", |world| {
        let tasks: Vec<TaskId> = world.store().tasks().map(|task| task.id).collect();
        tasks.into_iter().for_each(|task| update(world).count_as_failed(task));
    }),
    ("node-has-room", |world| {
        let id = running(world, "web").node.expect("it runs");
        change_node(world, id, |node| node.description.nano_cpus = 1);
    }),
    ("host-port-once", |world| {
        let like = running(world, "everywhere");
        let made = make(world, &like, |_| ());
        write(world, made, |task| task.status.state = TaskState::Assigned);
    }),
    ("max-replicas-per-node", |world| {
        let like = running(world, "calm");
        let made = make(world, &like, |task| task.desired = TaskState::Complete);
        write(world, made, |task| (task.status.state, task.node) = (TaskState::Assigned, like.node));
    }),
    ("placed-where-allowed", |world| {
        let id = node(world, |_| true).id;
        let task = of(world, "stuck", |_| true);
        write(world, task.id, |task| (task.status.state, task.node) = (TaskState::Assigned, Some(id)));
    }),
    ("unfit-node-is-left", |world| {
        let id = running(world, "calm").node.expect("it runs");
        change_node(world, id, |node| node.spec.availability = Availability::Drain);
    }),
    ("one-leader", |world| {
        let leader = node(world, |node| node.manager.is_some()).manager.clone();
        let worker = node(world, |node| node.manager.is_none()).id;
        change_node(world, worker, |node| node.manager = leader);
    }),
    ("in-service-runs", |world| {
        let task = running(world, "calm");
        world.parts().engine.work_of(&task).container.life = Life::Exited { at: 0, code: 1 };
    }),
    ("no-power-no-container", |world| {
        let id = running(world, "calm").node.expect("it runs");
        world.parts().engine.agents.get_mut(&id).expect("each node has one").powered = false;
    }),
    ("agent-has-its-own", |world| {
        let task = running(world, "calm");
        let other = node(world, |node| Some(node.id) != task.node).id;
        Rc::make_mut(world.parts().engine.work_of(&task).task).node = Some(other);
    }),
    ("agent-is-not-ahead", |world| {
        let task = running(world, "calm");
        Rc::make_mut(world.parts().engine.work_of(&task).task).desired = TaskState::Remove;
    }),
    ("store-is-not-ahead", |world| {
        let task = running(world, "calm");
        world.parts().engine.work_of(&task).status.state = TaskState::Preparing;
    }),
];

#[test]
fn each_invariant_speaks_when_it_is_broken_and_no_other_does() {
    let whole = world();
    let mut wrong = Vec::new();
    for (name, break_it) in BROKEN {
        let mut checker = Checker::default();
        assert_eq!(checker.look(&whole), [], "the world is whole before");
        let mut broken = whole.clone();
        break_it(&mut broken);
        let found = checker.look(&broken);
        if found.is_empty() || found.iter().any(|broken| broken.invariant != *name) {
            wrong.push(format!("{name} is broken, and this is said: {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_invariant_has_a_name_a_reason_and_a_way_to_break_it() {
    let names: Vec<&str> = INVARIANTS.iter().map(|invariant| invariant.name).collect();
    let broken: Vec<&str> = BROKEN.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, broken);
    assert_eq!(names.iter().collect::<Set<_>>().iter().count(), names.len());
    assert!(names.len() >= 25, "{}", names.len());
    assert!(INVARIANTS.iter().all(|invariant| invariant.why.len() > 20));
}

#[test]
fn a_world_that_goes_on_breaks_nothing() {
    let mut world = world();
    let mut checker = Checker::default();
    while let Some(at) = world.next_at().filter(|at| *at < 120 * SECOND) {
        world.advance(at);
        assert_eq!(checker.look(&world), []);
    }
    assert!(checker.tasks_made() > 0);
}

fn service(world: &World, name: &str) -> Rc<Service> {
    let mut services = world.store().services();
    Rc::clone(services.find(|service| service.spec.name == name).expect("the world has it"))
}

fn node(world: &World, which: impl Fn(&Node) -> bool) -> Rc<Node> {
    Rc::clone(world.store().nodes().find(|node| which(node)).expect("the world has one"))
}

fn of(world: &World, name: &str, which: impl Fn(&Task) -> bool) -> Rc<Task> {
    let id = service(world, name).id;
    Rc::clone(world.store().tasks_of_service(id).find(|task| which(task)).expect("the world has one"))
}

fn running(world: &World, name: &str) -> Rc<Task> {
    of(world, name, |task| task.status.state == TaskState::Running)
}

/// A task that an update has replaced.
fn ended(world: &World) -> Rc<Task> {
    of(world, "done", |task| task.status.state == TaskState::Shutdown)
}

fn update(world: &mut World) -> &mut Update {
    let id = service(world, "web").id;
    world.parts().engine.updater.update_to_break(id)
}

fn note(world: &mut World, cause: Option<EventId>, what: What) {
    let now = world.now();
    world.parts().store.note(now, cause, what, Rule::Outside);
}

fn begin(world: &mut World) -> u64 {
    let cause = Some(crate::event::START);
    world.parts().store.begin(cause, Rule::Asked);
    world.now()
}

fn write(world: &mut World, task: TaskId, change: impl FnOnce(&mut Task)) {
    let now = begin(world);
    assert!(world.parts().store.update_task(task, now, change));
}

fn change_service(world: &mut World, name: &str, change: impl FnOnce(&mut Service)) {
    let id = service(world, name).id;
    let now = begin(world);
    assert!(world.parts().store.update_service(id, now, change));
}

fn change_node(world: &mut World, id: NodeId, change: impl FnOnce(&mut Node)) {
    let now = begin(world);
    assert!(world.parts().store.update_node(id, now, change));
}

/// Makes one more task like another.
fn make(world: &mut World, like: &Task, change: impl FnOnce(&mut Task)) -> TaskId {
    let mut task = like.clone();
    task.id = TaskId::random(&mut Stream::new(world.store().index(), "more tasks"));
    task.status.state = TaskState::New;
    if !matches!(service(world, &like.service_name).spec.mode, Mode::Global) {
        task.node = None;
    }
    change(&mut task);
    let (id, now) = (task.id, begin(world));
    world.parts().store.create_task(task, now);
    id
}

/// Changes a task behind the store's back, in a moment in which something was written.
fn unrecorded(world: &mut World, task: TaskId, change: impl FnOnce(&mut Task)) {
    begin(world);
    world.parts().store.break_task(task, change);
    note(world, None, What::Input { text: "".into() });
}
