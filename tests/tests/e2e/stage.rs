//! The stage: what is seen of a swarm, and what can be done to it and to time, each part once from end to end.

use serde_json::{Value, json};
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
        page.click("[data-menu=branches]");
        page.wait_for_text(".branches", "docker service ls");
        assert_eq!(page.count("[data-figures]"), 2, "both have their figures");
        page.click("[data-compare='0']");
        page.wait_until("both have a chart", || page.count(".chart") == 2);
        page.screenshot("time-branches");
        page.click("[data-branch='0']");
        page.wait_until("the first branch has a future", || page.count("[data-go=end]") == 1);
    });
}

#[test]
fn an_update_can_be_tried_again_with_one_flag_changed() {
    visit(&wide(), |page| {
        let image = "masungil/my-fastapi-whoami";
        let create =
            format!("0 line 0 docker service create -dq --name my-app --publish 8000:8000 --replicas 3 {image}");
        let update = format!("10000 line 0 docker service update -dq --image {image}:v2 my-app");
        page.go_on(3, 40_000, &[&create, &update, "20000 line 0 docker service ls"]);
        page.choose("[data-choice=speed]", 5);
        page.wait_until("the first is over", || page.update_states() == ["completed"]);
        page.click("[data-menu=vary]");
        page.screenshot("vary");
        assert_eq!(page.count("[data-vary='--update-order stop-first']"), 0, "it was so already");
        page.click("[data-vary='--update-order start-first']");
        page.wait_until("there is a branch", || page.count("[data-branches='2']") == 1);
        assert!(now(page) < 20_000, "it goes on from the update");
        page.wait_for_text("[role=log]", "docker service update --update-order start-first -dq --image");
        assert_eq!(page.count(".chart"), 2, "both are shown");
        page.wait_until("it is over too", || page.update_states() == ["completed"]);
        page.click("[data-menu=branches]");
        page.screenshot("vary-compared");
        let fewest = |branch: usize| page.text(&format!("[data-figures='{branch}'] td:last-child"));
        assert_eq!((fewest(0).as_str(), fewest(1).as_str()), ("2", "3"), "start-first keeps all in service");
    });
}

