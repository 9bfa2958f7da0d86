//! Scenarios: which nodes, which images, how fast. Plain data.

use crate::time::Ms;

/// Where a session starts.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub name: &'static str,
    /// What the virtual clock shows at time 0, in milliseconds of Unix time.
    pub epoch_ms: u64,
    pub nodes: Vec<NodeSetup>,
    pub images: Vec<Image>,
    pub latencies: Latencies,
    /// Whether every node has every image that exists before anybody types (except the `unpulled` ones).
    pub pulled: bool,
}

impl Scenario {
    /// The cluster and the images of the recordings.
    pub fn lab() -> Scenario {
        let node =
            |hostname, address, manager| NodeSetup { hostname, address, manager, cpus: 2, memory_bytes: 24 << 30 };
        Scenario {
            name: "lab",
            epoch_ms: 1_770_000_000_000,
            nodes: vec![
                node("manager", "10.0.0.10", true),
                node("node1", "10.0.0.11", false),
                node("node2", "10.0.0.12", false),
            ],
            images: Vec::new(),
            latencies: Latencies {
                accept_ms: (0, 0),
                registry_ms: (0, 0),
                create_ms: (0, 0),
                start_ms: (0, 0),
                stop_ms: (0, 0),
            },
            pulled: true,
        }
    }
}

#[derive(Clone, Debug)]
pub struct NodeSetup {
    pub hostname: &'static str,
    pub address: &'static str,
    pub manager: bool,
    pub cpus: u64,
    pub memory_bytes: u64,
}

/// An image of the registry, and how a container made from it behaves.
#[derive(Clone, Debug)]
pub struct Image {
    /// With its tag: `masungil/my-fastapi-whoami:latest`.
    pub name: String,
    pub digest: String,
    pub size_bytes: u64,
    /// How long a first pull takes on a node: (least, most).
    pub pull_ms: (Ms, Ms),
    /// Never on a node before somebody asks for it.
    pub unpulled: bool,
    pub behaviour: Behaviour,
}

#[derive(Clone, Debug)]
pub struct Behaviour {
    /// Lines it prints to standard error when it starts. `{host}` is the container's host name.
    pub log: Vec<String>,
    /// Ends by itself: after how long, and with which code.
    pub exits: Option<(Ms, i32)>,
    /// Whether SIGTERM ends it, with code 0, at once. Otherwise only SIGKILL does, after the grace period.
    pub heeds_sigterm: bool,
    /// The port that answers requests.
    pub listens: Option<u16>,
    pub health: Option<HealthBehaviour>,
}

/// The image's own health check and what it finds.
#[derive(Clone, Debug)]
pub struct HealthBehaviour {
    pub interval_ms: Ms,
    pub retries: u64,
    /// From when on the check passes, counted from the start; `None`: never.
    pub passes_from_ms: Option<Ms>,
}

/// How long things take, each (least, most) in milliseconds, drawn anew every time.
#[derive(Clone, Debug)]
pub struct Latencies {
    /// From an assignment's arrival to PREPARING.
    pub accept_ms: (Ms, Ms),
    /// Asking the registry for a manifest, and for one that is not there.
    pub registry_ms: (Ms, Ms),
    /// Making the container of an image that is on the node.
    pub create_ms: (Ms, Ms),
    /// Starting a container.
    pub start_ms: (Ms, Ms),
    /// From the signal to the end of a container that heeds it.
    pub stop_ms: (Ms, Ms),
}
