//! The checks of service specs, in the order in which swarmkit makes them.
//!
//! Models: swarmkit manager/controlapi/service.go (validateServiceSpec, checkPortConflicts), common.go.

use crate::collections::Set;
use crate::decimal;

use super::{ApiError, Code};
use crate::engine::constraint::Constraint;
use crate::model::{
    ContainerSpec, EndpointMode, EndpointSpec, FileReference, Mode, PublishMode, Resources, Service, ServiceSpec,
    UpdateConfig,
};
use crate::store::Store;
use crate::subnet::Subnet;
use crate::time::Nanos;

const MIN_NANO_CPUS: i64 = 1_000_000;
const MIN_MEMORY_BYTES: i64 = 4 << 20;
const MILLISECOND: Nanos = 1_000_000;
const MAX_NAME: usize = 63;

/// Which write is checked.
#[derive(Clone, Copy)]
pub(super) enum Write<'s> {
    Create,
    /// Of this service, as it was read.
    Update(&'s Service),
}

pub(super) fn invalid(sentence: impl Into<String>) -> ApiError {
    ApiError::Refused { code: Code::InvalidArgument, sentence: sentence.into() }
}

/// Checks a spec by itself.
pub(super) fn spec(spec: &ServiceSpec) -> Result<(), ApiError> {
    name(&spec.name)?;
    let task = &spec.task;
    if let Some(found) = &task.resources {
        resources(found)?;
    }
    if let Some(restart) = &task.restart {
        for (what, value) in [("delay", restart.delay), ("window", restart.window)] {
            if value.is_some_and(|nanos| nanos < 0) {
                return Err(invalid(format!("TaskSpec: restart-{what} cannot be negative")));
            }
        }
    }
    if let Some(placement) = &task.placement {
        let read = Constraint::parse_all(&placement.constraints);
        read.map_err(|sentence| ApiError::Refused { code: Code::Unknown, sentence })?;
    }
    references(&task.container.secrets, "secret")?;
    references(&task.container.configs, "config")?;
    container(&task.container)?;
    mode(spec.mode)?;
    if spec.mode.is_job() && spec.update.is_some() {
        return Err(invalid("Jobs may not have an update config"));
    }
    // The rollback config is not looked at: Swarm's own omission.
    if let Some(update) = &spec.update {
        update_config(update)?;
    }
    spec.endpoint.as_ref().map_or(Ok(()), endpoint)
}

pub(super) fn name(name: &str) -> Result<(), ApiError> {
    if name.is_empty() {
        return Err(invalid("meta: name must be provided"));
    }
    if !is_dns_name(name) {
        return Err(invalid("name must be valid as a DNS name component"));
    }
    if name.len() > MAX_NAME {
        return Err(invalid("name must be 63 characters or fewer"));
    }
    Ok(())
}

