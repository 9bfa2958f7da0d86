//! `docker service …`: one file per command, and what create and update share.

commands! {
    create
    inspect
    logs
    ls
    ps
    rm
    rollback
    scale
    update
}

mod mounts;
mod options;
pub(super) mod ports;
mod pretty;
mod references;
pub(super) mod registry;
mod spec;

use super::command::Call;
use super::error::CliError;
use super::flags::Matches;
use super::progress::Progress;
use super::{Flow, Foreground};

pub(super) use options::LABEL;
pub(super) use references::{Wanted, map as pairs, network_id, resolve, runtime_config};

pub(super) use options::words as shell_words;

/// Shows the progress of services, unless `--detach` says not to.
fn watch(call: &mut Call, services: Vec<String>, matches: &Matches) -> Result<Flow, CliError> {
    if matches.on("detach") {
        return Ok(Flow::Exit(0));
    }
    let progress = Progress::of(call.node, services, matches.on("quiet"), call.world.now(), call.out);
    Foreground::Progress(Box::new(progress)).start(call)
}
