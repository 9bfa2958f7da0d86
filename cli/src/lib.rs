//! swarmyard as a library: what the program `swarmyard` does, with files and terminal already read. Tests use it too.

mod duration;
pub mod repl;
pub mod replay;
pub mod run;
