//! Names for services that were given none: an adjective and a surname.
//!
//! Models: moby internal/namesgenerator. The daemon draws at random; here the swarm's id and the store's index decide, so
//! that naming takes nothing from the random streams that shape a session.

use crate::rng::Stream;
use crate::store::Store;

const ADJECTIVES: [&str; 24] = [
    "amazing",
    "bold",
    "brave",
    "busy",
    "clever",
    "confident",
    "dazzling",
    "eager",
    "elegant",
    "festive",
    "focused",
    "gifted",
    "happy",
    "hopeful",
    "jolly",
    "keen",
    "modest",
    "nifty",
    "peaceful",
    "quirky",
    "serene",
    "sharp",
    "upbeat",
    "vibrant",
];

const SURNAMES: [&str; 23] = [
    "archimedes",
    "bohr",
    "cori",
    "curie",
    "darwin",
    "dijkstra",
    "einstein",
    "euler",
    "fermat",
    "galileo",
    "gauss",
    "goodall",
    "hawking",
    "hopper",
    "kepler",
    "lamarr",
    "lovelace",
    "newton",
    "noether",
    "pasteur",
    "ride",
    "turing",
    "wu",
];

/// A name that no service has.
pub(crate) fn random(store: &Store) -> String {
    let mut stream = Stream::new(store.index(), store.cluster().id.as_str());
    let index = stream.below((ADJECTIVES.len() * SURNAMES.len()) as u32) as usize;
    let name =
        |number: usize| format!("{}_{}", ADJECTIVES[number % ADJECTIVES.len()], SURNAMES[number % SURNAMES.len()]);
    let is_free = |name: &String| store.services().all(|service| service.spec.name != *name);
    let pairs = ADJECTIVES.len() * SURNAMES.len();
    // Both lists are as long as they are so that a walk meets every pair. After those come numbers.
    let mut names = (index..index + pairs).map(name).chain((0..).map(|number| format!("{}{number}", name(index))));
    names.find(is_free).expect("numbers do not end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_meets_every_pair() {
        let pairs = ADJECTIVES.len() * SURNAMES.len();
        let met: std::collections::BTreeSet<_> =
            (0..pairs).map(|n| (n % ADJECTIVES.len(), n % SURNAMES.len())).collect();
        assert_eq!(met.len(), pairs);
    }
}
