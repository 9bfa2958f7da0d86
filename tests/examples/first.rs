//! Opens the page whose functions leave marks, as people open it, and writes down which of them ran:
//! `first NAMES OUTPUT`. `cargo xtask learn` builds that page and calls this.

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    use std::collections::BTreeSet;

    use serde_json::json;
    use swarmyard_tests::browser::{DOORS, Key, Settings, visit};

    const HEAD: &str = "# Functions that the first picture and the first key need. Learnt by: cargo xtask learn\n";
    // Trunk's glue gives the module that is already there when it is asked to begin again.
    const MARKS: &str = "const all = (await wasmBindings.default()).memory.buffer;
        return Array.from(new Uint8Array(all, arguments[0], arguments[1])).join('')";

    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [names, output] = &arguments[..] else { panic!("two files: names, output") };
    let names = std::fs::read_to_string(names).expect("the names can be read");
    let (address, names) = names.split_once('\n').expect("the first line is an address");
    let address: u64 = address.parse().expect("an address is a number");
    let names: Vec<&str> = names.lines().collect();
    let mut needed = BTreeSet::new();
    for (width, dark, locale) in
        [(320, false, "ko-KR"), (780, true, "en-US"), (1280, false, "en-US"), (1920, true, "ko-KR")]
    {
        visit(&Settings { width, dark, locale, ..Settings::default() }, |page| {
            for path in DOORS {
                page.go(path);
                page.wait_until("there is a prompt", || page.count("#prompt") == 1);
                page.write("#prompt", "d");
                page.press("#prompt", Key::Control('u'));
                // A cluster that is left alone goes on too: heartbeats, the clock, frames.
                std::thread::sleep(std::time::Duration::from_secs(if path == DOORS[0] { 8 } else { 1 }));
                let marks = page.script(MARKS, json!([address, names.len()]));
                let marks = marks.as_str().expect("marks are digits");
                needed.extend(names.iter().zip(marks.chars()).filter(|(_, mark)| *mark == '1').map(|(name, _)| *name));
            }
        });
    }
    assert!(needed.len() > 100, "a page that needs next to nothing is broken");
    let lines: Vec<&str> = needed.into_iter().collect();
    std::fs::write(output, format!("{HEAD}{}\n", lines.join("\n"))).expect("the list can be written");
    println!("{output}: {} of {} functions", lines.len(), names.len());
}

#[cfg(target_arch = "wasm32")]
fn main() {}
