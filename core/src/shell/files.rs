//! The files of one machine: directories with text files. Enough for redirections and for the files that docker commands
//! read; there are no links, and of permissions only whether a file may be run.

use std::rc::Rc;

use super::pattern::fits;
use crate::collections::{Map, Set};

/// Where every prompt begins.
pub const HOME: &str = "/root";

/// Text files and directories by absolute path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Files {
    files: Map<String, File>,
    /// Those that were made; one with a file below it is there without being made.
    directories: Set<String>,
    /// Unix time in milliseconds, for what is written next.
    pub(super) now: u64,
    size: usize,
    /// How much has been written since somebody asked: that takes time too.
    pub(super) work: usize,
    /// Whether they are those of a container: besides what Swarm puts there, nothing is known of them.
    partial: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct File {
    text: Rc<str>,
    written: u64,
    runs: bool,
}

/// What all files together may hold.
const LARGEST: usize = 1 << 20;

const NO_SPACE: &str = "No space left on device";
pub(super) const NOT_FOUND: &str = "No such file or directory";
const UNKNOWN: &str = "swarmyard does not know the files of an image";
pub(super) const IS_DIRECTORY: &str = "Is a directory";
pub(super) const NOT_DIRECTORY: &str = "Not a directory";

/// Of a container's directories the only one that is known as a whole.
const SECRETS: &str = "/run/secrets";

impl Files {
    /// What Swarm puts into a container: paths and texts.
    pub(super) fn inside(files: &[(String, String)], now: u64) -> Files {
        let mut inside = Files { now, ..Files::default() };
        files.iter().for_each(|(path, text)| inside.write(&Files::resolve("/", path), text));
        Files { partial: true, ..inside }
    }

    /// Whether nothing can be written here.
    pub(super) fn read_only(&self) -> bool {
        self.partial
    }

