//! `cargo xtask bench`: how quick the engine is, natively and in a browser, and the built page. It measures and prints;
//! it judges nothing, because machines are noisy. `docs/benchmarks.md` tells what came out and what it is held against.

use std::path::PathBuf;
use std::process::Command;

use crate::tools::Tools;
use crate::{browser, page, parts, process, project};

/// The native ones are files of `benches/benches/`. The longest comes last.
const NATIVE: &[&str] = &["moments", "seek", "growth", "update", "schedule"];
const IN_A_BROWSER: &str = "browser";
/// What is measured of the built page, by the example `speed` of the tests.
const PAGE: &[&str] = &["start", "frames", "memory"];

/// Seconds that one measurement may take in a browser.
const TIMEOUT: &str = "600";

/// # Errors
/// A measurement cannot be made, or there is none of that name.
pub(crate) fn run(options: &[&str]) -> Result<(), String> {
    let all: Vec<&'static str> = [IN_A_BROWSER].iter().chain(PAGE).chain(NATIVE).copied().collect();
    let asked = parts::asked("bench", options, &all)?;
    let parts = if asked.is_empty() { all } else { asked };
    if parts.iter().any(|part| PAGE.contains(part)) {
        browser::prepare()?;
        page::build(&Tools::prepare()?)?;
    }
    for part in parts {
        println!("\n── {part}");
        match part {
            IN_A_BROWSER => in_a_browser()?,
            part if PAGE.contains(&part) => of_the_page(part)?,
            part => natively(part)?,
        }
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

fn of_the_page(part: &str) -> Result<(), String> {
    let mut example = Command::new(project::cargo());
    example.args(["run", "--quiet", "--locked", "--package", "swarmyard-tests", "--example", "speed", "--", part]);
    if part == "start" {
        example.arg(compressed()?);
    }
    process::run(example.current_dir(project::root()))
}

/// A copy of the page in which each file lies compressed beside itself, as servers send it.
fn compressed() -> Result<PathBuf, String> {
    let folder = project::target().join("page-compressed");
    let why = |why: std::io::Error| format!("{}: {why}", folder.display());
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(why)?;
    }
    std::fs::create_dir_all(&folder).map_err(why)?;
    for file in std::fs::read_dir(project::dist()).map_err(why)?.flatten().filter(|file| file.path().is_file()) {
        let copy = folder.join(file.file_name());
        std::fs::copy(file.path(), &copy).map_err(why)?;
        process::run(Command::new("brotli").args(["--quality=11", "--keep"]).arg(&copy))?;
    }
    Ok(folder)
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