/// `^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$`
fn is_dns_name(name: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    ends(name.chars().next())
        && ends(name.chars().last())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn resources(resources: &Resources) -> Result<(), ApiError> {
    let both = [
        (resources.limits.nano_cpus, resources.limits.memory_bytes),
        (resources.reservations.nano_cpus, resources.reservations.memory_bytes),
    ];
    for (nano_cpus, memory_bytes) in both {
        if nano_cpus != 0 && nano_cpus < MIN_NANO_CPUS {
            let cpus = decimal::shortest((nano_cpus as f64 / 1e9) as f32);
            return Err(invalid(format!("invalid cpu value {cpus}: Must be at least 0.001")));
        }
        if memory_bytes != 0 && memory_bytes < MIN_MEMORY_BYTES {
            return Err(invalid(format!("invalid memory value {memory_bytes}: Must be at least 4MiB")));
        }
    }
    Ok(())
}

fn container(spec: &ContainerSpec) -> Result<(), ApiError> {
    if spec.image.is_empty() {
        return Err(invalid("ContainerSpec: image reference must be provided"));
    }
    if !is_reference(&spec.image) {
        return Err(invalid(format!("ContainerSpec: \"{}\" is not a valid repository/tag", spec.image)));
    }
    let mut targets = Set::new();
    for mount in &spec.mounts {
        if !targets.insert(&mount.target) {
            return Err(invalid(format!("ContainerSpec: duplicate mount point: {}", mount.target)));
        }
    }
    hostname(&spec.hostname)?;
    let Some(check) = &spec.healthcheck else { return Ok(()) };
    let durations = [
        ("Interval", check.interval),
        ("Timeout", check.timeout),
        ("StartPeriod", check.start_period),
        ("StartInterval", check.start_interval),
    ];
    for (what, nanos) in durations {
        if nanos != 0 && nanos < MILLISECOND {
            return Err(invalid(format!("ContainerSpec: {what} in HealthConfig cannot be less than 1ms")));
        }
    }
    if check.retries < 0 {
        return Err(invalid("ContainerSpec: Retries in HealthConfig cannot be negative"));
    }
    Ok(())
}

/// Files that a container gets: each needs a name of its own. Models: validateSecretRefsSpec, validateConfigRefsSpec.
fn references(files: &[FileReference], kind: &str) -> Result<(), ApiError> {
    for (place, reference) in files.iter().enumerate() {
        if reference.name.is_empty() {
            return Err(invalid(format!("malformed {kind} reference")));
        }
        if reference.runtime {
            continue;
        }
        if reference.file.is_empty() {
            return Err(invalid(format!("malformed file {kind} reference, invalid target file name provided")));
        }
        if let Some(other) = files[..place].iter().find(|other| other.file == reference.file) {
            return Err(invalid(format!(
                "{kind} references '{}' and '{}' have a conflicting target: '{}'",
                other.name, reference.name, reference.file
            )));
        }
    }
    Ok(())
}

/// An address with the length of its prefix, and nothing behind that. Models: moby api/types/network/ipam.go,
/// ValidateIPAM.
pub(crate) fn subnet(text: &str) -> Result<(), ApiError> {
    let why = match Subnet::parse(text) {
        Some(subnet) if subnet == subnet.masked() => return Ok(()),
        Some(subnet) => format!("it should be {}", subnet.masked()),
        None => "invalid CIDR block notation".to_owned(),
    };
    Err(ApiError::Refused {
        code: Code::Daemon,
        sentence: format!("invalid network config:\ninvalid subnet {text}: {why}"),
    })
}

/// How many tasks one service may want. Swarm would go on until its managers' memory ends; a page must not.
const MOST_TASKS: u64 = 10_000;

/// Counts that were negative when they were sent, and those that no machine has room for.
fn mode(mode: Mode) -> Result<(), ApiError> {
    let tasks = match mode {
        Mode::Replicated { replicas } => replicas,
        Mode::ReplicatedJob { max_concurrent, total_completions } => max_concurrent.min(total_completions),
        Mode::Global | Mode::GlobalJob => 0,
    };
    let negative = |count: u64| i64::try_from(count).is_err();
    match mode {
        Mode::Replicated { replicas } if negative(replicas) => Err(invalid("Number of replicas must be non-negative")),
        Mode::ReplicatedJob { max_concurrent, .. } if negative(max_concurrent) => {
            Err(invalid("Maximum concurrent jobs must not be negative"))
        }
        Mode::ReplicatedJob { total_completions, .. } if negative(total_completions) => {
            Err(invalid("Total completed jobs must not be negative"))
        }
        _ if tasks > MOST_TASKS => {
            Err(invalid(format!("swarmyard: more than {MOST_TASKS} tasks of one service are not simulated")))
        }
        _ => Ok(()),
    }
}

/// Checks the template of a host name by its fields. Models: template/expand.go, ExpandContainerSpec.
/// Differs: what a template may do besides naming fields is not looked at.
fn hostname(text: &str) -> Result<(), ApiError> {
    const FIELDS: [&str; 3] = [".Service", ".Node", ".Task"];
    let Some(start) = text.find("{{") else { return Ok(()) };
    let Some(action) = text[start + 2..].split("}}").next() else { return Ok(()) };
    let path = action.trim();
    let Some(first) = path.strip_prefix('.').map(|path| path.split('.').next().unwrap_or(path)) else { return Ok(()) };
    if FIELDS.iter().any(|field| field[1..] == *first) {
        return Ok(());
    }
    // Of a path of several fields Go shows where the second one begins.
    let at = start + 2 + (action.len() - action.trim_start().len());
    let at = at + path[1..].find('.').map_or(0, |second| second + 1);
    Err(invalid(format!(
        "expanding hostname failed: template: expansion:1:{at}: executing \"expansion\" at <{path}>: can't evaluate field \
         {first} in type template.Context"
    )))
}

/// Whether a text can name an image: lower-case path components, an optional tag, an optional digest.
fn is_reference(text: &str) -> bool {
    let reference = crate::engine::image::Reference::parse(text);
    let tag = reference.tag.is_none_or(|tag| {
        let first = tag.chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        first && tag.len() <= 128 && tag.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
    });
    let digest = reference.digest.is_none_or(|digest| {
        digest.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.chars().all(|c| c.is_ascii_hexdigit()))
    });
    let (domain, path) = match reference.name.split_once('/') {
        Some((domain, path)) if domain.contains(['.', ':']) || domain == "localhost" => (Some(domain), path),
        _ => (None, reference.name),
    };
    let domain = domain.is_none_or(|domain| domain.chars().all(|c| c.is_ascii_alphanumeric() || ".:-".contains(c)));
    tag && digest && domain && path.split('/').all(is_path_component)
}

