//! The documented walk-through as a journal, and the number of its trace. Also part of the build script, which works the
//! number out natively so that the browser's can be held against it.

use swarmyard_core::scenario::Scenario;
use swarmyard_core::session::{Entry, Input, Trace};
use swarmyard_core::time::{Ms, SECOND};

/// What is typed, and when, in seconds: with time enough to see each step through.
const TYPED: &[(Ms, &str)] = &[
    (
        1,
        "docker service create \\\n  --name my-app \\\n  --publish published=8000,target=8000 \\\n  --replicas 3 \\\n  \
         masungil/my-fastapi-whoami:latest",
    ),
    (20, "docker service ps my-app; curl -s http://localhost:8000"),
    (22, "docker service update --image masungil/my-fastapi-whoami:badversion my-app"),
    (45, "docker service ps my-app"),
    (47, "docker service rollback my-app"),
    (65, "docker service ps my-app --no-trunc"),
    (67, "docker service update --update-failure-action rollback --update-max-failure-ratio 0.2 my-app"),
    (80, "docker service update --image my-fastapi-whoami:anotherbadversion my-app"),
    (110, "docker service inspect my-app && docker service rm my-app"),
];

const UNTIL: Ms = 120 * SECOND;

/// The walk-through typed at the playground's prompt.
pub fn journal() -> Vec<Entry> {
    let entry =
        |(at, text): &(Ms, &str)| Entry { at: at * SECOND, input: Input::Line { shell: 0, text: (*text).to_owned() } };
    TYPED.iter().map(entry).collect()
}

/// The number of everything that changes and everything that is said, for a few seeds.
pub fn traces() -> Vec<u64> {
    let journal = journal();
    (1..=3).map(|seed| Trace::of(&Scenario::playground(), seed, &journal, UNTIL).hash()).collect()
}
