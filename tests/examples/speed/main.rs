//! How quick the built page is in Chromium: `speed start|frames|memory`. `cargo xtask bench` builds the page and calls
//! this. It measures and prints; it judges nothing, because machines are noisy.

#[cfg(not(target_arch = "wasm32"))]
mod frames;
#[cfg(not(target_arch = "wasm32"))]
mod memory;
#[cfg(not(target_arch = "wasm32"))]
mod start;

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["start", folder] => start::measure(folder.as_ref()),
        ["frames"] => frames::measure(),
        ["memory"] => memory::measure(),
        _ => panic!("one of: start FOLDER, frames, memory"),
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}

/// Leaves the page for one with nothing in it.
#[cfg(not(target_arch = "wasm32"))]
fn blank(page: &swarmyard_tests::browser::Page) {
    page.script("location.href = 'about:blank'", serde_json::json!([]));
    page.wait_until("nothing is there", || page.script("return location.href", serde_json::json!([])) == "about:blank");
}

/// The value below which so many of a hundred lie.
#[cfg(not(target_arch = "wasm32"))]
fn within(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
