//! The order in which Go walks a map: who depends on it in Swarm gets the same chances here.
//!
//! Models: Go 1.24 internal/runtime/maps. A map of up to eight entries is one group; a new entry takes the first free
//! place, and a walk begins at a random one of the eight places and goes round. So with three entries the one that was
//! put in first comes first in six of eight walks. A larger map is spread by hash: any order.

use crate::rng::Stream;

/// Places of a small map.
pub(crate) const GROUP: usize = 8;

/// Walks `places`: the entries in the order of their being put in, `None` for those that were taken out again.
pub(crate) fn walk<T>(mut places: Vec<Option<T>>, stream: &mut Stream) -> Vec<T> {
    if places.len() > GROUP {
        stream.shuffle(&mut places);
    } else {
        let start = stream.below(GROUP as u32) as usize;
        if start < places.len() {
            places.rotate_left(start);
        }
    }
    places.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_three_comes_first_in_six_of_eight_walks() {
        let mut stream = Stream::new(1, "map");
        let walks: Vec<Vec<char>> =
            (0..800).map(|_| walk(vec![Some('a'), Some('b'), Some('c')], &mut stream)).collect();
        let begin_with = |letters: &str| walks.iter().filter(|walk| walk.iter().collect::<String>() == letters).count();
        assert!((540..660).contains(&begin_with("abc")), "{}", begin_with("abc"));
        assert!((60..140).contains(&begin_with("bca")), "{}", begin_with("bca"));
        assert_eq!(begin_with("abc") + begin_with("bca") + begin_with("cab"), 800);
    }

    #[test]
    fn what_was_taken_out_leaves_its_place_empty() {
        let mut stream = Stream::new(2, "map");
        for _ in 0..50 {
            let walked = walk(vec![None, Some(1), None, Some(3)], &mut stream);
            assert!(walked == [1, 3] || walked == [3, 1], "{walked:?}");
        }
        let mut large = walk((0..20).map(Some).collect(), &mut stream);
        large.sort_unstable();
        assert_eq!(large, (0..20).collect::<Vec<_>>());
    }
}
