//! The tables and the narration against what the engine itself holds, at moments of storms that nobody chose. The
//! engine is asked past the snapshot that the page draws from.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use swarmyard_core::model::{Mode, Node, PublishMode, Service, Task, TaskState};
use swarmyard_core::rng::Stream;
use swarmyard_core::session::Session;
use swarmyard_core::snapshot::{Chronicle, MarkKind};
use swarmyard_core::time::Ms;
use swarmyard_core::world::{ContainerState, World};
use swarmyard_tests::storm::Storm;

use super::narrator::Narrator;
use super::tables::{Row, tables};
use crate::clock::clock_text;
use crate::text::Lang;

const MOMENTS: usize = 200;

#[test]
fn at_two_hundred_moments_of_storms_the_text_says_what_the_engine_holds() {
    let texts = Lang::En.texts();
    let (mut tasks, mut serving, mut spoken) = (0, 0, 0);
    for seed in 0..MOMENTS as u64 {
        let storm = Storm::of(seed);
        let at = Stream::new(seed, "moment").between(0, storm.until);
        let (session, chronicle) = played(&storm, at);
        let (world, snapshot) = (session.world(), session.snapshot());
        let tables = tables(&snapshot, 0, texts);
        let is = |rows: &[Row], true_rows: Vec<Vec<String>>| {
            let said: BTreeSet<&Vec<String>> = rows.iter().map(|row| &row.cells).collect();
            assert_eq!(said, true_rows.iter().collect(), "storm {seed} at {at} ms");
        };
        is(&tables.nodes, nodes(world, &tables.nodes, texts.off));
        is(&tables.services, services(world));

        let answering = answering(world);
        let mut known: BTreeMap<String, &Task> =
            world.store().tasks().map(|task| (task.id.to_string(), &**task)).collect();
        for row in &tables.tasks {
            let what = format!("storm {seed} at {at} ms, {}: {:?}", row.name, row.cells);
            let task = known.remove(&row.name).unwrap_or_else(|| panic!("{what}: the engine has none"));
            let [name, tag, node, state, desired, serves, since, error] = &row.cells[..] else { panic!("{what}") };
            let said = [name, tag, node, state, desired, error].map(String::as_str);
            let held = task_cells(world, task);
            assert_eq!(said, held.each_ref().map(String::as_str), "{what}");
            let ended = task.status.state > TaskState::Running;
            assert!(!ended || *since == clock_text(task.status.timestamp), "{what}");
            assert!(*serves == texts.look_serving || !answering.contains(&row.name), "{what}: requests reach it");
            assert!(*serves != texts.look_serving || runs(world, task), "{what}: nothing runs there");
            tasks += 1;
            serving += usize::from(*serves == texts.look_serving);
        }
        let hidden = snapshot.tasks.len() - tables.tasks.len();
        assert_eq!(known.len(), hidden, "storm {seed} at {at} ms leaves out {:?}", known.keys());

        let mut narrator = Narrator::default();
        if narrator.listen(&chronicle.marks, &snapshot, texts, f64::MAX) {
            spoken += 1;
            for service in world.store().services() {
                let name = &service.spec.name;
                let mine =
                    |row: &&Row| row.cells[0].starts_with(&format!("{name}.")) && row.cells[5] == texts.look_serving;
                let count = tables.tasks.iter().filter(mine).count();
                let sentence = format!("{name}: {count}/{} in service", desired(world, service));
                assert!(
                    narrator.says.contains(&sentence),
                    "storm {seed} at {at} ms: {}, not {sentence}",
                    narrator.says
                );
            }
        }
        marks_are_true(world, &chronicle, seed);
    }
    assert!(tasks > 5 * MOMENTS && serving > MOMENTS && spoken > MOMENTS / 2, "{tasks} {serving} {spoken}: hardly any");
    println!("{MOMENTS} moments, {tasks} tasks, {serving} of them in service, {spoken} narrations");
}

fn played(storm: &Storm, at: Ms) -> (Session, Chronicle) {
    let mut session = Session::new(&storm.scenario, storm.seed);
    let mut chronicle = Chronicle::default();
    let mut play = |session: &mut Session, to: Ms| {
        while session.step(to).is_some() {
            chronicle.read(session.world());
        }
        session.advance(to);
        chronicle.read(session.world());
    };
    for entry in storm.journal.iter().filter(|entry| entry.at <= at) {
        play(&mut session, entry.at);
        session.input(entry.input.clone());
    }
    play(&mut session, at);
    (session, chronicle)
}

