//! A first visit: when the prompt takes a key, and what was loaded for it.

use std::path::Path;

use serde_json::json;
use swarmyard_tests::browser::{Key, Page, Settings, visit_folder};

use crate::{blank, within};

/// Times that each kind of visit is paid.
const VISITS: usize = 7;

/// Tells when there is a prompt that has taken a letter, when something was seen first, and how far things moved.
const PROBE: &str = "(() => {
    const probe = window.probe = { shift: 0 };
    new PerformanceObserver(list => list.getEntries().forEach(e => probe.shift += e.hadRecentInput ? 0 : e.value))
        .observe({ type: 'layout-shift', buffered: true });
    new MutationObserver((_, observer) => {
        const prompt = document.querySelector('#prompt');
        if (!prompt) return;
        observer.disconnect();
        prompt.value = 'true';
        prompt.dispatchEvent(new InputEvent('input', { bubbles: true }));
        setTimeout(() => probe.usable = performance.now());
    }).observe(document, { childList: true, subtree: true });
})()";

const ANSWERS: &str = "
    const loaded = ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind));
    return [probe.usable, performance.getEntriesByName('first-contentful-paint')[0]?.startTime, probe.shift,
        loaded.length, loaded.reduce((sum, e) => sum + e.transferSize, 0),
        loaded.filter(e => !e.name.startsWith(location.origin)).length,
        loaded.filter(e => e.startTime < probe.usable).length,
        loaded.filter(e => e.responseEnd < probe.usable).reduce((sum, e) => sum + e.transferSize, 0)]";

/// Visits the page in `folder`, where its files lie compressed as servers send them.
pub(crate) fn measure(folder: &Path) {
    println!("{VISITS} first visits each; milliseconds until the prompt has taken a letter");
    for (name, slow) in [("as it is", false), ("1.6 Mb/s, 150 ms, 4 times slower a processor", true)] {
        let visits: Vec<Vec<f64>> = (0..VISITS).map(|_| first_visit(folder, slow)).collect();
        let of = |index: usize| visits.iter().map(|visit| visit[index]).collect::<Vec<_>>();
        let told = |index: usize| format!("best {:.0}, median {:.0}", within(&of(index), 0), within(&of(index), 50));
        println!("{name}\n  prompt takes a key: {}\n  first picture:      {}", told(0), told(1));
        println!("  layout shift: at most {:.4}", within(&of(2), 100));
        let last = visits.last().expect("there was a visit");
        println!(
            "  until then {} requests begun, {:.0} bytes; in all {} requests, {:.0} bytes, {} of others",
            last[6], last[7], last[3], last[4], last[5]
        );
    }
}

fn first_visit(folder: &Path, slow: bool) -> Vec<f64> {
    let mut answers = Vec::new();
    // What the kit opens first is no visit: its cache is thrown away with it.
    visit_folder(folder, &Settings::default(), |page| {
        page.wait_until("the first page is whole", || whole(page));
        blank(page);
        page.devtools("Network.enable", json!({}));
        page.devtools("Network.clearBrowserCache", json!({}));
        page.devtools("Network.setCacheDisabled", json!({"cacheDisabled": true}));
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": PROBE}));
        if slow {
            let line =
                json!({"offline": false, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000});
            page.devtools("Network.emulateNetworkConditions", line);
            page.devtools("Emulation.setCPUThrottlingRate", json!({"rate": 4}));
        }
        page.go("/?fresh=1");
        page.wait_until("the page is whole", || whole(page));
        let numbers = page.script(ANSWERS, json!([]));
        answers = numbers.as_array().into_iter().flatten().map(|number| number.as_f64().unwrap_or(f64::NAN)).collect();
        // The letters that the probe typed are a command by now.
        page.press("#prompt", Key::Enter);
        page.wait_until("the command has run", || page.script(RAN, json!([])) == "0");
    });
    answers
}

const RAN: &str = "return document.querySelector('[role=log]').lastElementChild?.dataset.exit";

fn whole(page: &Page) -> bool {
    page.count("#prompt") == 1 && page.loaded().iter().any(|address| address.ends_with("_rest.wasm"))
}
