//! Tests that run on the machine itself.
