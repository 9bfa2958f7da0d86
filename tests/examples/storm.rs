//! Plays storms: many, to hunt for what cannot be, or one, to see it.
//!
//! `cargo run -p swarmyard-tests --example storm -- --seeds 100000 [--from N]` plays many and names those that fail.
//! `… -- --seed N` plays one; where it fails, its journal is made as short as it may be and shown. With `--trace`
//! everything that happens is shown.

use std::process::ExitCode;

use swarmyard_core::session::Session;
use swarmyard_tests::storm::Storm;
use swarmyard_tests::storm::hunt::{command, hunt, play, shrink};

const USAGE: &str = "Usage: storm --seeds COUNT [--from SEED] | storm --seed SEED [--trace]";

/// Of many that fail, so many are named.
const NAMED: usize = 20;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse().expect("seeds and counts are numbers");
    match words.as_slice() {
        ["--seeds", count] => many(0, number(count)),
        ["--seeds", count, "--from", from] => many(number(from), number(count)),
        ["--seed", seed] => one(number(seed), false),
        ["--seed", seed, "--trace"] => one(number(seed), true),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn many(from: u64, count: u64) -> ExitCode {
    // Panics are told with the other failures.
    std::panic::set_hook(Box::new(|_| {}));
    let begun = std::time::Instant::now();
    let found = hunt(from..from + count, NAMED);
    let (weather, seconds) = (found.weather, begun.elapsed().as_secs_f64());
    println!("{} storms in {seconds:.1} s: {weather:?}", found.storms);
    for (seed, failure) in &found.failures {
        println!("\n{}\n  {}", command(*seed), failure.broken.join("\n  "));
    }
    if found.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn one(seed: u64, trace: bool) -> ExitCode {
    let storm = Storm::of(seed);
    let played = play(&storm);
    let shown = match &played {
        Ok(_) => storm,
        Err(failure) => shrink(&storm, failure),
    };
    println!("{}", shown.script());
    if trace {
        tell(&shown);
    }
    match played {
        Ok(weather) => {
            println!("nothing is broken: {weather:?}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            println!("{}", failure.broken.join("\n"));
            ExitCode::FAILURE
        }
    }
}

/// Prints the events, and what was said, as they come.
fn tell(storm: &Storm) {
    let mut events = 0;
    let mut watch = |session: &Session| {
        let record = session.world().store().record();
        for (id, event) in record.since(events) {
            let cause = event.cause.map_or(String::new(), |cause| format!(" ← {}", cause.0));
            println!("{:>9.3} s  {}{cause}  {:?}  {:?}", event.at as f64 / 1e3, id.0, event.what, event.rule);
        }
        events = record.len();
        for (shell, said) in session.said() {
            println!("{:>9.3} s  {shell}> {:?}", session.now() as f64 / 1e3, said.text);
        }
    };
    let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| storm.play(&mut watch)));
    drop(told);
}
