//! The filters that a node must pass to be given a task, and their explanation when none does.
//!
//! Models: swarmkit manager/scheduler/{filter,pipeline}.go.

use super::nodes::NodeInfo;
use crate::collections;
use crate::engine::constraint::Constraint;
use crate::event::Rule;
use crate::id::NodeId;
use crate::model::{Availability, Node, NodeState, Protocol, PublishMode, Task};

/// In the order of their asking: a node is counted under the first filter that it does not pass.
#[derive(Clone, Debug)]
enum Filter {
    Ready,
    Resource { nano_cpus: i64, memory_bytes: i64, generic: Vec<(String, i64)> },
    Plugin { log_driver: Option<String>, volume_drivers: Vec<String> },
    Constraint(Vec<Constraint>),
    Platform(Vec<(String, String)>),
    HostPort(Vec<(Protocol, u32)>),
    MaxReplicas(u64),
}

/// The filters that apply to one task, with how many nodes failed each since the last node that passed.
#[derive(Clone, Debug)]
pub(super) struct Pipeline {
    filters: Vec<(Filter, usize)>,
    task: Task,
    /// The first nodes that did not pass, each with the filter.
    refused: Vec<(NodeId, &'static str)>,
    /// How many nodes there are, and how many of them passed when the group was begun.
    pub(super) nodes: u32,
    pub(super) fits: u32,
}

/// So many nodes that did not pass are remembered.
const REFUSED: usize = 16;

impl Pipeline {
    pub(super) fn of(task: &Task) -> Pipeline {
        let mut filters = vec![Filter::Ready];
        filters.extend(resource(task));
        filters.extend(plugin(task));
        let placement = task.spec.placement.clone().unwrap_or_default();
        if !placement.constraints.is_empty() {
            filters.push(Filter::Constraint(Constraint::parse_all(&placement.constraints).unwrap_or_default()));
        }
        if !placement.platforms.is_empty() {
            filters.push(Filter::Platform(placement.platforms));
        }
        let ports = host_ports(task);
        if !ports.is_empty() {
            filters.push(Filter::HostPort(ports));
        }
        if placement.max_replicas > 0 {
            filters.push(Filter::MaxReplicas(placement.max_replicas));
        }
        let filters = filters.into_iter().map(|filter| (filter, 0)).collect();
        Pipeline { filters, task: task.clone(), refused: Vec::new(), nodes: 1, fits: 0 }
    }

    /// Whether a node passes all filters.
    pub(super) fn process(&mut self, node: &Node, info: &NodeInfo) -> bool {
        let task = &self.task;
        if let Some((filter, failures)) = self.filters.iter_mut().find(|(filter, _)| !filter.passes(node, info, task)) {
            *failures += 1;
            if self.refused.len() < REFUSED {
                self.refused.push((node.id, filter.word()));
            }
            return false;
        }
        for (_, failures) in &mut self.filters {
            *failures = 0;
        }
        true
    }

