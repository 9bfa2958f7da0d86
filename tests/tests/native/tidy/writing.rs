//! What people read: every file says what it is, and the documents name what exists.

use std::sync::LazyLock;

use fancy_regex::Regex;

use super::source::{Source, files, root, rust_in};
use super::{Complaints, assert_tidy};

#[test]
fn every_module_says_what_it_is() {
    let sources: Vec<Source> =
        ["core/", "cli/", "web/", "tests/", "xtask/", "fuzz/"].iter().flat_map(|folder| rust_in(folder)).collect();
    assert_tidy(undocumented(&sources));
}

#[test]
fn documents_name_commands_that_exist() {
    let xtask = files(&["xtask/src/main.rs"]).remove(0).text;
    assert_tidy(unknown_commands(&files(&["README.md", "ARCHITECTURE.md", ".ci/run"]), &xtask));
}

#[test]
fn documents_name_files_that_exist() {
    let exists = |path: &str| root().join(path).exists();
    assert_tidy(unknown_files(&files(&["README.md", "ARCHITECTURE.md"]), exists));
}

#[test]
fn no_file_names_somebodys_machine() {
    assert_tidy(machine_paths(&files(&[".rs", ".md", ".toml", ".html", ".css", ".js", ".json", ".ci/run"])));
}

#[test]
fn the_readme_tells_the_two_commands() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README.md is there");
    for command in ["cargo xtask serve", "cargo xtask test"] {
        assert!(readme.contains(command), "README.md does not tell `{command}`");
    }
}

#[test]
fn each_untidiness_is_seen() {
    let undocumented = |text| undocumented(&[Source::new("core/src/new.rs", text)]).len();
    assert_eq!(undocumented("use std::fmt;\n//! Late.\n"), 1);
    assert_eq!(undocumented("//! What it is.\n"), 0);
    assert_eq!(undocumented("#![forbid(unsafe_code)]\n\n//! What it is.\n"), 0);

    let xtask = "[\"serve\", options @ ..] => serve(options),\n[\"build\"] => build(),";
    let unknown = |text| unknown_commands(&[Source::new("README.md", text)], xtask).len();
    assert_eq!(unknown("`cargo xtask serve`, then `cargo xtask dance`"), 1);
    assert_eq!(unknown("`cargo xtask build`"), 0);

    let gone = |text| unknown_files(&[Source::new("README.md", text)], |path| path == "core/src/lib.rs").len();
    assert_eq!(gone("see `core/src/lib.rs` and `core/src/gone.rs`, [a picture](docs/gone.png)"), 2);
    assert_eq!(gone("`docker service/ps`, `on/off`, [elsewhere](https://a.b/docs/x)"), 0);

    let machine = |text: String| machine_paths(&[Source::new("core/src/new.rs", &text)]).len();
    assert_eq!(machine(format!("// as in /{}/alice/swarmyard/core", "home")), 1);
    assert_eq!(machine(format!("/{}/alice/x", "Users")), 1);
    assert_eq!(machine("/root/a.yml is a file of the simulated node".to_owned()), 0);
}

fn undocumented(sources: &[Source]) -> Complaints {
    let first = |source: &Source| {
        let mut lines = source.text.lines().map(str::trim);
        lines.find(|line| !line.is_empty() && !line.starts_with("#!")).is_some_and(|line| line.starts_with("//!"))
    };
    let bare = sources.iter().filter(|source| !first(source));
    bare.map(|source| format!("{}: begins without `//!` docs that say what it is", source.path)).collect()
}

/// Commands `cargo xtask X` that xtask does not match.
fn unknown_commands(documents: &[Source], xtask: &str) -> Complaints {
    static COMMAND: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"cargo xtask (\w+)").expect("a constant"));
    let mut complaints = Complaints::new();
    for document in documents {
        for found in COMMAND.captures_iter(document.text.as_str()).flatten().map(|found| found[1].to_owned()) {
            if !xtask.contains(&format!("[\"{found}\"")) {
                complaints.push(format!("{}: xtask has no command `{found}`", document.path));
            }
        }
    }
    complaints
}

/// Paths in backticks or links that begin with a folder of ours and do not exist.
fn unknown_files(documents: &[Source], exists: impl Fn(&str) -> bool) -> Complaints {
    static PATH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[`(]((?:core|web|cli|tests|xtask|docs|lessons|\.ci)/[\w./-]*)[`)]").expect("a constant")
    });
    let mut complaints = Complaints::new();
    for document in documents {
        for found in PATH.captures_iter(document.text.as_str()).flatten().map(|found| found[1].to_owned()) {
            if !exists(&found) {
                complaints.push(format!("{}: there is no {found}", document.path));
            }
        }
    }
    complaints
}

fn machine_paths(sources: &[Source]) -> Complaints {
    static PATH: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(/home/|/Users/|\bC:\\)\w").expect("a constant"));
    let mut complaints = Complaints::new();
    for source in sources {
        for (at, line) in source.text.lines().enumerate() {
            if PATH.is_match(line).expect("short lines") {
                complaints.push(format!("{}: a path of one machine: {}", source.at(at + 1), line.trim()));
            }
        }
    }
    complaints
}
