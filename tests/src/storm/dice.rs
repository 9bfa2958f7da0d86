//! What a storm draws its luck from.

use swarmyard_core::rng::Stream;

pub(super) struct Dice(Stream);

impl Dice {
    pub(super) fn new(stream: Stream) -> Dice {
        Dice(stream)
    }

    /// A number in `low..=high`.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0.between(low, high)
    }

    /// True in so many of a hundred cases.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.between(0, 99) < percent
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.between(0, of.len() as u64 - 1) as usize]
    }
}
