//! Plays many storms side by side, and makes those that fail small.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use swarmyard_core::session::Session;

use super::{Failure, Storm, Weather};

/// What came of many storms.
#[derive(Debug, Default)]
pub struct Hunt {
    pub storms: u64,
    pub weather: Weather,
    /// By seed.
    pub failures: Vec<(u64, Failure)>,
}

/// The name that a panic of the engine goes by where invariants have theirs.
pub const PANIC: &str = "no-panic";

/// Plays the storms of `seeds`, one thread for each processor. After `most` failures no more are begun.
pub fn hunt(seeds: Range<u64>, most: usize) -> Hunt {
    let next = AtomicU64::new(seeds.start);
    let found = Mutex::new(Hunt::default());
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= seeds.end || found.lock().expect("no thread panics").failures.len() >= most {
            return;
        }
        let played = play(&Storm::of(seed));
        let mut found = found.lock().expect("no thread panics");
        found.storms += 1;
        match played {
            Ok(weather) => {
                found.weather.steps += weather.steps;
                found.weather.events += weather.events;
                found.weather.tasks_made += weather.tasks_made;
            }
            Err(failure) => found.failures.push((seed, failure)),
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let mut found = found.into_inner().expect("no thread panics");
    found.failures.sort_by_key(|(seed, _)| *seed);
    found
}

/// Plays a storm; a panic is a failure like others.
///
/// # Errors
/// What was found first.
pub fn play(storm: &Storm) -> Result<Weather, Failure> {
    let mut now = 0;
    let mut watch = |session: &Session| now = session.now();
    let played = catch_unwind(AssertUnwindSafe(|| storm.play(&mut watch)));
    played.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
        Err(Failure { at: now, invariant: PANIC, broken: vec![format!("after {now} ms: {text}")] })
    })
}

/// The storm with fewer inputs, of which none can be left out without the failure going away, or nearly so.
pub fn shrink(storm: &Storm, failure: &Failure) -> Storm {
    let still = |smaller: &Storm| play(smaller).is_err_and(|other| other.invariant == failure.invariant);
    let mut least = storm.clone();
    least.until = failure.at;
    least.journal.retain(|entry| entry.at <= failure.at);
    if !still(&least) {
        return storm.clone();
    }
    let mut chunk = least.journal.len() / 2;
    while chunk > 0 {
        let mut at = 0;
        while at < least.journal.len() {
            let mut smaller = least.clone();
            smaller.journal.drain(at..(at + chunk).min(least.journal.len()));
            if still(&smaller) {
                least = smaller;
            } else {
                at += chunk;
            }
        }
        chunk /= 2;
    }
    least
}

/// How a person sees a failure again.
pub fn command(seed: u64) -> String {
    format!("cargo run -p swarmyard-tests --example storm -- --seed {seed}")
}
