//! Hand-made moments of the walk-through, for tests of what the page draws.

use std::rc::Rc;

use swarmyard_core::model::{Availability, FailureAction, NodeState, Order, Role, TaskState, UpdateState};
use swarmyard_core::snapshot::{Field, Lane, LanePhase, Node, Rollout, Service, Snapshot, Task, UpdateStatus, Version};

const IMAGE: &str = "masungil/my-fastapi-whoami";

/// Three tasks of `latest`, all in service.
pub(crate) fn start() -> Snapshot {
    let tasks = ["manager", "node1", "node2"].iter().zip(1..);
    Snapshot {
        now: 9_000,
        nodes: nodes(),
        services: vec![service()],
        tasks: tasks.map(|(node, slot)| task("my-app", slot, node, TaskState::Running).into()).collect(),
        registry_up: true,
    }
}

/// The old task of slot 2 stops while its successor prepares.
pub(crate) fn updating() -> Snapshot {
    let mut snapshot = paused();
    snapshot.now = 12_000;
    snapshot.tasks.retain(|task| task.state == TaskState::Running || task.state == TaskState::Shutdown);
    let old = snapshot.tasks.iter_mut().find(|task| task.state == TaskState::Shutdown).expect("the old task");
    let old = Rc::make_mut(old);
    (old.state, old.live, old.since, old.until) = (TaskState::Running, true, 11_000, Some(21_000));
    let mut new = old.clone();
    new.id = "new2".to_owned();
    (new.version, new.state, new.desired) = (1, TaskState::Preparing, TaskState::Ready);
    (new.created, new.since, new.until) = (11_000, 11_000, Some(13_000));
    snapshot.tasks.insert(1, new.into());
    let service = &mut snapshot.services[0];
    service.update.as_mut().expect("an update").state = UpdateState::Updating;
    service.update.as_mut().expect("an update").message = "update in progress".to_owned();
    service.rollout = Some(Rollout {
        rolling_back: false,
        order: Order::StopFirst,
        parallelism: 1,
        action: FailureAction::Rollback,
        lanes: vec![Lane { slot: Some(2), phase: LanePhase::Starting, since: 11_000, until: None }],
        dirty_slots: 3,
        waiting_slots: 2,
        failures: 0,
        max_failure_ratio: 0.2,
        monitoring: None,
    });
    snapshot
}

/// The update to `badversion`, paused; slot 2 on node1 failed four times and is tried again in 3.6 s.
pub(crate) fn paused() -> Snapshot {
    let mut snapshot = start();
    snapshot.now = 26_400;
    let service = &mut snapshot.services[0];
    service.running = 2;
    service.versions.push(Version { image: format!("{IMAGE}:badversion"), tag: "badversion".to_owned() });
    service.version = 1;
    service.update = Some(UpdateStatus {
        state: UpdateState::Paused,
        message: "update paused due to failure or early termination of task cxznq4i4sftf".to_owned(),
        started: Some(10_000),
        completed: None,
    });
    service.previous = Some(service.spec.clone());
    for field in [&mut service.spec, service.previous.as_mut().expect("just set")] {
        field[0].differs = true;
    }
    service.spec[0].value = format!("{IMAGE}:badversion");

    let mut slot: Vec<Rc<Task>> = vec![];
    for (age, created) in [25_000, 20_000, 15_000, 11_000].into_iter().enumerate() {
        let mut failed = task("my-app", 2, "node1", TaskState::Rejected);
        failed.id = format!("bad{age}");
        failed.version = 1;
        failed.created = created;
        failed.error = Some(format!("No such image: {IMAGE}:badversion"));
        failed.desired = if age == 0 { TaskState::Ready } else { TaskState::Shutdown };
        failed.starts_at = (age == 0).then_some(30_000);
        slot.push(failed.into());
    }
    slot.push(task("my-app", 2, "node1", TaskState::Shutdown).into());
    snapshot.tasks.splice(1..2, slot);
    snapshot
}

/// Rolled back by hand: all on `latest`, failures are history.
pub(crate) fn finished() -> Snapshot {
    let mut snapshot = paused();
    snapshot.now = 40_000;
    let mut back = task("my-app", 2, "node1", TaskState::Running);
    back.id = "back2".to_owned();
    snapshot.tasks.insert(1, back.into());
    let ended = Rc::make_mut(&mut snapshot.tasks[2]);
    (ended.desired, ended.starts_at) = (TaskState::Shutdown, None);
    let service = &mut snapshot.services[0];
    service.running = 3;
    service.version = 0;
    std::mem::swap(&mut service.spec, service.previous.as_mut().expect("the bad version"));
    let update = service.update.as_mut().expect("an update");
    (update.state, update.message) = (UpdateState::RollbackCompleted, "rollback completed".to_owned());
    snapshot
}

/// A fourth task that fits nowhere.
pub(crate) fn unplaced() -> Snapshot {
    let mut snapshot = start();
    let mut waiting = task("my-app", 4, "", TaskState::Pending);
    (waiting.node, waiting.on) = (None, None);
    waiting.error = Some("no suitable node (insufficient resources on 3 nodes)".to_owned());
    snapshot.tasks.push(waiting.into());
    snapshot.services[0].desired = 4;
    snapshot
}

pub(crate) fn task(service: &str, slot: u64, node: &str, state: TaskState) -> Task {
    Task {
        id: format!("{service}{slot}{}", state.word()),
        name: format!("{service}.{slot}"),
        service: service.to_owned(),
        of: if service == "my-app" { 0 } else { 1 },
        slot,
        node: Some(node.to_owned()),
        on: ["manager", "node1", "node2"].iter().position(|known| *known == node),
        version: 0,
        state,
        desired: state.max(TaskState::Running),
        message: String::new(),
        error: None,
        created: 0,
        since: 2_000,
        until: None,
        in_service: state == TaskState::Running,
        stopping: false,
        live: state <= TaskState::Running,
        monitored_until: None,
        starts_at: None,
        exit_code: None,
    }
}

fn nodes() -> Vec<Rc<Node>> {
    let node = |hostname: &str, role| {
        Rc::new(Node {
            id: format!("{hostname}id"),
            hostname: hostname.to_owned(),
            state: NodeState::Ready,
            availability: Availability::Active,
            role,
            leader: role == Role::Manager,
            powered: true,
        })
    };
    vec![node("manager", Role::Manager), node("node1", Role::Worker), node("node2", Role::Worker)]
}

fn service() -> Service {
    let field = |name, value: &str| Field { name, value: value.to_owned(), differs: false };
    Service {
        id: "serviceid".to_owned(),
        name: "my-app".to_owned(),
        removed: false,
        mode: "replicated",
        running: 3,
        desired: 3,
        versions: vec![Version { image: format!("{IMAGE}:latest"), tag: "latest".to_owned() }],
        version: 0,
        ports: vec![(8000, 8000)],
        update: None,
        rollout: None,
        spec: vec![
            field("image", &format!("{IMAGE}:latest")),
            field("replicas", "3"),
            field("publish", "8000:8000/tcp"),
        ],
        previous: None,
    }
}
