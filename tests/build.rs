//! Works out natively what the tests in a browser must come to as well.

// Public in the library, which it is also part of.
#[allow(unreachable_pub)]
#[path = "src/walkthrough.rs"]
mod walkthrough;

fn main() {
    let traces: Vec<String> = walkthrough::traces().iter().map(u64::to_string).collect();
    println!("cargo::rustc-env=WALKTHROUGH_TRACES={}", traces.join(" "));
    println!("cargo::rerun-if-changed=src/walkthrough.rs");
}
