//! The same update again with one flag changed: same seed, same moment, another branch to compare with.

use swarmyard_core::session::{Entry, Input};

use super::Model;
use crate::rollout::panel::rules;

/// What an update of the past could have been asked for instead.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variants {
    /// Which entry of the journal it was.
    entry: usize,
    /// Each a flag with its value, as one writes them.
    pub(crate) flags: Vec<String>,
}

impl Model {
    /// Whether anything was updated, up to the moment that is looked at. Asked in every frame.
    pub(crate) fn has_update(&self) -> bool {
        let update =
            |entry: &Entry| matches!(&entry.input, Input::Line { text, .. } if text.contains("service update"));
        let now = self.timeline.now();
        self.session().journal().iter().any(|entry| entry.at < now && update(entry)) && self.latest_update().is_some()
    }

    /// The latest update of the service that is shown, up to the moment that is looked at: its place in the journal and
    /// its words.
    pub(crate) fn latest_update(&self) -> Option<(usize, Vec<String>)> {
        let service = self.shown_service()?;
        let journal = self.session().journal().iter().enumerate().rev();
        journal.filter(|(_, entry)| entry.at < self.timeline.now()).find_map(|(place, entry)| {
            let words = update_of(entry).filter(|words| words.last().is_some_and(|last| last == service))?;
            Some((place, words))
        })
    }

    /// What could be changed of it.
    pub(crate) fn variants(&self) -> Option<Variants> {
        let (entry, words) = self.latest_update()?;
        let service = self.shown_service()?;
        let spec = &self.snapshot.services.iter().find(|found| *found.name == *service)?.spec;
        let mut flags = Vec::new();
        for (flag, ruled) in rules(spec) {
            let now = given(&words, flag).unwrap_or(&ruled).to_owned();
            flags.extend(others(flag, &now).iter().map(|value| format!("--{flag} {value}")));
        }
        Some(Variants { entry, flags })
    }

    /// Plays it again with that flag, on a branch of its own beside the one that was.
    pub(super) fn vary(&mut self, at: usize) {
        let Some(Variants { entry, flags }) = self.variants() else { return };
        let Some(flag) = flags.get(at) else { return };
        let asked = &self.timeline.journal()[entry];
        let Some(words) = update_of(asked) else { return };
        let Input::Line { shell, .. } = asked.input else { return };
        let (text, moment) = (changed(&words, flag), asked.at);
        let node = self.session().terminal(shell).node.clone();
        self.open(node);
        let old = self.branch;
        self.halted = None;
        self.timeline.seek_before(entry);
        self.clock.set(moment);
        self.look_anew();
        self.put_in(|shell| Input::Line { shell, text });
        self.compared = Some(old).filter(|old| *old != self.branch);
        self.clock.running = true;
        self.open = None;
    }
}

/// The words of a `docker service update` that stands alone on its line.
fn update_of(entry: &Entry) -> Option<Vec<String>> {
    let Input::Line { text, .. } = &entry.input else { return None };
    let line = text.replace("\\\n", " ");
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    let plain = !line.trim_end().contains(['\n', ';', '|', '&', '<', '>', '$', '`', '(', '#', '\'', '"']);
    (plain && words.starts_with(&["docker", "service", "update"].map(str::to_owned))).then_some(words)
}

/// The value that `words` give a flag.
fn given<'w>(words: &'w [String], flag: &str) -> Option<&'w str> {
    let place = words.iter().position(|word| is(word, flag))?;
    words[place].split_once('=').map(|(_, value)| value).or(words.get(place + 1).map(String::as_str))
}

fn is(word: &str, flag: &str) -> bool {
    word.strip_prefix("--").is_some_and(|word| word.split('=').next() == Some(flag))
}

/// What the flag could say that it does not say `now`.
fn others(flag: &str, now: &str) -> Vec<&'static str> {
    let values: &[&'static str] = match flag {
        "update-parallelism" => &["1", "2", "0"],
        "update-order" => &["stop-first", "start-first"],
        "update-failure-action" => &["pause", "continue", "rollback"],
        "update-delay" => &["0s", "5s"],
        "update-monitor" => &["5s", "20s"],
        "update-max-failure-ratio" => &["0", "0.5"],
        _ => &[],
    };
    // Where several make a difference, all of them; else the plainest one.
    let several = matches!(flag, "update-parallelism" | "update-failure-action");
    values.iter().copied().filter(|value| *value != now).take(if several { 2 } else { 1 }).collect()
}

/// The line with `flag`, in the place of what it said of that before.
fn changed(words: &[String], flag: &str) -> String {
    let name = flag.trim_start_matches("--").split(' ').next().unwrap_or_default();
    let mut kept = Vec::new();
    let mut skip = false;
    for word in words {
        if std::mem::take(&mut skip) {
            continue;
        }
        if is(word, name) {
            skip = !word.contains('=');
        } else {
            kept.push(word.as_str());
        }
    }
    kept.insert(3.min(kept.len()), flag);
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Option<Vec<String>> {
        update_of(&Entry { at: 0, input: Input::Line { shell: 0, text: text.to_owned() } })
    }

    #[test]
    fn only_an_update_alone_on_its_line_can_be_changed() {
        assert!(words("docker service update \\\n  --force app").is_some());
        for text in [
            "docker service ps app",
            "docker service update app; date",
            "sleep 1\ndocker service update app",
            "docker service update --args 'a b' app",
        ] {
            assert_eq!(words(text), None, "{text}");
        }
    }

    #[test]
    fn a_flag_is_put_in_the_place_of_what_was_said_before() {
        let line = |text: &str| changed(&words(text).expect("it is an update"), "--update-order start-first");
        assert_eq!(
            line("docker service update --force app"),
            "docker service update --update-order start-first --force app"
        );
        assert_eq!(
            line("docker service update --update-order stop-first --force app"),
            "docker service update --update-order start-first --force app"
        );
        assert_eq!(
            line("docker service update --update-order=stop-first --update-delay 5s app"),
            "docker service update --update-order start-first --update-delay 5s app"
        );
    }

    #[test]
    fn what_is_so_already_is_not_offered() {
        assert_eq!(others("update-parallelism", "1"), ["2", "0"]);
        assert_eq!(others("update-order", "start-first"), ["stop-first"]);
        assert_eq!(others("update-failure-action", "rollback"), ["pause", "continue"]);
        let words = words("docker service update --update-delay=10s app").expect("it is an update");
        assert_eq!(given(&words, "update-delay"), Some("10s"));
        assert_eq!(given(&words, "update-order"), None);
    }
}
