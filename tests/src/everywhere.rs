//! What must come out the same natively and in a browser: called by a test of each.

use swarmyard_core::id::{NodeId, TaskId};
use swarmyard_core::rng::Stream;

/// The first identifiers of seed 7. A link that replays a session holds no identifiers, only the seed.
pub fn first_ids() -> [String; 2] {
    let mut ids = Stream::new(7, "ids");
    [TaskId::random(&mut ids).to_string(), NodeId::random(&mut ids).to_string()]
}

/// What [`first_ids`] are. When they change, every recorded session and every shared link changes with them.
pub const FIRST_IDS: [&str; 2] = ["ych2vgg0hlrr7aiccaorsuzvz", "pfx79azdjc6ngcizk5p4yz22g"];
