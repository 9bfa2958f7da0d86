//! Services, networks, configs and secrets of a stack, made of what its files say.
//!
//! Models: docker/cli cli/compose/convert/{service,compose,volume}.go.

use std::rc::Rc;

use super::Compose;
use super::yaml::Yaml;
use crate::api::FileSpec;
use crate::collections;
use crate::docker::command::Call;
use crate::docker::error::CliError;
use crate::docker::service::{Wanted, network_id, resolve};
use crate::docker::stack::{IMAGE, NAMESPACE};
use crate::docker::units::{parse_cpus, parse_duration, quote};
use crate::id::NetworkId;
use crate::model::{
    ContainerSpec, DnsConfig, EndpointMode, EndpointSpec, FailureAction, FileKind, FileReference, HealthConfig, Labels,
    LogDriver, Mode, Mount, Network, NetworkAttachment, Order, Placement, PortConfig, Protocol, PublishMode, Resources,
    RestartCondition, RestartPolicy, ServiceSpec, TaskSpec, Ulimit, UpdateConfig,
};
use crate::store::Store;
use crate::time::Nanos;

fn texts(of: &Yaml, key: &str) -> Vec<String> {
    of.get(key).map_or(&[][..], Yaml::as_list).iter().filter_map(Yaml::as_text).map(str::to_owned).collect()
}

fn text(of: &Yaml, key: &str) -> String {
    of.str(key).unwrap_or("").to_owned()
}

fn int(of: &Yaml, key: &str) -> Option<i64> {
    of.str(key)?.parse().ok()
}

fn duration(of: &Yaml, key: &str) -> Option<Nanos> {
    parse_duration(of.str(key)?).ok()
}

fn on(of: &Yaml, key: &str) -> bool {
    of.str(key) == Some("true")
}

fn pairs(of: &Yaml, key: &str) -> Labels {
    let pairs = of.get(key).map_or(&[][..], Yaml::as_map).iter();
    pairs.map(|(key, value)| (key.clone(), value.as_text().unwrap_or("").to_owned())).collect()
}

fn labels(of: &Yaml, stack: &str) -> Labels {
    let mut labels = pairs(of, "labels");
    labels.insert(NAMESPACE.to_owned(), stack.to_owned());
    labels
}

/// Whether something is not the stack's own, and its name in the swarm.
pub(crate) fn named(stack: &str, key: &str, object: &Yaml) -> (bool, String) {
    let external = object.get("external").filter(|external| external.as_text() != Some("false"));
    let given = external.and_then(|external| external.str("name")).or(object.str("name"));
    let name = match (given, &external) {
        (Some(name), _) => name.to_owned(),
        (None, Some(_)) => key.to_owned(),
        (None, None) => format!("{stack}_{key}"),
    };
    (external.is_some(), name)
}

/// A network of a stack: its name, and what to create; `None` where it is not the stack's own.
pub(crate) fn network(call: &Call, stack: &str, key: &str, compose: &Compose) -> (String, Option<Network>) {
    let empty = Yaml::Map(Vec::new());
    let config = compose.section("networks").iter().find(|(name, _)| name == key).map_or(&empty, |(_, config)| config);
    let (external, name) = named(stack, key, config);
    if external {
        return (name, None);
    }
    let driver = config.str("driver").unwrap_or("overlay");
    let mut network = Network::new(NetworkId::LEAST, &name, driver);
    network.labels = labels(config, stack);
    network.options = pairs(config, "driver_opts");
    network.internal = on(config, "internal");
    network.attachable = on(config, "attachable");
    network.node = (driver != "overlay").then_some(call.node);
    let subnets = config.get("ipam").and_then(|ipam| ipam.get("config")).map_or(&[][..], Yaml::as_list);
    network.subnets = subnets
        .iter()
        .filter_map(|pool| Some((pool.str("subnet")?.to_owned(), String::new(), String::new())))
        .collect();
    (name, Some(network))
}

/// A config or a secret of a stack; `None` where it is not the stack's own.
pub(crate) fn file_spec(call: &Call, stack: &str, key: &str, config: &Yaml) -> Result<Option<FileSpec>, CliError> {
    let (external, name) = named(stack, key, config);
    if external {
        return Ok(None);
    }
    let driver = text(config, "driver");
    let data =
        if driver.is_empty() { call.text_of(&text(config, "file")).map_err(CliError::said)? } else { String::new() };
    Ok(Some(FileSpec {
        name,
        labels: labels(config, stack),
        data,
        driver,
        templating: text(config, "template_driver"),
    }))
}

