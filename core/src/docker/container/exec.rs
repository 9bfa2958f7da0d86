//! `docker exec`: a command inside a container. Which container, and what it finds there, is said here; the shell runs it.
//!
//! Models: docker/cli cli/command/container/exec.go, moby daemon/exec.go. Differs: of what is inside only that is known
//! which Swarm puts there: variables, host name, configs and secrets.

use super::{find, runs};
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::filter::refused;
use crate::docker::flags::{BOOL, Flag, LIST, Matches, Offer, STRING};
use crate::docker::service::create::environment;
use crate::docker::{Flow, Inside, objects};
use crate::id::TaskId;

pub(crate) static COMMAND: Command = Command {
    path: "exec",
    aliases: &["container exec"],
    usage: "[OPTIONS] CONTAINER COMMAND [ARG...]",
    about: "Execute a command in a running container",
    korean: "컨테이너 안에서 명령을 실행한다",
    arguments: Arguments::AtLeast(2),
    offers: Offer::Containers,
    flags: &[&[
        Flag::new("detach", BOOL, "Do not wait for its end").short('d'),
        Flag::new("detach-keys", STRING, "Which keys leave a container that goes on"),
        Flag::new("env", LIST, "Set a variable for it").short('e'),
        Flag::new("env-file", LIST, "Set the variables that a file has"),
        Flag::new("interactive", BOOL, "Let it read what is typed").short('i'),
        Flag::new("privileged", BOOL, "Allow it more than the container is"),
        Flag::new("tty", BOOL, "Give it a terminal").short('t'),
        Flag::new("user", STRING, "Run it as somebody else (format: \"<name|uid>[:<group|gid>]\")").short('u'),
        Flag::new("workdir", STRING, "Where in the container it begins").short('w'),
    ]],
    stop_at_argument: true,
    run,
};

/// Where secrets are, and names without a directory.
const SECRETS: &str = "/run/secrets";

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let (name, words) = matches.args.split_first().expect("there are two");
    let container = find(call, name)?;
    if !runs(&container) {
        return Err(refused(format!("container {} is not running", container.id)));
    }
    if matches.on("detach") {
        return Ok(Flow::Exit(0));
    }
    let hostname = container.id[..12].to_owned();
    let mut env = vec![("PATH", PATH), ("HOSTNAME", &hostname), ("HOME", "/root")];
    if matches.on("tty") {
        env.push(("TERM", "xterm"));
    }
    let mut settings = objects::container_env(call.world, &container);
    for setting in environment(call, matches)? {
        // A name alone has the value that it has where the command is typed.
        match (setting.contains('='), (call.machine.variable)(&setting)) {
            (true, _) => settings.push(setting),
            (false, Some(value)) => settings.push([&setting, "=", &*value].concat()),
            (false, None) => {}
        }
    }
    env.extend(settings.iter().filter_map(|text| text.split_once('=')));
    let env = env.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Ok(Flow::Inside(Box::new(Inside {
        env,
        files: files(call, container.task),
        directory: matches.text("workdir").filter(|path| !path.is_empty()).unwrap_or("/").to_owned(),
        words: words.to_vec(),
        reads: matches.on("interactive"),
        node: call.node,
        container: container.id,
        hostname,
    })))
}

const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What Swarm put there: configs and secrets, but not those that are templates.
fn files(call: &Call, task: TaskId) -> Vec<(String, String)> {
    let Some(task) = call.store().task(task) else { return Vec::new() };
    let spec = &task.spec.container;
    let placed = spec.secrets.iter().map(|file| (SECRETS, file)).chain(spec.configs.iter().map(|file| ("", file)));
    let found = placed.filter_map(|(directory, reference)| {
        let file = call.store().file(reference.id)?;
        let path = if reference.file.starts_with('/') {
            reference.file.clone()
        } else {
            format!("{directory}/{}", reference.file)
        };
        file.templating.is_empty().then(|| (path, file.data.clone()))
    });
    found.collect()
}
