//! How a service is deployed: how many tasks, where, and what becomes of them.
//!
//! Models: docker/cli cli/compose/convert/service.go.

use super::super::Compose;
use super::super::yaml::Yaml;
use super::{duration, int, text, texts};
use crate::docker::units::{parse_cpus, parse_float, parse_int, quote};
use crate::model::{
    EndpointMode, FailureAction, Mode, Order, Placement, Resources, RestartCondition, RestartPolicy, UpdateConfig,
};

pub(super) fn resources(deploy: &Yaml) -> Result<Resources, String> {
    let none = Yaml::Null;
    let given = deploy.get("resources").unwrap_or(&none);
    let (limits, reservations) = (given.get("limits").unwrap_or(&none), given.get("reservations").unwrap_or(&none));
    let cpus = |of: &Yaml| of.str("cpus").map_or(Ok(0), parse_cpus);
    let mut resources = Resources { sparse: true, ..Resources::default() };
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
pub(super) fn restart(config: &Yaml, deploy: &Yaml) -> Result<Option<RestartPolicy>, String> {
    let policy =
        |condition, delay, max_attempts, window| Some(RestartPolicy { condition, delay, max_attempts, window });
    if let Some(given) = deploy.get("restart_policy") {
        let condition = given.str("condition").and_then(RestartCondition::of).unwrap_or(RestartCondition::Any);
        let attempts = int(given, "max_attempts").unwrap_or(0) as u64;
        return Ok(policy(condition, duration(given, "delay"), attempts, duration(given, "window")));
    }
    let Some(word) = config.str("restart") else { return Ok(None) };
    let (name, count) = word.split_once(':').unwrap_or((word, ""));
    let bad = |why: &str| Err(format!("invalid restart policy format: {why}"));
    if name.is_empty() && word.contains(':') {
        return bad("no policy provided before colon");
    }
    let attempts = match count {
        "" => 0,
        count => match parse_int(count) {
            Ok(attempts) => attempts as u64,
            Err(_) => return bad("maximum retry count must be an integer"),
        },
    };
    Ok(match name {
        "no" | "" => None,
        "always" | "unless-stopped" => policy(RestartCondition::Any, None, 0, None),
        "on-failure" => policy(RestartCondition::OnFailure, None, attempts, None),
        _ => return Err(format!("unknown restart policy: {word}")),
    })
}

pub(super) fn placement(deploy: &Yaml) -> Placement {
    let none = Yaml::Null;
    let placement = deploy.get("placement").unwrap_or(&none);
    let preferences = placement.get("preferences").map_or(&[][..], Yaml::as_list);
    Placement {
        constraints: texts(placement, "constraints"),
        preferences: preferences.iter().map(|preference| text(preference, "spread")).collect(),
        max_replicas: int(placement, "max_replicas_per_node").unwrap_or(0) as u64,
        platforms: Vec::new(),
    }
}

pub(super) fn mode(deploy: &Yaml) -> Result<Mode, String> {
    let replicas = int(deploy, "replicas").map(|replicas| replicas as u64);
    let only = || Err("replicas can only be used with replicated or replicated-job mode".to_owned());
    let number = replicas.unwrap_or(1);
    match deploy.str("mode").unwrap_or("replicated") {
        "global" | "global-job" if replicas.is_some() => only(),
        "global" => Ok(Mode::Global),
        "global-job" => Ok(Mode::GlobalJob),
        "replicated" => Ok(Mode::Replicated { replicas: number }),
        "replicated-job" => Ok(Mode::ReplicatedJob { max_concurrent: number, total_completions: number }),
        mode => Err(format!("Unknown mode: {mode}")),
    }
}

pub(super) fn update_config(config: &Yaml) -> UpdateConfig {
    UpdateConfig {
        parallelism: int(config, "parallelism").map_or(1, |parallelism| parallelism as u64),
        delay: duration(config, "delay").unwrap_or(0),
        failure_action: config.str("failure_action").and_then(FailureAction::of).unwrap_or(FailureAction::Pause),
        monitor: duration(config, "monitor").unwrap_or(0),
        max_failure_ratio: config
            .get("max_failure_ratio")
            .and_then(|ratio| parse_float(&ratio.printed()).ok())
            .unwrap_or(0.0),
        order: config.str("order").and_then(Order::of).unwrap_or(Order::StopFirst),
    }
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
