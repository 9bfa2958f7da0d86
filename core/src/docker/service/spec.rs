//! The edits of a spec that `service create` and `service update` have in common, and the daemon's first checks of it.
//!
//! Models: docker/cli cli/command/service/{opts,update}.go, moby daemon/cluster/convert/service.go.

use super::mounts;
use super::options::words;
use super::references::map;
use crate::collections;
use crate::docker::command::Call;
use crate::docker::error::CliError;
use crate::docker::filter::refused;
use crate::docker::flags::Matches;
use crate::docker::units::quote;
use crate::model::{
    ContainerSpec, EndpointMode, FailureAction, HealthConfig, LogDriver, Order, RestartCondition, ServiceSpec,
    TaskSpec, UpdateConfig,
};

/// Sets everything whose flag was given.
pub(super) fn edit(service: &mut ServiceSpec, task: &mut TaskSpec, matches: &Matches) -> Result<(), CliError> {
    container(&mut task.container, matches);
    health(&mut task.container, matches)?;
    capabilities(&mut task.container, matches);
    resources(task, matches);
    restart(task, matches);
    if let Some(most) = matches.uint("replicas-max-per-node") {
        task.placement.get_or_insert_default().max_replicas = most;
    }
    if let Some(name) = matches.text("log-driver").filter(|name| !name.is_empty()) {
        task.log_driver = Some(LogDriver { name: name.to_owned(), options: map(matches.all("log-opt")) });
    }
    update_config(&mut service.update, "update", matches);
    update_config(&mut service.rollback, "rollback", matches);
    let endpoint = service.endpoint.get_or_insert_default();
    match matches.text("endpoint-mode").and_then(EndpointMode::of) {
        Some(mode) => endpoint.mode = Some(mode),
        None => endpoint.mode = endpoint.mode.or(Some(EndpointMode::Vip)),
    }
    Ok(())
}

fn container(container: &mut ContainerSpec, matches: &Matches) {
    let texts = [
        (&mut container.dir, "workdir"),
        (&mut container.user, "user"),
        (&mut container.hostname, "hostname"),
        (&mut container.stop_signal, "stop-signal"),
    ];
    for (field, name) in texts {
        if let Some(text) = matches.text(name) {
            text.clone_into(field);
        }
    }
    if let Some(entrypoint) = matches.text("entrypoint") {
        container.command = words(entrypoint).expect("checked");
    }
    // Words that the daemon does not know mean the default, without a complaint.
    if let Some(isolation) = matches.text("isolation") {
        container.isolation = match isolation.to_ascii_lowercase().as_str() {
            known @ ("process" | "hyperv") => known.to_owned(),
            _ => String::new(),
        };
    }
    for (field, name) in [(&mut container.tty, "tty"), (&mut container.read_only, "read-only")] {
        if matches.has(name) {
            *field = matches.on(name);
        }
    }
    if matches.has("init") {
        container.init = Some(matches.on("init"));
    }
    if let Some(grace) = matches.duration("stop-grace-period") {
        container.stop_grace_period = Some(grace);
    }
    if let Some(adjustment) = matches.int("oom-score-adj") {
        container.oom_score_adj = adjustment;
    }
    if let Some(credential) = matches.text("credential-spec") {
        container.credential_spec = Some(credential.to_owned()).filter(|text| !text.is_empty());
    }
}

