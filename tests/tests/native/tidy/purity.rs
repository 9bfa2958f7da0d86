//! What keeps a session the same everywhere and every time: what the core may not use, and who may write the store.

use std::sync::LazyLock;

use fancy_regex::Regex;

use super::source::{Source, files, root, rust_in};
use super::{Complaints, assert_tidy};

/// What the core does without, and why.
const BANNED: &[(&str, &str)] = &[
    (r"\bHash(Map|Set)\b", "its order is random; take a BTreeMap or BTreeSet"),
    (r"\b(Instant|SystemTime)\b|\bstd::time\b", "time is virtual; take `now`"),
    (r"\bstd::env\b", "the environment is not part of a session"),
    (r"\bstd::fs\b", "files are the caller's; they come in as inputs"),
    (r"\bstd::(io|process|thread)\b", "the core does no I/O and starts nothing"),
    (r"\b(Tcp|Udp)(Stream|Listener|Socket)\b", "the core has no network; std::net is for addresses only"),
    (r"\b(print|println|eprint|eprintln)!", "text goes into `Output`"),
    (r"\b(Ref)?Cell\b", "a checkpoint is a clone; a clone would share this"),
    (r"\b(Box|Rc|Arc)<dyn\b.*\b(Fn|FnMut|FnOnce|Future)\b", "state must be data, so that it can be cloned"),
];

/// The only file of the engine's side that computes with floats: Swarm compares the failure ratio so.
const FLOATS: &str = "core/src/engine/updater.rs";

/// Functions of the store that take `&mut self` and change no object: they keep the record of what happened.
const RECORDING: &[&str] = &["note"];

#[test]
fn the_core_is_pure() {
    assert_tidy(impure(&rust_in("core/src/")));
}

#[test]
fn only_the_failure_ratio_is_a_float() {
    assert_tidy(floats(&rust_in("core/src/")));
}

#[test]
fn only_api_and_engine_write_the_store() {
    assert_tidy(writers(&rust_in("core/src/")));
}

#[test]
fn the_core_depends_on_serde_alone() {
    let manifest = files(&["core/Cargo.toml"]).remove(0);
    assert_eq!(dependencies(&manifest.text), ["serde"], "readers of the page pay for every crate");
}

#[test]
fn clippy_bans_the_same_types() {
    let config = std::fs::read_to_string(root().join("core/clippy.toml")).expect("core/clippy.toml is there");
    for banned in ["HashMap", "HashSet", "Instant::now", "SystemTime::now"] {
        assert!(config.contains(banned), "core/clippy.toml does not ban {banned}");
    }
}

#[test]
fn each_impurity_is_seen() {
    for line in [
        "use std::collections::{BTreeMap, HashMap};",
        "let seen: HashSet<u8> = HashSet::new();",
        "let now = Instant::now();",
        "use std::time::Duration;",
        "let home = std::env::var(\"HOME\");",
        "use std::fs;",
        "use std::io::Write;",
        "std::thread::sleep(delay);",
        "use std::net::TcpStream;",
        "println!(\"{row}\");",
        "world: Rc<RefCell<World>>,",
        "then: Box<dyn FnOnce(&mut World)>,",
    ] {
        assert_eq!(impure(&[Source::new("core/src/world.rs", line)]).len(), 1, "{line}");
    }
    for line in ["use std::collections::BTreeMap;", "// no HashMap here", "InstantPoodle", "use std::net::IpAddr;"] {
        assert!(impure(&[Source::new("core/src/world.rs", line)]).is_empty(), "{line}");
    }
}

