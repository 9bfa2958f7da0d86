//! `cargo xtask size`: what the built page weighs, brotli-compressed as servers send it, held against a budget.
//!
//! The compression is left to Debian's `brotli`: std has none, and a crate would make every first `cargo xtask` wait.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::page::REST;
use crate::project;

/// All that a first visit waits for, in bytes: what comes after the first picture is named and not counted.
const BUDGET: usize = 200_000;

/// # Errors
/// There is no built page; it is heavier than the budget.
pub(crate) fn run() -> Result<(), String> {
    crate::browser::prepare()?;
    let total = weigh()?;
    if total <= BUDGET { Ok(()) } else { Err(format!("The page is {} bytes too heavy", total - BUDGET)) }
}

/// Prints the weight of each file of `dist/`, and returns the sum.
///
/// # Errors
/// There is no built page.
pub(crate) fn weigh() -> Result<usize, String> {
    let dist = project::dist();
    let files = std::fs::read_dir(&dist).map_err(|_| "There is no built page. Run: cargo xtask build".to_owned())?;
    let mut weights = Vec::new();
    for file in files.flatten().filter(|file| file.path().is_file()) {
        let name = file.file_name().to_string_lossy().into_owned();
        let plain = file.metadata().map_err(|why| format!("{name}: {why}"))?.len();
        weights.push((compressed(&file.path())?, plain, name));
    }
    weights.sort();
    let line = |(weight, plain, name): &(usize, u64, String)| println!("{weight:>9} bytes ({plain:>9} plain)  {name}");
    let (rest, first): (Vec<_>, Vec<_>) = weights.into_iter().partition(|(.., name)| name.ends_with(REST));
    first.iter().for_each(line);
    let total = first.iter().map(|(weight, ..)| weight).sum();
    println!("{total:>9} bytes of {BUDGET} before the first picture. Fetched when that is shown:");
    rest.iter().for_each(line);
    Ok(total)
}

fn compressed(path: &Path) -> Result<usize, String> {
    let mut brotli = Command::new("brotli");
    brotli.args(["--stdout", "--quality=11"]).arg(path).stdin(Stdio::null());
    let output = brotli.output().map_err(|why| format!("brotli: {why}"))?;
    if output.status.success() { Ok(output.stdout.len()) } else { Err(format!("brotli: {}", output.status)) }
}
