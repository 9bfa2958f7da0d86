//! swarmyard: the simulated swarm in a terminal. Reads arguments, files and keys; the rest is the library's.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use swarmyard::replay::{Recording, SEED, Setting, replay};
use swarmyard_core::scenario::Scenario;

const USAGE: &str = "\
Usage:  swarmyard COMMAND

Commands:
  run SCRIPT               type a script's lines, print a transcript
  repl                     the shell in this terminal, in real time
  replay RECORDING.json    run the steps of a recording, print JSON of its shape

Options:
      --seed N    whatever is drawn is drawn from this number (default 1; of replay 40)
  -h, --help      print this

A script has these lines; all others are what an earlier run printed, and are replaced:
  # WORDS                 for the reader
  $ COMMAND               typed at the manager's prompt; the script goes on when the prompt is free again
  node1$ COMMAND          typed at another machine's
  > MORE                  what is typed goes on
  @ advance 5s            let time pass
  @ power-off node2       let something happen; `help world` in the shell lists what can
  @ after 3s ACTION       below a typed line: let it happen while that runs; `ctrl-c` is one, too
";

fn main() -> ExitCode {
    match run(&mut lexopt::Parser::from_env()) {
        Ok(text) => {
            // Whoever reads may stop early, as `head` does: that is no failure of ours.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(Stop::Usage(why)) => {
            eprint!("swarmyard: {why}\n\n{USAGE}");
            ExitCode::from(2)
        }
        Err(Stop::Author(why)) => {
            eprintln!("swarmyard: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Why nothing was done.
enum Stop {
    /// The command line is wrong.
    Usage(String),
    /// A file is.
    Author(String),
}

impl From<lexopt::Error> for Stop {
    fn from(error: lexopt::Error) -> Stop {
        Stop::Usage(error.to_string())
    }
}

/// What the command line asks for; returns what to print.
fn run(args: &mut lexopt::Parser) -> Result<String, Stop> {
    use lexopt::prelude::*;
    let (mut seed, mut words) = (None, Vec::new());
    while let Some(arg) = args.next()? {
        match arg {
            Long("seed") => seed = Some(args.value()?.parse()?),
            Long("help") | Short('h') => return Ok(USAGE.to_owned()),
            Value(word) => words.push(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["run", path] => run_script(Path::new(path), seed.unwrap_or(1)),
        ["replay", path] => replay_file(Path::new(path), seed.unwrap_or(SEED)),
        [] => Err(Stop::Usage("no command".to_owned())),
        ["repl"] => match swarmyard::repl::repl(&Scenario::lab(), seed.unwrap_or(1)) {
            Ok(()) => Ok(String::new()),
            Err(why) => Err(Stop::Author(why.to_string())),
        },
        ["run" | "replay", rest @ ..] => Err(Stop::Usage(format!("one file, not {}", rest.len()))),
        [command, ..] => Err(Stop::Usage(format!("'{command}' is no command"))),
    }
}

fn run_script(path: &Path, seed: u64) -> Result<String, Stop> {
    let transcript = swarmyard::run::run(&read(path)?, &Scenario::lab(), seed);
    transcript.map_err(|why| Stop::Author(format!("{}:{why}", path.display())))
}

fn replay_file(path: &Path, seed: u64) -> Result<String, Stop> {
    let recording: Recording = parse(path)?;
    let setting = Setting { seed, files: files_beside(path)?, watched_until: watched_until(path) };
    Ok(format!("{}\n", replay(&recording, &setting)))
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Stop> {
    let text = read(path)?;
    serde_json::from_str(&text).map_err(|why| {
        Stop::Author(format!(
            "{}:{}: not a recording: {why}; its shape is in the README of recordings",
            path.display(),
            why.line()
        ))
    })
}

fn read(path: &Path) -> Result<String, Stop> {
    std::fs::read_to_string(path).map_err(|why| Stop::Author(format!("{}: {why}", path.display())))
}

/// The folder `files` beside a recording: what lies in the home directories.
fn files_beside(path: &Path) -> Result<Vec<(String, String)>, Stop> {
    let Ok(folder) = std::fs::read_dir(path.with_file_name("files")) else { return Ok(Vec::new()) };
    let mut paths: Vec<_> = folder.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    paths.iter().filter(|path| path.is_file()).map(|path| Ok((name(path), read(path)?))).collect()
}

/// When the last change was seen according to the timeline beside a recording: so long did its recorder look.
fn watched_until(path: &Path) -> Option<f64> {
    let timeline: serde_json::Value = parse(&path.with_extension("timeline.json")).ok()?;
    timeline["changes"].as_array()?.last()?["t"].as_f64()
}
