//! `docker`: hands its words to the docker command line, and holds the prompt as long as that does.

use super::{Builtin, Call, Flow, Running, inside, quoted_words};
use crate::docker::{self as cli, Kept, Machine, Wants};
use crate::id::NodeId;
use crate::output::Output;
use crate::shell::complete::{Candidate, Place};
use crate::shell::env::Env;
use crate::shell::files::Files;
use crate::shell::process::{Host, STEPS};
use crate::shell::stdin::Stdin;
use crate::world::Typed;

pub(super) const DOCKER: Builtin = Builtin {
    name: "docker",
    usage: "docker COMMAND …",
    about: "the Docker command line; see `docker --help`",
    run,
    complete,
};

/// What one command costs in steps: a loop of nothing else should not flood the terminal.
pub(super) const COST: u32 = STEPS / 8;

fn run(call: &mut Call) -> Flow {
    let Some(node) = call.host.daemon() else {
        call.output
            .err("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n");
        return Flow::Exit(1);
    };
    call.host.spend(COST);
    run_with(call.host, node, call.args, call.env, None, call.output)
}

/// Runs docker where it was typed. `input`: what it read, once it has asked for it.
fn run_with(
    host: &mut Host,
    node: NodeId,
    args: &[String],
    env: &Env,
    input: Option<&str>,
    output: &mut Output,
) -> Flow {
    let files: &Files = host.files;
    let file = |path: &str| files.open(&Files::resolve(&env.directory, path));
    let path = |path: &str| Files::resolve(&env.directory, path);
    let variable = |name: &str| env.seen(name).cloned();
    let keep = || Kept {
        files: files.all(),
        variables: env.exported.iter().filter_map(|name| Some((name.clone(), env.seen(name)?.clone()))).collect(),
        directory: env.directory.clone(),
        resolve: Files::resolve,
    };
    let machine = Machine { file: &file, path: &path, variable: &variable, input, keep: &keep };
    let mut typed = Typed::new(&["$ docker ", &quoted_words(args)].concat());
    match host.world.typed(&mut typed, |world| cli::run(world, node, args, &machine, output)) {
        cli::Flow::Exit(code) => Flow::Exit(code),
        cli::Flow::Hold(foreground) => Flow::Hold(Running::Docker(Box::new((typed, foreground)))),
        cli::Flow::Inside(entered) => inside::enter(*entered, env, host).map_or(Flow::Exit(254), Flow::Hold),
        cli::Flow::Read(wants) => Flow::Hold(Running::DockerReads(Box::new(Reads {
            args: args.to_vec(),
            env: env.clone(),
            wants,
            text: String::new(),
        }))),
    }
}

/// A docker command that waits for its standard input, and what of it has come.
#[derive(Clone)]
pub(in crate::shell) struct Reads {
    args: Vec<String>,
    env: Env,
    wants: Wants,
    text: String,
}

impl Reads {
    /// Takes what has come. Returns how it goes on once that is enough.
    pub(super) fn poll(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> Option<Flow> {
        let enough = match self.wants {
            Wants::Everything => {
                self.text += &stdin.all();
                stdin.at_end()
            }
            Wants::Line => {
                let line = stdin.line();
                self.text += line.as_deref().unwrap_or("");
                line.is_some() || stdin.at_end()
            }
        };
        let node = enough.then(|| host.daemon())?;
        Some(match node {
            Some(node) => run_with(host, node, &self.args, &self.env, Some(&self.text), output),
            None => Flow::Exit(1),
        })
    }
}

fn complete(place: &Place, before: &[String], word: &str) -> Vec<Candidate> {
    let machine = place.world.machine(place.node);
    let words: Vec<String> = before.iter().cloned().chain([word.to_owned()]).collect();
    machine.map_or_else(Vec::new, |machine| cli::complete(place.world, machine.node, &words))
}
