//! The page with a keyboard alone: no pointer, and nothing puts the focus anywhere but keys.

use std::cell::RefCell;

use serde_json::json;
use swarmyard_tests::browser::{Key, Page, Settings, visit};

fn wide() -> Settings {
    Settings { width: 1440, height: 900, ..Settings::default() }
}

/// Presses Enter on the button of the walk-through, and waits until its command has ended.
fn step(page: &Page) {
    page.tab_to("[data-walkthrough]", Key::ShiftTab);
    let done = page.count("[role=log] > *");
    page.keys(&[Key::Enter]);
    page.wait_until("a command has ended", || page.count("[role=log] > *") > done);
    page.wait_until("the next one is offered", || page.count("[data-walkthrough][aria-disabled]") == 0);
    assert!(page.has_focus("[data-walkthrough]"), "the focus stays where it was");
}

fn now(page: &Page) -> u64 {
    let now = page.script("return +document.querySelector('[data-now]').dataset.now", json!([]));
    now.as_u64().expect("the clock shows a number")
}

#[test]
fn the_walk_through_can_be_done() {
    visit(&wide(), |page| {
        page.wait_until("the prompt has the focus", || page.has_focus("#prompt"));
        // Three times as fast, and back down from there.
        page.tab_to("[data-choice=speed]", Key::ShiftTab);
        page.keys(&[Key::Down, Key::Down]);
        page.wait_until("it is quick", || page.count("[data-chosen='5×']") == 1);
        page.tab_to("[data-walkthrough]", Key::Tab);
        for _ in 0..3 {
            step(page);
        }
        page.wait_until("the update is paused", || page.update_states() == ["paused"]);
        page.tab_to("[data-view='1']", Key::Tab);
        page.keys(&[Key::Enter]);
        page.wait_until("there are slots", || page.count("[data-slotbox]") == 3);
        page.tab_to("[data-view='0']", Key::ShiftTab);
        page.keys(&[Key::Text(" ")]);
        page.wait_until("there are nodes", || page.count(".node") == 3);

        // The clock stands still from here on: what is tried again does not go away.
        page.wait_until("it stands still with what was rejected in sight", || {
            if page.count("[data-state=rejected] .face") > 0 {
                page.keys(&[Key::Text("p")]);
            }
            if page.count("[data-play=false]") == 1 && page.count("[data-state=rejected] .face") == 0 {
                page.keys(&[Key::Text("p")]);
            }
            page.count("[data-play=false]") == 1
        });
        page.tab_to("[data-state=rejected] .face", Key::Tab);
        page.keys(&[Key::Enter]);
        page.wait_for_text(".detail", "No such image");
        page.wait_until("the focus goes there", || page.has_focus(".detail"));
        page.tab_to(".detail .at", Key::Tab);
        page.keys(&[Key::Escape]);
        page.wait_until("it is closed", || page.count(".detail") == 0);
        page.wait_until("the focus is where it was", || page.has_focus("[data-state=rejected] .face"));

        let end = now(page);
        page.keys(&[Key::Text("[")]);
        page.wait_until("it is the past", || now(page) < end);
        page.tab_to("[data-go=end]", Key::Tab);
        page.keys(&[Key::Enter]);
        page.wait_until("it is the end", || now(page) == end);
        page.tab_to("[data-play]", Key::ShiftTab);
        page.keys(&[Key::Enter]);
        page.tab_to("[data-walkthrough]", Key::Tab);
        for _ in 3..10 {
            step(page);
        }
        page.wait_until("nothing is left", || page.tasks().is_empty());
    });
}

