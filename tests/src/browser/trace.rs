//! What a trace of Chromium says of frames: how long the page's own code kept the processor in each of them, and how
//! long laying out and painting did. What other programs took in between is not counted, where the trace tells.

use std::collections::BTreeMap;

use serde_json::Value;

/// The page's own code: what it was called for, and what it runs.
const SCRIPT: &[&str] = &[
    "FireAnimationFrame",
    "FunctionCall",
    "EvaluateScript",
    "RunMicrotasks",
    "TimerFire",
    "EventDispatch",
    "v8.callFunction",
    "MajorGC",
    "MinorGC",
];

/// What the browser does on the page's thread to show what has changed.
const DRAWING: &[&str] =
    &["UpdateLayoutTree", "ParseHTML", "Layout", "PrePaint", "Paint", "Layerize", "Commit", "HitTest", "UpdateLayer"];

/// Milliseconds of each frame, in order of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frames {
    pub script: Vec<f64>,
    pub drawing: Vec<f64>,
}

/// The frames of the last `ms` milliseconds on the thread that has most of them. Each begins with the first animation callback after something was
/// drawn, and lasts until the next.
pub fn frames(events: &[Value], ms: u64) -> Frames {
    let from = events.iter().map(start).max().unwrap_or_default().saturating_sub(ms * 1_000);
    let mut threads: BTreeMap<(u64, u64), Vec<&Value>> = BTreeMap::new();
    for event in events.iter().filter(|event| event["ph"] == "X" && start(event) >= from) {
        threads.entry((number(event, "pid"), number(event, "tid"))).or_default().push(event);
    }
    let fired = |events: &[&Value]| events.iter().filter(|event| event["name"] == "FireAnimationFrame").count();
    let Some(mut events) = threads.into_values().max_by_key(|events| fired(events)) else { return Frames::default() };
    events.sort_by_key(|event| start(event));
    let mut frames = Frames::default();
    let (mut script_until, mut drawing_until, mut drawn) = (0, 0, true);
    for event in events {
        let name = event["name"].as_str().unwrap_or_default();
        let (from, until) = (start(event), start(event) + number(event, "dur"));
        if name == "FireAnimationFrame" && drawn {
            frames.script.push(0.0);
            frames.drawing.push(0.0);
            drawn = false;
        }
        // What comes from within something else is part of it already.
        let (spent, end) = if SCRIPT.contains(&name) {
            (frames.script.last_mut(), &mut script_until)
        } else if DRAWING.contains(&name) {
            drawn |= name == "Paint" || name == "Commit" || name == "PrePaint";
            (frames.drawing.last_mut(), &mut drawing_until)
        } else {
            continue;
        };
        if let Some(spent) = spent {
            // Of that time the thread may have had the processor for a part only.
            let share = event["tdur"].as_f64().map_or(1.0, |own| own / (until - from).max(1) as f64);
            *spent += until.saturating_sub(from.max(*end)) as f64 / 1e3 * share.min(1.0);
        }
        *end = until.max(*end);
    }
    frames
}

/// Microseconds. Chromedriver writes what exceeds 31 bits with a fraction, which is half an hour after the machine began.
fn number(event: &Value, name: &str) -> u64 {
    event[name].as_f64().unwrap_or_default() as u64
}

fn start(event: &Value) -> u64 {
    number(event, "ts")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_lies_within_something_else_is_counted_once_and_other_threads_are_not() {
        let event = |tid: u64, name: &str, ts: u64, dur: u64| {
            let ts = (3_000_000_000 + ts) as f64;
            json!({"ph": "X", "pid": 1, "tid": tid, "name": name, "ts": ts, "dur": dur})
        };
        let events = [
            event(1, "FireAnimationFrame", 0, 3_000),
            event(1, "FunctionCall", 100, 2_000),
            event(1, "RunMicrotasks", 3_000, 1_000),
            event(1, "FireAnimationFrame", 4_000, 10),
            event(1, "Layout", 4_500, 500),
            event(1, "Paint", 5_000, 250),
            event(2, "FunctionCall", 5_000, 9_000),
            event(2, "FireAnimationFrame", 5_000, 9_000),
            event(1, "FireAnimationFrame", 16_000, 20),
            event(1, "PrePaint", 16_500, 30),
        ];
        let expected = Frames { script: vec![4.01, 0.02], drawing: vec![0.75, 0.03] };
        assert_eq!(frames(&events, 1_000), expected);
        assert_eq!(frames(&events[5..], 1).script.len(), 1, "only the last moment");
    }
}
