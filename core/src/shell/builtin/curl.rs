//! `curl`: one request to a published port. Which task answers is the routing mesh's business.
//!
//! Models: curl's own sentences and exit codes. Differs: only plain GET requests to nodes of the cluster, and no
//! progress meter when the answer goes into a pipe.

use std::collections::VecDeque;

use super::docker::COST;
use super::escapes::unescape;
use super::sleep::interval;
use super::{Builtin, Call, Flow, Running};
use crate::engine::machines::Machine;
use crate::id::TaskId;
use crate::output::Output;
use crate::shell::complete::{Candidate, Place, candidate};
use crate::shell::files::Files;
use crate::shell::process::Host;
use crate::time::Ms;
use crate::world::Reply;

pub(super) const CURL: Builtin = Builtin {
    name: "curl",
    usage: "curl [-sSfLI] [-o FILE] [-w TEXT] [-m SECONDS] URL …",
    about: "send a request to a published port",
    run,
    complete,
};

/// curl's exit codes.
const BAD_OPTION: i32 = 2;
const BAD_URL: i32 = 3;
const NO_HOST: i32 = 6;
const REFUSED: i32 = 7;
const TOO_LATE: i32 = 28;
const NO_ANSWER: i32 = 52;

/// Requests, one after another.
#[derive(Clone)]
pub(in crate::shell) struct Requests {
    urls: VecDeque<String>,
    wishes: Wishes,
    status: i32,
    waiting: Option<Waiting>,
}

/// What is done with answers.
#[derive(Clone)]
struct Wishes {
    /// Whether errors are told.
    tells: bool,
    /// `-I`: the head of the answer, instead of it.
    head: bool,
    /// `-i`: the head before it.
    both: bool,
    /// The file that it goes into.
    file: Option<String>,
    /// What is written behind it.
    after: String,
    /// How long to wait.
    most_ms: Ms,
}

/// A request that a program thinks about.
#[derive(Clone)]
struct Waiting {
    until: Ms,
    task: TaskId,
    body: String,
    /// Whether that is too late.
    late: bool,
}

/// An exit code with its sentence.
type Failure = (i32, String);

/// Options that take a value; of these only `o`, `w` and `m` mean something here.
const VALUED: &[(&str, char)] = &[
    ("--output", 'o'),
    ("--write-out", 'w'),
    ("--max-time", 'm'),
    ("--connect-timeout", 'm'),
    ("--header", 'H'),
    ("--request", 'X'),
    ("--data", 'd'),
    ("--user-agent", 'A'),
    ("--user", 'u'),
    ("--retry", '\0'),
    ("--retry-delay", '\0'),
];

const SWITCHES: &[(&str, char)] = &[
    ("--silent", 's'),
    ("--show-error", 'S'),
    ("--fail", 'f'),
    ("--location", 'L'),
    ("--insecure", 'k'),
    ("--head", 'I'),
    ("--include", 'i'),
    ("--ipv4", '4'),
    ("--retry-connrefused", '\0'),
    ("--no-progress-meter", '\0'),
];

