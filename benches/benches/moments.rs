//! How long a frame and a jump to any moment take natively, and the memory of the checkpoints that make jumps short. The
//! browser's part is `tests/moments.rs`; `docs/benchmarks.md` tells what came out.
//!
//! `cargo bench -p swarmyard-benches --bench moments`

use std::alloc::System;
use std::time::Instant;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use swarmyard_benches::moments::{frames, hour, replay, seeks};
use swarmyard_core::session::timeline::Timeline;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    let begun = Instant::now();
    let now = || begun.elapsed().as_secs_f64() * 1e3;
    for speed in [1, 20] {
        let (steps, looks) = frames(speed, &now);
        println!("a frame of a rolling update, 10 nodes, 50 tasks, {speed}×\n  step      {steps}\n  snapshot  {looks}");
    }
    let region = Region::new(ALLOCATOR);
    let mut timeline = hour();
    let held = bytes(&region);
    // The same hour with its beginning as the only checkpoint: what is left is the session itself.
    let region = Region::new(ALLOCATOR);
    let alone = session_alone(&timeline);
    let session = bytes(&region);
    drop(alone);
    println!("one hour, 50 tasks: {} events", timeline.session().world().store().record().len());
    println!(
        "  {} checkpoints: {} KiB, the session itself {} KiB",
        timeline.checkpoints(),
        held.saturating_sub(session) >> 10,
        session >> 10
    );
    println!("  played from the beginning: {:.1} ms", replay(&timeline, &now));
    println!("  seek      {}", seeks(&mut timeline, &now));
}

fn session_alone(timeline: &Timeline) -> Timeline {
    let session = timeline.session();
    let mut alone = Timeline::spaced(session.scenario(), session.seed(), usize::MAX);
    for entry in timeline.journal() {
        alone.advance(entry.at);
        alone.input(entry.input.clone());
    }
    alone.advance(timeline.end());
    alone
}

fn bytes(region: &Region<System>) -> usize {
    let change = region.change();
    change.bytes_allocated.saturating_sub(change.bytes_deallocated)
}
