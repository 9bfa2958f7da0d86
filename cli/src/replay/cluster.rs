//! The cluster that a recording was made on, at its beginning: what the recording says of the machines, and what its
//! commands tell. What was answered is not looked at, for it is what the simulation is held against.

use swarmyard_core::scenario::Scenario;
use swarmyard_core::world::World;

use super::{Recording, ms};

/// The root certificates of the recorded swarms that were asked for theirs. As names and images they are facts of those
/// swarms: made when each was set up, and the same in everything that was recorded on it.
const CERTIFICATE_OF_A: &str = include_str!("a.pem");
const CERTIFICATE_OF_C: &str = include_str!("c.pem");

/// What became of the machines of `a`, in Unix seconds: so long they were no swarm, and only the manager, where the images
/// were built, had any.
const A_WAS_NO_SWARM: f64 = 1_795_383_300.0;
/// So long they were those; then they were set up anew.
const A_WAS_OLD: f64 = 1_795_384_500.0;

pub(super) fn scenario(recording: &Recording) -> Scenario {
    let at = recording.wall_start;
    let mut cluster = match recording.cluster.as_deref() {
        Some("a") if at < A_WAS_OLD => first_of_a(at < A_WAS_NO_SWARM),
        Some("a") => {
            let engines = [Some("4855aa0b-3e0e-480c-bdb3-3c1e3a3c55da"), None, None];
            Scenario { root_certificate: Some(CERTIFICATE_OF_A), ..lab_with(engines) }
        }
        Some("c") => Scenario { root_certificate: Some(CERTIFICATE_OF_C), ..Scenario::lab_by_digest() },
        _ => Scenario::lab(),
    };
    // All others begin with an empty swarm but those that make one.
    let first = recording.steps.iter().find_map(|step| step.cmd.as_deref());
    cluster.swarm &= !first.is_some_and(|cmd| cmd.starts_with("docker swarm init"));
    Scenario { epoch_ms: ms(at), ..cluster }
}

/// The machines of `a` as they were first.
fn first_of_a(fresh: bool) -> Scenario {
    let engines = [Some("a9e3bef1-d0f9-47bb-b464-dc717970324b"), Some("463a3af8-b7bb-4e57-906a-9fce22f2ff3b"), None];
    let mut lab = lab_with(engines);
    lab.nodes[0].left_over = 12;
    for node in lab.nodes.iter_mut().skip(1) {
        node.bare = fresh;
    }
    Scenario { swarm: !fresh, ..lab }
}

/// The lab with the names that the engines gave themselves.
fn lab_with(engines: [Option<&'static str>; 3]) -> Scenario {
    let mut lab = Scenario::lab();
    for (node, engine) in lab.nodes.iter_mut().zip(engines) {
        node.engine_id = engine;
    }
    lab
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

    fn recording(cluster: &str, at: f64, commands: &[&str]) -> Recording {
        let steps: Vec<_> = commands.iter().map(|cmd| serde_json::json!({ "cmd": cmd, "on": "manager" })).collect();
        let recording = serde_json::json!({ "name": "x", "cluster": cluster, "wall_start": at, "steps": steps });
        serde_json::from_value(recording).expect("it has a recording's form")
    }

    /// What the last of some commands shows.
    fn shown(cluster: &str, at: f64, commands: &[&str]) -> String {
        let mut session = swarmyard_core::session::Session::new(&scenario(&recording(cluster, at, commands)), 1);
        for cmd in commands {
            session.input(swarmyard_core::session::Input::Line { shell: 0, text: (*cmd).to_owned() });
        }
        let block = session.terminal(0).blocks.last().expect("something was typed");
        block.lines.iter().map(|line| line.text.clone() + "\n").collect()
    }

    const LATER: f64 = A_WAS_OLD + 1.0;

    #[test]
    fn a_recorded_swarm_has_its_own_root_certificate_and_a_new_one_has_a_new_one() {
        assert_eq!(shown("a", LATER, &["docker swarm ca"]), CERTIFICATE_OF_A);
        assert_eq!(shown("c", LATER, &["docker swarm ca"]), CERTIFICATE_OF_C);
        let new = shown("c", LATER, &["docker swarm init", "docker swarm ca"]);
        assert!(new.starts_with("-----BEGIN CERTIFICATE-----\n") && new != CERTIFICATE_OF_C, "{new}");
        let changed = shown("a", LATER, &["docker swarm ca --rotate"]);
        assert!(changed.starts_with("-----BEGIN CERTIFICATE-----\n") && changed != CERTIFICATE_OF_A, "{changed}");
    }

    #[test]
    fn what_begins_a_swarm_begins_without_one_and_so_does_what_was_recorded_before_there_was_any() {
        let swarm = |cluster: &str, at: f64, commands: &[&str]| scenario(&recording(cluster, at, commands)).swarm;
        assert!(!swarm("a", A_WAS_NO_SWARM - 1.0, &["docker node ls"]));
        assert!(swarm("a", A_WAS_NO_SWARM + 1.0, &["docker node ls"]));
        assert!(!swarm("b", LATER, &["docker swarm init --autolock", "docker node ls"]));
        assert!(swarm("b", LATER, &["docker node ls", "docker swarm init"]));
        assert!(swarm("b", LATER, &[]));
    }

    #[test]
    fn machines_have_the_names_and_the_images_that_they_had() {
        let of = |at: f64, line: &str| {
            let info = shown("a", at, &["docker info"]);
            let found = info.lines().find_map(|shown| shown.strip_prefix(line)).expect("it is shown");
            found.to_owned()
        };
        assert_eq!(of(A_WAS_NO_SWARM - 1.0, " Images: "), "22");
        assert_eq!(of(LATER, " Images: "), "10");
        assert_eq!(of(A_WAS_NO_SWARM - 1.0, " ID: "), "a9e3bef1-d0f9-47bb-b464-dc717970324b");
        assert_eq!(of(LATER, " ID: "), "4855aa0b-3e0e-480c-bdb3-3c1e3a3c55da");
    }
}
