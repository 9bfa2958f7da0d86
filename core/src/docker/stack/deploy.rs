//! `docker stack deploy`
//!
//! Models: docker/cli cli/command/stack/{deploy,deploy_composefile}.go. Services, networks, configs and secrets are maps
//! there that are walked.

use std::rc::Rc;

use super::{COMPOSE_FILE, IMAGE, check_name, files, is_of, services_of};
use crate::api::{ApiError, FileSpec, Rollback};
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::compose::{self, Compose, For};
use crate::docker::error::CliError;
use crate::docker::filter::refused;
use crate::docker::flags::{BOOL, Flag, Matches, Offer, STRING};
use crate::docker::progress::Progress;
use crate::docker::service::{network_id, registry};
use crate::docker::{Flow, Foreground};
use crate::model::{FileKind, ServiceSpec};

pub(crate) static COMMAND: Command = Command {
    path: "stack deploy",
    aliases: &["stack up"],
    usage: "[OPTIONS] STACK",
    about: "Create a stack from a compose file, or update one",
    korean: "compose 파일로 스택을 만들거나 업데이트한다",
    arguments: Arguments::Exactly(1),
    offers: Offer::Stacks,
    flags: &[&[
        COMPOSE_FILE,
        Flag::new("detach", BOOL, "Return at once, without waiting for the services to converge")
            .short('d')
            .default("true"),
        Flag::new("prune", BOOL, "Remove services that the file no longer names"),
        Flag::new("quiet", BOOL, "Wait without showing progress").short('q'),
        Flag::new("resolve-image", STRING, "When to ask the registry: always, changed or never")
            .default("always")
            .offers(Offer::Words(RESOLVE)),
        Flag::new("with-registry-auth", BOOL, "Pass the local registry login on to the agents"),
    ]],
    stop_at_argument: false,
    run,
};

const RESOLVE: &[&str] = &["always", "changed", "never"];

const BACKGROUND: &str = "Since --detach=false was not specified, tasks will be created in the background.\n\
                          In a future release, --detach=false will become the default.\n";

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let stack = &matches.args[0];
    check_name(stack)?;
    let compose = Compose::read(call, &files(matches)?, For::Deploy)?;
    call.out.err(compose.warnings());
    images(&compose)?;
    let resolve = matches.text("resolve-image").unwrap_or("always");
    if !RESOLVE.contains(&resolve) {
        return Err(CliError::said(format!("Invalid option {resolve} for flag --resolve-image")));
    }
    if !matches.has("detach") {
        call.out.err(BACKGROUND);
    }
    if let Err(error) = call.api().services() {
        return Err(match error {
            ApiError::NotManager => CliError::said(
                "this node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this \
                 node to swarm and try again",
            ),
            error => error.into(),
        });
    }
    if matches.on("prune") {
        prune(call, stack, &compose)?;
    }
    networks(call, stack, &compose)?;
    for kind in [FileKind::Secret, FileKind::Config] {
        put_files(call, stack, kind, &compose)?;
    }
    let ids = services(call, stack, resolve, &compose)?;
    if !matches.has("detach") || matches.on("detach") || ids.is_empty() {
        return Ok(Flow::Exit(0));
    }
    let progress = Progress::of(call.node, ids, matches.on("quiet"), call.world.now(), call.out);
    Foreground::Progress(Box::new(progress.naming_errors(Vec::new()))).start(call)
}

/// Each service has an image, and its name can be one.
fn images(compose: &Compose) -> Result<(), CliError> {
    for (name, service) in compose.section("services") {
        let bad = |why: &str| Err(CliError::said(format!("invalid image reference for service {name}: {why}")));
        match service.str("image").unwrap_or("") {
            "" => return bad("no image specified"),
            image => {
                if let Some(why) = compose::refusal(image) {
                    return bad(&why);
                }
            }
        }
    }
    Ok(())
}

/// Removes services that no file names any more.
fn prune(call: &mut Call, stack: &str, compose: &Compose) -> Result<(), CliError> {
    for service in services_of(call, stack)? {
        let name = service.spec.name.strip_prefix(&format!("{stack}_")).unwrap_or(&service.spec.name).to_owned();
        if compose.section("services").iter().all(|(known, _)| *known != name) {
            super::rm::service(call, &service);
        }
    }
    Ok(())
}

/// Creates the networks that services join, where they are not there yet.
fn networks(call: &mut Call, stack: &str, compose: &Compose) -> Result<(), CliError> {
    let joined = compose.section("services").iter().flat_map(|(_, service)| compose::joined(service));
    let mut wanted: Vec<String> = joined.collect();
    crate::collections::sort(&mut wanted);
    wanted.dedup();
    let mut own = Vec::new();
    for key in wanted {
        match compose::network(call, stack, &key, compose) {
            (_, Some(network)) => own.push(network),
            (name, None) => external(call, &name)?,
        }
    }
    for network in call.world.walk(own) {
        let known = call.api().networks();
        if known.iter().any(|had| had.name == network.name && is_of(&had.labels, stack)) {
            continue;
        }
        let name = network.name.clone();
        call.line(format!("Creating network {name}"));
        call.api().create_network(network).map_err(|error| failed("create network", &name, error))?;
    }
    Ok(())
}

