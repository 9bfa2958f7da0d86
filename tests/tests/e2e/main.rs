//! The built page in a real browser, end to end. `cargo xtask test --only page --only e2e` builds and runs.

mod kit;
mod page;
mod stage;
mod terminal;
