//! `docker service rollback`

use crate::api::Rollback;
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Matches, Offer};
use crate::docker::service::watch;

pub(crate) static COMMAND: Command = Command {
    path: "service rollback",
    aliases: &[],
    usage: "[OPTIONS] SERVICE",
    about: "Bring back the spec that a service had before its last update",
    korean: "서비스를 이전 스펙으로 되돌린다",
    arguments: Arguments::Exactly(1),
    offers: Offer::Services,
    flags: &[&[
        Flag::new("detach", BOOL, "Return at once, without waiting for the service to converge").short('d'),
        Flag::new("quiet", BOOL, "Wait without showing progress").short('q'),
    ]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let name = &matches.args[0];
    let service = call.api().service(name)?;
    let spec = service.spec.as_ref().clone();
    call.api().update_service(service.id, service.meta.version, spec, Rollback::Previous)?;
    call.line(name);
    watch(call, vec![name.clone()], matches)
}
