//! Every event has a cause: from each, the chain leads back to an input or to the session's beginning. Over the
//! walk-through as it was recorded, and over seeds.

use swarmyard::replay::{SEED, Setting, replay_watched};
use swarmyard_core::event::{START, What};
use swarmyard_core::rng::Stream;
use swarmyard_core::scenario::Scenario;
use swarmyard_core::session::{Action, Input, Session};
use swarmyard_core::why::{Lang, Why};
use swarmyard_core::world::World;
use swarmyard_tests::recordings::{folder, read, scenarios};

/// Events from `from` on whose cause is missing, or is none.
fn uncaused(world: &World, from: usize) -> Vec<String> {
    let record = world.store().record();
    let wrong = record.since(from).filter(|(id, event)| match event.cause {
        None => !(matches!(event.what, What::Input { .. }) || *id == START),
        Some(cause) => cause >= *id || record.get(cause).is_none_or(|earlier| earlier.at > event.at),
    });
    wrong.map(|(id, event)| format!("{id:?}: {event:?}")).collect()
}

#[test]
fn every_event_of_the_walk_through_has_a_cause() {
    let walks = scenarios(&folder()).into_iter().filter(|(name, _)| name.starts_with('A'));
    let mut events = 0;
    for path in walks.flat_map(|(_, paths)| paths) {
        let steps = serde_json::from_value(read(&path)).expect("it is a recording");
        let setting = Setting { seed: SEED, files: Vec::new(), watched_until: None };
        let mut seen = 0;
        replay_watched(&steps, &setting, &mut |session| {
            let wrong = uncaused(session.world(), seen);
            assert!(wrong.is_empty(), "{}: {wrong:#?}", path.display());
            seen = session.world().store().record().len();
        });
        events += seen;
    }
    assert!(events > 500, "{events} events were looked at");
}

/// What is typed and what happens, for seeds to choose from. Some of it makes no sense at most moments.
const DEEDS: &[&str] = &[
    "docker service create -dq --name a --replicas 4 -p 8000:8000 masungil/my-fastapi-whoami",
    "docker service create -dq --name b --mode global --restart-delay 1s demo/crash3",
    "docker service create -dq --name c --reserve-cpu 1 --replicas 5 --restart-max-attempts 2 demo/crash",
    "docker service create -dq --name d --mode replicated-job --replicas 6 --max-concurrent 2 demo/exit0",
    "docker service create -dq --name e -p published=9000,target=80,mode=host --replicas 4 demo/unhealthy",
    "docker service update -dq --image masungil/my-fastapi-whoami:v2 --update-order start-first a",
    "docker service update -dq --image nowhere --update-failure-action rollback a",
    "docker service update -dq --force --update-parallelism 2 --update-delay 1s b",
    "docker service update -dq --image demo/slowstop --stop-grace-period 2s c",
    "docker service update -dq --constraint-add node.role==worker a",
    "docker service rollback -dq a",
    "docker service scale -d a=2 c=1",
    "docker service scale -d a=6",
    "docker service rm b",
    "docker node update --availability drain node1",
    "docker node update --availability active node1",
    "docker node update --label-add x=y node2",
    "@ power-off node2",
    "@ power-on node2",
    "@ fill node1",
    "@ free node1",
    "@ registry down",
    "@ registry up",
    "@ push masungil/my-fastapi-whoami:latest",
    "@ image masungil/my-fastapi-whoami:latest exit-after=2s exit-code=3 sigterm=ignored",
    "@ crash-task a.1",
    "@ crash-task a.2",
];

#[test]
fn whatever_happens_has_a_cause_and_can_be_told() {
    for seed in 0..40 {
        let mut choice = Stream::new(seed, "a test's choices");
        let mut session = Session::new(&Scenario::lab(), seed);
        for _ in 0..25 {
            let deed = DEEDS[choice.below(DEEDS.len() as u32) as usize];
            session.input(match deed.strip_prefix("@ ") {
                Some(words) => Input::World(Action::read(words).expect("the test's actions can be read")),
                None => Input::Line { shell: 0, text: deed.to_owned() },
            });
            session.advance(session.now() + choice.between(0, 8_000));
        }
        let world = session.world();
        let wrong = uncaused(world, 0);
        assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}");
        let why = Why::of(world);
        for (id, event) in world.store().record().since(0) {
            for lang in Lang::ALL {
                let told = why.tell(id, lang).expect("it is in the record");
                assert!(!told.what.is_empty() && !told.what.contains('{'), "seed {seed}: {event:?} is {told:?}");
                assert!(!told.why.contains(['{', '[']), "seed {seed}: {event:?} is {told:?}");
            }
        }
        for task in world.store().tasks() {
            let chain = why.chain(task.id.as_str()).expect("it is there");
            let first = world.store().record().get(*chain.last().expect("it was created")).expect("it is there");
            assert!(matches!(first.what, What::Input { .. }), "seed {seed}: {} begins with {first:?}", task.name());
        }
    }
}
