//! `docker logs`: what a container of this node printed.
//!
//! Models: docker/cli cli/command/container/logs.go.

use super::find;
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Matches, Offer, STRING};
use crate::docker::service::logs::of_container;

pub(crate) static COMMAND: Command = Command {
    path: "logs",
    aliases: &["container logs"],
    usage: "[OPTIONS] CONTAINER",
    about: "Fetch the logs of a container",
    korean: "컨테이너가 남긴 로그를 보여 준다",
    arguments: Arguments::Exactly(1),
    offers: Offer::Containers,
    flags: &[&[
        Flag::new("details", BOOL, "Leave room for extra attributes before each line"),
        Flag::new("follow", BOOL, "Go on with new lines as they come").short('f'),
        Flag::new("since", STRING, "Only lines after this time (2026-11-22T21:36:01Z) or younger than this (42m)"),
        Flag::new("tail", STRING, "Only so many lines from the end").short('n').default("all"),
        Flag::new("timestamps", BOOL, "Begin each line with its time").short('t'),
        Flag::new("until", STRING, "Only lines before this time, or older than this"),
    ]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let container = find(call, &matches.args[0])?;
    of_container(call, matches, container.task)
}
