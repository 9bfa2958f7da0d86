//! `docker stack …`: a stack is what carries its label.

commands! {
    config
    deploy
    ls
    ps
    rm
    services
}

use std::rc::Rc;

use super::command::Call;
use super::error::CliError;
use super::flags::{Flag, Offer, STRINGS};
use crate::collections;
use crate::model::{Labels, Service};
use crate::natural::natural;

/// The label that says which stack an object belongs to.
pub(crate) const NAMESPACE: &str = "com.docker.stack.namespace";
/// The label of a service that keeps its image as the compose file has it.
pub(crate) const IMAGE: &str = "com.docker.stack.image";

/// Which files to read.
const COMPOSE_FILE: Flag =
    Flag::new("compose-file", STRINGS, "Compose file to read (\"-\": standard input); several are merged")
        .short('c')
        .offers(Offer::Files);

/// The files that were given; one flag may name several.
fn files(matches: &super::flags::Matches) -> Result<Vec<String>, CliError> {
    let files: Vec<String> = matches.fields("compose-file");
    if files.is_empty() { Err(CliError::said("Specify a Compose file (with --compose-file)")) } else { Ok(files) }
}

/// A name of nothing but quotes and blanks is none.
fn check_name(name: &str) -> Result<(), CliError> {
    if name.trim_matches(|c: char| c == '\'' || c == '"' || c.is_whitespace()).is_empty() {
        return Err(CliError::said(format!("invalid stack name: {}", super::units::quote(name))));
    }
    Ok(())
}

fn is_of(labels: &Labels, stack: &str) -> bool {
    labels.get(NAMESPACE).is_some_and(|of| of == stack)
}

/// The services of a stack, by name.
fn services_of(call: &mut Call, stack: &str) -> Result<Vec<Rc<Service>>, CliError> {
    let mut services = call.api().services()?;
    services.retain(|service| is_of(&service.spec.labels, stack));
    collections::sort_by(&mut services, |a, b| natural(&a.spec.name, &b.spec.name));
    Ok(services)
}
