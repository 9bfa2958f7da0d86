//! The docker command line: words in, text and an exit code out. It never prints and never waits: a command that
//! takes time becomes a [`Foreground`], polled by the shell.
//!
//! Who is called: `api` for everything the daemon does; who calls: `shell`. Engine and store are only read.
//! Models: docker/cli 28.2.2 (cmd/docker/docker.go and cli/command).

/// The commands of a group, a file each: here a new one gets its line. All of them are in one table.
macro_rules! commands {
    ($($name:ident)*) => {
        $(pub(crate) mod $name;)*

        pub(crate) static COMMANDS: &[&$crate::docker::command::Command] = &[$(&$name::COMMAND),*];
    };
}

mod command;
mod complete;
mod compose;
mod config;
mod container;
mod csv;
mod error;
mod files;
mod filter;
mod flags;
mod format;
mod global;
mod help;
mod hint;
mod image;
mod korean;
mod names;
mod network;
mod node;
mod objects;
mod patience;
mod progress;
mod secret;
mod service;
mod stack;
mod swarm;
mod table;
mod tasks;
mod template;
#[cfg(test)]
mod tests;
mod units;

pub use command::{Kept, Machine, Wants};
pub use complete::{Candidate, complete};
pub use hint::{Effect, Hint, hint};

use command::{Call, Command, Group, Usage};
use container::stop::Stopping;
use error::CliError;
use events::Listening;
use flags::{Parsed, parse};
use patience::Patience;
use progress::Progress;
use service::logs::Follow;
use stack::rm::Waiting;

use crate::id::NodeId;
use crate::output::Output;
use crate::time::Ms;
use crate::why::Lang;
use crate::world::World;

commands! {
    disk
    events
    info
    inspect
    ps
    version
}

/// All commands, those of each group together.
fn commands() -> impl Iterator<Item = &'static Command> + Clone {
    let groups = [
        COMMANDS,
        config::COMMANDS,
        container::COMMANDS,
        image::COMMANDS,
        network::COMMANDS,
        node::COMMANDS,
        secret::COMMANDS,
        service::COMMANDS,
        stack::COMMANDS,
        swarm::COMMANDS,
    ];
    groups.into_iter().flatten().copied()
}

/// What `--format` says of itself where objects are shown one by one.
const ABOUT_INSPECT: &str = "How to print: 'json', or a Go template";

/// What `--format` says of itself where objects are listed.
const ABOUT_FORMAT: &str = "How to print: 'table', 'table TEMPLATE', 'json', or a Go template";

/// How a command goes on after it was started.
#[derive(Clone, Debug)]
pub enum Flow {
    /// It has ended, with this exit code.
    Exit(i32),
    /// It holds the prompt.
    Hold(Foreground),
    /// It wants its standard input, and will be run anew with it.
    Read(Wants),
    /// A command is to be run in a container.
    Inside(Box<Inside>),
}

/// A command, and what it finds in the container in which it is run.
#[derive(Clone, Debug)]
pub struct Inside {
    pub node: NodeId,
    /// Its id.
    pub container: String,
    pub hostname: String,
    pub env: Vec<(String, String)>,
    /// Paths and texts.
    pub files: Vec<(String, String)>,
    pub directory: String,
    pub words: Vec<String>,
    /// Whether it reads what is typed.
    pub reads: bool,
}

/// A docker command that holds the prompt: an enum value that is polled, so that it can be cloned with the session.
#[derive(Clone, Debug)]
pub enum Foreground {
    #[expect(private_interfaces, reason = "the shell only polls it")]
    Progress(Box<Progress>),
    #[expect(private_interfaces, reason = "the shell only polls it")]
    Logs(Box<Follow>),
    #[expect(private_interfaces, reason = "the shell only polls it")]
    Patience(Box<Patience>),
    #[expect(private_interfaces, reason = "the shell only polls it")]
    Events(Box<Listening>),
    #[expect(private_interfaces, reason = "the shell only polls it")]
    Stopping(Box<Stopping>),
    #[expect(private_interfaces, reason = "the shell only polls it")]
    Waiting(Box<Waiting>),
}

