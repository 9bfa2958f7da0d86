//! `docker swarm ca`
//!
//! Differs: a new root reaches all nodes at once, so there is no progress to be shown.

use super::EXTERNAL_CA;
use crate::api::Settings;
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, DURATION, Flag, Kind, Matches, Offer};

pub(crate) static COMMAND: Command = Command {
    path: "swarm ca",
    aliases: &[],
    usage: "[OPTIONS]",
    about: "Display and rotate the root CA",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&FLAGS],
    stop_at_argument: false,
    run,
};

const PEM: Kind = Kind::new("pem-file", |_| Ok(()));

const FLAGS: [Flag; 7] = [
    Flag::new("ca-cert", PEM, "File with the root certificate to change to, as PEM"),
    Flag::new("ca-key", PEM, "File with its key, as PEM"),
    Flag::new("cert-expiry", DURATION, "Validity period for node certificates (ns|us|ms|s|m|h)").default("2160h0m0s"),
    Flag::new("detach", BOOL, "Return at once, without waiting for the new root to reach all nodes").short('d'),
    Flag::new("external-ca", EXTERNAL_CA, "Specifications of one or more certificate signing endpoints"),
    Flag::new("quiet", BOOL, "Without progress").short('q'),
    Flag::new("rotate", BOOL, "Make a new root, or change to the one given"),
];

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let rotate = matches.on("rotate");
    call.api().cluster()?;
    if !rotate {
        for flag in ["ca-cert", "ca-key", "cert-expiry", "external-ca"] {
            if matches.has(flag) {
                return Err(CliError::said(format!("`--{flag}` flag requires the `--rotate` flag to update the CA")));
            }
        }
        let pem = call.api().root_certificate();
        call.out.out(&*pem);
        return Ok(Flow::Exit(0));
    }
    if matches.has_any(&["ca-cert", "ca-key", "external-ca"]) {
        return Err(CliError::NotSimulated {
            what: "docker swarm ca".to_owned(),
            instead: "'docker swarm ca --rotate' makes a new root",
        });
    }
    let expiry = Settings { cert_expiry: matches.duration("cert-expiry"), ..Settings::default() };
    call.api().update_swarm(&expiry)?;
    call.api().rotate_root()?;
    if matches.on("detach") {
        return Ok(Flow::Exit(0));
    }
    let pem = call.api().root_certificate();
    call.out.out(&*pem);
    Ok(Flow::Exit(0))
}
