//! Holds what the simulator answers against what a real swarm answered.
//!
//! What counts, and what is forgiven:
//! - **text**: exit code, standard output and standard error of every step, without ids, digests, times, ages and
//!   addresses ([`mask`]). Steps marked `polled` are one of many looks at a moving target and do not count. Task tables
//!   are compared slot by slot as a bag ([`tables`]), because Docker picks slots and nodes at random; progress output
//!   by what was said, not how often ([`progress`]); a terminal by its final picture ([`screen`]). While tasks crash in
//!   a loop, the running number of `service ls` is left out.
//! - **chains**: for every slot the tasks it ever had and how each ended ([`history`]), as a bag of slots.
//! - **status**: the sequence of UpdateStatus of every service ([`history`]).
//! - **time**: how long commands held the prompt, within 1.5 s + 15 %. Counted, never failing: a recording carries the
//!   noise of the machine that it was made on.

mod history;
mod links;
mod mask;
mod progress;
mod report;
mod screen;
mod step;
mod tables;

use std::fmt;

use serde_json::Value;

pub use report::Difference;

use history::{History, same_status};
use links::alike;
use step::{same_screen, same_step};

/// What the comparison found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Steps that answered the same, of those that count.
    pub text: usize,
    pub texts: usize,
    /// Steps that held the prompt for another time, of those that were timed.
    pub late: usize,
    pub timed: usize,
    /// `None` without a timeline.
    pub chains: Option<bool>,
    pub status: Option<bool>,
    pub differences: Vec<Difference>,
}

impl Verdict {
    /// Whether everything that counts is the same.
    pub fn equal(&self) -> bool {
        self.text == self.texts && self.chains != Some(false) && self.status != Some(false)
    }
}

/// The JSON has not the shape that `tests/recordings/README.md` describes: what is missing or of another kind, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape(pub String);

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not the shape of a recording: {}", self.0)
    }
}

/// Compares `simulated` with `recording`, and where there is one, with the recording's `timeline`.
///
/// # Errors
/// One of them lacks a field that the comparison needs.
pub fn compare(recording: &Value, simulated: &Value, timeline: Option<&Value>) -> Result<Verdict, Shape> {
    let steps = commands(recording.get("steps").ok_or_else(|| Shape("no `steps`".to_owned()))?);
    let answers = simulated.get("steps").map(commands).unwrap_or_default();
    let name = recording["name"].as_str().ok_or_else(|| Shape("no `name`".to_owned()))?;
    let real = History::read(timeline.unwrap_or(&Value::Null))?;
    // In group D nodes are what it is about; elsewhere Docker picks them at random.
    let conditions = step::Conditions { placed: name.starts_with("D0"), looping: real.has_crash_loop() };

    let mut verdict = Verdict::default();
    for (number, recorded) in steps.iter().enumerate() {
        let answer = answers.get(number).copied().unwrap_or(&Value::Null);
        if !recorded["t_end"].is_null() && !answer["t_end"].is_null() {
            let (real, ours) = (duration(recorded)?, duration(answer)?);
            verdict.timed += 1;
            verdict.late += usize::from((real - ours).abs() > 1.5 + 0.15 * real);
        }
        if truthy(&recorded["polled"]) || truthy(&recorded["host_action"]) {
            continue;
        }
        verdict.texts += 1;
        let texts = if truthy(&recorded["pty"]) {
            same_screen(recorded, answer)?
        } else {
            same_step(recorded, answer, conditions)?
        };
        if texts.is_empty() {
            verdict.text += 1;
        } else {
            verdict.differences.push(Difference::of_step(number + 1, steps.len(), recorded, texts));
        }
    }
    if timeline.is_some_and(|timeline| truthy(&timeline["changes"])) {
        let ours = History::read(simulated)?;
        let chains = alike(&real.chains, &ours.chains);
        verdict.chains = Some(chains);
        if !chains {
            verdict.differences.push(Difference::of_chains(&real.chains, &ours.chains));
        }
        let status = same_status(&real, &ours);
        verdict.status = Some(status);
        if !status {
            verdict.differences.push(Difference::of_status(&real, &ours));
        }
    }
    Ok(verdict)
}

/// The steps that are commands; the others are notes.
fn commands(steps: &Value) -> Vec<&Value> {
    steps.as_array().into_iter().flatten().filter(|step| step.get("cmd").is_some()).collect()
}

/// How long a step held the prompt, in seconds.
fn duration(step: &Value) -> Result<f64, Shape> {
    let at = |key: &str| step[key].as_f64().ok_or_else(|| Shape(format!("a step's `{key}` is not a number: {step}")));
    Ok(at("t_end")? - at("t_start")?)
}

/// Whether a mark of a recording is set: absent, null, false, zero and empty are not.
fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(set) => *set,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}

/// A text of a step or a task: absent, null and empty are the same.
fn text<'a>(object: &'a Value, key: &str) -> Result<&'a str, Shape> {
    match &object[key] {
        Value::String(text) => Ok(text),
        value if !truthy(value) => Ok(""),
        other => Err(Shape(format!("`{key}` is not a text: {other}"))),
    }
}