#[test]
fn floats_and_foreign_writes_are_seen() {
    let ratio = |path| floats(&[Source::new(path, "let ratio = failures as f32 / dirty as f32;")]).len();
    assert_eq!(ratio("core/src/engine/scheduler/mod.rs"), 1);
    assert_eq!((ratio(FLOATS), ratio("core/src/docker/units.rs")), (0, 0));

    let store = Source::new(
        "core/src/store.rs",
        "    pub(crate) fn update_task(&mut self, id: TaskId) {}\n    pub fn task(&self) {}",
    );
    let one = |path, text| writers(&[Source::new("core/src/store.rs", &store.text), Source::new(path, text)]).len();
    assert_eq!(one("core/src/docker/service/rm.rs", "world.store.update_task(id);"), 1);
    assert_eq!(one("core/src/world.rs", "self\n    .store\n    .update_task(id);"), 1);
    assert_eq!(one("core/src/world.rs", "self.store.task(id);"), 0);
    assert_eq!(one("core/src/docker/service/rm.rs", "api.update_task(id);"), 0);
    assert_eq!(one("core/src/api/services.rs", "ctx.store.update_task(id);"), 0);
    assert_eq!(one("core/src/engine/agent/mod.rs", "ctx.store.update_task(id);"), 0);
    assert_eq!(
        dependencies("[dependencies]\nserde = 1\nrand = \"2\"\n\n[dev-dependencies]\nx = 1\n"),
        ["serde", "rand"]
    );
}

fn impure(sources: &[Source]) -> Complaints {
    static PATTERNS: LazyLock<Vec<(Regex, &str)>> =
        LazyLock::new(|| BANNED.iter().map(|(regex, why)| (Regex::new(regex).expect("a constant"), *why)).collect());
    let mut complaints = Complaints::new();
    for source in sources {
        for (line, code) in source.code() {
            let found = PATTERNS.iter().find(|(pattern, _)| pattern.is_match(code).expect("short lines"));
            complaints.extend(found.map(|(_, why)| format!("{}: {}: {why}", source.at(line), code.trim())));
        }
    }
    complaints
}

fn floats(sources: &[Source]) -> Complaints {
    static FLOAT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bf(32|64)\b").expect("a constant"));
    const DECIDING: &[&str] = &["engine", "queue", "rng", "store", "time", "world"];
    let deciding = |path: &str| DECIDING.iter().any(|module| path.starts_with(&format!("core/src/{module}")));
    let mut complaints = Complaints::new();
    for source in sources.iter().filter(|source| deciding(&source.path) && source.path != FLOATS) {
        let found = source.code().filter(|(_, code)| FLOAT.is_match(code).expect("short lines"));
        complaints.extend(found.map(|(line, _)| format!("{}: only {FLOATS} computes with floats", source.at(line))));
    }
    complaints
}

/// Calls of the store's writing functions (those that take `&mut self`) outside of `api` and `engine`.
fn writers(sources: &[Source]) -> Complaints {
    static WRITING: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"pub\(crate\) fn (\w+)\(\s*&mut self").expect("a constant"));
    let store = sources.iter().filter(|source| source.path.starts_with("core/src/store"));
    let names: Vec<String> = store
        .flat_map(|source| WRITING.captures_iter(source.text.as_str()).flatten().map(|found| found[1].to_owned()))
        .collect();
    let names: Vec<_> = names.into_iter().filter(|name| !RECORDING.contains(&name.as_str())).collect();
    assert!(!names.is_empty(), "the store has functions that write");
    let call = Regex::new(&format!(r"\bstore\s*\.\s*({})\(", names.join("|"))).expect("names of functions");
    let may =
        |path: &str| ["api", "engine", "store"].iter().any(|module| path.starts_with(&format!("core/src/{module}")));
    let mut complaints = Complaints::new();
    for source in sources.iter().filter(|source| !may(&source.path)) {
        let code: String = source.code().map(|(_, code)| format!("{code}\n")).collect();
        for found in call.find_iter(&code).flatten() {
            let line = code[..found.end()].lines().count();
            complaints.push(format!("{}: only `api` and `engine` write the store", source.at(line)));
        }
    }
    complaints
}

/// The names below `[dependencies]` of a manifest.
fn dependencies(manifest: &str) -> Vec<&str> {
    let section = manifest.split("\n[").find(|section| section.trim_start_matches('[').starts_with("dependencies]"));
    let lines = section.into_iter().flat_map(|section| section.lines().skip(1));
    lines.filter_map(|line| Some(line.split_once('=')?.0.trim()).filter(|name| !name.starts_with('#'))).collect()
}
