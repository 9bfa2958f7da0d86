//! What could follow what is typed: commands, flags, values, and the names of services, nodes and images.
//!
//! It reads the same tables as the parser. The shell's Tab and the page's palette call it.

use super::command::Command;
use super::flags::{Flag, Offer};
use super::stack::NAMESPACE;
use super::{Found, commands, commands_of, find, global};
use crate::collections;
use crate::engine::image::without_digest;
use crate::id::NodeId;
use crate::model::{FileKind, Role};
use crate::natural::natural;
use crate::world::World;

/// One way to go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The whole word, as it should stand in the line. One that ends in `=` wants to be gone on with at once.
    pub text: String,
    /// What it is; may be empty.
    pub description: String,
}

/// What the last word of `words` could become; it may be empty. `words` does not hold `docker` itself.
pub fn complete(world: &World, node: NodeId, words: &[String]) -> Vec<Candidate> {
    let Some((unfinished, before)) = words.split_last() else { return Vec::new() };
    let mut candidates = match skip_global(before) {
        Some([]) if unfinished.starts_with('-') => with_help(flags(global::FLAGS.iter())),
        Some([]) => top(),
        Some(before) => match find(before) {
            Ok(Found::Command(command, _, rest)) => after_command(world, node, command, rest, unfinished),
            Ok(Found::Group(group, [])) => named(commands_of(group).map(|(path, about)| (last_word(path), about))),
            _ => Vec::new(),
        },
        None => Vec::new(),
    };
    candidates.retain(|candidate| candidate.text.starts_with(unfinished.as_str()) && candidate.text != *unfinished);
    collections::sort_by(&mut candidates, |a, b| natural(&a.text, &b.text));
    candidates.dedup_by(|a, b| a.text == b.text);
    candidates
}

/// The words after the flags of `docker` itself; `None` while one of them still wants its value.
pub(super) fn skip_global(mut words: &[String]) -> Option<&[String]> {
    while let Some((first, rest)) = words.split_first().filter(|(first, _)| first.starts_with('-')) {
        words = if wants_value(global::FLAGS.iter(), first) { rest.get(1..)? } else { rest };
    }
    Some(words)
}

fn top() -> Vec<Candidate> {
    let commands = commands().filter(|command| !command.path.contains(' '));
    let groups = global::GROUPS.iter().filter(|group| commands_of(group).next().is_some());
    named(commands.map(|command| (command.path, command.about)).chain(groups.map(|group| (group.name, group.about))))
}

fn after_command(world: &World, node: NodeId, command: &Command, words: &[String], unfinished: &str) -> Vec<Candidate> {
    // A flag that wants a value, or an argument after which no flags come.
    let mut wanting: Option<&str> = None;
    let mut arguments_only = false;
    for word in words {
        if wanting.take().is_some() {
            continue;
        }
        if word.starts_with('-') && word.len() > 1 && !arguments_only {
            wanting = wants_value(command.flags(), word).then_some(word);
            arguments_only = word == "--";
        } else {
            arguments_only |= command.stop_at_argument;
        }
    }
    if arguments_only && command.stop_at_argument {
        return Vec::new();
    }
    if let Some(word) = wanting {
        return flag_of(command.flags(), word).map_or(Vec::new(), |flag| offered(world, node, flag.offers));
    }
    if let Some((name, _)) = unfinished.split_once('=').filter(|_| unfinished.starts_with("--")) {
        let Some(flag) = flag_of(command.flags(), name) else { return Vec::new() };
        let mut values = offered(world, node, flag.offers);
        for value in &mut values {
            value.text = format!("{name}={}", value.text);
        }
        return values;
    }
    if unfinished.starts_with('-') && !arguments_only {
        return with_help(flags(command.flags()));
    }
    offered(world, node, command.offers)
}

/// Whether `word` is a flag whose value is the next word.
pub(super) fn wants_value<'f>(flags: impl Iterator<Item = &'f Flag>, word: &str) -> bool {
    !word.contains('=') && flag_of(flags, word).is_some_and(|flag| flag.kind.takes_value())
}

/// The flag that `word` ends with: `--name`, or the last letter of `-qf`.
pub(super) fn flag_of<'f>(mut flags: impl Iterator<Item = &'f Flag>, word: &str) -> Option<&'f Flag> {
    match word.strip_prefix("--") {
        Some(name) => flags.find(|flag| flag.name == name),
        None => flags.find(|flag| flag.short.is_some() && flag.short == word.chars().next_back()),
    }
}

fn flags(flags: impl Iterator<Item = &'static Flag>) -> Vec<Candidate> {
    flags
        .map(|flag| Candidate { text: format!("--{}", flag.name), description: flag.about.replace('\n', " ") })
        .collect()
}

/// Every command has it.
fn with_help(mut flags: Vec<Candidate>) -> Vec<Candidate> {
    flags.push(Candidate { text: "--help".to_owned(), description: "Print usage".to_owned() });
    flags
}

fn named<'n>(names: impl Iterator<Item = (&'n str, &'n str)>) -> Vec<Candidate> {
    names.map(|(name, about)| Candidate { text: name.to_owned(), description: about.to_owned() }).collect()
}

fn offered(world: &World, node: NodeId, offer: Offer) -> Vec<Candidate> {
    let store = world.store();
    // A worker knows nothing of the swarm.
    let manager = store.node(node).is_some_and(|node| node.role == Role::Manager);
    let services = |ending: &str| {
        let services = store.services().filter(|_| manager).map(|service| {
            let image = without_digest(&service.spec.task.container.image).to_owned();
            Candidate { text: format!("{}{ending}", service.spec.name), description: image }
        });
        services.collect()
    };
    let of_kind = |kind: FileKind| {
        let files = store.files().filter(|file| manager && file.kind == kind);
        named(files.map(|file| (file.name.as_str(), kind.word())))
    };
    match offer {
        Offer::Nothing => Vec::new(),
        Offer::Words(words) => named(words.iter().map(|word| (*word, ""))),
        Offer::Services => services(""),
        Offer::ServiceScales => services("="),
        Offer::Nodes => {
            let nodes = store.nodes().filter(|_| manager);
            named(nodes.map(|node| (node.description.hostname.as_str(), node.spec.role.word())))
        }
        Offer::Containers => world
            .containers(node)
            .into_iter()
            .map(|container| Candidate { text: container.name, description: container.image })
            .collect(),
        Offer::Configs => of_kind(FileKind::Config),
        Offer::Secrets => of_kind(FileKind::Secret),
        Offer::Networks => {
            let networks = store
                .networks()
                .filter(|network| manager && !network.predefined && network.node.is_none_or(|of| of == node));
            named(networks.map(|network| (network.name.as_str(), network.driver.as_str())))
        }
        Offer::Stacks => {
            let services = store.services().filter(|_| manager);
            named(services.filter_map(|service| Some((service.spec.labels.get(NAMESPACE)?.as_str(), ""))))
        }
        // The shell knows the files.
        Offer::Files => Vec::new(),
        Offer::Images => named(world.registry().tags().map(|image| (image.name.as_str(), ""))),
    }
}

fn last_word(path: &str) -> &str {
    path.rsplit(' ').next().unwrap_or(path)
}
