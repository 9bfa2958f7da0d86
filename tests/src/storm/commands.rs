//! Random docker commands: mostly such as make sense at their time, some that do not.

use swarmyard_core::scenario::Scenario;

use super::cluster::IMAGES;
use super::dice::Dice;

const NAMES: &[&str] = &["web", "db", "cron", "edge"];
const NETWORKS: &[&str] = &["front", "back", "small"];

/// The services that should be there, as far as whoever types knows.
#[derive(Default)]
pub(super) struct Services {
    made: Vec<Made>,
}

struct Made {
    name: &'static str,
    mode: &'static str,
}

impl Services {
    /// The name of a service: one that was made, if any was.
    pub(super) fn some(&self, dice: &mut Dice) -> &'static str {
        let made: Vec<&'static str> = self.made.iter().map(|made| made.name).collect();
        let names = if made.is_empty() || dice.chance(3) { NAMES } else { &made };
        let name: &&str = dice.pick(names);
        name
    }

    /// What is typed next.
    pub(super) fn command(&mut self, scenario: &Scenario, dice: &mut Dice) -> String {
        if self.made.is_empty() {
            return self.create(scenario, dice);
        }
        match dice.between(0, 99) {
            0..16 => self.create(scenario, dice),
            16..44 => self.update(scenario, dice),
            44..56 => format!("docker service scale {}{}={}", detach(dice), self.some(dice), replicas(dice)),
            56..66 => format!("docker service rollback {}{}", detach(dice), self.some(dice)),
            66..70 => self.remove(dice),
            70..81 => node_command(scenario, dice),
            81..84 => network_command(dice),
            84..95 => self.question(scenario, dice),
            _ => self.nonsense(scenario, dice),
        }
    }

    fn create(&mut self, scenario: &Scenario, dice: &mut Dice) -> String {
        let name = *dice.pick(NAMES);
        let mode = *dice.pick(&[
            "replicated",
            "replicated",
            "replicated",
            "replicated",
            "global",
            "replicated-job",
            "global-job",
        ]);
        let mut words = format!("docker service create {}--name {name} --mode {mode}", detach(dice));
        if mode == "replicated" {
            words += &format!(" --replicas {}", replicas(dice));
        } else if mode == "replicated-job" {
            words += &format!(" --replicas {} --max-concurrent {}", dice.between(1, 5), dice.between(1, 3));
        }
        for _ in 0..dice.between(0, 5) {
            words += &common(mode, scenario, dice);
        }
        for (percent, flag) in
            [(25, "publish"), (20, "constraint"), (15, "network"), (12, "placement-pref"), (5, "generic-resource")]
        {
            if dice.chance(percent) {
                words += &format!(" --{flag} {}", value_of(flag, scenario, dice));
            }
        }
        let job = mode.ends_with("job") && dice.chance(70);
        let image: &&str = if job { &"storm/job:latest" } else { dice.pick(IMAGES) };
        if self.made.iter().all(|made| made.name != name) {
            self.made.push(Made { name, mode });
        }
        format!("{words} {image}")
    }

    fn update(&mut self, scenario: &Scenario, dice: &mut Dice) -> String {
        let made = dice.pick(&self.made);
        let mut words = format!("docker service update {}", detach(dice));
        if dice.chance(4) {
            return words + "--rollback " + made.name;
        }
        if dice.chance(55) {
            words += &format!("--image {} ", dice.pick(IMAGES));
        }
        for _ in 0..dice.between(0, 3) {
            words += match dice.between(0, 9) {
                0 | 1 if made.mode == "replicated" => format!("--replicas {} ", replicas(dice)),
                0..=2 => "--force ".to_owned(),
                3 => format!("--env-add X={} ", dice.between(0, 3)),
                4 => format!("--label-add x={} ", dice.between(0, 3)),
                5 => {
                    let flag = *dice.pick(&[
                        "constraint-add",
                        "constraint-rm",
                        "publish-add",
                        "publish-rm",
                        "network-add",
                        "network-rm",
                        "placement-pref-add",
                    ]);
                    format!("--{flag} {} ", value_of(flag, scenario, dice))
                }
                _ => format!("{} ", common(made.mode, scenario, dice).trim_start()),
            }
            .as_str();
        }
        words + made.name
    }

    fn remove(&mut self, dice: &mut Dice) -> String {
        let name = self.some(dice);
        self.made.retain(|made| made.name != name);
        format!("docker service rm {name}")
    }

    fn question(&self, scenario: &Scenario, dice: &mut Dice) -> String {
        let service = self.some(dice);
        match dice.between(0, 9) {
            0 => format!("docker service ps {service}"),
            1 => "docker service ls".to_owned(),
            2 => format!("docker service inspect {service}"),
            3 => format!("docker service inspect --pretty {service}"),
            4 => "docker node ls".to_owned(),
            5 => format!("docker node ps {}", dice.pick(&scenario.nodes).hostname),
            6 => format!("curl -s http://localhost:{}", dice.between(8000, 8003)),
            7 => format!("docker service logs {service}"),
            8 => format!("why {service}; why {service}.{}", dice.between(1, 3)),
            _ => "docker ps -a".to_owned(),
        }
    }

    fn nonsense(&self, scenario: &Scenario, dice: &mut Dice) -> String {
        let service = self.some(dice);
        let node = &dice.pick(&scenario.nodes).hostname;
        match dice.between(0, 9) {
            0 => "docker service creat x".to_owned(),
            1 => format!("docker service update --replicas -1 {service}"),
            2 => format!("docker service scale {service}"),
            3 => format!("docker service scale {service}=many"),
            4 => "docker service rollback nobody".to_owned(),
            5 => format!("docker node update --availability asleep {node}"),
            6 => "docker service create --name web --mode sometimes storm/app:v1".to_owned(),
            7 => format!("docker service update --update-max-failure-ratio 7 {service}"),
            8 => "docker service create 'storm/app:v1".to_owned(),
            _ => format!("docker service rm {service} nobody; docker service ps nobody"),
        }
    }
}

