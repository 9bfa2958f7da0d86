//! What a visit leaves for the next one, what a page does for who wants less of it, and what it says when it breaks.

use std::cell::Cell;

use serde_json::json;
use swarmyard_tests::browser::{Key, Page, Settings, visit};

use super::page::CREATE;

fn wide() -> Settings {
    Settings { width: 1440, height: 900, ..Settings::default() }
}

fn ready(page: &Page) {
    page.wait_until("there is a prompt", || page.count("#prompt") == 1);
}

#[test]
fn choices_outlive_a_reload() {
    visit(&wide(), |page| {
        ready(page);
        page.click("[data-theme=light]");
        page.click("[data-menu=stops]");
        page.click(".menu [data-kind=failure]");
        page.click("[popovertarget=settings]");
        page.click("[data-setting=keys]");
        page.press("[data-setting=keys]", Key::Escape);
        page.click("[data-lang=en]");
        page.go("/");
        ready(page);
        let kept = || {
            ["[data-theme=dark]", "html.dark", "html[lang=ko]", "[data-lang=ko]", "[data-stops='8']"]
                .map(|mark| page.count(mark))
        };
        page.wait_until("they are as they were", || kept() == [1; 5]);
        assert_eq!(
            page.script("return document.querySelector('[data-setting=keys]').checked", json!([])),
            json!(false)
        );
        // Without single keys none of them does anything.
        page.press("[data-play]", Key::Text("p"));
        assert_eq!(page.count("[data-play=true]"), 1);
    });
}

#[test]
fn a_session_can_be_taken_along_as_a_file() {
    visit(&wide(), |page| {
        assert_eq!(page.run(CREATE), 0);
        // Chromium would ask where to put it.
        let catch = "const click = HTMLElement.prototype.click; HTMLElement.prototype.click = function () {
            if (this.download) window.taken = [this.download, decodeURIComponent(this.href)]; else click.call(this)}";
        page.script(catch, json!([]));
        page.click("[popovertarget=settings]");
        page.click("[data-export]");
        page.wait_until("it is there", || page.script("return !!window.taken", json!([])) == json!(true));
        let taken = page.script("return window.taken", json!([]));
        assert_eq!(taken[0], json!("swarmyard-session.txt"));
        let text = taken[1].as_str().expect("its address is its text");
        assert!(
            text.contains("swarmyard session 1\nnodes 3\nseed 1\n") && text.contains("docker service create"),
            "{text}"
        );
    });
}

#[test]
fn who_wants_no_motion_sees_none() {
    let running = "return document.getAnimations().filter(a => a.playState === 'running').length";
    for reduced_motion in [false, true] {
        visit(&Settings { reduced_motion, ..wide() }, |page| {
            let most = Cell::new(0);
            page.line(CREATE);
            page.wait_until("all tasks run", || {
                most.set(most.get().max(page.script(running, json!([])).as_u64().unwrap_or(0)));
                page.tasks().iter().filter(|task| task.state == "running").count() == 3
            });
            assert_eq!(most.get() == 0, reduced_motion, "{} things have moved at once", most.get());
        });
    }
}

#[test]
fn what_happens_is_told_and_not_too_quickly() {
    visit(&wide(), |page| {
        let hear = "window.said = []; new MutationObserver(() => said.push([performance.now(),
            document.querySelector('.stage > [role=status]').textContent])).observe(
            document.querySelector('.stage > [role=status]'), {childList: true, characterData: true, subtree: true})";
        page.line(CREATE);
        page.wait_for_live(3, "running", "latest");
        page.script(hear, json!([]));
        page.choose("[data-choice=speed]", 6);
        page.line("docker service update --image masungil/my-fastapi-whoami:v2 my-app");
        page.wait_until("it is done", || page.update_states() == ["completed"]);
        page.wait_until("it was told", || {
            page.script("return said.at(-1)?.[1] ?? ''", json!([]))
                .as_str()
                .is_some_and(|said| said.contains("completed"))
        });
        let said = page.script("return said", json!([]));
        let times: Vec<f64> = said.as_array().into_iter().flatten().filter_map(|said| said[0].as_f64()).collect();
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] > 2_000.0), "{said}");
    });
}

#[test]
fn a_part_of_another_page_keeps_to_itself() {
    visit(&wide(), |page| {
        page.go("/?embed=1");
        ready(page);
        assert_eq!(page.script("return document.querySelector('.brand').offsetWidth", json!([])), json!(0));
        assert!(!page.has_focus("#prompt"), "the focus is left where it was");
        assert_eq!(page.run(CREATE), 0);
        page.go("/");
        ready(page);
        assert!(page.tasks().is_empty(), "nothing was kept");
    });
}

#[test]
fn with_fingers_commands_are_tapped() {
    visit(&Settings { width: 360, height: 640, ..Settings::default() }, |page| {
        ready(page);
        page.click("[data-walkthrough]");
        page.wait_until("it has ended", || {
            page.count("[role=log] > *") == 1 && page.count("[data-walkthrough][aria-disabled]") == 0
        });
        page.click(".palette .button:nth-child(2)");
        page.wait_for_text("[role=log]", "docker service ps my-app");
        page.click(".panes button:nth-child(2)");
        page.wait_for_live(3, "running", "latest");
        page.click("[data-host=node1] .face");
        page.wait_for_text(".detail", "Why?");
        page.click(".panes button:nth-child(3)");
        page.wait_until("there are lanes", || page.count(".titles b") == 3);
        let small = "return [...document.querySelectorAll('button, select, summary, input')].filter(e => {
            const r = (e.type === 'checkbox' || e.type === 'file' ? e.closest('label') : e).getBoundingClientRect();
            return r.width > 0 && (r.width < 24 || r.height < 24);
        }).map(e => e.outerHTML.slice(0, 120))";
        for pane in 1..=3 {
            page.click(&format!(".panes button:nth-child({pane})"));
            assert_eq!(page.script(small, json!([])), json!([]), "smaller than a finger meets");
        }
    });
}

#[test]
fn a_page_that_breaks_says_so_and_how_to_go_on() {
    visit(&wide(), |page| {
        assert_eq!(page.run(CREATE), 0);
        // What it would put something before is taken from under it.
        page.script("document.querySelector('.stage > [role=status]').remove()", json!([]));
        page.click("[data-menu=faults]");
        page.wait_for_text("#fault", "Swarmyard broke.");
        page.wait_for_text("#fault", "문제가 생겼습니다");
        page.wait_for_text("#fault pre", "docker service create");
        page.screenshot("fault");
        assert!(!page.console().is_empty(), "the console has it, too");
        page.go("/");
        page.wait_for_live(3, "running", "latest");
    });
}