fn health(container: &mut ContainerSpec, matches: &Matches) -> Result<(), CliError> {
    const SETTINGS: [&str; 6] = [
        "health-cmd",
        "health-interval",
        "health-retries",
        "health-start-interval",
        "health-start-period",
        "health-timeout",
    ];
    if matches.on("no-healthcheck") {
        if matches.has_any(&SETTINGS) {
            return Err(CliError::said("--no-healthcheck conflicts with --health-* options"));
        }
        container.healthcheck = Some(HealthConfig { test: vec!["NONE".to_owned()], ..HealthConfig::default() });
    } else if matches.has_any(&SETTINGS) {
        let health = container.healthcheck.get_or_insert_default();
        if health.test.first().is_some_and(|word| word == "NONE") {
            health.test.clear();
        }
        for (field, name) in [
            (&mut health.interval, "health-interval"),
            (&mut health.timeout, "health-timeout"),
            (&mut health.start_period, "health-start-period"),
            (&mut health.start_interval, "health-start-interval"),
        ] {
            *field = matches.duration(name).unwrap_or(*field);
        }
        health.retries = matches.int("health-retries").unwrap_or(health.retries);
        match matches.text("health-cmd") {
            Some("") => health.test.clear(),
            Some(command) => health.test = vec!["CMD-SHELL".to_owned(), command.to_owned()],
            None => {}
        }
    }
    Ok(())
}

/// Adding what was dropped only takes it back, and the other way round. Adding wins over dropping.
fn capabilities(container: &mut ContainerSpec, matches: &Matches) {
    if !matches.has_any(&["cap-add", "cap-drop"]) {
        return;
    }
    let normal = |name: &str| match name.to_ascii_uppercase().trim() {
        special @ ("ALL" | "RESET") => special.to_owned(),
        name if name.starts_with("CAP_") => name.to_owned(),
        name => format!("CAP_{name}"),
    };
    let add: Vec<String> = matches.all("cap-add").map(normal).collect();
    let drop: Vec<String> = matches.all("cap-drop").map(normal).collect();
    for (list, words) in [(&mut container.cap_add, &add), (&mut container.cap_drop, &drop)] {
        if words.iter().any(|word| word == "RESET") {
            list.clear();
        }
    }
    let (added, dropped) = (&mut container.cap_add, &mut container.cap_drop);
    for name in drop.into_iter().filter(|name| !add.contains(name) && name != "RESET") {
        toggle(dropped, added, name);
    }
    for name in add.into_iter().filter(|name| name != "RESET") {
        toggle(added, dropped, name);
    }
    for list in [added, dropped] {
        if list.iter().any(|name| name == "ALL") {
            list.retain(|name| name == "ALL");
        }
        collections::sort(list);
        list.dedup();
    }
}

fn toggle(into: &mut Vec<String>, from: &mut Vec<String>, name: String) {
    match from.iter().position(|had| *had == name) {
        Some(place) => {
            from.remove(place);
        }
        None => into.push(name),
    }
}

fn resources(task: &mut TaskSpec, matches: &Matches) {
    if !matches.has_any(&["limit-cpu", "limit-memory", "limit-pids", "reserve-cpu", "reserve-memory"]) {
        return;
    }
    let resources = task.resources.get_or_insert_default();
    let (limits, reservations) = (&mut resources.limits, &mut resources.reservations);
    limits.nano_cpus = matches.cpus("limit-cpu").unwrap_or(limits.nano_cpus);
    limits.memory_bytes = matches.bytes("limit-memory").unwrap_or(limits.memory_bytes);
    limits.pids = matches.int("limit-pids").unwrap_or(limits.pids);
    reservations.nano_cpus = matches.cpus("reserve-cpu").unwrap_or(reservations.nano_cpus);
    reservations.memory_bytes = matches.bytes("reserve-memory").unwrap_or(reservations.memory_bytes);
}

/// Adds reservations of discrete resources, or changes those of the same kind.
pub(super) fn generic_resources<'v>(
    task: &mut TaskSpec,
    values: impl Iterator<Item = &'v str>,
) -> Result<(), CliError> {
    for value in values {
        let (kind, amount) = value.split_once('=').expect("checked");
        let Ok(amount) = amount.parse::<i64>() else {
            return Err(CliError::said(format!(
                "invalid generic-resource request `{value}`, Named Generic Resources is not supported for service create or update"
            )));
        };
        let reserved = &mut task.resources.get_or_insert_default().reservations.generic;
        match reserved.iter_mut().find(|(had, _)| had == kind) {
            Some((_, had)) => *had = amount,
            None => reserved.push((kind.to_owned(), amount)),
        }
    }
    Ok(())
}

