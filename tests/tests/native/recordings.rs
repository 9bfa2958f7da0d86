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
/// Not here: those with something that cannot be, though all else in them is equal (`nearly.rs`); C06_job_replicated,
/// which prints a line at every look at five jobs, so that each has to last as long as it did to within a fifth of a
/// second; E01, where an id without a digit is not taken for one; E02, with the number of a process; E05, with that of a
/// network, which tells how many the swarm had had before; E06 and E08, where the lines of logs and the images of one
/// second stand in one of thousands of orders; F00, with the ID of an engine and images that building had left over.
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
    "B22_update_rollback_flag",
    "B30_pty_pause",
    "B31_replicas_and_image",
    "B31_update_10rep",
    "C01_crash_any",
    "C01_crash_none",
    "C01_crash_on-failure",
    "C01_exit0_any",
    "C01_exit0_none",
    "C02_delay0",
    "C02_delay1",
    "C03_maxatt0_missing",
    "C03_maxatt3",
    "C04_scale",
    "C05_global",
    "C06_job_pty",
    "D01_hostname",
    "D01_label_unsat",
    "D01_not_hostname",
    "D01_role_manager",
    "D01_role_worker",
    "D02_maxpernode",
    "D02_reserve_cpu",
    "D02_reserve_mem",
    "D05_promote_demote",
    "D07_stop_node1",
    "F03_syntax",
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

/// Scenarios in which luck decides what a person sees. Where Swarm picks at random, or lets two of its parts race, every
/// run of a real swarm is one course of several; a seed says how all that falls, and nothing else. So each recording has
/// a seed with which it falls as it did: it shows that this course is among the simulator's own. The program never sees
/// this list.
const EQUAL_WITH_LUCK: &[(&str, u64, &str)] = &[
    ("A01_seed_run1", SEED, SLOTS),
    ("A01_seed_run2", SEED, SLOTS),
    ("A01_seed_run3", SEED, SLOTS),
    ("A02_seed_pty", SEED, SLOTS),
    ("A03_seed_run4", SEED, SLOTS),
    ("B10_crash3_continue_r0", 0, CRASH),
    ("B10_crash_pause_r0", SEED, CRASH),
    ("B10_crash_rollback_r0", 5, CRASH),
    ("B10_unhealthy_rollback_r0", 0, JUDGE),
    ("B11_crash_rollback_r0.2", 24, CRASH),
    ("B22_paused_then_env", SEED, SLOTS),
    ("B22_sigint", 0, CTRL_C),
    ("B22_sigint_pty", SEED, CTRL_C),
    ("B22_upd_during_paused", 39, LOOK),
    ("B30_pty_crash_auto_rb", 1, CRASH),
    ("B30_pty_create_crash", 0, CTRL_C),
    ("C01_crash_any_fg", 0, CTRL_C),
    ("C01_crash_on-failure_fg", 0, CTRL_C),
    ("C01_exit0_any_fg", SEED, CTRL_C),
    ("C01_exit0_none_fg", SEED, CTRL_C),
    ("C01_exit0_on-failure_fg", SEED, CTRL_C),
    ("C03_maxatt2_fg", SEED, CTRL_C),
    ("C05_global_pty", 4, CRASH),
    ("C06_job_global", 0, LOOK),
    ("C07_slowstop3", 8, NODE),
    ("C08_healthcheck", SEED, NODE),
    ("C09_kill_container", 3, NODE),
    ("D01_fg_unsat", 0, CTRL_C),
    ("D04_drain", 0, "whether the last of ten tasks is up before the recorder looks for the last time"),
    ("D05_node_cmds", 2, NODE),
    ("E04_pretty_everything", 72, "the recorder looks for the last time while the scheduler waits for more to come"),
    (
        "E07_stack",
        97,
        "of two services the second is updated first, and a table is taken while a task waits for its node",
    ),
    ("E07_stack_pty", SEED, "which of two services is created first"),
    ("F02_flag_values", 81, "which slot each of six updates takes that come before the last has ended"),
    ("F04_create_errors", 19, "the name of a service that was given none"),
    ("G01_registry_down", SEED, SLOTS),
    ("G06_crash_startfirst_rollback", SEED, CRASH),
    (
        "G06_missing_startfirst_continue",
        63,
        "the last table is taken in the tenth of a second between a sixth attempt and its end",
    ),
    ("H01_slot_choice_x6", 939, "six updates take slots in the pattern a a b a c a, of five: 2 of 1,400"),
    ("H03_pty_missing_create", 42, "the third slot is restarted just before the update comes to it"),
    ("H06_scale_down_choice", 2, "which nodes hold two tasks when one goes"),
    ("H07_unsat_constraint_update_stop-first", 6, CTRL_C),
    (
        "H09_maxpernode_startfirst",
        62,
        "of two groups that wait the later is placed first, and slots are taken in one of six orders",
    ),
    (
        "H02_docker_events",
        90,
        "the manager's task is in slot 3, is updated first twice, and its containers go in the order of their age",
    ),
    ("J01_three_managers", 12, "the new leader, and how many of four tasks are on the one that is lost: one in three"),
    ("J05_stack_rollback", 0, JUDGE),
    (
        "J09_addrm",
        119,
        "each of the last four updates takes the same of three slots, and one of them a task that has just begun",
    ),
    ("J17_leak", 0, SLOTS),
];

const SLOTS: &str = "which slot an update takes first";
const CRASH: &str = "whether the next slot is taken before a crash is seen, and which is taken first on the way back";
const JUDGE: &str = "whether the orchestrator replaces a failed task before the updater judges it";
const CTRL_C: &str = "how many of its last words a display still shows";
const LOOK: &str = "whether the first look at a service comes before its first task";
const NODE: &str = "which node a task is on when its machine is asked";

/// Of a recording that fails, so many differences are shown.
const SHOWN: usize = 2;

#[test]
fn the_listed_recordings_are_equal() {
    let scenarios = scenarios(&folder());
    let of = |name: &'static str| (name, scenarios.get(name).unwrap_or_else(|| panic!("no recording {name}")));
    let always = EQUAL.iter().map(|name| (of(name), SEEDS));
    let with_luck = EQUAL_WITH_LUCK.iter().map(|(name, seed, _)| (of(name), std::slice::from_ref(seed)));
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
