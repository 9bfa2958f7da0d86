//! `swarmyard replay`: runs the steps of a recording of a real swarm at their recorded times, on the cluster and the
//! images of the recordings, and answers in the recording's own shape, so that the two can be compared.
//!
//! The recorded time rules: a step begins when it began in reality, in another shell if ours is still busy.

mod changes;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use swarmyard_core::output::Stream;
use swarmyard_core::scenario::Scenario;
use swarmyard_core::session::{Action, Input, Session, ShellId};
use swarmyard_core::time::{Ms, SECOND};

use changes::Changes;

/// A recording: see the README beside the recordings.
#[derive(Debug, Deserialize)]
pub struct Recording {
    pub name: String,
    /// Which of the three recorded clusters it ran on: `a`, `b` or `c`.
    pub cluster: Option<String>,
    /// Unix seconds of its beginning.
    pub wall_start: f64,
    pub steps: Vec<Step>,
}

/// One step, without what the real swarm answered. Entries without `cmd` are comments.
#[derive(Debug, Deserialize)]
pub struct Step {
    pub cmd: Option<String>,
    /// Host name of the node whose shell it is.
    pub on: Option<String>,
    /// Seconds since the recording began.
    pub t_start: Option<f64>,
    pub t_end: Option<f64>,
    #[serde(default)]
    pub background: bool,
    pub sigint_at: Option<f64>,
    /// Columns and rows of the terminal, if it was one.
    pub pty: Option<(u16, u16)>,
    #[serde(default)]
    pub timeout: bool,
    #[serde(default)]
    pub host_action: bool,
}

/// What a recording does not say itself.
#[derive(Debug, Default)]
pub struct Setting {
    pub seed: u64,
    /// What lies in the home directories: (path, text).
    pub files: Vec<(String, String)>,
    /// Until when the recorder looked for changes, in seconds, if that was longer than its steps took.
    pub watched_until: Option<f64>,
}

/// The seed of replays where none is asked for. Which slot an update takes first is a matter of luck, in Swarm as here,
/// and some recordings show one of several possible courses: with this seed the luck of most of them falls as it did.
pub const SEED: u64 = 36;

/// How long after the recording's end a late command may go on.
const PATIENCE_MS: Ms = 10 * SECOND;

/// Exit code of a command that the recorder gave up and killed.
const KILLED: i32 = -9;

/// Runs a recording and returns `{"name", "steps", "changes"}`.
pub fn replay(recording: &Recording, setting: &Setting) -> Value {
    replay_watched(recording, setting, &mut |_| {})
}

/// As [`replay`]; `watch` is shown the session after everything that happens.
pub fn replay_watched(recording: &Recording, setting: &Setting, watch: &mut dyn FnMut(&Session)) -> Value {
    let mut run = Run::new(recording, setting, watch);
    for (at, event) in schedule(&recording.steps) {
        run.advance(at);
        run.act(event);
    }
    run.advance(run.watched_until);
    while run.underway() && run.session.step(run.watched_until + PATIENCE_MS).is_some() {
        run.look();
    }
    run.finish()
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Interrupt(usize),
    GiveUp(usize),
    Start(usize),
}

/// What happens from outside, in the order of its time.
fn schedule(steps: &[Step]) -> Vec<(Ms, Event)> {
    let mut events = Vec::new();
    for (index, step) in steps.iter().enumerate().filter(|(_, step)| step.cmd.is_some()) {
        events.extend(step.t_start.map(|t| (ms(t), Event::Start(index))));
        events.extend(step.sigint_at.map(|t| (ms(t), Event::Interrupt(index))));
        events.extend(step.t_end.filter(|_| step.timeout).map(|t| (ms(t), Event::GiveUp(index))));
    }
    events.sort();
    events
}

fn ms(seconds: f64) -> Ms {
    (seconds * 1_000.0).round().max(0.0) as Ms
}

fn seconds(ms: Ms) -> f64 {
    ms as f64 / 1_000.0
}

/// What a step has answered so far.
#[derive(Default)]
struct Answer {
    out: String,
    err: String,
    chunks: Vec<Value>,
    ended: Option<(Ms, i32)>,
}

struct Run<'r> {
    steps: &'r [Step],
    name: &'r str,
    session: Session,
    answers: Vec<Answer>,
    /// Which step runs in which shell.
    running: BTreeMap<ShellId, usize>,
    changes: Changes,
    watched_until: Ms,
    watch: &'r mut dyn FnMut(&Session),
}

