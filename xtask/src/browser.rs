//! What tests and measurements need of the system: Chromium with its driver, and brotli to weigh the page. Besides,
//! where there is npm, axe-core.

use std::path::Path;
use std::process::Command;

use crate::tools::{Tools, prepare_axe};
use crate::{process, project};

/// The programs that must be on PATH, and Debian's packages of them.
const PROGRAMS: &[(&str, &str)] = &[("chromedriver", "chromium chromium-driver"), ("brotli", "brotli")];

/// Looks for the programs, and installs what is missing where that is allowed.
///
/// # Errors
/// Something is missing and may not be installed here: what to install.
pub(crate) fn prepare() -> Result<(), String> {
    prepare_axe();
    let missing: Vec<_> = PROGRAMS.iter().filter(|(program, _)| process::on_path(program).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|(_, packages)| packages.split(' ')).collect();
    if !Path::new("/etc/debian_version").exists() {
        let programs: Vec<&str> = missing.iter().map(|(program, _)| *program).collect();
        return Err(format!(
            "Not found on PATH: {}. Install them with your system's package manager: the tests need Chromium (or \
             Chrome) with the chromedriver of the same version, and the program brotli.",
            programs.join(", ")
        ));
    }
    let install = format!("apt-get install --yes --no-install-recommends {}", packages.join(" "));
    if process::answer(Command::new("id").arg("-u")).is_none_or(|id| id.trim() != "0") {
        return Err(format!("Only root may install packages. Run: sudo apt-get update && sudo {install}"));
    }
    process::run(&mut apt("apt-get update"))?;
    process::run(&mut apt(&install))
}

/// A call of cargo that runs tests in a browser: `line` is what follows `cargo`.
pub(crate) fn tested(tools: &Tools, line: &str) -> Command {
    let mut test = tools.command(project::cargo());
    test.args(line.split_whitespace()).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    // Otherwise the runner takes the first driver it finds, of whatever browser.
    test.env("CHROMEDRIVER", process::on_path("chromedriver").unwrap_or_default());
    test.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", project::root().join("tests/webdriver.json"));
    test
}

fn apt(line: &str) -> Command {
    let mut words = line.split(' ');
    let mut command = Command::new(words.next().expect("a line has a first word"));
    command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
    command
}
