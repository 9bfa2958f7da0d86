//! The containers of one node. Models: moby daemon/{kill,stop,delete}.go.

use super::Api;
use crate::engine::image::Reference;
use crate::world::{ContainerState, ContainerView};

const SIGKILL: u8 = 9;
/// HUP, INT, QUIT, TERM: what ends a program that does not care for them.
const DEADLY: [u8; 4] = [1, 2, 3, 15];

impl Api<'_> {
    /// Sends a signal to a container's program, which may end it: SIGKILL always, SIGTERM where it is heeded.
    pub fn signal(&mut self, container: &ContainerView, signal: u8) {
        let cause = self.world.asked(&format!("kill {}", container.name));
        let image = Reference::parse(&container.image).tagged();
        let heeds = self.world.scenario().image(&image).is_none_or(|image| image.behaviour.heeds_sigterm);
        let code = match signal {
            SIGKILL => Some(137),
            signal if DEADLY.contains(&signal) && heeds => Some(0),
            _ => None,
        };
        self.world.signal(cause, self.node, container.task, signal, code);
    }

    /// Takes a container away, killing it if it runs.
    pub fn remove_container(&mut self, container: &ContainerView) {
        if matches!(container.state, ContainerState::Running { .. }) {
            self.signal(container, SIGKILL);
        }
        self.world.discard(self.node, container.task);
    }
}
