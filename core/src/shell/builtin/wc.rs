//! `wc`. Models: GNU coreutils, wc.c. Differs: columns are as wide as the largest number, also for the standard input.

use super::filter::{Filter, Lines, over};
use super::options::options;
use super::{Builtin, Call, Flow};
use crate::output::Output;
use crate::shell::complete::files;

pub(super) const WC: Builtin =
    Builtin { name: "wc", usage: "wc [-lwcm] [FILE …]", about: "count lines, words and bytes", run, complete: files };

#[derive(Clone)]
pub(in crate::shell) struct Wc {
    /// Which of lines, words, characters and bytes are shown.
    shown: [bool; 4],
    name: String,
    counts: [usize; 4],
    done: Vec<([usize; 4], String)>,
    named: bool,
}

fn run(call: &mut Call) -> Flow {
    let longs = [("lines", 'l'), ("words", 'w'), ("bytes", 'c'), ("chars", 'm')];
    let options = match options(call, "wc", "lwcm", &longs) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let mut shown = ['l', 'w', 'm', 'c'].map(|letter| options.has(letter));
    if shown == [false; 4] {
        shown = [true, true, false, true];
    }
    let named = !options.words.is_empty();
    let wc = Wc { shown, name: String::new(), counts: [0; 4], done: Vec::new(), named };
    over(call, "wc", &options.words, Filter::Wc(wc), 1)
}

impl Lines for Wc {
    fn begin(&mut self, name: &str, _out: &mut Output) {
        name.clone_into(&mut self.name);
    }

    fn line(&mut self, line: &str, _out: &mut Output) -> bool {
        let counts =
            [usize::from(line.ends_with('\n')), line.split_whitespace().count(), line.chars().count(), line.len()];
        self.counts.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        true
    }

    fn finish(&mut self, _out: &mut Output) {
        self.done.push((std::mem::take(&mut self.counts), std::mem::take(&mut self.name)));
    }

    fn end(&mut self, out: &mut Output) -> i32 {
        if self.done.len() > 1 {
            let mut total = [0; 4];
            self.done
                .iter()
                .for_each(|(counts, _)| total.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count));
            self.done.push((total, "total".to_owned()));
        }
        let columns = self.shown.iter().filter(|shown| **shown).count();
        let largest = self.done.iter().map(|(counts, _)| counts[3]).max().unwrap_or(0);
        let width = match (columns, self.named) {
            (1, _) => 1,
            (_, true) => largest.to_string().len(),
            (_, false) => 7,
        };
        for (counts, name) in &self.done {
            let shown = counts.iter().zip(self.shown).filter(|(_, shown)| *shown);
            let numbers: Vec<String> = shown.map(|(count, _)| format!("{count:width$}")).collect();
            out.out([numbers.join(" ").as_str(), if name.is_empty() { "" } else { " " }, name, "\n"].concat());
        }
        0
    }
}
