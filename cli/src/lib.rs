//! swarmyard as a library: what the program `swarmyard` does, with files and terminal already read. Tests use it too.

pub mod replay;
