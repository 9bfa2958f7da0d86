//! Commands whose grammar is known, and whose work is not simulated: their usage errors are Docker's, and a right
//! usage is answered by saying so. A command that comes to life gets a file of its own and leaves this list.

use super::command::{Arguments, Outline};

pub(crate) static OUTLINES: &[Outline] = &[
    outline("swarm ca", "[OPTIONS]", "Show the root certificate of the swarm, or replace it", Arguments::None),
    outline("swarm init", "[OPTIONS]", "Make this node the first manager of a new swarm", Arguments::None),
    outline(
        "swarm join",
        "[OPTIONS] HOST:PORT",
        "Add this node to a swarm, as a worker or as a manager",
        Arguments::Exactly(1),
    ),
    outline(
        "swarm join-token",
        "[OPTIONS] (worker|manager)",
        "Show or renew the token that lets nodes join",
        Arguments::Exactly(1),
    ),
    outline("swarm leave", "[OPTIONS]", "Take this node out of the swarm", Arguments::None),
    outline("swarm unlock", "", "Unlock a locked swarm", Arguments::None),
    outline("swarm unlock-key", "[OPTIONS]", "Show or renew the key that unlocks the swarm", Arguments::None),
    outline("swarm update", "[OPTIONS]", "Update the swarm", Arguments::None),
];

const fn outline(path: &'static str, usage: &'static str, about: &'static str, arguments: Arguments) -> Outline {
    Outline { path, usage, about, arguments }
}
