//! Tests that run on the machine itself.

mod transcripts;