/// Labels for some of the nodes and some of the networks, given before anything else is done.
pub(super) fn beginnings(scenario: &Scenario, dice: &mut Dice) -> Vec<String> {
    let mut lines = Vec::new();
    for network in NETWORKS {
        if dice.chance(30) {
            lines.push(network_create(network, dice));
        }
    }
    for node in &scenario.nodes {
        if dice.chance(50) {
            lines.push(format!(
                "docker node update --label-add zone={} {}",
                dice.pick(&["a", "b", "c"]),
                node.hostname
            ));
        }
    }
    lines
}

/// Networks, of which some want the addresses of others.
fn network_command(dice: &mut Dice) -> String {
    let network = dice.pick(NETWORKS);
    match dice.between(0, 3) {
        0 => format!("docker network rm {network}"),
        _ => network_create(network, dice),
    }
}

fn network_create(network: &str, dice: &mut Dice) -> String {
    let subnet = match dice.between(0, 3) {
        0 => String::new(),
        1 => "--subnet 10.9.0.0/16 ".to_owned(),
        2 => "--subnet 10.9.0.0/29 ".to_owned(),
        _ => format!("--subnet 10.9.{}.0/24 ", dice.between(0, 2)),
    };
    format!("docker network create -d overlay {subnet}{network}")
}

/// Most do not wait.
fn detach(dice: &mut Dice) -> &'static str {
    if dice.chance(88) { "-d " } else { "" }
}

fn replicas(dice: &mut Dice) -> u64 {
    match dice.between(0, 19) {
        0 => 0,
        1..=15 => dice.between(1, 6),
        _ => dice.between(7, 14),
    }
}

fn node_command(scenario: &Scenario, dice: &mut Dice) -> String {
    let node = &dice.pick(&scenario.nodes).hostname;
    match dice.between(0, 19) {
        0..=4 => format!("docker node update --availability active {node}"),
        5..=8 => format!("docker node update --availability drain {node}"),
        9..=10 => format!("docker node update --availability pause {node}"),
        11..=13 => format!("docker node update --label-add zone={} {node}", dice.pick(&["a", "b", "c"])),
        14 => format!("docker node update --label-rm zone {node}"),
        15 | 16 => format!("docker node promote {node}"),
        17 => format!("docker node demote {node}"),
        18 => format!("docker node rm {node}"),
        _ => format!("docker node rm --force {node}"),
    }
}

