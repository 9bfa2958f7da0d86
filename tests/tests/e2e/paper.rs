//! What leaves the page: the chart of time as a file, and all of it on paper.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use swarmyard_tests::browser::{Page, Settings, screens, visit};

use super::page::CREATE;

const UPDATE: &str = "docker service update --image masungil/my-fastapi-whoami:badversion my-app";

/// An update that has paused, in dark colours, as paper has none.
fn paused(page: &Page) {
    assert_eq!(page.run(CREATE), 0);
    page.wait_for_live(3, "running", "latest");
    assert_eq!(page.run(UPDATE), 1);
    page.wait_until("the update is paused", || page.update_states() == ["paused"]);
    page.click("[data-play]");
}

#[test]
fn the_chart_becomes_a_file_that_stands_alone() {
    visit(&Settings { dark: true, ..Settings::default() }, |page| {
        paused(page);
        let folder = std::env::temp_dir().join(format!("swarmyard-downloads-{}", std::process::id()));
        let allow = json!({"behavior": "allow", "downloadPath": folder.to_string_lossy()});
        page.devtools("Browser.setDownloadBehavior", allow);
        let pieces = page.count(".lines [data-stage]");
        let crosses = page.count(".lines .cross");
        page.click("[data-go=svg]");
        let file = folder.join("swarmyard-timeline.svg");
        let begun = Instant::now();
        while !file.exists() && begun.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(50));
        }
        let svg = std::fs::read_to_string(&file).expect("it was saved");
        assert_eq!(svg.matches(" data-stage=\"").count(), pieces, "the same pieces");
        assert!(crosses > 0 && svg.matches("class=\"x\"").count() == crosses, "the same crosses");
        assert!(svg.contains("badversion") && svg.contains(UPDATE), "versions and commands: {svg}");
        // As an image it may load nothing, and has to be well-formed.
        let shown = page.script(
            "const image = new Image();
            image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(arguments[0]);
            await image.decode();
            document.body.replaceChildren(image);
            return image.naturalWidth",
            json!([svg]),
        );
        assert_eq!(shown, json!(960));
        page.screenshot("timeline-svg");
        std::fs::remove_dir_all(folder).expect("it was made here");
    });
}

#[test]
fn paper_has_the_whole_stage_and_nothing_to_press() {
    visit(&Settings { dark: true, ..Settings::default() }, |page| {
        paused(page);
        let pdf = page.devtools("Page.printToPDF", json!({"printBackground": true}))["data"].take();
        let pdf = BASE64_STANDARD.decode(pdf.as_str().unwrap_or_default()).expect("it is base64");
        std::fs::create_dir_all(screens()).expect("pictures have a place");
        std::fs::write(screens().join("paper.pdf"), &pdf).expect("it can be written");
        let pages = String::from_utf8_lossy(&pdf).matches("/Type /Page\n").count();
        assert!((1..=3).contains(&pages), "{pages} pages");

        // As wide as A4 between its margins.
        page.apply(&Settings { width: 704, height: 1_000, dark: true, ..Settings::default() });
        page.devtools("Emulation.setEmulatedMedia", json!({"media": "print"}));
        page.screenshot("paper");
        let seen = |selector: &str| {
            let script = "return [...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility()).length";
            page.script(script, json!([selector])).as_u64().expect("a number")
        };
        assert_eq!((seen("[data-host]"), seen(".chart"), seen(".log .block")), (3, 1, 2));
        assert_eq!(seen("main button:not(.face):not(.host), main select, main input, main textarea, .switches"), 0);
        assert_eq!(page.horizontal_overflow(), 0);
        let cut = "return [...document.querySelectorAll('.stage, .log, main, .page')]
            .filter(e => e.scrollHeight > e.clientHeight + 1).map(e => e.className)";
        assert_eq!(page.script(cut, json!([])), json!([]), "nothing is hidden below an edge");
        let paper = page.script("return getComputedStyle(document.body).backgroundColor", json!([]));
        assert_eq!(paper, json!("rgb(255, 255, 255)"));
    });
}