fn is_path_component(part: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    ends(part.chars().next())
        && ends(part.chars().last())
        && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c))
        && !part.contains("..")
        && !part.contains("___")
}

fn update_config(update: &UpdateConfig) -> Result<(), ApiError> {
    if update.delay < 0 {
        return Err(invalid("TaskSpec: update-delay cannot be negative"));
    }
    if update.monitor < 0 {
        return Err(invalid("TaskSpec: update-monitor cannot be negative"));
    }
    if !(0.0..=1.0).contains(&update.max_failure_ratio) {
        return Err(invalid("TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1"));
    }
    Ok(())
}

fn endpoint(spec: &EndpointSpec) -> Result<(), ApiError> {
    let ingress = spec.ports.iter().any(|port| port.mode == PublishMode::Ingress);
    if spec.mode == Some(EndpointMode::DnsRr) && ingress {
        return Err(invalid("EndpointSpec: port published with ingress mode can't be used with dnsrr mode"));
    }
    let mut seen = Set::new();
    for port in spec.ports.iter().filter(|port| port.published != 0) {
        if !seen.insert((port.protocol, port.published)) {
            return Err(invalid("EndpointSpec: duplicate published ports provided"));
        }
    }
    Ok(())
}

/// Checks a spec against what the other services have: ports first, then, for a new one, the name.
pub(super) fn against_others(spec: &ServiceSpec, write: Write, store: &Store) -> Result<(), ApiError> {
    let me = match write {
        Write::Create => None,
        Write::Update(service) => Some(service),
    };
    networks(spec, store)?;
    if me.is_none_or(|me| me.spec.endpoint != spec.endpoint) {
        ports(spec, me, store)?;
    }
    exist(&spec.task.container.secrets, "secret", store)?;
    exist(&spec.task.container.configs, "config", store)?;
    let taken = me.is_none() && store.services().any(|other| other.spec.name.eq_ignore_ascii_case(&spec.name));
    if taken {
        return Err(ApiError::NameConflict { kind: "service", name: spec.name.clone() });
    }
    Ok(())
}

/// The routing mesh's network is joined by publishing ports, and by nothing else.
fn networks(spec: &ServiceSpec, store: &Store) -> Result<(), ApiError> {
    let mut ingress = store.networks().filter(|network| network.ingress);
    for attachment in &spec.task.networks {
        if let Some(network) = ingress.clone().find(|network| network.id.as_str() == attachment.target) {
            let name = &network.name;
            return Err(invalid(format!("Service cannot be explicitly attached to the ingress network \"{name}\"")));
        }
    }
    let published = spec.endpoint.iter().flat_map(|endpoint| &endpoint.ports);
    if published.into_iter().any(|port| port.mode == PublishMode::Ingress) && ingress.next().is_none() {
        return Err(ApiError::Refused {
            code: Code::FailedPrecondition,
            sentence: "service needs ingress network, but no ingress network is present".to_owned(),
        });
    }
    Ok(())
}

/// Models: checkSecretExistence, checkConfigExistence.
fn exist(files: &[FileReference], kind: &str, store: &Store) -> Result<(), ApiError> {
    let known = |used: &FileReference| store.files().any(|file| file.id == used.id && file.name == used.name);
    let missing: Vec<&str> = files.iter().filter(|used| !known(used)).map(|used| used.name.as_str()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let plural = if missing.len() == 1 { "" } else { "s" };
    Err(invalid(format!("{kind}{plural} not found: {}", missing.join(", "))))
}

/// Two services may publish the same port in host mode only.
fn ports(spec: &ServiceSpec, me: Option<&Service>, store: &Store) -> Result<(), ApiError> {
    let wanted = spec.endpoint.iter().flat_map(|endpoint| &endpoint.ports).filter(|port| port.published != 0);
    for port in wanted {
        for other in store.services().filter(|other| me.is_none_or(|me| me.id != other.id)) {
            let specified = other.spec.endpoint.iter().flat_map(|endpoint| &endpoint.ports);
            let clash = specified.chain(&other.endpoint.ports).find(|its| {
                (its.published, its.protocol) == (port.published, port.protocol)
                    && (its.mode == PublishMode::Ingress || port.mode == PublishMode::Ingress)
            });
            if let Some(its) = clash {
                let how = match its.mode {
                    PublishMode::Ingress => "as an ingress port",
                    PublishMode::Host => "as a host-published port",
                };
                return Err(invalid(format!(
                    "port '{}' is already in use by service '{}' ({}) {how}",
                    port.published, other.spec.name, other.id
                )));
            }
        }
    }
    Ok(())
}
