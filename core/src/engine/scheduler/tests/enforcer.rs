//! Swarmkit's own tests of the constraint enforcer, told again.

use super::*;

fn rejected(tasks: &[Rc<Task>]) -> Vec<String> {
    for task in tasks {
        assert_eq!(task.status.state, TaskState::Rejected);
        assert_eq!(&*task.status.message, "task rejected by constraint enforcer");
        assert_eq!(&*task.status.err, "assigned node no longer meets constraints");
    }
    tasks.iter().map(|task| name(task.id.as_str())).collect()
}

/// Upstream: manager/orchestrator/constraintenforcer/constraint_enforcer_test.go TestConstraintEnforcer
#[test]
fn who_no_longer_fits_the_node_is_rejected() {
    let mut swarm = Swarm::new(1);
    swarm.add_node(node("id1"));
    swarm.add_node(provided(node("id2"), 1_000_000_000, 1_000_000_000, 0));
    let mut job = running(task("t5", "s1"), "id1");
    job.desired = TaskState::Complete;
    let mut unwanted = on(task("t3", "s1"), "id2");
    unwanted.desired = TaskState::New;
    let mut prepared = reserving(on(task("t4", "s1"), "id2"), 900_000_000, 0);
    prepared.desired = TaskState::Ready;
    swarm.add([
        constrained(running(task("t0", "s1"), "id1"), &["node.role == manager"]),
        running(task("t1", "s1"), "id1"),
        job,
        constrained(running(task("t2", "s1"), "id1"), &["node.role == worker"]),
        unwanted,
        prepared,
    ]);
    assert_eq!(rejected(&swarm.change_node("id1", |_| {})), ["t0"]);
    assert_eq!(rejected(&swarm.change_node("id1", |node| node.role = Role::Manager)), ["t2"]);
    // What is wanted of it is the orchestrators' business.
    assert_eq!(swarm.task("t2").desired, TaskState::Running);
    assert_eq!(rejected(&swarm.change_node("id2", |node| node.description.memory_bytes = 500_000_000)), ["t4"]);
}

/// Upstream: manager/orchestrator/constraintenforcer/constraint_enforcer_test.go TestOutdatedTaskPlacementConstraints
#[test]
fn the_constraints_of_the_service_as_it_is_now_count() {
    let labelled = labelled("id0", &[("foo", "bar")]);
    let remove = |node: &mut Node| drop(node.spec.labels.remove("foo"));
    let mut swarm = Swarm::new(1);
    swarm.add_node(labelled.clone());
    let mut service = service("s1", 0);
    let spec = Rc::make_mut(&mut service.spec);
    spec.task = Rc::clone(&constrained(task("x", "s1"), &["node.labels.foo == bar"]).spec);
    swarm.write(|ctx| ctx.store.create_service(service, 0));
    swarm.add([running(task("t1", "s1"), "id0")]);
    assert_eq!(rejected(&swarm.change_node("id0", remove)), ["t1"]);

    // Where the service is gone, the task's own.
    let mut swarm = Swarm::new(1);
    swarm.add_node(labelled);
    let gone = constrained(task("t2", "s2"), &["node.labels.foo == bar"]);
    swarm.add([running(task("t1", "s1"), "id0"), running(gone, "id0")]);
    assert_eq!(rejected(&swarm.change_node("id0", remove)), ["t2"]);
}

/// Upstream: manager/orchestrator/constraintenforcer/constraint_enforcer_test.go TestGenericResourcesPlacementConstraints
/// Upstream: manager/orchestrator/constraintenforcer/constraint_enforcer_test.go TestGenericResourcesPlacementConstraintsDiscrete
#[test]
fn who_lost_a_generic_resource_is_rejected() {
    let mut swarm = Swarm::new(1);
    swarm.add_node(provided(node("id0"), 0, 0, 2));
    swarm.add([running(reserving(task("t1", "s1"), 0, 2), "id0")]);
    assert!(swarm.change_node("id0", |_| {}).is_empty());
    assert_eq!(rejected(&swarm.change_node("id0", |node| node.description.generic[0].1 = 1)), ["t1"]);

    // Another kind is not the same.
    let mut swarm = Swarm::new(1);
    swarm.add_node(provided(node("id0"), 0, 0, 2));
    swarm.add([running(reserving(task("t1", "s1"), 0, 2), "id0")]);
    let other = |node: &mut Node| node.description.generic = vec![("pear".to_owned(), 2)];
    assert_eq!(rejected(&swarm.change_node("id0", other)), ["t1"]);
}

/// Upstream: manager/orchestrator/constraintenforcer/constraint_enforcer_test.go TestRejectNoncompliantTasksIgnoresCompletedJobTasksInReservations
#[test]
fn a_job_that_is_done_takes_no_room() {
    let mut swarm = Swarm::new(1);
    swarm.add_node(provided(node("id1"), 0, 1_024, 0));
    let mut done = running(reserving(task("job", "jobs"), 700, 0), "id1");
    (done.status.state, done.desired) = (TaskState::Complete, TaskState::Complete);
    swarm.add([done, running(reserving(task("live", "s1"), 700, 0), "id1")]);
    assert!(swarm.change_node("id1", |_| {}).is_empty());
}

#[test]
fn a_paused_or_drained_node_is_left_alone() {
    for availability in [Availability::Pause, Availability::Drain] {
        let mut swarm = Swarm::new(1);
        swarm.add_node(node("id1"));
        swarm.add([constrained(running(task("t1", "s1"), "id1"), &["node.role == manager"])]);
        assert!(swarm.change_node("id1", |node| node.spec.availability = availability).is_empty());
        assert_eq!(rejected(&swarm.change_node("id1", |node| node.spec.availability = Availability::Active)), ["t1"]);
    }
}
