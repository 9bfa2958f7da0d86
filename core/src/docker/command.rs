//! What a command is: names, usage, flags and what it does, as data.
//!
//! Adding one is a file with a `pub(crate) static COMMAND`, and a line among the `commands!` of its group.

use std::rc::Rc;

use super::Flow;
use super::error::CliError;
use super::flags::{Flag, Matches, Offer};
use crate::api::Api;
use crate::id::NodeId;
use crate::output::Output;
use crate::store::Store;
use crate::world::World;

pub(crate) struct Command {
    /// The words after `docker`: `service ls`.
    pub(crate) path: &'static str,
    /// Other ways to say it: `service list`.
    pub(crate) aliases: &'static [&'static str],
    /// What follows the path in the usage line: `[OPTIONS] SERVICE`.
    pub(crate) usage: &'static str,
    pub(crate) about: &'static str,
    /// The same in Korean, for `help docker …`. Docker's own `--help` is English everywhere.
    pub(crate) korean: &'static str,
    pub(crate) arguments: Arguments,
    /// What Tab offers as argument.
    pub(crate) offers: Offer,
    pub(crate) flags: &'static [&'static [Flag]],
    /// Whether the first argument ends the flags.
    pub(crate) stop_at_argument: bool,
    pub(crate) run: fn(&mut Call, &Matches) -> Result<Flow, CliError>,
}

/// How many arguments a command takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Arguments {
    None,
    Exactly(usize),
    AtLeast(usize),
    AtMost(usize),
    Between(usize, usize),
    Any,
}

/// A command as errors show it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Usage {
    /// `docker service ls`
    pub(crate) path: String,
    /// `docker service ls [OPTIONS]`
    pub(crate) line: String,
}

/// The machine at which a command was typed.
pub struct Machine<'a> {
    /// The text of a file, or why it cannot be opened, in the words of the operating system.
    pub file: &'a dyn Fn(&str) -> Result<Rc<str>, &'static str>,
    /// The absolute form of a path.
    pub path: &'a dyn Fn(&str) -> String,
    /// The value of an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// What was read from standard input, after a command has asked for it with [`Flow::Read`].
    pub input: Option<&'a str>,
    /// All of this, for a command that waits.
    pub keep: &'a dyn Fn() -> Kept,
}

/// What a command that waits has of its machine: how that was when it was typed.
#[derive(Clone, Debug)]
pub struct Kept {
    /// By absolute path.
    pub files: Vec<(String, Rc<str>)>,
    /// Names and values.
    pub variables: Vec<(String, String)>,
    pub directory: String,
    /// Makes a path absolute, from a directory.
    pub resolve: fn(&str, &str) -> String,
}

impl Kept {
    /// Of a machine without files.
    pub fn nothing() -> Kept {
        let resolve = |_: &str, path: &str| path.to_owned();
        Kept { files: Vec::new(), variables: Vec::new(), directory: String::new(), resolve }
    }

    pub(super) fn file(&self, path: &str) -> Result<Rc<str>, &'static str> {
        let path = (self.resolve)(&self.directory, path);
        let found = self.files.iter().find(|(known, _)| *known == path);
        found.map(|(_, text)| Rc::clone(text)).ok_or("No such file or directory")
    }

    pub(super) fn variable(&self, name: &str) -> Option<String> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
}

/// How much of standard input a command wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    Line,
    Everything,
}

/// A running command's surroundings.
pub(crate) struct Call<'a> {
    pub(crate) world: &'a mut World,
    /// The node whose shell it is.
    pub(crate) node: NodeId,
    pub(crate) out: &'a mut Output,
    pub(crate) machine: &'a Machine<'a>,
}

