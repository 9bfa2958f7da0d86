//! `cargo xtask test`: everything that must hold before a change is given to others, in parts.
//!
//! All parts run, so that one call says everything that is wrong; those that need a failed one are left out. The end
//! names what failed.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::tools::Tools;
use crate::{browser, page, parts, process, project, size};

/// In the order of their running: what is quick or likely to fail comes first.
const PARTS: &[Part] = &[
    Part { name: "fmt", needs: &[], run: format },
    Part { name: "tools", needs: &[], run: install_tools },
    Part { name: "packages", needs: &[], run: |_| browser::prepare() },
    Part {
        name: "clippy",
        needs: &[],
        run: |_| cargo("clippy --locked --workspace --all-targets --all-features -- -D warnings"),
    },
    Part { name: "clippy-wasm", needs: &["tools"], run: clippy_wasm },
    Part { name: "native", needs: &[], run: |_| cargo("test --locked --workspace --lib --bins --tests") },
    Part { name: "doc", needs: &[], run: |_| cargo("test --locked --workspace --doc") },
    Part { name: "browser", needs: &["tools", "packages"], run: in_a_browser },
    Part { name: "page", needs: &["tools"], run: |context| page::build(context.tools()) },
    Part { name: "size", needs: &["tools", "page", "packages"], run: weigh },
    Part {
        name: "e2e",
        needs: &["page", "packages"],
        run: |_| cargo("test --locked --package swarmyard-tests --features e2e --test e2e"),
    },
];

/// Parts that only bring what others need: they run before those even when they were not asked for.
const SET_UP: &[&str] = &["tools", "packages"];

struct Part {
    name: &'static str,
    /// The parts without whose success this one makes no sense.
    needs: &'static [&'static str],
    run: fn(&mut Context) -> Result<(), String>,
}

/// What earlier parts leave for later ones.
#[derive(Default)]
struct Context {
    tools: Option<Tools>,
}

impl Context {
    fn tools(&self) -> &Tools {
        self.tools.as_ref().expect("a part that uses the tools needs the part `tools`")
    }
}

/// How a part ended.
#[derive(Debug, PartialEq)]
enum End {
    Passed,
    Failed(String),
    /// It needs this part, which has not passed.
    LeftOut(&'static str),
}

pub(crate) fn run(options: &[&str]) -> Result<(), String> {
    let only = selected(options)?;
    let begun = Instant::now();
    let ends = run_parts(PARTS, &only);
    println!("\n── all parts, {:.0} s", begun.elapsed().as_secs_f32());
    for (name, end, time) in &ends {
        let word = match end {
            End::Passed => "ok".to_owned(),
            End::Failed(why) => format!("FAILED: {}", why.lines().next().unwrap_or_default()),
            End::LeftOut(needed) => format!("left out: {needed} has not passed"),
        };
        println!("{name:<12} {:>5.1} s  {word}", time.as_secs_f32());
    }
    let failed: Vec<_> = ends.iter().filter(|(_, end, _)| *end != End::Passed).map(|(name, ..)| *name).collect();
    if failed.is_empty() { Ok(()) } else { Err(format!("Not passed: {}", failed.join(", "))) }
}

/// The parts that `--only` names, with the set-up that they need; without it, all.
fn selected(options: &[&str]) -> Result<Vec<&'static str>, String> {
    let all: Vec<&'static str> = PARTS.iter().map(|part| part.name).collect();
    let asked = parts::asked("test", options, &all)?;
    let chosen = |part: &&Part| {
        let needed = PARTS.iter().any(|other| asked.contains(&other.name) && other.needs.contains(&part.name));
        asked.is_empty() || asked.contains(&part.name) || (needed && SET_UP.contains(&part.name))
    };
    Ok(PARTS.iter().filter(chosen).map(|part| part.name).collect())
}

