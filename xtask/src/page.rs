//! `cargo xtask build`: the page as it is published, in `dist/`.

use std::path::PathBuf;
use std::process::Command;

use crate::tools::Tools;
use crate::{process, project};

pub(crate) fn run() -> Result<(), String> {
    build(&Tools::prepare()?)?;
    println!("The page is in {}", project::dist().display());
    Ok(())
}

/// Builds the page into `dist/`.
pub(crate) fn build(tools: &Tools) -> Result<(), String> {
    process::run(trunk(tools).args(["build", "--release"]))?;
    match &tools.wasm_opt {
        Some(wasm_opt) => wasm_files()?
            .iter()
            .try_for_each(|file| process::run(tools.command(wasm_opt).arg("-Oz").arg(file).arg("-o").arg(file))),
        None => Ok(()),
    }
}

/// Trunk, kept from the network: it would look for new versions of itself and fetch tools of its own choice.
pub(crate) fn trunk(tools: &Tools) -> Command {
    let mut trunk = tools.command("trunk");
    // Trunk takes only `true` and `false` for this variable, which others set to 1.
    trunk.env_remove("NO_COLOR").env("TRUNK_OFFLINE", "true").env("TRUNK_SKIP_VERSION_CHECK", "true");
    trunk
}

fn wasm_files() -> Result<Vec<PathBuf>, String> {
    let files = std::fs::read_dir(project::dist()).map_err(|why| format!("dist: {why}"))?;
    Ok(files.flatten().map(|file| file.path()).filter(|path| path.extension().is_some_and(|e| e == "wasm")).collect())
}
