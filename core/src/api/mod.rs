//! The daemon's API: looks things up, checks what is asked for, writes the desired state.
//!
//! Models: swarmkit manager/controlapi and moby daemon/cluster. A client talks to the daemon of one node; the errors
//! are those that such a client receives.

mod containers;
mod error;
mod images;
mod nodes;
mod objects;
mod services;
mod swarm;
mod validate;

pub use error::{ApiError, Code};
pub use objects::FileSpec;
pub use services::ServiceStatus;
pub use swarm::{Init, Join, Joined, Settings};

use std::rc::Rc;

use crate::engine::image::Reference;
use crate::engine::machines::Membership;
use crate::engine::managers::Answers;
use crate::id::NodeId;
use crate::world::{Excuse, World};

/// What the registry says of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// `sha256:…`
    pub digest: String,
    /// (architecture, os)
    pub platforms: Vec<(String, String)>,
}

/// The kind of a write to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rollback {
    /// An ordinary update: the spec is the caller's.
    No,
    /// Back to the previous spec; the spec that the caller sends is only checked.
    Previous,
}

/// The daemon of one node, as a client sees it.
pub struct Api<'w> {
    pub world: &'w mut World,
    /// The node whose daemon answers.
    pub node: NodeId,
}

impl Api<'_> {
    /// Refuses what only a manager may answer.
    fn manager(&self) -> Result<(), ApiError> {
        self.manages()?;
        match (self.world.excused(), self.world.answers(self.node)) {
            (Some(Excuse::LostLeadership), _) | (None, Answers::All | Answers::Reads) => Ok(()),
            (Some(Excuse::Deadline), _) | (None, Answers::Later) => Err(ApiError::Deadline),
            (None, Answers::Nothing) => Err(ApiError::NoLeader),
        }
    }

    /// Whether this node is in a swarm, whatever it is there.
    pub(crate) fn in_swarm(&self) -> bool {
        let machine = self.world.machine_of(self.node);
        machine.is_some_and(|machine| machine.membership == Membership::Member)
    }

    /// Refuses where no manager runs, whatever it would answer.
    pub(crate) fn manages(&self) -> Result<(), ApiError> {
        match self.world.machine_of(self.node).map(|machine| machine.membership) {
            None | Some(Membership::None) => Err(ApiError::NotInSwarm),
            Some(Membership::Locked) => Err(ApiError::Locked),
            Some(Membership::Member) if self.world.managers().is_member(self.node) => Ok(()),
            Some(Membership::Member | Membership::Joining) => Err(ApiError::NotManager),
        }
    }

    /// Refuses what can only be read.
    fn writable(&self) -> Result<(), ApiError> {
        self.manager()?;
        match self.world.excused() {
            Some(Excuse::LostLeadership) => Err(ApiError::LostLeadership),
            _ => Ok(()),
        }
    }

    /// Asks the registry for the digest of an image, as the client does before it creates or updates a service.
    ///
    /// # Errors
    /// The registry does not answer, or does not know the image.
    pub fn distribution(&self, image: &str) -> Result<Distribution, ApiError> {
        let reference = Reference::parse(image);
        match self.world.registry().offers(&reference) {
            Some(image) => Ok(Distribution {
                digest: image.digest.clone(),
                platforms: vec![("amd64".to_owned(), "linux".to_owned())],
            }),
            None => Err(ApiError::Refused {
                code: Code::Daemon,
                sentence: format!("manifest for {} not found", reference.tagged()),
            }),
        }
    }
}

/// An object that references can name.
trait Named {
    /// Kind as errors call it.
    const KIND: &'static str;

    fn id(&self) -> &str;
    fn name(&self) -> &str;
}

/// The object that `reference` names.
fn find<'o, T: Named + 'o>(objects: impl Iterator<Item = &'o Rc<T>>, reference: &str) -> Result<Rc<T>, ApiError> {
    let objects: Vec<&Rc<T>> = objects.collect();
    let names: Vec<(&str, &str)> = objects.iter().map(|object| (object.id(), object.name())).collect();
    place(T::KIND, &names, reference).map(|place| Rc::clone(objects[place]))
}

/// The place of the object that `reference` names, among ids and names: by its full id, its name, or the beginning of
/// its id. Models: moby daemon/cluster/helpers.go.
fn place(kind: &'static str, names: &[(&str, &str)], reference: &str) -> Result<usize, ApiError> {
    // The first that fits in each of the three ways, and how many do.
    let mut found = [(0, 0); 3];
    for (place, (id, name)) in names.iter().enumerate().rev() {
        let fits = [*id == reference, *name == reference, !reference.is_empty() && id.starts_with(reference)];
        for (found, _) in found.iter_mut().zip(fits).filter(|(_, fits)| *fits) {
            *found = (place, found.1 + 1);
        }
    }
    match found.into_iter().find(|(_, count)| *count > 0) {
        None => Err(ApiError::NotFound { kind, reference: reference.to_owned() }),
        Some((place, 1)) => Ok(place),
        Some((_, matches)) => Err(ApiError::Ambiguous { kind, reference: reference.to_owned(), matches }),
    }
}
