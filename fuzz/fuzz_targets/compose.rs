//! Throws texts at the reader of compose files.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|text: &[u8]| swarmyard_fuzz::run("compose", text));

fuzz_mutator!(|text: &mut [u8], length: usize, most: usize, seed: u32| {
    swarmyard_fuzz::mutate("compose", text, length, most, seed)
});
