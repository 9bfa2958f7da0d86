//! `curl`: one request to a published port. Which task answers is the routing mesh's business.
//!
//! Models: curl's own sentences and exit codes. Differs: only plain GET requests to nodes of the cluster, and no
//! progress meter when the answer goes into a pipe.

use std::collections::VecDeque;

use super::{Builtin, Call, Flow, Running};
use crate::engine::machines::Machine;
use crate::id::TaskId;
use crate::output::Output;
use crate::shell::complete::{Candidate, Place, candidate};
use crate::shell::process::Host;
use crate::time::Ms;
use crate::world::Reply;

pub(super) const CURL: Builtin =
    Builtin { name: "curl", usage: "curl [-s] URL", about: "send a request to a published port", run, complete };

/// curl's exit codes.
const BAD_OPTION: i32 = 2;
const BAD_URL: i32 = 3;
const NO_HOST: i32 = 6;
const REFUSED: i32 = 7;
const NO_ANSWER: i32 = 52;

/// Requests, one after another.
#[derive(Clone, Debug)]
pub(in crate::shell) struct Requests {
    urls: VecDeque<String>,
    /// Whether errors are told.
    tells: bool,
    status: i32,
    waiting: Option<Waiting>,
}

/// A request that a program thinks about.
#[derive(Clone, Debug)]
struct Waiting {
    until: Ms,
    task: TaskId,
    body: String,
}

/// An exit code with its sentence.
type Failure = (i32, String);

fn run(call: &mut Call) -> Flow {
    let mut urls = VecDeque::new();
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
            url => urls.push_back(url.to_owned()),
        }
    }
    if urls.is_empty() {
        return refuse(call, "no URL specified");
    }
    let mut requests = Requests { urls, tells: !silent || show_errors, status: 0, waiting: None };
    match requests.go_on(call.host, call.output) {
        Some(status) => Flow::Exit(status),
        None => Flow::Hold(Running::Requests(Box::new(requests))),
    }
}

impl Requests {
    pub(super) fn wake_at(&self) -> Ms {
        self.waiting.as_ref().map_or(0, |waiting| waiting.until)
    }

    /// Goes on as far as it can without waiting. Returns the exit code when all is answered.
    pub(super) fn go_on(&mut self, host: &mut Host, output: &mut Output) -> Option<i32> {
        loop {
            let answered = if let Some(Waiting { task, body, .. }) = self.waiting.take() {
                if host.world.runs(task) { Ok(body) } else { Err((NO_ANSWER, "Empty reply from server".to_owned())) }
            } else {
                let Some(url) = self.urls.pop_front() else { return Some(self.status) };
                match request(host, &url) {
                    Ok(waiting) if waiting.until > host.world.now() => {
                        self.waiting = Some(waiting);
                        return None;
                    }
                    Ok(waiting) => Ok(waiting.body),
                    Err(failure) => Err(failure),
                }
            };
            match answered {
                Ok(body) => output.out(body),
                Err((code, sentence)) => {
                    self.status = code;
                    if self.tells {
                        output.err(format!("curl: ({code}) {sentence}\n"));
                    }
                }
            }
        }
    }
}

fn refuse(call: &mut Call, sentence: &str) -> Flow {
    call.output.err(format!("curl: {sentence}\ncurl: try 'curl --help' or 'curl --manual' for more information\n"));
    Flow::Exit(BAD_OPTION)
}

/// Sends a request, and returns its answer with the time of its coming.
fn request(to: &mut Host, url: &str) -> Result<Waiting, Failure> {
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
        true => machine.hostname == to.node,
        false => machine.hostname == host || machine.address == host,
    };
    let node = to.world.machines().iter().find(named).map(|machine| machine.node);
    let Some(node) = node else {
        return Err((NO_HOST, format!("Could not resolve host: {host}")));
    };
    match to.world.request(node, number) {
        Reply::Answer { task, body, after_ms, .. } => Ok(Waiting { until: to.world.now() + after_ms, task, body }),
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
