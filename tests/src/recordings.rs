//! The recordings in `tests/recordings`, scenario by scenario, and what the simulator answers to them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use swarmyard::replay::{Setting, replay_watched};
use swarmyard_core::check::{Checker, told};

use crate::compare::{Shape, Verdict, compare};

/// What a real swarm answered in one run of a scenario.
#[derive(Clone, Debug)]
pub struct Recording {
    pub path: PathBuf,
    pub run: Value,
    /// The objects as they changed, where that was watched.
    pub timeline: Option<Value>,
}

/// The folder of the recordings.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings")
}

/// The recordings by scenario. Where reality races, a scenario has several (`NAME.json`, `NAME~2.json` …), and a run
/// that equals one of them is equal.
pub fn scenarios(folder: &Path) -> BTreeMap<String, Vec<PathBuf>> {
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let files = std::fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    for path in files.map(|file| file.expect("the folder can be read").path()) {
        let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".json")) else { continue };
        if !name.ends_with(".timeline") {
            let scenario = name.split('~').next().unwrap_or(name).to_owned();
            found.entry(scenario).or_default().push(path);
        }
    }
    found.values_mut().for_each(|paths| paths.sort());
    found
}

impl Recording {
    /// Reads `path` (`….json`) and the timeline beside it.
    pub fn read(path: &Path) -> Recording {
        let timeline = path.with_extension("timeline.json");
        Recording { path: path.to_owned(), run: read(path), timeline: timeline.exists().then(|| read(&timeline)) }
    }

    /// What the simulator answers to the same steps. The invariant checker looks at the world after everything that
    /// happens; a broken invariant is a panic that names the recording and the seed.
    pub fn replay(&self, seed: u64) -> Value {
        let steps = serde_json::from_value(self.run.clone())
            .unwrap_or_else(|why| panic!("{}: not a recording: {why}", self.path.display()));
        let last_change = |timeline: &Value| timeline["changes"].as_array()?.last()?["t"].as_f64();
        let watched_until = self.timeline.as_ref().and_then(last_change);
        let mut checker = Checker::default();
        let setting = Setting { seed, files: self.home(), watched_until };
        replay_watched(&steps, &setting, &mut |session| {
            let broken = checker.look(session.world());
            assert!(broken.is_empty(), "{} with seed {seed}:\n{}", self.path.display(), told(&broken));
        })
    }

    /// Holds a simulated run against the recording.
    ///
    /// # Errors
    /// One of the two has not the shape of a recording.
    pub fn compare(&self, simulated: &Value) -> Result<Verdict, Shape> {
        compare(&self.run, simulated, self.timeline.as_ref())
    }

    /// What lay in the home directories: the folder `files` beside the recording, as (name, text).
    fn home(&self) -> Vec<(String, String)> {
        let Ok(files) = std::fs::read_dir(self.path.with_file_name("files")) else { return Vec::new() };
        let paths: BTreeSet<PathBuf> = files.map(|file| file.expect("the folder can be read").path()).collect();
        let name = |path: &Path| path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        paths.iter().map(|path| (name(path), std::fs::read_to_string(path).expect("the files are text"))).collect()
    }
}

/// Reads a file of JSON.
pub fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_belong_to_their_scenario() {
        let scenarios = scenarios(&folder());
        let names: Vec<_> = scenarios["B22_sigint"].iter().map(|path| path.file_name()).collect();
        assert_eq!(names, [Some("B22_sigint.json".as_ref()), Some("B22_sigint~2.json".as_ref())]);
        assert!(!scenarios.contains_key("B22_sigint.timeline"));
        let recording = Recording::read(&scenarios["B22_sigint"][1]);
        assert!(recording.timeline.is_some(), "the timeline stands beside the recording");
    }
}