impl Foreground {
    /// When it wants to be polled next.
    pub fn wake_at(&self) -> Ms {
        match self {
            Foreground::Progress(progress) => progress.wake_at(),
            Foreground::Logs(follow) => follow.wake_at(),
            Foreground::Patience(patience) => patience.wake_at(),
            Foreground::Events(listening) => listening.wake_at(),
            Foreground::Stopping(stopping) => stopping.wake_at(),
            Foreground::Waiting(waiting) => waiting.wake_at(),
        }
    }

    /// Goes on at the time it asked for. Returns the exit code when it has ended.
    pub fn poll(&mut self, world: &mut World, output: &mut Output) -> Option<i32> {
        match self {
            Foreground::Progress(progress) => progress.poll(world, output),
            Foreground::Logs(follow) => follow.poll(world, output),
            Foreground::Patience(patience) => patience.poll(world, output),
            Foreground::Events(listening) => listening.poll(world, output),
            Foreground::Stopping(stopping) => stopping.poll(world, output),
            Foreground::Waiting(waiting) => waiting.poll(world),
        }
    }

    /// Ctrl-C. Returns the exit code when that ends it.
    pub fn interrupt(&mut self, world: &mut World, output: &mut Output) -> Option<i32> {
        match self {
            Foreground::Progress(progress) => progress.interrupt(world, output),
            Foreground::Patience(patience) => patience.interrupt(world, output),
            // What nobody handles ends with 128 and the number of the signal.
            _ => Some(130),
        }
    }

    /// Takes the first look at once.
    fn start(mut self, call: &mut Call) -> Result<Flow, CliError> {
        Ok(match self.poll(call.world, call.out) {
            Some(code) => Flow::Exit(code),
            None => Flow::Hold(self),
        })
    }
}

/// Runs `docker ARGS…` in a shell of `node`. `args` does not hold the word `docker` itself.
pub fn run(world: &mut World, node: NodeId, args: &[String], machine: &Machine, output: &mut Output) -> Flow {
    match dispatch(&mut Call { world, node, out: output, machine }, args) {
        Ok(flow) => flow,
        Err(CliError::Input(wants)) => Flow::Read(wants),
        Err(error) => Flow::Exit(fail(&error, output)),
    }
}

/// What `docker WORDS --help` prints, in a language; `None` where the words name no command.
pub fn help(words: &[String], lang: Lang, terminal: Option<u16>) -> Option<String> {
    match find(words) {
        Ok(Found::Command(command, path, _)) => Some(help::command(command, path, terminal, lang)),
        Ok(Found::Group(group, [])) => Some(group_help(group)),
        _ => None,
    }
}

/// Says why, and returns the exit code.
fn fail(error: &CliError, output: &mut Output) -> i32 {
    let text = error.to_string();
    if !text.is_empty() {
        output.err(text + "\n");
    }
    error.exit_code()
}

/// Differs: a kernel takes two megabytes of them. A page would stand still for what is done to each of so many.
const MOST_WORDS: usize = 1_000;

fn dispatch(call: &mut Call, args: &[String]) -> Result<Flow, CliError> {
    if args.len() > MOST_WORDS {
        return Err(CliError::said(format!(
            "swarmyard: more than {MOST_WORDS} words of one command are not simulated"
        )));
    }
    let usage = Usage { path: "docker".to_owned(), line: "docker [OPTIONS] COMMAND [ARG...]".to_owned() };
    let matches = match parse(args, global::FLAGS.iter(), true, usage)? {
        Parsed::Help { short } => return Ok(helped(call, short, root_help)),
        Parsed::Run(matches) => matches,
    };
    if matches.on("version") {
        call.out.out(global::VERSION);
        return Ok(Flow::Exit(0));
    }
    let words = match matches.args.split_first() {
        Some((word, rest)) if word == "help" => {
            let text = help_of(call, rest)?;
            call.out.out(text);
            return Ok(Flow::Exit(0));
        }
        Some(_) => &matches.args[..],
        None => {
            let help = root_help(call);
            call.out.err(help);
            return Ok(Flow::Exit(0));
        }
    };
    match find(words)? {
        Found::Command(command, path, rest) => run_command(call, command, path, rest),
        Found::Group(group, rest) => run_group(call, group, rest),
    }
}

