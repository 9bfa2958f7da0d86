//! The containers of one node. Models: moby daemon/{kill,stop,delete}.go.

use super::Api;
use crate::world::{ContainerState, ContainerView};

const SIGKILL: u8 = 9;

impl Api<'_> {
    /// Sends a signal to a container's program.
    pub fn signal(&mut self, container: &ContainerView, signal: u8) {
        let cause = self.world.asked(&format!("kill {}", container.name));
        self.world.signal(cause, self.node, container.task, signal);
    }

    /// Takes a container away, killing it if it runs.
    pub fn remove_container(&mut self, container: &ContainerView) {
        if matches!(container.state, ContainerState::Running { .. }) {
            self.signal(container, SIGKILL);
        }
        self.world.discard(self.node, container.task);
    }
}
