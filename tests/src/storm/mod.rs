//! Storms: random clusters, random commands and random strokes of fate, all from one seed, played with the invariant
//! checker looking after every event. Native tests, the browser's tests and an example play the same ones; the build
//! script works out natively what the browser's must come to.
//!
//! One seed: `cargo run -p swarmyard-tests --example storm -- --seed 17 --trace`.

mod cluster;
mod commands;
mod dice;
mod fate;
#[cfg(not(target_arch = "wasm32"))]
pub mod hunt;

use std::ops::Range;

use swarmyard_core::check::Checker;
use swarmyard_core::rng::Stream;
use swarmyard_core::scenario::Scenario;
use swarmyard_core::session::{Entry, Input, Session, Trace};
use swarmyard_core::time::{Ms, SECOND};

use commands::Services;
use dice::Dice;

/// Everything that happens in one storm.
#[derive(Clone, Debug)]
pub struct Storm {
    pub seed: u64,
    pub scenario: Scenario,
    pub journal: Vec<Entry>,
    /// When it is over. The last inputs have time to show what they do.
    pub until: Ms,
}

/// What cannot be, and when it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    pub at: Ms,
    /// The name of the first broken invariant.
    pub invariant: &'static str,
    /// Sentences, one for each that is broken.
    pub broken: Vec<String>,
}

/// What a storm that broke nothing went through.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Weather {
    /// Moments at which something happened, each of which was looked at.
    pub steps: usize,
    pub events: usize,
    pub tasks_made: usize,
}

/// So many storms leave the same traces natively and in a browser.
pub const EVERYWHERE: u64 = 50;

/// The numbers of everything that changes and everything that is said in the storms of `seeds`.
pub fn traces(seeds: Range<u64>) -> Vec<u64> {
    seeds.map(|seed| Storm::of(seed).trace()).collect()
}

impl Storm {
    /// The storm of a seed.
    pub fn of(seed: u64) -> Storm {
        let mut dice = Dice::new(Stream::new(seed, "storm"));
        let scenario = cluster::scenario(&mut dice);
        let journal = journal(&scenario, &mut dice);
        let until = journal.last().map_or(0, |entry| entry.at) + dice.between(5, 45) * SECOND;
        Storm { seed, scenario, journal, until }
    }

    /// Plays it. `watch` sees the session after every step and every input, before the checker does.
    ///
    /// # Errors
    /// What the checker found first.
    pub fn play(&self, watch: &mut dyn FnMut(&Session)) -> Result<Weather, Failure> {
        let mut player =
            Player { session: Session::new(&self.scenario, self.seed), checker: Checker::default(), steps: 0 };
        player.look(watch)?;
        for entry in &self.journal {
            player.advance(entry.at, watch)?;
            player.session.input(entry.input.clone());
            player.look(watch)?;
        }
        player.advance(self.until, watch)?;
        let record = player.session.world().store().record();
        Ok(Weather { steps: player.steps, events: record.len(), tasks_made: player.checker.tasks_made() })
    }

    /// The number of everything that changes and everything that is said in it.
    pub fn trace(&self) -> u64 {
        Trace::of(&self.scenario, self.seed, &self.journal, self.until).hash()
    }

    /// Its cluster and its journal as a person reads them, one line each.
    pub fn script(&self) -> String {
        let nodes: Vec<String> = self.scenario.nodes.iter().map(cluster::described).collect();
        let images: Vec<String> = self.scenario.images.iter().map(cluster::image_described).collect();
        let entries =
            self.journal.iter().map(|entry| format!("{:>9.3} s  {}\n", entry.at as f64 / 1e3, said(&entry.input)));
        format!("{}\n{}\n{}", nodes.join("\n"), images.join("\n"), entries.collect::<String>())
    }
}

/// A session under the checker's eyes.
struct Player {
    session: Session,
    checker: Checker,
    steps: usize,
}

impl Player {
    fn advance(&mut self, to: Ms, watch: &mut dyn FnMut(&Session)) -> Result<(), Failure> {
        while self.session.step(to).is_some() {
            self.look(watch)?;
        }
        self.session.advance(to);
        Ok(())
    }

    fn look(&mut self, watch: &mut dyn FnMut(&Session)) -> Result<(), Failure> {
        watch(&self.session);
        self.steps += 1;
        let broken = self.checker.look(self.session.world());
        let Some(first) = broken.first() else { return Ok(()) };
        let invariant = first.invariant;
        Err(Failure { at: self.session.now(), invariant, broken: broken.iter().map(ToString::to_string).collect() })
    }
}

/// One input as it would be written.
pub fn said(input: &Input) -> String {
    match input {
        Input::Open { node, columns } => {
            format!("[a prompt on {node}, {}]", if columns.is_some() { "a terminal" } else { "a pipe" })
        }
        Input::Line { shell, text } => format!("{shell}$ {text}"),
        Input::Interrupt { shell } => format!("{shell}$ ^C"),
        Input::End { shell } => format!("{shell}$ ^D"),
        Input::Variable { shell, name, value } => format!("{shell}$ [{name}={value}]"),
        Input::World(action) => format!("@ {action}"),
        Input::File { node, path, .. } => format!("[a file {path} on {node}]"),
    }
}

/// The prompts that are typed at: a terminal and a pipe on the first manager, and one somewhere.
const PROMPTS: u64 = 3;

fn journal(scenario: &Scenario, dice: &mut Dice) -> Vec<Entry> {
    let first = &scenario.nodes[0].hostname;
    let anywhere = &dice.pick(&scenario.nodes).hostname;
    let mut journal = vec![
        Entry { at: 0, input: Input::Open { node: first.clone(), columns: None } },
        Entry { at: 0, input: Input::Open { node: anywhere.clone(), columns: Some(80) } },
    ];
    let mut at = 0;
    let mut services = Services::default();
    for text in commands::beginnings(scenario, dice) {
        journal.push(Entry { at, input: Input::Line { shell: 1, text } });
    }
    for _ in 0..dice.between(8, 28) {
        at += wait(dice);
        let shell = if dice.chance(6) { 2 } else { dice.between(0, PROMPTS - 2) as usize };
        let input = match dice.between(0, 99) {
            0..70 => Input::Line { shell, text: services.command(scenario, dice) },
            70..92 => match fate::stroke(scenario, &services, dice) {
                Some(action) => Input::World(action),
                None => continue,
            },
            92..97 => Input::Interrupt { shell },
            _ => Input::End { shell },
        };
        journal.push(Entry { at, input });
    }
    journal
}

/// How long until the next input: often at once or soon, sometimes long enough for everything to settle.
fn wait(dice: &mut Dice) -> Ms {
    match dice.between(0, 9) {
        0 => 0,
        1..=3 => dice.between(1, 400),
        4..=7 => dice.between(400, 5_000),
        8 => dice.between(5_000, 15_000),
        _ => dice.between(15_000, 40_000),
    }
}
