//! What fuzzers have found and where they begin: the corpus, and changes of it that are drawn anew from each seed.
//!
//! How fuzzers run, and how what they find is kept: fuzz/README.md.

use std::panic::{AssertUnwindSafe, catch_unwind};

use swarmyard_tests::fuzz::{Mutator, TARGETS, Target};

/// Readers of the repository pay for each file.
const MOST_FILES: usize = 300;
const MOST_BYTES: usize = 200 << 10;

#[test]
fn nothing_that_is_kept_breaks_the_core() {
    for target in &TARGETS {
        let broken: Vec<String> = target.corpus().into_iter().filter(|text| !holds(target, text)).collect();
        assert!(broken.is_empty(), "{}: these break the core (why stands above): {broken:#?}", target.name);
    }
}

#[test]
fn no_command_line_breaks_the_core() {
    mutations("command", 700);
}

#[test]
fn no_compose_file_breaks_the_core() {
    mutations("compose", 900);
}

#[test]
fn no_pasted_text_breaks_the_core() {
    mutations("shell", 900);
}

#[test]
fn no_template_breaks_the_core() {
    mutations("template", 600);
}

#[test]
fn the_corpus_is_small() {
    let texts: Vec<String> = TARGETS.iter().flat_map(Target::corpus).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    assert!(texts.len() <= MOST_FILES && bytes <= MOST_BYTES, "{} files, {bytes} bytes", texts.len());
}

/// So many broken texts are enough to begin with.
const ENOUGH: usize = 5;

/// `FUZZ_SEEDS=100` draws a hundred times as many.
fn mutations(name: &str, count: usize) {
    let seeds = std::env::var("FUZZ_SEEDS").map_or(1, |seeds| seeds.parse().expect("FUZZ_SEEDS is a number"));
    let target = Target::named(name);
    let texts = target.corpus();
    let drawn = (1..=seeds).flat_map(|seed| {
        let mut mutator = Mutator::new(seed, &texts);
        (0..count).map(move |_| mutator.text())
    });
    let broken: Vec<String> = drawn.filter(|text| !holds(target, text)).take(ENOUGH).collect();
    assert!(broken.is_empty(), "{name}: these break the core (why stands above): {broken:#?}");
}

fn holds(target: &Target, text: &str) -> bool {
    catch_unwind(AssertUnwindSafe(|| target.run(text.as_bytes(), &mut |_| ()))).is_ok()
}
