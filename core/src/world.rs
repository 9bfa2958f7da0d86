//! The world: the store, the engine's memory, what is to come, the random streams and the time. Everything that a
//! moment of a session consists of, so a checkpoint is a clone.

use std::rc::Rc;

use crate::action::Action;
use crate::id::{NodeId, TaskId};
use crate::model::{Cluster, Meta};
use crate::rng::Stream;
use crate::scenario::Scenario;
use crate::store::Store;
use crate::time::Ms;

#[derive(Clone, Debug)]
pub struct World {
    pub(crate) scenario: Rc<Scenario>,
    pub(crate) now: Ms,
    pub(crate) store: Store,
}

/// A container on a node, as `docker ps` sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ContainerView {
    /// 64 hexadecimal characters.
    pub id: String,
    /// `my-app.1.<task id>`
    pub name: String,
    /// Without digest.
    pub image: String,
    pub command: String,
    pub created: Ms,
    pub state: ContainerState,
    /// The image's exposed ports: `8000/tcp`.
    pub ports: String,
    /// `starting`, `healthy`, `unhealthy`; `None` without a health check.
    pub health: Option<&'static str>,
    pub labels: Vec<(String, String)>,
    /// What it printed: (when, whether to standard error, line).
    pub log: Vec<(Ms, bool, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ContainerState {
    Created,
    Running { since: Ms },
    Exited { at: Ms, code: i32 },
}

/// An image on a node, as `docker images` sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageView {
    pub repository: String,
    pub tag: String,
    pub digest: String,
    /// `sha256:…`
    pub id: String,
    pub created: Ms,
    pub size_bytes: u64,
}

/// What a request to a published port meets.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// A task answers. `version` is its image's tag, `host` its container's host name, `body` what a client reads.
    Answer { task: TaskId, host: String, version: String, body: String },
    /// Nobody listens on that port.
    Refused,
}

impl World {
    pub fn new(scenario: &Scenario, seed: u64) -> World {
        let mut ids = Stream::new(seed, "ids");
        let cluster = Cluster {
            id: crate::id::ClusterId::random(&mut ids),
            meta: Meta::default(),
            task_history_limit: 5,
            heartbeat_period_ms: 5_000,
            join_digest: String::new(),
            join_worker: String::new(),
            join_manager: String::new(),
        };
        World { scenario: Rc::new(scenario.clone()), now: 0, store: Store::new(cluster) }
    }

    pub fn now(&self) -> Ms {
        self.now
    }

    /// What the virtual clock shows at `at`, in milliseconds of Unix time.
    pub fn unix_ms(&self, at: Ms) -> u64 {
        self.scenario.epoch_ms + at
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// When something is due next.
    pub fn next_at(&self) -> Option<Ms> {
        None
    }

    /// Lets everything happen that is due up to `to`.
    pub fn advance(&mut self, to: Ms) {
        self.now = self.now.max(to);
    }

    /// Lets something happen to the machines or the registry.
    ///
    /// # Errors
    /// A sentence: there is no such node, service or task.
    pub fn act(&mut self, _action: &Action) -> Result<(), String> {
        Ok(())
    }

    /// A request to `port` of `node`.
    pub fn request(&mut self, _node: NodeId, _port: u16) -> Reply {
        Reply::Refused
    }

    /// Containers on a node, newest first.
    pub fn containers(&self, _node: NodeId) -> Vec<ContainerView> {
        Vec::new()
    }

    /// Images on a node, newest first.
    pub fn images(&self, _node: NodeId) -> Vec<ImageView> {
        Vec::new()
    }
}
