//! The small enumerations, each with the word that Docker's API and tables use.

use serde::{Deserialize, Serialize};

/// The life of a task. The order is Swarm's: an observed state never goes back.
///
/// Models: swarmkit api/types.proto, TaskState.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskState {
    New,
    Pending,
    Assigned,
    Accepted,
    Preparing,
    Ready,
    Starting,
    Running,
    Complete,
    Shutdown,
    Failed,
    Rejected,
    /// Only ever wanted, never observed.
    Remove,
    Orphaned,
}

impl TaskState {
    pub const ALL: [TaskState; 14] = [
        TaskState::New,
        TaskState::Pending,
        TaskState::Assigned,
        TaskState::Accepted,
        TaskState::Preparing,
        TaskState::Ready,
        TaskState::Starting,
        TaskState::Running,
        TaskState::Complete,
        TaskState::Shutdown,
        TaskState::Failed,
        TaskState::Rejected,
        TaskState::Remove,
        TaskState::Orphaned,
    ];

    /// The API's word.
    pub fn word(self) -> &'static str {
        match self {
            TaskState::New => "new",
            TaskState::Pending => "pending",
            TaskState::Assigned => "assigned",
            TaskState::Accepted => "accepted",
            TaskState::Preparing => "preparing",
            TaskState::Ready => "ready",
            TaskState::Starting => "starting",
            TaskState::Running => "running",
            TaskState::Complete => "complete",
            TaskState::Shutdown => "shutdown",
            TaskState::Failed => "failed",
            TaskState::Rejected => "rejected",
            TaskState::Remove => "remove",
            TaskState::Orphaned => "orphaned",
        }
    }

    /// The word that `docker service ps` shows: `Running`.
    pub fn title(self) -> &'static str {
        match self {
            TaskState::New => "New",
            TaskState::Pending => "Pending",
            TaskState::Assigned => "Assigned",
            TaskState::Accepted => "Accepted",
            TaskState::Preparing => "Preparing",
            TaskState::Ready => "Ready",
            TaskState::Starting => "Starting",
            TaskState::Running => "Running",
            TaskState::Complete => "Complete",
            TaskState::Shutdown => "Shutdown",
            TaskState::Failed => "Failed",
            TaskState::Rejected => "Rejected",
            TaskState::Remove => "Remove",
            TaskState::Orphaned => "Orphaned",
        }
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident $word:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($variant),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The API's word.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }

            /// The value that the API's `word` names.
            pub fn of(word: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }
    )*};
}

words! {
    /// Where an update or a rollback stands.
    UpdateState {
        Updating "updating",
        Paused "paused",
        Completed "completed",
        RollbackStarted "rollback_started",
        RollbackPaused "rollback_paused",
        RollbackCompleted "rollback_completed",
    }

    /// What the updater does when too many tasks fail.
    FailureAction { Pause "pause", Continue "continue", Rollback "rollback" }

    /// Which goes first in a slot: the old task's stop or the new one's start.
    Order { StopFirst "stop-first", StartFirst "start-first" }

    /// When the restart supervisor replaces a task.
    RestartCondition { None "none", OnFailure "on-failure", Any "any" }

    /// What a node may be given.
    Availability { Active "active", Pause "pause", Drain "drain" }

    Role { Worker "worker", Manager "manager" }

    NodeState { Unknown "unknown", Down "down", Ready "ready", Disconnected "disconnected" }

    Reachability { Unknown "unknown", Unreachable "unreachable", Reachable "reachable" }

    EndpointMode { Vip "vip", DnsRr "dnsrr" }

    PublishMode { Ingress "ingress", Host "host" }

    Protocol { Tcp "tcp", Udp "udp", Sctp "sctp" }
}
