//! What may stand in a compose file, as data: which keys, since which version, and of what shape their values are.
//!
//! Models: docker/cli cli/compose/schema/data/config_schema_v3.*.json, and cli/compose/types/types.go for the order in
//! which `docker stack config` writes keys and for what it leaves out.

use super::yaml::Yaml;
use crate::collections;

/// The shape of a value.
pub(super) enum Shape {
    /// Read by nobody here.
    Any,
    Text,
    TextOrNull,
    Int,
    Number,
    Bool,
    /// `30s`
    Duration,
    /// `64M`
    Bytes,
    NumberOrText,
    /// Of this shape, and no variable may stand for it.
    Fixed(&'static Shape),
    /// Of this shape, and there even if it is zero or empty.
    Kept(&'static Shape),
    /// Of this shape, and lost.
    Lost(&'static Shape),
    List(&'static Shape),
    /// A list in which nothing comes twice.
    Set(&'static Shape),
    /// One text, or a set of them.
    OneOrTexts,
    /// A line for a shell, or its words.
    Command,
    /// The same, but a line is for the shell of the container.
    Test,
    /// `key=value` in a set, or a map.
    Pairs,
    /// The same, where a key without a value is something of its own.
    Variables,
    /// `host:address` in a set, or a map.
    Hosts,
    /// A map of texts and numbers.
    Options,
    /// The same, with values that may be left out.
    LogOptions,
    /// These keys.
    Map(&'static [Key]),
    /// These keys, and those of users, which begin with `x-`.
    Open(&'static [Key]),
    /// These keys, and any others.
    Loose(&'static [Key]),
    /// Of this shape, or null.
    Maybe(&'static Shape),
    /// A map whose keys are names.
    Each(&'static Shape),
    /// One of several shapes.
    Either(&'static [Shape]),
}

pub(super) struct Key {
    pub(super) name: &'static str,
    /// The first version that has it: 4 is 3.4.
    pub(super) since: u8,
    pub(super) shape: Shape,
}

use Shape::*;

const fn key(name: &'static str, shape: Shape) -> Key {
    Key { name, since: 0, shape }
}

const fn since(since: u8, name: &'static str, shape: Shape) -> Key {
    Key { name, since, shape }
}

/// Versions 3.0 to 3.13. From 3.4 on there may be keys of users, in most places from 3.7 on.
pub(super) const NEWEST: u8 = 13;
pub(super) const OPEN_SINCE: u8 = 4;
pub(super) const ALL_OPEN_SINCE: u8 = 7;

pub(super) static ROOT: Shape = Open(&[
    key("version", Text),
    key("services", Each(&Open(SERVICE))),
    key("networks", Each(&Maybe(&Open(NETWORK)))),
    key("volumes", Each(&Maybe(&Open(VOLUME)))),
    since(1, "secrets", Each(&Open(SECRET))),
    since(3, "configs", Each(&Open(CONFIG))),
]);

pub(super) const SERVICE: &[Key] = &[
    key("build", Either(&[Text, Loose(BUILD)])),
    key("cap_add", Set(&Text)),
    key("cap_drop", Set(&Text)),
    since(9, "cgroupns_mode", Text),
    key("cgroup_parent", Text),
    key("command", Command),
    since(3, "configs", List(&Either(&[Text, Loose(REFERENCE)]))),
    key("container_name", Text),
    since(3, "credential_spec", Map(&[since(8, "config", Text), key("file", Text), key("registry", Text)])),
    key("depends_on", Set(&Text)),
    key("deploy", Maybe(&Map(DEPLOY))),
    key("devices", Set(&Text)),
    key("dns", OneOrTexts),
    key("dns_search", OneOrTexts),
    key("domainname", Text),
    key("entrypoint", Command),
    key("environment", Variables),
    key("env_file", OneOrTexts),
    key("expose", Set(&NumberOrText)),
    key("external_links", Set(&Text)),
    key("extra_hosts", Hosts),
    key("hostname", Text),
    key("healthcheck", Kept(&Map(HEALTH))),
    key("image", Text),
    since(7, "init", Kept(&Fixed(&Bool))),
    key("ipc", Text),
    since(5, "isolation", Text),
    key("labels", Pairs),
    key("links", Set(&Text)),
    key("logging", Kept(&Map(&[key("driver", Text), key("options", LogOptions)]))),
    key("mac_address", Text),
    key("network_mode", Text),
    key("networks", Either(&[Set(&Text), Each(&Either(&[Kept(&Map(ATTACHMENT)), Maybe(&Any)]))])),
    key("pid", TextOrNull),
    key("ports", Set(&Either(&[Number, Text, Map(PORT)]))),
    key("privileged", Bool),
    key("read_only", Bool),
    key("restart", Text),
    since(1, "secrets", List(&Either(&[Text, Loose(REFERENCE)]))),
    key("security_opt", Set(&Text)),
    key("shm_size", NumberOrText),
    key("stdin_open", Bool),
    key("stop_grace_period", Kept(&Duration)),
    key("stop_signal", Text),
    key("sysctls", Pairs),
    key("tmpfs", OneOrTexts),
    key("tty", Bool),
    key("ulimits", Each(&Either(&[Int, Map(LIMIT)]))),
    key("user", Text),
    // Docker's type has another name for it, so nobody ever sees it.
    since(13, "oom_score_adj", Lost(&Int)),
    key("userns_mode", Text),
    key("volumes", List(&Either(&[Text, Map(MOUNT)]))),
    key("working_dir", Text),
];

const BUILD: &[Key] = &[
    key("context", Text),
    key("dockerfile", Text),
    key("args", Variables),
    key("labels", Pairs),
    key("cache_from", Set(&Text)),
    key("extra_hosts", Hosts),
    key("network", Text),
    key("target", Text),
];

const DEPLOY: &[Key] = &[
    key("mode", Text),
    key("replicas", Kept(&Int)),
    key("labels", Pairs),
    key("update_config", Kept(&Map(UPDATE))),
    since(7, "rollback_config", Kept(&Map(UPDATE))),
    key("resources", Map(RESOURCES)),
    key("restart_policy", Kept(&Map(RESTART))),
    key("placement", Map(PLACEMENT)),
    since(2, "endpoint_mode", Text),
];

const UPDATE: &[Key] = &[
    key("parallelism", Kept(&Int)),
    key("delay", Duration),
    key("failure_action", Text),
    key("monitor", Duration),
    key("max_failure_ratio", Number),
    since(4, "order", Text),
];

/// Where the words of `order` are told apart.
pub(super) const ORDERS: &[&str] = &["start-first", "stop-first"];

const RESOURCES: &[Key] = &[
    key("limits", Kept(&Map(&[key("cpus", Text), key("memory", Bytes), since(9, "pids", Fixed(&Int))]))),
    key("reservations", Kept(&Map(&[key("cpus", Text), key("memory", Bytes), since(5, "generic_resources", GENERIC)]))),
];

const GENERIC: Shape = List(&Map(&[key(
    "discrete_resource_spec",
    Kept(&Map(&[key("kind", Kept(&Text)), key("value", Kept(&Fixed(&Number)))])),
)]));

const RESTART: &[Key] = &[
    key("condition", Text),
    key("delay", Kept(&Duration)),
    key("max_attempts", Kept(&Int)),
    key("window", Kept(&Duration)),
];

const PLACEMENT: &[Key] = &[
    key("constraints", List(&Text)),
    since(3, "preferences", List(&Map(&[key("spread", Text)]))),
    since(8, "max_replicas_per_node", Int),
];

const HEALTH: &[Key] = &[
    key("test", Test),
    key("timeout", Kept(&Duration)),
    key("interval", Kept(&Duration)),
    key("retries", Kept(&Number)),
    since(4, "start_period", Kept(&Duration)),
    since(12, "start_interval", Kept(&Duration)),
    key("disable", Bool),
];

const NETWORK: &[Key] = &[
    since(5, "name", Text),
    key("driver", Text),
    key("driver_opts", Options),
    key("ipam", Map(&[key("driver", Text), key("config", List(&Map(&[key("subnet", Text)])))])),
    key("external", Kept(&EXTERNAL)),
    key("internal", Bool),
    since(2, "attachable", Bool),
    key("labels", Pairs),
];

const VOLUME: &[Key] = &[
    since(4, "name", Text),
    key("driver", Text),
    key("driver_opts", Options),
    key("external", Kept(&EXTERNAL)),
    key("labels", Pairs),
];

const EXTERNAL: Shape = Either(&[Bool, Map(&[key("name", Text)])]);

const SECRET: &[Key] = &[
    since(5, "name", Text),
    key("file", Text),
    key("external", Kept(&LOOSELY_EXTERNAL)),
    key("labels", Pairs),
    since(8, "driver", Text),
    since(8, "driver_opts", Options),
    since(8, "template_driver", Text),
];

const CONFIG: &[Key] = &[
    since(5, "name", Text),
    key("file", Text),
    key("external", Kept(&LOOSELY_EXTERNAL)),
    key("labels", Pairs),
    since(8, "template_driver", Text),
];

const LOOSELY_EXTERNAL: Shape = Either(&[Bool, Loose(&[key("name", Text)])]);

const REFERENCE: &[Key] =
    &[key("source", Text), key("target", Text), key("uid", Text), key("gid", Text), key("mode", Kept(&Number))];

const PORT: &[Key] = &[key("mode", Text), key("target", Int), key("published", Int), key("protocol", Text)];

const MOUNT: &[Key] = &[
    key("type", Text),
    key("source", Text),
    key("target", Text),
    key("read_only", Bool),
    key("consistency", Text),
    key("bind", Kept(&Loose(&[key("propagation", Text)]))),
    key("volume", Kept(&Loose(&[key("nocopy", Bool)]))),
    since(6, "tmpfs", Kept(&Loose(&[key("size", Fixed(&Int))]))),
];

const ATTACHMENT: &[Key] = &[
    key("aliases", Set(&Text)),
    since(13, "driver_opts", Options),
    key("ipv4_address", Text),
    key("ipv6_address", Text),
];

const LIMIT: &[Key] = &[key("soft", Int), key("hard", Int)];

/// Keys that a map must have.
pub(super) fn required(keys: &'static [Key]) -> &'static [&'static str] {
    match keys[0].name {
        "soft" => &["soft", "hard"],
        "type" => &["type"],
        _ => &[],
    }
}

/// Puts pairs in the order of their keys; those of users come last.
pub(super) fn arrange(keys: &[Key], pairs: &mut Vec<(String, Yaml)>) {
    let place = |name: &str| keys.iter().position(|key| key.name == name).unwrap_or(keys.len());
    collections::sort_by(pairs, |a: &(String, Yaml), b: &(String, Yaml)| place(&a.0).cmp(&place(&b.0)));
}

impl Shape {
    /// What stands below keys of a map of this shape.
    pub(super) fn keys(&self) -> Option<&'static [Key]> {
        match self {
            Map(keys) | Open(keys) | Loose(keys) => Some(keys),
            _ => None,
        }
    }

    /// The shape without what only says how it is treated. Of several shapes, the one that a value is meant to have.
    pub(super) fn of(&self, value: &Yaml) -> &Shape {
        match self {
            Kept(shape) | Fixed(shape) | Lost(shape) | Maybe(shape) => shape.of(value),
            Either(shapes) => {
                let meant = shapes.iter().map(|shape| shape.of(value)).find(|shape| match value {
                    Yaml::Map(_) | Yaml::Strange => shape.keys().is_some() || matches!(shape, Each(_)),
                    Yaml::List(_) => matches!(shape, Set(_) | List(_)),
                    Yaml::Text(_) => matches!(shape, Text),
                    Yaml::Int(_) => matches!(shape, Int | Number),
                    Yaml::Float(_) => matches!(shape, Number),
                    Yaml::Bool(_) => matches!(shape, Bool),
                    _ => false,
                });
                meant.unwrap_or_else(|| shapes[0].of(value))
            }
            shape => shape,
        }
    }

    /// The shape of what stands below a key, or in a list.
    pub(super) fn inside(&self, value: &Yaml, key: &str) -> Option<&'static Shape> {
        match self.of(value) {
            Each(shape) | List(shape) | Set(shape) => Some(shape),
            shape => shape.keys()?.iter().find(|known| known.name == key).map(|known| &known.shape),
        }
    }
}
