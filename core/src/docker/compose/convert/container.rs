//! What a container of a service is made of.
//!
//! Models: docker/cli cli/compose/convert/service.go and opts/capabilities.go.

use super::super::yaml::Yaml;
use super::{duration, int, labels, on, pairs, text, texts};
use crate::collections;
use crate::model::{ContainerSpec, DnsConfig, HealthConfig, Ulimit};

pub(super) fn container(stack: &str, config: &Yaml) -> Result<ContainerSpec, String> {
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
        let one = |key| match limit {
            Yaml::Int(both) => *both,
            limit => int(limit, key).unwrap_or(0),
        };
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
        open_stdin: on(config, "stdin_open"),
        read_only: on(config, "read_only"),
        stop_grace_period: duration(config, "stop_grace_period"),
        healthcheck: config.get("healthcheck").map(health).transpose()?,
        hosts: hosts.collect(),
        dns,
        isolation: text(config, "isolation"),
        init: config.get("init").map(|_| on(config, "init")),
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
        Yaml::Null => key.clone(),
        value => format!("{key}={}", value.printed()),
    }
}

/// Names in full, sorted. `ALL` stands for any other, and nothing is reset here.
fn capabilities(config: &Yaml, key: &str) -> Vec<String> {
    let full = |name: &String| match name.trim().to_ascii_uppercase() {
        name if name == "ALL" || name == "RESET" || name.starts_with("CAP_") => name,
        name => format!("CAP_{name}"),
    };
    let mut names: Vec<String> = texts(config, key).iter().map(full).collect();
    if names.iter().any(|name| name == "ALL") {
        return vec!["ALL".to_owned()];
    }
    names.retain(|name| name != "RESET");
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
