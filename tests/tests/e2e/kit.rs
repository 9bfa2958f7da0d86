//! The kit itself, on small pages of our own: that it sees what it is to see, and that nothing escapes it.

use std::panic::catch_unwind;
use std::path::Path;

use serde_json::json;
use swarmyard_tests::browser::{Key, Page, Settings, screens, visit_folder};

fn visit_kit(settings: &Settings, test: impl FnOnce(&Page)) {
    visit_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/pages"), settings, test);
}

#[test]
fn a_line_at_the_prompt_reaches_the_page() {
    visit_kit(&Settings::default(), |page| {
        assert_eq!(page.run("docker node ls"), 0);
        assert_eq!(page.text("[role=log]"), "$ docker node ls");
        page.write("#prompt", "docker");
        page.press("#prompt", Key::Control('c'));
        page.wait_for_text("[role=log]", "docker^C");
        page.click("#start");
        page.wait_for_live(2, "running", "v2");
        assert_eq!(page.update_states(), ["updating"]);
        let old: Vec<_> = page.tasks().into_iter().filter(|task| !task.live).collect();
        assert_eq!(old.len(), 1);
        assert_eq!((old[0].state.as_str(), old[0].slot.as_str(), old[0].node.as_str()), ("shutdown", "1", "node1"));
    });
}

#[test]
fn size_colours_motion_and_language_are_those_of_the_settings() {
    let settings = Settings {
        width: 360,
        height: 640,
        dark: true,
        reduced_motion: true,
        forced_colors: true,
        more_contrast: true,
        locale: "ko-KR",
        ..Settings::default()
    };
    let see = "const q = s => matchMedia(s).matches;
        return [innerWidth, innerHeight, q('(prefers-color-scheme: dark)'), q('(prefers-reduced-motion: reduce)'),
                q('(forced-colors: active)'), q('(prefers-contrast: more)'), navigator.language]";
    visit_kit(&settings, |page| {
        assert_eq!(page.script(see, json!([])), json!([360, 640, true, true, true, true, "ko-KR"]));
        assert_eq!(page.horizontal_overflow(), 40, "the page is 400 pixels wide");
        page.apply(&Settings::default());
        page.go("/");
        assert_eq!(page.script(see, json!([])), json!([1280, 800, false, false, false, false, "en-US"]));
        assert_eq!(page.horizontal_overflow(), 0);
        assert!(page.loaded().iter().all(|url| url.starts_with("http://127.0.0.1:")), "{:?}", page.loaded());
        page.screenshot("kit");
        let picture = std::fs::read(screens().join("kit.png")).expect("the picture was written");
        assert_eq!(&picture[..4], b"\x89PNG");
    });
}

#[test]
fn what_comes_onto_the_console_fails_the_test() {
    for (path, said) in [
        ("/loud.html?error", "loud error"),
        ("/loud.html?throw", "loud exception"),
        ("/loud.html?reject", "loud rejection"),
        ("/loud.html?missing", "404"),
    ] {
        let panic = catch_unwind(|| visit_kit(&Settings::default(), |page| go_and_wait(page, path)));
        let panic = panic.expect_err("a loud page fails its test");
        let why = panic.downcast_ref::<String>().expect("a panic with a text");
        assert!(why.contains("console is to stay quiet") && why.contains(said), "{path}: {why}");
    }
}

#[test]
fn waiting_in_vain_says_for_what_and_shows_the_page() {
    let panic = catch_unwind(|| visit_kit(&Settings::default(), |page| page.wait_for_text("h1", "Swarm")));
    let panic = panic.expect_err("the text never comes");
    let why = panic.downcast_ref::<String>().expect("a panic with a text");
    assert!(why.contains("`h1` shows `Swarm`") && why.contains("A page for the kit"), "{why}");
}

fn go_and_wait(page: &Page, path: &str) {
    page.go(path);
    page.wait_for_text("body", "loaded");
}
