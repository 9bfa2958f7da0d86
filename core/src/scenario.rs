//! Scenarios: which nodes, which images, how fast. Plain data.
//!
//! Two stand here: `lab` is the cluster of the recordings, with its latencies; `playground` is the same cluster slowed
//! down so that a person can watch.

use crate::time::{Ms, SECOND};

/// Where a session starts.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub name: &'static str,
    /// What the virtual clock shows at time 0, in milliseconds of Unix time.
    pub epoch_ms: u64,
    pub nodes: Vec<NodeSetup>,
    pub images: Vec<Image>,
    pub latencies: Latencies,
    /// Whether every node has every image before anybody types, except those marked `unpulled`.
    pub pulled: bool,
    /// Whether the nodes are joined to a swarm; otherwise each is for itself.
    pub swarm: bool,
    /// The root certificate of that swarm, as PEM; `None`: a new one is drawn.
    pub root_certificate: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub struct NodeSetup {
    pub hostname: String,
    pub address: String,
    pub manager: bool,
    pub cpus: u64,
    pub memory_bytes: u64,
    /// Generic resources that its engine offers: kind and how many, `("GPU", 2)`.
    pub generic: Vec<(String, i64)>,
    /// Its images were pulled by their digests, so that no tag points to them.
    pub untagged: bool,
    /// Nothing was pulled on it, whatever the scenario says of the others.
    pub bare: bool,
}

/// An image of the registry, and how a container made from it behaves.
#[derive(Clone, Debug)]
pub struct Image {
    /// With its tag: `masungil/my-fastapi-whoami:latest`.
    pub name: String,
    /// `sha256:…`
    pub digest: String,
    pub size_bytes: u64,
    /// When it was built, in seconds of Unix time.
    pub built: u64,
    /// How long a first pull takes on a node: (least, most).
    pub pull_ms: (Ms, Ms),
    /// On no node before somebody asks for it.
    pub unpulled: bool,
    /// Its tag names another image by now; it is still known by its digest.
    pub untagged: bool,
    /// The registry has lost it.
    pub missing: bool,
    pub behaviour: Behaviour,
}

#[derive(Clone, Debug)]
pub struct Behaviour {
    /// What `docker ps` shows as its command.
    pub command: String,
    /// Lines it prints when it starts. `{host}` is the container's host name.
    pub log: Vec<String>,
    /// Ends by itself: after how long, and with which code.
    pub exits: Option<(Ms, i32)>,
    /// Whether SIGTERM ends it, with code 0, at once. Otherwise only SIGKILL does, after the grace period.
    pub heeds_sigterm: bool,
    /// The port that answers requests.
    pub listens: Option<u16>,
    /// How long an answer takes.
    pub answer_ms: Ms,
    /// How long a start takes, where it is not what it takes on these machines.
    pub start_ms: Option<Ms>,
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
    /// What the scheduler takes on top of the time that it waits for more to come: a write to the log of the managers.
    pub commit_ms: (Ms, Ms),
    /// From an assignment's arrival to PREPARING.
    pub accept_ms: (Ms, Ms),
    /// Asking the registry for a manifest.
    pub registry_ms: (Ms, Ms),
    /// Making the container of an image that is on the node.
    pub create_ms: (Ms, Ms),
    /// Starting a container.
    pub start_ms: (Ms, Ms),
    /// From a program's own end to its being noticed.
    pub exit_ms: (Ms, Ms),
    /// What a health probe takes itself.
    pub probe_ms: (Ms, Ms),
    /// From the signal to the end of a program that obeys it.
    pub die_ms: (Ms, Ms),
    /// From the order to stop to the signal: the engine takes care of what is around the program first.
    pub settle_ms: (Ms, Ms),
    /// From power to a daemon that runs.
    pub boot_ms: (Ms, Ms),
    /// What every other container adds that starts at the same time, and half of it every one that stops: where the nodes
    /// are one machine, as those of the recordings are.
    pub crowd_ms: Ms,
}

impl Scenario {
    /// The cluster of the recordings: three nodes of 2 CPUs and 24 GiB, with the latencies seen there.
    pub fn lab() -> Scenario {
        Scenario {
            name: "lab",
            epoch_ms: 1_795_383_360_770,
            nodes: three_nodes(),
            images: images((250, 450), (3_500, 5_000)),
            latencies: Latencies {
                commit_ms: (1, 32),
                accept_ms: (5, 15),
                registry_ms: (12, 35),
                create_ms: (12, 100),
                start_ms: (185, 680),
                exit_ms: (85, 290),
                probe_ms: (50, 90),
                die_ms: (95, 260),
                settle_ms: (1_020, 1_110),
                boot_ms: (1_600, 2_000),
                crowd_ms: 100,
            },
            pulled: true,
            swarm: true,
            root_certificate: None,
        }
    }

