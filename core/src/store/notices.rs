//! What `docker events` tells: the last notices of all daemons.
//!
//! Models: moby daemon/events.go (logNodeEvent, logServiceEvent). Differs: a daemon keeps its last 256; here all
//! daemons together keep somewhat more.

use std::rc::Rc;

use super::Store;
use crate::model::{Mode, Network, Node, Notice, Service};
use crate::time::Ms;

/// So many are always kept.
const KEPT: usize = 1024;
/// So many at once are forgotten.
const BATCH: usize = 256;

#[derive(Clone, Debug, Default)]
pub(super) struct Notices {
    last: Vec<Rc<Notice>>,
    forgotten: usize,
}

impl Store {
    /// How many notices there have been.
    pub fn notice_count(&self) -> usize {
        self.notices.forgotten + self.notices.last.len()
    }

    /// The notices from the one with this number on, as far as they are kept.
    pub fn notices(&self, from: usize) -> &[Rc<Notice>] {
        let place = from.saturating_sub(self.notices.forgotten);
        self.notices.last.get(place..).unwrap_or(&[])
    }

    /// What was told before the session began has long been forgotten.
    pub(crate) fn forget_notices(&mut self) {
        self.notices.last.clear();
    }

    pub(crate) fn notify(&mut self, notice: Notice) {
        let Notices { last, forgotten } = &mut self.notices;
        if last.len() == KEPT + BATCH {
            last.drain(..BATCH);
            *forgotten += BATCH;
        }
        last.push(Rc::new(notice));
    }

    /// Tells of an object of the swarm.
    pub(super) fn tell(&mut self, now: Ms, kind: &'static str, action: &str, actor: &str, name: &str) {
        self.tell_more(now, kind, action, actor, vec![("name", name.to_owned())]);
    }

    /// Tells of a network: one of the swarm, or one that a node's engine has of its own.
    pub(super) fn tell_network(&mut self, at: Ms, action: &str, network: &Network) {
        let mut details = vec![("name", network.name.clone())];
        if network.node.is_some() {
            details.push(("type", network.driver.clone()));
        }
        let (kind, actor) = ("network", network.shown_id().into());
        self.notify(Notice { at, kind, action: action.into(), actor, on: network.node, task: None, details });
    }

    fn tell_more(
        &mut self,
        at: Ms,
        kind: &'static str,
        action: &str,
        actor: &str,
        details: Vec<(&'static str, String)>,
    ) {
        self.notify(Notice { at, kind, action: action.into(), actor: actor.into(), on: None, task: None, details });
    }

    pub(super) fn tell_service_update(&mut self, now: Ms, old: &Service, new: &Service) {
        let image = |service: &Service| service.spec.task.container.image.clone();
        let replicas = |service: &Service| match service.spec.mode {
            Mode::Replicated { replicas } => replicas.to_string(),
            _ => String::new(),
        };
        let state =
            |service: &Service| service.update_status.as_ref().map_or(String::new(), |s| s.state.word().to_owned());
        let mut details = vec![("name", new.spec.name.clone())];
        differs(&mut details, ["image.old", "image.new"], image(old), image(new));
        differs(&mut details, ["replicas.old", "replicas.new"], replicas(old), replicas(new));
        if !state(new).is_empty() {
            differs(&mut details, ["updatestate.old", "updatestate.new"], state(old), state(new));
        }
        self.tell_more(now, "service", "update", new.id.as_str(), details);
    }

    pub(super) fn tell_node_update(&mut self, now: Ms, old: &Node, new: &Node) {
        let words = |node: &Node| {
            let manager = node.manager.as_ref();
            [
                node.spec.availability.word().to_owned(),
                node.role.word().to_owned(),
                node.status.state.word().to_owned(),
                manager.map_or(String::new(), |manager| manager.leader.to_string()),
                manager.map_or(String::new(), |manager| manager.reachability.word().to_owned()),
            ]
        };
        const NAMES: [[&str; 2]; 5] = [
            ["availability.old", "availability.new"],
            ["role.old", "role.new"],
            ["state.old", "state.new"],
            ["leader.old", "leader.new"],
            ["reachability.old", "reachability.new"],
        ];
        let mut details = vec![("name", new.description.hostname.clone())];
        for (number, (names, (old, new))) in NAMES.into_iter().zip(words(old).into_iter().zip(words(new))).enumerate() {
            // Of managers only what changes while they are managers is told.
            if number < 3 || !(old.is_empty() || new.is_empty()) {
                differs(&mut details, names, old, new);
            }
        }
        self.tell_more(now, "node", "update", new.id.as_str(), details);
    }
}

fn differs(details: &mut Vec<(&'static str, String)>, names: [&'static str; 2], old: String, new: String) {
    if old != new {
        details.extend(names.into_iter().zip([old, new]).filter(|(_, value)| !value.is_empty()));
    }
}
