//! One step: what a command answered.

use std::sync::LazyLock;

use fancy_regex::Regex;
use serde_json::Value;

use super::links::alike;
use super::mask::{mask, pattern};
use super::progress::progress;
use super::report::Texts;
use super::screen::screen;
use super::tables::{is_task_table, task_table};
use super::{Shape, text, truthy};

/// What of a whole recording decides how its steps are compared.
#[derive(Clone, Copy)]
pub(super) struct Conditions {
    /// The nodes of a task table count.
    pub(super) placed: bool,
    /// Tasks crash in a loop: how many of them run is a matter of luck.
    pub(super) looping: bool,
}

/// What differs in the answers of a step whose output was a pipe.
pub(super) fn same_step(real: &Value, ours: &Value, conditions: Conditions) -> Result<Vec<Texts>, Shape> {
    let command = text(real, "cmd")?;
    let mut different = Vec::new();
    if !same_exit(real, ours) {
        different.push(Texts::new("exit code", &real["exit"].to_string(), &ours["exit"].to_string()));
    }
    for stream in ["stdout", "stderr"] {
        let (a, b) = (text(real, stream)?, text(ours, stream)?);
        let table = stream == "stdout" && is_task_table(command, a);
        let same = if table {
            is_task_table(command, b) && {
                let (a, b) = (task_table(a), task_table(b));
                alike(&a.slots, &b.slots) && (a.nodes == b.nodes || !conditions.placed)
            }
        } else if conditions.looping && lists_services(command) {
            without_running(a) == without_running(b)
        } else if a.contains("overall progress:") {
            progress(a) == progress(b)
        } else {
            mask(a) == mask(b)
        };
        if !same {
            // Of tables no single line is the one that differs: their slots are a bag.
            different.push(if table { Texts::new(stream, a, b) } else { Texts::masked(stream, a, b) });
        }
    }
    Ok(different)
}

/// What differs in the final pictures of a step that ran on a terminal. Of a command that did not end well by itself,
/// the bars of tasks that were still moving are left out.
pub(super) fn same_screen(real: &Value, ours: &Value) -> Result<Vec<Texts>, Shape> {
    static MOVING: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:(\d+/\d+|[\w<>.-]+): |overall progress)"));
    let moving = real["exit"].as_f64() != Some(0.0) || truthy(&real["sigint_at"]);
    let counts = |row: &&String| {
        let bar = moving && MOVING.is_match(row).expect("the pattern cannot run away");
        !row.is_empty() && !bar && !row.starts_with("verify: Waiting")
    };
    let (a, b) = (screen(text(real, "stdout")?), screen(text(ours, "stdout")?));
    let mut different = Vec::new();
    if !same_exit(real, ours) {
        different.push(Texts::new("exit code", &real["exit"].to_string(), &ours["exit"].to_string()));
    }
    if a.iter().filter(counts).ne(b.iter().filter(counts)) {
        different.push(Texts::new("screen", &a.join("\n"), &b.join("\n")));
    }
    Ok(different)
}

fn same_exit(real: &Value, ours: &Value) -> bool {
    real["exit"] == ours["exit"]
}

fn lists_services(command: &str) -> bool {
    static LIST: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bservice ls\b"));
    LIST.is_match(command).expect("the pattern cannot run away")
}

/// A masked table of services without the left number of REPLICAS.
fn without_running(table: &str) -> String {
    static RUNNING: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d+/(?=\d)"));
    RUNNING.replace_all(&mask(table), "n/").into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PLAIN: Conditions = Conditions { placed: false, looping: false };

    fn step(command: &str, exit: i64, stdout: &str) -> Value {
        json!({"cmd": command, "exit": exit, "stdout": stdout, "stderr": null})
    }

    fn names(different: Result<Vec<Texts>, Shape>) -> Vec<&'static str> {
        different.expect("the steps have the shape").iter().map(|texts| texts.what).collect()
    }

    #[test]
    fn each_of_exit_and_texts_counts() {
        let real = step("docker service rm web", 0, "web\n");
        assert!(names(same_step(&real, &real, PLAIN)).is_empty());
        assert_eq!(names(same_step(&real, &step("", 1, "web"), PLAIN)), ["exit code"]);
        assert_eq!(names(same_step(&real, &step("", 0, "api"), PLAIN)), ["stdout"]);
        let loud = json!({"exit": 0, "stdout": "web", "stderr": "oops"});
        assert_eq!(names(same_step(&real, &loud, PLAIN)), ["stderr"]);
        assert_eq!(names(same_step(&real, &Value::Null, PLAIN)), ["exit code", "stdout"]);
        assert!(same_step(&real, &json!({"stdout": 7}), PLAIN).is_err());
    }

    #[test]
    fn the_running_number_is_forgiven_only_in_a_crash_loop() {
        let (two, three) = (step("docker service ls", 0, "web  2/3"), step("docker service ls", 0, "web  3/3"));
        assert_eq!(names(same_step(&two, &three, PLAIN)), ["stdout"]);
        assert!(names(same_step(&two, &three, Conditions { looping: true, ..PLAIN })).is_empty());
    }

    #[test]
    fn a_screen_forgives_moving_bars_only_of_what_did_not_end_well() {
        let (one, two) = ("web\r\n1/1: starting\r\n", "web\r\n1/1: ready\r\n");
        assert!(names(same_screen(&step("", 130, one), &step("", 130, two))).is_empty());
        assert_eq!(names(same_screen(&step("", 0, one), &step("", 0, two))), ["screen"]);
        assert_eq!(names(same_screen(&step("", 130, one), &step("", 0, one))), ["exit code"]);
        assert_eq!(names(same_screen(&step("", 130, "web"), &step("", 130, "api"))), ["screen"]);
    }
}
