//! Throws texts at Go templates.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|text: &[u8]| swarmyard_fuzz::run("template", text));

fuzz_mutator!(|text: &mut [u8], length: usize, most: usize, seed: u32| {
    swarmyard_fuzz::mutate("template", text, length, most, seed)
});
