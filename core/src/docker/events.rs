//! `docker events`
//!
//! Models: docker/cli cli/command/system/events.go, moby daemon/events/{events,filter}.go.

use std::rc::Rc;

use super::command::{Arguments, Call, Command};
use super::error::CliError;
use super::filter::refused;
use super::flags::{FILTER, Flag, Matches, Offer, STRING};
use super::template::Template;
use super::units::{parse_decimal, parse_duration, quote};
use super::{ABOUT_INSPECT, Flow, Foreground};
use crate::collections::Map;
use crate::date;
use crate::id::NodeId;
use crate::json::{Struct, Value};
use crate::model::{Notice, Role};
use crate::output::Output;
use crate::time::Ms;
use crate::world::World;

pub(crate) static COMMAND: Command = Command {
    path: "events",
    aliases: &["system events"],
    usage: "[OPTIONS]",
    about: "Get real time events from the server",
    korean: "엔진에서 일어나는 일을 보여 준다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&[
        Flag::new("filter", FILTER, "Only events that match (container, event, label, node, scope, service, type …)")
            .short('f'),
        Flag::new("format", STRING, ABOUT_INSPECT),
        Flag::new(
            "since",
            STRING,
            "Begin with events after this time (2026-11-22T21:36:01Z) or younger than this (42m)",
        ),
        Flag::new("until", STRING, "End with events at this time, or of this age"),
    ]],
    stop_at_argument: false,
    run,
};

/// So many past events a daemon remembers.
const REMEMBERED: usize = 256;
/// How often it looks for new ones.
const POLL_MS: Ms = 100;

/// The events that come from now on.
#[derive(Clone, Debug)]
pub(crate) struct Listening {
    node: NodeId,
    filters: Vec<(String, String)>,
    /// Empty: a line for people.
    format: String,
    until: Option<Ms>,
    seen: usize,
    wake_at: Ms,
}

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let format = match matches.text("format").unwrap_or("") {
        "json" => "{{json .}}",
        format => format,
    };
    // Differs from tables: a bad template ends with 64 here.
    if let Err(why) = Template::parse(format) {
        call.out.err(format!("Error parsing format: {why}\n"));
        return Err(CliError::Code(64));
    }
    let bound = |name| matches.text(name).filter(|text| !text.is_empty());
    let since = bound("since").map(|text| time(call.world, text)).transpose()?;
    let until = bound("until").map(|text| time(call.world, text)).transpose()?;
    let listening = Listening {
        node: call.node,
        filters: matches.filters(),
        format: format.to_owned(),
        until,
        seen: call.store().notice_count(),
        wake_at: call.world.now(),
    };
    if since.is_some() || until.is_some() {
        let told: Vec<Rc<Notice>> = call.store().notices(0).to_vec();
        let mut told: Vec<Rc<Notice>> = told.into_iter().filter(|notice| listening.hears(call.world, notice)).collect();
        told.drain(..told.len().saturating_sub(REMEMBERED));
        for notice in told.iter().filter(|notice| since.is_none_or(|since| notice.at >= since)) {
            listening.show(call.world, notice, call.out);
        }
    }
    Foreground::Events(Box::new(listening)).start(call)
}

/// A time, or an age. Models: moby api/types/time/timestamp.go.
pub(crate) fn time(world: &World, text: &str) -> Result<Ms, CliError> {
    if let Ok(age) = parse_duration(text) {
        return Ok(world.now().saturating_add_signed(-(age / 1_000_000)));
    }
    let seconds = parse_decimal(text).map(|seconds| (seconds * 1_000.0) as u64);
    match seconds.or_else(|| date::parse_rfc3339(text)) {
        Some(unix_ms) => Ok(unix_ms.saturating_sub(world.unix_ms(0))),
        None => Err(refused(format!("failed to parse value as time or duration: {}", quote(text)))),
    }
}

impl Listening {
    pub(crate) fn wake_at(&self) -> Ms {
        self.wake_at
    }

    pub(crate) fn poll(&mut self, world: &World, output: &mut Output) -> Option<i32> {
        for notice in world.store().notices(self.seen) {
            if self.hears(world, notice) {
                self.show(world, notice, output);
            }
        }
        self.seen = world.store().notice_count();
        let next = world.now() + POLL_MS;
        self.wake_at = self.until.map_or(next, |until| next.min(until));
        self.until.is_some_and(|until| until <= world.now()).then_some(0)
    }

    /// Whether this node's daemon tells it, before the end that was asked for.
    fn hears(&self, world: &World, notice: &Notice) -> bool {
        let manager = || world.store().node(self.node).is_some_and(|node| node.role == Role::Manager);
        let mine = notice.on.map_or_else(manager, |node| node == self.node);
        mine && self.until.is_none_or(|until| notice.at <= until)
    }

