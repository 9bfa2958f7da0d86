//! Golden transcripts: every file of `tests/transcripts` is a script that prints itself.
//!
//! `UPDATE_TRANSCRIPTS=1 cargo test -p swarmyard-tests --test native transcripts` writes them anew.

use std::path::{Path, PathBuf};

use swarmyard_core::scenario::Scenario;

#[test]
fn every_transcript_prints_itself() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts");
    let paths = files(&folder);
    assert!(!paths.is_empty(), "no transcript in {}", folder.display());
    let wrong: Vec<String> =
        paths.iter().filter_map(|path| check(path, &Scenario::lab(), "UPDATE_TRANSCRIPTS")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the transcripts are there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    paths
}

/// What is wrong with one transcript of a scenario. It is written anew if the variable `update` is set.
pub(super) fn check(path: &Path, scenario: &Scenario, update: &str) -> Option<String> {
    let old = std::fs::read_to_string(path).expect("a transcript is text");
    let new = match swarmyard::run::run(&old, scenario, 1) {
        Ok(new) => new,
        Err(why) => return Some(format!("{}:{why}", path.display())),
    };
    if old == new {
        return None;
    }
    if std::env::var_os(update).is_some() {
        std::fs::write(path, new).expect("a transcript can be written");
        return None;
    }
    let same = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_owned();
    let (was, is) = (line(&old), line(&new));
    Some(format!(
        "{}:{}: it prints something else\n  was: {was}\n  is:  {is}\nsee all of it: cargo run -p swarmyard -- run {} \
         | diff {} -",
        path.display(),
        same + 1,
        path.display(),
        path.display(),
    ))
}
