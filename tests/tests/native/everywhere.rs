//! The native half of what must come out the same everywhere. The other half is in `tests/browser.rs`.

use swarmyard_tests::{everywhere, walkthrough};

#[test]
fn the_same_seed_gives_the_same_ids_as_in_a_browser() {
    assert_eq!(everywhere::first_ids(), everywhere::FIRST_IDS);
}

#[test]
fn the_walk_through_leaves_the_same_trace_twice_and_each_seed_its_own() {
    let traces = walkthrough::traces();
    assert_eq!(traces, walkthrough::traces());
    assert!(traces[0] != traces[1] && traces[1] != traces[2], "{traces:?}");
}
