//! `docker pull`
//!
//! Models: docker/cli cli/command/image/pull.go, moby distribution/pull_v2.go. Differs: an image is one layer, and how
//! far it has come is not drawn.

use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Matches, Offer, STRING};
use crate::docker::{Flow, patience};
use crate::engine::image::{Reference, familiar};

pub(crate) static COMMAND: Command = Command {
    path: "pull",
    aliases: &["image pull"],
    usage: "[OPTIONS] NAME[:TAG|@DIGEST]",
    about: "Download an image from a registry",
    korean: "레지스트리에서 이미지를 받는다",
    arguments: Arguments::Exactly(1),
    offers: Offer::Images,
    flags: &[&[
        Flag::new("all-tags", BOOL, "Every tag of the repository").short('a'),
        Flag::new("disable-content-trust", BOOL, "Do not verify signatures").default("true"),
        Flag::new("platform", STRING, "The platform to pull for, if the image has several"),
        Flag::new("quiet", BOOL, "Print the name of the image only").short('q'),
    ]],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    if matches.on("all-tags") {
        return Err(CliError::NotSimulated { what: "docker pull --all-tags".to_owned(), instead: "name the tags" });
    }
    let name = &matches.args[0];
    let reference = Reference::parse(name);
    if reference.tag.is_none() && reference.digest.is_none() && !matches.on("quiet") {
        call.line("Using default tag: latest");
    }
    let takes = call.api().pull_takes(name)?;
    if !matches.on("quiet") {
        let what = reference.digest.or(reference.tag).unwrap_or("latest");
        call.line([what, ": Pulling from ", &path(&reference)].concat());
    }
    match takes {
        Some(takes) => Ok(patience::after(call, takes, pulled, matches)),
        None => finish(call, matches, "Image is up to date"),
    }
}

/// Where Docker Hub keeps an image: its own ones stand in a folder.
fn path(reference: &Reference) -> String {
    let repository = familiar(reference.name);
    if repository.contains('/') { repository.to_owned() } else { ["library/", repository].concat() }
}

/// All of it has come.
fn pulled(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    if !matches.on("quiet") {
        let digest = call.api().keep_image(&matches.args[0]);
        let layer = digest.trim_start_matches("sha256:").get(..12).unwrap_or_default().to_owned();
        call.line([&layer, ": Pull complete"].concat());
    }
    finish(call, matches, "Downloaded newer image")
}

fn finish(call: &mut Call, matches: &Matches, status: &str) -> Result<Flow, CliError> {
    let name = &matches.args[0];
    let reference = Reference::parse(name);
    let digest = call.api().keep_image(name);
    let ending = match reference.digest {
        Some(digest) => ["@", digest].concat(),
        None => [":", reference.tag.unwrap_or("latest")].concat(),
    };
    if !matches.on("quiet") {
        call.line(["Digest: ", &digest].concat());
        call.line(["Status: ", status, " for ", familiar(reference.name), &ending].concat());
    }
    call.line(["docker.io/", &path(&reference), &ending].concat());
    Ok(Flow::Exit(0))
}
