//! `docker stack rm`
//!
//! Models: docker/cli cli/command/stack/remove.go.

use super::{check_name, is_of, services_of};
use crate::collections;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Matches, Offer};
use crate::docker::{Flow, Foreground};
use crate::id::NodeId;
use crate::model::{FileKind, Service};
use crate::time::Ms;
use crate::world::World;

pub(crate) static COMMAND: Command = Command {
    path: "stack rm",
    aliases: &["stack remove", "stack down"],
    usage: "[OPTIONS] STACK [STACK...]",
    about: "Remove one or more stacks",
    korean: "스택을 지운다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Stacks,
    flags: &[&[Flag::new("detach", BOOL, "Do not wait for the tasks to stop").short('d').default("true")]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    matches.args.iter().try_for_each(|stack| check_name(stack))?;
    let mut errors = Vec::new();
    for stack in &matches.args {
        match remove(call, stack)? {
            Some(true) => errors.push(CliError::said(format!("failed to remove some resources from stack: {stack}"))),
            Some(false) => {}
            None => call.out.err(format!("Nothing found in stack: {stack}\n")),
        }
    }
    CliError::several(errors)?;
    if matches.has("detach") && !matches.on("detach") {
        let waiting = Waiting { node: call.node, stacks: matches.args.clone(), wake_at: call.world.now() };
        return Foreground::Waiting(Box::new(waiting)).start(call);
    }
    Ok(Flow::Exit(0))
}

/// Removes one stack. Returns whether something of it could not be removed; `None`: there was nothing.
fn remove(call: &mut Call, stack: &str) -> Result<Option<bool>, CliError> {
    let services = services_of(call, stack)?;
    let of_kind = |call: &mut Call, kind| {
        let files = call.api().files(kind)?;
        let mut files: Vec<_> = files.into_iter().filter(|file| is_of(&file.labels, stack)).collect();
        collections::sort_by(&mut files, |a, b| a.name.cmp(&b.name));
        Ok::<_, CliError>(files)
    };
    let mut files = of_kind(call, FileKind::Secret)?;
    files.extend(of_kind(call, FileKind::Config)?);
    let mut networks = call.api().networks();
    networks.retain(|network| is_of(&network.labels, stack));
    collections::sort_by(&mut networks, |a, b| a.name.cmp(&b.name));
    if services.is_empty() && files.is_empty() && networks.is_empty() {
        return Ok(None);
    }
    let mut failed = false;
    for found in &services {
        failed |= !service(call, found);
    }
    for file in files {
        call.line(format!("Removing {} {}", file.kind.word(), file.name));
        let removed = call.api().remove_file(file.kind, file.id.as_str());
        failed |= !done(call, file.kind.word(), file.id.as_str(), removed);
    }
    for network in networks {
        call.line(format!("Removing network {}", network.name));
        let id = network.shown_id();
        let removed = call.api().remove_network(&id);
        failed |= !done(call, "network", &id, removed);
    }
    Ok(Some(failed))
}

/// Removes a service, and says so. Returns whether it went well.
pub(super) fn service(call: &mut Call, service: &Service) -> bool {
    call.line(format!("Removing service {}", service.spec.name));
    let removed = call.api().remove_service(service.id.as_str());
    done(call, "service", service.id.as_str(), removed)
}

fn done(call: &mut Call, kind: &str, id: &str, removed: Result<(), crate::api::ApiError>) -> bool {
    if let Err(error) = &removed {
        call.out.err(format!("Failed to remove {kind} {id}: {}", CliError::from(error.clone())));
    }
    removed.is_ok()
}

/// `--detach=false`: waits until the last task has ended.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    node: NodeId,
    stacks: Vec<String>,
    wake_at: Ms,
}

/// How often it looks.
const POLL_MS: Ms = 500;

impl Waiting {
    pub(crate) fn wake_at(&self) -> Ms {
        self.wake_at
    }

    pub(crate) fn poll(&mut self, world: &World) -> Option<i32> {
        self.wake_at = world.now() + POLL_MS;
        let mut tasks = world.store().tasks().filter(|task| !task.terminal());
        let lives = tasks.any(|task| self.stacks.iter().any(|stack| is_of(&task.service_labels, stack)));
        let gone = world.store().node(self.node).is_none();
        (gone || !lives).then_some(0)
    }
}
