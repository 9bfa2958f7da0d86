//! Swarmyard's simulation core: a Docker Swarm, the docker command line and a shell, without any I/O.
//!
//! The way in is [`session::Session`]: a scenario, a seed and a journal of inputs; everything else follows from them.
//! Its layers are listed in ARCHITECTURE.md.
//!
//! ```
//! use swarmyard_core::model::TaskState;
//! use swarmyard_core::scenario::Scenario;
//! use swarmyard_core::session::{Input, Session};
//!
//! let mut session = Session::new(&Scenario::playground(), 7);
//! let text = "docker service create --name my-app --replicas 2 masungil/my-fastapi-whoami:latest";
//! session.input(Input::Line { shell: 0, text: text.to_owned() });
//! session.advance(20_000);
//! let snapshot = session.snapshot();
//! let running = snapshot.tasks.iter().filter(|task| task.state == TaskState::Running);
//! assert_eq!(running.count(), 2);
//! ```

pub mod action;
pub mod api;
pub mod check;
pub mod collections;
pub mod date;
pub mod decimal;
pub mod docker;
pub mod engine;
pub mod event;
pub mod id;
pub mod json;
pub mod model;
pub(crate) mod natural;
pub mod output;
pub mod queue;
pub mod rng;
pub mod scenario;
pub mod session;
pub mod shell;
pub mod snapshot;
pub mod store;
pub(crate) mod subnet;
pub mod time;
pub mod why;
pub mod world;
