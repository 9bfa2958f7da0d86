//! What the page does with what happens to it.

use super::*;
use crate::walkthrough::{STEPS, TYPING_MS};

const SETTINGS: Settings = Settings { lang: Lang::En, dark: None, embedded: false, stops: 0, keys: true };

fn model() -> Model {
    Model::new(Scenario::playground(), 1, SETTINGS)
}

/// Sixty frames a second, from `from` to `to` in the browser's milliseconds.
fn frames(model: &mut Model, from: u32, to: u32) -> Vec<Todo> {
    (from..to).step_by(16).map(|at| model.update(Msg::Frame(f64::from(at)))).collect()
}

fn submit(model: &mut Model, text: &str) {
    model.update(Msg::Edited { text: text.to_owned(), cursor: usize::MAX });
    model.update(Msg::Key(Key::Enter));
}

fn typed(model: &Model) -> Vec<&str> {
    model.shown_shell().blocks.iter().map(|block| block.typed.as_str()).collect()
}

#[test]
fn a_fresh_page_has_three_nodes_and_a_prompt_on_the_first() {
    let model = model();
    let nodes: Vec<_> = model.snapshot.nodes.iter().map(|node| node.hostname.as_str()).collect();
    assert_eq!(nodes, ["manager", "node1", "node2"]);
    assert_eq!(model.shown_shell().node, "manager");
    assert!(!model.busy());
}

#[test]
fn the_walk_through_types_visibly_then_runs_and_goes_on() {
    let mut model = model();
    let command = "echo walking".to_owned();
    model.update(Msg::Type { command: command.clone(), still: false });
    frames(&mut model, 0, TYPING_MS as u32 / 2);
    let half = model.shown_shell().editor.text().to_owned();
    assert!(command.starts_with(&half) && !half.is_empty() && half != command, "{half:?}");
    assert_eq!(typed(&model), [""; 0]);
    frames(&mut model, TYPING_MS as u32 / 2, TYPING_MS as u32 + 40);
    assert_eq!(typed(&model), [command.as_str()]);
    assert_eq!(model.shown_shell().editor.text(), "");
}

#[test]
fn without_motion_a_command_runs_at_once() {
    let mut model = model();
    model.update(Msg::Type { command: STEPS[0].command.to_owned(), still: true });
    assert_eq!(typed(&model), [STEPS[0].command]);
    assert_eq!(model.walk.next, 1);
}

#[test]
fn keys_of_a_shell_edit_the_prompt() {
    let mut model = model();
    submit(&mut model, "echo one");
    assert!(model.update(Msg::Key(Key::Up)).prompt);
    assert_eq!(model.shown_shell().editor.text(), "echo one");
    model.update(Msg::Key(Key::Ctrl('u')));
    assert_eq!(model.shown_shell().editor.text(), "");
}

#[test]
fn several_candidates_are_kept_until_something_is_typed() {
    let mut model = model();
    model.update(Msg::Edited { text: "docker service r".to_owned(), cursor: usize::MAX });
    model.update(Msg::Key(Key::Tab));
    let words: Vec<_> = model.shown_shell().candidates.iter().map(|found| found.text.as_str()).collect();
    assert_eq!(words, ["rm", "rollback"]);
    let todo = model.update(Msg::Edited { text: "docker service ro".to_owned(), cursor: usize::MAX });
    assert!(todo.draw && model.shown_shell().candidates.is_empty());
}

#[test]
fn whole_lines_of_a_paste_run_and_the_rest_waits_in_the_prompt() {
    let mut model = model();
    model.update(Msg::Key(Key::Paste("echo one\necho two\nec".to_owned())));
    assert_eq!(typed(&model), ["echo one", "echo two"]);
    assert_eq!(model.shown_shell().editor.text(), "ec");
}

#[test]
fn a_clock_that_stands_still_lets_nothing_happen_until_a_step() {
    let mut model = model();
    submit(&mut model, "sleep 3");
    assert!(model.busy());
    model.update(Msg::PlayOrPause);
    frames(&mut model, 0, 2_000);
    assert_eq!(model.clock.now(), 0);
    for _ in 0..1_000 {
        model.update(Msg::Go(To::NextEvent));
        if !model.busy() {
            break;
        }
    }
    assert_eq!((model.busy(), model.clock.now(), model.clock.running), (false, 3_000, false));
}

