//! Tests that need a browser around them: `cargo xtask test --only browser`. Natively this is empty.
#![cfg(target_arch = "wasm32")]

use swarmyard_tests::{everywhere, storm, walkthrough};
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

/// In five parts, because a browser test may take only so long.
macro_rules! storms {
    ($($name:ident $part:literal)*) => {$(
        #[wasm_bindgen_test]
        fn $name() {
            let seeds = storm::EVERYWHERE / 5 * $part..storm::EVERYWHERE / 5 * ($part + 1);
            let natively = env!("STORM_TRACES").split(' ').skip(seeds.start as usize);
            for (number, natively) in storm::traces(seeds.clone()).iter().zip(natively) {
                assert_eq!(number.to_string(), natively, "one of the storms {seeds:?}");
            }
        }
    )*};
}

storms! {
    the_first_storms_leave_the_same_traces_as_natively 0
    the_second_storms_leave_the_same_traces_as_natively 1
    the_third_storms_leave_the_same_traces_as_natively 2
    the_fourth_storms_leave_the_same_traces_as_natively 3
    the_last_storms_leave_the_same_traces_as_natively 4
}
