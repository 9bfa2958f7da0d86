//! An update that finds what no client can make.

use super::*;
use crate::model::{FailureAction, UpdateConfig, UpdateState};
use crate::time::SECOND;

/// No client comes to it: each update of a service keeps the spec that it replaces.
#[test]
fn without_a_spec_to_go_back_to_a_rollback_only_stops_the_update() {
    let mut swarm = Swarm::new();
    let service = swarm.service("app", Mode::Replicated { replicas: 3 });
    let old = [1, 2, 3].map(|slot| swarm.task(service, Made { slot, ..swarm.runs() }));
    let now = swarm.now;
    swarm.store.update_service(service, now, |service| {
        let spec = Rc::make_mut(&mut service.spec);
        let config = UpdateConfig { failure_action: FailureAction::Rollback, ..UpdateConfig::default() };
        spec.update = Some(config);
        Rc::make_mut(&mut spec.task).force_update = 1;
        service.spec_version = 9;
    });
    swarm.begin();
    let new = swarm.others(service, &old);
    assert_eq!(new.len(), 1, "one slot at a time");
    swarm.end(new[0].id, TaskState::Rejected);
    let stopped = old.into_iter().find(|task| swarm.desired(*task) == TaskState::Shutdown).expect("its slot was taken");
    swarm.end(stopped, TaskState::Shutdown);
    swarm.pass(10 * SECOND);
    let service = Rc::clone(swarm.store.service(service).expect("nobody removes it"));
    assert_eq!(service.update_status.as_ref().map(|status| status.state), Some(UpdateState::Updating));
    assert_eq!((service.spec.task.force_update, service.spec_version), (1, 9));
    let untouched = old.iter().filter(|task| swarm.desired(**task) == TaskState::Running).count();
    assert_eq!(untouched, 2, "no slot is taken any more");
}
