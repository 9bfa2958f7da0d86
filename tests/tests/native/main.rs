//! Tests that need no browser.

mod everywhere;
