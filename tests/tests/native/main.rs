//! Tests that need no browser.

mod causes;
mod everywhere;
mod life;
mod parity;
mod quirks;
mod recordings;
mod tidy;
mod transcripts;
mod upstream;
