//! `docker service ps`

use std::rc::Rc;

use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Matches, Offer};
use crate::docker::{Flow, tasks};
use crate::model::{Service, Task};

pub(crate) static COMMAND: Command = Command {
    path: "service ps",
    aliases: &[],
    usage: "[OPTIONS] SERVICE [SERVICE...]",
    about: "List the tasks of one or more services",
    korean: "서비스의 태스크를 지난 것까지 보여 준다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Services,
    flags: &[&tasks::FLAGS],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let services = call.api().services()?;
    let mut found: Vec<&Rc<Service>> = Vec::new();
    let mut missing = Vec::new();
    for reference in &matches.args {
        match resolve(&services, reference)? {
            Some(service) if found.iter().any(|known| known.id == service.id) => {}
            Some(service) => found.push(service),
            None => missing.push(CliError::said(format!("no such service: {reference}"))),
        }
    }
    if found.is_empty() {
        return Err(CliError::Several(missing));
    }
    let filters = tasks::filters(call, matches)?;
    let tasks: Vec<Rc<Task>> = found
        .iter()
        .flat_map(|service| call.store().tasks_of_service(service.id))
        .filter(|task| tasks::passes(task, &filters))
        .cloned()
        .collect();
    // Quiet means full ids.
    let no_trunc = matches.on("no-trunc") || matches.on("quiet");
    let text = tasks::table(call.world, tasks, no_trunc, matches)?;
    call.out.out(text);
    CliError::several(missing)?;
    Ok(Flow::Exit(0))
}

/// A full id, a name, or the unique beginning of an id.
fn resolve<'s>(services: &'s [Rc<Service>], reference: &str) -> Result<Option<&'s Rc<Service>>, CliError> {
    let by_id = services.iter().find(|service| service.id.as_str() == reference);
    if let Some(service) = by_id.or_else(|| services.iter().find(|service| service.spec.name == reference)) {
        return Ok(Some(service));
    }
    let mut beginning = services.iter().filter(|service| service.id.as_str().starts_with(reference));
    match (beginning.next(), beginning.next()) {
        (Some(_), Some(_)) => Err(CliError::said(format!("multiple services found with provided prefix: {reference}"))),
        (service, _) => Ok(service),
    }
}
