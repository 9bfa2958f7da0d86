//! `swarmyard-split`: see the library. `cargo xtask build` calls it, and `cargo xtask learn`.

use std::collections::BTreeSet;
use std::process::ExitCode;

use swarmyard_split::{cut, mark};

const USAGE: &str = "swarmyard-split cut WASM NAMES FIRST REST   writes the two parts of WASM
swarmyard-split mark WASM MARKED NAMES      writes WASM with marks, and the names of the functions below the address";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["cut", wasm, names, first, rest] => cut(wasm, names, first, rest),
        ["mark", wasm, marked, names] => mark(wasm, marked, names),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn cut(wasm: &str, names: &str, first: &str, rest: &str) -> Result<(), String> {
    let names = String::from_utf8(read(names)?).map_err(|why| format!("{names}: {why}"))?;
    let names: BTreeSet<&str> = names.lines().filter(|line| !line.starts_with('#')).collect();
    let parts = cut::cut(&read(wasm)?, &names).map_err(|why| format!("{wasm}: {why}"))?;
    write(first, &parts.first)?;
    write(rest, &parts.rest)
}

fn mark(wasm: &str, marked: &str, names: &str) -> Result<(), String> {
    let made = mark::mark(&read(wasm)?).map_err(|why| format!("{wasm}: {why}"))?;
    write(marked, &made.wasm)?;
    write(names, format!("{}\n{}\n", made.address, made.names.join("\n")).as_bytes())
}

fn read(file: &str) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|why| format!("{file}: {why}"))
}

fn write(file: &str, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(file, bytes).map_err(|why| format!("{file}: {why}"))
}
