//! What can happen to the world outside the docker commands: the same in a script's `@` lines, in the shell's `world`
//! command and on the stage. Only the words are here; [`crate::world::World::act`] does the deed.
//!
//! One table says how each is written; reading, printing, help and completion follow it. A word in capitals stands for
//! what is to be filled in.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::time::{HOUR, MINUTE, Ms, SECOND};

/// Something that happens to the world: a verb, and what fills the places of its usage. Saved as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Action {
    verb: Verb,
    /// One for each place of the usage; checked when it was read.
    words: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    PowerOff,
    PowerOn,
    StopDaemon,
    StartDaemon,
    CutOff,
    Reconnect,
    Fill,
    Free,
    CrashTask,
    CrashTaskOf,
    RegistryDown,
    RegistryUp,
    PullSpeed,
    Image,
    Push,
    Tag,
}

/// A verb, how it is written, and what it does.
pub struct Usage {
    verb: Verb,
    pub pattern: &'static str,
    pub about: &'static str,
}

const fn usage(verb: Verb, pattern: &'static str, about: &'static str) -> Usage {
    Usage { verb, pattern, about }
}

/// All that can happen, in the order of help.
pub const USAGES: &[Usage] = &[
    usage(Verb::PowerOff, "power-off NODE", "cut a machine's power"),
    usage(Verb::PowerOn, "power-on NODE", "start a machine, or its daemon, again"),
    usage(Verb::StopDaemon, "stop-daemon NODE", "stop a node's Docker daemon in good order"),
    usage(Verb::StartDaemon, "start-daemon NODE", "start the daemon again"),
    usage(Verb::CutOff, "cut-off NODE", "pull a machine's network cable; what runs on it goes on"),
    usage(Verb::Reconnect, "reconnect NODE", "plug the cable in again"),
    usage(Verb::Fill, "fill NODE", "leave no CPU and no memory on a node to be reserved"),
    usage(Verb::Free, "free NODE", "give them back"),
    usage(Verb::CrashTask, "crash-task TASK", "kill a running task: app.2, or its id"),
    usage(Verb::CrashTaskOf, "crash-task SERVICE IMAGE", "kill one running task of a service that has this image"),
    usage(Verb::RegistryDown, "registry down", "let the registry stop answering"),
    usage(Verb::RegistryUp, "registry up", "let the registry answer again"),
    usage(Verb::PullSpeed, "pull-speed PERCENT", "let pulls be slower, or faster above 100"),
    usage(Verb::Image, "image IMAGE KEY=VALUE…", "change how an image behaves; see below"),
    usage(Verb::Push, "push IMAGE", "put something new under a tag: its digest changes"),
    usage(Verb::Tag, "tag IMAGE TAG", "let a new or an old tag name what IMAGE names"),
];

/// What can be said of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Start,
    ExitAfter,
    ExitCode,
    Health,
    Answer,
    Sigterm,
    Size,
    Pull,
    Missing,
}

/// A key, the values it takes, and what it means. In capitals what stands for a number.
pub const KEYS: &[(Key, &str, &str, &str)] = &[
    (Key::Start, "start", "TIME", "how long its container takes to start"),
    (Key::ExitAfter, "exit-after", "TIME|never", "when its program ends by itself"),
    (Key::ExitCode, "exit-code", "CODE", "with which code it ends then"),
    (Key::Health, "health", "TIME|ok|failing|none", "what its health check finds; TIME: it passes from then on"),
    (Key::Answer, "answer", "TIME", "how long it takes to answer a request"),
    (Key::Sigterm, "sigterm", "heeded|ignored", "whether it ends when it is asked to"),
    (Key::Size, "size", "SIZE", "as `docker images` shows it"),
    (Key::Pull, "pull", "TIME", "how long a node takes to fetch it"),
    (Key::Missing, "missing", "yes|no", "whether the registry has lost it"),
];

/// One `KEY=VALUE`, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    pub key: Key,
    pub value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Word(&'static str),
    /// Milliseconds, bytes or a code.
    Number(u64),
}

/// Ends the last place of a usage that may be filled more than once.
const MORE: char = '…';