#[test]
fn frames_do_not_shape_history() {
    let run = |step: usize| {
        let mut model = model();
        model.update(Msg::Frame(0.0));
        submit(&mut model, "sleep 1; echo done");
        for at in (0..=2_000).step_by(step) {
            model.update(Msg::Frame(at as f64));
        }
        (model.snapshot.tasks.len(), model.shown_shell().blocks[0].lines.clone(), model.clock.now())
    };
    assert_eq!(run(10), run(200));
}

#[test]
fn starting_over_forgets_all_but_the_persons_choices() {
    let mut model = model();
    model.update(Msg::Lang(Lang::Ko));
    model.update(Msg::Speed(7));
    submit(&mut model, STEPS[0].command);
    frames(&mut model, 0, 500);
    model.update(Msg::StartOver);
    assert_eq!((model.clock.now(), model.walk.next, typed(&model).len()), (0, 0, 0));
    assert_eq!((model.settings.lang, model.clock.speed), (Lang::Ko, 7));
}

#[test]
fn every_prompt_speaks_its_readers_language() {
    let mut model = Model::new(Scenario::playground(), 1, Settings { lang: Lang::Ko, ..SETTINGS });
    let said = |model: &mut Model| {
        submit(model, "echo $LANG");
        model.shown_shell().blocks.last().expect("it was typed").lines[0].text.clone()
    };
    assert_eq!(said(&mut model), "ko_KR.UTF-8");
    model.update(Msg::Shell("node1".to_owned()));
    assert_eq!(said(&mut model), "ko_KR.UTF-8");
    model.update(Msg::Lang(Lang::En));
    assert_eq!(said(&mut model), "en_US.UTF-8");
}

#[test]
fn a_node_has_a_shell_of_its_own_once_somebody_looks() {
    let mut model = model();
    submit(&mut model, "echo on the manager");
    model.update(Msg::Shell("node1".to_owned()));
    assert_eq!((model.shown_shell().node.as_str(), typed(&model).len()), ("node1", 0));
    submit(&mut model, "echo on node1");
    model.update(Msg::Shell("manager".to_owned()));
    assert_eq!(typed(&model), ["echo on the manager"]);
    model.update(Msg::Shell("node1".to_owned()));
    assert_eq!((typed(&model), model.shells.len()), (vec!["echo on node1"], 2));
}

#[test]
fn blocks_that_have_ended_are_not_made_anew() {
    let mut model = model();
    submit(&mut model, "echo one");
    let first = Rc::clone(&model.shown_shell().blocks[0]);
    submit(&mut model, "sleep 1");
    let running = Rc::clone(&model.shown_shell().blocks[1]);
    frames(&mut model, 0, 1_500);
    let blocks = &model.shown_shell().blocks;
    assert!(Rc::ptr_eq(&first, &blocks[0]));
    assert!(!Rc::ptr_eq(&running, &blocks[1]));
    assert_eq!(blocks[1].exit, Some(0));
}

#[test]
fn a_cleared_screen_stays_clear_and_the_running_command_stays() {
    let mut model = model();
    submit(&mut model, "echo one");
    submit(&mut model, "sleep 1");
    model.update(Msg::Key(Key::Ctrl('l')));
    assert_eq!(typed(&model), ["sleep 1"]);
    submit(&mut model, "echo two");
    frames(&mut model, 0, 1_500);
    assert_eq!(typed(&model), ["sleep 1", "echo two"]);
}

#[test]
fn an_idle_page_is_drawn_for_its_clock_alone() {
    let mut model = model();
    // Past what a swarm does while it comes up.
    frames(&mut model, 0, 20_000);
    let drawn = frames(&mut model, 20_000, 21_000).iter().filter(|todo| todo.draw).count();
    assert!((9..=30).contains(&drawn), "{drawn} drawings in a second");
}

