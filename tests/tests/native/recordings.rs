//! The simulator against the recordings of a real swarm: those listed here are equal, and stay so.
//!
//! What counts as equal is in `swarmyard_tests::compare`. A failure shows where each recording differs; to see all of
//! one: `cargo run -p swarmyard-tests --example compare -- tests/recordings/NAME.json`

use std::path::PathBuf;
use std::sync::Mutex;

use swarmyard_tests::recordings::{Recording, folder, scenarios};

/// Scenarios whose simulated run equals the recording or one of its variants (`NAME~2`).
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
    "B10_crash_pause_r0",
    "B10_missing_pause_r0",
    "B10_missing_rollback_r0",
    "B10_unhealthy_pause_r0",
    "B11_crash3_continue_r0.5",
    "B11_missing_pause_r0.2",
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
    "C01_crash_on-failure_fg",
    "C01_exit0_any",
    "C01_exit0_any_fg",
    "C01_exit0_none",
    "C01_exit0_none_fg",
    "C01_exit0_on-failure_fg",
    "C02_delay0",
    "C02_delay1",
    "C03_maxatt0_missing",
    "C03_maxatt2_fg",
    "C03_maxatt3",
    "C04_scale",
    "C06_job_global",
    "C06_job_pty",
    "D01_hostname",
    "D01_not_hostname",
    "D01_role_manager",
    "D01_role_worker",
    "D02_maxpernode",
    "D02_reserve_mem",
    "G02_seed_1rep",
    "G02_seed_2rep",
    "G02_seed_par0_3rep",
    "G02_seed_par2_5rep",
    "G03_seed_ratio0.34",
    "G04_good_update_seed",
    "G07_paused_action",
    "G10_param_then_bad_then_rb",
    "H10_seed_d",
    "H11_continue_ratio_mix",
    "H14_unhealthy_err",
];

/// Each is played with each of these seeds: what is drawn at random must not decide.
const SEEDS: &[u64] = &[1, 2, 3];

/// Of a recording that fails, so many differences are shown.
const SHOWN: usize = 2;

#[test]
fn the_listed_recordings_are_equal() {
    let scenarios = scenarios(&folder());
    let missing: Vec<_> = EQUAL.iter().filter(|name| !scenarios.contains_key(**name)).collect();
    assert!(missing.is_empty(), "no such recordings: {missing:?}");

    let reports = in_parallel(scenarios.iter(), |(name, variants)| (name.as_str(), difference(variants)));
    let (listed, others): (Vec<_>, Vec<_>) = reports.into_iter().partition(|(name, _)| EQUAL.contains(name));
    let unlisted: Vec<_> = others.into_iter().filter(|(_, report)| report.is_none()).map(|(name, _)| name).collect();
    println!("{} of {} scenarios are listed as equal; equal as well: {unlisted:?}", EQUAL.len(), scenarios.len());
    let failed: Vec<_> = listed.into_iter().filter_map(|(_, report)| report).collect();
    assert!(failed.is_empty(), "{}\n{} recordings that were equal are not", failed.join("\n"), failed.len());
}

/// What differs between a scenario and its simulation; `None` if with every seed it equals one of the variants.
fn difference(variants: &[PathBuf]) -> Option<String> {
    let recordings: Vec<_> = variants.iter().map(|path| Recording::read(path)).collect();
    SEEDS.iter().find_map(|seed| {
        let mut reports = Vec::new();
        for recording in &recordings {
            match recording.compare(&recording.replay(*seed)) {
                Ok(verdict) if verdict.equal() => return None,
                Ok(verdict) => {
                    let shown = verdict.differences.iter().take(SHOWN).map(|difference| difference.to_string());
                    let shown: Vec<_> = shown.collect();
                    reports.push((verdict.differences.len(), format!("{verdict}\n\n{}", shown.join("\n"))));
                }
                Err(why) => reports.push((usize::MAX, why.to_string())),
            }
        }
        let nearest = (0..reports.len()).min_by_key(|at| reports[*at].0).expect("a scenario has a recording");
        let file = recordings[nearest].path.file_name().expect("a recording is a file").to_string_lossy();
        let (count, report) = &reports[nearest];
        let more = count.saturating_sub(SHOWN);
        Some(format!(
            "══ {file} with seed {seed}: {report}\n({more} more differences.) All of it: cargo run -p swarmyard-tests \
             --example compare -- tests/recordings/{file} --seed {seed}\n"
        ))
    })
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
