//! The project's own commands. `cargo xtask` alone lists them.
//!
//! Nothing but rustup is needed to begin with: what a command needs and does not find, it installs into `target/tools`,
//! or, where it may not, says what to install.

mod bench;
mod browser;
mod page;
mod parts;
mod process;
mod project;
mod serve;
mod size;
mod test;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  serve [--port N] [--dev]   builds the page and serves it on 127.0.0.1; --dev rebuilds on every change
  build                      builds the page into dist/
  test [--only PART]…        installs what is missing and runs every test; --only runs some of the parts
  bench [--only PART]…       measures how quick the engine and the page are, natively and in a browser
  size                       what the built page weighs, as browsers load it
  learn                      finds out which functions a first visit needs, for web/first.txt

What is missing goes into target/tools. The folder that SWARMYARD_TOOLS names and PATH are looked through first.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        ["serve", options @ ..] => serve::run(options),
        ["build"] => page::run(),
        ["test", options @ ..] => test::run(options),
        ["bench", options @ ..] => bench::run(options),
        ["size"] => size::run(),
        ["learn"] => page::learn(),
        ["--help" | "-h" | "help"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
