//! Whoever looks again and again, and takes over what nothing has happened to, sees what a first look sees.

use std::rc::Rc;

use swarmyard_core::rng::Stream;
use swarmyard_core::session::Session;
use swarmyard_core::snapshot::{Client, Request, Snapshot, Watch};
use swarmyard_core::time::Ms;
use swarmyard_tests::storm::Storm;

const STORMS: u64 = 180;

/// Plays a storm and calls `look` again and again, at moments that nobody chose.
fn watched(seed: u64, mut look: impl FnMut(&Session)) {
    let storm = Storm::of(seed);
    let mut dice = Stream::new(seed, "looks");
    let mut session = Session::new(&storm.scenario, storm.seed);
    let mut play = |session: &mut Session, to: Ms| {
        while session.step(to).is_some() {
            if dice.between(0, 3) == 0 {
                look(session);
            }
        }
        session.advance(to);
        look(session);
    };
    for entry in &storm.journal {
        play(&mut session, entry.at);
        session.input(entry.input.clone());
    }
    play(&mut session, storm.until);
}

#[test]
fn a_watch_sees_what_a_first_look_sees_at_any_moment_of_a_storm() {
    let (mut looks, mut shared) = (0, 0);
    for seed in 0..STORMS {
        let mut watch = Watch::default();
        let mut latest = Session::new(&Storm::of(seed).scenario, seed).watched(&mut watch);
        watch.forget();
        watched(seed, |session| {
            let (seen, true_one) = (session.watched(&mut watch), session.snapshot());
            assert_eq!(*seen, true_one, "storm {seed} at {} ms", session.now());
            looks += 1;
            shared += usize::from(!seen.tasks.is_empty() && !seen.nodes.is_empty() && same_nodes(&seen, &latest));
            latest = seen;
        });
    }
    assert!(shared * 2 > looks, "{shared} of {looks} looks took something over");
}

fn same_nodes(one: &Snapshot, other: &Snapshot) -> bool {
    one.nodes.iter().zip(&other.nodes).all(|(one, other)| Rc::ptr_eq(one, other))
}

#[test]
fn a_client_asks_the_tasks_that_answer_at_any_moment_of_a_storm() {
    let mut asked = 0;
    for seed in 0..STORMS {
        let mut always = Client::new("n1", 1);
        always.port = 8000;
        let mut last = None;
        watched(seed, |session| {
            let now = session.now();
            if last.replace(now) == Some(now) {
                // It has asked up to here.
                return;
            }
            // One that knows what it has seen before, and one that looks for the first time.
            let ask = |mut client: Client| {
                client.pass(session.world(), now + 60);
                client.recent.iter().filter(|request| request.at >= now).copied().collect::<Vec<Request>>()
            };
            let mut anew = always.clone();
            anew.forget_future(now);
            let (seen, true_ones) = (ask(always.clone()), ask(anew));
            assert_eq!(seen, true_ones, "storm {seed} at {now} ms");
            asked += seen.iter().filter(|request| request.version.is_some()).count();
            always.pass(session.world(), now + 1);
        });
    }
    assert!(asked > 10_000, "{asked} requests were answered");
}
