//! The cluster that a recording was made on, at its beginning: what the recording says of the machines, and what its
//! commands tell. What was answered is not looked at, for it is what the simulation is held against.

use swarmyard_core::scenario::Scenario;
use swarmyard_core::world::World;

use super::{Recording, ms};

/// The root certificate of the recorded swarm `c`. As names and images it is a fact of that swarm: made when it was set up,
/// and the same in everything that was recorded on it and shows it.
const CERTIFICATE_OF_C: &str = include_str!("c.pem");

pub(super) fn scenario(recording: &Recording) -> Scenario {
    let cluster = match recording.cluster.as_deref() {
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

    fn recording(cluster: &str, desc: &str, commands: &[&str]) -> Recording {
        let steps: Vec<_> = commands.iter().map(|cmd| serde_json::json!({ "cmd": cmd, "on": "manager" })).collect();
        let recording =
            serde_json::json!({ "name": "x", "desc": desc, "cluster": cluster, "wall_start": 0.0, "steps": steps });
        serde_json::from_value(recording).expect("it has a recording's form")
    }

    /// What the last of some commands shows.
    fn shown(cluster: &str, commands: &[&str]) -> String {
        let mut session = swarmyard_core::session::Session::new(&scenario(&recording(cluster, "", commands)), 1);
        for cmd in commands {
            session.input(swarmyard_core::session::Input::Line { shell: 0, text: (*cmd).to_owned() });
        }
        let block = session.terminal(0).blocks.last().expect("something was typed");
        block.lines.iter().map(|line| line.text.clone() + "\n").collect()
    }

    #[test]
    fn a_recorded_swarm_has_its_own_root_certificate_and_a_new_one_has_a_new_one() {
        assert_eq!(shown("c", &["docker swarm ca"]), CERTIFICATE_OF_C);
        for others in [shown("c", &["docker swarm init", "docker swarm ca"]), shown("c", &["docker swarm ca --rotate"])]
        {
            assert!(others.starts_with("-----BEGIN CERTIFICATE-----\n") && others != CERTIFICATE_OF_C, "{others}");
        }
    }

    #[test]
    fn a_recording_that_begins_a_swarm_begins_without_one() {
        let swarm = |desc: &str, commands: &[&str]| scenario(&recording("a", desc, commands)).swarm;
        assert!(!swarm("commands before swarm init", &["docker node ls"]));
        assert!(!swarm("", &["docker swarm init --autolock", "docker node ls"]));
        assert!(swarm("", &["docker node ls", "docker swarm init"]));
        assert!(swarm("", &[]));
    }
}