/// Plays for so long, in virtual milliseconds.
fn play(model: &mut Model, ms: u64) {
    let to = model.now() + ms;
    model.play_to(to);
    model.clock.set(to);
    model.look();
}

#[test]
fn going_back_shows_what_was_there_and_playing_on_comes_to_the_same() {
    let mut model = model();
    submit(&mut model, "sleep 2; echo done");
    play(&mut model, 5_000);
    model.update(Msg::Go(To::Moment(1_000)));
    assert!(model.busy() && model.in_the_past() && !model.clock.running);
    assert!(model.shown_shell().blocks[0].lines.is_empty());
    model.update(Msg::Go(To::End));
    assert_eq!(model.shown_shell().blocks[0].lines[0].text, "done");
    assert_eq!((model.now(), model.in_the_past()), (5_000, false));
}

#[test]
fn acting_in_the_past_begins_a_branch_and_both_can_be_looked_at() {
    let mut model = model();
    play(&mut model, 1_000);
    submit(&mut model, "echo one");
    play(&mut model, 9_000);
    model.update(Msg::Go(To::Moment(500)));
    assert_eq!(typed(&model), [""; 0]);
    submit(&mut model, "echo other");
    let names: Vec<&str> = model.branches.iter().map(|branch| branch.name.as_str()).collect();
    assert_eq!((names, model.branch, model.in_the_past()), (vec!["", "echo other"], 1, false));
    model.update(Msg::Branch(0));
    assert_eq!(typed(&model), [""; 0], "it is the same moment");
    model.update(Msg::Go(To::End));
    assert_eq!((typed(&model), model.now()), (vec!["echo one"], 10_000));
    model.update(Msg::Branch(1));
    assert_eq!((typed(&model), model.now()), (vec!["echo other"], 500));
}

#[test]
fn looking_at_a_shell_in_the_past_changes_no_history() {
    let mut model = model();
    play(&mut model, 4_000);
    model.update(Msg::Go(To::Moment(2_000)));
    model.update(Msg::Shell("node1".to_owned()));
    model.update(Msg::Lang(Lang::Ko));
    model.update(Msg::Edited { text: "docker no".to_owned(), cursor: usize::MAX });
    model.update(Msg::Key(Key::Tab));
    assert_eq!(model.shown_shell().editor.text(), "docker node ");
    assert_eq!((model.branches.len(), model.timeline.end(), model.timeline.journal().len()), (1, 4_000, 0));
}

#[test]
fn the_clock_stops_by_itself_at_what_was_chosen() {
    let mut model = model();
    model.update(Msg::StopAt(MarkKind::Failure));
    submit(&mut model, "docker service create -dq --name a --restart-condition none demo/crash3");
    frames(&mut model, 0, 60_000);
    let halted = model.halted.clone().expect("the task failed");
    assert_eq!((halted.kind, &*halted.about, halted.word), (MarkKind::Failure, "a.1", "failed"));
    assert_eq!((model.now(), model.clock.running), (halted.at, false));
    model.update(Msg::Go(To::LastCommand));
    assert_eq!(model.now(), 0);
    model.update(Msg::PlayOrPause);
    frames(&mut model, 60_000, 120_000);
    assert_eq!(model.now(), halted.at, "and again on the way through the past");
}

#[test]
fn the_next_decision_is_one_of_swarms() {
    let mut model = model();
    submit(&mut model, "docker service create -dq --name a --replicas 2 masungil/my-fastapi-whoami");
    play(&mut model, 20_000);
    submit(&mut model, "docker service update -dq --force --update-delay 3s a");
    let mut kinds = Vec::new();
    for _ in 0..4 {
        model.update(Msg::Go(To::NextDecision));
        let now = model.now();
        kinds.extend(model.chronicle.marks.iter().filter(|mark| mark.at == now).map(|mark| mark.kind));
    }
    assert!(kinds.contains(&MarkKind::Lane) && kinds.contains(&MarkKind::Update), "{kinds:?}");
    assert!(!kinds.contains(&MarkKind::Failure), "{kinds:?}");
}