/// Runs a command that was called by `path`.
fn run_command(
    call: &mut Call,
    command: &'static Command,
    path: &'static str,
    words: &[String],
) -> Result<Flow, CliError> {
    let usage = || command.usage_at(path);
    let matches = match parse(words, command.flags(), command.stop_at_argument, usage())? {
        Parsed::Help { short } => {
            return Ok(helped(call, short, |call| help::command(command, path, call.out.terminal, Lang::En)));
        }
        Parsed::Run(matches) => matches,
    };
    command.arguments.check(matches.args.len(), usage())?;
    match patience::before(call, command, &matches) {
        Some(flow) => flow,
        None => (command.run)(call, &matches),
    }
}

/// A group without one of its commands.
fn run_group(call: &mut Call, group: &'static Group, words: &[String]) -> Result<Flow, CliError> {
    match parse(words, [].iter(), true, group.usage())? {
        Parsed::Help { short } => Ok(helped(call, short, |_| group_help(group))),
        Parsed::Run(matches) => match matches.args.first() {
            Some(word) => Err(CliError::UnknownCommand {
                typed: format!("{} {word}", group.usage().path),
                usage: Some(group.usage()),
            }),
            None => {
                call.out.err(group_help(group));
                Ok(Flow::Exit(0))
            }
        },
    }
}

fn helped(call: &mut Call, short: bool, help: impl FnOnce(&Call) -> String) -> Flow {
    if short {
        call.out.err("Flag shorthand -h has been deprecated, use --help\n");
    }
    let text = help(call);
    call.out.out(text);
    Flow::Exit(0)
}

fn root_help(call: &Call) -> String {
    help::root(global::GROUPS, commands(), global::ABSENT, &global::FLAGS, call.out.terminal)
}

fn group_help(group: &Group) -> String {
    help::group(group, commands_of(group))
}

fn help_of(call: &Call, words: &[String]) -> Result<String, CliError> {
    Ok(match words {
        [] => root_help(call),
        words => match find(words)? {
            Found::Command(command, path, _) => help::command(command, path, call.out.terminal, Lang::En),
            Found::Group(group, _) => group_help(group),
        },
    })
}

/// The commands of a group, with what they do.
fn commands_of(group: &Group) -> impl Iterator<Item = (&'static str, &'static str)> {
    let known = commands().map(|command| (command.path, command.about));
    let aliased = commands().filter(|command| !command.path.contains(' '));
    let aliased = aliased.filter_map(|command| Some((*command.aliases.first()?, command.about)));
    known.chain(aliased).filter(|(path, _)| path.split_once(' ').is_some_and(|(name, _)| name == group.name))
}

enum Found<'w> {
    /// A command, its name in the group that it was called in, and what follows.
    Command(&'static Command, &'static str, &'w [String]),
    /// A group, and what follows its name: no command of it.
    Group(&'static Group, &'w [String]),
}

/// Finds what the first one or two words name, and returns it with the words after.
fn find(words: &[String]) -> Result<Found<'_>, CliError> {
    let two = words.get(..2).map(|words| words.join(" "));
    for (name, length) in [(two.as_deref(), 2), (words.first().map(String::as_str), 1)] {
        let Some(name) = name else { continue };
        if let Some(command) = commands().find(|command| command.paths().any(|path| path == name)) {
            return Ok(Found::Command(command, command.path_like(name), &words[length..]));
        }
    }
    let word = words.first().map_or("", String::as_str);
    if let Some(group) = global::GROUPS.iter().find(|group| group.name == word) {
        let absent = words.get(1).is_some_and(|word| group.absent.split(' ').any(|absent| absent == word));
        return if absent {
            Err(CliError::NotSimulated { what: format!("docker {}", two.unwrap_or_default()), instead: group.instead })
        } else {
            Ok(Found::Group(group, &words[1..]))
        };
    }
    let typed = format!("docker {word}");
    match global::ABSENT.iter().find(|absent| absent.path == word) {
        Some(absent) => Err(CliError::NotSimulated { what: typed, instead: absent.instead }),
        None => Err(CliError::UnknownCommand { typed, usage: None }),
    }
}
