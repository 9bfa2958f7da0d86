//! Tests that need no browser.

mod causes;
mod compose;
mod everywhere;
mod flags;
mod found;
mod life;
mod parity;
mod quirks;
mod recordings;
mod seek;
mod storm;
mod swarm;
mod tidy;
mod transcripts;
mod upstream;
