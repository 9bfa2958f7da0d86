//! What happened to which task since somebody looked last, from the record of events: so that whoever looks often need
//! not look at everything.

use crate::collections::Set;
use crate::event::What;
use crate::id::{ServiceId, TaskId};
use crate::world::World;

#[derive(Default)]
pub(super) struct News {
    /// Some may be gone by now.
    pub(super) tasks: Set<TaskId>,
    /// Whose spec or update is another.
    pub(super) services: Set<ServiceId>,
}

/// Up to where somebody has looked.
#[derive(Clone, Copy, Default)]
pub(super) struct Seen {
    events: usize,
    steps: usize,
}

impl Seen {
    /// All of `world`.
    pub(super) fn all(world: &World) -> Seen {
        Seen { events: world.store().record().len(), steps: world.store().stirred().len() }
    }
}

impl News {
    /// What came after `seen`; `None` for more than tasks and services that stay.
    pub(super) fn since(seen: Seen, world: &World) -> Option<News> {
        let record = world.store().record();
        if seen.events > record.len() {
            return None;
        }
        let mut news = News::default();
        news.tasks.extend(world.store().stirred().since(seen.steps)?);
        for (_, event) in record.since(seen.events) {
            match event.what {
                What::TaskCreated { task, .. }
                | What::TaskState { task, .. }
                | What::TaskDesired { task, .. }
                | What::TaskChanged { task }
                | What::TaskRemoved { task }
                | What::AgentActs { task } => news.tasks.insert(task),
                What::ServiceChanged { service } | What::UpdateStatus { service, .. } => news.services.insert(service),
                _ => return None,
            };
        }
        Some(news)
    }
}
