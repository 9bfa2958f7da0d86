//! The native half of what must come out the same everywhere. The other half is in `tests/browser.rs`.

use swarmyard_tests::everywhere;

#[test]
fn the_same_seed_gives_the_same_ids_as_in_a_browser() {
    assert_eq!(everywhere::first_ids(), everywhere::FIRST_IDS);
}
