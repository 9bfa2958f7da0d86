//! Random clusters: one to twelve nodes, images that run, crash, end, are slow or ill.

use swarmyard_core::rng::Stream;
use swarmyard_core::scenario::{Behaviour, HealthBehaviour, Image, Latencies, NodeSetup, Scenario};
use swarmyard_core::time::Ms;

use super::dice::Dice;

const MIB: u64 = 1 << 20;

pub(super) fn scenario(dice: &mut Dice) -> Scenario {
    let lab = Scenario::lab();
    let count = if dice.chance(80) { dice.between(1, 5) } else { dice.between(6, 12) };
    Scenario {
        name: "storm",
        nodes: (0..count).map(|number| node(number, dice)).collect(),
        images: images(dice),
        latencies: if dice.chance(60) { lab.latencies.clone() } else { latencies(dice) },
        pulled: dice.chance(60),
        ..lab
    }
}

/// As its line in [`super::Storm::script`].
pub(super) fn described(node: &NodeSetup) -> String {
    let role = if node.manager { "manager" } else { "worker" };
    format!("{}: {role}, {} CPUs, {} MiB", node.hostname, node.cpus, node.memory_bytes / MIB)
}

pub(super) fn image_described(image: &Image) -> String {
    let Behaviour { exits, heeds_sigterm, health, listens, .. } = &image.behaviour;
    let health = health.as_ref().map(|health| (health.retries, health.passes_from_ms));
    format!("{}: exits {exits:?}, heeds SIGTERM {heeds_sigterm}, health {health:?}, listens {listens:?}", image.name)
}

fn node(number: u64, dice: &mut Dice) -> NodeSetup {
    NodeSetup {
        hostname: format!("n{number}"),
        address: format!("10.97.0.{}", 10 + number),
        manager: number == 0 || dice.chance(30),
        cpus: dice.between(1, 4),
        memory_bytes: dice.between(1, 8) * 512 * MIB,
        untagged: dice.chance(5),
        bare: dice.chance(5),
        generic: if dice.chance(20) { vec![("gpu".to_owned(), 2)] } else { Vec::new() },
    }
}

/// The names that commands use. `storm/app` is one program in three versions; the last is in no registry.
pub(super) const IMAGES: &[&str] = &[
    "storm/app:v1",
    "storm/app:v2",
    "storm/app:v3",
    "storm/server:latest",
    "storm/luck:latest",
    "storm/misfortune:latest",
    "storm/misfortune:latest",
    "storm/job:latest",
    "storm/checked:latest",
    "storm/nowhere:latest",
];

fn images(dice: &mut Dice) -> Vec<Image> {
    let mut names = IMAGES.to_vec();
    names.dedup();
    names.pop();
    names.into_iter().map(|name| image(name, dice)).collect()
}

fn image(name: &str, dice: &mut Dice) -> Image {
    let mut digest = Stream::new(0, name);
    let slow = dice.chance(20);
    Image {
        name: name.to_owned(),
        digest: format!("sha256:{}", (0..8).map(|_| format!("{:08x}", digest.next_u32())).collect::<String>()),
        size_bytes: dice.between(1, 400) * MIB,
        built: 1_795_383_061,
        pull_ms: if slow { (4_000, 20_000) } else { (200, 2_500) },
        unpulled: dice.chance(20),
        untagged: false,
        missing: dice.chance(3),
        behaviour: behaviour(name, dice),
    }
}

/// Versions and servers mostly run; what is called misfortune mostly crashes; a job ends well.
fn behaviour(name: &str, dice: &mut Dice) -> Behaviour {
    let (crashes, ends, checked) = match name {
        "storm/misfortune:latest" => (85, 5, 20),
        "storm/luck:latest" => (40, 20, 30),
        "storm/job:latest" => (15, 80, 5),
        "storm/checked:latest" => (10, 5, 100),
        _ => (10, 5, 15),
    };
    let after: Ms = if dice.chance(40) { dice.between(0, 300) } else { dice.between(300, 12_000) };
    let exits = match dice.between(0, 99) {
        drawn if drawn < crashes => Some((after, *dice.pick(&[1, 2, 137, 139]))),
        drawn if drawn < crashes + ends => Some((after, 0)),
        _ => None,
    };
    let health = dice.chance(checked).then(|| HealthBehaviour {
        interval_ms: dice.between(300, 3_000),
        retries: dice.between(1, 4),
        passes_from_ms: dice.chance(75).then(|| dice.between(0, 6_000)),
    });
    Behaviour {
        command: "/storm".to_owned(),
        log: if dice.chance(50) { vec!["here is {host}".to_owned()] } else { Vec::new() },
        exits,
        heeds_sigterm: dice.chance(85),
        listens: dice.chance(70).then_some(8000),
        health,
        answer_ms: dice.between(0, 2_000),
        start_ms: dice.chance(20).then(|| dice.between(0, 4_000)),
    }
}

/// Anything from none to several seconds.
fn latencies(dice: &mut Dice) -> Latencies {
    let mut draw = |most: Ms| {
        let least = dice.between(0, most);
        (least, least + dice.between(0, most))
    };
    Latencies {
        commit_ms: (1, 32),
        accept_ms: draw(100),
        registry_ms: draw(800),
        create_ms: draw(400),
        start_ms: draw(1_500),
        exit_ms: draw(200),
        probe_ms: draw(200),
        die_ms: draw(600),
        settle_ms: draw(1_500),
        boot_ms: draw(4_000),
        crowd_ms: 50,
    }
}
