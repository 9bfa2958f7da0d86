//! Tests that need no browser.

mod causes;
mod everywhere;
mod quirks;
mod recordings;
mod tidy;
mod transcripts;
