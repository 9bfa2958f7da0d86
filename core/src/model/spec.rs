//! What users ask for: the specs of services and of their tasks. `None` and empty mean "not said"; the defaults are
//! filled in by whoever acts on a spec, because Docker shows and compares what was said.
//!
//! Models: swarmkit api/specs.proto, with the defaults of api/defaults/service.go.

use std::rc::Rc;

use super::{EndpointMode, FailureAction, Labels, Order, Protocol, PublishMode, RestartCondition};
use crate::id::FileId;
use crate::time::{NANOS_PER_SECOND, Nanos};

#[derive(Clone, Debug, PartialEq)]
pub struct ServiceSpec {
    pub name: String,
    pub labels: Labels,
    pub task: Rc<TaskSpec>,
    pub mode: Mode,
    pub update: Option<UpdateConfig>,
    pub rollback: Option<UpdateConfig>,
    pub endpoint: Option<EndpointSpec>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Replicated { replicas: u64 },
    Global,
    ReplicatedJob { max_concurrent: u64, total_completions: u64 },
    GlobalJob,
}

impl Mode {
    pub fn is_job(self) -> bool {
        matches!(self, Mode::ReplicatedJob { .. } | Mode::GlobalJob)
    }

    /// The word of `docker service ls`.
    pub fn title(self) -> &'static str {
        match self {
            Mode::Replicated { .. } => "replicated",
            Mode::Global => "global",
            Mode::ReplicatedJob { .. } => "replicated job",
            Mode::GlobalJob => "global job",
        }
    }
}

/// How to update, or to roll back. Models: swarmkit api/types.proto, UpdateConfig.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateConfig {
    /// 0: all slots at once.
    pub parallelism: u64,
    pub delay: Nanos,
    pub failure_action: FailureAction,
    /// How long a new task must live to count as a success. 0: not said, which means 5 s.
    pub monitor: Nanos,
    pub max_failure_ratio: f32,
    pub order: Order,
}

impl UpdateConfig {
    /// How long a task is watched where the spec does not say.
    pub const DEFAULT_MONITOR: Nanos = 5 * NANOS_PER_SECOND;

    /// The period that the updater watches.
    pub fn monitor_or_default(&self) -> Nanos {
        if self.monitor == 0 { Self::DEFAULT_MONITOR } else { self.monitor }
    }
}

impl Default for UpdateConfig {
    fn default() -> Self {
        UpdateConfig {
            parallelism: 1,
            delay: 0,
            failure_action: FailureAction::Pause,
            monitor: Self::DEFAULT_MONITOR,
            max_failure_ratio: 0.0,
            order: Order::StopFirst,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct RestartPolicy {
    pub condition: RestartCondition,
    /// `None`: 5 s.
    pub delay: Option<Nanos>,
    /// 0: without limit.
    pub max_attempts: u64,
    /// Restarts older than this do not count. `None`: all count.
    pub window: Option<Nanos>,
}

impl RestartPolicy {
    pub const DEFAULT_DELAY: Nanos = 5 * NANOS_PER_SECOND;
}

impl Default for RestartPolicy {
    fn default() -> Self {
        RestartPolicy {
            condition: RestartCondition::Any,
            delay: Some(Self::DEFAULT_DELAY),
            max_attempts: 0,
            window: None,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndpointSpec {
    pub mode: Option<EndpointMode>,
    pub ports: Vec<PortConfig>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PortConfig {
    pub name: String,
    pub protocol: Protocol,
    pub target: u32,
    /// 0: the allocator picks one from 30000 on.
    pub published: u32,
    pub mode: PublishMode,
}

/// What a task is made from. Everything in it but `placement` makes a task dirty when it changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskSpec {
    pub container: ContainerSpec,
    pub resources: Option<Resources>,
    pub restart: Option<RestartPolicy>,
    pub placement: Option<Placement>,
    pub networks: Vec<NetworkAttachment>,
    pub log_driver: Option<LogDriver>,
    /// Counts the uses of `--force`.
    pub force_update: u64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resources {
    pub limits: ResourceLimits,
    pub reservations: ResourceReservations,
    /// What was not given is left out rather than shown empty: stacks have it so.
    pub sparse: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResourceLimits {
    pub nano_cpus: i64,
    pub memory_bytes: i64,
    pub pids: i64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResourceReservations {
    pub nano_cpus: i64,
    pub memory_bytes: i64,
    /// Discrete generic resources: kind and how many.
    pub generic: Vec<(String, i64)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placement {
    pub constraints: Vec<String>,
    /// Descriptors of `spread=…`, in order.
    pub preferences: Vec<String>,
    /// 0: no limit.
    pub max_replicas: u64,
    /// (architecture, os) as the registry answered when the digest was looked up.
    pub platforms: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkAttachment {
    /// A network's id.
    pub target: String,
    pub aliases: Vec<String>,
    pub driver_opts: Labels,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogDriver {
    pub name: String,
    pub options: Labels,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContainerSpec {
    pub image: String,
    pub labels: Labels,
    /// The entry point, if it replaces the image's.
    pub command: Vec<String>,
    pub args: Vec<String>,
    pub hostname: String,
    pub env: Vec<String>,
    pub dir: String,
    pub user: String,
    pub groups: Vec<String>,
    pub stop_signal: String,
    pub tty: bool,
    pub open_stdin: bool,
    pub read_only: bool,
    pub mounts: Vec<Mount>,
    /// `None`: 10 s.
    pub stop_grace_period: Option<Nanos>,
    pub healthcheck: Option<HealthConfig>,
    /// Lines as in /etc/hosts: `10.0.0.1 db`.
    pub hosts: Vec<String>,
    pub dns: Option<DnsConfig>,
    pub secrets: Vec<FileReference>,
    pub configs: Vec<FileReference>,
    pub isolation: String,
    pub init: Option<bool>,
    pub sysctls: Labels,
    pub cap_add: Vec<String>,
    pub cap_drop: Vec<String>,
    pub ulimits: Vec<Ulimit>,
    pub credential_spec: Option<String>,
    pub oom_score_adj: i64,
}

impl ContainerSpec {
    pub const DEFAULT_GRACE: Nanos = 10 * NANOS_PER_SECOND;
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct DnsConfig {
    pub nameservers: Vec<String>,
    pub search: Vec<String>,
    pub options: Vec<String>,
}

/// A health check. Empty `test`: the image's own. `["NONE"]`: none at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HealthConfig {
    pub test: Vec<String>,
    pub interval: Nanos,
    pub timeout: Nanos,
    pub start_period: Nanos,
    pub start_interval: Nanos,
    pub retries: i64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mount {
    /// `bind`, `volume`, `tmpfs`, `npipe`, `cluster`, `image`.
    pub kind: String,
    pub source: String,
    pub target: String,
    pub read_only: bool,
    /// What else was said, as key and value, in the order of its saying.
    pub options: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FileReference {
    pub id: FileId,
    pub name: String,
    /// Where its data appears; empty where `runtime`.
    pub file: String,
    /// The runtime needs it and no program sees it: a credential spec. Configs only.
    pub runtime: bool,
    pub uid: String,
    pub gid: String,
    pub mode: u32,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ulimit {
    pub name: String,
    pub soft: i64,
    pub hard: i64,
}
