//! What daemons tell those who listen to `docker events`: objects of the swarm, and the containers of one node.
//!
//! Models: moby api/types/events and daemon/events.go.

use std::rc::Rc;

use super::Task;
use crate::id::NodeId;
use crate::time::Ms;

#[derive(Clone, Debug)]
pub struct Notice {
    pub at: Ms,
    /// `service`, `container` …
    pub kind: &'static str,
    /// `update`, `health_status: healthy` …
    pub action: Rc<str>,
    /// The id of what it is about.
    pub actor: Rc<str>,
    /// The node whose daemon tells it. `None`: every manager tells it.
    pub on: Option<NodeId>,
    /// The task whose container it is about.
    pub task: Option<Rc<Task>>,
    /// Attributes, in no order.
    pub details: Vec<(&'static str, String)>,
}
