//! Tests that need no browser.

mod causes;
mod everywhere;
mod found;
mod recordings;
mod storm;
mod tidy;
mod transcripts;
