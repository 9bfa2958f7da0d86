//! Going to any moment of a storm is the same as playing up to it: by the numbers of everything that is there, shown,
//! and still to come.

use swarmyard_core::rng::Stream;
use swarmyard_core::session::timeline::Timeline;
use swarmyard_core::session::{Session, Trace};
use swarmyard_core::time::Ms;
use swarmyard_tests::storm::Storm;

const SEEDS: std::ops::Range<u64> = 0..60;

/// Moments of each.
const MOMENTS: usize = 6;

#[test]
fn a_moment_gone_to_is_the_moment_played_to() {
    for seed in SEEDS {
        let storm = Storm::of(seed);
        let mut luck = Stream::new(seed, "a test's moments");
        let mut timeline = Timeline::spaced(&storm.scenario, seed, luck.between(1, 400) as usize);
        for entry in &storm.journal {
            timeline.advance(entry.at);
            timeline.input(entry.input.clone());
        }
        timeline.advance(storm.until);
        assert_eq!(timeline.journal(), storm.journal);
        for _ in 0..MOMENTS {
            let at = luck.between(0, storm.until);
            timeline.seek(at);
            assert_eq!(timeline.now(), at);
            let there = number(timeline.session().clone(), storm.until);
            assert_eq!(there, number(played(&storm, at), storm.until), "seed {seed}, {at} ms");
        }
    }
}

fn played(storm: &Storm, at: Ms) -> Session {
    let seen = storm.journal.iter().take_while(|entry| entry.at <= at).count();
    let mut session = Session::replay(&storm.scenario, storm.seed, &storm.journal[..seen]);
    session.advance(at);
    session
}

/// The number of everything in a session, shown by it, and to come of itself.
fn number(mut session: Session, until: Ms) -> u64 {
    let mut trace = Trace::default();
    trace.look(&session);
    for shell in 0..session.terminals() {
        trace.note(session.terminal(shell));
    }
    trace.advance(&mut session, until);
    trace.hash()
}