#[test]
fn the_walk_through_goes_back_with_the_time() {
    let mut model = model();
    play(&mut model, 1_000);
    submit(&mut model, STEPS[0].command);
    play(&mut model, 1_000);
    assert_eq!(model.walk.next, 1);
    model.update(Msg::Go(To::Moment(900)));
    assert_eq!(model.walk.next, 0);
}

#[test]
fn a_deed_is_done_at_once_and_one_that_cannot_be_done_says_why() {
    let mut model = model();
    model.update(Msg::Act("power-off node2".to_owned()));
    assert!(!model.snapshot.nodes[2].powered);
    assert_eq!(model.timeline.journal().len(), 1);
    model.update(Msg::Act("power-off node9".to_owned()));
    assert!(model.refused.as_ref().is_some_and(|why| why.contains("node9")), "{:?}", model.refused);
    assert_eq!(model.timeline.journal().len(), 1);
}

#[test]
fn requests_are_counted_by_version_and_what_was_counted_goes_back_with_time() {
    let mut model = model();
    submit(&mut model, "docker service create -dq --name a -p 8000:8000 --replicas 2 masungil/my-fastapi-whoami");
    frames(&mut model, 0, 20_000);
    let totals = model.client.totals(model.now());
    assert!(totals.answered[0] > 20 && totals.lost() == 0, "a service that comes up loses nothing: {totals:?}");
    model.update(Msg::Go(To::Moment(8_000)));
    let then = model.client.totals(model.now());
    assert!(then.answered[0] < totals.answered[0], "{then:?}");
    model.update(Msg::Act("power-off manager".to_owned()));
    assert_eq!(model.branches.len(), 2);
    model.update(Msg::PlayOrPause);
    frames(&mut model, 20_000, 22_000);
    let lost = model.client.totals(model.now());
    assert!(lost.lost() > then.lost(), "the node that is asked is off: {lost:?}");
}

#[test]
fn a_session_that_was_kept_goes_on_where_it_was() {
    let mut model = model();
    submit(&mut model, "docker service create -dq --name a masungil/my-fastapi-whoami");
    play(&mut model, 5_000);
    model.update(Msg::Shell("node1".to_owned()));
    submit(&mut model, "echo on node1");
    model.update(Msg::Act("fill node2".to_owned()));
    play(&mut model, 5_000);
    let text = model.kept().write();
    let mut other = Model::new(Scenario::playground(), 1, SETTINGS);
    assert!(other.update(Msg::Import(text.clone())).keep);
    assert_eq!((other.now(), other.clock.running, other.kept().write()), (10_000, true, text));
    assert_eq!(other.snapshot, model.snapshot);
    assert_eq!(other.chronicle.marks, model.chronicle.marks);
    let nodes: Vec<&str> = other.shells.iter().map(|shell| shell.node.as_str()).collect();
    assert_eq!(nodes, ["manager", "node1"]);
    other.update(Msg::Import("no session".to_owned()));
    assert_eq!((other.unreadable, other.now()), (Some(1), 10_000));
}

#[test]
fn an_update_is_tried_again_with_one_flag_changed() {
    let mut model = model();
    submit(&mut model, "docker service create -dq --name app --replicas 2 demo/healthy");
    play(&mut model, 20_000);
    assert!(model.variants().is_none(), "nothing was updated yet");
    submit(&mut model, "docker service update -dq --force app");
    assert!(model.variants().is_none(), "it has only begun");
    play(&mut model, 20_000);
    let flags = model.variants().expect("there was an update").flags;
    let at = flags.iter().position(|flag| flag == "--update-order start-first").expect("it was not so");
    model.update(Msg::Vary(at));
    let names: Vec<&str> = model.branches.iter().map(|branch| branch.name.as_str()).collect();
    assert_eq!(names, ["", "docker service update --update-order start-first -dq --force app"]);
    assert_eq!((model.now(), model.branch, model.compared, model.clock.running), (20_000, 1, Some(0), true));
    model.update(Msg::Branch(0));
    model.update(Msg::Go(To::End));
    assert_eq!((model.now(), typed(&model).len()), (40_000, 2), "what was stays");
}
