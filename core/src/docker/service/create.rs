//! `docker service create`
//!
//! Models: docker/cli cli/command/service/create.go and opts.go (ToService).

use crate::collections;
use std::rc::Rc;

use super::mounts::{self, MOUNT};
use super::options::*;
use super::ports::{self, PORT};
use super::references::{self, CONFIG, NETWORK, SECRET, map};
use super::{registry, spec, watch};
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Flag, LIST, Matches, Offer, STRING, UINT};
use crate::docker::{Flow, names};
use crate::model::{EndpointSpec, FileKind, Mode, Placement, Resources, ServiceSpec, TaskSpec};

pub(crate) static COMMAND: Command = Command {
    path: "service create",
    aliases: &[],
    usage: "[OPTIONS] IMAGE [COMMAND] [ARG...]",
    about: "Create a service: tasks of one image that the swarm keeps running",
    korean: "서비스를 만든다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Images,
    flags: &[&COMMON, &OWN],
    stop_at_argument: true,
    run,
};

const OWN: [Flag; 24] = [
    Flag::new("config", CONFIG, "Expose a swarm config inside the containers"),
    Flag::new("constraint", LIST, "Only place tasks on nodes that satisfy this expression"),
    Flag::new("container-label", LABEL, "Label put on the task containers"),
    Flag::new("dns", DNS, "Custom DNS server for the containers"),
    Flag::new("dns-option", LIST, "resolv.conf option for the containers"),
    Flag::new("dns-search", DNS_SEARCH, "DNS search domain for the containers"),
    Flag::new("endpoint-mode", STRING, "Service discovery mode: vip or dnsrr")
        .default("vip")
        .offers(Offer::Words(&["vip", "dnsrr"])),
    Flag::new("env", ENV, "Environment variable for the containers").short('e'),
    Flag::new("env-file", LIST, "File with environment variables, one per line"),
    Flag::new("generic-resource", GENERIC, "Reserve a user-defined discrete resource (name=count)"),
    Flag::new("group", LIST, "Supplementary group for the container user"),
    Flag::new("host", HOST, "Extra /etc/hosts entry (host:ip)"),
    Flag::new("label", LABEL, "Label of the service (key=value)").short('l'),
    Flag::new("mode", STRING, "replicated, global, replicated-job or global-job")
        .default("replicated")
        .offers(Offer::Words(&["replicated", "global", "replicated-job", "global-job"])),
    Flag::new("mount", MOUNT, "Mount a volume, bind or tmpfs into the containers"),
    Flag::new("name", STRING, "Name of the service (random when empty)"),
    Flag::new("network", NETWORK, "Attach the service to a network"),
    Flag::new("placement-pref", PREF, "Spread preference (spread=node.labels.x)"),
    Flag::new("publish", PORT, "Publish a port").short('p'),
    Flag::new("rollback-parallelism", UINT, "Tasks rolled back at a time (0 = all)").default("1"),
    Flag::new("secret", SECRET, "Expose a swarm secret inside the containers"),
    Flag::new("sysctl", LIST, "Kernel parameter for the containers"),
    Flag::new("ulimit", ULIMIT, "Resource limit of the containers"),
    Flag::new("update-parallelism", UINT, "Tasks updated at a time (0 = all)").default("1"),
];

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let mut service = build(call, matches)?;
    let warning = if matches.on("no-resolve-image") {
        registry::tag(&mut Rc::make_mut(&mut service.task).container);
        None
    } else {
        registry::resolve(call, &mut service)
    };
    spec::sendable(call, &service, matches)?;
    if service.name.is_empty() {
        service.name = names::random(call.store());
    }
    let id = call.api().create_service(service)?;
    if let Some(warning) = warning {
        call.out.err(warning + "\n");
    }
    call.line(id.as_str());
    watch(call, vec![id.to_string()], matches)
}

