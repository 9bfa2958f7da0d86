//! What runs in the background, again and again, or only so long.

use super::*;

#[test]
fn jobs_run_beside_the_prompt() {
    let mut prompt = Prompt::new();
    prompt.type_in("sleep 2 && echo late &").type_in("jobs; echo now");
    assert_eq!(
        prompt.seen(),
        "$ sleep 2 && echo late &\n![1] 2418\n$ jobs; echo now\n[1]+  Running                 sleep 2 && echo late &\nnow\n"
    );
    prompt.wait(2_000).type_in("echo next");
    assert!(
        prompt.seen().ends_with("now\nlate\n$ echo next\nnext\n[1]+  Done                    sleep 2 && echo late\n"),
        "{}",
        prompt.seen()
    );
}

#[test]
fn wait_takes_their_exit_codes() {
    let mut prompt = Prompt::new();
    prompt.type_in("(sleep 1; exit 4) & sleep 3 & wait $!; echo $?; wait %1; echo $?").wait(2_900);
    assert!(prompt.seen().ends_with("…\n"));
    prompt.wait(200);
    assert!(prompt.seen().contains("\n0\n4\n[1]-  Exit 4"), "{}", prompt.seen());
    assert_eq!(
        answer("wait; echo $?; wait %7; wait 99"),
        "0\n!bash: wait: %7: no such job\n!bash: wait: pid 99 is not a child of this shell\n[127]\n"
    );
}

#[test]
fn many_at_once() {
    let mut prompt = Prompt::new();
    prompt.type_in("for i in 1 2 3; do (sleep $i; echo $i) & done > /dev/null; wait; date +%s");
    let before = answer("date +%s").trim().parse::<u64>().expect("a number");
    prompt.wait(3_500);
    assert!(prompt.seen().contains(&format!("\n{}\n", before + 3)), "{}", prompt.seen());
}

#[test]
fn jobs_that_never_wait_stand_back_for_each_other() {
    let mut prompt = Prompt::new();
    prompt.type_in("for i in 1 2 3 4 5; do (n=0; while true; do n=$((n+1)); echo $n > n$i; done) & done");
    prompt.wait(2_000).type_in("clear; wc -l n1 n2 n3 n4 n5; kill %1 %2 %3 %4 %5");
    assert!(prompt.seen().contains("5 total"), "all have begun: {}", prompt.seen());
    let mut prompt = Prompt::new();
    prompt
        .type_in(
            "while true; do echo y; done | cat | head -n 2; seq 90000 | seq 90000 | seq 90000 | seq 90000 | tail -n 1",
        )
        .wait(2_000);
    assert!(prompt.seen().ends_with("y\ny\n90000\n"), "{}", prompt.seen());
}

#[test]
fn kill_and_fg() {
    let mut prompt = Prompt::new();
    prompt.type_in("sleep 100 &").type_in("kill %1; kill 77; echo $?");
    assert!(
        prompt.seen().ends_with("!bash: kill: (77) - No such process\n1\n[1]+  Terminated              sleep 100\n"),
        "{}",
        prompt.seen()
    );
    prompt.type_in("sleep 5 &").type_in("fg; echo back").wait(5_000);
    assert!(prompt.seen().ends_with("$ fg; echo back\nsleep 5\nback\n"), "{}", prompt.seen());
    assert_eq!(answer("fg"), "!bash: fg: current: no such job\n[1]\n");
}

#[test]
fn watch_draws_again_and_again() {
    let mut prompt = Prompt::new();
    prompt.type_in("watch -n 1 'date +%S; echo x | tr x y'");
    let first = prompt.seen();
    prompt.wait(3_000);
    assert_ne!(prompt.seen(), first);
    let seen = prompt.seen();
    let lines: Vec<&str> = seen.lines().collect();
    assert!(lines[1].starts_with("Every 1.0s: date +%S; echo x | tr x y ") && lines[1].ends_with(" 2026"), "{seen}");
    assert_eq!((lines[2], lines[4], lines.len()), ("", "y", 6), "{seen}");
    let mut copy = Prompt(prompt.0.clone());
    copy.wait(2_000);
    prompt.wait(2_000);
    assert_eq!(copy.seen(), prompt.seen(), "a clone goes on as the original");
    prompt.interrupt().type_in("echo $?");
    assert!(prompt.seen().ends_with("$ echo $?\n130\n"), "{}", prompt.seen());
}

#[test]
fn timeout_and_tail() {
    let mut prompt = Prompt::new();
    prompt.type_in("timeout 2 sleep 10; echo $?; timeout 5 echo in time").wait(2_000);
    assert!(prompt.seen().ends_with("\n124\nin time\n"), "{}", prompt.seen());
    let mut prompt = Prompt::new();
    prompt.type_in("for i in 1 2 3; do echo $i >> log; sleep 2; done &").type_in("clear; tail -f log").wait(5_500);
    prompt.interrupt();
    assert_eq!(prompt.seen(), "$ clear; tail -f log\n1\n2\n3\n^C\n[130]\n");
}

#[test]
fn typed_lines_go_to_what_reads_them() {
    let mut prompt = Prompt::new();
    prompt.type_in("cat > f").type_in("one").type_in("two").end().type_in("cat f");
    assert_eq!(prompt.seen(), "$ cat > f\none\ntwo\n$ cat f\none\ntwo\n");
    let mut prompt = Prompt::new();
    prompt.type_in("read -p 'name? ' x; echo \"hi $x\"").type_in("swarm");
    assert!(prompt.seen().ends_with("hi swarm\n"), "{}", prompt.seen());
    let mut prompt = Prompt::new();
    prompt.type_in("docker network create --driver overlay n").type_in("docker network prune").type_in("y");
    assert!(prompt.seen().contains("[y/N] y\nDeleted Networks:\nn\n"), "{}", prompt.seen());
}

#[test]
fn an_editor_is_asked_for() {
    let mut prompt = Prompt::new();
    prompt.type_in("echo old > f; edit f; cat f");
    let editing = prompt.0.terminal(0).editing.clone().expect("the shell waits for an editor");
    assert_eq!((&*editing.path, &*editing.text), ("/root/f", "old\n"));
    prompt.0.input(Input::File {
        node: "manager".to_owned(),
        path: editing.path.to_string(),
        text: "new\n".to_owned(),
    });
    prompt.end();
    assert!(prompt.0.terminal(0).editing.is_none());
    assert!(prompt.seen().ends_with("cat f\nnew\n"), "{}", prompt.seen());
    prompt.type_in("edit g").interrupt().type_in("ls");
    assert!(prompt.seen().ends_with("^C\n[130]\n$ ls\nf\n"), "{}", prompt.seen());
    assert_eq!(
        answer("edit /no/f; edit f | cat"),
        "!edit: /no/f: No such file or directory\n!swarmyard: there is no editor here; write the file with cat > f <<'EOF'\n"
    );
}
