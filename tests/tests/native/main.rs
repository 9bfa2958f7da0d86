//! Tests that need no browser.

mod answers;
mod causes;
mod client;
mod compose;
mod everywhere;
mod flags;
mod found;
mod fuzz;
mod life;
mod nearly;
mod parity;
mod quirks;
mod recordings;
mod seek;
mod storm;
mod swarm;
mod tidy;
mod transcripts;
mod tutorials;
mod upstream;
mod watch;
