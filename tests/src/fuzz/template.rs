//! Go templates: a text is one, for all that `--format` shows.

use swarmyard_core::time::SECOND;

use super::reader::{Reader, quoted};

const SHOWN: &[&str] = &[
    "service ls",
    "service inspect web st_web job",
    "service ps web",
    "node ls",
    "node inspect self node1",
    "stack ls",
    "ps",
    "images",
    "network inspect net",
    "config ls",
    "info",
    "version",
];

pub(super) fn play(text: &str, reader: &mut Reader) {
    let format = quoted(text);
    for shown in SHOWN {
        reader.types(0, &format!("docker {shown} --format {format}"));
        reader.waits_for(0, SECOND);
        reader.wants_the_prompt(0);
    }
}