    /// The same cluster for watching: a first pull on a node takes about two seconds, a start about one.
    pub fn playground() -> Scenario {
        let lab = Scenario::lab();
        Scenario {
            name: "playground",
            images: images((1_700, 2_300), (6_000, 8_000)),
            latencies: Latencies {
                accept_ms: (60, 140),
                registry_ms: (500, 800),
                create_ms: (250, 450),
                start_ms: (850, 1_150),
                die_ms: (250, 400),
                crowd_ms: 0,
                ..lab.latencies
            },
            pulled: false,
            ..lab
        }
    }

    /// The third of the recorded clusters, where two of the nodes hold their images by digest alone: with the registry
    /// down, what names a tag does not start there.
    pub fn lab_by_digest() -> Scenario {
        let mut lab = Scenario::lab();
        for node in &mut lab.nodes {
            node.untagged = node.hostname != "node2";
        }
        lab
    }

    /// The image called `name`, which has a tag.
    pub fn image(&self, name: &str) -> Option<&Image> {
        self.images.iter().find(|image| image.name == name)
    }
}

fn three_nodes() -> Vec<NodeSetup> {
    let node = |hostname: &str, last: u8, manager| NodeSetup {
        hostname: hostname.to_owned(),
        address: format!("10.97.0.{last}"),
        manager,
        cpus: 2,
        memory_bytes: 25_276_502_016,
        generic: Vec::new(),
        untagged: false,
        bare: false,
    };
    vec![node("manager", 10, true), node("node1", 11, false), node("node2", 12, false)]
}

fn images(pull_ms: (Ms, Ms), big_pull_ms: (Ms, Ms)) -> Vec<Image> {
    let server = |version: &str| Behaviour {
        command: "/whoami.sh".to_owned(),
        log: vec![
            format!("INFO:     Started server process [1] ({version})"),
            "INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)".to_owned(),
        ],
        exits: None,
        heeds_sigterm: true,
        listens: Some(8000),
        answer_ms: 0,
        start_ms: None,
        health: None,
    };
    let ends = |after: Ms, code: i32| Behaviour {
        log: if code == 0 { Vec::new() } else { vec!["boom".to_owned()] },
        exits: Some((after, code)),
        listens: None,
        ..server("")
    };
    let checked = |retries, passes_from_ms, version| Behaviour {
        health: Some(HealthBehaviour { interval_ms: SECOND, retries, passes_from_ms }),
        ..server(version)
    };
    // They were built one after the other, in three seconds.
    let image = |name: &str, built: u64, behaviour: Behaviour| Image {
        name: name.to_owned(),
        digest: digest_of(name),
        size_bytes: 2_028_000,
        built: 1_795_383_061 + built,
        pull_ms,
        unpulled: false,
        untagged: false,
        missing: false,
        behaviour,
    };
    let whoami = |tag: &str| format!("masungil/my-fastapi-whoami:{tag}");
    vec![
        image(&whoami("latest"), 0, server("v1")),
        image(&whoami("v2"), 0, server("v2")),
        image(&whoami("v3"), 1, server("v3")),
        image("demo/crash:latest", 1, ends(0, 1)),
        image("demo/crash3:latest", 1, ends(3 * SECOND, 1)),
        image("demo/crash8:latest", 1, ends(8 * SECOND, 1)),
        image("demo/exit0:latest", 1, ends(2 * SECOND, 0)),
        image("demo/healthy:latest", 2, checked(30, Some(3 * SECOND), "v1")),
        image("demo/unhealthy:latest", 2, checked(2, None, "v1")),
        image(
            "demo/slowstop:latest",
            2,
            Behaviour {
                command: "/slow.sh".to_owned(),
                log: Vec::new(),
                heeds_sigterm: false,
                listens: None,
                ..server("")
            },
        ),
        Image {
            size_bytes: 350_000_000,
            pull_ms: big_pull_ms,
            unpulled: true,
            ..image("demo/big:latest", 3, server("v1"))
        },
    ]
}

/// A digest that depends on the name alone, so that it is the same in every session.
pub(crate) fn digest_of(name: &str) -> String {
    let mut stream = crate::rng::Stream::new(0, name);
    let words: String = (0..8).map(|_| format!("{:08x}", stream.next_u32())).collect();
    format!("sha256:{words}")
}
