//! Networks, configs and secrets. Models: swarmkit manager/controlapi/{network,config,secret}.go, moby
//! daemon/cluster/networks.go and daemon/network.go.

use std::rc::Rc;

use super::validate::{self, invalid};
use super::{Api, ApiError, Code, place};
use crate::event::Rule;
use crate::id::{FileId, NetworkId};
use crate::model::{ClusterFile, FileKind, Labels, Meta, Network, Service, TaskState};

/// What a config or a secret is made of.
#[derive(Clone, Debug, Default)]
pub struct FileSpec {
    pub name: String,
    pub labels: Labels,
    pub data: String,
    pub driver: String,
    pub templating: String,
}

impl Api<'_> {
    /// All configs, or all secrets, by id.
    ///
    /// # Errors
    /// This node is no manager.
    pub fn files(&self, kind: FileKind) -> Result<Vec<Rc<ClusterFile>>, ApiError> {
        self.manager()?;
        Ok(self.world.store().files().filter(|file| file.kind == kind).cloned().collect())
    }

    /// The config or secret called `reference`.
    ///
    /// # Errors
    /// Nothing has that name; several ids begin so; this node is no manager.
    pub fn file(&self, kind: FileKind, reference: &str) -> Result<Rc<ClusterFile>, ApiError> {
        let files = self.files(kind)?;
        let names: Vec<(&str, &str)> = files.iter().map(|file| (file.id.as_str(), file.name.as_str())).collect();
        place(kind.word(), &names, reference).map(|place| Rc::clone(&files[place]))
    }

    /// Creates a config or a secret and returns its id.
    ///
    /// # Errors
    /// The name or the data is no good; the name is taken.
    pub fn create_file(&mut self, kind: FileKind, spec: FileSpec) -> Result<FileId, ApiError> {
        let known = self.files(kind)?;
        self.writable()?;
        let (word, most) = match kind {
            FileKind::Config => ("config", 1_024_000),
            FileKind::Secret => ("secret", 512_000),
        };
        let FileSpec { name, labels, data, driver, templating } = spec;
        if name.is_empty() {
            return Err(invalid("name must be provided"));
        }
        let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let inner = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if name.len() > 64 || !inner || !ends(name.chars().next()) || !ends(name.chars().last()) {
            return Err(invalid(
                "invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be \
                 [a-zA-Z0-9]",
            ));
        }
        if driver.is_empty() && !(1..most).contains(&data.len()) {
            return Err(invalid(format!("{word} data must be larger than 0 and less than {most} bytes")));
        }
        if known.iter().any(|file| file.name == name) {
            let sentence = format!("{word} {name} already exists");
            return Err(ApiError::Refused { code: Code::AlreadyExists, sentence });
        }
        let cause = Some(self.world.asked(&format!("{word} create {name}")));
        Ok(self.world.write(cause, |ctx| {
            let id = FileId::random(&mut ctx.random.ids);
            let meta = Meta::default();
            ctx.begin(Rule::Asked);
            ctx.store.put_file(ClusterFile { kind, id, meta, name, labels, data, driver, templating }, ctx.now);
            id
        }))
    }

    /// Replaces the labels of a config or a secret, the only thing of it that may change.
    pub fn label_file(&mut self, file: &ClusterFile, labels: Labels) {
        let mut file = file.clone();
        file.labels = labels;
        let cause = Some(self.world.asked(&format!("{} update {}", file.kind.word(), file.name)));
        self.world.write(cause, |ctx| {
            ctx.begin(Rule::Asked);
            ctx.store.put_file(file, ctx.now);
        });
    }

    /// Removes a config or a secret that no service uses.
    ///
    /// # Errors
    /// Nothing has that name; a service uses it.
    pub fn remove_file(&mut self, kind: FileKind, reference: &str) -> Result<(), ApiError> {
        let file = self.file(kind, reference)?;
        self.writable()?;
        let uses = |service: &Service| {
            let container = &service.spec.task.container;
            container.configs.iter().chain(&container.secrets).any(|used| used.id == file.id)
        };
        let users = self.world.store().services().filter(|service| uses(service));
        let users: Vec<&str> = users.map(|service| service.spec.name.as_str()).collect();
        let word = kind.word();
        if !users.is_empty() {
            let services = if users.len() == 1 { "service" } else { "services" };
            let users = users.join(", ");
            return Err(invalid(format!("{word} '{}' is in use by the following {services}: {users}", file.name)));
        }
        let cause = Some(self.world.asked(&format!("{word} rm {reference}")));
        self.world.write(cause, |ctx| {
            ctx.begin(Rule::Asked);
            ctx.store.delete_file(file.id, ctx.now);
        });
        Ok(())
    }

    /// The networks that this node's engine knows: its own, and those of the swarm.
    pub fn networks(&self) -> Vec<Rc<Network>> {
        let manager = self.manager().is_ok();
        let member = self.in_swarm();
        let store = self.world.store();
        let own = |network: &Network| network.node.is_none_or(|node| node == self.node);
        // A worker knows a network of the swarm while one of its tasks is attached to it.
        let attached = |network: &Network| {
            let mut tasks = store.tasks_of_node(self.node).filter(|task| task.status.state <= TaskState::Running);
            tasks.any(|task| task.spec.networks.iter().any(|used| used.target == network.id.as_str()))
        };
        let known = |network: &Network| {
            !network.predefined
                && own(network)
                && (manager || member && network.ingress || network.node.is_some() || attached(network))
        };
        let mut networks: Vec<Rc<Network>> = store.networks().filter(|network| known(network)).cloned().collect();
        networks.extend(self.builtin_networks().map(Rc::new));
        networks
    }

    /// What every engine has from its beginning.
    fn builtin_networks(&self) -> impl Iterator<Item = Network> {
        const BUILTIN: [(&str, &str, &str); 4] = [
            ("bridge", "bridge", "172.17.0"),
            ("docker_gwbridge", "bridge", "172.18.0"),
            ("host", "host", ""),
            ("none", "null", ""),
        ];
        let (node, member) = (self.node, self.in_swarm());
        // The bridge between containers and the swarm's networks comes with the swarm.
        let there = BUILTIN.into_iter().filter(move |(name, ..)| member || *name != "docker_gwbridge");
        there.map(move |(name, driver, subnet)| {
            let mut network = Network::builtin(node, name, driver);
            if !subnet.is_empty() {
                network.subnets.push((format!("{subnet}.0/16"), format!("{subnet}.1"), String::new()));
            }
            network
        })
    }

    /// The network called `reference`, as this node's engine knows it.
    ///
    /// # Errors
    /// Nothing has that name; several ids begin so.
    pub fn network(&self, reference: &str) -> Result<Rc<Network>, ApiError> {
        let networks = self.networks();
        let ids: Vec<String> = networks.iter().map(|network| network.shown_id()).collect();
        let names: Vec<(&str, &str)> =
            ids.iter().zip(&networks).map(|(id, network)| (id.as_str(), network.name.as_str())).collect();
        place("network", &names, reference).map(|place| Rc::clone(&networks[place]))
    }

    /// Creates a network and returns its id as commands show it.
    ///
    /// # Errors
    /// The name is no good or taken; there is no such driver; there is a routing mesh already.
    pub fn create_network(&mut self, mut network: Network) -> Result<String, ApiError> {
        let daemon = |sentence: String| Err(ApiError::Refused { code: Code::Daemon, sentence });
        for (subnet, ..) in &network.subnets {
            validate::subnet(subnet)?;
        }
        if network.node.is_none() {
            // The network's own controller says it, and knows of no workers.
            self.manager().map_err(|error| if error == ApiError::NotManager { ApiError::NotInSwarm } else { error })?;
            self.writable()?;
        }
        if self.networks().iter().any(|known| known.name == network.name) {
            return daemon(format!("network with name {} already exists", network.name));
        }
        if !["overlay", "bridge", "macvlan", "ipvlan", "host", "null"].contains(&network.driver.as_str()) {
            return daemon(format!("plugin \"{}\" not found", network.driver));
        }
        validate::name(&network.name)?;
        if let Some(mesh) = self.world.store().networks().find(|known| known.ingress && network.ingress) {
            let sentence = format!("ingress network ({}) is already present", mesh.id);
            return Err(ApiError::Refused { code: Code::AlreadyExists, sentence });
        }
        let cause = Some(self.world.asked(&format!("network create {}", network.name)));
        // A swarm takes what its allocator cannot serve, and says nothing.
        network.waits = !self.world.complete_network(&mut network);
        if network.waits && network.node.is_some() {
            return daemon(match network.subnets.is_empty() {
                true => {
                    "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to \
                         the network"
                        .to_owned()
                }
                false => "Pool overlaps with other one on this address space".to_owned(),
            });
        }
        Ok(self.world.engine(cause, |engine, ctx| {
            network.id = NetworkId::random(&mut ctx.random.ids);
            let (id, shown) = (network.id, network.shown_id());
            ctx.begin(Rule::Asked);
            ctx.store.create_network(network, ctx.now);
            engine.allocator.network_created(id, ctx);
            shown
        }))
    }

    /// Removes a network that nothing uses.
    ///
    /// # Errors
    /// Nothing has that name; it is one of the engine's own; a service or a task uses it.
    pub fn remove_network(&mut self, reference: &str) -> Result<(), ApiError> {
        let network = self.network(reference)?;
        if network.node.is_none() {
            self.writable()?;
        }
        let store = self.world.store();
        if network.node.is_some() && store.network(network.id).is_none() {
            let sentence = format!("{} is a pre-defined network and cannot be removed", network.name);
            return Err(ApiError::Refused { code: Code::Daemon, sentence });
        }
        let id = network.id;
        let refuse = |sentence: String| Err(ApiError::Refused { code: Code::FailedPrecondition, sentence });
        let uses =
            |networks: &[crate::model::NetworkAttachment]| networks.iter().any(|used| used.target == id.as_str());
        if network.ingress {
            let meshed = |service: &&Rc<Service>| service.endpoint.virtual_ips.iter().any(|(mesh, _)| *mesh == id);
            if let Some(service) = store.services().find(meshed) {
                return refuse(format!(
                    "ingress network cannot be removed because service {} depends on it",
                    service.id
                ));
            }
        }
        if let Some(service) = store.services().find(|service| uses(&service.spec.task.networks)) {
            return refuse(format!("network {id} is in use by service {}", service.id));
        }
        let lives = |state| state <= TaskState::Running;
        let user = |task: &&Rc<crate::model::Task>| {
            lives(task.desired) && lives(task.status.state) && uses(&task.spec.networks)
        };
        if let Some(task) = store.tasks().find(user) {
            return refuse(format!("network {id} is in use by task {}", task.id));
        }
        let cause = Some(self.world.asked(&format!("network rm {reference}")));
        self.world.engine(cause, |engine, ctx| {
            ctx.begin(Rule::Asked);
            ctx.store.delete_network(id, ctx.now);
            engine.allocator.network_removed(id, ctx);
            engine.settle(ctx);
        });
        Ok(())
    }
}
