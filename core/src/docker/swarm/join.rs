//! `docker swarm join`

use super::{NODE, availability};
use crate::api::{Join, Joined};
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::filter::refused;
use crate::docker::flags::{Flag, Matches, Offer, STRING};
use crate::docker::{Flow, patience};
use crate::time::{Ms, SECOND};

pub(crate) static COMMAND: Command = Command {
    path: "swarm join",
    aliases: &[],
    usage: "[OPTIONS] HOST:PORT",
    about: "Join a swarm as a node and/or manager",
    korean: "이 노드를 스웜에 들여보낸다",
    arguments: Arguments::Exactly(1),
    offers: Offer::Nothing,
    flags: &[&NODE, &[Flag::new("token", STRING, "Token for entry into the swarm")]],
    stop_at_argument: false,
    run,
};

/// How long the daemon lets its client wait. Models: moby daemon/cluster/cluster.go, swarmConnectTimeout.
const CONNECT_TIMEOUT: Ms = 20 * SECOND;

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let text = |name| matches.text(name).unwrap_or_default().to_owned();
    let join = Join {
        token: text("token"),
        remote: matches.args[0].clone(),
        advertise: text("advertise-addr"),
        listen: text("listen-addr"),
        availability: availability(matches)?,
    };
    match call.api().join_swarm(&join)? {
        Joined::As(role) => {
            call.line(format!("This node joined a swarm as a {}.", role.word()));
            Ok(Flow::Exit(0))
        }
        Joined::NotYet => Ok(patience::after(call, CONNECT_TIMEOUT, timed_out, matches)),
    }
}

fn timed_out(_: &mut Call, _: &Matches) -> Result<Flow, CliError> {
    let sentence = "Timeout was reached before node joined. The attempt to join the swarm will continue in the background. \
                    Use the \"docker info\" command to see the current swarm status of your node.";
    Err(refused(sentence.to_owned()))
}
