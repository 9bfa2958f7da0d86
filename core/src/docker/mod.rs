//! The docker command line: words in, text and an exit code out.

use crate::id::NodeId;
use crate::output::Output;
use crate::time::Ms;
use crate::world::World;

/// How a command goes on after it was started.
#[derive(Clone, Debug)]
pub enum Flow {
    /// It has ended, with this exit code.
    Exit(i32),
    /// It holds the prompt.
    Hold(Foreground),
}

/// A docker command that holds the prompt: an enum value that is polled, so that it can be cloned with the session.
#[derive(Clone, Debug)]
pub enum Foreground {}

impl Foreground {
    /// When it wants to be polled next.
    pub fn wake_at(&self) -> Ms {
        match *self {}
    }

    /// Goes on at the time it asked for. Returns the exit code when it has ended.
    pub fn poll(&mut self, _world: &mut World, _output: &mut Output) -> Option<i32> {
        match *self {}
    }

    /// Ctrl-C. Returns the exit code when that ends it.
    pub fn interrupt(&mut self, _world: &mut World, _output: &mut Output) -> Option<i32> {
        match *self {}
    }
}

/// Runs `docker ARGS…` in a shell of `node`. `args` does not hold the word `docker` itself.
pub fn run(_world: &mut World, _node: NodeId, _args: &[String], _output: &mut Output) -> Flow {
    Flow::Exit(0)
}
