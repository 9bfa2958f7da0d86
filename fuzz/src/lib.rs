//! What all fuzzers share: what they throw at the core is in `tests/src/fuzz/`; here steps are timed, and libFuzzer's
//! changes of bytes are mixed with changes of words.

use std::sync::{Once, OnceLock};
use std::time::Duration;

// The kit of the tests needs much that a fuzzer does not.
#[path = "../../tests/src/fuzz/mod.rs"]
pub mod fuzz;

use fuzz::{Moment, Mutator, Target};

/// A frame of a page is a third of this; what takes longer is felt. `LONGEST_MS` sets another.
const LONGEST_MS: u64 = 50;

/// Plays one text. A step that takes too long is a finding like a panic.
pub fn run(name: &str, text: &[u8]) {
    static STACK: Once = Once::new();
    STACK.call_once(report_overflows);
    let mut took = slowest_step(name, text);
    // A machine that is busy makes it slow once, but hardly three times.
    for _ in 0..2 {
        if took <= longest() {
            return;
        }
        took = took.min(slowest_step(name, text));
    }
    assert!(took <= longest(), "a step takes {took:?}");
}

fn slowest_step(name: &str, text: &[u8]) -> Duration {
    let (mut begun, mut slowest, mut steps) = (cpu_time(), Duration::ZERO, 0);
    Target::named(name).run(text, &mut |moment| match moment {
        Moment::Begins => begun = cpu_time(),
        Moment::Ends => {
            let took = cpu_time() - begun;
            slowest = slowest.max(took);
            steps += 1;
            if set("SHOWN_MS").is_some_and(|shown| took >= shown) {
                eprintln!("step {steps} takes {took:?}");
            }
        }
    });
    slowest
}

/// Changes a text in place, and returns its new length.
pub fn mutate(name: &str, text: &mut [u8], length: usize, most: usize, seed: u32) -> usize {
    static CORPUS: OnceLock<Vec<String>> = OnceLock::new();
    if seed % 3 == 0 {
        return libfuzzer_sys::fuzzer_mutate(text, length, most);
    }
    let corpus = CORPUS.get_or_init(|| Target::named(name).corpus());
    let old = String::from_utf8_lossy(&text[..length]);
    let new = Mutator::new(seed.into(), corpus).changed(&old);
    let length = new.len().min(most);
    text[..length].copy_from_slice(&new.as_bytes()[..length]);
    length
}

fn longest() -> Duration {
    static LONGEST: OnceLock<Duration> = OnceLock::new();
    *LONGEST.get_or_init(|| set("LONGEST_MS").unwrap_or(Duration::from_millis(LONGEST_MS)))
}

/// A time in milliseconds that a variable of the environment sets.
fn set(name: &str) -> Option<Duration> {
    std::env::var(name).ok()?.parse().ok().map(Duration::from_millis)
}

/// What this thread has used: others on the same machine do not count.
fn cpu_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: it writes into `time` only.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(failed, 0, "this clock is always there");
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Gives libFuzzer's signal handlers a stack of their own, so that they can still write down a text for which the
/// other one was too small.
fn report_overflows() {
    const SIZE: usize = 1 << 18;
    let memory = Vec::leak(vec![0_u8; SIZE]);
    let stack = libc::stack_t { ss_sp: memory.as_mut_ptr().cast(), ss_flags: 0, ss_size: SIZE };
    // SAFETY: the memory is never freed, and nobody else uses it.
    let failed = unsafe { libc::sigaltstack(&stack, std::ptr::null_mut()) };
    assert_eq!(failed, 0, "the stack is large enough");
}
