//! What can happen to the world outside the docker commands: the same in a script's `@` lines, in the shell's `world`
//! command and on the stage. Only the words are here; [`crate::world::World::act`] does the deed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something that happens to the world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// The machine loses its power: what runs on it is gone, and nothing is reported.
    PowerOff { node: String },
    /// The machine starts again, or its daemon does after `StopDaemon`.
    PowerOn { node: String },
    /// The daemon stops in good order and takes its containers with it.
    StopDaemon { node: String },
    /// Whether the registry answers from now on.
    Registry { up: bool },
    /// SIGKILL to one running task of `service` whose image (without digest) is `image`.
    CrashTask { service: String, image: String },
}

/// How each action is written, and what it does: for `help`, completion and error texts.
pub const USAGE: &[(&str, &str)] = &[
    ("power-off NODE", "cut a machine's power"),
    ("power-on NODE", "start a machine, or its daemon, again"),
    ("stop-daemon NODE", "stop a node's Docker daemon in good order"),
    ("registry down", "let the registry stop answering"),
    ("registry up", "let the registry answer again"),
    ("crash-task SERVICE IMAGE", "kill one running task of a service that has this image"),
];

impl Action {
    /// Reads an action from its words: `power-off node2`.
    ///
    /// # Errors
    /// A sentence that says what to write instead.
    pub fn parse<S: AsRef<str>>(words: &[S]) -> Result<Action, String> {
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        let node = |name: &str| name.to_owned();
        Ok(match words.as_slice() {
            ["power-off", name] => Action::PowerOff { node: node(name) },
            ["power-on", name] => Action::PowerOn { node: node(name) },
            ["stop-daemon", name] => Action::StopDaemon { node: node(name) },
            ["registry", "down"] => Action::Registry { up: false },
            ["registry", "up"] => Action::Registry { up: true },
            ["crash-task", service, image] => {
                Action::CrashTask { service: (*service).to_owned(), image: (*image).to_owned() }
            }
            [] => return Err(format!("nothing said; write one of: {}", known())),
            [verb, ..] => {
                let usage: Vec<&str> = USAGE
                    .iter()
                    .map(|(usage, _)| *usage)
                    .filter(|usage| usage.split(' ').next() == Some(verb))
                    .collect();
                return Err(match usage.as_slice() {
                    [] => format!("'{verb}' is nothing that can happen; write one of: {}", known()),
                    usage => {
                        format!("'{}' is not complete or says too much; write: {}", words.join(" "), usage.join(" or "))
                    }
                });
            }
        })
    }
}

fn known() -> String {
    USAGE.iter().map(|(usage, _)| *usage).collect::<Vec<_>>().join(", ")
}

/// The words that [`Action::parse`] reads.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::PowerOff { node } => write!(f, "power-off {node}"),
            Action::PowerOn { node } => write!(f, "power-on {node}"),
            Action::StopDaemon { node } => write!(f, "stop-daemon {node}"),
            Action::Registry { up: true } => f.write_str("registry up"),
            Action::Registry { up: false } => f.write_str("registry down"),
            Action::CrashTask { service, image } => write!(f, "crash-task {service} {image}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Action, String> {
        Action::parse(&text.split_whitespace().collect::<Vec<_>>())
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "power-off node2",
            "power-on node2",
            "stop-daemon node1",
            "registry down",
            "registry up",
            "crash-task app a/b:c",
        ] {
            assert_eq!(parse(text).map(|action| action.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_cannot_happen_says_what_to_write_instead() {
        assert!(parse("explode").expect_err("it is no action").contains("power-off NODE, power-on NODE"));
        assert!(
            parse("registry sideways").expect_err("it is no action").ends_with("write: registry down or registry up")
        );
        assert!(parse("power-off").expect_err("it is no action").ends_with("write: power-off NODE"));
        assert!(parse("").expect_err("it is no action").contains("crash-task SERVICE IMAGE"));
    }
}
