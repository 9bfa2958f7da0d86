//! Tasks as stored.

use std::rc::Rc;

use super::{EndpointSpec, Labels, Meta, TaskSpec, TaskState};
use crate::id::{NodeId, ServiceId, TaskId};
use crate::time::Ms;

#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub id: TaskId,
    pub meta: Meta,
    pub spec: Rc<TaskSpec>,
    /// Copied from the service when the task was made.
    pub spec_version: u64,
    pub service: ServiceId,
    /// Name and labels of the service when the task was made; later changes do not reach it.
    pub service_name: Rc<str>,
    pub service_labels: Rc<Labels>,
    /// From 1 in replicated services, 0 in global ones.
    pub slot: u64,
    /// Given at birth in global services, by the scheduler otherwise.
    pub node: Option<NodeId>,
    pub status: TaskStatus,
    pub desired: TaskState,
    pub endpoint: Option<Rc<EndpointSpec>>,
    /// Jobs only.
    pub job_iteration: Option<u64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TaskStatus {
    pub state: TaskState,
    pub message: Rc<str>,
    /// Empty: no error.
    pub err: Rc<str>,
    /// When the one who reports it saw it.
    pub timestamp: Ms,
    /// When the manager applied the last report of an agent.
    pub applied_at: Option<Ms>,
    pub container: Option<ContainerStatus>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ContainerStatus {
    /// 64 hexadecimal characters.
    pub container_id: Rc<str>,
    pub pid: u64,
    pub exit_code: i32,
}

impl Task {
    /// The name that tables show: `my-app.3`, or `agent.<node id>` for a task without slot.
    pub fn name(&self) -> String {
        match (self.slot, self.node) {
            (0, Some(node)) => format!("{}.{node}", self.service_name),
            (slot, _) => format!("{}.{slot}", self.service_name),
        }
    }

    /// The name of its container: `my-app.3.<task id>`.
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.name(), self.id)
    }

    /// Whether it has ended, or was orphaned.
    pub fn terminal(&self) -> bool {
        self.status.state > TaskState::Running
    }
}
