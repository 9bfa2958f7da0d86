//! swarmyard as a library.
