//! Tests that need no browser.

mod causes;
mod everywhere;
mod recordings;
mod tidy;
mod transcripts;
