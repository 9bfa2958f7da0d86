//! A jump to any moment of an hour with 50 tasks.
//!
//! `cargo bench -p swarmyard-benches --bench seek`

use criterion::{Criterion, criterion_group, criterion_main};
use swarmyard_benches::moments::hour;
use swarmyard_core::rng::Stream;

fn seek(criterion: &mut Criterion) {
    let mut timeline = hour();
    let mut luck = Stream::new(1, "moments of a benchmark");
    criterion.bench_function("seek in an hour, 50 tasks", |bencher| {
        bencher.iter(|| timeline.seek(luck.between(0, timeline.end())));
    });
}

criterion_group!(benches, seek);
criterion_main!(benches);
