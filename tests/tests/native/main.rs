//! Tests that need no browser.

mod everywhere;
mod found;
mod recordings;
mod storm;
mod tidy;
mod transcripts;
