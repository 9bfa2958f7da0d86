//! Scheduling alone, in the cases of swarmkit's own benchmarks: pending tasks come to stand in the store with a node
//! each, and every control loop has seen it.
//!
//! `cargo bench -p swarmyard-benches --bench schedule`
//! Models: swarmkit manager/scheduler/scheduler_test.go, BenchmarkScheduler*. There, tasks have no spec version, so that
//! each is placed by itself; tasks of a real service are placed together. Both are measured.

use criterion::{BatchSize, BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use swarmyard_core::world::bench::{self, Groups, Pending};

/// Nodes, tasks, and whether the tasks need a plugin that each third node has.
const CASES: &[(usize, usize, bool)] = &[
    (1_000, 1_000, false),
    (1_000, 10_000, false),
    (1_000, 100_000, false),
    (100_000, 1_000, false),
    (1_000, 1_000, true),
    (1_000, 10_000, true),
    (1_000, 100_000, true),
];

fn schedule(criterion: &mut Criterion) {
    for (name, groups) in [("each task by itself", Groups::Each), ("one service", Groups::One)] {
        let mut group = criterion.benchmark_group(format!("schedule, {name}"));
        group.sample_size(10).sampling_mode(SamplingMode::Flat);
        for (nodes, tasks, constrained) in CASES.iter().copied() {
            let pending = Pending { nodes, tasks, constrained, groups }.world();
            let mut tried = pending.clone();
            bench::schedule(&mut tried);
            assert!(tried.store().tasks().all(|task| task.node.is_some()), "what is measured places all tasks");
            drop(tried);
            let more = if constrained { ", a third of the nodes fit" } else { "" };
            let id = BenchmarkId::from_parameter(format!("{nodes} nodes, {tasks} tasks{more}"));
            group.throughput(Throughput::Elements(tasks as u64));
            group.bench_with_input(id, &pending, |bencher, pending| {
                bencher.iter_batched_ref(|| pending.clone(), bench::schedule, BatchSize::PerIteration);
            });
        }
        group.finish();
    }
}

criterion_group!(benches, schedule);
criterion_main!(benches);