    /// The rule by which a task is pending: which node did not pass which filter.
    pub(super) fn refusal(&self) -> Rule {
        let mut refused: Vec<(NodeId, &'static str)> = Vec::new();
        // A node may have passed at first and be full by now: what was found last counts.
        for (node, filter) in self.refused.iter().rev() {
            if !refused.iter().any(|(known, _)| known == node) {
                refused.push((*node, *filter));
            }
        }
        Rule::NoSuitableNode { refused: refused.into(), nodes: self.nodes }
    }

    /// Why no node passed: by descending count.
    pub(super) fn explain(&self) -> String {
        let mut failed: Vec<_> = self.filters.iter().filter(|(_, count)| *count > 0).collect();
        collections::sort_by_key(&mut failed, |(_, count)| std::cmp::Reverse(*count));
        let texts: Vec<String> = failed.into_iter().map(|(filter, count)| filter.explain(*count)).collect();
        texts.join("; ")
    }
}

impl Filter {
    fn passes(&self, node: &Node, info: &NodeInfo, task: &Task) -> bool {
        match self {
            Filter::Ready => node.status.state == NodeState::Ready && node.spec.availability == Availability::Active,
            Filter::Resource { nano_cpus, memory_bytes, generic } => {
                *nano_cpus <= info.nano_cpus
                    && *memory_bytes <= info.memory_bytes
                    && generic.iter().all(|(kind, count)| info.generic.get(kind).copied().unwrap_or(0) >= *count)
            }
            Filter::Plugin { log_driver, volume_drivers } => {
                let has = |kind: &str, name: &str| {
                    node.description.plugins.iter().any(|(its, its_name)| its == kind && its_name == name)
                };
                log_driver.iter().all(|driver| has("Log", driver)) && volume_drivers.iter().all(|v| has("Volume", v))
            }
            Filter::Constraint(constraints) => constraints.iter().all(|constraint| constraint.matches(node)),
            Filter::Platform(platforms) => platforms.iter().any(|(architecture, os)| {
                let fits = |wanted: &str, had: &str| wanted.is_empty() || wanted == had;
                fits(normalized(architecture), normalized(&node.description.architecture))
                    && fits(os, &node.description.os)
            }),
            Filter::HostPort(ports) => ports.iter().all(|port| !info.host_ports.contains(port)),
            Filter::MaxReplicas(limit) => info.active_of(task.service) < *limit,
        }
    }

    /// What it says of a node that does not pass.
    fn word(&self) -> &'static str {
        match self {
            Filter::Ready => "not available for new tasks",
            Filter::Resource { .. } => "insufficient resources",
            Filter::Plugin { .. } => "missing plugin",
            Filter::Constraint(_) => "scheduling constraints not satisfied",
            Filter::Platform(_) => "unsupported platform",
            Filter::HostPort(_) => "host-mode port already in use",
            Filter::MaxReplicas(_) => "max replicas per node limit exceed",
        }
    }

    fn explain(&self, nodes: usize) -> String {
        let (word, s) = (self.word(), if nodes == 1 { "" } else { "s" });
        match self {
            Filter::Ready => format!("{nodes} node{s} {word}"),
            Filter::MaxReplicas(_) => word.to_owned(),
            _ => format!("{word} on {nodes} node{s}"),
        }
    }
}

fn resource(task: &Task) -> Option<Filter> {
    let wanted = &task.spec.resources.as_ref()?.reservations;
    let any = wanted.nano_cpus != 0 || wanted.memory_bytes != 0 || !wanted.generic.is_empty();
    any.then(|| Filter::Resource {
        nano_cpus: wanted.nano_cpus,
        memory_bytes: wanted.memory_bytes,
        generic: wanted.generic.clone(),
    })
}

fn plugin(task: &Task) -> Option<Filter> {
    let log_driver = task.spec.log_driver.as_ref().map(|driver| driver.name.clone());
    let log_driver = log_driver.filter(|name| !name.is_empty() && name != "none");
    let volumes = task.spec.container.mounts.iter().filter(|mount| mount.kind == "volume");
    let driver = |(key, value): &(String, String)| (key == "volume-driver").then(|| value.clone());
    let volume_drivers: Vec<String> =
        volumes.filter_map(|mount| mount.options.iter().find_map(driver)).filter(|name| name != "local").collect();
    (log_driver.is_some() || !volume_drivers.is_empty()).then_some(Filter::Plugin { log_driver, volume_drivers })
}

/// The host-mode ports that a task holds on its node.
pub(super) fn host_ports(task: &Task) -> Vec<(Protocol, u32)> {
    let ports = task.endpoint.as_ref().map_or(&[][..], |endpoint| &endpoint.ports);
    let host = ports.iter().filter(|port| port.mode == PublishMode::Host && port.published != 0);
    host.map(|port| (port.protocol, port.published)).collect()
}

fn normalized(architecture: &str) -> &str {
    match architecture {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}
