//! Keys of services that a stack passes over or refuses, with what is said of them.
//!
//! Models: docker/cli cli/compose/types/types.go and cli/compose/loader/loader.go.

use super::yaml::Yaml;

/// What a stack passes over, by name.
const UNSUPPORTED: &[&str] = &[
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
const DEPRECATED: &[(&str, &str)] = &[
    ("container_name", "Setting the container name is not supported."),
    (
        "expose",
        "Exposing ports is unnecessary - services on the same network can access each other's containers on any port.",
    ),
];

const LIMITS: &str = "Set resource limits using deploy.resources";

/// What no compose file of this kind may hold, with what to do instead.
const FORBIDDEN: &[(&str, &str)] = &[
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

/// Whether a service of one of the files has a key.
fn is_used(files: &[Yaml], key: &str) -> bool {
    let services = files.iter().filter_map(|file| file.get("services")).flat_map(Yaml::as_map);
    services.flat_map(|(_, service)| service.as_map()).any(|(had, _)| had == key)
}

/// Those of the keys that services use, with what is said of them.
fn used(files: &[Yaml], keys: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (key, about) in keys.iter().filter(|(key, _)| is_used(files, key)) {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(key);
        text.push_str(": ");
        text.push_str(about);
    }
    text
}

/// Why a file is refused for what it uses, if it is. The sentence has a line of its own at its end.
pub(super) fn refusal(file: &Yaml) -> Option<String> {
    let forbidden = used(std::slice::from_ref(file), FORBIDDEN);
    (!forbidden.is_empty()).then_some(forbidden)
}

/// What is said of the keys that are passed over.
pub(super) fn warnings(files: &[Yaml]) -> String {
    let ignored: Vec<&str> = UNSUPPORTED.iter().copied().filter(|key| is_used(files, key)).collect();
    let deprecated = used(files, DEPRECATED);
    let mut text = String::new();
    for (about, what) in [("unsupported options: ", &ignored.join(", ")), ("deprecated options:\n\n", &deprecated)] {
        if !what.is_empty() {
            text.push_str("Ignoring ");
            text.push_str(about);
            text.push_str(what);
            text.push_str("\n\n");
        }
    }
    text
}
