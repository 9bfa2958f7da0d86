//! Tests that need a browser around them: `cargo xtask test --only browser`. Natively this is empty.
#![cfg(target_arch = "wasm32")]

use swarmyard_tests::{everywhere, walkthrough};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_same_seed_gives_the_same_ids_as_natively() {
    assert_eq!(everywhere::first_ids(), everywhere::FIRST_IDS);
}

#[wasm_bindgen_test]
fn the_walk_through_leaves_the_same_trace_as_natively() {
    let here: Vec<String> = walkthrough::traces().iter().map(u64::to_string).collect();
    assert_eq!(here.join(" "), env!("WALKTHROUGH_TRACES"));
}
