//! What fuzzers throw at the core: any text, at four of its ways in. Whatever comes, nothing may panic, no step may be
//! endless, Ctrl-C must give the prompt back, and no invariant may break.
//!
//! `fuzz/` lets libFuzzer look for such texts; `tests/native/fuzz.rs` replays what was kept of them in `tests/corpus/`.

mod command;
mod compose;
mod mutate;
mod reader;
mod shell;
mod template;

pub use mutate::Mutator;

use std::path::{Path, PathBuf};

use reader::Reader;

/// One way in.
pub struct Target {
    /// Of its folder of the corpus, and of its fuzzer.
    pub name: &'static str,
    /// Does with a text what somebody would do who wrote it.
    play: fn(&str, &mut Reader),
}

pub static TARGETS: [Target; 4] = [
    Target { name: "command", play: command::play },
    Target { name: "compose", play: compose::play },
    Target { name: "shell", play: shell::play },
    Target { name: "template", play: template::play },
];

/// Where a step stands, for who takes its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Begins,
    Ends,
}

/// What is longer is no text of a person, and only takes time.
const LONGEST: usize = 8_192;

impl Target {
    /// The target called `name`.
    pub fn named(name: &str) -> &'static Target {
        TARGETS.iter().find(|target| target.name == name).unwrap_or_else(|| panic!("no target is called {name}"))
    }

    /// The texts that are kept, in the order of their names.
    pub fn corpus(&self) -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus").join(self.name);
        let files = std::fs::read_dir(&folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
        let mut paths: Vec<PathBuf> = files.map(|file| file.expect("the folder can be read").path()).collect();
        paths.sort();
        let read = |path: &PathBuf| String::from_utf8_lossy(&std::fs::read(path).expect("it can be read")).into_owned();
        paths.iter().map(read).collect()
    }

    /// Plays one text, and calls `watch` around each thing that a page would do within one frame.
    ///
    /// # Panics
    /// Something is wrong with the core.
    pub fn run(&self, text: &[u8], watch: &mut dyn FnMut(Moment)) {
        let text = String::from_utf8_lossy(&text[..text.len().min(LONGEST)]);
        let mut reader = Reader::new(watch);
        (self.play)(&text, &mut reader);
        reader.leaves();
    }
}
