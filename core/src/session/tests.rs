//! What a session promises: the same journal, the same bytes, however often somebody looks.

use super::*;
use crate::rng::Stream;

/// The documented walk-through and some world actions, at times drawn from `seed`.
fn journal(seed: u64) -> (Vec<Entry>, Ms) {
    let lines = [
        "docker service create \\\n  --name my-app \\\n  --publish published=8000,target=8000 \\\n  --replicas 3 \\\n  \
         masungil/my-fastapi-whoami:latest\ncurl http://localhost:8000\ndocker service ps my-app",
        "docker service update --image masungil/my-fastapi-whoami:badversion my-app",
        "docker service ps my-app; sleep 0.3; docker service ls",
        "docker service rollback my-app",
        "docker service update --update-failure-action rollback --update-max-failure-ratio 0.2 my-app",
        "docker service update --image my-fastapi-whoami:anotherbadversion my-app",
        "docker service rm my-app",
    ];
    let mut stream = Stream::new(seed, "a test's times");
    let mut at = 0;
    let mut entries = vec![Entry { at, input: Input::Open { node: "node1".to_owned(), columns: None } }];
    for (number, text) in lines.into_iter().enumerate() {
        at += stream.between(0, 9_000);
        entries.push(Entry { at, input: Input::Line { shell: 0, text: text.to_owned() } });
        let second = match number {
            1 => Input::Interrupt { shell: 0 },
            2 => Input::World(Action::read("power-off node2").expect("it is one")),
            4 => Input::World(Action::read("power-on node2").expect("it is one")),
            _ => Input::Line { shell: 1, text: "sleep 0.016; docker node ls".to_owned() },
        };
        at += stream.between(0, 3_000);
        entries.push(Entry { at, input: second });
    }
    (entries, at + 20_000)
}

#[test]
fn the_same_journal_gives_the_same_trace() {
    let (entries, until) = journal(3);
    let hash = |seed, entries: &[Entry]| Trace::of(&Scenario::lab(), seed, entries, until).hash();
    assert_eq!(hash(5, &entries), hash(5, &entries));
    assert_ne!(hash(5, &entries), hash(5, &entries[..entries.len() - 2]), "what is typed is in the trace");
}

#[test]
fn frames_do_not_shape_history() {
    for seed in 0..12 {
        let (entries, until) = journal(seed);
        let once = Trace::of(&Scenario::lab(), seed, &entries, until).hash();
        let mut frames = Stream::new(seed, "a test's frames");
        let mut session = Session::new(&Scenario::lab(), seed);
        let mut trace = Trace::default();
        trace.look(&session);
        for entry in &entries {
            in_frames(&mut session, &mut trace, entry.at, &mut frames);
            session.input(entry.input.clone());
            trace.look(&session);
        }
        in_frames(&mut session, &mut trace, until, &mut frames);
        assert_eq!(trace.hash(), once, "seed {seed}");
        assert_eq!(session.now(), until);
        assert_eq!(session.journal(), entries);
    }
}

/// Advances in steps of 16 ms, with a look at the same moment now and then.
fn in_frames(session: &mut Session, trace: &mut Trace, to: Ms, frames: &mut Stream) {
    while session.now() < to {
        let frame = (session.now() + 16).min(to);
        trace.advance(session, frame);
        if frames.below(4) == 0 {
            trace.advance(session, frame);
            session.advance(frame.saturating_sub(5));
        }
    }
}

#[test]
fn sixty_frames_are_960_ms() {
    let run = |steps: u64, ms: Ms| {
        let mut session = Session::new(&Scenario::lab(), 1);
        session.input(Input::Line { shell: 0, text: "sleep 0.5; echo a; sleep 0.46; echo b; sleep 9".to_owned() });
        for step in 1..=steps {
            session.advance(step * ms);
        }
        (session.now(), format!("{:?}", session.terminal(0)), session.next_event())
    };
    assert_eq!(run(60, 16), run(1, 960));
    assert!(run(1, 960).1.contains("\"b\""));
}

#[test]
fn a_copy_goes_its_own_way() {
    let mut session = Session::new(&Scenario::lab(), 1);
    session.input(Input::Line { shell: 0, text: "sleep 5; echo one".to_owned() });
    session.advance(1_000);
    let mut copy = session.clone();
    copy.input(Input::Interrupt { shell: 0 });
    session.advance(10_000);
    assert_eq!(session.terminal(0).blocks[0].exit, Some(0));
    assert_eq!(copy.terminal(0).blocks[0].exit, Some(130));
    assert_eq!((session.journal().len(), copy.journal().len()), (1, 2));
}

#[test]
fn replay_gives_the_session_of_the_journal() {
    let (entries, _) = journal(9);
    let mut live = Session::new(&Scenario::lab(), 4);
    for entry in &entries {
        while live.now() < entry.at {
            live.advance((live.now() + 7).min(entry.at));
        }
        live.input(entry.input.clone());
    }
    let replayed = Session::replay(&Scenario::lab(), 4, live.journal());
    assert_eq!(format!("{:?}", replayed.terminal(0)), format!("{:?}", live.terminal(0)));
    assert_eq!(replayed.next_event(), live.next_event());
}

#[test]
fn an_input_for_no_prompt_does_nothing() {
    let mut session = Session::new(&Scenario::lab(), 1);
    session.input(Input::Line { shell: 7, text: "echo".to_owned() });
    session.input(Input::Interrupt { shell: 7 });
    assert_eq!((session.terminals(), session.terminal(0).blocks.len()), (1, 0));
}

#[test]
fn machines_have_their_own_files() {
    let mut session = Session::new(&Scenario::lab(), 1);
    session.input(Input::Open { node: "node1".to_owned(), columns: None });
    let file = |path: &str, text: &str| Input::File {
        node: "manager".to_owned(),
        path: path.to_owned(),
        text: text.to_owned(),
    };
    session.input(file("compose.yml", "services:\n"));
    for shell in [0, 1] {
        session.input(Input::Line { shell, text: "cat compose.yml".to_owned() });
    }
    let line = |shell| session.terminal(shell).blocks[0].lines[0].text.clone();
    assert_eq!(line(0), "services:");
    assert_eq!(line(1), "cat: compose.yml: No such file or directory");
}

#[test]
fn a_view_is_told_why_in_plain_data() {
    let mut session = Session::new(&Scenario::lab(), 1);
    session.input(Input::Line { shell: 0, text: "docker service create -dq --name a demo/healthy".to_owned() });
    session.advance(2_000);
    let task = session.snapshot().tasks[0].clone();
    let told = session.why(&task.id, Lang::Ko);
    assert_eq!(told, session.why(&task.name, Lang::Ko));
    assert_eq!(
        told.last().map(|reason| reason.what.as_str()),
        Some("$ docker service create -dq --name a demo/healthy")
    );
    assert!(told.windows(2).all(|pair| pair[0].event > pair[1].event && pair[0].at >= pair[1].at));
    assert_eq!(told[0].upstream.map(|upstream| upstream.file), Some("moby daemon/health.go"));
    assert_eq!(session.why("nobody", Lang::En), []);
}
