//! Recordings that cannot be equal, because they show what no other machine answers: which answers differ, and why.
//! All others of them are equal, and stay so.

use swarmyard_tests::recordings::{Recording, folder, scenarios};

/// Why an answer is another one here.
const CERTIFICATE: &str = "every swarm draws its root certificate anew";
const MACHINE: &str = "how many images, and which id, a machine had";
const ANY_ORDER: &str = "Docker lists in any order: logs by task, images of one age";
const ANY_PLACE: &str = "which slot came to which node";
const UNMASKED: &str = "an id or a process id that comparing does not know for one";
const BEFORE: &str = "numbers that were given away before the recording began";

/// A recording, the seed whose luck is the recorded one, and the commands whose answers differ.
type Known = (&'static str, u64, &'static [(&'static str, &'static str)]);

const KNOWN: &[Known] = &[
    (
        "E00_init",
        40,
        &[
            ("docker info", MACHINE),
            ("docker node inspect self", CERTIFICATE),
            ("docker node inspect --pretty self", CERTIFICATE),
            ("docker node inspect --pretty node1", CERTIFICATE),
        ],
    ),
    (
        "E01_ls_formats",
        40,
        &[
            ("docker service ls --format '{{.ID}} {{.Name}} {{.Mode}} {{.Replicas}} {{.Image}} {{.Ports}}'", UNMASKED),
            ("docker service ls --format '{{json .}}'", UNMASKED),
            ("docker service ls --format 'raw'", UNMASKED),
            ("docker service ls --format json", UNMASKED),
            ("docker service ls --format raw", UNMASKED),
        ],
    ),
    (
        "E02_ps_formats",
        26,
        &[
            ("docker service ps --no-resolve my-app", UNMASKED),
            ("docker service ps --no-resolve --no-trunc other", UNMASKED),
            ("docker inspect $(docker service ps -q my-app | head -1)", UNMASKED),
        ],
    ),
    ("E05_netcfgsec", 40, &[("docker network inspect net1", BEFORE)]),
    (
        "E06_logs",
        40,
        &[
            ("docker service logs app", ANY_ORDER),
            ("docker service logs --tail 1 app", ANY_ORDER),
            ("docker service logs --timestamps app", ANY_ORDER),
            ("docker service logs --no-task-ids app", ANY_PLACE),
            ("docker service logs --no-resolve app", ANY_ORDER),
            ("docker service logs --no-trunc app", ANY_ORDER),
            ("docker service logs --details app", ANY_ORDER),
            ("docker service logs c", ANY_PLACE),
            ("docker service logs $(docker service ps -q app | head -1)", ANY_PLACE),
            ("docker service logs -f app", ANY_PLACE),
        ],
    ),
    (
        "E08_misc",
        40,
        &[
            ("docker info", MACHINE),
            ("docker images", ANY_ORDER),
            ("docker ps", ANY_PLACE),
            ("docker ps -a", ANY_PLACE),
            ("docker ps --no-trunc", ANY_PLACE),
            ("docker ps --format json", ANY_PLACE),
            ("docker info -f '{{json .Swarm}}'", CERTIFICATE),
            ("docker swarm ca", CERTIFICATE),
        ],
    ),
    ("F00_noswarm", 40, &[("docker info", MACHINE)]),
];

#[test]
fn what_can_be_equal_is() {
    let recordings = scenarios(&folder());
    let mut wrong = Vec::new();
    for (name, seed, known) in KNOWN {
        let recording = Recording::read(&recordings[*name][0]);
        let verdict = recording.compare(&recording.replay(*seed)).unwrap_or_else(|why| panic!("{name}: {why}"));
        for difference in verdict.differences {
            if !known.iter().any(|(command, _)| difference.place.ends_with(&format!("$ {command}"))) {
                wrong.push(format!("{name}: {difference}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{} answers are others", wrong.join("\n"), wrong.len());
}
