//! Swarmyard's simulation core: a Docker Swarm, the docker command line and a shell, without any I/O.
//!
//! The way in is [`session::Session`]: a scenario, a seed and a journal of inputs; everything else follows from them.
//! Layers, lowest first (a module names only those before it): `id time rng queue`, `date`, `decimal`, `json`, `model`, `store`,
//! `engine`, `world`, `api`, `docker`, `shell`, `session`, `snapshot`. See ARCHITECTURE.md.

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
pub mod output;
pub mod queue;
pub mod rng;
pub mod scenario;
pub mod session;
pub mod shell;
pub mod snapshot;
pub mod store;
pub mod time;
pub mod why;
pub mod world;
