//! Services, networks, configs and secrets of a stack, made of what its files say.
//!
//! Models: docker/cli cli/compose/convert/{service,compose}.go.

mod container;
mod deploy;
mod mounts;

use std::rc::Rc;

use super::Compose;
use super::yaml::Yaml;
use crate::api::FileSpec;
use crate::collections;
use crate::docker::command::Call;
use crate::docker::error::CliError;
use crate::docker::service::{Wanted, resolve, runtime_config};
use crate::docker::stack::{IMAGE, NAMESPACE};
use crate::docker::units::parse_duration;
use crate::id::NetworkId;
use crate::model::{
    ContainerSpec, EndpointMode, EndpointSpec, FileKind, FileReference, Labels, LogDriver, Network, NetworkAttachment,
    PortConfig, Protocol, PublishMode, ServiceSpec, TaskSpec,
};
use crate::store::Store;
use crate::time::Nanos;

pub(crate) use deploy::unknown_word;

/// The spec of a service.
pub(crate) fn service(stack: &str, name: &str, compose: &Compose, store: &Store) -> Result<ServiceSpec, CliError> {
    let sections = compose.section("services");
    let config =
        sections.iter().find(|(key, _)| key == name).map(|(_, config)| config).expect("it was read from there");
    let said = |why: String| CliError::said(format!("service {name}: {why}"));
    let none = Yaml::Null;
    let given = config.get("deploy").unwrap_or(&none);
    let mut labels = labels(given, stack);
    labels.insert(IMAGE.to_owned(), text(config, "image"));
    let configs = files(FileKind::Config, stack, config, compose, store).map_err(|error| said(error.to_string()))?;
    let task = TaskSpec {
        container: ContainerSpec {
            secrets: files(FileKind::Secret, stack, config, compose, store).map_err(|error| said(error.to_string()))?,
            mounts: mounts::mounts(stack, config, compose).map_err(said)?,
            credential_spec: Some(credentials(stack, config, &configs).map_err(said)?),
            configs,
            ..container::container(stack, config).map_err(said)?
        },
        resources: Some(deploy::resources(given).map_err(said)?),
        restart: deploy::restart(config, given).map_err(said)?,
        placement: Some(deploy::placement(given)),
        networks: networks(stack, name, config, compose).map_err(said)?,
        log_driver: config
            .get("logging")
            .map(|logging| LogDriver { name: text(logging, "driver"), options: pairs(logging, "options") }),
        force_update: 0,
    };
    Ok(ServiceSpec {
        name: format!("{stack}_{name}"),
        labels,
        task: Rc::new(task),
        mode: deploy::mode(given).map_err(said)?,
        update: given.get("update_config").map(deploy::update_config),
        rollback: given.get("rollback_config").map(deploy::update_config),
        endpoint: Some(EndpointSpec {
            mode: given.str("endpoint_mode").and_then(|word| EndpointMode::of(&word.to_ascii_lowercase())),
            ports: ports(config),
        }),
    })
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

/// The networks of a service, by their names: the daemon finds them.
fn networks(stack: &str, name: &str, config: &Yaml, compose: &Compose) -> Result<Vec<NetworkAttachment>, String> {
    let mut attachments = Vec::new();
    for key in joined(config) {
        let known = compose.section("networks").iter().find(|(had, _)| *had == key);
        if known.is_none() && key != "default" {
            return Err(format!("undefined network \"{key}\""));
        }
        let target = known.map_or_else(|| format!("{stack}_default"), |(_, network)| named(stack, &key, network).1);
        let none = Yaml::Null;
        let asked = config.get("networks").and_then(|networks| networks.get(&key)).unwrap_or(&none);
        let mut attachment = NetworkAttachment {
            target: target.clone(),
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
    let called = |key: &str| match compose.section(&section).iter().find(|(had, _)| had == key) {
        Some((_, object)) => Ok(named(stack, key, object).1),
        None => Err(CliError::said(format!("undefined {} \"{key}\"", kind.word()))),
    };
    for reference in config.get(&section).map_or(&[][..], Yaml::as_list) {
        let key = text(reference, "source");
        let or = |key: &str, other: &str| reference.str(key).unwrap_or(other).to_owned();
        wanted.push(Wanted {
            source: called(&key)?,
            target: or("target", &key),
            uid: or("uid", "0"),
            gid: or("gid", "0"),
            mode: int(reference, "mode").map_or(0o444, |mode| mode as u32),
        });
    }
    let credential = config.get("credential_spec").filter(|_| kind == FileKind::Config);
    let credential = credential.map(|spec| text(spec, "config")).filter(|key| !key.is_empty());
    let credential = credential.map(|key| called(&key)).transpose()?;
    let mut references = resolve(kind, wanted, store)?;
    if let Some(name) = credential {
        references.push(runtime_config(&name, store)?);
    }
    collections::sort_by(&mut references, |a, b| a.name.cmp(&b.name));
    Ok(references)
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

/// The one credential spec that there may be; empty, and shown as such, without one. A config is told by its id.
fn credentials(stack: &str, config: &Yaml, configs: &[FileReference]) -> Result<String, String> {
    let given = config.get("credential_spec").map_or(&[][..], Yaml::as_map);
    let quoted = |(name, _): &(String, Yaml)| format!("\"{}{}\"", name[..1].to_ascii_uppercase(), &name[1..]);
    match given {
        [] => Ok(String::new()),
        [(name, value)] if name == "config" => {
            let key = value.printed();
            let scoped = format!("{stack}_{key}");
            let found = [&key, &scoped].into_iter().find_map(|name| configs.iter().find(|config| config.name == *name));
            found.map(|config| format!("config://{}", config.id)).ok_or_else(|| {
                format!("invalid credential spec: spec specifies config {key}, but no such config can be found")
            })
        }
        [(name, value)] => Ok(format!("{name}://{}", value.printed())),
        [rest @ .., last] => {
            let comma = if rest.len() > 1 { "," } else { "" };
            let rest: Vec<String> = rest.iter().map(quoted).collect();
            let both = format!("{}{comma} and {}", rest.join(", "), quoted(last));
            Err(format!("invalid credential spec: cannot specify both {both}"))
        }
    }
}

/// Whether something is not the stack's own, and its name in the swarm.
fn named(stack: &str, key: &str, object: &Yaml) -> (bool, String) {
    let name = object.str("name").map_or_else(|| format!("{stack}_{key}"), str::to_owned);
    (on(object, "external"), name)
}

fn texts(of: &Yaml, key: &str) -> Vec<String> {
    of.get(key).map_or(&[][..], Yaml::as_list).iter().map(Yaml::printed).collect()
}

fn text(of: &Yaml, key: &str) -> String {
    of.str(key).unwrap_or("").to_owned()
}

fn int(of: &Yaml, key: &str) -> Option<i64> {
    match of.get(key)? {
        Yaml::Int(number) => Some(*number),
        value => value.printed().parse().ok(),
    }
}

fn duration(of: &Yaml, key: &str) -> Option<Nanos> {
    parse_duration(of.str(key)?).ok()
}

fn on(of: &Yaml, key: &str) -> bool {
    of.get(key) == Some(&Yaml::Bool(true))
}

fn pairs(of: &Yaml, key: &str) -> Labels {
    let pairs = of.get(key).map_or(&[][..], Yaml::as_map).iter();
    pairs.map(|(key, value)| (key.clone(), value.printed())).collect()
}

fn labels(of: &Yaml, stack: &str) -> Labels {
    let mut labels = pairs(of, "labels");
    labels.insert(NAMESPACE.to_owned(), stack.to_owned());
    labels
}
