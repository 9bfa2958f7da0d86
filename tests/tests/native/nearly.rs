//! Recordings that cannot be equal to the last letter, for what stands in them is drawn anew by every swarm, was left on
//! the recorder's machines by what ran before, or has no order. That is taken out of both sides here; all else is equal,
//! and stays so.

use serde_json::Value;
use swarmyard::replay::SEED;
use swarmyard_tests::recordings::{Recording, folder};

/// Each with a seed whose luck is the recorded one: which slot is on which node, which of two loops is first.
const NEARLY: &[(&str, u64)] = &[
    ("D06_worker_errors", SEED),
    // Which three of six slots are on node1.
    ("D07_kill_node2", 37),
    ("E00_init", SEED),
    // An id without a digit, which is not known for one.
    ("E01_ls_formats", SEED),
    // The ids of services in a table, and the number of a process.
    ("E02_ps_formats", SEED),
    // The number of a network, after those of earlier recordings.
    ("E05_netcfgsec", SEED),
    // The slot of the task on the manager, twice.
    ("H15_events", 8),
];

#[test]
fn all_else_is_equal() {
    let mut failed = Vec::new();
    for (name, seed) in NEARLY {
        let mut recording = Recording::read(&folder().join(name).with_extension("json"));
        let mut simulated = recording.replay(*seed);
        let started = (recording.run["wall_start"].as_f64().expect("it has a beginning") * 1e9) as u64;
        blot_out(&mut recording.run, started);
        blot_out(&mut simulated, started);
        let verdict = recording.compare(&simulated).expect("both have the shape of a recording");
        if !verdict.equal() {
            failed.push(format!("══ {name} with seed {seed}: {verdict}"));
            failed.extend(verdict.differences.iter().take(2).map(ToString::to_string));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Takes out of a run what cannot be equal. `started`: nanoseconds of Unix time.
fn blot_out(run: &mut Value, started: u64) {
    let ids = ids(run);
    for step in run["steps"].as_array_mut().expect("a run has steps") {
        let command = step["cmd"].as_str().unwrap_or_default().to_owned();
        let Some(out) = step["stdout"].as_str() else { continue };
        let lines = out.split('\n').map(|line| without_draws(&without_certificate(line), &ids));
        let mut lines: Vec<String> = match command.as_str() {
            // What ran on a worker before: its images came with it.
            "docker images" => Vec::new(),
            // What was on the recorder's machines, and their names for themselves.
            "docker info" => {
                let machine = [" Images: ", " ID: ", " Runtimes: "];
                lines.filter(|line| !machine.iter().any(|of| line.starts_with(of))).collect()
            }
            // What ran before, and a time that is a plain number.
            _ if command.starts_with("docker events") => {
                let told = lines.filter(|line| told_at(line).is_none_or(|at| at >= started));
                told.map(|line| line.split(",\"time\":").next().unwrap_or_default().to_owned()).collect()
            }
            _ => lines.collect(),
        };
        if command.starts_with("docker service logs") || command.starts_with("docker ps") {
            // Every task's lines come when they come; containers that began in one second have no order.
            lines.sort();
        }
        step["stdout"] = without_certificates(&lines.join("\n")).into();
    }
}

/// The ids that are told in a run.
fn ids(run: &Value) -> Vec<String> {
    let steps = run["steps"].as_array().expect("a run has steps");
    let words = steps.iter().filter_map(|step| step["stdout"].as_str()).flat_map(|out| {
        out.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit()).filter(|word| word.len() == 25)
    });
    words.map(str::to_owned).collect()
}

/// A line in which every id is the same, and so is what else is drawn: the number of a process, that of a network.
fn without_draws(line: &str, ids: &[String]) -> String {
    for drawn in ["\"PID\": ", "vxlanid_list\": \""] {
        if let Some((before, _)) = line.split_once(drawn) {
            return [before, drawn].concat();
        }
    }
    let known =
        ids.iter().fold(line.to_owned(), |line, id| line.replace(id, &alike(25)).replace(&id[..12], &alike(12)));
    let hexadecimal = |word: &&str| {
        [12, 64].contains(&word.len()) && word.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase())
    };
    let containers: Vec<&str> = known.split(|c: char| !c.is_ascii_alphanumeric()).filter(hexadecimal).collect();
    containers.iter().fold(known.clone(), |line, id| line.replace(id, &alike(id.len())))
}

/// What stands for an id of that length.
fn alike(length: usize) -> String {
    "x1".repeat(length)[..length].to_owned()
}

/// A line without what a root certificate is made of: it is drawn.
fn without_certificate(line: &str) -> String {
    // The beginning of every public key of this kind.
    match line.find("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE") {
        Some(place) => {
            [&line[..place], line[place..].trim_start_matches(|c: char| c.is_alphanumeric() || "+/=".contains(c))]
                .concat()
        }
        None => line.to_owned(),
    }
}

/// A text without its certificates, whether their line ends are written or meant.
fn without_certificates(text: &str) -> String {
    const ENDS: [&str; 2] = ["-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"];
    let mut left = String::new();
    for part in text.split_inclusive(ENDS[1]) {
        left += part.split(ENDS[0]).next().unwrap_or_default();
    }
    left
}

/// When an event was told: in either form.
fn told_at(line: &str) -> Option<u64> {
    if let Some((_, nanos)) = line.split_once("\"timeNano\":") {
        return nanos.trim_end_matches('}').parse().ok();
    }
    let (day, time) = line.get(..30)?.split_once('T')?;
    let mut parts = time.trim_end_matches('Z').split([':', '.']).map(|part| part.parse::<u64>().ok());
    let (hour, minute, second, nanos) = (parts.next()??, parts.next()??, parts.next()??, parts.next()??);
    // The recordings were made on one day.
    let midnight = (day == "2026-11-22").then_some(1_795_305_600)?;
    Some((midnight + hour * 3_600 + minute * 60 + second) * 1_000_000_000 + nanos)
}
