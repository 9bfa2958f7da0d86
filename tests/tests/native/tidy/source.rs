//! The repository's files as the rules see them.

use std::path::{Path, PathBuf};

/// One file of text.
pub(super) struct Source {
    /// From the root of the repository, with `/` between its parts.
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    /// The lines that are compiled into the program, with their numbers: without comments and without tests, which
    /// stand at the end of a file or in a file `tests.rs`.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
        let lines = lines.take(if self.path.ends_with("/tests.rs") { 0 } else { usize::MAX });
        lines.enumerate().map(|(at, line)| (at + 1, line.split("//").next().unwrap_or_default()))
    }

    /// The place `line` of this file, to begin a complaint with.
    pub(super) fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests is a folder of the workspace")
}

/// The files of the repository with one of these endings, but for recordings, which are as they were received.
pub(super) fn files(endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    walk(root(), &mut |path| {
        let name = path.strip_prefix(root()).expect("it is below the root").to_string_lossy().replace('\\', "/");
        if endings.iter().any(|ending| name.ends_with(ending)) {
            let text = std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{name}: {why}"));
            found.push(Source { path: name, text });
        }
    });
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The sources below one folder.
pub(super) fn rust_in(folder: &str) -> Vec<Source> {
    files(&[".rs"]).into_iter().filter(|source| source.path.starts_with(folder)).collect()
}

fn walk(folder: &Path, found: &mut impl FnMut(&Path)) {
    const OTHERS: &[&str] = &[".git", "target", "dist", "node_modules", "recordings"];
    for entry in std::fs::read_dir(folder).expect("folders of the repository can be read") {
        let path: PathBuf = entry.expect("folders of the repository can be read").path();
        let name = path.file_name().expect("an entry has a name").to_string_lossy();
        if path.is_file() {
            found(&path);
        } else if !OTHERS.contains(&name.as_ref()) {
            walk(&path, found);
        }
    }
}

#[test]
fn code_is_without_comments_and_tests() {
    let source = Source::new("a.rs", "//! Docs.\nuse a; // why\n#[cfg(test)]\nmod tests {\n    use b;\n}\n");
    let code: Vec<_> = source.code().collect();
    assert_eq!(code, [(1, ""), (2, "use a; ")]);
    assert_eq!(Source::new("core/src/shell/tests.rs", "use a;").code().count(), 0);
}

#[test]
fn the_repository_is_found() {
    let sources = rust_in("core/src/");
    assert!(sources.iter().any(|source| source.path == "core/src/lib.rs"));
    assert!(sources.iter().any(|source| source.path == "core/src/engine/updater.rs"));
    assert!(files(&["Cargo.toml"]).len() >= 6);
}