    fn show(&self, world: &World, notice: &Notice, output: &mut Output) {
        let attributes = attributes(notice);
        if !self.passes(notice, &attributes) {
            return;
        }
        let line = if self.format.is_empty() {
            line(world, notice, &attributes)
        } else {
            let rendered = Template::parse(&self.format)
                .and_then(|template| template.render(&message(world, notice, &attributes)));
            rendered.unwrap_or_else(|why| why)
        };
        output.out(line + "\n");
    }

    /// Values of one key are alternatives, but of labels all are wanted. Keys that nobody knows are passed over.
    fn passes(&self, notice: &Notice, attributes: &Map<String, String>) -> bool {
        let name = attributes.get("name").map_or("", String::as_str);
        self.filters.iter().all(|(key, value)| {
            let fits = |value: &str| match key.as_str() {
                "type" => notice.kind == value,
                "scope" => scope(notice) == value,
                "event" if ["health_status", "exec_create", "exec_start"].contains(&value) => {
                    notice.action.starts_with(value)
                }
                "event" => *notice.action == *value,
                "image" => {
                    let image = attributes.get("image").map_or("", String::as_str);
                    image == value || image.split([':', '@']).next() == Some(value)
                }
                "label" => super::filter::label(attributes, value),
                "container" | "service" | "node" | "network" | "config" | "secret" | "plugin" | "volume" | "daemon" => {
                    notice.actor.starts_with(value) || name.starts_with(value)
                }
                _ => true,
            };
            let mut alternatives = self.filters.iter().filter(|(other, _)| other == key && key != "label");
            fits(value) || alternatives.any(|(_, value)| fits(value))
        })
    }
}

fn scope(notice: &Notice) -> &'static str {
    if notice.on.is_some() { "local" } else { "swarm" }
}

/// What a container is called is part of what is told of it.
fn attributes(notice: &Notice) -> Map<String, String> {
    let mut attributes: Map<String, String> =
        notice.details.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    if let (Some(node), Some(task)) = (notice.on, notice.task.as_ref().filter(|_| notice.kind == "container")) {
        let mut put = |key: &str, value: &str| drop(attributes.insert(key.to_owned(), value.to_owned()));
        let name = task.full_name();
        for (key, value) in &task.spec.container.labels {
            put(key, value);
        }
        put("com.docker.swarm.node.id", node.as_str());
        put("com.docker.swarm.service.id", task.service.as_str());
        put("com.docker.swarm.service.name", &task.service_name);
        put("com.docker.swarm.task", "");
        put("com.docker.swarm.task.id", task.id.as_str());
        put("com.docker.swarm.task.name", &name);
        put("image", &task.spec.container.image);
        put("name", &name);
    }
    attributes
}

fn line(world: &World, notice: &Notice, attributes: &Map<String, String>) -> String {
    let pairs: Vec<String> = attributes.iter().map(|(key, value)| [key, "=", value].concat()).collect();
    let time = date::nanos(world.unix_ms(notice.at));
    let told = [&time, " ", notice.kind, " ", &*notice.action, " ", &*notice.actor].concat();
    if pairs.is_empty() { told } else { [&told, " (", &pairs.join(", "), ")"].concat() }
}

/// Models: moby api/types/events/events.go, Message.
fn message(world: &World, notice: &Notice, attributes: &Map<String, String>) -> Value {
    let unix_ms = world.unix_ms(notice.at);
    let container = notice.kind == "container";
    let mut message = Struct::new("events.Message");
    if container {
        message.maybe("status", &*notice.action).maybe("id", &*notice.actor);
        message.maybe("from", attributes.get("image").map_or("", String::as_str));
    }
    let actor =
        Struct::new("events.Actor").with("ID", &*notice.actor).with("Attributes", Value::map(attributes)).take();
    message
        .with("Type", notice.kind)
        .with("Action", &*notice.action)
        .with("Actor", actor)
        .maybe("scope", scope(notice))
        .maybe("time", unix_ms / 1_000)
        .maybe("timeNano", unix_ms * 1_000_000);
    // Under the names that templates know.
    if container {
        let image = attributes.get("image").map_or("", String::as_str);
        message.hidden("Status", &*notice.action).hidden("ID", &*notice.actor).hidden("From", image);
    }
    message
        .hidden("Scope", scope(notice))
        .hidden("Time", unix_ms / 1_000)
        .hidden("TimeNano", unix_ms * 1_000_000)
        .into()
}
