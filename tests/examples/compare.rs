//! Shows what differs between a recording and a simulated run: the way to look at a recording that fails its test.
//!
//! `cargo run -p swarmyard-tests --example compare -- RECORDING.json [SIMULATED.json | --seed N]`: without a
//! simulated run, the simulator replays the recording now.

use std::path::Path;
use std::process::ExitCode;

use swarmyard_tests::recordings::{Recording, read};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let (recording, simulated, seed) = match words.as_slice() {
        [recording] => (recording, None, "1"),
        [recording, "--seed", seed] => (recording, None, *seed),
        [recording, simulated] => (recording, Some(read(Path::new(simulated))), "1"),
        _ => {
            eprintln!("Usage: compare RECORDING.json [SIMULATED.json | --seed N]");
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
