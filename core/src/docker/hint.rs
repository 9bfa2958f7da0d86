//! What the flag at the cursor does, what it is where it is not given, and what it would change now. The last is seen and
//! not known: the command runs in a copy of the world, with the flag and without.

use std::rc::Rc;

use super::command::{Command, Kept, Machine};
use super::complete::{flag_of, skip_global, wants_value};
use super::flags::Flag;
use super::objects::{self, Defaults};
use super::template::printed;
use super::{Flow, Found, find, help, korean, run};
use crate::engine::image::without_digest;
use crate::engine::tasks::is_dirty;
use crate::id::NodeId;
use crate::json::{Shown, Value};
use crate::model::{Service, Task, TaskState};
use crate::output::Output;
use crate::why::Lang;
use crate::world::World;

#[derive(Clone, Debug, PartialEq)]
pub struct Hint {
    /// As help has it: `--update-delay duration`.
    pub flag: String,
    pub about: String,
    /// Empty where there is none.
    pub default: String,
    pub effect: Option<Effect>,
}

/// What a flag changes, as far as the command can be run as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Fields of the service's spec, with their values without the flag and with it.
    pub fields: Vec<(String, String, String)>,
    /// How many running tasks are replaced for it; `None`: there are none yet.
    pub replaced: Option<usize>,
}

/// The hint for the word `at` of a command's words; `words` does not hold `docker` itself.
pub fn hint(world: &World, node: NodeId, words: &[String], at: usize, lang: Lang) -> Option<Hint> {
    let before = skip_global(words.get(..at)?)?;
    let Ok(Found::Command(command, _, rest)) = find(before) else { return None };
    let from = at - rest.len();
    let (flag, place) = flag_at(command, &words[from..], rest.len())?;
    let about = match lang {
        Lang::En => flag.about,
        Lang::Ko => korean::flag(command.path, flag.name).unwrap_or(flag.about),
    };
    let alone = flag.kind.takes_value() && !words[from + place].contains('=');
    let mut without = words.to_vec();
    without.drain(from + place..(from + place + 1 + usize::from(alone)).min(words.len()));
    let changes_specs = matches!(command.path, "service create" | "service update");
    Some(Hint {
        flag: help::head(flag).trim().to_owned(),
        about: about.replace('\n', " "),
        default: flag.default.to_owned(),
        effect: if changes_specs { effect(world, node, words, &without) } else { None },
    })
}

/// The flag that the word `at` is, or is the value of, and where its name stands.
fn flag_at(command: &Command, words: &[String], at: usize) -> Option<(&'static Flag, usize)> {
    let mut wanting: Option<usize> = None;
    for (place, word) in words.iter().enumerate().take(at + 1) {
        match wanting.take() {
            Some(named) if place == at => return Some((flag_of(command.flags(), &words[named])?, named)),
            Some(_) => {}
            None if word == "--" => return None,
            None if word.starts_with('-') && word.len() > 1 => {
                let name = word.split('=').next().unwrap_or(word);
                if place == at {
                    return Some((flag_of(command.flags(), name)?, place));
                }
                wanting = wants_value(command.flags(), word).then_some(place);
            }
            None if command.stop_at_argument => return None,
            None => {}
        }
    }
    None
}

/// `None` where the command cannot be run yet.
fn effect(world: &World, node: NodeId, words: &[String], without: &[String]) -> Option<Effect> {
    let with = made(world, node, words)?;
    let without = made(world, node, without);
    let spec = |service: &Rc<Service>| match objects::service(world, service, Defaults::Inserted) {
        Value::Struct(object) => object.get("Spec").cloned(),
        _ => None,
    };
    let mut fields = Vec::new();
    compare("", without.as_ref().and_then(spec).as_ref(), spec(&with).as_ref(), &mut fields);
    let store = world.store();
    let known = store.service(with.id).is_some();
    let dirty = |service: &Rc<Service>| {
        let node = |task: &Task| task.node.and_then(|node| store.node(node)).map(|node| &**node);
        let tasks = store.tasks_of_service(service.id).filter(|task| task.desired <= TaskState::Running);
        tasks.filter(|task| is_dirty(service, task, node(task))).count()
    };
    let others = without.as_ref().map_or(0, dirty);
    let replaced = known.then(|| dirty(&with).saturating_sub(others));
    Some(Effect { fields, replaced })
}

/// The service as a command would make it.
fn made(world: &World, node: NodeId, words: &[String]) -> Option<Rc<Service>> {
    let mut copy = world.clone();
    let machine = Machine {
        file: &|_| Err("No such file or directory"),
        path: &str::to_owned,
        variable: &|_| None,
        input: Some(""),
        keep: &Kept::nothing,
    };
    match run(&mut copy, node, words, &machine, &mut Output::new(None)) {
        Flow::Exit(0) | Flow::Hold(_) => {}
        _ => return None,
    }
    let version = |service: &Rc<Service>| world.store().service(service.id).map(|had| had.meta.version);
    copy.store().services().find(|service| version(service) != Some(service.meta.version)).cloned()
}

/// What stands for a value that is not there.
const NOTHING: &str = "–";

