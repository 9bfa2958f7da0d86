//! How a rolling update grows with its cluster: time of the processor, events per second, bytes per task, and the
//! exponent.
//!
//! `cargo bench -p swarmyard-benches --bench growth`

use std::alloc::System;

use cpu_time::ProcessTime;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use swarmyard_benches::{SIZES, Size, running, update};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Of so many runs the quickest counts: the others were disturbed.
const RUNS: usize = 3;

struct Row {
    size: Size,
    seconds: f64,
    events: usize,
    bytes_running: usize,
    bytes_updated: usize,
}

fn main() {
    for (name, share) in [("one task at a time", None), ("a tenth of the tasks at a time", Some(10))] {
        println!("rolling update, {name}");
        println!(
            "{:>26} {:>10} {:>9} {:>12} {:>16} {:>16}",
            "", "time", "events", "events/s", "bytes/task", "… after update"
        );
        let rows: Vec<Row> = SIZES.iter().map(|size| measure(*size, share)).collect();
        for row in &rows {
            println!(
                "{:>26} {:>8.4} s {:>9} {:>12.0} {:>16} {:>16}",
                row.size.to_string(),
                row.seconds,
                row.events,
                row.events as f64 / row.seconds,
                row.bytes_running / row.size.tasks,
                row.bytes_updated / row.size.tasks,
            );
        }
        for pair in rows.windows(2) {
            let [small, large] = pair else { continue };
            let exponent =
                (large.seconds / small.seconds).ln() / (large.size.tasks as f64 / small.size.tasks as f64).ln();
            println!("time grows from {} to {} tasks with exponent {exponent:.2}", small.size.tasks, large.size.tasks);
        }
        println!();
    }
}

fn measure(size: Size, share: Option<usize>) -> Row {
    let parallelism = share.map_or(1, |share| size.tasks / share);
    let region = Region::new(ALLOCATOR);
    let empty = running(Size { tasks: 0, ..size });
    let of_nodes = held(&region);
    drop(empty);
    let region = Region::new(ALLOCATOR);
    let session = running(size);
    let bytes_running = held(&region).saturating_sub(of_nodes);
    let mut best = f64::INFINITY;
    let mut events = 0;
    let mut bytes_updated = 0;
    for _ in 0..RUNS {
        let mut session = session.clone();
        let began = ProcessTime::now();
        events = update(&mut session, parallelism);
        best = best.min(began.elapsed().as_secs_f64());
        bytes_updated = held(&region).saturating_sub(of_nodes);
    }
    Row { size, seconds: best, events, bytes_running, bytes_updated }
}

fn held(region: &Region<System>) -> usize {
    let change = region.change();
    change.bytes_allocated.saturating_sub(change.bytes_deallocated)
}
