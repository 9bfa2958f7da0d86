//! What the tests share with `cargo xtask`: the server of the built page.

pub mod server;
