//! What may stand in a compose file, as data: which keys, and of what shape their values are.
//!
//! Models: docker/cli cli/compose/schema/data/config_schema_v3.13.json, and the order of the fields of
//! cli/compose/types/types.go, in which `docker stack config` writes them.

/// The shape of a value.
pub(super) enum Shape {
    /// Read by nobody here.
    Any,
    Text,
    Int,
    Number,
    Bool,
    /// `30s`
    Duration,
    /// `64M`
    Bytes,
    /// A text or a number.
    Scalar,
    Texts,
    /// One text, or a list of them.
    OneOrTexts,
    /// A line for a shell, or its words.
    Command,
    /// The same, but a line is for the shell of the container.
    Test,
    /// `key=value` in a list, or a map.
    Pairs,
    /// The same, where a key without a value is something of its own.
    Variables,
    /// `host:address` in a list, or a map.
    Hosts,
    /// A map of texts and numbers.
    Options,
    Map(&'static [Key]),
    /// A map that may be left empty.
    Maybe(&'static [Key]),
    /// A map whose keys are names.
    Each(&'static Shape),
    List(&'static Shape),
    Port,
    Volume,
    /// A config or a secret: its name alone, or a map.
    Reference,
    Networks,
    Ulimit,
    /// A truth, or a map with a name.
    External,
}

pub(super) type Key = (&'static str, Shape);

use Shape::*;

pub(super) const VERSIONS: std::ops::RangeInclusive<u32> = 0..=13;

pub(super) static ROOT: Shape = Map(&[
    ("version", Text),
    ("services", Each(&Map(SERVICE))),
    ("networks", Each(&Maybe(NETWORK))),
    ("volumes", Each(&Maybe(VOLUME))),
    ("secrets", Each(&Map(FILE))),
    ("configs", Each(&Map(FILE))),
]);

const SERVICE: &[Key] = &[
    ("build", Any),
    ("cap_add", Texts),
    ("cap_drop", Texts),
    ("cgroupns_mode", Text),
    ("cgroup_parent", Text),
    ("command", Command),
    ("configs", List(&Reference)),
    ("container_name", Text),
    ("credential_spec", Map(&[("config", Text), ("file", Text), ("registry", Text)])),
    ("depends_on", Texts),
    ("deploy", Maybe(DEPLOY)),
    ("devices", Texts),
    ("dns", OneOrTexts),
    ("dns_search", OneOrTexts),
    ("domainname", Text),
    ("entrypoint", Command),
    ("environment", Variables),
    ("env_file", OneOrTexts),
    ("expose", List(&Scalar)),
    ("external_links", Texts),
    ("extra_hosts", Hosts),
    ("group_add", List(&Scalar)),
    ("hostname", Text),
    ("healthcheck", Map(HEALTH)),
    ("image", Text),
    ("init", Bool),
    ("ipc", Text),
    ("isolation", Text),
    ("labels", Pairs),
    ("links", Texts),
    ("logging", Map(&[("driver", Text), ("options", Options)])),
    ("mac_address", Text),
    ("network_mode", Text),
    ("networks", Networks),
    ("oom_score_adj", Int),
    ("pid", Scalar),
    ("ports", List(&Port)),
    ("privileged", Bool),
    ("read_only", Bool),
    ("restart", Text),
    ("secrets", List(&Reference)),
    ("security_opt", Texts),
    ("shm_size", Scalar),
    ("stdin_open", Bool),
    ("stop_grace_period", Duration),
    ("stop_signal", Text),
    ("sysctls", Pairs),
    ("tmpfs", OneOrTexts),
    ("tty", Bool),
    ("ulimits", Each(&Ulimit)),
    ("user", Text),
    ("userns_mode", Text),
    ("volumes", List(&Volume)),
    ("working_dir", Text),
];

const DEPLOY: &[Key] = &[
    ("mode", Text),
    ("replicas", Int),
    ("labels", Pairs),
    ("update_config", Map(UPDATE)),
    ("rollback_config", Map(UPDATE)),
    ("resources", Map(RESOURCES)),
    ("restart_policy", Map(RESTART)),
    ("placement", Map(PLACEMENT)),
    ("endpoint_mode", Text),
];

const UPDATE: &[Key] = &[
    ("parallelism", Int),
    ("delay", Duration),
    ("failure_action", Text),
    ("monitor", Duration),
    ("max_failure_ratio", Number),
    ("order", Text),
];

const RESOURCES: &[Key] = &[
    ("limits", Map(&[("cpus", Text), ("memory", Bytes), ("pids", Int)])),
    ("reservations", Map(&[("cpus", Text), ("memory", Bytes), ("generic_resources", List(&Map(GENERIC)))])),
];

const GENERIC: &[Key] = &[("discrete_resource_spec", Map(&[("kind", Text), ("value", Int)]))];

const RESTART: &[Key] = &[("condition", Text), ("delay", Duration), ("max_attempts", Int), ("window", Duration)];

const PLACEMENT: &[Key] =
    &[("constraints", Texts), ("preferences", List(&Map(&[("spread", Text)]))), ("max_replicas_per_node", Int)];

const HEALTH: &[Key] = &[
    ("test", Test),
    ("timeout", Duration),
    ("interval", Duration),
    ("retries", Int),
    ("start_period", Duration),
    ("start_interval", Duration),
    ("disable", Bool),
];

const NETWORK: &[Key] = &[
    ("name", Text),
    ("driver", Text),
    ("driver_opts", Options),
    ("ipam", Map(&[("driver", Text), ("config", List(&Map(&[("subnet", Text)])))])),
    ("external", External),
    ("internal", Bool),
    ("attachable", Bool),
    ("labels", Pairs),
];

const VOLUME: &[Key] =
    &[("name", Text), ("driver", Text), ("driver_opts", Options), ("external", External), ("labels", Pairs)];

const FILE: &[Key] = &[
    ("name", Text),
    ("file", Text),
    ("external", External),
    ("labels", Pairs),
    ("driver", Text),
    ("driver_opts", Options),
    ("template_driver", Text),
];

pub(super) static REFERENCE: Shape =
    Map(&[("source", Text), ("target", Text), ("uid", Text), ("gid", Text), ("mode", Int)]);

pub(super) static PORT: Shape = Map(&[("mode", Text), ("target", Int), ("published", Int), ("protocol", Text)]);

pub(super) static MOUNT: Shape = Map(&[
    ("type", Text),
    ("source", Text),
    ("target", Text),
    ("read_only", Bool),
    ("consistency", Text),
    ("bind", Map(&[("propagation", Text)])),
    ("volume", Map(&[("nocopy", Bool)])),
    ("tmpfs", Map(&[("size", Int)])),
]);

pub(super) static ATTACHMENT: Shape =
    Maybe(&[("aliases", Texts), ("driver_opts", Options), ("ipv4_address", Text), ("ipv6_address", Text)]);

pub(super) static LIMIT: Shape = Map(&[("soft", Int), ("hard", Int)]);

/// What a stack passes over, by name.
pub(super) const UNSUPPORTED: &[&str] = &[
    "build",
    "cgroup_parent",
    "cgroupns_mode",
    "devices",
    "domainname",
    "external_links",
    "ipc",
    "links",
    "mac_address",
    "network_mode",
    "pid",
    "privileged",
    "restart",
    "security_opt",
    "shm_size",
    "userns_mode",
];

/// What a stack passes over, with the reason.
pub(super) const DEPRECATED: &[(&str, &str)] = &[
    ("container_name", "Setting the container name is not supported."),
    (
        "expose",
        "Exposing ports is unnecessary - services on the same network can access each other's containers on any port.",
    ),
];

const LIMITS: &str = "Set resource limits using deploy.resources";

/// What no compose file of this kind may hold, with what to do instead.
pub(super) const FORBIDDEN: &[(&str, &str)] = &[
    ("cpu_quota", LIMITS),
    ("cpu_shares", LIMITS),
    ("cpuset", LIMITS),
    ("extends", "Support for `extends` is not implemented yet."),
    ("mem_limit", LIMITS),
    ("memswap_limit", LIMITS),
    (
        "volume_driver",
        "Instead of setting the volume driver on the service, define a volume using the top-level `volumes` option and \
         specify the driver there.",
    ),
    (
        "volumes_from",
        "To share a volume between services, define it using the top-level `volumes` option and reference it from each \
         service that shares it using the service-level `volumes` option.",
    ),
];
