//! `docker service scale`

use crate::api::Rollback;
use crate::docker::Flow;
use crate::docker::Foreground;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Matches, Offer};
use crate::docker::progress::Progress;
use crate::docker::units::parse_uint;
use crate::model::Mode;

pub(crate) static COMMAND: Command = Command {
    path: "service scale",
    aliases: &[],
    usage: "SERVICE=REPLICAS [SERVICE=REPLICAS...]",
    about: "Change the number of replicas of one or more services",
    korean: "서비스의 태스크 수를 바꾼다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::ServiceScales,
    flags: &[&[Flag::new("detach", BOOL, "Return at once, without waiting for the services to converge").short('d')]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let mut wanted = Vec::new();
    for argument in &matches.args {
        match argument.split_once('=').filter(|(name, replicas)| !name.is_empty() && !replicas.is_empty()) {
            Some(pair) => wanted.push(pair),
            None => {
                let usage = COMMAND.usage();
                return Err(CliError::said(format!(
                    "invalid scale specifier '{argument}'.\nSee '{} --help'.\n\nUsage:  {}\n\n{}",
                    usage.path, usage.line, COMMAND.about
                )));
            }
        }
    }
    let mut errors = Vec::new();
    let mut scaled = Vec::new();
    for (name, replicas) in wanted {
        match scale(call, name, replicas) {
            Ok(replicas) => {
                call.line(format!("{name} scaled to {replicas}"));
                scaled.push(name.to_owned());
            }
            Err(error) => errors.push(format!("{name}: {error}")),
        }
    }
    if scaled.is_empty() || matches.on("detach") {
        CliError::several(errors.into_iter().map(CliError::Said).collect())?;
        return Ok(Flow::Exit(0));
    }
    let progress = Progress::of(call.node, scaled, false, call.world.now(), call.out);
    Foreground::Progress(Box::new(progress.naming_errors(errors))).start(call)
}

fn scale(call: &mut Call, name: &str, replicas: &str) -> Result<u64, CliError> {
    let replicas =
        parse_uint(replicas, 64).map_err(|why| CliError::said(format!("invalid replicas value {replicas}: {why}")))?;
    let service = call.api().service(name)?;
    let mut spec = service.spec.as_ref().clone();
    spec.mode = match spec.mode {
        Mode::Replicated { .. } => Mode::Replicated { replicas },
        Mode::ReplicatedJob { max_concurrent, .. } => {
            Mode::ReplicatedJob { max_concurrent, total_completions: replicas }
        }
        Mode::Global | Mode::GlobalJob => {
            return Err(CliError::said("scale can only be used with replicated or replicated-job mode"));
        }
    };
    call.api().update_service(service.id, service.meta.version, spec, Rollback::No)?;
    Ok(replicas)
}
