//! A rolling update, one task at a time, on clusters of three sizes: from the command to `update completed`.
//!
//! `cargo bench -p swarmyard-benches --bench update`

use criterion::{BatchSize, BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use swarmyard_benches::{SIZES, running, update};

fn rolling_update(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rolling update");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for size in SIZES {
        let session = running(size);
        let events = update(&mut session.clone(), 1);
        group.throughput(Throughput::Elements(events as u64));
        group.bench_with_input(BenchmarkId::from_parameter(size), &session, |bencher, session| {
            bencher.iter_batched_ref(|| session.clone(), |session| update(session, 1), BatchSize::PerIteration);
        });
    }
    group.finish();
}

criterion_group!(benches, rolling_update);
criterion_main!(benches);
