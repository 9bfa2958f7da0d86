//! The history in a timeline: how the tasks of each slot ended, and the sequence of each service's UpdateStatus.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::links::{Chain, Link, chain};
use super::mask::mask;
use super::{Shape, text, truthy};

pub(super) struct History {
    /// One for each slot (or node, of global services) that ever had a task.
    pub(super) chains: Vec<Chain<Ended>>,
    /// By service name.
    pub(super) status: BTreeMap<String, Vec<Status>>,
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ended {
    pub(super) service: String,
    /// Without its digest.
    pub(super) image: String,
    /// `running`, `underway`, `removed`, or the final state.
    pub(super) state: String,
    pub(super) error: String,
    /// Of those that ended by themselves.
    pub(super) exit: Option<i64>,
}

impl Link for Ended {
    fn same(&self, other: &Ended) -> bool {
        (&self.service, &self.image) == (&other.service, &other.image)
    }

    fn ended(&self) -> bool {
        matches!(self.state.as_str(), "failed" | "rejected" | "complete")
    }
}

/// An UpdateStatus, and since when, in seconds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Status {
    pub(super) at: f64,
    pub(super) state: String,
    pub(super) message: String,
}

impl Status {
    fn same(&self, other: &Status) -> bool {
        (&self.state, &self.message) == (&other.state, &other.message)
    }
}

impl History {
    /// Reads the `changes` of a recording's timeline or of a simulated run.
    pub(super) fn read(run: &Value) -> Result<History, Shape> {
        let mut tasks = Tasks::default();
        let mut status: BTreeMap<String, Vec<Status>> = BTreeMap::new();
        for change in items(run, "changes") {
            for service in items(change, "services") {
                let line = status.entry(field(service, "name")?.to_owned()).or_default();
                let update = &service["update"];
                if truthy(update) {
                    let message = update.get("Message").unwrap_or(&Value::String(String::new())).clone();
                    let message = message.as_str().ok_or_else(|| Shape(format!("`Message` is no text: {update}")))?;
                    let (at, state) = (time(change)?, field(update, "State")?.to_owned());
                    let entry = Status { at, state, message: mask(message) };
                    if !line.last().is_some_and(|last| last.same(&entry)) {
                        line.push(entry);
                    }
                }
            }
            for task in items(change, "tasks") {
                tasks.see(task, time(change)?)?;
            }
        }
        Ok(History { chains: tasks.chains()?, status })
    }

    /// Whether some slot failed the same way several times in a row.
    pub(super) fn has_crash_loop(&self) -> bool {
        self.chains.iter().any(|chain| chain.lengths.iter().any(|length| *length > 1))
    }
}

/// Whether the same services went through the same states and messages in the same order. The recorder looked every
/// 0.2 s, so what lasted less than 0.5 s of ours may be missing in what it saw.
pub(super) fn same_status(real: &History, ours: &History) -> bool {
    real.status.keys().eq(ours.status.keys())
        && real.status.iter().all(|(name, line)| same_line(line, &ours.status[name]))
}

fn same_line(real: &[Status], ours: &[Status]) -> bool {
    let brief = |place: usize| ours.get(place + 1).is_some_and(|next| next.at - ours[place].at < 0.5);
    let mut met = 0;
    for (place, entry) in ours.iter().enumerate() {
        if real.get(met).is_some_and(|expected| expected.same(entry)) {
            met += 1;
        } else if !brief(place) {
            return false;
        }
    }
    met == real.len()
}

/// The tasks of a run as they were last seen, in the order of their first coming.
#[derive(Default)]
struct Tasks {
    order: Vec<String>,
    seen: BTreeMap<String, Seen>,
}

struct Seen {
    /// Seconds of Unix time where the task says when it was created; before that, of the run.
    born: f64,
    fields: Map<String, Value>,
}

impl Tasks {
    fn see(&mut self, task: &Value, at: f64) -> Result<(), Shape> {
        let id = field(task, "id")?;
        if !self.seen.contains_key(id) {
            self.order.push(id.to_owned());
        }
        let seen = self.seen.entry(id.to_owned()).or_insert_with(|| Seen { born: at, fields: Map::new() });
        let fields = task.as_object().expect("what has an `id` is an object");
        seen.fields.extend(fields.clone());
        if truthy(&task["created"]) {
            seen.born = seconds(field(task, "created")?)?;
        }
        Ok(())
    }

    fn chains(self) -> Result<Vec<Chain<Ended>>, Shape> {
        let mut tasks: Vec<&Seen> = self.order.iter().map(|id| &self.seen[id]).collect();
        tasks.sort_by(|a, b| a.born.total_cmp(&b.born));
        let mut slots: BTreeMap<(String, String), Vec<Ended>> = BTreeMap::new();
        for Seen { fields, .. } in tasks {
            let value = |key: &str| fields.get(key).unwrap_or(&Value::Null);
            let place = if truthy(value("slot")) { value("slot") } else { value("node") };
            let ended = ended(fields)?;
            slots.entry((ended.service.clone(), place.to_string())).or_default().push(ended);
        }
        Ok(slots.values().map(|slot| chain(slot)).collect())
    }
}

