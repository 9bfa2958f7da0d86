//! `swarmyard replay`: runs the steps of a recording of a real swarm at their recorded times, on the cluster and the
//! images of the recordings, and answers in the recording's own shape, so that the two can be compared.
//!
//! A step begins when it began in reality, but not before the steps that had ended by then in reality have ended here:
//! whoever recorded waited for them. It waits for them only a little; then it begins in another shell.

mod changes;
mod cluster;
mod schedule;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use swarmyard_core::output::Stream;
use swarmyard_core::session::{Action, Input, Session, ShellId};
use swarmyard_core::time::{Ms, SECOND};

use changes::Changes;
use schedule::{Event, Schedule};

/// A recording: see the README beside the recordings.
#[derive(Debug, Deserialize)]
pub struct Recording {
    pub name: String,
    /// What it is about, in a few words.
    #[serde(default)]
    pub desc: String,
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

/// A command that was over as soon as this, in seconds, held the prompt for no other reason than that a client needs its
/// time to start.
const BRIEF: f64 = 0.25;

/// How long a client goes on after its daemon has done what it was asked for, in seconds.
const ANSWER: f64 = 0.006;

impl Step {
    /// When it did what it did, in seconds. A brief command did it last, when its client had started: here clients start
    /// at once.
    fn acts_at(&self) -> Option<f64> {
        let start = self.t_start?;
        let brief = !self.host_action && self.sigint_at.is_none() && !self.timeout;
        Some(
            self.t_end.filter(|end| brief && end - start < BRIEF).map_or(start, |end| end.max(start + ANSWER) - ANSWER),
        )
    }
}

/// What a recording does not say itself.
#[derive(Debug, Default)]
pub struct Setting {
    pub seed: u64,
    /// What lies in the home directories: (path, text).
    pub files: Vec<(String, String)>,
    /// When the recorder saw the last change, in seconds.
    pub watched_until: Option<f64>,
}

/// The seed of replays where none is asked for. Which slot an update takes first is a matter of luck, in Swarm as here,
/// and some recordings show one of several possible courses: with this seed the luck of most of them falls as it did.
pub const SEED: u64 = 40;

/// How long a step waits for one that had ended before it in reality, and the recording's end for the last ones.
const LATE_MS: Ms = 2 * SECOND;

/// How often the recorder looked for changes.
const LOOK_MS: Ms = 200;

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
    while let Some((at, event)) = run.schedule.next() {
        run.advance(at);
        run.act(event);
    }
    run.advance(run.watched_until);
    while run.underway() && run.session.step(run.watched_until + PATIENCE_MS).is_some() {
        run.look();
    }
    run.finish()
}

/// The recorder looked at equal intervals until the last step had ended. What it saw when it looked last, from one of the
/// times that it did, may come a little later here; what steps did after that it did not see.
fn last_look(watched_until: Ms, ended: Ms, steps: &[Step]) -> Ms {
    let since = ended.saturating_sub(watched_until);
    let last = watched_until + since - since % LOOK_MS;
    let unseen = steps.iter().filter_map(|step| Some(ms(step.acts_at()?))).filter(|at| *at > last).min();
    unseen.map_or(last + LOOK_MS, |at| (last + LOOK_MS).min(at - 1))
}

fn ms(seconds: f64) -> Ms {
    (seconds * 1_000.0).round().max(0.0) as Ms
}

fn seconds(ms: Ms) -> f64 {
    ms as f64 / 1_000.0
}

/// The recorder's home directory was elsewhere: it wrote `/root/.docker` for every path in it.
fn without_paths(text: &str) -> String {
    let mut parts = text.split("/root/");
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| c.is_whitespace() || c == '"' || c == '\'').unwrap_or(part.len());
        written += "/root/.docker";
        written += &part[end..];
    }
    written
}

/// What a step has answered so far.
#[derive(Default)]
struct Answer {
    out: String,
    err: String,
    chunks: Vec<Value>,
    started: Option<Ms>,
    ended: Option<(Ms, i32)>,
    /// It was waited for in vain.
    late: bool,
}

struct Run<'r> {
    steps: &'r [Step],
    name: &'r str,
    session: Session,
    schedule: Schedule,
    answers: Vec<Answer>,
    /// Which step runs in which shell.
    running: BTreeMap<ShellId, usize>,
    changes: Changes,
    watched_until: Ms,
    /// When changes were last looked for in reality.
    looked_until: Ms,
    watch: &'r mut dyn FnMut(&Session),
}

