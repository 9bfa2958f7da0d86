//! The direction of the core's modules: one may name those of the lines above its own, never those below or beside it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use fancy_regex::Regex;

use super::source::{Source, rust_in};
use super::{Complaints, assert_tidy};

/// Lowest first. A new module of the core gets its place here and in ARCHITECTURE.md.
const LAYERS: &[&[&str]] = &[
    &["collections", "date", "decimal", "natural", "output", "rng", "subnet", "time"],
    &["id", "json", "queue"],
    &["action", "model", "scenario"],
    &["event"],
    &["store"],
    &["engine"],
    &["world"],
    &["api", "check", "snapshot", "why"],
    &["docker"],
    &["shell"],
    &["session"],
];

#[test]
fn modules_name_only_what_is_below_them() {
    assert_tidy(upward(&rust_in("core/src/")));
}

#[test]
fn each_module_has_one_place() {
    let placed: Vec<&str> = LAYERS.iter().flat_map(|layer| layer.iter().copied()).collect();
    let sources = rust_in("core/src/");
    let modules: BTreeSet<&str> = sources.iter().filter_map(|source| module_of(&source.path)).collect();
    assert_eq!(placed.iter().copied().collect::<BTreeSet<_>>(), modules, "LAYERS does not name the core's modules");
    assert_eq!(placed.len(), modules.len(), "LAYERS names a module twice");
}

#[test]
fn naming_a_higher_module_is_seen() {
    for (path, line, bad) in [
        ("core/src/store.rs", "use crate::engine::Engine;", true),
        ("core/src/engine/updater.rs", "use crate::world::World;", true),
        ("core/src/docker/service/ls.rs", "    crate::snapshot::Snapshot::default()", false),
        ("core/src/snapshot/mod.rs", "use crate::{api::Api, time::Ms};", true),
        ("core/src/snapshot/mod.rs", "use crate::{model::{Task, Node}, session::Session};", true),
        ("core/src/api/mod.rs", "use crate::world::World;", false),
        ("core/src/api/mod.rs", "// the words of crate::docker", false),
        ("core/src/lib.rs", "pub use crate::session::Session;", false),
    ] {
        assert_eq!(!upward(&[Source::new(path, line)]).is_empty(), bad, "{path}: {line}");
    }
}

fn upward(sources: &[Source]) -> Complaints {
    let mut complaints = Complaints::new();
    for source in sources {
        let Some(module) = module_of(&source.path) else { continue };
        for (line, code) in source.code() {
            for named in named_in(code) {
                if named != module && rank(&named) >= rank(module) {
                    complaints.push(format!("{}: `{module}` names `{named}`, which is not below it", source.at(line)));
                }
            }
        }
    }
    complaints
}

/// The core's module that a file belongs to; `None` for lib.rs, which is above all.
fn module_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("core/src/")?;
    let module = inside.split('/').next()?.trim_end_matches(".rs");
    (module != "lib").then_some(module)
}

/// The modules of the core that a line of code names: `crate::model`, `crate::{date, json::Value}`.
fn named_in(code: &str) -> Vec<String> {
    static ONE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bcrate::(\w+)").expect("a constant"));
    static SEVERAL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bcrate::\{(.*)\}").expect("a constant"));
    static NESTED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"::\{[^}]*\}").expect("a constant"));
    let mut named: Vec<String> = ONE.captures_iter(code).flatten().map(|found| found[1].to_owned()).collect();
    if let Ok(Some(list)) = SEVERAL.captures(code) {
        let list = NESTED.replace_all(&list[1], "").into_owned();
        named.extend(list.split(',').filter_map(|path| Some(path.trim().split("::").next()?.to_owned())));
    }
    named
}

/// How high a module is; what is no module of the core (a macro, an item of lib.rs) is below all.
fn rank(module: &str) -> usize {
    LAYERS.iter().position(|layer| layer.contains(&module)).map_or(0, |place| place + 1)
}
