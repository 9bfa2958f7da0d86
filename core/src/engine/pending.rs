//! Tasks that wait for the scheduler, for the benchmarks: no command makes them in this number. Nothing else
//! names it, so that it is in no program.
//!
//! Models: swarmkit manager/scheduler/scheduler_test.go, benchScheduler.

use std::rc::Rc;

use super::tasks::new_task;
use super::{Ctx, text};
use crate::event::Rule;
use crate::id::{NodeId, ServiceId};
use crate::model::{ContainerSpec, Endpoint, Meta, Mode, Mount, Service, ServiceSpec, TaskSpec, TaskState};

/// Which tasks are placed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Groups {
    /// All, as those of one service.
    One,
    /// Each by itself.
    Each,
}

/// Tasks that wait for a node.
#[derive(Clone, Copy, Debug)]
pub struct Pending {
    pub nodes: usize,
    pub tasks: usize,
    /// They need a plugin that each third node has.
    pub constrained: bool,
    pub groups: Groups,
}

impl Pending {
    /// Puts them into the store.
    pub(crate) fn fill(self, ctx: &mut Ctx) {
        let nodes: Vec<NodeId> = ctx.store.nodes().map(|node| node.id).collect();
        ctx.begin(Rule::Asked);
        for node in nodes.into_iter().step_by(3) {
            ctx.store.update_node(node, ctx.now, |node| {
                node.description.plugins.push(("Volume".to_owned(), "special".to_owned()));
            });
        }
        let service = self.service(ctx);
        for number in 1..=self.tasks as u64 {
            let mut task = new_task(&service, number, None, ctx);
            task.status.state = TaskState::Pending;
            task.status.message = text("pending task scheduling");
            if self.groups == Groups::Each {
                task.spec_version = number;
            }
            ctx.store.create_task(task, ctx.now);
        }
    }

    /// No loop keeps it: it is not in the store.
    fn service(self, ctx: &mut Ctx) -> Service {
        let volume = Mount {
            kind: "volume".to_owned(),
            options: vec![("volume-driver".to_owned(), "special".to_owned())],
            ..Mount::default()
        };
        let mounts = if self.constrained { vec![volume] } else { Vec::new() };
        let container = ContainerSpec { mounts, ..ContainerSpec::default() };
        Service {
            id: ServiceId::random(&mut ctx.random.ids),
            meta: Meta::default(),
            spec: Rc::new(ServiceSpec {
                name: "app".to_owned(),
                labels: Default::default(),
                task: Rc::new(TaskSpec { container, ..TaskSpec::default() }),
                mode: Mode::Replicated { replicas: self.tasks as u64 },
                update: None,
                rollback: None,
                endpoint: None,
            }),
            spec_version: 0,
            previous_spec: None,
            previous_spec_version: None,
            endpoint: Endpoint::default(),
            update_status: None,
            job_status: None,
        }
    }
}
