//! Throws texts at the shell.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|text: &[u8]| swarmyard_fuzz::run("shell", text));

fuzz_mutator!(|text: &mut [u8], length: usize, most: usize, seed: u32| {
    swarmyard_fuzz::mutate("shell", text, length, most, seed)
});
