//! `curl`: one request to a published port. Which task answers is the routing mesh's business.
//!
//! Models: curl's own sentences and exit codes. Differs: only plain GET requests to nodes of the cluster, and no
//! progress meter when the answer goes into a pipe.

use super::{Builtin, Call, Flow};
use crate::engine::machines::Machine;
use crate::shell::complete::{Candidate, Place, candidate};
use crate::world::Reply;

pub(super) const CURL: Builtin =
    Builtin { name: "curl", usage: "curl [-s] URL", about: "send a request to a published port", run, complete };

/// curl's exit codes.
const BAD_OPTION: i32 = 2;
const BAD_URL: i32 = 3;
const NO_HOST: i32 = 6;
const REFUSED: i32 = 7;

fn run(call: &mut Call) -> Flow {
    let mut urls = Vec::new();
    let (mut silent, mut show_errors) = (false, false);
    for arg in call.args {
        match arg.as_str() {
            "--silent" => silent = true,
            "--show-error" => show_errors = true,
            long if long.starts_with("--") => {
                return refuse(call, &format!("option {long}: is unknown"));
            }
            short if short.len() > 1 && short.starts_with('-') => {
                for letter in short[1..].chars() {
                    match letter {
                        's' => silent = true,
                        'S' => show_errors = true,
                        _ => return refuse(call, &format!("option {short}: is unknown")),
                    }
                }
            }
            url => urls.push(url),
        }
    }
    if urls.is_empty() {
        return refuse(call, "no URL specified");
    }
    let mut status = 0;
    for url in urls {
        if let Err((code, sentence)) = request(call, url) {
            status = code;
            if !silent || show_errors {
                call.output.err(format!("curl: ({code}) {sentence}\n"));
            }
        }
    }
    Flow::Exit(status)
}

fn refuse(call: &mut Call, sentence: &str) -> Flow {
    call.output.err(format!("curl: {sentence}\ncurl: try 'curl --help' or 'curl --manual' for more information\n"));
    Flow::Exit(BAD_OPTION)
}

/// Prints the answer, or says why there is none.
fn request(call: &mut Call, url: &str) -> Result<(), (i32, String)> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    if !scheme.eq_ignore_ascii_case("http") {
        return Err((1, format!("Protocol \"{scheme}\" not supported")));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    let Ok(number) = port.parse::<u16>() else {
        return Err((BAD_URL, "URL rejected: Port number was not a decimal number between 0 and 65535".to_owned()));
    };
    if host.is_empty() {
        return Err((BAD_URL, "URL rejected: No host part in the URL".to_owned()));
    }
    let local = ["localhost", "127.0.0.1", "0.0.0.0"].contains(&host);
    let named = |machine: &&Machine| match local {
        true => machine.hostname == call.host.node,
        false => machine.hostname == host || machine.address == host,
    };
    let node = call.host.world.machines().iter().find(named).map(|machine| machine.node);
    let Some(node) = node else {
        return Err((NO_HOST, format!("Could not resolve host: {host}")));
    };
    match call.host.world.request(node, number) {
        Reply::Answer { body, .. } => {
            call.output.out(body);
            Ok(())
        }
        Reply::Refused => {
            Err((REFUSED, format!("Failed to connect to {host} port {number} after 0 ms: Couldn't connect to server")))
        }
    }
}

/// The published ports.
fn complete(place: &Place, _before: &[String], _word: &str) -> Vec<Candidate> {
    let services = place.world.store().services();
    let ports =
        services.flat_map(|service| service.endpoint.ports.iter().map(|port| (port.published, &service.spec.name)));
    ports.map(|(port, service)| candidate(&format!("http://localhost:{port}"), service)).collect()
}
