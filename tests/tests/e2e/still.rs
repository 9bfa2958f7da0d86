//! Nothing jumps: neither when the page comes, nor while the walk-through changes what is on it.

use swarmyard_tests::browser::{Page, Settings, visit};

/// Browsers call less than a tenth good; this is a hundredth of it, for rounding.
const MOST: f64 = 0.01;

fn still(page: &Page, when: &str) {
    let (total, moved) = page.shifts();
    assert!(total < MOST, "{total:.4} has moved {when}:\n{}", moved.join("\n"));
}

#[test]
fn nothing_moves_that_was_not_asked_to() {
    for (width, height, locale) in [(1280, 800, "en-US"), (360, 640, "ko-KR")] {
        // A narrow prompt grows while the page types at it, which a slow machine counts as unasked for.
        let reduced_motion = width < 700;
        visit(&Settings { width, height, locale, reduced_motion, ..Settings::default() }, |page| {
            page.watch_shifts();
            page.go("/");
            page.wait_until("the rest is there", || page.loaded().iter().any(|url| url.ends_with("_rest.wasm")));
            page.wait_until("there is a prompt", || page.count("#prompt") == 1);
            still(page, "at the first visit");
            page.choose("[data-choice=speed]", 5);
            for step in 0..10 {
                let begun = page.count("[role=log] > *");
                page.click("[data-walkthrough]");
                page.wait_until("it has ended", || page.count("[role=log] > *") > begun);
                page.wait_until("the next one is offered", || page.count("[data-walkthrough][aria-disabled]") == 0);
                still(page, &format!("up to step {step}"));
            }
            page.wait_until("nothing is left", || page.tasks().is_empty());
            still(page, "at the end");
        });
    }
}
