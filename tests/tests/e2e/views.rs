//! The page in each of its states, by node and by slot, at each width and in each of its looks. Each is put into
//! `target/screens` to be looked at, and axe-core is asked what keeps people out of it.

use serde_json::json;
use swarmyard_tests::browser::{Page, Settings, visit};

const CREATE: &str = "0 line 0 docker service create -dq --name my-app --publish published=8000,target=8000 \
                      --replicas 3 masungil/my-fastapi-whoami:latest";
const UPDATE: &str =
    "10000 line 0 docker service update --update-delay 4s --image masungil/my-fastapi-whoami:v2 my-app";
const BAD: &str = "10000 line 0 docker service update --image masungil/my-fastapi-whoami:badversion my-app";

/// Width, height, and the look in which axe-core is asked there.
const SIZES: [(u32, u32, Look); 4] =
    [(1440, 900, Look::Light), (1024, 768, Look::Dark), (768, 1024, Look::Forced), (360, 640, Look::Light)];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Look {
    Light,
    Dark,
    Forced,
}

fn settings(width: u32, height: u32, look: Look) -> Settings {
    let (dark, forced_colors) = (look == Look::Dark, look == Look::Forced);
    Settings { width, height, dark, forced_colors, ..Settings::default() }
}

/// A page that `open` has brought into a state, seen from all sides.
fn see(state: &str, open: impl FnOnce(&Page)) {
    visit(&settings(1440, 900, Look::Light), |page| {
        open(page);
        let mut complaints = Vec::new();
        for (width, height, asked) in SIZES {
            page.apply(&settings(width, height, Look::Light));
            page.script("document.querySelectorAll('.panes button')[1].click()", json!([]));
            for (view, word) in [("0", "node"), ("1", "slot")] {
                // Not by a pointer: what stands over it is another test's.
                page.script("document.querySelector(arguments[0]).click()", json!([format!("[data-view='{view}']")]));
                page.wait_until("it is shown so", || {
                    page.count(&format!("[data-view='{view}'][aria-pressed=true]")) == 1
                });
                for look in [Look::Light, Look::Dark, Look::Forced] {
                    page.apply(&settings(width, height, look));
                    settle(page);
                    let name = format!("{state}-{word}-{width}-{look:?}").to_lowercase();
                    page.screenshot(&name);
                    let overflow = page.horizontal_overflow();
                    assert_eq!(overflow, 0, "pixels beside the window: {name}");
                    if look == asked {
                        complaints
                            .extend(page.complaints().into_iter().map(|complaint| format!("{name}: {complaint}")));
                    }
                }
            }
        }
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    });
}

/// Lets what moves for a moment come to rest, as it is seen after that moment.
fn settle(page: &Page) {
    let script = "document.getAnimations().filter(a => !(a.animationName && a.animationName != 'appear')).forEach(a => a.finish())";
    page.script(script, json!([]));
}

/// Stops the clock.
fn hold(page: &Page) {
    page.click("[data-play=true]");
    page.wait_until("it stands still", || page.count("[data-play=false]") == 1);
}

#[test]
fn the_first_page() {
    see("first", hold);
}

#[test]
fn the_middle_of_a_good_update() {
    see("update", |page| {
        page.go_on(3, 20_000, &[CREATE, UPDATE]);
        hold(page);
        assert_eq!(page.update_states(), ["updating"]);
        for (width, height) in [(320, 568), (2560, 1440)] {
            page.apply(&settings(width, height, Look::Light));
            settle(page);
            page.screenshot(&format!("update-{width}"));
            assert_eq!(page.horizontal_overflow(), 0, "pixels beside a window of {width}");
        }
        // Where people have less room than in the pictures, too.
        for (width, height) in [(1280, 800), (1440, 900), (1024, 768)] {
            page.apply(&settings(width, height, Look::Light));
            settle(page);
            page.screenshot(&format!("fold-{width}"));
            assert_eq!(hidden(page), json!([]), "cells are in sight at {width} × {height}");
        }
    });
}

#[test]
fn an_update_that_is_paused_at_a_missing_image() {
    see("paused", |page| {
        page.go_on(3, 26_000, &[CREATE, BAD]);
        hold(page);
        assert_eq!(page.update_states(), ["paused"]);
        page.apply(&settings(1280, 800, Look::Light));
        assert_eq!(hidden(page), json!([]), "cells are in sight");
    });
}

#[test]
fn an_automatic_rollback() {
    see("rollback", |page| {
        let policy = "10000 line 0 docker service update -dq --update-failure-action rollback my-app";
        let bad = "20000 line 0 docker service update --image masungil/my-fastapi-whoami:badversion my-app";
        page.go_on(3, 20_500, &[CREATE, policy, bad]);
        hold(page);
        for _ in 0..9 {
            if page.update_states() != ["rollback_started"] {
                page.click("[data-go=decision]");
            }
        }
        page.wait_until("it rolls back", || page.update_states() == ["rollback_started"]);
    });
}

#[test]
fn an_update_that_starts_first() {
    see("start-first", |page| {
        let update = "10000 line 0 docker service update --update-order start-first --image masungil/my-fastapi-whoami:v2 my-app";
        page.go_on(3, 13_000, &[CREATE, update]);
        hold(page);
        assert!(page.tasks().iter().filter(|task| task.live).count() > 3, "two share a slot");
    });
}

#[test]
fn a_node_that_is_down() {
    see("down", |page| {
        page.go_on(3, 40_000, &[CREATE, "12000 world power-off node2"]);
        hold(page);
        page.wait_for_text("[data-host=node2]", "powered off");
    });
}

#[test]
fn a_hundred_nodes_and_a_thousand_tasks() {
    see("crowd", |page| {
        page.go_on(
            100,
            9_000,
            &["0 line 0 docker service create -dq --name many --replicas 1000 masungil/my-fastapi-whoami"],
        );
        hold(page);
        assert_eq!(page.count(".node"), 100);
    });
}

#[test]
fn two_branches_beside_each_other() {
    see("branches", |page| {
        page.go_on(3, 26_000, &[CREATE, BAD]);
        hold(page);
        page.click("[data-go=command]");
        page.line("docker service update -dq --image masungil/my-fastapi-whoami:v2 my-app");
        page.wait_until("there is a branch", || page.count("[data-branches='2']") == 1);
        page.click("[data-play=false]");
        page.wait_until("it has come somewhere", || page.count("[data-version=v2]") > 0);
        hold(page);
        page.click("[data-menu=branches]");
        page.click("[data-compare='0']");
        page.wait_until("both have a chart", || page.count(".chart") == 2);
    });
}

/// The cells of live tasks of which some part is not in sight.
fn hidden(page: &Page) -> serde_json::Value {
    let script = "return [...document.querySelectorAll('.cell[data-live=true]')].filter(cell => {
            const r = cell.getBoundingClientRect(), at = (x, y) => cell.contains(document.elementFromPoint(x, y));
            return !(at(r.left + 12, r.top + 12) && at(r.right - 12, r.bottom - 4));
        }).map(cell => cell.dataset.slot)";
    page.script(script, json!([]))
}
