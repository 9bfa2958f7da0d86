//! What differs, for a person to read.

use std::fmt;

use serde_json::Value;

use super::Verdict;
use super::history::{Ended, History};
use super::links::{Chain, counts};
use super::mask::mask;

/// One difference between a recording and what was simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Where: the step with its number, time, node and command, or the part of the history.
    pub place: String,
    pub texts: Vec<Texts>,
}

/// Two texts that should say the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Texts {
    /// `exit code`, `stdout`, `stderr`, `screen`, `chains`, `status`.
    pub what: &'static str,
    pub real: String,
    pub simulated: String,
    /// The first line that differs once ids and times are masked, where that is the way of comparing.
    first: Option<(String, String)>,
}

impl Texts {
    pub(super) fn new(what: &'static str, real: &str, simulated: &str) -> Texts {
        Texts { what, real: real.trim_end().to_owned(), simulated: simulated.trim_end().to_owned(), first: None }
    }

    pub(super) fn masked(what: &'static str, real: &str, simulated: &str) -> Texts {
        let (a, b) = (mask(real), mask(simulated));
        let place = a.split('\n').zip(b.split('\n')).take_while(|(a, b)| a == b).count();
        let line = |text: &str| text.split('\n').nth(place).unwrap_or("(nothing)").to_owned();
        let first = (line(&a), line(&b));
        Texts {
            first: (a.lines().count() > 1 && first.0 != first.1).then_some(first),
            ..Texts::new(what, real, simulated)
        }
    }
}

impl Difference {
    pub(super) fn of_step(number: usize, of: usize, step: &Value, texts: Vec<Texts>) -> Difference {
        let (node, command) = (step["on"].as_str().unwrap_or("?"), step["cmd"].as_str().unwrap_or("?"));
        let place = format!("step {number} of {of}, at {} s on {node}:\n$ {command}", step["t_start"]);
        Difference { place, texts }
    }

    pub(super) fn of_chains(real: &[Chain<Ended>], ours: &[Chain<Ended>]) -> Difference {
        let texts = Texts::new("chains", &only_first(real, ours), &only_first(ours, real));
        Difference {
            place: "what slots went through, where only one side has such a slot:".to_owned(),
            texts: vec![texts],
        }
    }

    pub(super) fn of_status(real: &History, ours: &History) -> Difference {
        let lines = |history: &History| -> String {
            let entries = history.status.iter().flat_map(|(name, line)| line.iter().map(move |entry| (name, entry)));
            entries.map(|(name, s)| format!("{:6.1} s  {name}: {} \"{}\"\n", s.at, s.state, s.message)).collect()
        };
        let texts = Texts::new("status", &lines(real), &lines(ours));
        Difference { place: "the sequence of UpdateStatus:".to_owned(), texts: vec![texts] }
    }
}

/// The chains that are in `one` and not, or not as often, in the other.
fn only_first(one: &[Chain<Ended>], other: &[Chain<Ended>]) -> String {
    let other = counts(other.iter());
    let more =
        counts(one.iter()).into_iter().map(|(chain, n)| (n.saturating_sub(*other.get(chain).unwrap_or(&0)), chain));
    more.filter(|(n, _)| *n > 0).map(|(n, chain)| format!("{n} × {}\n", line_of(chain))).collect()
}

fn line_of(chain: &Chain<Ended>) -> String {
    let links = chain.tasks.iter().zip(&chain.lengths);
    links
        .map(|(task, length)| if *length > 1 { format!("{task} ×{length}") } else { task.to_string() })
        .collect::<Vec<_>>()
        .join(" → ")
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = |same: Option<bool>| same.map_or("-", |same| if same { "=" } else { "≠" });
        let (chains, status) = (sign(self.chains), sign(self.status));
        let Verdict { text, texts, late, timed, .. } = self;
        write!(f, "text {text}/{texts} chains {chains} status {status} late {late}/{timed}")
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.place)?;
        for texts in &self.texts {
            writeln!(
                f,
                "--- {}, real\n{}\n--- {}, simulated\n{}",
                texts.what, texts.real, texts.what, texts.simulated
            )?;
            if let Some((real, simulated)) = &texts.first {
                writeln!(f, "--- first line that differs\n- {real}\n+ {simulated}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.image, self.state)?;
        if let Some(exit) = self.exit {
            write!(f, " ({exit})")?;
        }
        if !self.error.is_empty() {
            write!(f, " \"{}\"", self.error)?;
        }
        Ok(())
    }
}
