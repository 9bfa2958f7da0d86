//! Storms: random clusters, commands and strokes of fate, with the invariant checker after every event.

use swarmyard_core::check::INVARIANTS;
use swarmyard_tests::storm::Storm;
use swarmyard_tests::storm::hunt::{command, hunt};

/// More of them: `cargo run -p swarmyard-tests --example storm -- --seeds 100000`
const SEEDS: u64 = 2_000;

#[test]
fn no_storm_breaks_an_invariant() {
    let found = hunt(0..SEEDS, 3);
    let told: Vec<String> = found
        .failures
        .iter()
        .map(|(seed, failure)| format!("{}\n  {}", failure.broken.join("\n  "), command(*seed)))
        .collect();
    assert!(told.is_empty(), "what cannot be, and the command that shows it:\n{}", told.join("\n"));
    assert_eq!(found.storms, SEEDS);
    println!("{SEEDS} storms, {} invariants after each event: {:?}", INVARIANTS.len(), found.weather);
    assert!(
        found.weather.tasks_made > 20 * SEEDS as usize,
        "storms that make no tasks say nothing: {:?}",
        found.weather
    );
}

#[test]
fn a_seed_is_one_storm_and_each_has_its_own() {
    let numbers: Vec<u64> = (0..4).map(|seed| Storm::of(seed).trace()).collect();
    let again: Vec<u64> = (0..4).map(|seed| Storm::of(seed).trace()).collect();
    assert_eq!(numbers, again);
    assert!(numbers.windows(2).all(|pair| pair[0] != pair[1]), "{numbers:?}");
}
