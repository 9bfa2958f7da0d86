//! Corners of Swarm's rules that no recording shows, typed at a prompt and seen in the store.

use swarmyard_core::event::What;
use swarmyard_core::model::{Task, TaskState, UpdateState};
use swarmyard_core::scenario::Scenario;
use swarmyard_core::session::{Action, Input, Session};
use swarmyard_core::time::Ms;

struct Bench(Session);

impl Bench {
    /// A fresh cluster where these lines were typed.
    fn typed(lines: &str) -> Bench {
        let mut bench = Bench(Session::new(&Scenario::lab(), 1));
        bench.answer(lines);
        bench
    }

    fn answer(&mut self, lines: &str) -> String {
        self.0.input(Input::Line { shell: 0, text: lines.to_owned() });
        let block = self.0.terminal(0).blocks.last().expect("it was typed");
        block.lines.iter().map(|line| format!("{}\n", line.text)).collect()
    }

    fn act(&mut self, words: &str) {
        self.0.input(Input::World(Action::read(words).expect("the test's actions can be read")));
    }

    fn wait(&mut self, ms: Ms) -> &mut Bench {
        self.0.advance(self.0.now() + ms);
        self
    }

    /// The tasks of all services that are still wanted, by name.
    fn wanted(&self) -> Vec<Task> {
        let store = self.0.world().store();
        let wanted = store.tasks().filter(|task| task.desired <= TaskState::Complete);
        let mut tasks: Vec<Task> = wanted.map(|task| Task::clone(task)).collect();
        tasks.sort_by_key(Task::name);
        tasks
    }

    /// State and message of the first service's update.
    fn update(&self) -> (UpdateState, String) {
        let service = self.0.world().store().services().next().expect("there is one");
        let status = service.update_status.as_ref().expect("it was updated");
        (status.state, status.message.clone())
    }
}

#[test]
fn a_monitor_not_longer_than_the_delay_becomes_a_second_longer_than_it() {
    let mut bench = Bench::typed("docker service create -dq --name a demo/slowstop");
    bench.wait(3_000).answer("docker service update -dq --force --update-delay 7s --update-monitor 5s a");
    bench.wait(60_000);
    let record = bench.0.world().store().record();
    let at = |wanted: &dyn Fn(&What) -> bool| {
        let found = record.since(0).filter(|(_, event)| wanted(&event.what)).last();
        found.map(|(_, event)| event.at).expect("it happened")
    };
    let running = at(&|what| matches!(what, What::TaskState { to: TaskState::Running, .. }));
    let completed = at(&|what| matches!(what, What::UpdateStatus { state: UpdateState::Completed, .. }));
    assert_eq!(completed - running, 7_000 + 8_000, "the delay, and the watch");
}

#[test]
fn a_clean_task_in_a_slot_is_kept_and_the_other_one_is_stopped() {
    let mut bench = Bench::typed("docker service create -dq --name a masungil/my-fastapi-whoami");
    let old = bench.wait(3_000).wanted()[0].id;
    bench.answer("docker service update -d --update-order start-first --image nowhere/nothing a");
    assert_eq!(bench.wait(3_000).wanted().len(), 2, "the old task runs beside the one that cannot start");
    assert_eq!(bench.update().0, UpdateState::Paused);
    bench.answer("docker service rollback -dq a");
    bench.wait(30_000);
    assert_eq!(bench.wanted().iter().map(|task| task.id).collect::<Vec<_>>(), [old]);
    assert_eq!(bench.update().0, UpdateState::RollbackCompleted);
}

#[test]
fn a_task_that_no_node_takes_blocks_its_lane_for_good() {
    let mut bench = Bench::typed("docker service create -dq --name a --replicas 3 demo/slowstop");
    bench.wait(3_000).answer("docker service update -dq --constraint-add node.labels.x==y --force a");
    bench.wait(3_600_000);
    assert_eq!(bench.update(), (UpdateState::Updating, "update in progress".to_owned()));
    let pending = bench.wanted().iter().filter(|task| task.status.state == TaskState::Pending).count();
    assert_eq!((pending, bench.wanted().len()), (1, 3), "the other slots wait");
}

#[test]
fn a_rollback_that_would_be_rolled_back_is_paused_and_completed_all_the_same() {
    let mut bench =
        Bench::typed("docker service create -dq --name a --rollback-failure-action rollback --replicas 2 demo/crash3");
    bench.wait(2_000).answer("docker service update -dq --image masungil/my-fastapi-whoami a");
    bench.wait(30_000).answer("docker service rollback -dq a");
    bench.wait(30_000);
    let record = bench.0.world().store().record();
    let states: Vec<UpdateState> = record
        .since(0)
        .filter_map(|(_, event)| if let What::UpdateStatus { state, .. } = event.what { Some(state) } else { None })
        .collect();
    assert_eq!(
        states[states.len() - 3..],
        [UpdateState::RollbackStarted, UpdateState::RollbackPaused, UpdateState::Completed]
    );
    assert_eq!(bench.update().1, "update completed");
}

