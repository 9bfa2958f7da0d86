//! Worlds for the benchmarks. Nothing else names them, so that they are in no program.

use super::World;
pub use crate::engine::pending::{Groups, Pending};
use crate::scenario::{NodeSetup, Scenario};

impl Pending {
    /// A world in which the scheduler is about to place them: [`schedule`] lets it.
    pub fn world(self) -> World {
        let lab = Scenario::lab();
        let first = lab.nodes[0].clone();
        let setup = |number| NodeSetup { hostname: format!("node{number}"), ..first.clone() };
        let scenario = Scenario { nodes: (0..self.nodes).map(setup).collect(), ..lab };
        let mut world = World::new(&scenario, 1);
        world.write(None, |ctx| self.fill(ctx));
        world
    }
}

/// Lets happen what is due until the scheduler has placed tasks.
pub fn schedule(world: &mut World) {
    let placed = |world: &World| world.store().tasks().next().is_none_or(|task| task.node.is_some());
    while !placed(world)
        && let Some(at) = world.next_at()
    {
        world.advance(at);
    }
}