/// The spec that the flags ask for.
fn build(call: &Call, matches: &Matches) -> Result<ServiceSpec, CliError> {
    let mut task = TaskSpec {
        resources: Some(Resources::default()),
        placement: Some(Placement::default()),
        ..TaskSpec::default()
    };
    let container = &mut task.container;
    container.image.clone_from(&matches.args[0]);
    container.args = matches.args[1..].to_vec();
    container.labels = map(matches.all("container-label"));
    container.env = environment(call, matches)?;
    container.groups = matches.list("group");
    container.init = Some(false);
    container.mounts = matches.read("mount", mounts::parse);
    container.hosts = matches.read("host", host);
    container.sysctls = map(matches.all("sysctl"));
    container.ulimits = matches.read("ulimit", ulimit);
    collections::sort_by(&mut container.ulimits, |a, b| a.name.cmp(&b.name));
    let dns = container.dns.get_or_insert_default();
    dns.nameservers = matches.list("dns");
    dns.search = matches.list("dns-search");
    dns.options = matches.list("dns-option");
    let mode = mode(matches)?;
    let placement = task.placement.get_or_insert_default();
    placement.constraints = matches.list("constraint");
    placement.preferences = matches.read("placement-pref", preference);
    let endpoint = EndpointSpec { mode: None, ports: matches.read("publish", ports::parse).concat() };
    let mut service = ServiceSpec {
        name: matches.text("name").unwrap_or("").to_owned(),
        labels: map(matches.all("label")),
        task: Rc::default(),
        mode,
        update: None,
        rollback: None,
        endpoint: Some(endpoint),
    };
    spec::edit(&mut service, &mut task, matches)?;
    if mode.is_job() && (service.update.is_some() || service.rollback.is_some()) {
        return Err(CliError::said("update and rollback configuration is not supported for jobs"));
    }
    task.networks = references::networks(matches.all("network"), call.store())?;
    task.container.secrets = references::files(FileKind::Secret, matches.all("secret"), call.store())?;
    task.container.configs = references::files(FileKind::Config, matches.all("config"), call.store())?;
    references::credential_config(&mut task.container, call.store())?;
    spec::generic_resources(&mut task, matches.all("generic-resource"))?;
    service.task = Rc::new(task);
    Ok(service)
}

/// Later values of a variable replace earlier ones.
pub(in crate::docker) fn environment(call: &Call, matches: &Matches) -> Result<Vec<String>, CliError> {
    let mut given = Vec::new();
    for path in matches.all("env-file") {
        given.extend(variables(call, path).map_err(CliError::said)?);
    }
    given.extend(matches.list("env"));
    let mut env: Vec<String> = Vec::new();
    for variable in given {
        let key = spec::env_key(&variable);
        env.retain(|had| *had == variable || had.split_once('=').is_none_or(|(had, _)| had != key));
        env.push(variable);
    }
    Ok(env)
}

/// The variables of a file, one a line; of one without a value, that of the shell. Models: docker/cli pkg/kvfile.
fn variables(call: &Call, path: &str) -> Result<Vec<String>, String> {
    let text = call.text_of(path)?;
    let mut variables = Vec::new();
    for line in text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (key, value) = line.split_once('=').map_or((line, None), |(key, value)| (key, Some(value)));
        if key.is_empty() {
            return Err(format!("invalid env file ({path}): no variable name on line '{line}'"));
        }
        if key.contains([' ', '\t']) {
            return Err(format!("invalid env file ({path}): variable '{key}' contains whitespaces"));
        }
        match value {
            Some(_) => variables.push(line.to_owned()),
            None => variables.extend((call.machine.variable)(key).map(|value| [key, "=", &value].concat())),
        }
    }
    Ok(variables)
}

fn mode(matches: &Matches) -> Result<Mode, CliError> {
    let replicas = matches.uint("replicas");
    let concurrent = matches.uint("max-concurrent");
    let name = matches.text("mode").unwrap_or("replicated");
    let only_jobs = "max-concurrent can only be used with replicated-job mode";
    if !["replicated", "global", "replicated-job", "global-job"].contains(&name) {
        return Err(CliError::said(format!("Unknown mode: {name}, only replicated and global supported")));
    }
    if matches!(name, "global" | "global-job") {
        if replicas.is_some() {
            return Err(CliError::said("replicas can only be used with replicated or replicated-job mode"));
        }
        if matches.uint("replicas-max-per-node").unwrap_or(0) > 0 {
            return Err(CliError::said(
                "replicas-max-per-node can only be used with replicated or replicated-job mode",
            ));
        }
    }
    if concurrent.is_some() && name != "replicated-job" {
        return Err(CliError::said(only_jobs));
    }
    Ok(match name {
        "replicated" => Mode::Replicated { replicas: replicas.unwrap_or(1) },
        "global" => Mode::Global,
        "global-job" => Mode::GlobalJob,
        _ => {
            let max_concurrent = concurrent.or(replicas).unwrap_or(1);
            Mode::ReplicatedJob { max_concurrent, total_completions: replicas.unwrap_or(max_concurrent) }
        }
    })
}