/// Adds the fields in which two values differ.
fn compare(path: &str, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<(String, String, String)>) {
    let within = |name: &str| if path.is_empty() { name.to_owned() } else { [path, ".", name].concat() };
    let old = old.filter(|value| !matches!(value, Value::Nil(_)));
    let new = new.filter(|value| !matches!(value, Value::Nil(_)));
    match (old, new) {
        (Some(Value::Struct(one)), _) | (_, Some(Value::Struct(one))) => {
            for field in &one.fields {
                let part = |value: Option<&Value>| match value {
                    Some(Value::Struct(of)) => {
                        of.fields.iter().find(|other| other.name == field.name).map(|found| found.value.clone())
                    }
                    _ => None,
                };
                let path = if field.shown == Shown::Embedded { path.to_owned() } else { within(field.name) };
                compare(&path, part(old).as_ref(), part(new).as_ref(), found);
            }
        }
        (Some(Value::Map(one)), _) | (_, Some(Value::Map(one))) => {
            let part = |value: Option<&Value>, key: &String| match value {
                Some(Value::Map(of)) => of.get(key).cloned(),
                _ => None,
            };
            let mut keys: Vec<&String> = one.keys().collect();
            if let Some(Value::Map(other)) = new {
                keys.extend(other.keys().filter(|key| !one.contains_key(*key)));
            }
            for key in keys {
                compare(&within(key), part(old, key).as_ref(), part(new, key).as_ref(), found);
            }
        }
        // What is left out is zero.
        (None, other) | (other, None) if other.is_none_or(Value::is_zero) => {}
        _ => {
            let empty = |value: &&Value| !value.is_zero() || !matches!(value, Value::Text(_) | Value::List(_));
            let text = |value: Option<&Value>| value.filter(empty).map_or_else(|| NOTHING.to_owned(), printed);
            let (old, new) = (text(old), text(new));
            if old != new {
                // A digest tells people nothing where the tag is another too.
                let (a, b) = (without_digest(&old).to_owned(), without_digest(&new).to_owned());
                let shown = if a == b { (old, new) } else { (a, b) };
                found.push((path.to_owned(), shown.0, shown.1));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::time::SECOND;

    /// A hint for the word with the bar, as one line; three tasks of `app` run.
    #[track_caller]
    fn check(line: &str, expected: &str) {
        let mut world = World::new(&Scenario::lab(), 1);
        let node = world.machines()[0].node;
        let (mut words, mut at) = (Vec::new(), 0);
        for (place, word) in "service create -d --name app --replicas 3 demo/healthy".split(' ').enumerate() {
            words.push(word.to_owned());
            at = place;
        }
        assert!(made(&world, node, &words).is_some() && at > 0);
        let machine = Machine {
            file: &|_| Err("No such file or directory"),
            path: &str::to_owned,
            variable: &|_| None,
            input: None,
            keep: &Kept::nothing,
        };
        assert!(matches!(run(&mut world, node, &words, &machine, &mut Output::new(None)), Flow::Exit(0)));
        world.advance(20 * SECOND);
        words.clear();
        for (place, word) in line.split(' ').enumerate() {
            at = if word.contains('|') { place } else { at };
            words.push(word.replace('|', ""));
        }
        let told = hint(&world, node, &words, at, Lang::En).map(|hint| {
            let effect = hint.effect.map_or(String::new(), |effect| {
                let fields = effect.fields.iter().map(|(name, old, new)| format!("{name}: {old} > {new}; "));
                format!(" [{}{:?}]", fields.collect::<String>(), effect.replaced)
            });
            format!("{} ({}){effect}", hint.flag, hint.default)
        });
        assert_eq!(told.as_deref().unwrap_or("nothing"), expected, "of {line}");
    }

    #[test]
    fn a_flag_tells_what_it_changes_now() {
        check(
            "service update --update-delay| 10s app",
            "--update-delay duration () [UpdateConfig.Delay: 0s > 10s; Some(0)]",
        );
        check(
            "service update --update-delay 10s| app",
            "--update-delay duration () [UpdateConfig.Delay: 0s > 10s; Some(0)]",
        );
        check(
            "service update --update-parallelism=|2 app",
            "--update-parallelism uint () [UpdateConfig.Parallelism: 1 > 2; Some(0)]",
        );
        check(
            "service update -d --env-add| A=1 --update-delay 1s app",
            "--env-add list () [TaskTemplate.ContainerSpec.Env: – > [A=1]; Some(3)]",
        );
        check("service update --replicas| 5 app", "--replicas uint () [Mode.Replicated.Replicas: 3 > 5; Some(0)]");
        check(
            "service update --image demo/slowstop:latest| app",
            "--image string () [TaskTemplate.ContainerSpec.Image: demo/healthy:latest > demo/slowstop:latest; Some(3)]",
        );
        check("service update --force| app", "--force () [TaskTemplate.ForceUpdate: 0 > 1; Some(3)]");
        check(
            "service create --name b --limit-memory| 64M demo/healthy",
            "--limit-memory bytes () [TaskTemplate.Resources.Limits.MemoryBytes: 0 > 67108864; None]",
        );
    }

    #[test]
    fn what_cannot_be_run_yet_tells_only_what_it_is() {
        check("service update --update-delay|", "--update-delay duration ()");
        check("service update --update-delay x| app", "--update-delay duration ()");
        check("node ls -q|", "-q, --quiet ()");
        check("service ps app|", "nothing");
        check("service update --nope| app", "nothing");
        check("service create demo/healthy --name|", "nothing");
    }
}
