//! `docker service inspect`

use std::rc::Rc;

use super::pretty;
use crate::api::ApiError;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Matches, Offer};
use crate::docker::objects::{Defaults, service};
use crate::docker::{Flow, inspect};
use crate::json::Html;
use crate::model::Service;

pub(crate) static COMMAND: Command = Command {
    path: "service inspect",
    aliases: &[],
    usage: "[OPTIONS] SERVICE [SERVICE...]",
    about: "Show one or more services in detail",
    korean: "서비스를 자세히 보여 준다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Services,
    flags: &[&inspect::FLAGS],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    match inspect::format(matches)? {
        Some(format) => {
            inspect::inspect(call, &matches.args, format, Html::Escaped, &|call, reference| {
                let found = find(call, reference)?;
                Ok(service(call.world, &found, Defaults::Inserted))
            })?;
        }
        None => {
            let mut services = Vec::new();
            for reference in &matches.args {
                services.push(find(call, reference)?);
            }
            for service in services {
                let text = pretty::service(call.world, &service);
                call.out.out(text);
            }
        }
    }
    Ok(Flow::Exit(0))
}

fn find(call: &mut Call, reference: &str) -> Result<Rc<Service>, CliError> {
    call.api().service(reference).map_err(|error| match error {
        ApiError::NotFound { reference, .. } => CliError::said(format!("Error: no such service: {reference}")),
        error => error.into(),
    })
}
