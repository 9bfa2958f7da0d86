//! Rules of the task life cycle and of updates that Swarm's own tests do not name, each with what it is easily mistaken
//! for.

use swarmyard_core::model::{TaskState, UpdateState};
use swarmyard_core::time::{HOUR, MINUTE, SECOND};

use super::upstream::kit::*;

fn ids(cluster: &Cluster, image: &str) -> Vec<String> {
    let of_image =
        |task: &std::rc::Rc<swarmyard_core::model::Task>| has_image(task, image).then(|| task.id.to_string());
    cluster.wanted("app").iter().filter_map(of_image).collect()
}

#[test]
fn an_update_during_an_update_takes_its_place() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "--update-delay 5s", V1);
    cluster.docker(&format!("service update -d --image {V2} app"));
    cluster.until("one slot is done", MINUTE, |cluster| cluster.running_image("app", V2) == 1);
    cluster.docker(&format!("service update -d --image {V3} app"));
    cluster.until("it is completed", 2 * MINUTE, |c| c.update_state("app") == Some(UpdateState::Completed));
    assert_eq!(cluster.running_image("app", V3), 3);
    let v2 = cluster.tasks("app").iter().filter(|task| has_image(task, V2)).count();
    assert_eq!(v2, 1, "the first update took no slot any more");
}

#[test]
fn scaling_a_paused_service_resumes_its_update() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "--restart-delay 1h", V1);
    cluster.docker(&format!("service update -d --image {CRASH} app"));
    cluster.until("it is paused", MINUTE, |c| c.update_state("app") == Some(UpdateState::Paused));
    cluster.pass(10 * SECOND);
    let before = cluster.running_image("app", V1);
    assert!(before > 0);
    cluster.docker("service scale -d app=4");
    cluster.until("one more slot is taken", MINUTE, |cluster| cluster.running_image("app", V1) < before);
}

#[test]
fn a_rollback_during_an_update_leaves_the_untouched_slots_alone() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 4, "--update-delay 20s", V1);
    let before = ids(&cluster, V1);
    cluster.docker(&format!("service update -d --image {V2} app"));
    cluster.until("one slot is done", MINUTE, |cluster| cluster.running_image("app", V2) == 1);
    cluster.docker("service rollback -d app");
    cluster.until("it is rolled back", MINUTE, |c| c.update_state("app") == Some(UpdateState::RollbackCompleted));
    let after = ids(&cluster, V1);
    assert_eq!(after.len(), 4);
    assert_eq!(after.iter().filter(|id| before.contains(id)).count(), 3);
}

#[test]
fn a_replacement_that_fits_nowhere_holds_its_lane_for_ever_and_is_no_failure() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "--reserve-cpu 2 --update-order start-first", V1);
    cluster.docker(&format!("service update -d --image {V2} app"));
    cluster.always("it is updating, and all three run", HOUR, |cluster| {
        cluster.update_state("app") == Some(UpdateState::Updating) && cluster.running_image("app", V1) == 3
    });
    assert_eq!(cluster.in_state("app", TaskState::Pending).len(), 1);
    // The way back: the slot has two tasks, of which the clean one stays.
    cluster.docker("service rollback -d app");
    cluster.until("it is rolled back", MINUTE, |c| c.update_state("app") == Some(UpdateState::RollbackCompleted));
    assert_eq!((cluster.wanted("app").len(), cluster.running_image("app", V1)), (3, 3));
}

#[test]
fn the_delay_is_slept_after_the_last_slot_too_and_the_watch_outlasts_it() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 1, "--update-delay 7s --update-monitor 5s", V1);
    cluster.docker(&format!("service update -d --image {V2} app"));
    cluster.until("it runs", MINUTE, |cluster| cluster.running_image("app", V2) == 1);
    let took = cluster.until("it is completed", MINUTE, |c| c.update_state("app") == Some(UpdateState::Completed));
    assert_eq!(took, 7 * SECOND + 8 * SECOND);
}

#[test]
fn what_fails_after_its_monitor_is_no_failure_and_a_clean_end_within_it_is_one() {
    for (image, end) in [("demo/crash8", UpdateState::Completed), (EXIT0, UpdateState::Paused)] {
        let mut cluster = Cluster::lab();
        created(&mut cluster, "app", 1, "--update-monitor 5s", V1);
        cluster.docker(&format!("service update -d --image {image} app"));
        cluster.until("it is decided", MINUTE, |c| c.update_state("app") != Some(UpdateState::Updating));
        assert_eq!(cluster.update_state("app"), Some(end), "{image}");
    }
}

#[test]
fn a_slot_whose_task_was_replaced_meanwhile_is_left_to_its_replacement() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 2, "--update-delay 3s --restart-delay 20s", V1);
    cluster.docker(&format!("service update -d --image {V2} app"));
    cluster.until("one slot is done", MINUTE, |cluster| cluster.running_image("app", V2) == 1);
    let old = ids(&cluster, V1);
    cluster.world(&format!("crash-task {}", old[0]));
    cluster.always("no slot has two tasks", 30 * SECOND, |cluster| cluster.wanted("app").len() == 2);
    assert_eq!(cluster.running_image("app", V2), 2, "it came back with the new spec");
    assert_eq!(cluster.update_state("app"), Some(UpdateState::Completed));
}

#[test]
fn a_service_that_is_removed_during_its_update_leaves_nothing() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "", V1);
    cluster.docker(&format!("service update -d --image {V2} app"));
    cluster.until("a slot is taken", MINUTE, |cluster| cluster.tasks("app").len() == 4);
    cluster.docker("service rm app");
    cluster.pass(MINUTE);
    assert!(cluster.tasks("app").is_empty());
}

