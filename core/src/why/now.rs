//! What something waits for at this moment. Events tell how it came to be as it is; this, why it is not further.

use super::{Lang, Phrase, Why, clock};
use crate::engine::updater::{Phase, Update, Work};
use crate::event::Operand;
use crate::id::{NetworkId, ServiceId, TaskId};
use crate::model::TaskState;
use crate::time::Ms;

/// A phrase with its operands.
type Wait = (Phrase, Vec<Operand>);

impl Why<'_> {
    /// What a service's update or a task waits for, in words.
    pub fn waits(&self, name: &str, lang: Lang) -> Vec<String> {
        let waits = match self.subject(name) {
            Ok(Operand::Task(task)) => self.task_waits(task),
            Ok(Operand::Service(service)) => self.service_waits(service),
            _ => Vec::new(),
        };
        waits.into_iter().map(|(phrase, operands)| self.say(phrase, &operands, lang)).collect()
    }

    fn task_waits(&self, id: TaskId) -> Vec<Wait> {
        let restart = &self.world.engine_state().restart;
        let mut waits = Vec::new();
        if let Some(until) = restart.starts_at(id) {
            waits.push((Phrase::WaitsForDelay, vec![moment(until)]));
        }
        if let Some(old) = restart.waits_for(id) {
            waits.push((Phrase::WaitsForOld, vec![Operand::Task(old)]));
        }
        if let Some(network) = self.missing_network(id) {
            waits.push((Phrase::WaitsForNetwork, vec![Operand::Text(network.into())]));
        }
        let node = self.world.store().task(id).and_then(|task| task.node);
        let work = node.and_then(|node| self.world.agent(node)).and_then(|agent| agent.work(id));
        if let Some(until) = work.and_then(|work| work.until).filter(|until| *until > self.world.now()) {
            waits.push((Phrase::Busy, vec![moment(until)]));
        }
        waits
    }

    /// The network without which the allocator does not let a new task go on.
    fn missing_network(&self, id: TaskId) -> Option<&str> {
        let store = self.world.store();
        let task = store.task(id).filter(|task| task.status.state == TaskState::New)?;
        let service = store.service(task.service).map_or(&[][..], |service| &service.spec.task.networks);
        let used = task.spec.networks.iter().chain(service);
        let mut networks = used.filter_map(|used| store.network(NetworkId::parse(&used.target)?));
        let kept = self.world.engine_state().allocator.keeps_waiting(task.service);
        // Of a service that has no address, the last of its networks is likeliest to be the one.
        let missing = networks.clone().find(|network| network.waits).or_else(|| networks.next_back().filter(|_| kept));
        missing.map(|network| network.name.as_str())
    }

    fn service_waits(&self, id: ServiceId) -> Vec<Wait> {
        self.world.engine_state().updater.update_of(id).map_or_else(Vec::new, update_waits)
    }
}

fn moment(at: Ms) -> Operand {
    Operand::Text(clock(at).into())
}

fn update_waits(update: &Update) -> Vec<Wait> {
    let mut waits = Vec::new();
    for lane in &update.lanes {
        let slot = |slot: u64| Operand::Number(slot);
        match &lane.work {
            Work::Idle => {}
            Work::Starting { slot: at } | Work::Keeping { slot: at } => {
                waits.push((Phrase::LaneWaits, vec![slot(at.place.slot())]));
            }
            Work::Delay { slot: at, until, .. } => {
                waits.push((Phrase::LaneSleeps, vec![slot(at.place.slot()), moment(*until)]));
            }
        }
    }
    if !update.waiting.is_empty() {
        waits.push((Phrase::SlotsWait, vec![Operand::Number(update.waiting.len() as u64)]));
    }
    if let Phase::Monitoring { until, .. } = update.phase {
        waits.push((Phrase::Watches, vec![moment(until)]));
    }
    waits
}
