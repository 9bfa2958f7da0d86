//! Frames while a service is updated and asked for, against an empty page in the same browser.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use swarmyard_tests::browser::trace::frames;
use swarmyard_tests::browser::{Page, Settings, visit};

use crate::{blank, within};

/// (nodes, tasks, how many are replaced at once)
const CASES: &[(usize, usize, usize)] = &[(10, 500, 10), (10, 1_000, 20), (1_000, 10_000, 100)];

const RUNS: usize = 3;
/// Seconds.
const MEASURED: u64 = 8;
/// How long tasks may take to come up, which they do in the page's own time.
const PATIENCE: Duration = Duration::from_secs(240);

const COUNT: &str = "window.counted = 0; const next = () => { counted++; requestAnimationFrame(next) };
    requestAnimationFrame(next)";
const RATE: &str = "const choice = document.querySelector('[data-choice=rate]');
    choice.selectedIndex = 4; choice.dispatchEvent(new Event('change', { bubbles: true }))";

pub(crate) fn measure() {
    // Of many tasks alone: TASKS=10000 cargo xtask bench --only frames
    let only: Option<usize> = std::env::var("TASKS").ok().and_then(|tasks| tasks.parse().ok());
    for (nodes, tasks, parallelism) in CASES.iter().filter(|case| only.is_none_or(|tasks| case.1 == tasks)) {
        println!("{tasks} tasks on {nodes} nodes, {parallelism} replaced at once, 50 requests a second");
        let runs: Vec<(f64, f64)> = (1..=RUNS).map(|number| run(number, *nodes, *tasks, *parallelism)).collect();
        let (rates, scripts): (Vec<f64>, Vec<f64>) = runs.into_iter().unzip();
        let (best, median) = (within(&rates, 100), within(&rates, 50));
        println!("  of 60 frames of the empty page: best {best:.1}, median {median:.1}");
        let (best, median) = (within(&scripts, 0), within(&scripts, 50));
        println!("  scripting of 95 of 100 frames, ms: best {best:.2}, median {median:.2}");
    }
}

/// Frames of 60 of the empty page, and milliseconds within which the scripting of 95 of 100 frames stays.
fn run(number: usize, nodes: usize, tasks: usize, parallelism: usize) -> (f64, f64) {
    let settings = Settings { width: 1440, height: 900, traced: true, ..Settings::default() };
    let mut measured = (f64::NAN, f64::NAN);
    visit(&settings, |page| {
        blank(page);
        let empty = rate(page);
        page.go(&format!("/?fresh=1&nodes={nodes}"));
        update(page, tasks, parallelism);
        let rate = rate(page);
        let seen = frames(&page.trace(), MEASURED * 1_000);
        println!("  run {number}: {rate:.1} of {empty:.1} frames a second");
        println!("    scripting  {}", told(&seen.script));
        println!("    drawing    {}", told(&seen.drawing));
        page.screenshot(&format!("frames-{tasks}"));
        measured = (rate / empty * 60.0, within(&seen.script, 95));
    });
    measured
}

/// Leaves the page in the midst of an update.
fn update(page: &Page, tasks: usize, parallelism: usize) {
    page.wait_until("there is a prompt", || page.count("#prompt") == 1);
    let image = "masungil/my-fastapi-whoami";
    assert_eq!(page.run(&format!("docker service create -dq --name app -p 8000:8000 --replicas {tasks} {image}")), 0);
    let begun = Instant::now();
    while page.count(&format!("[data-in-service='{tasks}']")) == 0 {
        assert!(begun.elapsed() < PATIENCE, "not all tasks are in service: {}", page.text(".counted"));
        sleep(Duration::from_millis(200));
    }
    page.script(RATE, json!([]));
    let flags = format!("-dq --update-parallelism {parallelism} --update-monitor 1s --image {image}:v2");
    assert_eq!(page.run(&format!("docker service update {flags} app")), 0);
    // Into its midst.
    sleep(Duration::from_secs(3));
}

/// The frames a second that a page has while it is let alone.
fn rate(page: &Page) -> f64 {
    page.script(COUNT, json!([]));
    let now = || page.script("return [performance.now(), counted]", json!([]));
    let before = now();
    sleep(Duration::from_secs(MEASURED));
    let after = now();
    let passed = |index: usize| after[index].as_f64().unwrap_or(f64::NAN) - before[index].as_f64().unwrap_or(f64::NAN);
    passed(1) * 1e3 / passed(0)
}

fn told(values: &[f64]) -> String {
    let [half, most, all] = [50, 95, 100].map(|percent| within(values, percent));
    format!("half within {half:.2} ms, 95 % within {most:.2} ms, all within {all:.2} ms, {} frames", values.len())
}
