//! The registry: which image each tag names now, and how images behave. Begins as the scenario says; what happens to the
//! world changes it.
//!
//! An image stays known by its digest when its tag goes on to another one, as in a real registry; and one that the
//! registry has lost still runs where a node has it. Differs: how an image behaves can be changed without a new digest,
//! which takes effect in running containers too, except for how long they live.

use std::rc::Rc;

use super::image::Reference;
use crate::action::{Key, Setting, Value};
use crate::collections::Map;
use crate::event::EventId;
use crate::scenario::{HealthBehaviour, Image, Scenario, digest_of};
use crate::time::{Ms, SECOND};

#[derive(Clone, Debug)]
pub(crate) struct Registry {
    /// Whether it answers.
    pub(crate) up: bool,
    /// How fast pulls are, in percent.
    pub(crate) speed: u64,
    images: Rc<Vec<Image>>,
    pushed: u64,
    /// Of each image by digest, when and by what its behaviour was changed last.
    changes: Map<String, (Ms, EventId)>,
}

impl Registry {
    pub(crate) fn of(scenario: &Scenario) -> Registry {
        Registry { up: true, speed: 100, images: Rc::new(scenario.images.clone()), pushed: 0, changes: Map::new() }
    }

    /// What its tags name now.
    pub(crate) fn tags(&self) -> impl Iterator<Item = &Image> {
        self.images.iter().filter(|image| !image.untagged)
    }

    /// The image that a reference names: by its digest where it has one. Also one that the registry has lost.
    pub(crate) fn find(&self, reference: &Reference) -> Option<&Image> {
        let tagged = reference.tagged();
        match reference.digest {
            None => self.tags().find(|image| image.name == tagged),
            // Tags do not matter beside a digest; the name does.
            Some(digest) => {
                let repository = repository(&tagged);
                self.images.iter().find(|image| image.digest == digest && repository == self::repository(&image.name))
            }
        }
    }

    /// What changed the behaviour of an image since `since`.
    pub(crate) fn changed(&self, image: &Image, since: Ms) -> Option<EventId> {
        self.changes.get(&image.digest).filter(|(at, _)| *at >= since).map(|(_, event)| *event)
    }

    /// What it answers to somebody who asks for a manifest.
    pub(crate) fn offers(&self, reference: &Reference) -> Option<&Image> {
        self.find(reference).filter(|image| self.up && !image.missing)
    }

    /// How long it takes to fetch an image: (least, most).
    pub(crate) fn pull_ms(&self, image: &Image) -> (Ms, Ms) {
        let (least, most) = image.pull_ms;
        (least * 100 / self.speed, most * 100 / self.speed)
    }

    /// Puts something new under the tag of `name`: the same behaviour, another digest.
    pub(crate) fn push(&mut self, name: &str, built: u64) -> Result<(), String> {
        let mut new = self.tagged(name)?.clone();
        self.pushed += 1;
        new.digest = digest_of(&format!("{name} {}", self.pushed));
        new.built = built;
        new.missing = false;
        self.put(new);
        Ok(())
    }

    /// Lets `tag` name what `name` names.
    pub(crate) fn tag(&mut self, name: &str, tag: &str) -> Result<(), String> {
        let image = Image { name: Reference::parse(tag).tagged(), ..self.tagged(name)?.clone() };
        self.put(image);
        Ok(())
    }

    fn put(&mut self, new: Image) {
        let images = Rc::make_mut(&mut self.images);
        for old in images.iter_mut().filter(|old| old.name == new.name) {
            old.untagged = true;
        }
        images.push(new);
    }

    fn tagged(&self, name: &str) -> Result<&Image, String> {
        self.find(&Reference::parse(name)).ok_or_else(|| {
            let names: Vec<&str> = self.tags().map(|image| image.name.as_str()).collect();
            format!("the registry has no image '{name}'; write one of: {}", names.join(", "))
        })
    }

    /// Changes how the image behaves that `name` names.
    pub(crate) fn change(
        &mut self,
        name: &str,
        settings: impl Iterator<Item = Setting>,
        cause: (Ms, EventId),
    ) -> Result<(), String> {
        let found = self.tagged(name)?;
        let (name, digest) = (found.name.clone(), found.digest.clone());
        let images = Rc::make_mut(&mut self.images).iter_mut();
        if let Some(image) = images.into_iter().find(|image| image.digest == digest && image.name == name) {
            settings.for_each(|setting| set(image, setting));
            self.changes.insert(digest, cause);
        }
        Ok(())
    }
}

fn set(image: &mut Image, Setting { key, value }: Setting) {
    let behaviour = &mut image.behaviour;
    let (number, word) = match value {
        Value::Number(number) => (Some(number), ""),
        Value::Word(word) => (None, word),
    };
    let (after, code) = behaviour.exits.unwrap_or((0, 0));
    match key {
        Key::Start => behaviour.start_ms = number,
        Key::ExitAfter => behaviour.exits = number.map(|after| (after, code)),
        Key::ExitCode => behaviour.exits = number.map(|code| (after, code as i32)),
        Key::Health => behaviour.health = health(behaviour.health.take(), number, word),
        Key::Answer => behaviour.answer_ms = number.unwrap_or(0),
        Key::Sigterm => behaviour.heeds_sigterm = word == "heeded",
        Key::Size => image.size_bytes = number.unwrap_or(0),
        Key::Pull => image.pull_ms = number.map_or(image.pull_ms, |ms| (ms, ms)),
        Key::Missing => image.missing = word == "yes",
    }
}

/// A check that passes from `from_ms` on, or as `word` says. Rhythm and patience stay what they were.
fn health(old: Option<HealthBehaviour>, from_ms: Option<Ms>, word: &str) -> Option<HealthBehaviour> {
    if word == "none" {
        return None;
    }
    let passes_from_ms = if word == "ok" { Some(0) } else { from_ms };
    let (interval_ms, retries) = old.map_or((SECOND, 3), |old| (old.interval_ms, old.retries));
    Some(HealthBehaviour { interval_ms, retries, passes_from_ms })
}

/// A name without its tag.
fn repository(name: &str) -> &str {
    Reference::parse(name).name
}