#[test]
fn the_clock_stops_by_itself_where_it_is_told_to() {
    visit(&wide(), |page| {
        page.click("[data-menu=stops]");
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
        // What is retried is drawn anew, and would not hold still for a click.
        page.click("[data-play]");
        page.click("[data-state=rejected] .face");
        page.wait_for_text(".detail", "No such image");
        page.wait_for_text(".detail", BAD);
        page.screenshot("why-task");
        page.click("[data-why=service]");
        page.wait_for_text(".detail", "1 / dirty slots 3 = 0.33 > ratio 0");
        page.screenshot("why-service");
        page.press(".detail .close", Key::Escape);
        page.wait_until("it is closed", || page.count(".detail") == 0);
        page.click("[data-play]");
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
        let whole = "const [...fields] = document.querySelectorAll('.spec:not(.previous) dd'); \
            const bottom = e => e.getBoundingClientRect().bottom; \
            return fields.length === 3 && bottom(fields[2]) <= bottom(document.querySelector('.spec'))";
        assert_eq!(page.script(whole, json!([])), true, "image, replicas and port are whole");
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
fn a_hundred_nodes_with_a_thousand_tasks_are_drawn_and_fit() {
    visit(&wide(), |page| {
        page.go("/?nodes=100");
        page.line("docker service create -d --name many --replicas 1000 masungil/my-fastapi-whoami");
        page.wait_until("all are drawn", || page.count(".nodes .cell") == 1000);
        assert_eq!(page.count(".node"), 100);
        let hosts = "return [...document.querySelectorAll('.node .host')].map(host => host.textContent.trim())";
        let hosts = page.script(hosts, json!([]));
        assert_eq!(
            hosts.as_array().map(|hosts| &hosts[..4]),
            Some(&["manager", "node1", "node2", "node3"].map(Value::from)[..])
        );
        page.screenshot("thousand");
        choose(page, "zoom", 0);
        let seen = "const f = document.querySelector('.field').getBoundingClientRect(), \
            s = document.querySelector('#stage').getBoundingClientRect(); \
            return f.top >= s.top - 1 && f.bottom <= s.bottom + 1";
        page.wait_until("all of it is in sight", || page.script(seen, json!([])) == true);
        page.screenshot("thousand-fit");
        // Tables have no size: the one of the picture stays.
        let percent = "return document.querySelector('[data-choice=zoom]').value";
        let fitted = page.script(percent, json!([]));
        choose(page, "zoom", 0);
        assert_eq!(page.script(percent, json!([])), fitted, "what fits is chosen already");
        page.click("[data-view='1']");
        page.wait_until("there are slots", || page.count("[data-slotbox]") == 1000);
        page.wait_until("another view fits too", || page.script(seen, json!([])) == true);
        page.click("[data-view='0']");
        page.wait_until("it is as large as before", || page.script(percent, json!([])) == fitted);
        page.click("[data-view='2']");
        page.wait_until("there are tables", || page.count("[data-choice=zoom]:disabled") == 1);
        page.press("body", Key::Text("0"));
        assert_eq!(page.script(percent, json!([])), fitted);
    });
}

#[test]
fn more_tasks_are_crowds_by_node_and_by_slot_that_arrows_walk_through() {
    visit(&wide(), |page| {
        page.go("/?nodes=100");
        page.line("docker service create -d --name many --replicas 1200 masungil/my-fastapi-whoami");
        let sum = "return [...document.querySelectorAll('[data-crowd]')].reduce((n, e) => n + +e.dataset.crowd, 0)";
        page.wait_until("all are drawn", || page.script(sum, json!([])) == 1200);
        page.screenshot("crowd");
        page.script(
            "const c = document.querySelector('.crowd'), b = c.getBoundingClientRect(); \
            c.dispatchEvent(new MouseEvent('click', {bubbles: true, clientX: b.left + 4, clientY: b.top + 4}))",
            json!([]),
        );
        page.wait_for_text(".detail", "many.");
        let first = page.text(".detail h2");
        page.press(".crowd", Key::Right);
        page.wait_until("the next one is told about", || page.text(".detail h2") != first);
        assert_eq!(page.count(".crowd .chosen"), 1);
        page.click("[data-view='1']");
        page.wait_until("a hundred slots share a box", || page.count("[data-slotbox]") == 12);
        assert_eq!(page.script(sum, json!([])), 1200);
        page.screenshot("crowd-by-slot");
    });
}

/// Chooses from a list of the page.
fn choose(page: &Page, name: &str, index: usize) {
    let script = "const list = document.querySelector(`[data-choice=${arguments[0]}]`); \
        list.selectedIndex = arguments[1]; list.dispatchEvent(new Event('change', { bubbles: true }))";
    page.script(script, json!([name, index]));
}

#[test]
fn each_slot_is_a_lane_of_the_chart_and_requests_are_counted() {
    visit(&wide(), |page| {
        paused(page);
        page.wait_until("there are three lanes", || page.count(".titles b") == 3);
        assert!(page.count(".lines .cross") > 0, "the failure is a cross");
        assert_eq!(page.count(".band[data-word=paused]"), 1);
        page.wait_for_text(".mesh .answered", "latest");
        page.screenshot("chart");
        page.script(
            "document.querySelector('[data-bar]').dispatchEvent(new MouseEvent('click', {bubbles: true}))",
            json!([]),
        );
        page.wait_for_text(".detail", "my-app.");
        // Nobody is left to answer.
        page.click("[data-play]");
        page.click("[data-play]");
        assert_eq!(page.run("docker service scale -d my-app=0"), 0);
        let lost = || {
            page.script("return +document.querySelector('[data-lost]').dataset.lost", json!([])).as_u64().unwrap_or(0)
        };
        let before = lost();
        page.wait_until("requests are lost", || lost() > before);
        page.wait_for_text(".mesh .lost", "refused");
    });
}

#[test]
fn nodes_can_be_broken_and_images_changed_and_each_shows_its_command() {
    visit(&wide(), |page| {
        assert_eq!(page.run(CREATE), 0);
        page.wait_for_live(3, "running", "latest");
        page.click("[data-menu=faults]");
        page.wait_for_text("[data-deed='power-off node2']", "world power-off node2");
        page.click("[data-preset^='exit-after=8s']");
        page.wait_for_text(".preview", "world image masungil/my-fastapi-whoami:latest exit-after=8s exit-code=1");
        page.screenshot("faults");
        page.click("[data-apply]");
        page.click("[data-deed='power-off node2']");
        page.wait_for_text("[data-host=node2]", "powered off");
        page.click("[data-deed='power-on node2']");
        page.wait_until("it is on", || !page.text("[data-host=node2]").contains("powered off"));
        page.write(".keys [name=health]", "purple");
        page.click("[data-apply]");
        page.wait_for_text(".workshop [role=alert]", "health=purple");
        page.wait_until("marks tell of it", || page.count(".spot[data-kind=command]") >= 2);
    });
}

#[test]
fn anything_can_be_inspected_with_dockers_own_words() {
    visit(&wide(), |page| {
        assert_eq!(page.run(CREATE), 0);
        page.click("[data-inspect]");
        page.wait_until("there are networks", || page.count("[data-object='network ingress']") == 1);
        page.screenshot("inspect-all");
        page.click("[data-object='network ingress']");
        page.wait_for_text(".object pre", "\"Name\": \"ingress\"");
        page.wait_for_text(".object .deed code", "docker network inspect ingress");
        page.click("[data-host=node1] button.host");
        page.wait_for_text(".object", "ready · active · worker");
        page.click(".object summary");
        page.wait_for_text(".object pre", "Hostname:");
        page.screenshot("inspect-node");
    });
}

#[test]
fn a_reload_loses_nothing_and_a_file_brings_a_session_back() {
    visit(&wide(), |page| {
        assert_eq!(page.run(CREATE), 0);
        page.wait_for_live(3, "running", "latest");
        let before = now(page);
        page.go("/");
        page.wait_for_live(3, "running", "latest");
        assert!(now(page) + 5_000 > before, "it goes on from there");
        page.wait_for_text("[role=log]", "docker service create");
        page.go("/?fresh=1");
        page.wait_until("it is a fresh one", || page.count("#prompt") == 1 && page.tasks().is_empty());
        let file = std::env::temp_dir().join(format!("swarmyard-kept-{}.txt", std::process::id()));
        let text = "swarmyard session 1\nnodes 3\nseed 1\nend 9000\n0 line 0 docker service create -dq --name kept masungil/my-fastapi-whoami\n";
        std::fs::write(&file, text).expect("temporary files can be written");
        page.click("[popovertarget=settings]");
        page.screenshot("settings");
        page.write("[data-import]", &file.to_string_lossy());
        page.wait_for_live(1, "running", "latest");
        assert!(now(page) >= 9_000);
        std::fs::remove_file(&file).expect("it was written");
    });
}
