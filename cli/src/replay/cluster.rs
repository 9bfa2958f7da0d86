//! The cluster that a recording was made on, at its beginning.
//!
//! A recording names the machines. Three things it does not say, and no simulation can know them; they are read from
//! what was answered: whether there was a swarm yet, and what chance had given it, its root certificate and the ids of
//! its engines.

use swarmyard_core::scenario::Scenario;
use swarmyard_core::world::World;

use super::{Recording, Step, ms};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

pub(super) fn scenario(recording: &Recording) -> Scenario {
    let mut cluster = match recording.cluster.as_deref() {
        Some("c") => Scenario::lab_by_digest(),
        _ => Scenario::lab(),
    };
    let swarm = !begins_outside(recording, &cluster.nodes[0].hostname);
    if !swarm {
        // Before there was a swarm, the images were only where they had been made, with what they were made from.
        for (place, node) in cluster.nodes.iter_mut().enumerate() {
            (node.other_images, node.bare) = if place == 0 { (12, false) } else { (0, true) };
        }
    }
    for node in &mut cluster.nodes {
        node.engine_id = recording.steps.iter().find_map(|step| engine_id(&step.stdout, &node.hostname));
    }
    Scenario {
        epoch_ms: ms(recording.wall_start),
        swarm,
        root_certificate: recording.steps.iter().find_map(|step| root_certificate(&step.stdout)),
        ..cluster
    }
}

/// Whether the first node was in no swarm: it began one, or was told to, before it left any.
fn begins_outside(recording: &Recording, first: &str) -> bool {
    let words = |step: &Step| step.cmd.as_deref().unwrap_or_default().to_owned();
    let here = recording.steps.iter().filter(|step| step.on.as_deref() == Some(first));
    let mut before = here.take_while(|step| !(words(step).contains("swarm leave") && step.exit == Some(0)));
    before.any(|step| {
        let began = words(step).starts_with("docker swarm init") && step.exit == Some(0);
        began || step.stderr.contains("Use \"docker swarm init\" or \"docker swarm join\" to connect")
    })
}

fn root_certificate(text: &str) -> Option<String> {
    let text = text.replace("\\n", "\n");
    let (_, rest) = text.split_once(BEGIN)?;
    let (body, _) = rest.split_once(END)?;
    Some([BEGIN, body, END, "\n"].concat())
}

/// What `docker info` says below the name of a machine.
fn engine_id(text: &str, hostname: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("\n Name: {hostname}\n ID: "))?;
    rest.lines().next().map(str::to_owned)
}

/// A command with the values that stood for others when it was recorded.
pub(super) fn filled_in(text: &str, world: &World) -> String {
    let cluster = world.store().cluster();
    let token = ["SWMTKN-1-", &cluster.join_digest, "-", &cluster.join_worker].concat();
    text.replace("<manager-ip>", &world.scenario().nodes[0].address).replace("<worker-token>", &token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(on: &str, cmd: &str, exit: i32, stderr: &str) -> Recording {
        let step = serde_json::json!({ "cmd": cmd, "on": on, "exit": exit, "stderr": stderr, "stdout": "" });
        serde_json::from_value(serde_json::json!({ "name": "x", "cluster": "a", "wall_start": 0.0, "steps": [step] }))
            .expect("it has a recording's form")
    }

    #[test]
    fn a_recording_shows_whether_there_was_a_swarm() {
        let told = "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect";
        let outside = |on, cmd, exit, stderr| !scenario(&recording(on, cmd, exit, stderr)).swarm;
        assert!(outside("manager", "docker swarm init --autolock", 0, ""));
        assert!(outside("manager", "docker node ls", 1, told));
        assert!(!outside("node1", "docker network create -d overlay x", 1, told));
        assert!(!outside("manager", "docker swarm init", 1, "This node is already part of a swarm."));
    }

    #[test]
    fn certificates_are_found_in_text_and_in_json() {
        let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        assert_eq!(root_certificate(&format!(" TrustRoot:\n{pem}\n")).as_deref(), Some(pem));
        let json = serde_json::json!({ "TrustRoot": pem }).to_string();
        assert_eq!(root_certificate(&json).as_deref(), Some(pem));
        assert_eq!(root_certificate("no certificate"), None);
    }

    #[test]
    fn an_engine_id_belongs_to_its_machine() {
        let text = " CPUs: 2\n Name: node1\n ID: a9e3\n Docker";
        assert_eq!(engine_id(text, "node1").as_deref(), Some("a9e3"));
        assert_eq!(engine_id(text, "node2"), None);
    }
}
