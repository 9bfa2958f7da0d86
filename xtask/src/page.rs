//! `cargo xtask build`: the page as it is published, in `dist/`.
//!
//! Trunk puts it together; wasm-opt makes it lighter, where there is one; `split/` cuts it into what a first visit
//! waits for and the rest. `cargo xtask learn` finds out what belongs to which.

use std::path::PathBuf;
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
    if let Some(wasm_opt) = &tools.wasm_opt {
        // Names are for the cut, and so is data that stays as the linker has laid it.
        let options = ["-Oz", "--debuginfo", "--skip-pass=memory-packing"];
        process::run(tools.command(wasm_opt).args(options).arg(&wasm).arg("-o").arg(&wasm))?;
    }
    Ok(wasm)
}

/// Puts the loader into the page, with the name of the file that it loads and without its comments.
fn load_rest(name: &str) -> Result<(), String> {
    let read = |file: PathBuf| std::fs::read_to_string(&file).map_err(|why| format!("{}: {why}", file.display()));
    let loader = read(project::root().join(LOADER))?.replace("REST", name);
    let loader: Vec<&str> = loader.lines().map(str::trim).filter(|line| !line.starts_with("//")).collect();
    let index = project::dist().join("index.html");
    let html = read(index.clone())?;
    let (head, body) = html.split_once("</head>").ok_or("dist/index.html has no head")?;
    let html = format!("{head}<script>{}</script></head>{body}", loader.join("\n"));
    std::fs::write(index, html).map_err(|why| format!("dist/index.html: {why}"))
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
