//! The files of one machine: a home directory with text files. Enough for redirections and for the files that docker
//! commands read; there are no permissions and no links, and a directory is there as long as a file is below it.

use crate::collections::Map;
use std::rc::Rc;

/// Where every prompt begins.
pub const HOME: &str = "/root";

/// Text files by absolute path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Files(Map<String, Rc<str>>);

impl Files {
    pub fn read(&self, path: &str) -> Option<&Rc<str>> {
        self.0.get(path)
    }

    /// Makes or replaces a file.
    pub fn write(&mut self, path: &str, text: &str) {
        self.0.insert(path.to_owned(), text.into());
    }

    pub fn append(&mut self, path: &str, text: &str) {
        let old = self.0.get(path).map_or("", |text| text);
        let new: Rc<str> = [old, text].concat().into();
        self.0.insert(path.to_owned(), new);
    }

    pub fn is_directory(&self, path: &str) -> bool {
        let below = format!("{}/", path.trim_end_matches('/'));
        let filled = self.0.keys().any(|file| file.starts_with(&below));
        filled || ["/", HOME, "/tmp"].contains(&path)
    }

    /// Names of files as they are typed at home, if they begin with `start`.
    pub fn names(&self, start: &str) -> impl Iterator<Item = String> {
        let home = if start.starts_with('/') { String::new() } else { format!("{HOME}/") };
        self.0.keys().filter_map(move |path| path.strip_prefix(&home).map(str::to_owned))
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
            () if self.is_directory(path) => Err("Is a directory"),
            () if !self.is_directory(parent) => Err("No such file or directory"),
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
        files.append("/root/d/a", "2\n");
        files.append("/root/new", "3\n");
        assert_eq!(files.read("/root/d/a").map(|text| &**text), Some("1\n2\n"));
        assert_eq!(files.read("/root/new").map(|text| &**text), Some("3\n"));
        assert!(files.is_directory("/root/d") && !files.is_directory("/root/dd") && !files.is_directory("/root/new"));
        assert_eq!(files.check_new("/root/d"), Err("Is a directory"));
        assert_eq!(files.check_new("/nowhere/f"), Err("No such file or directory"));
        assert_eq!(files.check_new("/f"), Ok(()));
    }
}