impl<'r> Run<'r> {
    fn new(recording: &'r Recording, setting: &Setting, watch: &'r mut dyn FnMut(&Session)) -> Run<'r> {
        let cluster = match recording.cluster.as_deref() {
            Some("c") => Scenario::lab_by_digest(),
            _ => Scenario::lab(),
        };
        let scenario = Scenario { epoch_ms: ms(recording.wall_start), ..cluster };
        // What Swarm leaves to chance fell differently in every recording: each has a seed of its own.
        let seed = setting.seed ^ ms(recording.wall_start);
        let mut session = Session::new(&scenario, seed);
        for node in &scenario.nodes {
            for (path, text) in &setting.files {
                let node = node.hostname.clone();
                session.input(Input::File { node, path: path.clone(), text: text.clone() });
            }
        }
        let ends = recording.steps.iter().filter_map(|step| step.t_end).chain(setting.watched_until);
        let mut run = Run {
            steps: &recording.steps,
            name: &recording.name,
            session,
            answers: recording.steps.iter().map(|_| Answer::default()).collect(),
            running: BTreeMap::new(),
            changes: Changes::default(),
            watched_until: ends.map(ms).max().unwrap_or_default(),
            watch,
        };
        run.look();
        run
    }

    fn advance(&mut self, to: Ms) {
        while self.session.step(to).is_some() {
            self.look();
        }
        self.session.advance(to);
    }

    fn act(&mut self, event: Event) {
        match event {
            Event::Start(index) => self.start(index),
            Event::Interrupt(index) => {
                if let Some(shell) = self.shell_of(index) {
                    self.session.input(Input::Interrupt { shell });
                }
            }
            Event::GiveUp(index) => {
                if let Some(shell) = self.shell_of(index) {
                    self.running.remove(&shell);
                    self.answers[index].ended = Some((self.session.now(), KILLED));
                }
            }
        }
        self.look();
    }

    fn start(&mut self, index: usize) {
        let step = &self.steps[index];
        let text = step.cmd.clone().expect("only steps with a command are started");
        if step.host_action {
            let words: Vec<&str> = text.trim_start_matches('@').split_whitespace().collect();
            let code = match Action::parse(&words) {
                Ok(action) => {
                    self.session.input(Input::World(action));
                    0
                }
                Err(why) => {
                    self.answers[index].err = why + "\n";
                    1
                }
            };
            self.answers[index].ended = Some((self.session.now(), code));
            return;
        }
        let shell = self.free_shell(step);
        self.running.insert(shell, index);
        self.session.input(Input::Line { shell, text });
        if self.session.terminal(shell).continued {
            self.look();
            self.session.input(Input::End { shell });
        }
    }

    /// A shell of the step's node and terminal that nothing runs in; steps in the background leave theirs to nobody.
    fn free_shell(&mut self, step: &Step) -> ShellId {
        let node = step.on.clone().unwrap_or_else(|| "manager".to_owned());
        let columns = step.pty.map(|(columns, _)| columns);
        let free = (0..self.session.terminals()).find(|shell| {
            let terminal = self.session.terminal(*shell);
            terminal.node == node
                && terminal.columns == columns
                && !terminal.busy()
                && !self.running.contains_key(shell)
        });
        free.unwrap_or_else(|| {
            self.session.input(Input::Open { node, columns });
            self.session.terminals() - 1
        })
    }

    fn shell_of(&self, index: usize) -> Option<ShellId> {
        self.running.iter().find(|(_, step)| **step == index).map(|(shell, _)| *shell)
    }

    fn underway(&self) -> bool {
        !self.running.is_empty()
    }

    /// Takes in what the last step or input of the session did.
    fn look(&mut self) {
        (self.watch)(&self.session);
        let now = self.session.now();
        for (shell, said) in self.session.said() {
            let Some(index) = self.running.get(shell) else { continue };
            let answer = &mut self.answers[*index];
            let (letter, text) = match (self.session.terminal(*shell).columns, said.stream) {
                // A terminal has one stream, and begins each line at its left edge.
                (Some(_), _) => ("p", said.text.replace('\n', "\r\n")),
                (None, Stream::Out) => ("o", said.text.clone()),
                (None, Stream::Err) => ("e", said.text.clone()),
            };
            *if letter == "e" { &mut answer.err } else { &mut answer.out } += &text;
            answer.chunks.push(json!([seconds(now), letter, text]));
        }
        let session = &self.session;
        let answers = &mut self.answers;
        self.running.retain(|shell, index| {
            let terminal = session.terminal(*shell);
            let ended = terminal.blocks.last().and_then(|block| block.exit).filter(|_| !terminal.continued);
            answers[*index].ended = ended.map(|code| (now, code));
            ended.is_none()
        });
        if now <= self.watched_until {
            self.changes.look(session);
        }
    }

    fn finish(self) -> Value {
        let steps = self.steps.iter().zip(self.answers).filter(|(step, _)| step.cmd.is_some());
        let steps: Vec<Value> = steps.map(|(step, answer)| answer.finish(step)).collect();
        json!({ "name": self.name, "steps": steps, "changes": self.changes.finish() })
    }
}