/// The spec of a service.
pub(crate) fn service(stack: &str, name: &str, compose: &Compose, store: &Store) -> Result<ServiceSpec, CliError> {
    let sections = compose.section("services");
    let config =
        sections.iter().find(|(key, _)| key == name).map(|(_, config)| config).expect("it was read from there");
    let said = |why: String| CliError::said(format!("service {name}: {why}"));
    let none = Yaml::NULL;
    let deploy = config.get("deploy").unwrap_or(&none);
    let mut labels = labels(deploy, stack);
    labels.insert(IMAGE.to_owned(), text(config, "image"));
    let task = TaskSpec {
        container: ContainerSpec {
            secrets: files(FileKind::Secret, stack, config, compose, store).map_err(|error| said(error.to_string()))?,
            configs: files(FileKind::Config, stack, config, compose, store).map_err(|error| said(error.to_string()))?,
            mounts: mounts(stack, config, compose).map_err(said)?,
            ..container(stack, config).map_err(said)?
        },
        resources: Some(resources(deploy).map_err(said)?),
        restart: restart(config, deploy).map_err(said)?,
        placement: Some(placement(deploy)),
        networks: networks(stack, name, config, compose, store).map_err(|error| match error {
            CliError::Said(why) => said(why),
            error => error,
        })?,
        log_driver: config
            .get("logging")
            .map(|logging| LogDriver { name: text(logging, "driver"), options: pairs(logging, "options") }),
        force_update: 0,
    };
    Ok(ServiceSpec {
        name: format!("{stack}_{name}"),
        labels,
        task: Rc::new(task),
        mode: mode(deploy).map_err(said)?,
        update: deploy.get("update_config").map(update_config),
        rollback: deploy.get("rollback_config").map(update_config),
        endpoint: Some(EndpointSpec {
            mode: deploy.str("endpoint_mode").and_then(|word| EndpointMode::of(&word.to_ascii_lowercase())),
            ports: ports(config),
        }),
    })
}

/// Words of a service's `deploy` that the daemon does not know: a spec here cannot hold them.
pub(crate) fn unknown_word(compose: &Compose, name: &str) -> Option<String> {
    let service = compose.section("services").iter().find(|(key, _)| key == name).map(|(_, config)| config)?;
    let deploy = service.get("deploy")?;
    let word = |of: &str, key: &str| deploy.get(of).and_then(|config| config.str(key)).filter(|word| !word.is_empty());
    let condition = word("restart_policy", "condition").filter(|word| RestartCondition::of(word).is_none());
    let condition = condition.map(|word| format!("invalid RestartCondition: {}", quote(word)));
    let update = || {
        ["update_config", "rollback_config"].into_iter().find_map(|of| {
            let action = word(of, "failure_action").filter(|word| FailureAction::of(word).is_none());
            let order = || word(of, "order").filter(|word| Order::of(word).is_none());
            let action = action.map(|word| format!("unrecognized update failure action {word}"));
            action.or_else(|| Some(format!("unrecognized update order {}", order()?)))
        })
    };
    let endpoint = || {
        let mode = deploy.str("endpoint_mode").filter(|word| !word.is_empty());
        let mode = mode.filter(|word| EndpointMode::of(&word.to_ascii_lowercase()).is_none())?;
        Some(format!("invalid resolution mode: {}", quote(&mode.to_ascii_lowercase())))
    };
    condition.or_else(update).or_else(endpoint)
}

