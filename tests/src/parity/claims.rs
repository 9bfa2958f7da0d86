//! What the sources say of themselves in comments: `Differs:` where they differ from Docker, `Upstream:` above a test
//! that restates one of Swarm's. And which tests there are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::root;

#[derive(Clone, Debug, Default)]
pub struct Claims {
    /// Tests by name, with their files.
    pub tests: BTreeMap<String, String>,
    /// By file, as they stand there.
    pub differs: BTreeMap<String, Vec<String>>,
    pub restated: Vec<Restated>,
    /// Recordings that the simulator is held to be equal to.
    pub held: BTreeSet<String>,
}

/// A test of ours that restates one of Swarm's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Restated {
    /// `manager/orchestrator/update/updater_test.go`
    pub upstream_file: String,
    pub upstream_test: String,
    /// `core/src/engine/updater.rs`
    pub file: String,
    pub test: String,
}

/// The test that lists the recordings which are equal.
const HOLDING: &str = "tests/tests/native/recordings.rs";

impl Claims {
    /// Reads all sources of the repository.
    pub fn read() -> Claims {
        let mut claims = Claims::default();
        for folder in ["core", "cli", "web", "tests"] {
            claims.read_folder(&root().join(folder));
        }
        claims.restated.sort();
        claims
    }

    fn read_folder(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).expect("folders of the repository can be read") {
            let path = entry.expect("folders of the repository can be read").path();
            if path.is_dir() {
                self.read_folder(&path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("sources are text");
                let name = path.strip_prefix(root()).expect("it is below the root");
                self.take(&name.to_string_lossy().replace('\\', "/"), &text);
            }
        }
    }

    /// Takes one source.
    pub fn take(&mut self, file: &str, text: &str) {
        let comments = comments(text);
        let differs: Vec<String> = comments.iter().filter_map(|comment| differs(&comment.text)).collect();
        // This module speaks of the word itself.
        if !differs.is_empty() && !file.starts_with("tests/src/parity/") {
            self.differs.insert(file.to_owned(), differs);
        }
        if file == HOLDING {
            self.held.extend(text.split('"').skip(1).step_by(2).map(str::to_owned));
        }
        for (test, above) in tests(text) {
            self.tests.insert(test.clone(), file.to_owned());
            for (upstream_file, upstream_test) in above.lines().flat_map(upstream) {
                let (file, test) = (file.to_owned(), test.clone());
                self.restated.push(Restated { upstream_file, upstream_test, file, test });
            }
        }
    }
}

struct Comment {
    text: String,
}

/// Comments over whole lines, each joined to one text.
fn comments(text: &str) -> Vec<Comment> {
    let mut comments: Vec<Comment> = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        let Some(words) = line.strip_prefix("//") else {
            open = false;
            continue;
        };
        let words = words.trim_start_matches(['/', '!']).trim();
        match comments.last_mut().filter(|_| open && !words.is_empty()) {
            Some(comment) => comment.text = [comment.text.as_str(), words].join(" "),
            None => comments.push(Comment { text: words.to_owned() }),
        }
        open = !words.is_empty();
    }
    comments
}

/// What a comment says behind `Differs:`, up to its end or to the next word of that kind.
fn differs(comment: &str) -> Option<String> {
    let (_, said) = comment.split_once("Differs:")?;
    let end = ["Models:", "Upstream:"].iter().filter_map(|word| said.find(word)).min().unwrap_or(said.len());
    Some(said[..end].trim().to_owned())
}

/// The tests of a source, each with the comments and attributes above it.
fn tests(text: &str) -> Vec<(String, String)> {
    let (mut above, mut found) = (String::new(), Vec::new());
    for line in text.lines().map(str::trim) {
        if line.starts_with("//") || line.starts_with("#[") {
            above += line;
            above.push('\n');
            continue;
        }
        let name = line.strip_prefix("fn ").and_then(|rest| rest.split_once('('));
        if let Some((name, _)) = name.filter(|_| above.contains("#[test]")) {
            found.push((name.to_owned(), std::mem::take(&mut above)));
        }
        above.clear();
    }
    found
}

/// The upstream tests that a line of a comment names: `Upstream: swarmkit a/b_test.go TestA TestB`, or one that is
/// called by a sentence: `… b_test.go should do c`.
fn upstream(line: &str) -> Vec<(String, String)> {
    let Some((_, said)) = line.split_once("Upstream:") else { return Vec::new() };
    let Some(end) = said.find("_test.go").map(|at| at + "_test.go".len()) else { return Vec::new() };
    let (path, tests) = said.split_at(end);
    let file = path.split_whitespace().last().unwrap_or_default();
    if tests.trim().starts_with("should ") {
        return vec![(file.to_owned(), tests.trim().to_owned())];
    }
    let words = tests.split([' ', ',']).filter(|word| !word.is_empty());
    let tests = words.take_while(|word| word.starts_with("Test") || word.starts_with("Benchmark"));
    tests.map(|test| (file.to_owned(), test.trim_end_matches(['.', ';', ':']).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_heard() {
        let mut claims = Claims::default();
        claims.take(
            "core/src/a.rs",
            "//! What it is.\n//!\n//! Models: x. Differs: it waits\n//! less. Upstream: y\nfn a() {} // Differs: not heard\n\n    \
             /// Upstream: swarmkit b/c_test.go TestA, TestB.\n    /// Upstream: d_test.go TestC\n    /// Upstream: e_test.go should do f\n    #[test]\n    fn named() \
             {\n    // Differs: never\n    }\n",
        );
        assert_eq!(claims.differs["core/src/a.rs"], ["it waits less.", "never"]);
        assert_eq!(claims.tests["named"], "core/src/a.rs");
        let restated: Vec<_> =
            claims.restated.iter().map(|r| (r.upstream_file.as_str(), r.upstream_test.as_str())).collect();
        assert_eq!(
            restated,
            [("b/c_test.go", "TestA"), ("b/c_test.go", "TestB"), ("d_test.go", "TestC"), ("e_test.go", "should do f")]
        );
    }

    #[test]
    fn the_repository_has_its_say() {
        let claims = Claims::read();
        assert!(claims.tests.contains_key("the_repository_has_its_say"));
        assert!(claims.differs.contains_key("core/src/engine/mod.rs"));
    }
}
