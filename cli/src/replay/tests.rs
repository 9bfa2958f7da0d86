//! Replays of recordings that were never recorded: only the shell answers in them.

use super::*;

fn answers(steps: Value) -> Vec<Value> {
    let recording = json!({ "name": "test", "wall_start": 1_795_383_360.77, "steps": steps });
    let recording: Recording = serde_json::from_value(recording).expect("the test's recording has the shape");
    let setting = Setting { files: vec![("a.yml".to_owned(), "text\n".to_owned())], ..Setting::default() };
    let Value::Array(steps) = replay(&recording, &setting)["steps"].take() else { panic!("steps are a list") };
    steps
}

/// When a step ended, with what, and what it said.
fn brief(answer: &Value) -> String {
    let text = |name: &str| answer[name].as_str().unwrap_or("-").to_owned();
    format!("{} {} {:?} {:?}", answer["t_end"], answer["exit"], text("stdout"), text("stderr"))
}

fn step(cmd: &str, start: f64, more: Value) -> Value {
    let mut step = json!({ "cmd": cmd, "on": "manager", "t_start": start, "t_end": start });
    step.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    step
}

#[test]
fn steps_begin_at_their_time() {
    let steps = json!([
        { "note": "a comment", "t": 0.1 },
        step("sleep 2; echo late", 0.5, json!({ "background": true, "t_end": 2.5 })),
        step("cat a.yml; nope", 1.0, json!({})),
        step("sleep 0.5", 1.5, json!({ "t_end": 2.0 })),
        step("echo in another shell", 1.6, json!({})),
    ]);
    let answers: Vec<String> = answers(steps).iter().map(brief).collect();
    let expected = [
        "2.5 0 \"late\\n\" \"\"",
        "1.0 127 \"text\\n\" \"bash: nope: command not found\\n\"",
        "2.0 0 \"\" \"\"",
        "1.6 0 \"in another shell\\n\" \"\"",
    ];
    assert_eq!(answers, expected);
}

#[test]
fn steps_wait_a_little_for_what_had_ended_before_them() {
    let steps = json!([
        step("sleep 1.4; echo later than in reality", 1.0, json!({ "t_end": 2.0 })),
        step("sleep 9", 2.1, json!({ "sigint_at": 2.6, "t_end": 2.6 })),
        step("sleep 3600", 3.0, json!({ "t_end": 3.5 })),
        step("echo cannot wait", 4.0, json!({})),
        step("echo nor can this", 5.0, json!({})),
    ]);
    let answers = answers(steps);
    assert_eq!(brief(&answers[0]), "2.4 0 \"later than in reality\\n\" \"\"");
    assert_eq!((&answers[1]["t_start"], &answers[1]["t_end"]), (&json!(2.4), &json!(2.9)), "as long as in reality");
    assert_eq!((&answers[3]["t_start"], &answers[4]["t_start"]), (&json!(6.0), &json!(6.0)));
}

#[test]
fn paths_below_the_home_directory_are_written_as_the_recorder_wrote_them() {
    assert_eq!(
        without_paths("a: /root/a.yml\nb: \"/root/.docker/b\" c /root"),
        "a: /root/.docker\nb: \"/root/.docker\" c /root"
    );
}

#[test]
fn what_is_seen_is_what_the_recorder_can_have_seen() {
    let steps = |cmd: &str, start: f64, end: f64| -> Vec<Step> {
        let step = step(cmd, start, json!({ "t_end": end }));
        vec![serde_json::from_value(step).expect("it has the shape")]
    };
    let last = steps("docker service rm app", 5.8, 5.853);
    assert_eq!(last_look(5_830, 5_853, &last), 5_846, "it was removed after the last look");
    assert_eq!(last_look(5_850, 5_853, &last), 6_050, "it was removed before");
    assert_eq!(last_look(3_840, 5_853, &last), 5_846, "looks went on when nothing changed");
    assert_eq!(last_look(42_740, 5_853, &last), 42_940, "a recorder that waited");
}

#[test]
fn brief_commands_act_at_their_end() {
    let at = |end: f64, more: Value| {
        let mut step = step("docker service ls", 1.0, json!({ "t_end": end }));
        step.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        serde_json::from_value::<Step>(step).expect("it has the shape").acts_at().map(ms)
    };
    assert_eq!(at(1.1, json!({})), Some(1_094));
    assert_eq!(at(1.004, json!({})), Some(1_000));
    assert_eq!(at(1.5, json!({})), Some(1_000), "it held the prompt");
    assert_eq!(at(1.1, json!({ "sigint_at": 1.1 })), Some(1_000));
    assert_eq!(at(1.1, json!({ "host_action": true })), Some(1_000));
}

#[test]
fn terminals_have_one_stream_and_show_ctrl_c() {
    let pty = json!({ "pty": [120, 40], "sigint_at": 3.0, "t_end": 3.0 });
    let steps = json!([
        step("nope; echo a; sleep 9", 2.0, pty.clone()),
        step("sleep 9", 2.5, json!({ "sigint_at": 2.75, "t_end": 2.75 })),
        step("cat", 3.5, json!({})),
        step("echo 'open", 4.0, json!({})),
    ]);
    let answers = answers(steps);
    assert_eq!(brief(&answers[0]), "3.0 130 \"bash: nope: command not found\\r\\na\\r\\n^C\\r\\n\" \"\"");
    assert_eq!(answers[0]["chunks"][2], json!([3.0, "p", "^C"]));
    assert_eq!(brief(&answers[1]), "2.75 130 \"\" \"\"");
    assert_eq!(brief(&answers[2]), "3.5 0 \"\" \"\"", "nothing can be read where there is no terminal");
    assert!(brief(&answers[3]).contains("unexpected EOF while looking for matching `''"));
}

#[test]
fn what_hangs_is_given_up_when_the_recorder_did() {
    let steps = json!([
        step("sleep 99", 1.0, json!({ "timeout": true, "t_end": 5.0 })),
        step("@ registry down", 2.0, json!({ "host_action": true })),
        step("@ explode", 3.0, json!({ "host_action": true })),
        step("sleep 30", 4.0, json!({ "t_end": 6.0 })),
    ]);
    let answers = answers(steps);
    assert_eq!(brief(&answers[0]), "5.0 -9 \"\" \"\"");
    assert_eq!(brief(&answers[1]), "2.0 0 \"\" \"\"");
    assert!(brief(&answers[2]).starts_with("3.0 1 \"\" \"'explode' is nothing that can happen"));
    assert_eq!(brief(&answers[3]), "null null \"\" \"\"", "it did not end within the patience");
}
