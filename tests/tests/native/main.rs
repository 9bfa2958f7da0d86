//! Tests that need no browser.

mod causes;
mod everywhere;
mod life;
mod recordings;
mod tidy;
mod transcripts;
mod upstream;