fn container(stack: &str, config: &Yaml) -> Result<ContainerSpec, String> {
    let mut env: Vec<String> = config.get("environment").map_or(&[][..], Yaml::as_map).iter().map(variable).collect();
    collections::sort(&mut env);
    let hosts = texts(config, "extra_hosts");
    let hosts = hosts.iter().filter_map(|line| line.split_once(':')).map(|(name, address)| format!("{address} {name}"));
    let (nameservers, search) = (texts(config, "dns"), texts(config, "dns_search"));
    let dns =
        (!nameservers.is_empty() || !search.is_empty()).then(|| DnsConfig { nameservers, search, options: Vec::new() });
    let (cap_add, mut cap_drop) = (capabilities(config, "cap_add"), capabilities(config, "cap_drop"));
    cap_drop.retain(|name| !cap_add.contains(name));
    let limits = config.get("ulimits").map_or(&[][..], Yaml::as_map).iter();
    let limits = limits.map(|(name, limit)| {
        let both = limit.as_text().and_then(|text| text.parse().ok());
        let one = |key| both.or(int(limit, key)).unwrap_or(0);
        Ulimit { name: name.clone(), soft: one("soft"), hard: one("hard") }
    });
    Ok(ContainerSpec {
        image: text(config, "image"),
        labels: labels(config, stack),
        command: texts(config, "entrypoint"),
        args: texts(config, "command"),
        hostname: text(config, "hostname"),
        env,
        dir: text(config, "working_dir"),
        user: text(config, "user"),
        stop_signal: text(config, "stop_signal"),
        tty: on(config, "tty"),
        read_only: on(config, "read_only"),
        stop_grace_period: duration(config, "stop_grace_period"),
        healthcheck: config.get("healthcheck").map(health).transpose()?,
        hosts: hosts.collect(),
        dns,
        isolation: text(config, "isolation"),
        init: config.str("init").map(|word| word == "true"),
        sysctls: pairs(config, "sysctls"),
        cap_add,
        cap_drop,
        ulimits: limits.collect(),
        oom_score_adj: int(config, "oom_score_adj").unwrap_or(0),
        ..ContainerSpec::default()
    })
}

fn variable((key, value): &(String, Yaml)) -> String {
    match value {
        value if value.is_null() => key.clone(),
        value => format!("{key}={}", value.as_text().unwrap_or("")),
    }
}

fn capabilities(config: &Yaml, key: &str) -> Vec<String> {
    let full = |name: &String| match name.to_ascii_uppercase() {
        name if name == "ALL" || name.starts_with("CAP_") => name,
        name => format!("CAP_{name}"),
    };
    let mut names: Vec<String> = texts(config, key).iter().map(full).collect();
    collections::sort(&mut names);
    names.dedup();
    names
}

fn health(check: &Yaml) -> Result<HealthConfig, String> {
    let test = texts(check, "test");
    if on(check, "disable") {
        if !test.is_empty() {
            return Err("test and disable can't be set at the same time".to_owned());
        }
        return Ok(HealthConfig { test: vec!["NONE".to_owned()], ..HealthConfig::default() });
    }
    let time = |key| duration(check, key).unwrap_or(0);
    Ok(HealthConfig {
        test,
        interval: time("interval"),
        timeout: time("timeout"),
        start_period: time("start_period"),
        start_interval: time("start_interval"),
        retries: int(check, "retries").unwrap_or(0),
    })
}

/// The configs or secrets of a service, by their names.
fn files(
    kind: FileKind,
    stack: &str,
    config: &Yaml,
    compose: &Compose,
    store: &Store,
) -> Result<Vec<FileReference>, CliError> {
    let section = format!("{}s", kind.word());
    let mut wanted = Vec::new();
    for reference in config.get(&section).map_or(&[][..], Yaml::as_list) {
        let key = text(reference, "source");
        let Some((_, object)) = compose.section(&section).iter().find(|(had, _)| *had == key) else {
            return Err(CliError::said(format!("undefined {} \"{key}\"", kind.word())));
        };
        let or = |key: &str, other: &str| reference.str(key).unwrap_or(other).to_owned();
        wanted.push(Wanted {
            source: named(stack, &key, object).1,
            target: or("target", &key),
            uid: or("uid", "0"),
            gid: or("gid", "0"),
            mode: int(reference, "mode").map_or(0o444, |mode| mode as u32),
        });
    }
    let mut references = resolve(kind, wanted, store)?;
    collections::sort_by(&mut references, |a, b| a.name.cmp(&b.name));
    Ok(references)
}

fn networks(
    stack: &str,
    name: &str,
    config: &Yaml,
    compose: &Compose,
    store: &Store,
) -> Result<Vec<NetworkAttachment>, CliError> {
    let mut attachments = Vec::new();
    for key in joined(config) {
        let known = compose.section("networks").iter().find(|(had, _)| *had == key);
        if known.is_none() && key != "default" {
            return Err(CliError::said(format!("undefined network \"{key}\"")));
        }
        let target = known.map_or_else(|| format!("{stack}_default"), |(_, network)| named(stack, &key, network).1);
        let none = Yaml::NULL;
        let asked = config.get("networks").and_then(|networks| networks.get(&key)).unwrap_or(&none);
        let mut attachment = NetworkAttachment {
            target: network_id(&target, store)?,
            aliases: texts(asked, "aliases"),
            driver_opts: pairs(asked, "driver_opts"),
        };
        if !["bridge", "host", "none", "default"].contains(&target.as_str()) {
            attachment.aliases.push(name.to_owned());
        }
        attachments.push(attachment);
    }
    collections::sort_by(&mut attachments, |a, b| a.target.cmp(&b.target));
    Ok(attachments)
}

