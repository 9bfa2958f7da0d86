//! The client outside the swarm: what it is answered, what it loses, and that looking at it changes nothing.

use swarmyard_core::scenario::Scenario;
use swarmyard_core::session::{Input, Session};
use swarmyard_core::snapshot::Client;
use swarmyard_core::time::{Ms, SECOND};

/// Asks every 100 ms while `lines` are typed, a second apart, and 30 s more.
fn asked(length_ms: Ms, lines: &[&str]) -> (Client, Session) {
    let mut session = Session::new(&Scenario::lab(), 1);
    let mut client = Client::new("manager", 100);
    (client.port, client.length_ms) = (8000, length_ms);
    for line in lines {
        session.input(Input::Line { shell: 0, text: (*line).to_owned() });
        let until = session.now() + 15 * SECOND;
        while let Some(at) = session.next_event().filter(|at| *at <= until) {
            client.pass(session.world(), at);
            session.advance(at);
        }
        client.pass(session.world(), until);
        session.advance(until);
    }
    (client, session)
}

const CREATE: &str = "docker service create -dq --name a --replicas 2 -p 8000:8000 masungil/my-fastapi-whoami";

#[test]
fn it_waits_until_somebody_answers_and_then_all_are_answered_until_nobody_does() {
    let (client, session) = asked(0, &[CREATE, "docker service scale -d a=0"]);
    let (up, down) = (client.totals(15 * SECOND), client.totals(session.now()));
    assert!((100..150).contains(&up.answered[0]) && up.lost() == 0, "it comes up within seconds: {up:?}");
    assert!(down.refused > 100 && down.cut == 0, "{down:?}");
    let began = client.losses().next().expect("some were lost");
    assert!(began >= 14 * SECOND, "{began}");
}

#[test]
fn long_requests_are_cut_where_their_task_ends_first() {
    let update = "docker service update -dq --force --stop-grace-period 1s a";
    let cut = |length_ms| {
        let (client, session) = asked(length_ms, &[CREATE, update]);
        client.totals(session.now()).cut
    };
    assert_eq!(cut(0), 0);
    assert!(cut(4 * SECOND) > 0);
}

#[test]
fn how_often_somebody_looks_changes_no_count() {
    let (client, session) = asked(0, &[CREATE]);
    let mut again = Session::new(&Scenario::lab(), 1);
    again.input(Input::Line { shell: 0, text: CREATE.to_owned() });
    let mut looked = Client::new("manager", 100);
    looked.port = 8000;
    for at in (0..=15 * SECOND).step_by(7) {
        while let Some(due) = again.next_event().filter(|due| *due <= at) {
            looked.pass(again.world(), due);
            again.advance(due);
        }
        looked.pass(again.world(), at);
        again.advance(at);
    }
    assert_eq!(looked.totals(14 * SECOND), client.totals(14 * SECOND));
    assert!(session.now() >= 15 * SECOND);
}

#[test]
fn another_future_begins_with_what_was_counted_before_it() {
    let (mut client, session) = asked(0, &[CREATE]);
    let then = client.totals(10 * SECOND);
    assert!(then.answered[0] < client.totals(session.now()).answered[0]);
    client.forget_future(10 * SECOND);
    assert_eq!(client.totals(20 * SECOND), then);
}