/// A network that is not the stack's own must be there already, and the swarm's.
fn external(call: &mut Call, name: &str) -> Result<(), CliError> {
    if ["bridge", "host", "none", "default"].contains(&name) {
        return Ok(());
    }
    match call.api().network(name) {
        Ok(network) if network.node.is_none() => Ok(()),
        Ok(_) => Err(CliError::said(format!(
            "network \"{name}\" is declared as external, but it is not in the right scope: \"local\" instead of \"swarm\""
        ))),
        Err(ApiError::NotFound { .. }) => Err(CliError::said(format!(
            "network \"{name}\" is declared as external, but could not be found. You need to create a swarm-scoped \
             network before the stack is deployed"
        ))),
        Err(error) => Err(error.into()),
    }
}

/// What went wrong with which object.
fn failed(what: &str, name: &str, error: ApiError) -> CliError {
    CliError::said(format!("failed to {what} {name}: {}", CliError::from(error)))
}

/// Creates configs or secrets, and gives those that are there their labels.
fn put_files(call: &mut Call, stack: &str, kind: FileKind, compose: &Compose) -> Result<(), CliError> {
    let word = kind.word();
    let mut specs: Vec<FileSpec> = Vec::new();
    for (key, config) in compose.section(&format!("{word}s")) {
        specs.extend(compose::file_spec(call, stack, key, config)?);
    }
    for spec in call.world.walk(specs) {
        let name = spec.name.clone();
        match call.api().file(kind, &name) {
            Ok(known) if known.data == spec.data => call.api().label_file(&known, spec.labels),
            Ok(_) => {
                let sentence = "only updates to Labels are allowed".to_owned();
                let error = ApiError::Refused { code: crate::api::Code::InvalidArgument, sentence };
                return Err(failed(&format!("update {word}"), &name, error));
            }
            Err(ApiError::NotFound { .. }) => {
                call.line(format!("Creating {word} {name}"));
                call.api().create_file(kind, spec).map_err(|error| failed(&format!("create {word}"), &name, error))?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Creates and updates the services. Returns their ids.
fn services(call: &mut Call, stack: &str, resolve: &str, compose: &Compose) -> Result<Vec<String>, CliError> {
    let mut specs: Vec<(&str, ServiceSpec)> = Vec::new();
    for (key, _) in compose.section("services") {
        specs.push((key, compose::service(stack, key, compose, call.store())?));
    }
    let known = services_of(call, stack)?;
    let mut ids = Vec::new();
    for (key, mut spec) in call.world.walk(specs) {
        let name = spec.name.clone();
        let had = known.iter().find(|service| service.spec.name == name);
        let verb = if had.is_some() { "update service" } else { "create service" };
        let image = |spec: &ServiceSpec| spec.labels.get(IMAGE).cloned();
        let same = had.is_some_and(|had| image(&had.spec) == image(&spec));
        match had {
            Some(had) => call.line(format!("Updating service {name} (id: {})", had.id)),
            None => call.line(format!("Creating service {name}")),
        }
        let refusal = compose::unknown_word(compose, key);
        if let Some(sentence) = refusal {
            return Err(CliError::said(format!("failed to {verb} {name}: {}", refused(sentence))));
        }
        let task = Rc::make_mut(&mut spec.task);
        for network in &mut task.networks {
            network.target = network_id(&network.target, call.store())
                .map_err(|error| CliError::said(format!("failed to {verb} {name}: {error}")))?;
        }
        let mut warning = None;
        match had {
            Some(had) if same && resolve != "always" => {
                task.container.image.clone_from(&had.spec.task.container.image);
            }
            _ if resolve == "never" => registry::tag(&mut task.container),
            _ => warning = registry::resolve(call, &mut spec),
        }
        match had {
            Some(had) => {
                Rc::make_mut(&mut spec.task).force_update = had.spec.task.force_update;
                let updated = call.api().update_service(had.id, had.meta.version, spec, Rollback::No);
                updated.map_err(|error| failed(verb, &name, error))?;
                if let Some(warning) = warning {
                    call.out.err(warning + "\n");
                }
                ids.push(had.id.to_string());
            }
            None => {
                let id = call.api().create_service(spec).map_err(|error| failed(verb, &name, error))?;
                ids.push(id.to_string());
            }
        }
    }
    Ok(ids)
}