/// The networks that a service joins, as its stack calls them.
pub(crate) fn joined(config: &Yaml) -> Vec<String> {
    let keys: Vec<String> =
        config.get("networks").map_or(&[][..], Yaml::as_map).iter().map(|(key, _)| key.clone()).collect();
    if keys.is_empty() { vec!["default".to_owned()] } else { keys }
}

fn ports(config: &Yaml) -> Vec<PortConfig> {
    let port = |port: &Yaml| PortConfig {
        name: String::new(),
        protocol: port.str("protocol").and_then(Protocol::of).unwrap_or(Protocol::Tcp),
        target: int(port, "target").unwrap_or(0) as u32,
        published: int(port, "published").unwrap_or(0) as u32,
        mode: port.str("mode").and_then(PublishMode::of).unwrap_or(PublishMode::Ingress),
    };
    let mut ports: Vec<PortConfig> = config.get("ports").map_or(&[][..], Yaml::as_list).iter().map(port).collect();
    collections::sort_by_key(&mut ports, |port| port.published);
    ports
}

fn mounts(stack: &str, config: &Yaml, compose: &Compose) -> Result<Vec<Mount>, String> {
    let mut mounts = Vec::new();
    for volume in config.get("volumes").map_or(&[][..], Yaml::as_list) {
        let kind = volume.str("type").unwrap_or("volume");
        let (source, none) = (text(volume, "source"), Yaml::NULL);
        let options = |key: &str| volume.get(key).unwrap_or(&none);
        if !["volume", "bind", "tmpfs", "npipe", "cluster"].contains(&kind) {
            return Err("volume type must be volume, bind, tmpfs, npipe, or cluster".to_owned());
        }
        for other in ["tmpfs", "bind", "volume"].into_iter().filter(|other| *other != kind) {
            if volume.get(other).is_some() {
                return Err(format!("{other} options are incompatible with type {kind}"));
            }
        }
        let mut mount = Mount {
            kind: kind.to_owned(),
            source: source.clone(),
            target: text(volume, "target"),
            read_only: on(volume, "read_only"),
            options: Vec::new(),
        };
        let mut option = |key: &str, value: String| mount.options.push((key.to_owned(), value));
        if let Some(consistency) = volume.str("consistency") {
            option("consistency", consistency.to_owned());
        }
        match kind {
            "tmpfs" if !source.is_empty() => return Err("invalid tmpfs source, source must be empty".to_owned()),
            "tmpfs" => {
                if let Some(size) = options("tmpfs").str("size") {
                    option("tmpfs-size", size.to_owned());
                }
            }
            "volume" if !source.is_empty() => {
                let Some((_, object)) = compose.section("volumes").iter().find(|(key, _)| *key == source) else {
                    return Err(format!("undefined volume \"{source}\""));
                };
                if on(options("volume"), "nocopy") {
                    option("volume-nocopy", "true".to_owned());
                }
                let (external, name) = named(stack, &source, object);
                if !external {
                    for (key, value) in &labels(object, stack) {
                        option("volume-label", format!("{key}={value}"));
                    }
                    if let Some(driver) = object.str("driver") {
                        option("volume-driver", driver.to_owned());
                    }
                    for (key, value) in &pairs(object, "driver_opts") {
                        option("volume-opt", format!("{key}={value}"));
                    }
                }
                mount.source = name;
            }
            "bind" | "npipe" if source.is_empty() => {
                return Err(format!("invalid {kind} source, source cannot be empty"));
            }
            "bind" => {
                if let Some(propagation) = options("bind").str("propagation") {
                    option("bind-propagation", propagation.to_owned());
                }
            }
            _ => {}
        }
        mounts.push(mount);
    }
    Ok(mounts)
}

