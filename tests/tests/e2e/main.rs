//! The built page in a real browser, end to end. `cargo xtask test --only page --only e2e` builds and runs.

mod kept;
mod keyboard;
mod kit;
mod languages;
mod page;
mod paper;
mod stage;
mod still;
mod terminal;
mod views;
