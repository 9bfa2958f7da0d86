//! The page as somebody meets it: it loads, is quiet, fits, and the documented walk-through works on it.

use serde_json::json;
use swarmyard_tests::browser::{Key, Page, Settings, visit};

pub(super) const CREATE: &str = "docker service create --name my-app --publish published=8000,target=8000 --replicas 3 \
                      masungil/my-fastapi-whoami:latest";

#[test]
fn it_opens_with_six_requests_at_most_and_none_to_others() {
    visit(&Settings::default(), |page| {
        page.wait_until("there is a prompt", || page.count("#prompt") == 1);
        let loaded = page.loaded();
        assert!(loaded.len() <= 6, "six requests at most: {loaded:#?}");
        let foreign: Vec<_> = loaded.iter().filter(|url| !url.starts_with("http://127.0.0.1:")).collect();
        assert!(foreign.is_empty(), "nothing is asked of others: {foreign:?}");
    });
}

#[test]
fn its_first_picture_waits_for_the_first_part_only() {
    // What the page cannot go on without, it asks for in the midst of work: `web/rest.js`.
    const ASKED: &str = "return performance.getEntriesByType('resource')
        .filter(e => e.initiatorType == 'xmlhttprequest').map(e => e.name)";
    for (width, locale) in [(360, "ko-KR"), (1280, "en-US")] {
        visit(&Settings { width, locale, ..Settings::default() }, |page| {
            page.wait_until("there is a prompt", || page.count("#prompt") == 1);
            page.wait_until("the rest is there", || page.loaded().iter().any(|url| url.ends_with("_rest.wasm")));
            let asked = page.script(ASKED, json!([]));
            assert_eq!(asked, json!([]), "web/first.txt is old; run: cargo xtask learn");
        });
    }
}

#[test]
fn it_fits_every_width_in_both_languages_and_colours() {
    for (width, dark, locale) in
        [(320, false, "ko-KR"), (360, true, "en-US"), (768, false, "en-US"), (1280, true, "ko-KR")]
    {
        let settings = Settings { width, dark, locale, ..Settings::default() };
        visit(&settings, |page| {
            page.wait_until("there is a prompt", || page.count("#prompt") == 1);
            let overflow = page.horizontal_overflow();
            page.screenshot(&format!("open-{width}-{locale}-{}", if dark { "dark" } else { "light" }));
            assert_eq!(overflow, 0, "pixels beside a window of {width} in {locale}");
        });
    }
}

#[test]
fn the_walk_through_works_as_documented() {
    visit(&Settings::default(), |page| {
        assert_eq!(page.run(CREATE), 0);
        page.wait_for_live(3, "running", "latest");

        let update = "docker service update --image masungil/my-fastapi-whoami:badversion my-app";
        assert_eq!(page.run(update), 1, "the update is paused, so the command fails");
        page.wait_until("the update is paused", || page.update_states() == ["paused"]);
        page.wait_until("a task is rejected", || states_of(page, "badversion").contains(&"rejected".to_owned()));
        // The picture of README.md.
        page.screenshot("page");

        assert_eq!(page.run("docker service rollback my-app"), 0);
        page.wait_for_live(3, "running", "latest");
        page.wait_until("the rollback is done", || page.update_states() == ["rollback_completed"]);
        assert!(
            states_of(page, "badversion").contains(&"rejected".to_owned()),
            "what was rejected stays in the history"
        );

        let policy = "docker service update --update-failure-action rollback --update-max-failure-ratio 0.2 my-app";
        assert_eq!(page.run(policy), 0);
        let update = "docker service update --image my-fastapi-whoami:anotherbadversion my-app";
        assert_eq!(page.run(update), 0, "it rolled back, so the command succeeds");
        assert!(!states_of(page, "anotherbadversion").is_empty(), "it was tried");
        page.wait_until("it has rolled back by itself", || page.update_states() == ["rollback_completed"]);
        page.wait_for_live(3, "running", "latest");

        assert_eq!(page.run("docker service rm my-app"), 0);
        page.wait_until("nothing is left", || page.tasks().is_empty());
    });
}

#[test]
fn control_c_leaves_an_update_going() {
    visit(&Settings::default(), |page| {
        page.line(CREATE);
        page.wait_for_text("body", "overall progress");
        page.press("#prompt", Key::Control('c'));
        page.wait_for_text("[role=log]", "Operation continuing in background.");
        page.wait_for_live(3, "running", "latest");
    });
}

/// The states of the tasks of one version.
fn states_of(page: &Page, version: &str) -> Vec<String> {
    page.tasks().into_iter().filter(|task| task.version == version).map(|task| task.state).collect()
}
