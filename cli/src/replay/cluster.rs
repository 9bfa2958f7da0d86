//! The cluster that a recording was made on, at its beginning: what the recording says of the machines, and what its
//! commands tell. What was answered is not looked at, for it is what the simulation is held against.

use swarmyard_core::scenario::Scenario;
use swarmyard_core::world::World;

use super::{Recording, ms};

/// The root certificates of the recorded swarms that were asked for theirs. As names and images they are facts of those
/// swarms: made when each was set up, and the same in everything that was recorded on it.
const CERTIFICATE_OF_A: &str = include_str!("a.pem");
const CERTIFICATE_OF_C: &str = include_str!("c.pem");

pub(super) fn scenario(recording: &Recording) -> Scenario {
    let cluster = match recording.cluster.as_deref() {
        Some("a") => Scenario { root_certificate: Some(CERTIFICATE_OF_A), ..Scenario::lab() },
        Some("c") => Scenario { root_certificate: Some(CERTIFICATE_OF_C), ..Scenario::lab_by_digest() },
        _ => Scenario::lab(),
    };
    // All begin with an empty swarm but those that make one, and those that say that there is none yet.
    let first = recording.steps.iter().find_map(|step| step.cmd.as_deref());
    let swarm =
        !first.is_some_and(|cmd| cmd.starts_with("docker swarm init")) && !recording.desc.contains("before swarm init");
    Scenario { epoch_ms: ms(recording.wall_start), swarm, ..cluster }
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

    #[test]
    fn a_recorded_swarm_has_its_own_root_certificate_and_a_new_one_has_a_new_one() {
        let shown = |cluster: &str, commands: &[&str]| {
            let steps: Vec<_> = commands.iter().map(|cmd| serde_json::json!({ "cmd": cmd, "on": "manager" })).collect();
            let recording = serde_json::json!({ "name": "x", "cluster": cluster, "wall_start": 0.0, "steps": steps });
            let recording = serde_json::from_value(recording).expect("it has a recording's form");
            let mut session = swarmyard_core::session::Session::new(&scenario(&recording), 1);
            for cmd in commands {
                let text = (*cmd).to_owned();
                session.input(swarmyard_core::session::Input::Line { shell: 0, text });
            }
            let block = session.terminal(0).blocks.last().expect("something was typed");
            block.lines.iter().map(|line| line.text.clone() + "\n").collect::<String>()
        };
        assert_eq!(shown("a", &["docker swarm ca"]), CERTIFICATE_OF_A);
        assert_eq!(shown("c", &["docker swarm ca"]), CERTIFICATE_OF_C);
        let new = shown("c", &["docker swarm init", "docker swarm ca"]);
        assert!(new.starts_with("-----BEGIN CERTIFICATE-----\n") && new != CERTIFICATE_OF_C, "{new}");
        let changed = shown("a", &["docker swarm ca --rotate"]);
        assert!(changed.starts_with("-----BEGIN CERTIFICATE-----\n") && changed != CERTIFICATE_OF_A, "{changed}");
    }

    #[test]
    fn a_recording_that_begins_a_swarm_begins_without_one() {
        let swarm_told = |desc: &str, commands: &[&str]| {
            let steps: Vec<_> = commands.iter().map(|cmd| serde_json::json!({ "cmd": cmd, "on": "manager" })).collect();
            let recording =
                serde_json::json!({ "name": "x", "desc": desc, "cluster": "a", "wall_start": 0.0, "steps": steps });
            scenario(&serde_json::from_value(recording).expect("it has a recording's form")).swarm
        };
        let swarm = |commands: &[&str]| swarm_told("", commands);
        assert!(!swarm_told("commands before swarm init", &["docker node ls"]));
        assert!(!swarm(&["docker swarm init --autolock", "docker node ls"]));
        assert!(swarm(&["docker node ls", "docker swarm init"]));
        assert!(swarm(&[]));
    }
}
