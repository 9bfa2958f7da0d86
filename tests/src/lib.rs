//! The kit of the tests: recordings and how a run is held against them, and a browser for the built page.
//!
//! The tests themselves are in `tests/`: `native` needs nothing, `browser` runs inside a browser, `e2e` drives one.

#[cfg(not(target_arch = "wasm32"))]
pub mod browser;
#[cfg(not(target_arch = "wasm32"))]
pub mod compare;
pub mod everywhere;
#[cfg(not(target_arch = "wasm32"))]
pub mod fuzz;
#[cfg(not(target_arch = "wasm32"))]
pub mod parity;
#[cfg(not(target_arch = "wasm32"))]
pub mod recordings;
pub mod storm;
pub mod walkthrough;