impl Call<'_> {
    /// The daemon of the node whose shell it is.
    pub(crate) fn api(&mut self) -> Api<'_> {
        Api { world: self.world, node: self.node }
    }

    pub(crate) fn store(&self) -> &Store {
        self.world.store()
    }

    /// What comes from standard input. Until it is there, the command is called off, and begins anew with it.
    pub(crate) fn read(&self, wants: Wants) -> Result<&str, CliError> {
        self.machine.input.ok_or(CliError::Input(wants))
    }

    /// Asks for a yes on standard input.
    pub(crate) fn agreed(&mut self, question: &str) -> Result<bool, CliError> {
        if self.machine.input.is_none() {
            self.out.out(format!("{question}\nAre you sure you want to continue? [y/N] "));
        }
        Ok(self.read(Wants::Line)?.trim().eq_ignore_ascii_case("y"))
    }

    /// The text of a file that an argument names; `-` is standard input.
    pub(crate) fn text_of(&self, path: &str) -> Result<String, String> {
        (self.machine.file)(path).map(|text| text.to_string()).map_err(|why| {
            // A directory can be opened, but not read.
            let verb = if why.ends_with("a directory") { "read" } else { "open" };
            format!("{verb} {path}: {}", lower(why))
        })
    }

    /// Says a line on standard output.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) {
        self.out.out(format!("{}\n", text.as_ref()));
    }
}

/// The words of the operating system as Go has them.
fn lower(why: &str) -> String {
    why.to_ascii_lowercase()
}

impl Command {
    pub(crate) fn usage(&self) -> Usage {
        self.usage_at(self.path)
    }

    /// Its usage where it is called `path`.
    pub(crate) fn usage_at(&self, path: &str) -> Usage {
        usage(path, self.usage)
    }

    /// All its names.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &'static str> + use<> {
        std::iter::once(self.path).chain(self.aliases.iter().copied())
    }

    /// Its first name in the group that `path` is in: `container ls` for `container list`.
    pub(crate) fn path_like(&self, path: &str) -> &'static str {
        let group = |path: &str| path.split_once(' ').map(|(group, _)| group.to_owned());
        self.paths().find(|other| group(other) == group(path)).unwrap_or(self.path)
    }

    pub(crate) fn flags(&self) -> impl Iterator<Item = &'static Flag> + Clone + use<> {
        self.flags.iter().flat_map(|group| group.iter())
    }
}

fn usage(path: &str, usage: &str) -> Usage {
    let path = format!("docker {path}");
    let line = if usage.is_empty() { path.clone() } else { format!("{path} {usage}") };
    Usage { path, line }
}

impl Arguments {
    /// Checks the number of arguments.
    pub(crate) fn check(self, given: usize, usage: Usage) -> Result<(), CliError> {
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let (fits, rule) = match self {
            Arguments::None => (given == 0, "accepts no arguments".to_owned()),
            Arguments::Exactly(n) => (given == n, format!("requires {n} argument{}", plural(n))),
            Arguments::AtLeast(n) => (given >= n, format!("requires at least {n} argument{}", plural(n))),
            Arguments::AtMost(n) => (given <= n, format!("requires at most {n} argument{}", plural(n))),
            Arguments::Between(least, most) => (
                (least..=most).contains(&given),
                format!("requires at least {least} and at most {most} argument{}", plural(most)),
            ),
            Arguments::Any => (true, String::new()),
        };
        let at_least = matches!(self, Arguments::AtLeast(_));
        if fits { Ok(()) } else { Err(CliError::Arguments { rule, at_least, usage }) }
    }
}

/// A group of commands: `docker service`.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// Whether its usage line mentions options of the group.
    pub(crate) options: bool,
    /// The part of `docker --help` it stands in.
    pub(crate) section: Section,
    /// Docker's other commands of it: those without a file are left out here. And what to use instead.
    pub(crate) absent: &'static str,
    pub(crate) instead: &'static str,
}

impl Group {
    pub(crate) fn usage(&self) -> Usage {
        let path = format!("docker {}", self.name);
        Usage { line: if self.options { format!("{path} [OPTIONS]") } else { path.clone() }, path }
    }
}

/// The parts of `docker --help`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Section {
    Common,
    Management,
    Swarm,
    Commands,
    /// None: it comes with a plugin, which the recorded command line had not.
    Plugin,
}

/// A command or group of Docker's that this simulation leaves out: known by name, so that it can say so.
pub(crate) struct Absent {
    pub(crate) path: &'static str,
    pub(crate) about: &'static str,
    pub(crate) section: Section,
    /// What to use here.
    pub(crate) instead: &'static str,
}
