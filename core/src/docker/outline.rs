//! Commands whose grammar is known, and whose work is not simulated: their usage errors are Docker's, and a right
//! usage is answered by saying so. A command that comes to life gets a file of its own and leaves this list.

use super::command::{Arguments, Outline};

pub(crate) static OUTLINES: &[Outline] = &[
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