fn ended(fields: &Map<String, Value>) -> Result<Ended, Shape> {
    let task = Value::Object(fields.clone());
    let state = match field(&task, "state")? {
        // Gone from the store soon after: which state the recorder saw last is a matter of luck.
        _ if field(&task, "desired")? == "remove" => "removed",
        state @ ("complete" | "shutdown" | "failed" | "rejected" | "remove" | "orphaned" | "running") => state,
        _ => "underway",
    };
    let exit = matches!(state, "failed" | "complete").then(|| task["exit"].as_i64().unwrap_or(0));
    let image = text(&task, "image")?;
    Ok(Ended {
        service: field(&task, "svc")?.to_owned(),
        image: image.split_once("@sha256:").map_or(image, |(name, _)| name).to_owned(),
        state: state.to_owned(),
        error: mask(text(&task, "err")?),
        exit,
    })
}

/// The items of a list that may be absent or null.
fn items<'a>(object: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    object[key].as_array().into_iter().flatten()
}

/// A text that must be there.
fn field<'a>(object: &'a Value, key: &str) -> Result<&'a str, Shape> {
    object[key].as_str().ok_or_else(|| Shape(format!("no text `{key}` in {object}")))
}

fn time(change: &Value) -> Result<f64, Shape> {
    change["t"].as_f64().ok_or_else(|| Shape("a change without `t`".to_owned()))
}

/// Seconds of Unix time of `2026-11-22T21:36:01.132002089Z`, to the microsecond.
fn seconds(stamp: &str) -> Result<f64, Shape> {
    let wrong = || Shape(format!("`{stamp}` is not of the form 2026-11-22T21:36:01.132002089Z"));
    let (day, clock) = stamp.split_once('T').ok_or_else(wrong)?;
    let (clock, fraction) = clock.split_once('.').ok_or_else(wrong)?;
    let numbers = |text: &str, between: char| -> Option<[u64; 3]> {
        let numbers: Vec<u64> = text.split(between).map(|number| number.parse().ok()).collect::<Option<_>>()?;
        numbers.try_into().ok()
    };
    let [year, month, day] = numbers(day, '-').ok_or_else(wrong)?;
    let [hour, minute, second] = numbers(clock, ':').ok_or_else(wrong)?;
    let digits = fraction.trim_end_matches('Z');
    let micros: u64 = format!("{:0<6.6}", digits).parse().map_err(|_| wrong())?;
    // Days of the civil calendar, with years that begin in March so that the leap day is the last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day;
    let whole = ((days * 24 + hour) * 60 + minute) * 60 + second;
    const EPOCH: u64 = 719_469 * 86_400;
    Ok((whole - EPOCH) as f64 + micros as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(entries: &[(f64, &str)]) -> Vec<Status> {
        let status = |(at, state): &(f64, &str)| Status { at: *at, state: (*state).to_owned(), message: String::new() };
        entries.iter().map(status).collect()
    }

    #[test]
    fn the_recorder_may_have_missed_only_what_was_brief() {
        let real = line(&[(1.0, "updating"), (6.0, "paused")]);
        assert!(same_line(&real, &line(&[(2.0, "updating"), (9.0, "paused")])));
        assert!(same_line(&real, &line(&[(2.0, "updating"), (8.8, "brief"), (9.0, "paused")])));
        assert!(!same_line(&real, &line(&[(2.0, "updating"), (8.0, "long"), (9.0, "paused")])));
        assert!(!same_line(&real, &line(&[(2.0, "updating")])));
        assert!(!same_line(&real, &line(&[(2.0, "paused"), (3.0, "updating")])));
        assert!(!same_line(&line(&[(1.0, "brief"), (1.3, "done")]), &line(&[(1.0, "done")])));
    }

    #[test]
    fn stamps_are_unix_seconds() {
        assert_eq!(seconds("1970-01-01T00:00:00.0Z"), Ok(0.0));
        assert_eq!(seconds("2026-11-22T21:36:01.132002089Z"), Ok(1_795_383_361.132_002));
        assert_eq!(seconds("2024-02-29T12:00:00.5Z"), Ok(1_709_208_000.5));
        assert!(seconds("2026-11-22").is_err());
    }

    #[test]
    fn a_task_counts_as_it_was_seen_last_in_the_slot_it_had() {
        let task = |id: &str, state: &str, created: &str| {
            json!({"id": id, "svc": "web", "slot": 1, "node": "n", "image": "app:v1@sha256:00", "state": state,
                   "desired": "running", "err": null, "exit": 1, "created": created})
        };
        let run = json!({"changes": [
            {"t": 1.0, "tasks": [task("b", "new", "2026-11-22T21:36:05.0Z"), task("a", "running", "2026-11-22T21:36:01.0Z")]},
            {"t": 2.0, "services": [{"name": "web", "update": null}], "tasks": [task("a", "failed", "2026-11-22T21:36:01.0Z")]},
        ]});
        let history = History::read(&run).expect("the run has the shape");
        assert_eq!(history.status["web"], []);
        let [chain] = history.chains.as_slice() else { panic!("one slot: {:?}", history.chains) };
        let ends: Vec<_> =
            chain.tasks.iter().map(|task| (task.state.as_str(), task.image.as_str(), task.exit)).collect();
        // The second attempt was under way when the recording stopped.
        assert_eq!(ends, [("failed", "app:v1", Some(1))]);
        assert!(History::read(&json!({"changes": [{"t": 1.0, "tasks": [{"id": "a"}]}]})).is_err());
    }
}
