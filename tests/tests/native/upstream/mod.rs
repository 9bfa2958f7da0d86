//! What Swarm's own tests hold it to, restated: each test here names the ones it follows, as
//! `Upstream: REPOSITORY PATH TEST`. Theirs put objects into a store and play the agent; these type docker commands
//! and let things happen to the world, so that whole paths are held and not single loops.

mod agents;
mod api_cluster;
mod api_nodes;
mod api_services;
mod dispatcher;
mod enforcer;
mod global;
mod jobs;
pub(crate) mod kit;
mod replicated;
mod restart;
mod tasks;
mod updater;
