//! What could follow what is typed: commands, flags, values, names.

use crate::id::NodeId;
use crate::world::World;

/// One way to go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The whole word, as it should stand in the line.
    pub text: String,
    pub description: String,
}

/// What the last word of `words` could become; it may be empty. `words` does not hold `docker` itself.
pub fn complete(_world: &World, _node: NodeId, _words: &[String]) -> Vec<Candidate> {
    Vec::new()
}
