//! Shows what differs between a recording and a simulated run: the way to look at a recording that fails its test.
//!
//! `cargo run -p swarmyard-tests --example compare -- RECORDING.json [SIMULATED.json | --seed N]`: without a
//! simulated run, the simulator replays the recording now. With `--seeds COUNT` it replays it with so many seeds and
//! tells with which of them it is equal: how likely the luck of that recording is.

use std::path::Path;
use std::process::ExitCode;

use swarmyard_tests::recordings::{Recording, read};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let (recording, simulated, seed) = match words.as_slice() {
        [recording, "--seeds", count] => {
            return luck(Path::new(recording), count.parse().expect("a count is a number"));
        }
        [recording] => (recording, None, "1"),
        [recording, "--seed", seed] => (recording, None, *seed),
        [recording, simulated] => (recording, Some(read(Path::new(simulated))), "1"),
        _ => {
            eprintln!("Usage: compare RECORDING.json [SIMULATED.json | --seed N | --seeds COUNT]");
            return ExitCode::from(2);
        }
    };
    let recording = Recording::read(Path::new(recording));
    let simulated = simulated.unwrap_or_else(|| recording.replay(seed.parse().expect("a seed is a number")));
    match recording.compare(&simulated) {
        Ok(verdict) => {
            verdict.differences.iter().for_each(|difference| println!("{difference}"));
            println!("{verdict}");
            if verdict.equal() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn luck(recording: &Path, count: u64) -> ExitCode {
    let recording = Recording::read(recording);
    let equal = |seed: &u64| recording.compare(&recording.replay(*seed)).is_ok_and(|verdict| verdict.equal());
    let seeds: Vec<String> = (0..count).filter(equal).map(|seed| seed.to_string()).collect();
    println!("{}: equal with {} of {count} seeds: {}", recording.path.display(), seeds.len(), seeds.join(" "));
    if seeds.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