impl Answer {
    fn finish(self, step: &Step) -> Value {
        json!({
            "cmd": step.cmd,
            "on": step.on,
            "t_start": step.t_start,
            "t_end": self.ended.map(|(at, _)| seconds(at)),
            "exit": self.ended.map(|(_, code)| code),
            "stdout": self.out,
            "stderr": self.err,
            "chunks": self.chunks,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(steps: Value) -> Vec<Value> {
        let recording = json!({ "name": "test", "wall_start": 1_795_383_360.77, "steps": steps });
        let recording: Recording = serde_json::from_value(recording).expect("the test's recording has the shape");
        let setting = Setting { files: vec![("a.yml".to_owned(), "text\n".to_owned())], ..Setting::default() };
        let Value::Array(steps) = replay(&recording, &setting)["steps"].take() else { panic!("steps are a list") };
        steps
    }

    /// When a step ended, with what, and what it said.
    fn brief(answer: &Value) -> String {
        let text = |name: &str| answer[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} {:?} {:?}", answer["t_end"], answer["exit"], text("stdout"), text("stderr"))
    }

    fn step(cmd: &str, start: f64, more: Value) -> Value {
        let mut step = json!({ "cmd": cmd, "on": "manager", "t_start": start, "t_end": start + 0.1 });
        step.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        step
    }

    #[test]
    fn steps_begin_at_their_time_whatever_still_runs() {
        let steps = json!([
            { "note": "a comment", "t": 0.1 },
            step("sleep 2; echo late", 0.5, json!({ "background": true })),
            step("cat a.yml; nope", 1.0, json!({})),
            step("sleep 0.5", 1.5, json!({})),
            step("echo in another shell", 1.6, json!({})),
        ]);
        let answers: Vec<String> = answers(steps).iter().map(brief).collect();
        let expected = [
            "2.5 0 \"late\\n\" \"\"",
            "1.0 127 \"text\\n\" \"bash: nope: command not found\\n\"",
            "2.0 0 \"\" \"\"",
            "1.6 0 \"in another shell\\n\" \"\"",
        ];
        assert_eq!(answers, expected);
    }

    #[test]
    fn terminals_have_one_stream_and_show_ctrl_c() {
        let pty = json!({ "pty": [120, 40], "sigint_at": 3.0 });
        let steps = json!([
            step("nope; echo a; sleep 9", 2.0, pty.clone()),
            step("sleep 9", 2.5, json!({ "sigint_at": 2.75 })),
            step("cat", 3.5, json!({})),
            step("echo 'open", 4.0, json!({})),
        ]);
        let answers = answers(steps);
        assert_eq!(brief(&answers[0]), "3.0 130 \"bash: nope: command not found\\r\\na\\r\\n^C\\r\\n\" \"\"");
        assert_eq!(answers[0]["chunks"][2], json!([3.0, "p", "^C"]));
        assert_eq!(brief(&answers[1]), "2.75 130 \"\" \"\"");
        assert_eq!(brief(&answers[2]), "3.5 0 \"\" \"\"", "nothing can be read where there is no terminal");
        assert!(brief(&answers[3]).contains("unexpected EOF while looking for matching `''"));
    }

    #[test]
    fn what_hangs_is_given_up_when_the_recorder_did() {
        let steps = json!([
            step("sleep 99", 1.0, json!({ "timeout": true, "t_end": 5.0 })),
            step("@ registry down", 2.0, json!({ "host_action": true })),
            step("@ explode", 3.0, json!({ "host_action": true })),
            step("sleep 30", 4.0, json!({ "t_end": 6.0 })),
        ]);
        let answers = answers(steps);
        assert_eq!(brief(&answers[0]), "5.0 -9 \"\" \"\"");
        assert_eq!(brief(&answers[1]), "2.0 0 \"\" \"\"");
        assert!(brief(&answers[2]).starts_with("3.0 1 \"\" \"'explode' is nothing that can happen"));
        assert_eq!(brief(&answers[3]), "null null \"\" \"\"", "it did not end within the patience");
    }
}
