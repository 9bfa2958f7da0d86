//! The tools that build the page, each at one version: found, or installed into `target/tools`.
//!
//! Not here: Chromium, which only the tests need (`browser`).

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{process, project};

/// Later ones ask for a newer rustc than this workspace does.
const TRUNK: &str = "0.21.14";
/// Debian's own is too old to read what rustc writes today.
const BINARYEN: &str = "132";
/// Sees what in a page keeps people out.
const AXE: &str = "4.14.1";
const WASM: &str = "wasm32-unknown-unknown";

/// The programs that build the page, and how to start them.
pub(crate) struct Tools {
    /// What to put in front of PATH, so that one tool finds the others.
    folders: Vec<PathBuf>,
    /// Makes the page lighter where npm could bring it; the page builds without.
    pub(crate) wasm_opt: Option<PathBuf>,
}

impl Tools {
    /// Finds every tool, and installs what is missing.
    ///
    /// # Errors
    /// Something cannot be installed here: what to install by hand.
    pub(crate) fn prepare() -> Result<Tools, String> {
        add_target()?;
        let trunk = find_or_install("trunk", TRUNK, "trunk", &["--no-default-features", "--features", "rustls"])?;
        let bindgen = find_or_install("wasm-bindgen", &project::wasm_bindgen_version()?, "wasm-bindgen-cli", &[])?;
        let folders = [trunk, bindgen].iter().filter_map(|tool| tool.parent()).map(PathBuf::from).collect();
        Ok(Tools { folders, wasm_opt: wasm_opt() })
    }

    /// A command that sees these tools first.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let folders = self.folders.iter().cloned().chain(process::path_folders());
        let path = std::env::join_paths(folders).expect("these folders were read from PATH or were found");
        let mut command = Command::new(program);
        command.env("PATH", path).current_dir(project::root());
        command
    }
}

/// rustup leaves the targets of a toolchain that is already there alone, whatever `rust-toolchain.toml` says.
fn add_target() -> Result<(), String> {
    let library = process::answer(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]));
    if library.is_some_and(|folder| PathBuf::from(folder.trim()).is_dir()) {
        return Ok(());
    }
    process::run(Command::new("rustup").args(["target", "add", WASM])).map_err(|why| {
        format!("{why}\nRust's library for {WASM} is missing. Install it: rustup target add {WASM}, or your system's package of it.")
    })
}

fn find_or_install(program: &str, version: &str, package: &str, options: &[&str]) -> Result<PathBuf, String> {
    if let Some(found) = find(program, version) {
        return Ok(found);
    }
    println!("{program} {version} is not here; building it takes one to four minutes, once.");
    let mut install = Command::new(project::cargo());
    install.args(["install", package, "--version", version, "--locked"]).args(options);
    install.arg("--root").arg(project::tools());
    // A tool that runs for a second is built quickly rather than well.
    for (setting, value) in [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("OPT_LEVEL", "0"), ("DEBUG", "0")] {
        install.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
    }
    process::run(&mut install)?;
    find(program, version).ok_or_else(|| format!("{program} {version} was installed and cannot be run"))
}

/// The program `name`, if it is somewhere in exactly this version.
fn find(name: &str, version: &str) -> Option<PathBuf> {
    folders().into_iter().map(|folder| folder.join(name)).find(|file| {
        let says = process::answer(Command::new(file).arg("--version"));
        says.is_some_and(|text| text.split_whitespace().any(|word| word == version))
    })
}

/// Where tools may be: SWARMYARD_TOOLS (for instance another checkout's `target/tools`), our own folder, PATH.
fn folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for root in roots() {
        folders.extend([root.join("bin"), root.join("node_modules/.bin"), root]);
    }
    folders.extend(process::path_folders());
    folders
}

/// The folders of tools: another's that is shared with us, and our own.
fn roots() -> impl Iterator<Item = PathBuf> {
    std::env::var_os("SWARMYARD_TOOLS").map(PathBuf::from).into_iter().chain([project::tools()])
}

fn wasm_opt() -> Option<PathBuf> {
    if let Some(found) = find("wasm-opt", BINARYEN) {
        return Some(found);
    }
    if let Err(why) = npm(&format!("binaryen@{BINARYEN}"), &project::tools()) {
        println!("{why}\nThe page is built without wasm-opt: it works the same and weighs more.");
    }
    find("wasm-opt", BINARYEN)
}

/// Brings axe-core, which the end-to-end tests look for where `tests/src/browser/axe.rs` says. Without it they leave
/// out what it would tell, and say so.
pub(crate) fn prepare_axe() {
    let file = Path::new("axe/node_modules/axe-core/package.json");
    let version = format!("\"version\": \"{AXE}\"");
    let here = |root: PathBuf| std::fs::read_to_string(root.join(file)).is_ok_and(|text| text.contains(&version));
    if roots().any(here) {
        return;
    }
    // In a folder of its own: npm clears away what it did not bring in the same call.
    if let Err(why) = npm(&format!("axe-core@{AXE}"), &project::tools().join("axe")) {
        println!("{why}\nThe page is tested without axe-core.");
    }
}

/// # Errors
/// There is no npm, or it cannot bring this.
fn npm(package: &str, folder: &Path) -> Result<(), String> {
    let npm = process::on_path("npm").ok_or("npm is not here.")?;
    let mut install = Command::new(npm);
    install.args(["install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]);
    process::run(install.arg("--prefix").arg(folder).arg(package))
}