#[test]
fn a_cell_that_is_replaced_passes_the_focus_on() {
    visit(&wide(), |page| {
        let create = "0 line 0 docker service create -dq --name c --replicas 2 --restart-delay 1s demo/crash";
        page.go_on(3, 6_000, &[create]);
        page.wait_until("the prompt has the focus", || page.has_focus("#prompt"));
        page.tab_to("[data-choice=speed]", Key::ShiftTab);
        page.keys(&[Key::Down]);
        page.tab_to("[data-slot='2'] .face", Key::Tab);
        let focused = || {
            let task = "return document.activeElement.closest('[data-slot=\"2\"]')?.dataset.task ?? ''";
            page.script(task, json!([])).as_str().unwrap_or_default().to_owned()
        };
        let seen = RefCell::new(vec![focused()]);
        page.wait_until("the focus has gone on to the third task after it", || {
            let mut seen = seen.borrow_mut();
            let now = focused();
            if !now.is_empty() && !seen.contains(&now) {
                seen.push(now);
            }
            seen.len() == 4
        });
        // Where a person goes, it does not follow.
        page.tab_to("#prompt", Key::ShiftTab);
        let then = now(page);
        page.wait_until("the next has come and gone", || now(page) > then + 10_000);
        assert!(page.has_focus("#prompt"));
    });
}

#[test]
fn a_branch_can_be_begun_and_compared() {
    visit(&wide(), |page| {
        let create = "0 line 0 docker service create -dq --name my-app --replicas 3 masungil/my-fastapi-whoami";
        page.go_on(3, 20_000, &[create, "10000 line 0 docker service update -dq --force my-app"]);
        page.wait_until("the prompt has the focus", || page.has_focus("#prompt"));
        page.tab_to("[data-go=command]", Key::Tab);
        page.keys(&[Key::Enter]);
        page.wait_until("it is the past", || now(page) <= 10_000);
        page.tab_to(".skip[href='#prompt']", Key::ShiftTab);
        page.keys(&[Key::Enter]);
        page.wait_until("the prompt has the focus", || page.has_focus("#prompt"));
        page.keys(&[Key::Text("docker service ls"), Key::Enter]);
        page.wait_until("there is a branch", || page.count("[data-branches='2']") == 1);
        page.tab_to("[data-menu=branches]", Key::Tab);
        page.keys(&[Key::Enter]);
        page.tab_to("[data-compare]", Key::Tab);
        page.keys(&[Key::Text(" ")]);
        page.wait_until("both have a chart", || page.count(".chart") == 2);
        page.keys(&[Key::Escape]);
        // In a field it is the field's: from its button it closes.
        page.tab_to("[data-menu=branches]", Key::ShiftTab);
        page.keys(&[Key::Escape]);
        page.wait_until("it is closed", || page.count(".branches .card") == 0);
        assert!(page.has_focus("[data-menu=branches]"));
    });
}

#[test]
fn nothing_holds_the_focus_and_all_of_it_is_reached() {
    for (width, height) in [(1440, 900), (360, 640)] {
        visit(&Settings { width, height, ..wide() }, |page| {
            page.go_on(
                3,
                9_000,
                &["0 line 0 docker service create -dq --name my-app --replicas 3 masungil/my-fastapi-whoami"],
            );
            page.wait_until("the prompt has the focus", || page.has_focus("#prompt"));
            // What is half written is completed; Escape lets go.
            page.keys(&[Key::Text("docker node"), Key::Escape]);
            page.tab_to(".skip", Key::Tab);
            page.tab_to("#prompt", Key::Tab);
            page.tab_to(".skip", Key::ShiftTab);
            page.tab_to(".skip[href='#stage']", Key::Tab);
            if width > 700 {
                page.keys(&[Key::Enter]);
                page.wait_until("the cluster has the focus", || page.has_focus("#stage"));
                page.tab_to("[data-why=service]", Key::Tab);
            }
            for popover in ["settings", "about"] {
                page.tab_to(&format!("[popovertarget={popover}]"), Key::ShiftTab);
                page.keys(&[Key::Enter]);
                page.wait_until("it is open", || page.count(":popover-open") == 1);
                page.tab_to(":popover-open *", Key::Tab);
                page.keys(&[Key::Escape]);
                page.wait_until("it is closed", || page.count(":popover-open") == 0);
                assert!(page.has_focus(&format!("[popovertarget={popover}]")), "the focus is back");
            }
        });
    }
}