impl Usage {
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        self.pattern.split(' ')
    }

    fn reads(&self, words: &[&str]) -> bool {
        let more = self.pattern.ends_with(MORE);
        let places = self.words().count();
        (words.len() == places || more && words.len() > places)
            && self.words().zip(words).all(|(place, word)| is_place(place) || place == *word)
    }
}

/// Whether a word of a usage is to be filled in.
pub fn is_place(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_uppercase())
}

impl Action {
    /// Reads an action from its words: `power-off node2`.
    ///
    /// # Errors
    /// A sentence that says what to write instead.
    pub fn parse<S: AsRef<str>>(words: &[S]) -> Result<Action, String> {
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        let Some(usage) = USAGES.iter().find(|usage| usage.reads(&words)) else { return Err(unreadable(&words)) };
        let fixed = usage.words().take_while(|word| !is_place(word)).count();
        let words: Vec<String> = words[fixed..].iter().map(|word| (*word).to_owned()).collect();
        match usage.verb {
            Verb::PullSpeed if number(&words[0], 1..=10_000).is_none() => {
                Err(format!("'{}' is no speed; write a number of percent from 1 to 10000", words[0]))
            }
            Verb::Image => {
                words[1..].iter().try_for_each(|word| setting(word).map(drop))?;
                Ok(Action { verb: usage.verb, words })
            }
            verb => Ok(Action { verb, words }),
        }
    }

    /// Reads an action as one text.
    ///
    /// # Errors
    /// As [`Action::parse`].
    pub fn read(text: &str) -> Result<Action, String> {
        Action::parse(&text.split_whitespace().collect::<Vec<_>>())
    }

    pub fn verb(&self) -> Verb {
        self.verb
    }

    /// What fills the places of its usage.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The settings of `image`.
    pub fn settings(&self) -> impl Iterator<Item = Setting> {
        self.words.iter().skip(1).filter_map(|word| setting(word).ok())
    }
}

fn unreadable(words: &[&str]) -> String {
    let Some(verb) = words.first() else { return format!("nothing said; write one of: {}", known("")) };
    let usages = known(verb);
    if usages.is_empty() {
        return format!("'{verb}' is nothing that can happen; write one of: {}", known(""));
    }
    format!("'{}' is not complete or says too much; write: {usages}", words.join(" "))
}

/// The usages of `verb`, or all of them.
fn known(verb: &str) -> String {
    let wanted = |usage: &&Usage| verb.is_empty() || usage.words().next() == Some(verb);
    let usages: Vec<&str> = USAGES.iter().filter(wanted).map(|usage| usage.pattern).collect();
    usages.join(if verb.is_empty() { ", " } else { " or " })
}

/// Reads one `KEY=VALUE`.
///
/// # Errors
/// A sentence that says what to write instead.
pub fn setting(word: &str) -> Result<Setting, String> {
    let (name, text) = word.split_once('=').unwrap_or((word, ""));
    let Some((key, _, values, _)) = KEYS.iter().find(|(_, its, _, _)| *its == name) else {
        let keys: Vec<&str> = KEYS.iter().map(|(_, name, _, _)| *name).collect();
        return Err(format!("'{name}' is no key of an image; write one of: {}", keys.join(", ")));
    };
    let read = |value: &'static str| match value {
        "TIME" => time(text).map(Value::Number),
        "CODE" => number(text, 0..=255).map(Value::Number),
        "SIZE" => size(text).map(Value::Number),
        word => (word == text).then_some(Value::Word(word)),
    };
    match values.split('|').find_map(read) {
        Some(value) => Ok(Setting { key: *key, value }),
        None => Err(format!("'{word}' says nothing of an image; write {name}={values}{}", example(values))),
    }
}

fn example(values: &str) -> &'static str {
    match values.split('|').next() {
        Some("TIME") => ", with a TIME like 300ms, 5s or 1m30s",
        Some("CODE") => ", with a CODE from 0 to 255",
        Some("SIZE") => ", with a SIZE like 20MB",
        _ => "",
    }
}

/// The number that `text` is, if it lies within `bounds`.
fn number(text: &str, bounds: std::ops::RangeInclusive<u64>) -> Option<u64> {
    text.trim_end_matches('%').parse().ok().filter(|number| bounds.contains(number))
}

