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
    outline("stack config", "[OPTIONS]", "Show the merged and interpolated compose file", Arguments::None),
    outline(
        "stack deploy",
        "[OPTIONS] STACK",
        "Create a stack from a compose file, or update one",
        Arguments::Exactly(1),
    ),
    outline("stack ls", "[OPTIONS]", "List the stacks", Arguments::None),
    outline("stack ps", "[OPTIONS] STACK", "List the tasks of a stack", Arguments::Exactly(1)),
    outline("stack rm", "[OPTIONS] STACK [STACK...]", "Remove one or more stacks", Arguments::AtLeast(1)),
    outline("stack services", "[OPTIONS] STACK", "List the services of a stack", Arguments::Exactly(1)),
];

const fn outline(path: &'static str, usage: &'static str, about: &'static str, arguments: Arguments) -> Outline {
    Outline { path, usage, about, arguments }
}
