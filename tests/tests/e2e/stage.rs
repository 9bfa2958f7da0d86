//! The stage: what is seen of a swarm, and what can be done to it and to time, each part once from end to end.

use serde_json::json;
use swarmyard_tests::browser::{Key, Page, Settings, visit};

use super::page::CREATE;

const BAD: &str = "docker service update --image masungil/my-fastapi-whoami:badversion my-app";

/// Wide enough for everything to be in sight.
fn wide() -> Settings {
    Settings { width: 1440, height: 900, ..Settings::default() }
}

/// A page whose update to a missing image has paused.
fn paused(page: &Page) {
    assert_eq!(page.run(CREATE), 0);
    page.wait_for_live(3, "running", "latest");
    assert_eq!(page.run(BAD), 1);
    page.wait_until("the update is paused", || page.update_states() == ["paused"]);
}

/// Virtual milliseconds on the clock.
fn now(page: &Page) -> u64 {
    let now = page.script("return +document.querySelector('[data-now]').dataset.now", json!([]));
    now.as_u64().expect("the clock shows a number")
}

#[test]
fn time_can_be_stopped_gone_back_in_and_branched() {
    visit(&wide(), |page| {
        paused(page);
        page.click("[data-play]");
        let end = now(page);
        page.click("[data-go=command]");
        page.wait_until("it is the past", || page.count("[data-go=end]") == 1);
        assert!(now(page) < end);
        page.wait_until("the update begins", || page.update_states() != ["paused"]);
        page.screenshot("time-past");
        page.click("[data-go=decision]");
        page.wait_until("the task is rejected", || page.count("[data-state=rejected]") == 1);
        page.click("[data-go=end]");
        page.wait_until("it is as it was", || page.update_states() == ["paused"] && now(page) == end);
        // With the keyboard alone, from a button that has the focus.
        page.press("[data-play]", Key::Text("["));
        page.wait_until("one mark back", || now(page) < end);
        page.press("[data-play]", Key::Text("]"));
        page.wait_until("one mark on", || page.count("[data-go=end]") == 1 || now(page) == end);

        page.click("[data-go=command]");
        page.wait_until("it is the past", || now(page) < end);
        page.line("docker service ls");
        page.wait_until("there is a branch", || page.count("[data-branches='2']") == 1);
        page.click(".branches summary");
        page.wait_for_text(".branches", "docker service ls");
        page.screenshot("time-branches");
        page.click("[data-branch='0']");
        page.wait_until("the first branch has a future", || page.count("[data-go=end]") == 1);
    });
}

#[test]
fn the_clock_stops_by_itself_where_it_is_told_to() {
    visit(&wide(), |page| {
        page.click(".menu summary");
        page.click(".menu [data-kind=failure]");
        page.line(CREATE);
        page.wait_for_live(3, "running", "latest");
        page.line(BAD);
        page.wait_for_text(".halted", "my-app");
        page.wait_until("it stands still", || page.count("[data-play=false]") == 1);
    });
}

#[test]
fn whatever_is_chosen_tells_why() {
    visit(&wide(), |page| {
        paused(page);
        page.click("[data-state=rejected] .face");
        page.wait_for_text(".detail", "No such image");
        page.wait_for_text(".detail", BAD);
        page.screenshot("why-task");
        page.click("[data-why=service]");
        page.wait_for_text(".detail", "1 / dirty slots 3 = 0.33 > ratio 0");
        page.screenshot("why-service");
        page.press(".detail .close", Key::Escape);
        page.wait_until("it is closed", || page.count(".detail") == 0);
        assert_eq!(page.run("docker node ls"), 0);
        page.script("[...document.querySelectorAll('.log .table span')].at(-1).click()", json!([]));
        page.wait_for_text(".detail", "node2");
        page.script("document.querySelector('.spot[data-kind=update]').click()", json!([]));
        page.wait_for_text(".detail", "update status");
    });
}

#[test]
fn the_same_tasks_are_seen_by_node_and_by_slot_and_as_text() {
    visit(&wide(), |page| {
        assert_eq!(page.run(CREATE), 0);
        page.wait_for_live(3, "running", "latest");
        page.line("docker service update --update-order start-first --update-delay 5s --image masungil/my-fastapi-whoami:v2 my-app");
        page.wait_until("two share a slot", || {
            let live = page.tasks().into_iter().filter(|task| task.live).count();
            live > 3
        });
        page.click("[data-play]");
        let ids = |page: &Page| {
            let mut ids: Vec<String> = page.tasks().into_iter().map(|task| task.task).collect();
            ids.sort();
            ids
        };
        let before = ids(page);
        page.screenshot("view-nodes");
        page.click("[data-view='1']");
        page.wait_until("there are slots", || page.count("[data-slotbox]") == 3);
        assert_eq!(page.count(".slotbox.shared"), 1, "the old and the new task share a slot");
        assert_eq!(ids(page), before);
        page.screenshot("view-slots");
        page.click("[data-view='2']");
        page.wait_for_text(".twin", "my-app.1");
        for id in &before {
            assert_eq!(page.count(&format!("[data-row='{id}']")), 1, "the tables have {id}");
        }
        page.wait_for_text(".narration", "in service");
        page.screenshot("view-tables");
        page.click("[data-view='0']");
        page.wait_until("there are nodes", || page.count(".node") == 3);
        assert_eq!(ids(page), before);
    });
}

#[test]
fn a_lane_shows_its_delay_and_the_cards_change_places() {
    visit(&wide(), |page| {
        assert_eq!(page.run(CREATE), 0);
        page.line("docker service update --update-delay 4s --image masungil/my-fastapi-whoami:v2 my-app");
        page.wait_until("a lane starts a task", || page.count("[data-lane=starting]") == 1);
        page.screenshot("lane-starting");
        page.wait_until("a lane sleeps", || page.count("[data-lane=delay]") == 1);
        page.screenshot("lane-delay");
        page.press("#prompt", Key::Control('c'));
        let card = |page: &Page, which: &str| {
            let script = "return document.querySelector(arguments[0]).dataset.travels";
            page.script(script, json!([which])).as_str().unwrap_or_default().to_owned()
        };
        let (spec, previous) = (card(page, ".spec:not(.previous)"), card(page, ".spec.previous"));
        page.line("docker service rollback my-app");
        page.wait_until("they have changed places", || card(page, ".spec:not(.previous)") == previous);
        assert_eq!(card(page, ".spec.previous"), spec);
    });
}

#[test]
fn a_hundred_nodes_with_a_thousand_tasks_are_drawn() {
    visit(&wide(), |page| {
        page.go("/?nodes=100");
        page.line("docker service create -d --name many --replicas 1000 masungil/my-fastapi-whoami");
        let drawn = || {
            page.script(
                "return [...document.querySelectorAll('[data-crowd]')].reduce((n, e) => n + +e.dataset.crowd, 0)",
                json!([]),
            )
        };
        page.wait_until("all are drawn", || drawn() == 1000);
        assert_eq!(page.count(".node"), 100);
        page.screenshot("crowd");
        page.script(
            "const c = document.querySelector('.crowd'), b = c.getBoundingClientRect(); \
            c.dispatchEvent(new MouseEvent('click', {bubbles: true, clientX: b.left + 4, clientY: b.top + 4}))",
            json!([]),
        );
        page.wait_for_text(".detail", "many.");
    });
}
