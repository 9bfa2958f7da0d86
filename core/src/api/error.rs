//! The errors of the API: data, and one place that turns them into Docker's sentences.

use std::fmt;

/// How swarmkit classes an error. `Daemon` is for errors that dockerd makes itself, without the rpc prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    Daemon,
    Unknown,
    InvalidArgument,
    NotFound,
    AlreadyExists,
    FailedPrecondition,
    Unimplemented,
    DeadlineExceeded,
}

impl Code {
    /// The name that gRPC prints; `None` for what does not come from gRPC.
    fn name(self) -> Option<&'static str> {
        Some(match self {
            Code::Daemon => return None,
            Code::Unknown => "Unknown",
            Code::InvalidArgument => "InvalidArgument",
            Code::NotFound => "NotFound",
            Code::AlreadyExists => "AlreadyExists",
            Code::FailedPrecondition => "FailedPrecondition",
            Code::Unimplemented => "Unimplemented",
            Code::DeadlineExceeded => "DeadlineExceeded",
        })
    }
}

/// Why the daemon refused.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiError {
    /// `service web not found`; `kind` is service, node, task, network, config, secret.
    NotFound {
        kind: &'static str,
        reference: String,
    },
    Ambiguous {
        kind: &'static str,
        reference: String,
        matches: usize,
    },
    NoPreviousSpec {
        service: crate::id::ServiceId,
    },
    NameConflict {
        kind: &'static str,
        name: String,
    },
    OutOfSequence,
    /// This node's daemon is a worker's.
    NotManager,
    /// This node is in no swarm.
    NotInSwarm,
    /// Its manager needs the unlock key.
    Locked,
    /// There has been no leader for too long.
    NoLeader,
    /// No leader came in time.
    Deadline,
    /// What was to be written had no majority.
    LostLeadership,
    /// A check of swarmkit's or of dockerd's that needs no more data than its sentence.
    Refused {
        code: Code,
        sentence: String,
    },
}

impl ApiError {
    /// How the error is classed.
    pub fn code(&self) -> Code {
        match self {
            ApiError::NotFound { .. } | ApiError::Ambiguous { .. } => Code::Daemon,
            ApiError::NotManager | ApiError::NotInSwarm | ApiError::Locked => Code::Daemon,
            ApiError::NoLeader | ApiError::LostLeadership => Code::Unknown,
            ApiError::Deadline => Code::DeadlineExceeded,
            ApiError::NoPreviousSpec { .. } => Code::FailedPrecondition,
            ApiError::NameConflict { .. } => Code::AlreadyExists,
            ApiError::OutOfSequence => Code::Unknown,
            ApiError::Refused { code, .. } => *code,
        }
    }

    fn sentence(&self) -> String {
        match self {
            ApiError::NotFound { kind, reference } => format!("{kind} {reference} not found"),
            ApiError::Ambiguous { kind, reference, matches } => {
                format!("{kind} {reference} is ambiguous ({matches} matches found)")
            }
            ApiError::NoPreviousSpec { service } => format!("service {service} does not have a previous spec"),
            ApiError::NameConflict { kind, name } => {
                format!("name conflicts with an existing object: {kind} {name} already exists")
            }
            ApiError::OutOfSequence => "update out of sequence".to_owned(),
            ApiError::NotManager => "This node is not a swarm manager. Worker nodes can't be used to view or modify \
                 cluster state. Please run this command on a manager node or promote the current node to a manager."
                .to_owned(),
            ApiError::NotInSwarm => "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm \
                 join\" to connect this node to swarm and try again."
                .to_owned(),
            ApiError::Locked => "Swarm is encrypted and needs to be unlocked before it can be used. Please use \
                 \"docker swarm unlock\" to unlock it."
                .to_owned(),
            ApiError::NoLeader => "The swarm does not have a leader. It's possible that too few managers are online. \
                 Make sure more than half of the managers are online."
                .to_owned(),
            ApiError::Deadline => "context deadline exceeded".to_owned(),
            ApiError::LostLeadership => "raft: failed to process the request: node lost leader status".to_owned(),
            ApiError::Refused { sentence, .. } => sentence.clone(),
        }
    }
}

/// The sentence as the daemon sends it, with the rpc prefix where it has one, without `Error response from daemon: `.
impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code().name() {
            Some(code) => write!(f, "rpc error: code = {code} desc = {}", self.sentence()),
            None => f.write_str(&self.sentence()),
        }
    }
}
