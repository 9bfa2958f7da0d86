//! Shows what differs between a recording and a simulated run, the answer to a recording that fails its test.
//!
//! `cargo run -p swarmyard-tests --example compare -- RECORDING.json SIMULATED.json`

use std::path::Path;
use std::process::ExitCode;

use swarmyard_tests::compare::compare;
use swarmyard_tests::recordings::{Recording, read};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (recording, simulated) = match args.as_slice() {
        [recording, simulated] => (Recording::read(Path::new(recording)), read(Path::new(simulated))),
        _ => {
            eprintln!("Usage: compare RECORDING.json SIMULATED.json");
            return ExitCode::from(2);
        }
    };
    match compare(&recording.run, &simulated, recording.timeline.as_ref()) {
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
