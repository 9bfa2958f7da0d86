//! Tests that need no browser.

mod everywhere;
mod recordings;
mod tidy;
mod transcripts;
mod upstream;
