//! The parity page: the rules of Swarm that the simulator follows, where each lives and what shows it, where we differ,
//! and which of Swarm's own tests are restated. Made of two hand-kept tables in `tests/parity/` and of comments in the
//! sources; everything that they name must exist.

mod claims;
mod page;

use std::path::{Path, PathBuf};

pub use claims::{Claims, Restated};
pub use page::page;

/// The folder of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests is a folder of the workspace")
}

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub text: String,
    /// Files below `core/src`; none where it is not simulated.
    pub files: Vec<String>,
    /// Recordings, transcripts and tests that show it; [`NOTHING`] where nothing does yet.
    pub shown_by: Vec<String>,
    /// Why it is not simulated.
    pub absent: Option<String>,
}

/// In the place of what shows a rule: nothing yet.
pub const NOTHING: &str = "?";

/// The rules of one section.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// `4.5 Failures`
    pub title: String,
    pub rules: Vec<Rule>,
}

/// Reads the table of rules.
///
/// # Errors
/// A line that is none, with its number.
pub fn rules(text: &str) -> Result<Vec<Section>, String> {
    let mut sections: Vec<Section> = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        if let Some(title) = line.strip_prefix("= ") {
            sections.push(Section { title: title.to_owned(), rules: Vec::new() });
            continue;
        }
        let section = sections.last_mut().ok_or_else(|| format!("line {}: a section first: `= 1.1 Title`", at + 1))?;
        section.rules.push(rule(line).ok_or_else(|| {
            format!("line {}: write `rule | files | what shows it`, or `rule | - why it is not simulated`", at + 1)
        })?);
    }
    Ok(sections)
}

fn rule(line: &str) -> Option<Rule> {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    match line.split('|').map(str::trim).collect::<Vec<_>>().as_slice() {
        [text, why] => Some(Rule {
            text: (*text).to_owned(),
            files: Vec::new(),
            shown_by: Vec::new(),
            absent: Some(why.strip_prefix("- ")?.to_owned()),
        }),
        [text, files, shown_by] => {
            Some(Rule { text: (*text).to_owned(), files: words(files), shown_by: words(shown_by), absent: None })
        }
        _ => None,
    }
}

/// What shows a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    Recording(PathBuf),
    Transcript(PathBuf),
    Test(String),
}

impl Evidence {
    /// What a word of the table means: `B04_healthy`, `why.txt`, or the name of a test.
    pub fn of(word: &str) -> Evidence {
        let recording = word.starts_with(|letter: char| letter.is_ascii_uppercase());
        if recording {
            Evidence::Recording(root().join("tests/recordings").join(format!("{word}.json")))
        } else if word.ends_with(".txt") {
            Evidence::Transcript(root().join("tests/transcripts").join(word))
        } else {
            Evidence::Test(word.to_owned())
        }
    }
}

/// What is wrong with the rules: files, recordings, transcripts and tests that do not exist.
pub fn wrong(sections: &[Section], claims: &Claims) -> Vec<String> {
    let mut wrong = Vec::new();
    for rule in sections.iter().flat_map(|section| &section.rules) {
        for file in rule.files.iter().filter(|file| !root().join("core/src").join(file).exists()) {
            wrong.push(format!("{}: there is no core/src/{file}", rule.text));
        }
        for word in rule.shown_by.iter().filter(|word| *word != NOTHING) {
            let exists = match Evidence::of(word) {
                // A recording shows something only if it is held.
                Evidence::Recording(path) => path.exists() && claims.held.contains(word),
                Evidence::Transcript(path) => path.exists(),
                Evidence::Test(name) => claims.tests.contains_key(&name),
            };
            if !exists {
                wrong.push(format!("{}: '{word}' is no held recording, no transcript and no test", rule.text));
            }
        }
        if rule.absent.is_none() && (rule.files.is_empty() || rule.shown_by.is_empty()) {
            wrong.push(format!("{}: no file, or nothing that shows it", rule.text));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read() {
        let sections =
            rules("# words\n\n= 1.1 A\na | b.rs c.rs | D01_x e.txt f\ng | - because\n").expect("they are rules");
        let [Section { title, rules: found }] = sections.as_slice() else { panic!("{sections:?}") };
        assert_eq!((title.as_str(), found[0].files.len(), found[0].shown_by.len()), ("1.1 A", 2, 3));
        assert_eq!(found[1].absent.as_deref(), Some("because"));
        assert!(rules("a | b | c").is_err_and(|why| why.starts_with("line 1: a section first")));
        assert!(rules("= 1\na").is_err_and(|why| why.starts_with("line 2: write")));
    }

    #[test]
    fn what_does_not_exist_is_seen() {
        let claims = Claims { held: ["A01_seed_run1".to_owned()].into(), ..Claims::default() };
        let wrong = |line: &str| wrong(&rules(&format!("= 1\n{line}")).expect("it is a rule"), &claims).len();
        assert_eq!(wrong("a | store.rs | why.txt A01_seed_run1"), 0);
        assert_eq!(wrong("a | stores.rs | why.txt"), 1);
        assert_eq!(wrong("a | store.rs | whynot.txt A01_nothing A01_seed_run2 no_such_test"), 4);
        assert_eq!(wrong("a | store.rs |"), 1);
        assert_eq!(wrong("a | - it is not needed"), 0);
    }
}
