//! `cargo xtask build`: the page as it is published, in `dist/`.
//!
//! Trunk puts it together; wasm-opt makes it lighter, where there is one; `split/` cuts it into what a first visit
//! waits for and the rest. `cargo xtask learn` finds out what belongs to which.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tools::Tools;
use crate::{browser, process, project};

/// What the page needs first: names of functions, one a line.
const FIRST: &str = "web/first.txt";
/// What fetches the rest.
const LOADER: &str = "web/rest.js";

pub(crate) fn run() -> Result<(), String> {
    build(&Tools::prepare()?)?;
    println!("The page is in {}", project::dist().display());
    Ok(())
}

/// Builds the page into `dist/`.
pub(crate) fn build(tools: &Tools) -> Result<(), String> {
    let wasm = build_whole(tools)?;
    let name = wasm.file_name().unwrap_or_default().to_string_lossy().replace("_bg.wasm", REST);
    let rest = project::dist().join(&name);
    process::run(split(tools).arg("cut").arg(&wasm).arg(FIRST).arg(&wasm).arg(rest))?;
    load_rest(&name)
}

/// How the name of the file ends that is fetched after the first picture.
pub(crate) const REST: &str = "_rest.wasm";

/// `cargo xtask learn`: opens the page with marks in a browser, and writes down which functions it needed.
pub(crate) fn learn() -> Result<(), String> {
    let tools = Tools::prepare()?;
    browser::prepare()?;
    let wasm = build_whole(&tools)?;
    let names = project::target().join("names.txt");
    process::run(split(&tools).arg("mark").arg(&wasm).arg(&wasm).arg(&names))?;
    let example = ["run", "--quiet", "--locked", "--package", "swarmyard-tests", "--example", "first", "--"];
    process::run(tools.command(project::cargo()).args(example).arg(&names).arg(FIRST))?;
    // What has marks is not to be found where a page is looked for.
    build(&tools)
}

/// The page in one piece, its functions still with their names: where its WebAssembly is.
fn build_whole(tools: &Tools) -> Result<PathBuf, String> {
    process::run(trunk(tools).args(["build", "--release"]))?;
    let files = std::fs::read_dir(project::dist()).map_err(|why| format!("dist: {why}"))?;
    let mut files = files.flatten().map(|file| file.path());
    let wasm = files.find(|path| path.to_string_lossy().ends_with("_bg.wasm"));
    let wasm = wasm.ok_or("trunk has left no WebAssembly in dist")?;
    lighten_glue(&wasm)?;
    if let Some(wasm_opt) = &tools.wasm_opt {
        // Names are for the cut, and so are data that stay as the linker has laid them, and functions that are not put
        // into the only one that calls them: of that, the first picture may need the smaller part.
        let options = ["-Oz", "--debuginfo", "--skip-pass=memory-packing", "--one-caller-inline-max-function-size=60"];
        process::run(tools.command(wasm_opt).args(options).arg(&wasm).arg("-o").arg(&wasm))?;
    }
    Ok(wasm)
}

/// Puts the loader into the page, with the name of the file that it loads.
fn load_rest(name: &str) -> Result<(), String> {
    let loader = read(&project::root().join(LOADER))?.replace("REST", name);
    let index = project::dist().join("index.html");
    let html = read(&index)?;
    let (head, body) = html.split_once("</head>").ok_or("dist/index.html has no head")?;
    write(&index, &format!("{head}<script>{}</script></head>{body}", lean(&loader)))
}

/// Makes wasm-bindgen's glue lighter. Trunk's own minifier does not know all that is in it.
fn lighten_glue(wasm: &Path) -> Result<(), String> {
    let name = wasm.file_name().unwrap_or_default().to_string_lossy().replace("_bg.wasm", ".js");
    let glue = wasm.with_file_name(name);
    write(&glue, &lean(&read(&glue)?))
}

/// A script without what only people read: the beginnings and ends of lines, lines that are comments or empty.
fn lean(script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|why| format!("{}: {why}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    std::fs::write(file, text).map_err(|why| format!("{}: {why}", file.display()))
}

fn split(tools: &Tools) -> Command {
    let mut split = tools.command(project::cargo());
    split.args(["run", "--quiet", "--locked", "--package", "swarmyard-split", "--"]);
    split
}

/// Trunk, kept from the network: it would look for new versions of itself and fetch tools of its own choice.
pub(crate) fn trunk(tools: &Tools) -> Command {
    let mut trunk = tools.command("trunk");
    // Trunk takes only `true` and `false` for this variable, which others set to 1.
    trunk.env_remove("NO_COLOR").env("TRUNK_OFFLINE", "true").env("TRUNK_SKIP_VERSION_CHECK", "true");
    trunk
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_people_read_is_left_out_of_a_script() {
        let script = "// A comment.\n\nfunction f() {\n    return '// stays';\n}\n";
        assert_eq!(lean(script), "function f() {\nreturn '// stays';\n}");
    }
}
