//! Commands that hold the prompt until the service has converged, or has failed.

use super::*;

/// The output with equal neighbours drawn together.
fn folded(out: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = out.lines().collect();
    lines.dedup();
    lines
}

#[test]
fn a_service_converges_and_is_verified() {
    let mut bench = Bench::new();
    let said = bench.finish("service create --name app --replicas 3 masungil/my-fastapi-whoami:latest");
    let id = bench.world.store().services().next().expect("the service").id.to_string();
    assert_eq!((said.exit, said.err.as_str()), (Some(0), ""));
    let mut lines = folded(&said.out);
    lines.retain(|line| !line.starts_with("overall progress: 1 ") && !line.starts_with("overall progress: 2 "));
    lines.dedup();
    let converged = format!("verify: Service {id} converged");
    let waiting = |n| format!("verify: Waiting {n} seconds to verify that tasks are stable...");
    let waits: Vec<String> = (1..=5).rev().map(waiting).collect();
    let mut expected = vec![
        id.as_str(),
        "overall progress: 0 out of 3 tasks",
        "1/3:  ",
        "2/3:  ",
        "3/3:  ",
        "overall progress: 0 out of 3 tasks",
        "overall progress: 3 out of 3 tasks",
    ];
    expected.extend(waits.iter().map(String::as_str));
    expected.push(&converged);
    assert_eq!(lines, expected);
    assert_eq!(said.out.matches(&waits[0]).count(), 5);
}

#[test]
fn a_failing_update_pauses_and_a_rollback_brings_the_service_back() {
    let mut bench = Bench::new();
    bench.ok(APP);
    bench.pass(10 * SECOND);
    let said = bench.finish("service update --image masungil/my-fastapi-whoami:badversion app");
    assert_eq!(said.exit, Some(1));
    assert_eq!(
        folded(&said.out),
        [
            "app",
            "overall progress: 0 out of 3 tasks",
            "1/3:  ",
            "2/3:  ",
            "3/3:  ",
            "overall progress: 0 out of 3 tasks"
        ]
    );
    let paused = "service update paused: update paused due to failure or early termination of task ";
    assert!(said.err.starts_with("image masungil/my-fastapi-whoami:badversion could not be accessed on a registry"));
    assert!(said.err.lines().next_back().is_some_and(|line| line.starts_with(paused)), "{}", said.err);
    let said = bench.finish("service rollback app");
    assert_eq!((said.exit, said.err.as_str()), (Some(0), ""));
    let lines = folded(&said.out);
    assert_eq!(
        lines[..3],
        ["app", "rollback: manually requested rollback", "overall progress: rolling back update: 0 out of 3 tasks"]
    );
    assert_eq!(lines.last(), Some(&"verify: Service app converged"));
}

#[test]
fn an_automatic_rollback_ends_well() {
    let mut bench = Bench::new();
    bench.ok("service create -d --name app --replicas 3 --update-failure-action rollback --update-max-failure-ratio 0.2 masungil/my-fastapi-whoami:latest");
    bench.pass(10 * SECOND);
    let said = bench.finish("service update --image my-fastapi-whoami:anotherbadversion app");
    assert_eq!(said.exit, Some(0));
    let rolled_back = "rollback: update rolled back due to failure or early termination of task ";
    assert!(said.out.lines().any(|line| line.starts_with(rolled_back)), "{}", said.out);
    assert_eq!(said.out.lines().next_back(), Some("verify: Service app converged"));
}

#[test]
fn an_update_that_completes_while_its_tasks_crash_ends_without_a_verdict() {
    let mut bench = Bench::new();
    bench.ok("service create -d --name app --update-failure-action continue masungil/my-fastapi-whoami:latest");
    bench.pass(10 * SECOND);
    let said = bench.finish("service update --image demo/crash app");
    assert_eq!((said.exit, said.err.as_str()), (Some(0), ""));
    assert!(!said.out.contains("converged"), "{}", said.out);
    let service = bench.world.store().services().next().expect("the service");
    let completed = service.update_status.as_ref().and_then(|status| status.completed_at).expect("it completed");
    assert!(bench.world.now() - completed <= 200, "the next look ends it");
}

