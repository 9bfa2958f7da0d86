//! `docker swarm ca`
//!
//! Differs: a new root reaches all nodes at once, so there is no progress to be shown.

use super::EXTERNAL_CA;
use crate::api::Settings;
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, DURATION, Flag, Kind, Matches, Offer};
use crate::docker::units::quote;

pub(crate) static COMMAND: Command = Command {
    path: "swarm ca",
    aliases: &[],
    usage: "[OPTIONS]",
    about: "Display and rotate the root CA",
    korean: "루트 인증서를 보여 주거나 바꾼다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&FLAGS],
    stop_at_argument: false,
    run,
};

// Whether the file holds one is looked at when the command runs.
const PEM: Kind = Kind::new("pem-file", |_| Ok(()));

/// Why a file is no certificate or key.
fn refused(call: &Call, path: &str) -> Option<String> {
    match call.text_of(path) {
        Ok(text) if text.contains("-----BEGIN ") && text.contains("-----END ") => None,
        Ok(_) => Some("file contents must be in PEM format".to_owned()),
        Err(why) => Some(why),
    }
}

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
    for (flag, path) in [("ca-cert", matches.text("ca-cert")), ("ca-key", matches.text("ca-key"))] {
        if let Some(why) = path.and_then(|path| refused(call, path)) {
            let path = quote(path.unwrap_or_default());
            let message = ["invalid argument ", &path, " for \"--", flag, "\" flag: ", &why].concat();
            return Err(CliError::Flag { message, usage: COMMAND.usage() });
        }
    }
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
    if matches.has("external-ca") && !matches.has("ca-cert") {
        return Err(CliError::said(
            "rotating to an external CA requires the `--ca-cert` flag to specify the external CA's cert - to add an \
             external CA with the current root CA certificate, use the `update` command instead",
        ));
    }
    if matches.has("ca-cert") && !matches.has_any(&["ca-key", "external-ca"]) {
        return Err(CliError::said(
            "the --ca-cert flag requires that a --ca-key flag and/or --external-ca flag be provided as well",
        ));
    }
    if matches.has_any(&["ca-cert", "ca-key"]) {
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
