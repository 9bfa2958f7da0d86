//! Networks, configs and secrets. No control loop waits for them, so their writes are no changes.

use std::rc::Rc;

use super::Store;
use crate::id::{FileId, NetworkId};
use crate::model::{ClusterFile, Network};
use crate::time::Ms;

impl Store {
    pub fn network(&self, id: NetworkId) -> Option<&Rc<Network>> {
        self.networks.get(&id)
    }

    pub fn networks(&self) -> impl Iterator<Item = &Rc<Network>> + Clone {
        self.networks.values()
    }

    pub fn file(&self, id: FileId) -> Option<&Rc<ClusterFile>> {
        self.files.get(&id)
    }

    /// Configs and secrets.
    pub fn files(&self) -> impl Iterator<Item = &Rc<ClusterFile>> + Clone {
        self.files.values()
    }

    pub(crate) fn create_network(&mut self, mut network: Network, now: Ms) {
        network.meta = self.born(now);
        if !network.predefined {
            self.tell_network(now, "create", &network);
        }
        self.networks.insert(network.id, Rc::new(network));
    }

    pub(crate) fn update_network(&mut self, id: NetworkId, now: Ms, change: impl FnOnce(&mut Network)) {
        let index = self.index;
        let Some(network) = self.networks.get_mut(&id) else { return };
        let network = Rc::make_mut(network);
        change(network);
        (network.meta.version, network.meta.updated) = (index, now);
        let (id, name) = (network.id.to_string(), network.name.clone());
        self.tell(now, "network", "update", &id, &name);
    }

    pub(crate) fn delete_network(&mut self, id: NetworkId, now: Ms) {
        if let Some(old) = self.networks.remove(&id) {
            self.tell_network(now, if old.node.is_some() { "destroy" } else { "remove" }, &old);
        }
    }

    /// Puts in a new config or secret, or one whose labels have changed.
    pub(crate) fn put_file(&mut self, mut file: ClusterFile, now: Ms) {
        let known = self.files.get(&file.id).map(|known| known.meta);
        file.meta = known.unwrap_or_else(|| self.born(now));
        self.touch(&mut file.meta, now);
        let action = if known.is_some() { "update" } else { "create" };
        self.tell(now, file.kind.word(), action, file.id.as_str(), &file.name);
        self.files.insert(file.id, Rc::new(file));
    }

    pub(crate) fn delete_file(&mut self, id: FileId, now: Ms) {
        if let Some(old) = self.files.remove(&id) {
            self.tell(now, old.kind.word(), "remove", id.as_str(), &old.name);
        }
    }
}