#[test]
fn quiet_and_detach_say_less() {
    let mut bench = Bench::new();
    let said = bench.finish("service create -q --name app masungil/my-fastapi-whoami:latest");
    assert_eq!((said.exit, said.out.lines().count()), (Some(0), 1));
    assert!(bench.world.now() > 6 * SECOND, "it waits without a word");
    assert_eq!(bench.ok("service update -d --env-add A=1 app"), "app\n");
}

#[test]
fn services_are_scaled_first_and_shown_one_after_another() {
    let mut bench = Bench::new();
    bench.ok("service create -d --name a masungil/my-fastapi-whoami:latest");
    bench.ok("service create -d --name b masungil/my-fastapi-whoami:latest");
    bench.ok("service create -d --name g --mode global masungil/my-fastapi-whoami:latest");
    let said = bench.finish("service scale a=2 b=0 g=3");
    let lines = folded(&said.out);
    assert_eq!(lines[..3], ["a scaled to 2", "b scaled to 0", "overall progress: 0 out of 2 tasks"]);
    let verdicts: Vec<&str> = lines.into_iter().filter(|line| line.ends_with("converged")).collect();
    assert_eq!(verdicts, ["verify: Service a converged", "verify: Service b converged"]);
    assert_eq!(
        (said.exit, said.err.as_str()),
        (Some(1), "g: scale can only be used with replicated or replicated-job mode\n")
    );
}

/// What each of so many seeds makes of something.
fn by_luck<T>(seeds: u64, what: impl Fn(&mut Bench) -> T) -> Vec<T> {
    (0..seeds).map(|seed| what(&mut Bench::with_luck(seed))).collect()
}

#[test]
fn ctrl_c_leaves_the_swarm_going_and_may_end_the_display_before_its_last_words() {
    let said = by_luck(80, |bench| {
        let mut foreground = bench.say("service create --name app demo/crash").held.expect("it shows its progress");
        let mut output = Output::default();
        assert_eq!(foreground.interrupt(&mut bench.world, &mut output), Some(0));
        let id = bench.world.store().services().next().expect("the service").id;
        let words = format!("Operation continuing in background.\nUse `docker service ps {id}` to check progress.\n");
        let said = split(&mut output).0;
        assert!(words.starts_with(&said), "{said}");
        said.lines().count()
    });
    let times = |lines| said.iter().filter(|said| **said == lines).count();
    assert!((4..=16).contains(&times(0)) && (4..=16).contains(&times(1)) && times(2) >= 50, "{said:?}");
}

#[test]
fn the_first_look_may_come_before_the_first_task() {
    let seen = by_luck(80, |bench| {
        bench.columns = Some(120);
        let mut said = bench.say("service create --name app masungil/my-fastapi-whoami:latest");
        let first = said.out.contains("1/1: pending");
        let held = said.held.as_mut().expect("it shows its progress");
        bench.world.advance(held.wake_at());
        let mut output = Output::new(Some(120));
        held.poll(&mut bench.world, &mut output);
        assert!(split(&mut output).0.contains("\r1/1: "), "the second look sees it");
        first
    });
    let blind = seen.iter().filter(|seen| !**seen).count();
    assert!((10..=30).contains(&blind), "{blind} of 80");
}

#[test]
fn a_clone_of_a_held_command_goes_the_same_way() {
    let mut bench = Bench::new();
    let mut said = bench.say("service create --name app masungil/my-fastapi-whoami:latest");
    let mut one = said.held.take().expect("it shows its progress");
    let (mut other, mut world) = (one.clone(), bench.world.clone());
    let step = |foreground: &mut Foreground, world: &mut World| {
        world.advance(foreground.wake_at());
        let mut output = Output::default();
        (foreground.poll(world, &mut output), split(&mut output))
    };
    for _ in 0..20 {
        assert_eq!(step(&mut one, &mut bench.world), step(&mut other, &mut world));
    }
}

#[test]
fn a_terminal_shows_bars() {
    let mut bench = Bench::new();
    bench.columns = Some(120);
    let said = bench.say("service create --name app masungil/my-fastapi-whoami:latest");
    assert!(said.out.contains("\n\x1b[1A\x1b[2K\roverall progress: 0 out of 1 tasks \r\x1b[1B"), "{:?}", said.out);
    assert!(
        said.out.contains("\r1/1: pending   [================>                                  ] \r"),
        "{:?}",
        said.out
    );
}