#[test]
fn a_paused_service_restarts_what_ends_in_its_new_version_and_goes_on_when_it_is_scaled() {
    let mut bench =
        Bench::typed("docker service create -dq --name a --replicas 3 --restart-delay 0s masungil/my-fastapi-whoami");
    bench.wait(3_000).answer("docker service update -d --image nowhere/nothing a");
    bench.wait(5_000);
    let new =
        |bench: &Bench| bench.wanted().iter().filter(|task| task.spec.container.image.contains("nothing")).count();
    assert_eq!((bench.update().0, new(&bench)), (UpdateState::Paused, 1));
    bench.act("crash-task a masungil/my-fastapi-whoami:latest");
    assert_eq!((bench.wait(3_000).update().0, new(&bench)), (UpdateState::Paused, 2), "the leak of a paused update");
    bench.answer("docker service scale -d a=4");
    bench.wait(5_000);
    assert_eq!(
        (bench.update().0, new(&bench)),
        (UpdateState::Paused, 4),
        "it went on, and was paused by the next failure"
    );
}

#[test]
fn ports_beside_a_change_of_placement_alone_leave_tasks_as_they_are() {
    let ids = |bench: &Bench| bench.wanted().iter().map(|task| task.id).collect::<Vec<_>>();
    for (flags, stays) in [("--placement-pref-add spread=node.labels.x", true), ("", false)] {
        let mut bench = Bench::typed("docker service create -dq --name a --replicas 2 demo/slowstop");
        let before = ids(bench.wait(3_000));
        bench.answer(&format!("docker service update -dq --publish-add 9000:80 {flags} a"));
        assert_eq!(ids(bench.wait(60_000)) == before, stays, "with {flags:?}");
    }
}

#[test]
fn the_limit_of_attempts_does_not_hold_for_global_jobs() {
    let run = |mode: &str| {
        let line =
            format!("docker service create -dq --mode {mode} --restart-max-attempts 1 --restart-delay 0s demo/crash");
        let mut bench = Bench::typed(&line);
        bench.wait(30_000);
        let tasks = bench.0.world().store().tasks().filter(|task| task.terminal()).count();
        tasks / if mode == "global-job" { 3 } else { 1 }
    };
    assert_eq!(run("replicated-job"), 2);
    assert!(run("global-job") > 5);
}

#[test]
fn the_settings_of_a_rollback_are_not_checked() {
    let refused = "Error response from daemon: rpc error: code = InvalidArgument desc = TaskSpec: update-maxfailureratio \
                   cannot be less than 0 or bigger than 1\n";
    let create = |flag: &str| format!("docker service create -dq --name a --{flag}-max-failure-ratio 5 demo/slowstop");
    assert_eq!(Bench::typed("").answer(&create("update")), refused);
    assert_eq!(Bench::typed("").answer(&create("rollback")).trim().len(), 25, "an id");
}

#[test]
fn a_task_with_a_node_gets_the_bare_explanation_and_one_without_the_whole() {
    let mut bench = Bench::typed(
        "docker service create -dq --name g --mode global --reserve-cpu 3 demo/slowstop\ndocker node update --availability \
         pause node1\ndocker service create -dq --name r --reserve-cpu 3 demo/slowstop",
    );
    let mut errors: Vec<String> = bench.wait(1_000).wanted().iter().map(|task| task.status.err.to_string()).collect();
    errors.sort();
    assert_eq!(
        errors,
        [
            "1 node not available for new tasks",
            "insufficient resources on 1 node",
            "insufficient resources on 1 node",
            "no suitable node (insufficient resources on 2 nodes; 1 node not available for new tasks)",
        ]
    );
}

#[test]
fn many_containers_that_start_or_stop_at_once_take_longer_than_one() {
    let until = |bench: &mut Bench, wanted: usize, state: TaskState| {
        let began = bench.0.now();
        while bench.0.world().store().tasks().filter(|task| task.status.state == state).count() < wanted {
            bench.wait(10);
        }
        bench.0.now() - began
    };
    let times = |replicas: usize| -> (Ms, Ms) {
        let image = "masungil/my-fastapi-whoami:latest";
        let mut bench = Bench::typed(&format!("docker service create -dq --name a --replicas {replicas} {image}"));
        let started = until(&mut bench, replicas, TaskState::Running);
        bench.wait(5_000).answer("docker service update -dq --force --update-parallelism 0 a");
        (started, until(&mut bench, replicas, TaskState::Shutdown))
    };
    let ((one, one_stops), (ten, ten_stop)) = (times(1), times(10));
    // Each of nine others adds a tenth of a second, and half of that to a stop.
    assert!((one + 600..one + 1_500).contains(&ten), "{one} ms and {ten} ms to start");
    assert!((one_stops + 300..one_stops + 900).contains(&ten_stop), "{one_stops} ms and {ten_stop} ms to stop");
}
