//! What a shell remembers from one command to the next: variables, functions, the directory it is in. A part of a
//! command that runs beside the rest has a copy.

use std::rc::Rc;

use super::ast::Command;
use super::files::HOME;
use crate::collections::{Map, Set};

#[derive(Clone)]
pub(super) struct Env {
    pub variables: Map<String, String>,
    /// The names of those that commands see.
    pub exported: Set<String>,
    pub functions: Map<String, Rc<Command>>,
    pub aliases: Map<String, Rc<str>>,
    /// `$1` and the rest.
    pub args: Vec<String>,
    pub directory: String,
    /// `$?`
    pub status: i32,
    /// `$!`
    pub last_job: u32,
    /// How many copies lie between this and the prompt.
    pub depth: u32,
    random: u32,
    /// How much text has been expanded since somebody asked: that takes time too.
    pub work: usize,
}

/// How many parts of a command may run inside each other.
const DEEPEST: u32 = 12;

impl Env {
    pub(super) fn new(host: &str) -> Env {
        let variables = [("HOME", HOME), ("HOSTNAME", host), ("LOGNAME", "root"), ("PATH", PATH), ("PWD", HOME)];
        let variables = variables.into_iter().chain([("SHELL", "/bin/bash"), ("USER", "root")]);
        let variables: Map<String, String> =
            variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Env {
            exported: variables.keys().filter(|name| *name != "HOSTNAME").cloned().collect(),
            variables,
            functions: Map::new(),
            aliases: Map::new(),
            args: Vec::new(),
            directory: HOME.to_owned(),
            status: 0,
            last_job: 0,
            depth: 0,
            random: 1,
            work: 0,
        }
    }

    /// The value of a variable; empty where it is not set.
    pub(super) fn variable(&self, name: &str) -> &str {
        self.variables.get(name).map_or("", String::as_str)
    }

    pub(super) fn set(&mut self, name: &str, value: String) {
        self.variables.insert(name.to_owned(), value);
    }

    /// Sets a variable that commands see.
    pub(super) fn export(&mut self, name: &str, value: String) {
        self.set(name, value);
        self.exported.insert(name.to_owned());
    }

    /// What a command sees of the variable.
    pub(super) fn seen(&self, name: &str) -> Option<&String> {
        self.variables.get(name).filter(|_| self.exported.contains(name))
    }

    /// What stands behind a `$`; `None` where it is not set.
    pub(super) fn parameter(&mut self, name: &str) -> Option<String> {
        if let Some(number) = name.bytes().all(|byte| byte.is_ascii_digit()).then(|| name.parse::<usize>().ok()) {
            return match number? {
                0 => Some("bash".to_owned()),
                number => self.args.get(number - 1).cloned(),
            };
        }
        Some(match name {
            "?" => self.status.to_string(),
            "#" => self.args.len().to_string(),
            "$" => SHELL_PID.to_string(),
            "-" => "himBHs".to_owned(),
            "!" if self.last_job == 0 => return None,
            "!" => self.last_job.to_string(),
            "@" | "*" if self.args.is_empty() => return None,
            "@" | "*" => self.args.join(" "),
            "RANDOM" => {
                // Differs: the same numbers in every shell, so that a session can be played again.
                self.random = self.random.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                (self.random >> 16 & 0x7fff).to_string()
            }
            "UID" | "EUID" => "0".to_owned(),
            name => return self.variables.get(name).cloned(),
        })
    }

    /// The characters at which values are split.
    pub(super) fn separators(&self) -> &str {
        self.variables.get("IFS").map_or(" \t\n", String::as_str)
    }

    /// For a part that runs beside the rest. `None` where there are too many inside each other.
    pub(super) fn fork(&self) -> Option<Env> {
        (self.depth < DEEPEST).then(|| Env { depth: self.depth + 1, ..self.clone() })
    }
}

/// The process id of the shell. Those of jobs follow.
pub(super) const SHELL_PID: u32 = 2_417;

const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
