//! `cargo xtask bench`: how quick the engine is, natively and in a browser. It measures and prints; it judges nothing,
//! because machines are noisy. `docs/benchmarks.md` tells what came out and what it is held against.

use std::process::Command;

use crate::tools::Tools;
use crate::{browser, parts, process, project};

/// The native ones are files of `benches/benches/`. The longest comes last.
const NATIVE: &[&str] = &["moments", "seek", "growth", "update", "schedule"];
const IN_A_BROWSER: &str = "browser";

/// Seconds that one measurement may take in a browser.
const TIMEOUT: &str = "600";

/// # Errors
/// A measurement cannot be made, or there is none of that name.
pub(crate) fn run(options: &[&str]) -> Result<(), String> {
    let all: Vec<&'static str> = [IN_A_BROWSER].iter().chain(NATIVE).copied().collect();
    let asked = parts::asked("bench", options, &all)?;
    for part in if asked.is_empty() { all } else { asked } {
        println!("\n── {part}");
        if part == IN_A_BROWSER { in_a_browser()? } else { natively(part)? }
    }
    Ok(())
}

fn natively(name: &str) -> Result<(), String> {
    let mut bench = Command::new(project::cargo());
    bench.args(["bench", "--locked", "--package", "swarmyard-benches", "--bench", name]);
    process::run(bench.current_dir(project::root()))
}

/// With the profile of the page, because that is what readers run.
fn in_a_browser() -> Result<(), String> {
    let tools = Tools::prepare()?;
    browser::prepare()?;
    let line = "test --locked --target wasm32-unknown-unknown --profile page --package swarmyard-benches --features \
                browser --test moments -- --nocapture";
    let mut test = browser::tested(&tools, line);
    test.env("WASM_BINDGEN_TEST_TIMEOUT", TIMEOUT);
    process::run(&mut test)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_benchmark_is_a_part_and_every_part_a_benchmark() {
        let files = std::fs::read_dir(project::root().join("benches/benches")).expect("the benchmarks have a folder");
        let mut files: Vec<String> =
            files.flatten().filter_map(|file| Some(file.path().file_stem()?.to_string_lossy().into_owned())).collect();
        let mut parts: Vec<&str> = NATIVE.to_vec();
        files.sort();
        parts.sort_unstable();
        assert_eq!(files, parts);
    }
}
