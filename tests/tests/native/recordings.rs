//! The simulator against the recordings of a real swarm: those listed here are equal, and stay so.
//!
//! What counts as equal is in `swarmyard_tests::compare`. A failure shows where each recording differs; to see all of
//! one: `cargo run -p swarmyard-tests --example compare -- tests/recordings/NAME.json`

use std::path::PathBuf;
use std::sync::Mutex;

use swarmyard::replay::SEED;
use swarmyard_tests::recordings::{Recording, folder, scenarios};

/// Scenarios whose simulated run equals the recording or one of its variants (`NAME~2`), whatever is drawn.
///
/// Not here, though all else in them is equal: those with something that cannot be (`nearly.rs`).
const EQUAL: &[&str] = &[
    "B01_parallelism_0",
    "B01_parallelism_1",
    "B01_parallelism_2",
    "B02_delay5",
    "B03_startfirst",
    "B04_healthy",
    "B04_slowstop",
    "B10_crash3_pause_r0",
    "B10_crash8_continue_r0",
    "B10_crash8_rollback_r0",
    "B10_crash_continue_r0",
    "B10_missing_pause_r0",
    "B10_missing_rollback_r0",
    "B10_unhealthy_pause_r0",
    "B11_crash3_continue_r0.5",
    "B11_missing_pause_r0.2",
    "B11_missing_pause_r0.5",
    "B11_missing_pause_r1",
    "B11_missing_rollback_r0.2",
    "B11_missing_rollback_r0.34",
    "B11_missing_rollback_r1",
    "B12_crash3_monitor2_pause",
    "B12_crash8_monitor20_pause",
    "B12_v2_monitor20",
    "B20_rb_delay4",
    "B20_rb_monitor12",
    "B20_rb_par0",
    "B20_rb_par1",
    "B21_rbfail_continue",
    "B21_rbfail_pause",
    "B22_nochange",
    "B22_params_only",
    "B22_paused_labelonly",
    "B22_paused_retry",
    "B22_rb_during_update",
    "B22_rb_noprev",
    "B22_sigint",
    "B22_sigint_pty",
    "B22_update_rollback_flag",
    "B30_pty_create_crash",
    "B30_pty_pause",
    "B31_replicas_and_image",
    "B31_update_10rep",
    "C01_crash_any",
    "C01_crash_any_fg",
    "C01_crash_none",
    "C01_crash_on-failure",
    "C01_exit0_any",
    "C01_exit0_none",
    "C01_exit0_none_fg",
    "C01_exit0_on-failure_fg",
    "C02_delay0",
    "C02_delay1",
    "C03_maxatt0_missing",
    "C03_maxatt2_fg",
    "C03_maxatt3",
    "C04_scale",
    "C05_global",
    "C06_job_global",
    "C06_job_pty",
    "D01_hostname",
    "D01_not_hostname",
    "D01_role_manager",
    "D01_role_worker",
    "D02_maxpernode",
    "D02_reserve_mem",
    "D07_stop_node1",
    "G02_seed_1rep",
    "G02_seed_2rep",
    "G02_seed_par0_3rep",
    "G02_seed_par2_5rep",
    "G03_seed_ratio0.34",
    "G04_good_update_seed",
    "G07_paused_action",
    "G10_param_then_bad_then_rb",
    "H05_slow_pull",
    "H10_seed_d",
    "H11_continue_ratio_mix",
    "H14_unhealthy_err",
    "J02_quorum_lost",
    "J10_constraint_move",
];

/// Each is played with each of these seeds.
const SEEDS: &[u64] = &[SEED, 1, 2];

