//! Works out natively what the tests in a browser must come to as well.

// Public in the library, which they are also part of.
#[allow(unreachable_pub, dead_code)]
#[path = "src/storm/mod.rs"]
#[expect(unreachable_pub, reason = "it is reached in the library that the file belongs to")]
mod storm;
#[allow(unreachable_pub)]
#[path = "src/walkthrough.rs"]
#[expect(unreachable_pub, reason = "it is reached in the library that the file belongs to")]
mod walkthrough;

fn main() {
    println!("cargo::rerun-if-changed=src/walkthrough.rs");
    println!("cargo::rerun-if-changed=src/storm");
    // Only the tests in a browser ask for them.
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        println!("cargo::rustc-env=WALKTHROUGH_TRACES={}", words(walkthrough::traces()));
        println!("cargo::rustc-env=STORM_TRACES={}", words(storm::traces(0..storm::EVERYWHERE)));
    }
}

fn words(numbers: Vec<u64>) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}