fn restart(task: &mut TaskSpec, matches: &Matches) {
    if !matches.has_any(&["restart-condition", "restart-delay", "restart-max-attempts", "restart-window"]) {
        return;
    }
    let policy = task.restart.get_or_insert_default();
    if let Some(word) = matches.text("restart-condition") {
        policy.condition = RestartCondition::of(word).unwrap_or(RestartCondition::Any);
    }
    policy.delay = matches.duration("restart-delay").or(policy.delay);
    policy.max_attempts = matches.uint("restart-max-attempts").unwrap_or(policy.max_attempts);
    policy.window = matches.duration("restart-window").or(policy.window);
}

/// A config that the spec does not have yet is made from the defaults.
fn update_config(config: &mut Option<UpdateConfig>, prefix: &str, matches: &Matches) {
    let name = |what: &str| format!("{prefix}-{what}");
    let given = ["parallelism", "delay", "monitor", "failure-action", "max-failure-ratio", "order"];
    if !given.iter().any(|what| matches.has(&name(what))) {
        return;
    }
    let config = config.get_or_insert_default();
    config.parallelism = matches.uint(&name("parallelism")).unwrap_or(config.parallelism);
    config.delay = matches.duration(&name("delay")).unwrap_or(config.delay);
    config.monitor = matches.duration(&name("monitor")).unwrap_or(config.monitor);
    config.max_failure_ratio = matches.float(&name("max-failure-ratio")).unwrap_or(config.max_failure_ratio);
    if let Some(word) = matches.text(&name("failure-action")) {
        config.failure_action = FailureAction::of(word).unwrap_or(FailureAction::Pause);
    }
    if let Some(word) = matches.text(&name("order")) {
        config.order = Order::of(word).unwrap_or(Order::StopFirst);
    }
}

/// What JSON cannot carry, and then what the daemon says of words that it does not know: a spec here cannot hold them,
/// so they are looked up in the flags, in the order in which the daemon converts a spec.
pub(super) fn sendable(call: &mut Call, spec: &ServiceSpec, matches: &Matches) -> Result<(), CliError> {
    for config in [&spec.update, &spec.rollback].into_iter().flatten() {
        let ratio = config.max_failure_ratio;
        if !ratio.is_finite() {
            let shown = if ratio.is_nan() {
                "NaN"
            } else if ratio > 0.0 {
                "+Inf"
            } else {
                "-Inf"
            };
            return Err(CliError::said(format!("json: unsupported value: {shown}")));
        }
    }
    // Who is no manager says so before anything else.
    call.api().services()?;
    let unknown =
        |flag: &str, known: fn(&str) -> bool| matches.text(flag).filter(|word| !word.is_empty() && !known(word));
    let refusal = mounts::refusal(&spec.task.container.mounts)
        .or_else(|| {
            let word = unknown("restart-condition", |word| RestartCondition::of(word).is_some())?;
            Some(format!("invalid RestartCondition: {}", quote(word)))
        })
        .or_else(|| unknown_update("update", matches))
        .or_else(|| unknown_update("rollback", matches))
        .or_else(|| {
            let word = unknown("endpoint-mode", |word| EndpointMode::of(&word.to_ascii_lowercase()).is_some())?;
            Some(format!("invalid resolution mode: {}", quote(word)))
        });
    refusal.map_or(Ok(()), |sentence| Err(refused(sentence)))
}

fn unknown_update(prefix: &str, matches: &Matches) -> Option<String> {
    let given = |what: &str| matches.text(&format!("{prefix}-{what}")).filter(|word| !word.is_empty());
    match given("failure-action").filter(|word| FailureAction::of(word).is_none()) {
        Some(word) => Some(format!("unrecognized update failure action {word}")),
        None => given("order")
            .filter(|word| Order::of(word).is_none())
            .map(|word| format!("unrecognized update order {word}")),
    }
}

/// The name of an environment variable.
pub(super) fn env_key(variable: &str) -> &str {
    variable.split('=').next().unwrap_or(variable)
}