/// Scenarios in which luck decides what a person sees, each with a seed whose luck is the recorded one. A seed says only
/// how falls what Swarm itself leaves to chance, which slot comes first, which node of equals, which of two loops; with
/// any other the same rules hold. No program knows this list: a replay that is not told otherwise takes the default.
const EQUAL_WITH_LUCK: &[(&str, u64)] = &[
    ("A01_seed_run1", SEED),
    ("A01_seed_run2", SEED),
    ("A01_seed_run3", SEED),
    ("A02_seed_pty", SEED),
    ("A03_seed_run4", SEED),
    ("B10_crash_pause_r0", SEED),
    ("C01_crash_on-failure_fg", SEED),
    ("C01_exit0_any_fg", SEED),
    ("C08_healthcheck", SEED),
    // The slot of the task on the manager: one in three.
    ("C09_kill_container", 3),
    ("G01_registry_down", SEED),
    // The manager's task is in slot 3, is updated first twice, and its containers go in the order of their age.
    ("H02_docker_events", 216),
    // The new leader, and how many of four tasks are on the one that is lost: one in three.
    ("J01_three_managers", 12),
];

/// Of a recording that fails, so many differences are shown.
const SHOWN: usize = 2;

#[test]
fn the_listed_recordings_are_equal() {
    let scenarios = scenarios(&folder());
    let of = |name: &'static str| (name, scenarios.get(name).unwrap_or_else(|| panic!("no recording {name}")));
    let always = EQUAL.iter().map(|name| (of(name), SEEDS));
    let with_luck = EQUAL_WITH_LUCK.iter().map(|(name, seed)| (of(name), std::slice::from_ref(seed)));
    let held: Vec<Held> = in_parallel(always.chain(with_luck), |((_, variants), seeds)| hold(variants, seeds));

    let failed: Vec<&str> = held.iter().filter_map(|held| held.difference.as_deref()).collect();
    assert!(failed.is_empty(), "{}\n{} recordings that were equal are not", failed.join("\n"), failed.len());
    let (late, timed) = held.iter().fold((0, 0), |(late, timed), held| (late + held.late, timed + held.timed));
    println!("{} scenarios are equal, {late} of {timed} steps are late", held.len());
    assert!(late * 10 <= timed, "{late} of {timed} steps are late");
}

/// How a scenario stands against its simulation.
struct Held {
    /// What differs with the first seed that comes out different.
    difference: Option<String>,
    late: usize,
    timed: usize,
}

/// Plays a scenario with each seed: it is to equal one of its variants.
fn hold(variants: &[PathBuf], seeds: &[u64]) -> Held {
    let recordings: Vec<Recording> = variants.iter().map(|path| Recording::read(path)).collect();
    let mut held = Held { difference: None, late: 0, timed: 0 };
    for seed in seeds {
        let mut nearest: Option<(usize, String)> = None;
        for recording in &recordings {
            let (differences, report) = match recording.compare(&recording.replay(*seed)) {
                Ok(verdict) => {
                    if verdict.equal() {
                        held.late += verdict.late;
                        held.timed += verdict.timed;
                        nearest = None;
                        break;
                    }
                    let shown = verdict.differences.iter().take(SHOWN).map(|difference| difference.to_string());
                    let shown: Vec<String> = shown.collect();
                    (verdict.differences.len(), format!("{verdict}\n\n{}", shown.join("\n")))
                }
                Err(why) => (usize::MAX, why.to_string()),
            };
            if nearest.as_ref().is_none_or(|(least, _)| differences < *least) {
                let file = recording.path.file_name().expect("a recording is a file").to_string_lossy();
                let more = differences.saturating_sub(SHOWN);
                let text = format!(
                    "══ {file} with seed {seed}: {report}\n({more} more differences.) All of it: cargo run -p \
                     swarmyard-tests --example compare -- tests/recordings/{file} --seed {seed}\n"
                );
                nearest = Some((differences, text));
            }
        }
        if let Some((_, text)) = nearest {
            held.difference.get_or_insert(text);
        }
    }
    held
}

/// Applies `work` to all items on all cores; the results come in the order of the items.
fn in_parallel<Item: Send, Done: Send>(
    items: impl Iterator<Item = Item> + Send,
    work: impl Fn(Item) -> Done + Sync,
) -> Vec<Done> {
    let (items, done) = (Mutex::new(items.enumerate()), Mutex::new(Vec::new()));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let next = items.lock().expect("nobody panics with it").next();
                    let Some((place, item)) = next else { return };
                    let result = work(item);
                    done.lock().expect("nobody panics with it").push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("nobody panics with it");
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}
