//! Random numbers: one seed, one stream for each purpose.
//!
//! A stream depends on the seed and its own name only, so drawing once more in one place does not shift the others.
//! The names are part of the share format: renaming one changes what an old link replays.

/// A stream of random numbers. PCG-XSH-RR 64/32 (O'Neill 2014), written here because it is twenty lines and every
/// reader of the page pays for a crate.
#[derive(Clone, Debug)]
pub struct Stream {
    state: u64,
    increment: u64,
}

impl Stream {
    /// The stream called `name` of a session's `seed`.
    pub fn new(seed: u64, name: &str) -> Stream {
        // FNV-1a: spreads the names over the possible increments.
        let hash =
            name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
        let mut stream = Stream { state: 0, increment: hash << 1 | 1 };
        stream.next_u32();
        stream.state = stream.state.wrapping_add(seed ^ hash.rotate_left(32));
        stream.next_u32();
        stream
    }

    pub fn next_u32(&mut self) -> u32 {
        let old = self.state;
        self.state = old.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(self.increment);
        let shifted = (((old >> 18) ^ old) >> 27) as u32;
        shifted.rotate_right((old >> 59) as u32)
    }

    /// A number in `0..bound`. `bound` must not be 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        assert!(bound > 0, "nothing to choose from");
        ((u64::from(self.next_u32()) * u64::from(bound)) >> 32) as u32
    }

    /// A number in `low..=high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        assert!(low <= high, "an empty range");
        let span = u32::try_from(high - low + 1).expect("ranges are of seconds, in ms");
        low + u64::from(self.below(span))
    }

    /// Puts `items` into random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u32 + 1) as usize;
            items.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_name_and_by_seed_and_repeat() {
        let draw = |seed, name| {
            let mut stream = Stream::new(seed, name);
            (0..8).map(|_| stream.next_u32()).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, "ids"), draw(1, "ids"));
        assert_ne!(draw(1, "ids"), draw(2, "ids"));
        assert_ne!(draw(1, "ids"), draw(1, "slots"));
    }

    #[test]
    fn ranges_hold_their_ends() {
        let mut stream = Stream::new(3, "range");
        let drawn: Vec<u64> = (0..1000).map(|_| stream.between(5, 8)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&5), Some(&8)));
    }
}