/// `1m30s`: numbers, each with its unit.
fn time(text: &str) -> Option<Ms> {
    let units = [("ms", 1), ("s", SECOND), ("m", MINUTE), ("h", HOUR)];
    let (mut rest, mut total) = (text, 0);
    loop {
        let (value, unit) = counted(rest)?;
        let end = unit.find(|letter: char| letter.is_ascii_digit()).unwrap_or(unit.len());
        let (_, ms) = units.iter().find(|(name, _)| *name == &unit[..end])?;
        total += value.checked_mul(*ms).filter(|ms| *ms <= 24 * HOUR)?;
        rest = &unit[end..];
        if rest.is_empty() {
            return Some(total);
        }
    }
}

fn size(text: &str) -> Option<u64> {
    let (value, unit) = counted(text)?;
    let units = [("B", 1), ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)];
    let (_, bytes) = units.iter().find(|(name, _)| *name == unit)?;
    value.checked_mul(*bytes).filter(|bytes| *bytes < 1 << 50)
}

/// The number at the beginning of a text, and what follows it.
fn counted(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// The words that [`Action::parse`] reads.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usage = USAGES.iter().find(|usage| usage.verb == self.verb).expect("every verb has a usage");
        let fixed = usage.words().take_while(|word| !is_place(word));
        let mut words: Vec<&str> = fixed.collect();
        words.extend(self.words.iter().map(String::as_str));
        f.write_str(&words.join(" "))
    }
}

impl From<Action> for String {
    fn from(action: Action) -> String {
        action.to_string()
    }
}

impl TryFrom<String> for Action {
    type Error = String;

    fn try_from(text: String) -> Result<Action, String> {
        Action::read(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "power-off node2",
            "registry down",
            "registry up",
            "crash-task app a/b:c",
            "crash-task app.2",
            "pull-speed 10",
            "image a/b:c start=1m30s health=failing missing=no",
            "tag a/b:c a/b:d",
        ] {
            assert_eq!(Action::read(text).map(|action| action.to_string()), Ok(text.to_owned()));
        }
        assert_ne!(Action::read("registry down"), Action::read("registry up"));
    }

    #[test]
    fn every_verb_has_one_usage() {
        for usage in USAGES {
            let filled = usage.pattern.replace("PERCENT", "5").replace("KEY=VALUE…", "exit-code=3");
            let action = Action::read(&filled).expect(&filled);
            assert_eq!((action.verb(), action.to_string()), (usage.verb, filled));
        }
    }

    #[test]
    fn what_cannot_happen_says_what_to_write_instead() {
        let error = |text: &str| Action::read(text).expect_err("it is no action");
        assert!(error("explode").contains("write one of: power-off NODE, power-on NODE"));
        assert!(error("registry sideways").ends_with("write: registry down or registry up"));
        assert!(error("power-off").ends_with("write: power-off NODE"));
        assert!(error("power-off a b").ends_with("write: power-off NODE"));
        assert!(error("").contains("crash-task SERVICE IMAGE"));
        assert!(error("image a").ends_with("write: image IMAGE KEY=VALUE…"));
        assert!(error("image a colour=red").contains("write one of: start, exit-after"));
        assert!(
            error("image a health=blue").ends_with("health=TIME|ok|failing|none, with a TIME like 300ms, 5s or 1m30s")
        );
        assert!(error("image a missing=maybe").ends_with("write missing=yes|no"));
        assert!(error("pull-speed 0").ends_with("from 1 to 10000"));
    }

    #[test]
    fn values_are_numbers_with_their_units() {
        let value = |word: &str| setting(word).map(|setting| setting.value);
        assert_eq!(value("start=1m30s5ms"), Ok(Value::Number(90_005)));
        assert_eq!(value("exit-after=never"), Ok(Value::Word("never")));
        assert_eq!(value("size=20MB"), Ok(Value::Number(20_000_000)));
        for wrong in ["start=", "start=5", "start=s", "start=99999999999999999999h", "exit-code=256", "size=20"] {
            assert!(setting(wrong).is_err(), "{wrong}");
        }
    }
}