fn run(call: &mut Call) -> Flow {
    let mut urls = VecDeque::new();
    let (mut silent, mut shows) = (false, false);
    let (file, after) = (None, String::new());
    let mut wishes = Wishes { tells: true, head: false, both: false, file, after, most_ms: Ms::MAX };
    let mut args = call.args.iter();
    while let Some(arg) = args.next() {
        let mut letters = match arg.strip_prefix('-') {
            Some(rest) if rest.starts_with('-') => {
                let known = VALUED.iter().chain(SWITCHES).find(|(name, _)| name == arg);
                let Some((_, letter)) = known else { return refuse(call, &format!("option {arg}: is unknown")) };
                letter.to_string()
            }
            Some(rest) if !rest.is_empty() => rest.to_owned(),
            _ => {
                urls.push_back(arg.clone());
                continue;
            }
        };
        while !letters.is_empty() {
            let letter = letters.remove(0);
            if VALUED.iter().any(|(name, known)| *known == letter && (letter != '\0' || name == arg)) {
                let value = if letters.is_empty() { args.next().cloned() } else { Some(std::mem::take(&mut letters)) };
                let Some(value) = value else { return refuse(call, &format!("option {arg}: requires parameter")) };
                match letter {
                    'o' => wishes.file = Some(Files::resolve(&call.env.directory, &value)),
                    'w' => wishes.after = unescape(&value, false).0,
                    'm' => wishes.most_ms = interval(&value).unwrap_or(Ms::MAX),
                    _ => {}
                }
                continue;
            }
            match letter {
                's' => silent = true,
                'S' => shows = true,
                'I' => wishes.head = true,
                'i' => wishes.both = true,
                known if SWITCHES.iter().any(|(_, switch)| *switch == known) => {}
                _ => return refuse(call, &format!("option {arg}: is unknown")),
            }
        }
    }
    if urls.is_empty() {
        return refuse(call, "no URL specified");
    }
    wishes.tells = !silent || shows;
    let mut requests = Requests { urls, wishes, status: 0, waiting: None };
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
            let answered = if let Some(Waiting { task, body, late, .. }) = self.waiting.take() {
                match (late, host.world.runs(task)) {
                    (true, _) => Err((
                        TOO_LATE,
                        format!("Operation timed out after {} milliseconds with 0 bytes received", self.wishes.most_ms),
                    )),
                    (_, true) => Ok(body),
                    (_, false) => Err((NO_ANSWER, "Empty reply from server".to_owned())),
                }
            } else {
                let Some(url) = self.urls.pop_front() else { return Some(self.status) };
                host.spend(COST);
                match request(host, &url, self.wishes.most_ms) {
                    Ok(waiting) if waiting.until > host.world.now() => {
                        self.waiting = Some(waiting);
                        return None;
                    }
                    Ok(waiting) => Ok(waiting.body),
                    Err(failure) => Err(failure),
                }
            };
            let code = if answered.is_ok() { "200" } else { "000" };
            match answered {
                Ok(body) => self.deliver(&body, host, output),
                Err((code, sentence)) => {
                    self.status = code;
                    if self.wishes.tells {
                        output.err(format!("curl: ({code}) {sentence}\n"));
                    }
                }
            }
            let after = self.wishes.after.replace("%{http_code}", code).replace("%{response_code}", code);
            output.out(after.replace("%{time_total}", "0.001").replace("%{exitcode}", &self.status.to_string()));
        }
    }

    fn deliver(&self, body: &str, host: &mut Host, output: &mut Output) {
        const HEAD: &str = "HTTP/1.1 200 OK\r\n";
        let length = format!("Content-Length: {}\r\n\r\n", body.len());
        let text = match &self.wishes {
            Wishes { head: true, .. } => [HEAD, &length].concat(),
            Wishes { both: true, .. } => [HEAD, &length, body].concat(),
            _ => body.to_owned(),
        };
        match &self.wishes.file {
            None => output.out(text),
            Some(path) if path == "/dev/null" => {}
            Some(path) => match host.files.check_new(path) {
                Ok(()) => host.files.write(path, &text),
                Err(why) => output.err(format!("curl: Failed to open the file {path}: {why}\n")),
            },
        }
    }
}

fn refuse(call: &mut Call, sentence: &str) -> Flow {
    call.output.err(format!("curl: {sentence}\ncurl: try 'curl --help' or 'curl --manual' for more information\n"));
    Flow::Exit(BAD_OPTION)
}

/// Sends a request, and returns its answer with the time of its coming.
fn request(to: &mut Host, url: &str, most_ms: Ms) -> Result<Waiting, Failure> {
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
        Reply::Answer { task, body, after_ms, .. } => {
            let until = to.world.now() + after_ms.min(most_ms);
            Ok(Waiting { until, task, body, late: after_ms > most_ms })
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