    /// Why there is nothing at a path.
    pub(super) fn missing(&self, path: &str) -> &'static str {
        let known = path == SECRETS || path.strip_prefix(SECRETS).is_some_and(|rest| rest.starts_with('/'));
        if self.partial && !known { UNKNOWN } else { NOT_FOUND }
    }

    pub fn read(&self, path: &str) -> Option<&Rc<str>> {
        self.files.get(path).map(|file| &file.text)
    }

    /// Reads a file, or says why it cannot be read, in the words of the operating system.
    ///
    /// # Errors
    /// It is a directory, or not there.
    pub fn open(&self, path: &str) -> Result<Rc<str>, &'static str> {
        match self.read(path) {
            Some(text) => Ok(Rc::clone(text)),
            None if path == "/dev/null" => Ok(Rc::from("")),
            None if self.is_directory(path) => Err(IS_DIRECTORY),
            None => Err(self.missing(path)),
        }
    }

    /// Their paths and texts.
    pub(super) fn all(&self) -> Vec<(String, Rc<str>)> {
        self.files.iter().map(|(path, file)| (path.clone(), Rc::clone(&file.text))).collect()
    }

    /// Makes or replaces a file. What does not fit is cut off.
    pub fn write(&mut self, path: &str, text: &str) {
        let old = self.files.get(path).map_or((0, false), |file| (file.text.len(), file.runs));
        self.size -= old.0;
        let mut room = LARGEST.saturating_sub(self.size).min(text.len());
        while !text.is_char_boundary(room) {
            room -= 1;
        }
        self.size += room;
        self.work += room;
        let file = File { text: text[..room].into(), written: self.now, runs: old.1 };
        self.files.insert(path.to_owned(), file);
    }

    /// # Errors
    /// The words of the operating system.
    pub fn append(&mut self, path: &str, text: &str) -> Result<(), &'static str> {
        let old = self.files.get(path).map_or("", |file| &file.text);
        if self.size + text.len() > LARGEST {
            return Err(NO_SPACE);
        }
        let new = [old, text].concat();
        self.write(path, &new);
        Ok(())
    }

    pub fn is_directory(&self, path: &str) -> bool {
        if self.missing(path) == UNKNOWN {
            return false;
        }
        let below = format!("{}/", path.trim_end_matches('/'));
        let filled = self.files.keys().chain(self.directories.iter()).any(|file| file.starts_with(&below));
        filled || self.directories.contains(path) || !self.partial && ["/", HOME, "/tmp"].contains(&path)
    }

    pub(super) fn exists(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.is_directory(path) || path == "/dev/null"
    }

    pub(super) fn make_directory(&mut self, path: &str) {
        self.directories.insert(path.to_owned());
    }

    /// Takes away a file, or a directory with all that is in it.
    pub(super) fn remove(&mut self, path: &str) {
        // Its directory stays, even if it is empty now.
        if let Some((parent, _)) = path.rsplit_once('/').filter(|(parent, _)| !parent.is_empty()) {
            self.make_directory(parent);
        }
        let below = format!("{path}/");
        let gone = |file: &str| file == path || file.starts_with(&below);
        let mut left = Set::new();
        left.extend(self.directories.iter().filter(|directory| !gone(directory)).cloned());
        self.directories = left;
        self.files.retain(|file, _| !gone(file));
        self.size = self.files.values().map(|file| file.text.len()).sum();
    }

    /// Gives a file or a directory another name.
    pub(super) fn rename(&mut self, from: &str, to: &str) {
        let inside = format!("{from}/");
        let moved = |path: &str| match path.strip_prefix(&inside) {
            Some(rest) => Some(format!("{to}/{rest}")),
            None => (path == from).then(|| to.to_owned()),
        };
        let files: Vec<(String, File)> =
            self.files.iter().filter_map(|(path, file)| Some((moved(path)?, file.clone()))).collect();
        let directories: Vec<String> = self.directories.iter().filter_map(|path| moved(path)).collect();
        self.remove(from);
        directories.into_iter().for_each(|path| self.make_directory(&path));
        for (path, file) in files {
            self.files.insert(path, file);
        }
        self.size = self.files.values().map(|file| file.text.len()).sum();
    }

    /// Whether a file may be run; `None` where there is none.
    pub(super) fn runs(&self, path: &str) -> Option<bool> {
        self.files.get(path).map(|file| file.runs)
    }

    pub(super) fn set_runs(&mut self, path: &str, runs: bool) {
        if let Some(file) = self.files.get_mut(path) {
            file.runs = runs;
        }
    }

    /// When a file was written, in milliseconds of Unix time.
    pub(super) fn written(&self, path: &str) -> u64 {
        self.files.get(path).map_or(self.now, |file| file.written)
    }

    /// Names of files and directories as they are typed in `directory`, if they begin with `start`; directories end in `/`.
    pub(super) fn names(&self, directory: &str, start: &str) -> Vec<String> {
        let (typed, last) = start.rsplit_once('/').map_or(("", start), |(typed, last)| (&start[..=typed.len()], last));
        let entries = self.entries(&Files::resolve(directory, typed)).into_iter();
        let hidden = last.starts_with('.');
        let shown = entries.filter(|(name, _)| name.starts_with(last) && (hidden || !name.starts_with('.')));
        shown.map(|(name, is_directory)| [typed, &name, if is_directory { "/" } else { "" }].concat()).collect()
    }

    /// The names in a directory, sorted, and whether each is a directory.
    pub(super) fn entries(&self, directory: &str) -> Vec<(String, bool)> {
        let inside = format!("{}/", directory.trim_end_matches('/'));
        let mut names: Map<String, bool> = Map::new();
        for path in self.files.keys() {
            if let Some(name) = path.strip_prefix(&inside) {
                let (name, below) = name.split_once('/').map_or((name, false), |(name, _)| (name, true));
                names.insert(name.to_owned(), below);
            }
        }
        for path in self
            .directories
            .iter()
            .map(String::as_str)
            .chain(if self.partial { &[][..] } else { &[HOME, "/tmp"] }.iter().copied())
        {
            if let Some(name) = path.strip_prefix(&inside) {
                names.insert(name.split('/').next().unwrap_or(name).to_owned(), true);
            }
        }
        names.into_iter().collect()
    }

    /// The paths that fit a pattern, sorted, written as the pattern is.
    pub(super) fn matching(&self, directory: &str, pattern: &str) -> Vec<String> {
        let (start, parts) = match pattern.strip_prefix('/') {
            Some(rest) => ("/", rest),
            None => (directory, pattern),
        };
        // Where the search stands, and how that was written.
        let mut found =
            vec![(start.to_owned(), if start == "/" && pattern.starts_with('/') { "/" } else { "" }.to_owned())];
        for part in parts.split('/') {
            let mut next = Vec::new();
            for (path, written) in &found {
                let between = if written.is_empty() || written.ends_with('/') { "" } else { "/" };
                if matches!(part, "" | "." | "..") {
                    next.push((Files::resolve(path, part), [written.as_str(), between, part].concat()));
                    continue;
                }
                for (name, _) in self.entries(path) {
                    if fits(part, &name) && (!name.starts_with('.') || part.starts_with('.')) {
                        next.push((Files::resolve(path, &name), [written.as_str(), between, &name].concat()));
                    }
                }
            }
            found = next;
        }
        found.into_iter().map(|(_, written)| written).collect()
    }

    /// The absolute form of `path` as seen from `directory`.
    pub fn resolve(directory: &str, path: &str) -> String {
        let from = if path.starts_with('/') { "" } else { directory };
        let mut parts: Vec<&str> = Vec::new();
        for part in from.split('/').chain(path.split('/')) {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        format!("/{}", parts.join("/"))
    }

    /// Whether a file may be made at `path`: its directory is there, and no directory has its name.
    ///
    /// # Errors
    /// The words of the operating system.
    pub fn check_new(&self, path: &str) -> Result<(), &'static str> {
        let parent = path.rsplit_once('/').map_or("/", |(parent, _)| if parent.is_empty() { "/" } else { parent });
        match () {
            () if self.partial => Err(UNKNOWN),
            () if self.is_directory(path) => Err(IS_DIRECTORY),
            () if self.files.contains_key(parent) => Err(NOT_DIRECTORY),
            () if !self.is_directory(parent) => Err(NOT_FOUND),
            () => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_absolute() {
        for (path, absolute) in [
            ("a.yml", "/root/a.yml"),
            ("./x/../a", "/root/a"),
            ("../a", "/a"),
            ("/a//b/", "/a/b"),
            ("../../..", "/"),
            (".", "/root"),
        ] {
            assert_eq!(Files::resolve(HOME, path), absolute);
        }
    }

    #[test]
    fn files_grow_and_their_directories_are_there() {
        let mut files = Files::default();
        files.write("/root/d/a", "1\n");
        assert_eq!(files.append("/root/d/a", "2\n"), Ok(()));
        assert_eq!(files.append("/root/new", "3\n"), Ok(()));
        assert_eq!(files.read("/root/d/a").map(|text| &**text), Some("1\n2\n"));
        assert!(files.is_directory("/root/d") && !files.is_directory("/root/dd") && !files.is_directory("/root/new"));
        assert_eq!(files.check_new("/root/d"), Err("Is a directory"));
        assert_eq!(files.check_new("/nowhere/f"), Err("No such file or directory"));
        assert_eq!(files.check_new("/root/new/f"), Err("Not a directory"));
        assert_eq!(files.check_new("/f"), Ok(()));
    }

    #[test]
    fn directories_are_listed_moved_and_removed() {
        let mut files = Files::default();
        files.write("/root/d/a", "1");
        files.make_directory("/root/e/f");
        files.write("/root/b", "2");
        let names =
            |files: &Files, path: &str| files.entries(path).iter().map(|e| e.0.clone()).collect::<Vec<_>>().join(" ");
        assert_eq!(names(&files, HOME), "b d e");
        assert_eq!(names(&files, "/"), "root tmp");
        files.rename("/root/d", "/root/g");
        assert_eq!(files.read("/root/g/a").map(|text| &**text), Some("1"));
        files.remove("/root/e");
        files.remove("/root/g/a");
        assert_eq!(names(&files, HOME), "b g");
        assert!(files.is_directory("/root/g"), "an empty directory stays");
    }

    #[test]
    fn a_disk_is_full_some_day() {
        let mut files = Files::default();
        let text = "x".repeat(1 << 20);
        let grown = (0..5).map(|_| files.append("/root/f", &text)).collect::<Vec<_>>();
        assert_eq!(grown.last(), Some(&Err("No space left on device")));
        files.remove("/root/f");
        assert_eq!(files.append("/root/f", &text), Ok(()));
    }
}