impl<'r> Run<'r> {
    fn new(recording: &'r Recording, setting: &Setting, watch: &'r mut dyn FnMut(&Session)) -> Run<'r> {
        let scenario = cluster::scenario(recording);
        // What Swarm leaves to chance fell differently in every recording: each has a seed of its own.
        let seed = setting.seed ^ ms(recording.wall_start);
        let mut session = Session::new(&scenario, seed);
        for node in &scenario.nodes {
            for (path, text) in &setting.files {
                let node = node.hostname.clone();
                session.input(Input::File { node, path: path.clone(), text: text.clone() });
            }
        }
        let ended = recording.steps.iter().filter_map(|step| step.t_end).map(ms).max().unwrap_or_default();
        let watched_until = setting.watched_until.map(ms).unwrap_or_default();
        let mut run = Run {
            steps: &recording.steps,
            name: &recording.name,
            session,
            schedule: Schedule::new(&recording.steps),
            answers: recording.steps.iter().map(|_| Answer::default()).collect(),
            running: BTreeMap::new(),
            changes: Changes::default(),
            watched_until: watched_until.max(ended),
            looked_until: last_look(watched_until, ended, &recording.steps),
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
            Event::Start(index) => match self.wait(index) {
                Some(again) => return self.schedule.put(again, event),
                None => self.start(index),
            },
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

    /// When to ask again whether a step can begin; `None`: now.
    fn wait(&mut self, index: usize) -> Option<Ms> {
        let began = self.steps[index].t_start?;
        let before = |step: &Step| step.cmd.is_some() && step.t_end.is_some_and(|ended| ended <= began);
        let steps = self.steps.iter().zip(&mut self.answers).enumerate();
        let missing = steps.filter(|(other, (step, answer))| *other != index && before(step) && answer.missing());
        let now = self.session.now();
        let latest = ms(self.steps[index].acts_at()?) + LATE_MS;
        if now >= latest {
            missing.for_each(|(_, (_, answer))| answer.late = true);
            return None;
        }
        let waits = missing.count() > 0;
        let next = self.session.next_event().into_iter().chain(self.schedule.next_at()).min();
        waits.then(|| next.unwrap_or(latest).clamp(now + 1, latest))
    }

    fn start(&mut self, index: usize) {
        let step = &self.steps[index];
        let now = self.session.now();
        self.answers[index].started = Some(now);
        self.schedule.follow(index, step, now);
        let text = step.cmd.as_deref().expect("only steps with a command are started");
        let text = cluster::filled_in(text, self.session.world());
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
            let text = without_paths(&said.text);
            let (letter, text) = match (self.session.terminal(*shell).columns, said.stream) {
                // A terminal has one stream, and begins each line at its left edge.
                (Some(_), _) => ("p", text.replace('\n', "\r\n")),
                (None, Stream::Out) => ("o", text),
                (None, Stream::Err) => ("e", text),
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
        if now <= self.looked_until + self.lateness() {
            self.changes.look(&self.session);
        }
    }

    /// How late the last step began: the recorder looked for changes until so long after that beginning.
    fn lateness(&self) -> Ms {
        let begun = |(step, answer): (&Step, &Answer)| Some(answer.started?.saturating_sub(ms(step.acts_at()?)));
        self.steps.iter().zip(&self.answers).filter_map(begun).next_back().unwrap_or_default()
    }

    fn finish(self) -> Value {
        let steps = self.steps.iter().zip(self.answers).filter(|(step, _)| step.cmd.is_some());
        let steps: Vec<Value> = steps.map(|(step, answer)| answer.finish(step)).collect();
        json!({ "name": self.name, "steps": steps, "changes": self.changes.finish() })
    }
}

impl Answer {
    /// Whether it has not ended and may yet be waited for.
    fn missing(&self) -> bool {
        self.ended.is_none() && !self.late
    }

    fn finish(self, step: &Step) -> Value {
        json!({
            "cmd": step.cmd,
            "on": step.on,
            "t_start": self.started.map(seconds),
            "t_end": self.ended.map(|(at, _)| seconds(at)),
            "exit": self.ended.map(|(_, code)| code),
            "stdout": self.out,
            "stderr": self.err,
            "chunks": self.chunks,
        })
    }
}

#[cfg(test)]
mod tests;
