//! What a view may know: plain data in the view's words, made from the world at one moment.
//!
//! The page, the timeline and the tests that stand in for a person see nothing deeper. Times are virtual
//! milliseconds; whatever moves carries `since` and, where its end is known, `until`, so that a view keeps no
//! animation state of its own: a drawing is a function of a snapshot and of `now`.

mod build;
mod chronicle;
mod client;
mod news;
mod watch;

pub use build::tasks_of;
pub use chronicle::{Bar, Chronicle, Mark, MarkKind, Stage, Verdict};
pub use client::{Client, Request, Totals};
pub use watch::Watch;

use std::rc::Rc;

use crate::model::{Availability, FailureAction, NodeState, Order, Role, TaskState, UpdateState};
use crate::time::Ms;

/// The whole cluster at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    pub now: Ms,
    /// By host name, managers and workers alike.
    pub nodes: Vec<Rc<Node>>,
    /// By name.
    pub services: Vec<Service>,
    /// By service name, slot (or node) and age, newest first: the order of `docker service ps`.
    pub tasks: Vec<Rc<Task>>,
    /// Whether the registry answers.
    pub registry_up: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub id: String,
    pub hostname: String,
    pub state: NodeState,
    pub availability: Availability,
    pub role: Role,
    pub leader: bool,
    /// Whether the machine is on. A node that is off stays `Ready` until its heartbeats are missed.
    pub powered: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    pub id: String,
    pub name: String,
    /// `docker service rm` has taken it away, and its last tasks are still stopping: only name and versions are known.
    pub removed: bool,
    /// `replicated`, `global`, `replicated job`, `global job`.
    pub mode: &'static str,
    /// What `docker service ls` counts: observed running, and wanted.
    pub running: u64,
    pub desired: u64,
    /// Every version this service ever had, oldest first; tasks point into it. Versions are told apart by image.
    pub versions: Vec<Version>,
    /// Index of the version that the spec asks for now.
    pub version: usize,
    /// Published ports of the routing mesh: (published, target).
    pub ports: Vec<(u16, u16)>,
    pub update: Option<UpdateStatus>,
    pub rollout: Option<Rollout>,
    /// The spec wanted now, field by field, in the words of the command line (`image`, `replicas`, `update-delay` …).
    pub spec: Vec<Field>,
    /// What a rollback would restore; `None` where there is nothing to go back to.
    pub previous: Option<Vec<Field>>,
}

/// One field of a spec as text. `differs` where the other of the two specs (now, previous) says something else.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: &'static str,
    pub value: String,
    pub differs: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The image without its digest: `masungil/my-fastapi-whoami:latest`.
    pub image: String,
    /// What to print on a cell: the tag, or the last part of the name where there is no tag.
    pub tag: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct UpdateStatus {
    pub state: UpdateState,
    /// Swarm's own words.
    pub message: String,
    pub started: Option<Ms>,
    pub completed: Option<Ms>,
}

/// What the updater is doing now; `None` in a service whose updater rests.
#[derive(Clone, Debug, PartialEq)]
pub struct Rollout {
    pub rolling_back: bool,
    pub order: Order,
    pub parallelism: u64,
    pub action: FailureAction,
    pub lanes: Vec<Lane>,
    /// Slots that were dirty when this updater started: the denominator of the failure ratio.
    pub dirty_slots: usize,
    /// Slots not yet taken by a lane.
    pub waiting_slots: usize,
    pub failures: usize,
    pub max_failure_ratio: f32,
    /// The last watch after all slots are done: (since, until).
    pub monitoring: Option<(Ms, Ms)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// The slot it works on; `None` for a lane that has nothing to do.
    pub slot: Option<u64>,
    pub phase: LanePhase,
    pub since: Ms,
    pub until: Option<Ms>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LanePhase {
    Idle,
    /// Waits for its new task to run.
    Starting,
    /// Sleeps the update delay.
    Delay,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: String,
    /// `my-app.3`; of a global service `agent.<node id>`.
    pub name: String,
    pub service: String,
    /// Index into the snapshot's services, of which two may have the same name while the tasks of an old one stop.
    pub of: usize,
    /// 0 for global services.
    pub slot: u64,
    /// Host name; `None` before a node was chosen.
    pub node: Option<String>,
    /// Index of that node in the snapshot's nodes.
    pub on: Option<usize>,
    /// Index into the service's `versions`.
    pub version: usize,
    pub state: TaskState,
    pub desired: TaskState,
    pub message: String,
    pub error: Option<String>,
    pub created: Ms,
    /// When the state was reached, and when it will end by itself where that is known (a pull, a start, a grace period).
    pub since: Ms,
    pub until: Option<Ms>,
    /// Whether the routing mesh sends it requests.
    pub in_service: bool,
    /// Whether its container is being stopped.
    pub stopping: bool,
    /// `false` for what is only history: ended, or never to run.
    pub live: bool,
    /// Until when its failure would count as a failure of the update.
    pub monitored_until: Option<Ms>,
    /// When the restart supervisor will let it start, where it waits for that.
    pub starts_at: Option<Ms>,
    pub exit_code: Option<i32>,
}
