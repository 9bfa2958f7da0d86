//! How long a frame and a jump to any moment take in a browser: `cargo xtask bench --only browser`. It prints and
//! judges nothing, because machines are noisy. Natively this is empty: `benches/moments.rs` is the same there.
#![cfg(target_arch = "wasm32")]

use swarmyard_benches::moments::{frames, hour, replay, seeks};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Milliseconds, to a tenth.
fn now() -> f64 {
    let window = web_sys::window().expect("this runs in a page");
    window.performance().expect("every browser has a clock").now()
}

#[wasm_bindgen_test]
fn frames_of_a_rolling_update() {
    for speed in [1, 20] {
        let (steps, looks) = frames(speed, &now);
        console_log!("a frame of a rolling update, 10 nodes, 50 tasks, {speed}×");
        console_log!("  step      {steps}");
        console_log!("  snapshot  {looks}");
    }
}

#[wasm_bindgen_test]
fn moments_of_an_hour() {
    let mut timeline = hour();
    console_log!("one hour, 50 tasks, {} checkpoints", timeline.checkpoints());
    console_log!("  played from the beginning: {:.1} ms", replay(&timeline, &now));
    console_log!("  seek      {}", seeks(&mut timeline, &now));
}
