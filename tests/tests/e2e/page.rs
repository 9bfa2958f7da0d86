//! The page as somebody meets it: it loads, is quiet, fits, and the documented walk-through works on it.

use serde_json::json;
use swarmyard_tests::browser::{DOORS, Key, Page, Settings, visit};

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
            for path in DOORS {
                page.go(path);
                page.wait_until("there is a prompt", || page.count("#prompt") == 1);
                page.wait_until("the rest is there", || page.loaded().iter().any(|url| url.ends_with("_rest.wasm")));
                let asked = page.script(ASKED, json!([]));
                assert_eq!(asked, json!([]), "{path}: web/first.txt is old; run: cargo xtask learn");
            }
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

/// What somebody copies out of the document, with the sentences around it kept as comments, in its order.
mod pasted {
    pub(super) const CREATE: &str = "# 1. 초기 서비스 생성 (안정적인 버전)
docker service create \\
  --name my-app \\
  --publish published=8000,target=8000 \\
  --replicas 3 \\
  masungil/my-fastapi-whoami:latest

# 서비스가 정상적으로 실행 중인지 확인합니다:
docker service ps my-app   # 모든 태스크가 Running 상태여야 합니다.
";
    pub(super) const BAD_UPDATE: &str = "# 2.1. 문제 있는 버전으로 업데이트 시도:
docker service update --image masungil/my-fastapi-whoami:badversion my-app

# 2.2. 업데이트 실패 확인:
docker service ps my-app
";
    pub(super) const ROLLBACK: &str = "# 2.3. 수동 롤백 실행:
docker service rollback my-app
docker service ps my-app
";
    pub(super) const POLICY: &str = "# 3.1. 자동 롤백 설정으로 서비스 업데이트:
docker service update \\
  --update-failure-action rollback \\
  --update-max-failure-ratio 0.2 \\
  my-app
";
    pub(super) const AUTOMATIC: &str = "# 3.2. 다시 문제 있는 버전으로 업데이트 시도 (자동 롤백 트리거):
docker service update --image my-fastapi-whoami:anotherbadversion my-app
# 3.3. 자동 롤백 과정 관찰:
docker service ps my-app
";
    pub(super) const REMOVE: &str = "docker service rm my-app
";
}

#[test]
fn the_walk_through_pasted_in_korean() {
    the_walk_through(&Settings { width: 360, height: 740, locale: "ko-KR", ..Settings::default() });
}

#[test]
fn the_walk_through_pasted_in_english() {
    the_walk_through(&Settings::default());
}

/// Pastes the document block by block, and sees on the picture what the document says of each.
fn the_walk_through(settings: &Settings) {
    visit(settings, |page| {
        page.wait_until("there is a prompt", || page.count("#prompt") == 1);
        let fits = |at: &str| assert_eq!(page.horizontal_overflow(), 0, "pixels beside the window {at}");

        assert_eq!(paste(page, pasted::CREATE, 2), [0, 0]);
        page.wait_for_live(3, "running", "latest");
        fits("with the service running");

        assert_eq!(paste(page, pasted::BAD_UPDATE, 2), [1, 0], "the update is paused, so the first command fails");
        page.wait_until("the update is paused", || page.update_states() == ["paused"]);
        page.wait_until("a task is rejected", || states_of(page, "badversion").contains(&"rejected".to_owned()));
        // A phone shows one of three views at a time.
        let narrow = settings.width < 700;
        if narrow {
            page.click(".panes button:nth-child(2)");
        }
        page.wait_for_text(".node .why", "No such image: masungil/my-fastapi-whoami:badversion");
        fits("with a task rejected");
        if narrow {
            page.screenshot("walk-through-360-ko");
            page.click(".panes button:nth-child(1)");
        } else {
            // The picture of README.md.
            page.screenshot("page");
        }

        assert_eq!(paste(page, pasted::ROLLBACK, 2), [0, 0]);
        page.wait_for_live(3, "running", "latest");
        page.wait_until("the rollback is done", || page.update_states() == ["rollback_completed"]);
        assert!(
            states_of(page, "badversion").contains(&"rejected".to_owned()),
            "what was rejected stays in the history"
        );

        assert_eq!(paste(page, pasted::POLICY, 1), [0]);
        assert_eq!(paste(page, pasted::AUTOMATIC, 2), [0, 0], "it rolled back, so the command succeeds");
        assert!(!states_of(page, "anotherbadversion").is_empty(), "it was tried");
        page.wait_until("it has rolled back by itself", || page.update_states() == ["rollback_completed"]);
        page.wait_for_live(3, "running", "latest");
        fits("after the automatic rollback");

        assert_eq!(paste(page, pasted::REMOVE, 1), [0]);
        page.wait_until("nothing is left", || page.tasks().is_empty());
        fits("at the end");
    });
}

/// Pastes `text` at the prompt, waits until `commands` docker commands have ended, and returns their exit codes.
fn paste(page: &Page, text: &str, commands: usize) -> Vec<i64> {
    const ENDED: &str = "return [...document.querySelectorAll('[role=log] > *')]
        .filter(e => e.textContent.includes('docker')).map(e => +e.dataset.exit)";
    let ended = || {
        let codes = page.script(ENDED, json!([]));
        codes.as_array().into_iter().flatten().map(|code| code.as_i64().expect("a code")).collect::<Vec<_>>()
    };
    let before = ended().len();
    page.paste("#prompt", text);
    page.wait_until(&format!("all of this has ended:\n{text}"), || ended().len() == before + commands);
    ended().split_off(before)
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