fn run_parts(parts: &'static [Part], only: &[&str]) -> Vec<(&'static str, End, Duration)> {
    let mut context = Context::default();
    let mut ends: Vec<(&str, End, Duration)> = Vec::new();
    for part in parts.iter().filter(|part| only.contains(&part.name)) {
        let begun = Instant::now();
        let not_passed = |name: &str| ends.iter().any(|(other, end, _)| *other == name && *end != End::Passed);
        let end = match part.needs.iter().find(|name| not_passed(name)) {
            Some(needed) => End::LeftOut(needed),
            None => {
                println!("\n── {}", part.name);
                match (part.run)(&mut context) {
                    Ok(()) => End::Passed,
                    Err(why) => {
                        println!("{why}");
                        End::Failed(why)
                    }
                }
            }
        };
        println!("── {}: {:.1} s", part.name, begun.elapsed().as_secs_f32());
        ends.push((part.name, end, begun.elapsed()));
    }
    ends
}

fn cargo(line: &str) -> Result<(), String> {
    process::run(Command::new(project::cargo()).args(line.split(' ')).current_dir(project::root()))
}

fn format(_: &mut Context) -> Result<(), String> {
    cargo("fmt --all --check")?;
    // What a macro names is out of cargo's sight.
    let mut files = Vec::new();
    let mut folders = vec![project::root().join("core/src/docker")];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    process::run(Command::new("rustfmt").arg("--check").args(files).current_dir(project::root()))
}

fn install_tools(context: &mut Context) -> Result<(), String> {
    context.tools = Some(Tools::prepare()?);
    Ok(())
}

/// The budget is for the page as it is published; without wasm-opt it is only shown what the page weighs.
fn weigh(context: &mut Context) -> Result<(), String> {
    if context.tools().wasm_opt.is_some() { size::run() } else { size::weigh().map(drop) }
}

/// What is compiled for the browser only, or otherwise there.
fn clippy_wasm(_: &mut Context) -> Result<(), String> {
    cargo(
        "clippy --locked --target wasm32-unknown-unknown --package swarmyard-web --package swarmyard-tests --package \
         swarmyard-benches --features swarmyard-benches/browser --lib --bins --test browser --test moments -- -D warnings",
    )
}

fn in_a_browser(context: &mut Context) -> Result<(), String> {
    let line = "test --locked --target wasm32-unknown-unknown --package swarmyard-tests --test browser";
    process::run(&mut browser::tested(context.tools(), line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_needs_only_parts_before_it() {
        for (place, part) in PARTS.iter().enumerate() {
            for needed in part.needs {
                assert!(PARTS[..place].iter().any(|p| p.name == *needed), "{} needs {needed}", part.name);
            }
        }
    }

    #[test]
    fn only_brings_the_set_up_along_and_nothing_else() {
        assert_eq!(selected(&["--only", "fmt"]), Ok(vec!["fmt"]));
        assert_eq!(selected(&["--only", "e2e"]), Ok(vec!["packages", "e2e"]));
        assert_eq!(selected(&["--only", "page", "--only", "clippy"]), Ok(vec!["tools", "clippy", "page"]));
        assert_eq!(selected(&[]).map(|parts| parts.len()), Ok(PARTS.len()));
        assert!(selected(&["--only", "everything"]).is_err_and(|why| why.contains("e2e")));
        assert!(selected(&["--only"]).is_err());
    }

    #[test]
    fn a_failed_part_fails_those_that_need_it_and_lets_the_others_run() {
        const SOME: &[Part] = &[
            Part { name: "good", needs: &[], run: |_| Ok(()) },
            Part { name: "bad", needs: &[], run: |_| Err("why\nmore".to_owned()) },
            Part { name: "above", needs: &["good", "bad"], run: |_| Ok(()) },
            Part { name: "apart", needs: &["good"], run: |_| Ok(()) },
        ];
        let ends = run_parts(SOME, &["good", "bad", "above", "apart"]);
        let ends: Vec<_> = ends.into_iter().map(|(name, end, _)| (name, end)).collect();
        assert_eq!(
            ends,
            [
                ("good", End::Passed),
                ("bad", End::Failed("why\nmore".to_owned())),
                ("above", End::LeftOut("bad")),
                ("apart", End::Passed)
            ]
        );
    }
}