/// A machine that is off is told by its state: then nothing may run there.
fn nodes(world: &World, rows: &[Row], off: &str) -> Vec<Vec<String>> {
    let joined = |node: &&Rc<Node>| {
        // A machine that has left and joined again has more than one node; the page shows the one that it is now.
        let same = world.store().nodes().filter(|other| other.description.hostname == node.description.hostname);
        same.count() == 1 || rows.iter().any(|row| row.name == node.description.hostname)
    };
    let cells = |node: &Rc<Node>| {
        let row = rows.iter().find(|row| row.name == node.description.hostname)?;
        let is_off = row.cells[1] == off && world.containers(node.id).iter().all(|view| !running(view.state));
        let leads = node.manager.as_ref().is_some_and(|manager| manager.leader);
        let tasks = world.store().tasks_of_node(node.id).filter(|task| lives(task)).count();
        Some(vec![
            node.description.hostname.clone(),
            if is_off { off.to_owned() } else { node.status.state.word().to_owned() },
            node.spec.availability.word().to_owned(),
            if leads { "leader" } else { node.role.word() }.to_owned(),
            tasks.to_string(),
        ])
    };
    world.store().nodes().filter(joined).filter_map(cells).collect()
}

fn services(world: &World) -> Vec<Vec<String>> {
    let cells = |service: &Rc<Service>| {
        let tasks = world.store().tasks_of_service(service.id);
        let running = tasks.filter(|task| task.status.state == TaskState::Running);
        let update = service.update_status.as_ref().map_or("", |status| status.state.word());
        vec![
            service.spec.name.clone(),
            service.spec.mode.title().to_owned(),
            format!("{}/{}", running.count(), desired(world, service)),
            without_digest(&service.spec.task.container.image).to_owned(),
            update.to_owned(),
        ]
    };
    world.store().services().map(cells).collect()
}

fn desired(world: &World, service: &Service) -> u64 {
    match service.spec.mode {
        Mode::Replicated { replicas } => replicas,
        Mode::ReplicatedJob { max_concurrent, .. } => max_concurrent,
        Mode::Global | Mode::GlobalJob => {
            let wanted = |task: &&Rc<Task>| matches!(task.desired, TaskState::Running | TaskState::Complete);
            world.store().tasks_of_service(service.id).filter(wanted).count() as u64
        }
    }
}

/// Name, tag, node, state, desired state, error.
fn task_cells(world: &World, task: &Task) -> [String; 6] {
    let image = without_digest(&task.spec.container.image);
    let last = image.rsplit('/').next().unwrap_or(image);
    let tag = last.split_once(':').map_or(last, |(_, tag)| tag);
    let node = task.node.and_then(|node| world.store().node(node));
    [
        task.name(),
        tag.to_owned(),
        node.map_or(String::new(), |node| node.description.hostname.clone()),
        task.status.state.title().to_owned(),
        task.desired.title().to_owned(),
        task.status.err.to_string(),
    ]
}

fn without_digest(image: &str) -> &str {
    image.split('@').next().unwrap_or(image)
}

fn lives(task: &Task) -> bool {
    let dropped = task.status.state < TaskState::Assigned && task.desired > TaskState::Running;
    task.status.state <= TaskState::Running && !dropped
}

/// Whom the routing mesh sends requests.
fn answering(world: &World) -> BTreeSet<String> {
    let ports = world.store().services().flat_map(|service| &service.endpoint.ports);
    let ports: BTreeSet<u32> =
        ports.filter(|port| port.mode == PublishMode::Ingress).map(|port| port.published).collect();
    let ask = |node: &Rc<Node>| {
        let answer = ports.iter().flat_map(|port| world.answering(node.id, *port as u16));
        answer.map(|(task, _)| task.id.to_string()).collect::<Vec<_>>()
    };
    world.store().nodes().flat_map(ask).collect()
}

fn running(state: ContainerState) -> bool {
    matches!(state, ContainerState::Running { .. })
}

fn runs(world: &World, task: &Task) -> bool {
    let views = task.node.map(|node| world.containers(node)).unwrap_or_default();
    views.iter().any(|view| view.task == task.id && running(view.state))
}

/// The last that is said of an update and of a node is how they are.
fn marks_are_true(world: &World, chronicle: &Chronicle, seed: u64) {
    let last = |kind: MarkKind, about: &str| {
        let mine = chronicle.marks.iter().rev().find(|mark| mark.kind == kind && *mark.about == *about);
        mine.map(|mark| mark.word)
    };
    for service in world.store().services() {
        let now = service.update_status.as_ref().map(|status| status.state.word());
        if let Some(now) = now {
            assert_eq!(last(MarkKind::Update, &service.spec.name), Some(now), "storm {seed}: {}", service.spec.name);
        }
    }
}
