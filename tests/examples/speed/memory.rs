//! Memory over an hour of simulated time at 20×: one in which little happens, and one with an update every four minutes,
//! of which each third fails and is rolled back.

use std::thread::sleep;
use std::time::Duration;

use serde_json::json;
use swarmyard_tests::browser::heap::Heap;
use swarmyard_tests::browser::{Page, Settings, visit};

const MINUTE: u64 = 60_000;
const MIB: f64 = 1_048_576.0;

/// So many kinds of what has grown are told.
const MOST: usize = 8;

/// Minutes of simulated time between two updates, and between two lines of the table.
const UPDATES: u64 = 4;
const LINES: u64 = 6;

/// From one look at the clock to the next: each leaves something on the heap itself.
const LOOKS: Duration = Duration::from_millis(500);

const WASM: &str = "return (await wasmBindings.default()).memory.buffer.byteLength";
const SPEED: &str = "const choice = document.querySelector('[data-choice=speed]');
    choice.selectedIndex = 7; choice.dispatchEvent(new Event('change', { bubbles: true }))";

pub(crate) fn measure() {
    for (name, busy) in [("an hour in which little happens", false), ("an hour with 15 updates", true)] {
        println!(
            "{name}: 3 nodes, 9 tasks, 5 requests a second\n  min  WebAssembly MiB  heap snapshot MiB  nodes of the page"
        );
        visit(&Settings { width: 1440, height: 900, ..Settings::default() }, |page| hour(page, busy));
    }
}

fn hour(page: &Page, busy: bool) {
    page.wait_until("there is a prompt", || page.count("#prompt") == 1);
    let image = "masungil/my-fastapi-whoami";
    assert_eq!(page.run(&format!("docker service create -dq --name app -p 8000:8000 --replicas 9 {image}")), 0);
    page.wait_until("all are in service", || page.count("[data-in-service='9']") == 1);
    page.script(SPEED, json!([]));
    let (mut updates, mut first) = (0, None);
    for minute in 0..=60 {
        while now(page) < minute * MINUTE {
            sleep(LOOKS);
        }
        if minute % LINES == 0 {
            let heap = line(page, minute);
            let first = first.get_or_insert_with(|| heap.clone());
            if minute == 60 {
                let grown: Vec<String> =
                    heap.grown_since(first).iter().take(MOST).map(|(kind, more)| format!("{kind} {more}")).collect();
                println!("  bytes more than at first: {}", grown.join(", "));
            }
        }
        if busy && minute % UPDATES == 1 {
            updates += 1;
            let tag = match updates % 3 {
                0 => "badversion",
                1 => "v2",
                _ => "latest",
            };
            let flags = "-dq --update-failure-action rollback --update-parallelism 2";
            assert_eq!(page.run(&format!("docker service update {flags} --image {image}:{tag} app")), 0);
        }
    }
}

fn line(page: &Page, minute: u64) -> Heap {
    let heap = page.heap();
    let nodes = page.devtools("Memory.getDOMCounters", json!({}))["nodes"].take();
    let wasm = page.script(WASM, json!([])).as_f64().unwrap_or(f64::NAN) / MIB;
    println!("  {minute:>3}  {wasm:>15.2}  {:>17.2}  {nodes:>17}", heap.bytes() as f64 / MIB);
    heap
}

/// Virtual milliseconds on the clock.
fn now(page: &Page) -> u64 {
    page.script("return +document.querySelector('[data-now]').dataset.now", json!([])).as_u64().unwrap_or_default()
}