fn resources(deploy: &Yaml) -> Result<Resources, String> {
    let none = Yaml::NULL;
    let given = deploy.get("resources").unwrap_or(&none);
    let (limits, reservations) = (given.get("limits").unwrap_or(&none), given.get("reservations").unwrap_or(&none));
    let cpus = |of: &Yaml| of.str("cpus").map_or(Ok(0), parse_cpus);
    let mut resources = Resources::default();
    resources.limits.nano_cpus = cpus(limits)?;
    resources.limits.memory_bytes = int(limits, "memory").unwrap_or(0);
    resources.limits.pids = int(limits, "pids").unwrap_or(0);
    resources.reservations.nano_cpus = cpus(reservations)?;
    resources.reservations.memory_bytes = int(reservations, "memory").unwrap_or(0);
    let generic = reservations.get("generic_resources").map_or(&[][..], Yaml::as_list);
    let discrete = generic.iter().filter_map(|resource| resource.get("discrete_resource_spec"));
    resources.reservations.generic =
        discrete.map(|resource| (text(resource, "kind"), int(resource, "value").unwrap_or(0))).collect();
    Ok(resources)
}

/// The policy of `deploy`, or else what the old `restart` means.
fn restart(config: &Yaml, deploy: &Yaml) -> Result<Option<RestartPolicy>, String> {
    let policy =
        |condition, delay, max_attempts, window| Some(RestartPolicy { condition, delay, max_attempts, window });
    if let Some(given) = deploy.get("restart_policy") {
        let condition = given.str("condition").and_then(RestartCondition::of).unwrap_or(RestartCondition::Any);
        let attempts = int(given, "max_attempts").unwrap_or(0) as u64;
        return Ok(policy(condition, duration(given, "delay"), attempts, duration(given, "window")));
    }
    let Some(word) = config.str("restart") else { return Ok(None) };
    let (name, count) = word.split_once(':').unwrap_or((word, ""));
    let attempts = match count {
        "" => 0,
        count if name == "on-failure" => match count.parse() {
            Ok(attempts) => attempts,
            Err(_) => return Err("invalid restart policy format: maximum retry count must be an integer".to_owned()),
        },
        _ => {
            return Err("invalid restart policy format: maximum retry count cannot be used with this policy".to_owned());
        }
    };
    Ok(match name {
        "no" | "" => None,
        "always" | "unless-stopped" => policy(RestartCondition::Any, None, attempts, None),
        "on-failure" => policy(RestartCondition::OnFailure, None, attempts, None),
        name => return Err(format!("unknown restart policy: {name}")),
    })
}

fn placement(deploy: &Yaml) -> Placement {
    let none = Yaml::NULL;
    let placement = deploy.get("placement").unwrap_or(&none);
    let preferences = placement.get("preferences").map_or(&[][..], Yaml::as_list);
    Placement {
        constraints: texts(placement, "constraints"),
        preferences: preferences.iter().map(|preference| text(preference, "spread")).collect(),
        max_replicas: int(placement, "max_replicas_per_node").unwrap_or(0) as u64,
        platforms: Vec::new(),
    }
}

fn mode(deploy: &Yaml) -> Result<Mode, String> {
    let replicas = int(deploy, "replicas").map(|replicas| replicas as u64);
    let only = || Err("replicas can only be used with replicated or replicated-job mode".to_owned());
    let number = replicas.unwrap_or(1);
    match deploy.str("mode").unwrap_or("replicated") {
        "global" | "global-job" if replicas.is_some() => only(),
        "global" => Ok(Mode::Global),
        "global-job" => Ok(Mode::GlobalJob),
        "replicated" => Ok(Mode::Replicated { replicas: number }),
        "replicated-job" => Ok(Mode::ReplicatedJob { max_concurrent: number, total_completions: number }),
        mode => Err(format!("unknown mode: {mode}")),
    }
}

fn update_config(config: &Yaml) -> UpdateConfig {
    UpdateConfig {
        parallelism: int(config, "parallelism").map_or(1, |parallelism| parallelism as u64),
        delay: duration(config, "delay").unwrap_or(0),
        failure_action: config.str("failure_action").and_then(FailureAction::of).unwrap_or(FailureAction::Pause),
        monitor: duration(config, "monitor").unwrap_or(0),
        max_failure_ratio: config.str("max_failure_ratio").and_then(|ratio| ratio.parse().ok()).unwrap_or(0.0),
        order: config.str("order").and_then(Order::of).unwrap_or(Order::StopFirst),
    }
}