/// One of the flags that create and update share, with a value, and a space before it.
fn common(mode: &str, scenario: &Scenario, dice: &mut Dice) -> String {
    const FLAGS: &[&str] = &[
        "update-parallelism",
        "update-delay",
        "update-monitor",
        "update-failure-action",
        "update-max-failure-ratio",
        "update-order",
        "update-order",
        "update-failure-action",
        "rollback-parallelism",
        "rollback-delay",
        "rollback-monitor",
        "rollback-failure-action",
        "rollback-max-failure-ratio",
        "rollback-order",
        "restart-condition",
        "restart-delay",
        "restart-delay",
        "restart-max-attempts",
        "restart-window",
        "stop-grace-period",
        "health-cmd",
        "health-interval",
        "health-retries",
        "no-healthcheck",
        "replicas-max-per-node",
        "reserve-cpu",
        "reserve-memory",
        "endpoint-mode",
        "no-resolve-image",
        "stop-signal",
        "limit-cpu",
        "log-driver",
    ];
    let flag = *dice.pick(FLAGS);
    let of_jobs = flag.starts_with("update-") || flag.starts_with("rollback-") || flag.starts_with("replicas-");
    if of_jobs && mode.ends_with("job") && dice.chance(95) {
        return String::new();
    }
    if flag.starts_with("no-") {
        return format!(" --{flag}");
    }
    format!(" --{flag} {}", value_of(flag, scenario, dice))
}

fn value_of(flag: &str, scenario: &Scenario, dice: &mut Dice) -> String {
    let one_of = |dice: &mut Dice, words: &'static str| (*dice.pick(&words.split(' ').collect::<Vec<_>>())).to_owned();
    let words = match flag.trim_start_matches("update-").trim_start_matches("rollback-") {
        "parallelism" => "0 1 1 2 3",
        "delay" => "0s 500ms 1s 3s",
        "monitor" => "0s 300ms 1s 3s 8s",
        "failure-action" if flag.starts_with("rollback-") => "pause continue",
        "failure-action" => "pause continue rollback rollback",
        "max-failure-ratio" => "0 0.2 0.34 0.5 1",
        "order" => "stop-first start-first start-first",
        "network" | "network-add" | "network-rm" => "front back small",
        "restart-condition" => "any none on-failure",
        "restart-delay" => "0s 0s 100ms 1s 5s",
        "restart-max-attempts" => "0 1 2 3",
        "restart-window" => "0s 3s 20s",
        "stop-grace-period" => "0s 1s 4s",
        "health-cmd" => "true false",
        "health-interval" => "200ms 1s 3s",
        "health-retries" => "0 1 3",
        "replicas-max-per-node" => "0 1 1 2 3",
        "reserve-cpu" | "limit-cpu" => "0.1 0.5 1 2",
        "reserve-memory" => "32M 128M 512M 1G",
        "endpoint-mode" => "vip vip dnsrr",
        "stop-signal" => "SIGTERM SIGKILL",
        "log-driver" => "json-file none",
        "publish" | "publish-add" => {
            let mode = if dice.chance(50) { "host" } else { "ingress" };
            let published =
                if dice.chance(15) { String::new() } else { format!("published={},", dice.between(8000, 8003)) };
            return format!("{published}target={},mode={mode}", dice.between(8000, 8001));
        }
        "publish-rm" => "8000 8001",
        "generic-resource" => "gpu=1 gpu=2",
        "placement-pref" | "placement-pref-add" => "spread=node.labels.zone spread=node.labels.rack",
        _ => {
            let node = &dice.pick(&scenario.nodes).hostname;
            let equal = if dice.chance(60) { "==" } else { "!=" };
            return match dice.between(0, 3) {
                0 => format!("node.role{equal}manager"),
                1 => format!("node.hostname{equal}{node}"),
                _ => format!("node.labels.zone{equal}{}", one_of(dice, "a b c")),
            };
        }
    };
    one_of(dice, words)
}
