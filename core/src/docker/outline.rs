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
    outline(
        "config create",
        "[OPTIONS] CONFIG file|-",
        "Create a config from a file or from standard input",
        Arguments::Exactly(2),
    ),
    outline(
        "config inspect",
        "[OPTIONS] CONFIG [CONFIG...]",
        "Show one or more configs in detail",
        Arguments::AtLeast(1),
    ),
    outline("config ls", "[OPTIONS]", "List the configs", Arguments::None),
    outline("config rm", "CONFIG [CONFIG...]", "Remove one or more configs", Arguments::AtLeast(1)),
    outline(
        "secret create",
        "[OPTIONS] SECRET [file|-]",
        "Create a secret from a file or from standard input",
        Arguments::Between(1, 2),
    ),
    outline(
        "secret inspect",
        "[OPTIONS] SECRET [SECRET...]",
        "Show one or more secrets in detail",
        Arguments::AtLeast(1),
    ),
    outline("secret ls", "[OPTIONS]", "List the secrets", Arguments::None),
    outline("secret rm", "SECRET [SECRET...]", "Remove one or more secrets", Arguments::AtLeast(1)),
    outline("network create", "[OPTIONS] NETWORK", "Create a network", Arguments::Exactly(1)),
    outline(
        "network inspect",
        "[OPTIONS] NETWORK [NETWORK...]",
        "Show one or more networks in detail",
        Arguments::AtLeast(1),
    ),
    outline("network ls", "[OPTIONS]", "List the networks", Arguments::None),
    outline("network rm", "NETWORK [NETWORK...]", "Remove one or more networks", Arguments::AtLeast(1)),
    outline("network prune", "[OPTIONS]", "Remove the networks that nothing uses", Arguments::None),
];

const fn outline(path: &'static str, usage: &'static str, about: &'static str, arguments: Arguments) -> Outline {
    Outline { path, usage, about, arguments }
}
