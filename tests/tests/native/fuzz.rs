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
        target.corpus().iter().for_each(|text| check(target, text));
    }
}

#[test]
fn no_command_line_breaks_the_core() {
    mutations("command", 400);
}

#[test]
fn no_compose_file_breaks_the_core() {
    mutations("compose", 600);
}

#[test]
fn no_pasted_text_breaks_the_core() {
    mutations("shell", 600);
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

fn mutations(name: &str, count: usize) {
    let target = Target::named(name);
    let texts = target.corpus();
    let mut mutator = Mutator::new(1, &texts);
    for _ in 0..count {
        check(target, &mutator.text());
    }
}

#[track_caller]
fn check(target: &Target, text: &str) {
    let played = catch_unwind(AssertUnwindSafe(|| target.run(text.as_bytes(), &mut || ())));
    assert!(played.is_ok(), "{}: this breaks the core (why stands above): {text:?}", target.name);
}
