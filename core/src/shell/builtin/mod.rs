//! The commands besides docker: one file each, or one for a small group. The table below is what the shell runs, what
//! `help` prints and what completion offers.

mod absent;
mod clear;
mod curl;
mod echo;
mod help;
mod history;
mod sleep;
mod stream;
mod why;
mod world;

use super::complete::{Candidate, Place, nothing};
use super::expand::Env;
use super::files::Files;
use super::process::Host;
use super::stdin::Stdin;
use crate::docker;
use crate::id::NodeId;
use crate::output::Output;
use crate::time::Ms;
use crate::world::Typed;
use std::rc::Rc;

/// One command: its name, how it is written, and what it does, in a few words.
pub(super) struct Builtin {
    pub name: &'static str,
    pub usage: &'static str,
    pub about: &'static str,
    run: fn(&mut Call) -> Flow,
    /// What can stand at a word of it, given the words before that one (without the command's own name).
    pub complete: fn(&Place, before: &[String], word: &str) -> Vec<Candidate>,
}

/// All commands, in the order of `help`.
pub(super) const ALL: &[Builtin] = &[
    DOCKER,
    curl::CURL,
    sleep::SLEEP,
    echo::ECHO,
    stream::CAT,
    stream::HEAD,
    world::WORLD,
    why::WHY,
    plain("hostname", "print the name of this machine", |call| {
        call.output.out(format!("{}\n", call.host.node));
        Flow::Exit(0)
    }),
    history::HISTORY,
    clear::CLEAR,
    help::HELP,
    plain("true", "end with success", |_| Flow::Exit(0)),
    plain("false", "end with failure", |_| Flow::Exit(1)),
    plain(":", "do nothing", |_| Flow::Exit(0)),
    Builtin {
        name: "exit",
        usage: "exit [CODE]",
        about: "skip the rest of the line; the prompt stays open",
        run: run_exit,
        complete: nothing,
    },
];

const DOCKER: Builtin = Builtin {
    name: "docker",
    usage: "docker COMMAND …",
    about: "the Docker command line; see `docker --help`",
    run: run_docker,
    complete: complete_docker,
};

/// A command without arguments.
const fn plain(name: &'static str, about: &'static str, run: fn(&mut Call) -> Flow) -> Builtin {
    Builtin { name, usage: name, about, run, complete: nothing }
}

/// What a command gets.
pub(super) struct Call<'a, 'h> {
    /// Without the command's own name.
    pub args: &'a [String],
    pub host: &'a mut Host<'h>,
    pub env: &'a mut Env,
    pub output: &'a mut Output,
}

/// How a command goes on after it was started.
pub(super) enum Flow {
    Exit(i32),
    /// It ends, and the rest of what was typed with it is not run.
    Leave(i32),
    Hold(Running),
}

/// A command that takes time.
#[derive(Clone, Debug)]
pub(super) enum Running {
    Docker(Box<(Typed, docker::Foreground)>),
    DockerReads(Box<Reads>),
    Sleep { until: Ms },
    Stream(stream::Filter),
    Requests(Box<curl::Requests>),
}

/// What Ctrl-C did to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signalled {
    /// The signal ended it.
    Killed,
    /// It ended in its own way, with this exit code.
    Ended(i32),
    Ignored,
}

impl Running {
    /// When it goes on by itself; `None` for what only waits for input.
    pub(super) fn wake_at(&self) -> Option<Ms> {
        match self {
            Running::Docker(held) => Some(held.1.wake_at()),
            Running::Sleep { until } => Some(*until),
            Running::Requests(requests) => Some(requests.wake_at()),
            Running::Stream(_) | Running::DockerReads(_) => None,
        }
    }