#[test]
fn a_drained_node_loses_what_may_not_be_restarted() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "--restart-condition none", V1);
    cluster.docker("node update --availability drain node1");
    cluster.always("nobody replaces it", MINUTE, |cluster| cluster.wanted("app").len() == 2);
}

#[test]
fn who_ignores_the_signal_is_killed_after_the_grace_period_and_networks_add_two_seconds() {
    for (flags, least) in [("", 3 * SECOND), ("--publish 8080:80", 5 * SECOND)] {
        let mut cluster = Cluster::lab();
        created(&mut cluster, "app", 1, &format!("--stop-grace-period 3s {flags}"), SLOWSTOP);
        let old = cluster.wanted("app")[0].id;
        cluster.docker("service update -d --force app");
        let took = cluster.until("it has stopped", MINUTE, |cluster| {
            cluster.tasks("app").iter().any(|task| task.id == old && task.status.state == TaskState::Shutdown)
        });
        assert!((least..least + 2 * SECOND).contains(&took), "{flags}: {took} ms");
    }
}

#[test]
fn a_kill_signal_waits_for_nobody() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 1, "--stop-grace-period 1h --stop-signal SIGKILL", SLOWSTOP);
    cluster.docker("service scale -d app=0");
    cluster.until("it is gone", 3 * SECOND, |cluster| cluster.tasks("app").is_empty());
}

#[test]
fn a_start_that_has_begun_is_finished_before_the_stop() {
    let mut cluster = Cluster::with_image(|behaviour| behaviour.start_ms = Some(4 * SECOND));
    create(&mut cluster, "app", "", "test/image");
    cluster.until("it is starting", 5 * SECOND, |cluster| !cluster.in_state("app", TaskState::Starting).is_empty());
    cluster.docker("service update -d --force app");
    let old = cluster.tasks("app").last().expect("it is there").id;
    let state = move |c: &Cluster| c.tasks("app").iter().find(|task| task.id == old).map(|task| task.status.state);
    cluster.until("it runs first", 6 * SECOND, |cluster| state(cluster) == Some(TaskState::Running));
    cluster.until("then it is stopped", 3 * SECOND, |cluster| state(cluster) == Some(TaskState::Shutdown));
}

#[test]
fn a_checked_task_is_starting_until_it_is_healthy() {
    let mut cluster = Cluster::with_image(|behaviour| {
        behaviour.health = Some(swarmyard_core::scenario::HealthBehaviour {
            interval_ms: 30 * SECOND,
            retries: 3,
            passes_from_ms: Some(0),
        });
    });
    // The first probe comes one interval after the start; within a start period, one start interval.
    for (name, flags, first) in [
        ("plain", "", 30 * SECOND),
        ("quick", "--health-interval 3s", 3 * SECOND),
        ("period", "--health-start-period 1m", 5 * SECOND),
        ("interval", "--health-start-period 1m --health-start-interval 2s", 2 * SECOND),
        ("over", "--health-start-period 1s --health-interval 4s", 5 * SECOND),
    ] {
        create(&mut cluster, name, flags, "test/image");
        cluster.until("it is starting", 5 * SECOND, |cluster| !cluster.in_state(name, TaskState::Starting).is_empty());
        let took = cluster.until("it is healthy", MINUTE, |cluster| cluster.running(name) == 1);
        assert!((first..first + 2 * SECOND).contains(&took), "{name}: {took} ms");
    }
}

#[test]
fn failures_in_the_start_period_do_not_count() {
    let mut cluster = Cluster::lab();
    let check = "--health-interval 1s --health-retries 2 --restart-delay 1h";
    create(
        &mut cluster,
        "app",
        &format!("{check} --health-start-period 20s --health-start-interval 1s"),
        "demo/unhealthy",
    );
    // Its program ends with 0 when it is asked to, which a start that waits for health takes for a success.
    let took = cluster.until("it is given up", MINUTE, |c| !c.in_state("app", TaskState::Complete).is_empty());
    assert!((21 * SECOND..26 * SECOND).contains(&took), "{took} ms");
}

#[test]
fn what_the_node_refuses_is_rejected_in_dockers_words() {
    for (flags, message, err) in [
        (
            "--mount type=bind,src=/nosuch,dst=/x",
            "preparing",
            "invalid mount config for type \"bind\": bind source path does not exist: /nosuch",
        ),
        ("--stop-signal FOO", "preparing", "invalid signal: FOO"),
        (
            "--mount type=volume,src=v,dst=/x",
            "preparing",
            "create v: volume name is too short, names should be at least two alphanumeric characters",
        ),
        (
            "--mount type=bind,src=here,dst=/x",
            "resolving controller failed",
            "invalid bind mount source, must be an absolute path: here",
        ),
        ("--mount src=data,dst=x", "resolving controller failed", "invalid mount target, must be an absolute path: x"),
    ] {
        let mut cluster = Cluster::lab();
        create(&mut cluster, "app", flags, V1);
        cluster.until("it is refused", 5 * SECOND, |cluster| !cluster.in_state("app", TaskState::Rejected).is_empty());
        let task = cluster.in_state("app", TaskState::Rejected).remove(0);
        assert_eq!((&*task.status.message, &*task.status.err), (message, err));
    }
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 1, "--mount type=bind,src=/var/run/docker.sock,dst=/s --stop-signal SIGINT", V1);
}
