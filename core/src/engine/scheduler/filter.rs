//! The filters that a node must pass to be given a task, and their explanation when none does.
//!
//! Models: swarmkit manager/scheduler/{filter,pipeline}.go. Differs: there are no cluster volumes, so that a task that
//! mounts one finds no node.

use std::rc::Rc;

use super::nodes::NodeInfo;
use crate::collections;
use crate::engine::constraint::Constraint;
use crate::event::Rule;
use crate::id::{NetworkId, NodeId};
use crate::model::{EndpointSpec, Mount, Node, Protocol, PublishMode, ResourceReservations, Task, TaskSpec};
use crate::store::Store;

/// In the order of their asking: a node is counted under the first filter that it does not pass.
#[derive(Clone, Debug)]
enum Filter {
    Ready,
    /// The task reserves something.
    Resource,
    /// (kind, name) of the plugins that it needs.
    Plugin(Vec<(&'static str, String)>),
    Constraint(Vec<Constraint>),
    /// The spec names platforms.
    Platform,
    HostPort(Vec<(Protocol, u32)>),
    MaxReplicas(u64),
    Volumes,
}

/// The filters that apply to one task, with how many nodes failed each since the last node that passed.
#[derive(Clone, Debug)]
pub(super) struct Pipeline {
    filters: Vec<(Filter, usize)>,
    task: Rc<Task>,
    /// The first nodes that did not pass, each with the filter.
    refused: Vec<(NodeId, &'static str)>,
    /// How many nodes there are, and how many of them passed when the group was begun.
    pub(super) nodes: u32,
    pub(super) fits: u32,
}

/// So many nodes that did not pass are remembered.
const REFUSED: usize = 16;

impl Pipeline {
    /// Models: SetTask of the filters.
    pub(super) fn of(task: &Rc<Task>, store: &Store) -> Pipeline {
        let mut pipeline =
            Pipeline { filters: Vec::new(), task: Rc::clone(task), refused: Vec::new(), nodes: 1, fits: 0 };
        let mut add = |applies: bool, filter: Filter| {
            if applies {
                pipeline.filters.push((filter, 0));
            }
        };
        let spec = &task.spec;
        add(true, Filter::Ready);
        let reserves = |wanted: &ResourceReservations| {
            wanted.nano_cpus != 0 || wanted.memory_bytes != 0 || !wanted.generic.is_empty()
        };
        add(reservations(spec).is_some_and(reserves), Filter::Resource);
        let plugins = plugins(task, store);
        add(!plugins.is_empty(), Filter::Plugin(plugins));
        if let Some(placement) = &spec.placement {
            // Constraints that cannot be read were refused when the service was made.
            let constraints = Constraint::parse_all(&placement.constraints).unwrap_or_default();
            add(!constraints.is_empty(), Filter::Constraint(constraints));
            add(!placement.platforms.is_empty(), Filter::Platform);
        }
        let ports: Vec<(Protocol, u32)> = host_ports(task.endpoint.as_deref()).collect();
        add(!ports.is_empty(), Filter::HostPort(ports));
        let limit = spec.placement.as_ref().map_or(0, |placement| placement.max_replicas);
        add(limit > 0, Filter::MaxReplicas(limit));
        add(spec.container.mounts.iter().any(|mount| mount.kind == "cluster"), Filter::Volumes);
        pipeline
    }

    /// The first filter that a node does not pass.
    fn failing(&self, info: &NodeInfo) -> Option<usize> {
        self.filters.iter().position(|(filter, _)| !filter.passes(info, &self.task))
    }

    /// Whether a node that passes goes on passing, whatever tasks come and go.
    pub(super) fn lasts(&self) -> bool {
        let lasting = |filter: &Filter| matches!(filter, Filter::Ready | Filter::Constraint(_) | Filter::Platform);
        self.filters.iter().all(|(filter, _)| lasting(filter))
    }

    /// Whether a node passes all filters. Nothing is counted.
    pub(super) fn passes(&self, info: &NodeInfo) -> bool {
        self.failing(info).is_none()
    }

    /// Whether a node passes all filters. The filter that it does not pass counts it.
    pub(super) fn process(&mut self, info: &NodeInfo) -> bool {
        if let Some(failing) = self.failing(info) {
            let (filter, failures) = &mut self.filters[failing];
            *failures += 1;
            if self.refused.len() < REFUSED {
                self.refused.push((info.node.id, filter.word()));
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
        let mut failed: Vec<&(Filter, usize)> = self.filters.iter().filter(|(_, count)| *count > 0).collect();
        collections::sort_by_key(&mut failed, |(_, count)| std::cmp::Reverse(*count));
        let mut text = String::new();
        for (filter, count) in failed {
            if !text.is_empty() {
                text.push_str("; ");
            }
            filter.explain(*count, &mut text);
        }
        text
    }
}

impl Filter {
    fn passes(&self, info: &NodeInfo, task: &Task) -> bool {
        let node = &info.node;
        match self {
            Filter::Ready => info.ready,
            Filter::Resource => reservations(&task.spec).is_none_or(|wanted| {
                wanted.nano_cpus <= info.nano_cpus
                    && wanted.memory_bytes <= info.memory_bytes
                    && wanted.generic.iter().all(|(kind, count)| info.generic.get(kind).is_some_and(|had| had >= count))
            }),
            Filter::Plugin(wanted) => wanted.iter().all(|(kind, name)| has_plugin(node, kind, name)),
            Filter::Constraint(constraints) => constraints.iter().all(|constraint| constraint.matches(node)),
            Filter::Platform => {
                task.spec.placement.iter().flat_map(|placement| &placement.platforms).any(|(architecture, os)| {
                    let fits = |wanted: &str, had: &str| wanted.is_empty() || wanted == had;
                    fits(normalized(architecture), normalized(&node.description.architecture))
                        && fits(os, &node.description.os)
                })
            }
            Filter::HostPort(ports) => ports.iter().all(|port| !info.host_ports.contains(port)),
            Filter::MaxReplicas(limit) => info.active_of(task.service) < *limit,
            Filter::Volumes => false,
        }
    }

    /// What it says of a node that does not pass.
    fn word(&self) -> &'static str {
        match self {
            Filter::Ready => "not available for new tasks",
            Filter::Resource => "insufficient resources",
            Filter::Plugin(_) => "missing plugin",
            Filter::Constraint(_) => "scheduling constraints not satisfied",
            Filter::Platform => "unsupported platform",
            Filter::HostPort(_) => "host-mode port already in use",
            Filter::MaxReplicas(_) => "max replicas per node limit exceed",
            Filter::Volumes => "cannot fulfill requested CSI volume mounts",
        }
    }

    fn explain(&self, nodes: usize, text: &mut String) {
        let word = self.word();
        let count = |text: &mut String| {
            text.push_str(&nodes.to_string());
            text.push_str(if nodes == 1 { " node" } else { " nodes" });
        };
        match self {
            // Swarm names no number here.
            Filter::MaxReplicas(_) => text.push_str(word),
            Filter::Ready => {
                count(text);
                text.push(' ');
                text.push_str(word);
            }
            _ => {
                text.push_str(word);
                text.push_str(" on ");
                count(text);
            }
        }
    }
}

/// What a task reserves, if its spec says anything about it.
pub(super) fn reservations(spec: &TaskSpec) -> Option<&ResourceReservations> {
    spec.resources.as_ref().map(|resources| &resources.reservations)
}

/// The host-mode ports that a task holds on its node.
pub(super) fn host_ports(endpoint: Option<&EndpointSpec>) -> impl Iterator<Item = (Protocol, u32)> {
    let ports = endpoint.map_or(&[][..], |endpoint| &endpoint.ports);
    let host = ports.iter().filter(|port| port.mode == PublishMode::Host && port.published != 0);
    host.map(|port| (port.protocol, port.published))
}

/// The plugins that a task needs: of its volumes, its networks, its log.
fn plugins(task: &Task, store: &Store) -> Vec<(&'static str, String)> {
    let volumes = task.spec.container.mounts.iter().filter_map(volume_driver).map(|driver| ("Volume", driver.clone()));
    let networks = task.spec.networks.iter().filter_map(|network| store.network(NetworkId::parse(&network.target)?));
    let networks = networks.filter(|network| !network.driver.is_empty());
    let log = task.spec.log_driver.iter().filter(|log| !log.name.is_empty() && log.name != "none");
    volumes
        .chain(networks.map(|network| ("Network", network.driver.clone())))
        .chain(log.map(|log| ("Log", log.name.clone())))
        .collect()
}

fn volume_driver(mount: &Mount) -> Option<&String> {
    let driver = mount.options.iter().find(|(key, _)| key == "volume-driver").map(|(_, driver)| driver);
    driver.filter(|driver| mount.kind == "volume" && !driver.is_empty() && *driver != "local")
}

/// A plugin may be listed with its tag. An old engine that lists no log drivers is taken to have all.
fn has_plugin(node: &Node, kind: &str, name: &str) -> bool {
    let mut of_kind = node.description.plugins.iter().filter(|(its, _)| its == kind).peekable();
    (kind == "Log" && of_kind.peek().is_none())
        || of_kind.any(|(_, its)| its.strip_prefix(name).is_some_and(|tag| tag.is_empty() || tag == ":latest"))
}

fn normalized(architecture: &str) -> &str {
    match architecture {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}