    /// Goes on, if it is time to. Returns the exit code when it has ended.
    pub(super) fn poll(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> Option<i32> {
        if self.wake_at().is_some_and(|at| at > host.world.now()) {
            return None;
        }
        match self {
            Running::Docker(held) => {
                let (typed, foreground) = &mut **held;
                host.world.typed(typed, |world| foreground.poll(world, output))
            }
            Running::DockerReads(reads) => match reads.poll(host, stdin, output)? {
                Flow::Exit(code) | Flow::Leave(code) => Some(code),
                Flow::Hold(running) => {
                    *self = running;
                    None
                }
            },
            Running::Sleep { .. } => Some(0),
            Running::Stream(filter) => filter.poll(stdin, output),
            Running::Requests(requests) => requests.go_on(host, output),
        }
    }

    /// Ctrl-C.
    pub(super) fn interrupt(&mut self, host: &mut Host, output: &mut Output) -> Signalled {
        match self {
            Running::Docker(held) => match held.1.interrupt(host.world, output) {
                Some(code) => Signalled::Ended(code),
                None => Signalled::Ignored,
            },
            Running::Sleep { .. } | Running::Stream(_) | Running::Requests(_) | Running::DockerReads(_) => {
                Signalled::Killed
            }
        }
    }
}

/// Runs the command called `name`.
pub(super) fn run(name: &str, call: &mut Call) -> Flow {
    let mut name = name;
    // Commands are often written down with it. Everybody is root here.
    while let ("sudo", [command, args @ ..]) = (name, call.args) {
        (name, call.args) = (command, args);
    }
    if let Some(builtin) = ALL.iter().find(|builtin| builtin.name == name) {
        return (builtin.run)(call);
    }
    let (why, code) = match name {
        path if path.contains('/') => {
            match call.host.files.is_directory(&super::files::Files::resolve(&call.env.directory, path)) {
                true => ("Is a directory", 126),
                false => ("No such file or directory", 127),
            }
        }
        name if absent::KNOWN.contains(&name) => {
            call.output.err(format!("swarmyard: '{name}' is not simulated; `help` lists what can be typed here\n"));
            return Flow::Exit(127);
        }
        _ => ("command not found", 127),
    };
    call.output.err(format!("bash: {name}: {why}\n"));
    Flow::Exit(code)
}

fn run_docker(call: &mut Call) -> Flow {
    let Some(node) = call.host.daemon() else {
        call.output
            .err("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n");
        return Flow::Exit(1);
    };
    docker_with(call.host, node, call.args, call.env, None, call.output)
}

/// Runs docker where it was typed. `input`: what it read, once it has asked for it.
fn docker_with(
    host: &mut Host,
    node: NodeId,
    args: &[String],
    env: &Env,
    input: Option<&str>,
    output: &mut Output,
) -> Flow {
    let files: &Files = host.files;
    let file = |path: &str| {
        let path = Files::resolve(&env.directory, path);
        match files.read(&path) {
            Some(text) => Ok(Rc::clone(text)),
            None if path == "/dev/null" => Ok(Rc::from("")),
            None if files.is_directory(&path) => Err("Is a directory"),
            None => Err("No such file or directory"),
        }
    };
    let variable = |name: &str| env.variables.get(name).cloned();
    let path = |path: &str| Files::resolve(&env.directory, path);
    let machine = docker::Machine { file: &file, path: &path, variable: &variable, input };
    let mut typed = Typed::new(&written(args));
    match host.world.typed(&mut typed, |world| docker::run(world, node, args, &machine, output)) {
        docker::Flow::Exit(code) => Flow::Exit(code),
        docker::Flow::Hold(foreground) => Flow::Hold(Running::Docker(Box::new((typed, foreground)))),
        docker::Flow::Read(wants) => Flow::Hold(Running::DockerReads(Box::new(Reads {
            args: args.to_vec(),
            env: env.clone(),
            wants,
            text: String::new(),
        }))),
    }
}

/// A docker command that waits for its standard input, and what of it has come.
#[derive(Clone, Debug)]
pub(super) struct Reads {
    args: Vec<String>,
    env: Env,
    wants: docker::Wants,
    text: String,
}

impl Reads {
    /// Takes what has come. Returns how it goes on once that is enough.
    fn poll(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> Option<Flow> {
        let enough = match self.wants {
            docker::Wants::Everything => {
                self.text += &stdin.all();
                stdin.at_end()
            }
            docker::Wants::Line => {
                let line = stdin.line();
                self.text += line.as_deref().unwrap_or("");
                line.is_some() || stdin.at_end()
            }
        };
        let node = enough.then(|| host.daemon())?;
        Some(match node {
            Some(node) => docker_with(host, node, &self.args, &self.env, Some(&self.text), output),
            None => Flow::Exit(1),
        })
    }
}

/// A docker command as one could type it.
fn written(args: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || "-_./:=@,+%".contains(c);
    args.iter().fold("$ docker".to_owned(), |mut line, arg| {
        line.push(' ');
        if !arg.is_empty() && arg.chars().all(plain) {
            line.push_str(arg);
        } else {
            line.push('\'');
            line.push_str(&arg.replace('\'', "'\\''"));
            line.push('\'');
        }
        line
    })
}

fn run_exit(call: &mut Call) -> Flow {
    match call.args {
        [] => Flow::Leave(call.env.status),
        [code] => match code.parse::<i64>() {
            Ok(code) => Flow::Leave((code & 0xff) as i32),
            Err(_) => {
                call.output.err(format!("bash: exit: {code}: numeric argument required\n"));
                Flow::Leave(2)
            }
        },
        _ => {
            call.output.err("bash: exit: too many arguments\n");
            Flow::Exit(1)
        }
    }
}

fn complete_docker(place: &Place, before: &[String], word: &str) -> Vec<Candidate> {
    let machine = place.world.machine(place.node);
    let words: Vec<String> = before.iter().cloned().chain([word.to_owned()]).collect();
    machine.map_or_else(Vec::new, |machine| docker::complete(place.world, machine.node, &words))
}

/// Says that an option is none of `command`'s, as GNU's tools do.
fn bad_option(call: &mut Call, command: &str, option: &str) -> Flow {
    let what = match option.strip_prefix("--") {
        Some(_) => format!("unrecognized option '{option}'"),
        None => format!("invalid option -- '{}'", option.chars().nth(1).unwrap_or('-')),
    };
    call.output.err(format!("{command}: {what}\nTry 'help {command}' for more information.\n"));
    Flow::Exit(1)
}
