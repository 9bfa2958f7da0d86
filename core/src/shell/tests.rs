//! One prompt without docker: what typing does, seen from outside.

use super::*;
use crate::scenario::Scenario;
use crate::session::{Input, Session};

mod inside;
mod jobs;
mod language;
mod tools;

/// A prompt on the manager's terminal, and the time at hand.
struct Prompt(Session);

impl Prompt {
    fn new() -> Prompt {
        Prompt(Session::new(&Scenario::lab(), 1))
    }

    fn type_in(&mut self, text: &str) -> &mut Prompt {
        self.0.input(Input::Line { shell: 0, text: text.to_owned() });
        self
    }

    fn wait(&mut self, ms: Ms) -> &mut Prompt {
        self.0.advance(self.0.now() + ms);
        self
    }

    fn interrupt(&mut self) -> &mut Prompt {
        self.0.input(Input::Interrupt { shell: 0 });
        self
    }

    fn end(&mut self) -> &mut Prompt {
        self.0.input(Input::End { shell: 0 });
        self
    }

    /// What the terminal shows: `$` and what was typed, lines (`!` before those of stderr), `[code]` of failures, `…`
    /// while a command runs.
    fn seen(&self) -> String {
        let mut text = String::new();
        for block in &self.0.terminal(0).blocks {
            text += &format!("$ {}\n", block.typed);
            for line in &block.lines {
                text += &format!("{}{}\n", if line.error { "!" } else { "" }, line.text);
            }
            match block.exit {
                None => text += "…\n",
                Some(0) => {}
                Some(code) => text += &format!("[{code}]\n"),
            }
        }
        text
    }
}

fn check(typed: &str, expected: &str) {
    let mut prompt = Prompt::new();
    prompt.type_in(typed);
    assert_eq!(prompt.seen(), expected.trim_start(), "of {typed:?}");
}

/// What one line answers.
fn answer(line: &str) -> String {
    let mut prompt = Prompt::new();
    prompt.type_in(line);
    prompt.seen().split_once('\n').expect("the typed line comes first").1.to_owned()
}

#[test]
fn lists_follow_exit_codes() {
    assert_eq!(answer("true && echo yes || echo no"), "yes\n");
    assert_eq!(answer("false && echo yes || echo no"), "no\n");
    assert_eq!(answer("false; echo $?; echo $?"), "1\n0\n");
    assert_eq!(answer("true || echo no; echo after"), "after\n");
    assert_eq!(answer("! true; echo $?; ! false && echo yes"), "1\nyes\n");
    assert_eq!(answer("nope; echo $?"), "!bash: nope: command not found\n127\n");
    assert_eq!(
        answer("./nope || ../root"),
        "!bash: ./nope: No such file or directory\n!bash: ../root: Is a directory\n[126]\n"
    );
    assert_eq!(answer("''"), "!bash: : command not found\n[127]\n");
}

#[test]
fn exit_skips_the_rest_of_the_line() {
    assert_eq!(answer("echo a; exit 3; echo b"), "a\n[3]\n");
    assert_eq!(answer("x=$(exit 258; echo b); echo $?; false; exit; echo b"), "2\n[1]\n");
    assert_eq!(
        answer("exit x | cat; exit 1 2; echo on"),
        "!bash: exit: x: numeric argument required\n!bash: exit: too many arguments\non\n"
    );
}

#[test]
fn pipes_redirections_and_substitutions() {
    assert_eq!(answer("echo -e 'a\\nb\\nc' | head -2 | cat"), "a\nb\n");
    assert_eq!(answer("echo $(echo a; echo b) \"$(echo c; echo d)\""), "a b c\nd\n");
    assert_eq!(answer("echo $(nope); echo $(echo $(echo deep))"), "!bash: nope: command not found\n\ndeep\n");
    assert_eq!(answer("x=$(false); echo $?; y=1; echo $?$y"), "1\n01\n");
    assert_eq!(answer("echo one > f; echo two >> f; cat < f; cat f | head -n1"), "one\ntwo\none\n");
    assert_eq!(answer("nope 2> e; nope &> g; nope 2>&1 | cat; cat e g"), "bash: nope: command not found\n".repeat(3));
    assert_eq!(answer("nope > /dev/null 2>&1; cat < none"), "!bash: none: No such file or directory\n[1]\n");
    assert_eq!(
        answer("echo a > /nowhere/x || echo b > ."),
        "!bash: /nowhere/x: No such file or directory\n!bash: .: Is a directory\n[1]\n"
    );
    assert_eq!(answer("echo a >&2; echo b >&1; echo c 2>&1 >&2 | cat"), "!a\nb\nc\n");
    assert_eq!(answer("echo a > $none"), "!bash: $none: ambiguous redirect\n[1]\n");
    assert_eq!(answer("false | true; echo $?; true | false; echo $?"), "0\n1\n");
    assert_eq!(answer("echo ${a b}; echo on"), "!bash: ${a b}: bad substitution\non\n");
}

#[test]
fn echo_knows_its_options() {
    assert_eq!(answer("echo -n a; echo -e 'b\\tc\\cd'; echo"), "ab      c\n");
    assert_eq!(answer("echo -x -e"), "-x -e\n");
}

#[test]
fn a_line_goes_on_until_it_is_complete() {
    let mut prompt = Prompt::new();
    prompt.type_in("echo one \\");
    assert!(prompt.0.terminal(0).continued && prompt.0.terminal(0).pending == "echo one \\");
    prompt.type_in("  'two");
    prompt.type_in("three' &&");
    assert_eq!(prompt.seen(), "");
    prompt.type_in("echo four");
    assert_eq!(prompt.seen(), "$ echo one \\\n  'two\nthree' &&\necho four\none two\nthree\nfour\n");
    assert!(!prompt.0.terminal(0).continued);
    assert_eq!(prompt.0.history(0), [Rc::from("echo one   'two\nthree' &&\necho four")]);
}

#[test]
fn an_open_quote_can_be_abandoned_or_ended() {
    let mut prompt = Prompt::new();
    prompt.type_in("echo 'a\nb").interrupt();
    prompt.type_in("echo $?; echo \"c").end();
    let error = "bash: unexpected EOF while looking for matching `\"'";
    assert_eq!(prompt.seen(), format!("$ echo 'a\nb\n^C\n[130]\n$ echo $?; echo \"c\n!{error}\n[2]\n"));
    prompt.type_in("echo $?");
    assert!(prompt.seen().ends_with("$ echo $?\n2\n"));
}

#[test]
fn pasted_lines_wait_for_the_prompt() {
    let mut prompt = Prompt::new();
    prompt.type_in("sleep 2\n\n  # 그다음\necho after; sleep 1\r\necho last\n");
    prompt.wait(1_999);
    assert_eq!(prompt.seen(), "$ sleep 2\n…\n");
    assert_eq!(prompt.0.terminal(0).waiting, ["", "  # 그다음", "echo after; sleep 1", "echo last"]);
    assert_eq!(prompt.0.next_event(), Some(2_000));
    prompt.wait(1);
    assert_eq!(prompt.seen(), "$ sleep 2\n$   # 그다음\n$ echo after; sleep 1\nafter\n…\n");
    prompt.wait(60_000);
    assert!(prompt.seen().ends_with("after\n$ echo last\nlast\n"));
    assert_eq!(prompt.0.next_event(), None);
}

#[test]
fn empty_lines_count_inside_quotes_only() {
    check("echo 'a\n\nb'\n\n\necho c\n   \n\n", "$ echo 'a\n\nb'\na\n\nb\n$ echo c\nc\n");
}

#[test]
fn enter_alone_shows_the_prompt_again() {
    check("", "$ \n");
    let mut prompt = Prompt::new();
    prompt.type_in("false").type_in("   ").type_in("# only words").type_in("echo $?");
    assert_eq!(prompt.seen(), "$ false\n[1]\n$    \n[1]\n$ # only words\n[1]\n$ echo $?\n1\n");
}

#[test]
fn ctrl_c_ends_what_runs_and_what_waits() {
    let mut prompt = Prompt::new();
    prompt.type_in("sleep 10; echo never\necho neither").wait(500);
    prompt.interrupt().type_in("echo $?").wait(20_000);
    assert_eq!(prompt.seen(), "$ sleep 10; echo never\n^C\n[130]\n$ echo $?\n130\n");
    let mut prompt = Prompt::new();
    prompt.type_in("echo $(sleep 9) never").wait(1).interrupt();
    prompt.type_in("echo a | cat | sleep 9; echo never").wait(1).interrupt();
    assert_eq!(prompt.seen(), "$ echo $(sleep 9) never\n^C\n[130]\n$ echo a | cat | sleep 9; echo never\n^C\n[130]\n");
    let mut prompt = Prompt::new();
    prompt.interrupt();
    assert_eq!(prompt.seen(), "", "nothing was running");
}

#[test]
fn a_loop_of_commands_that_survive_ctrl_c_ends_with_the_third() {
    let loops = [
        "while :; do docker service update --force app; done",
        "for i in 1 2 3 4 5; do (docker service update --force app); done",
        "until ! docker service update --force app; do :; done",
    ];
    for line in loops {
        let mut prompt = Prompt::new();
        prompt.type_in("docker service create -dq --name app masungil/my-fastapi-whoami").wait(9_000).type_in("clear");
        prompt.type_in(line).wait(500).interrupt().wait(500).interrupt().wait(500);
        assert!(!prompt.seen().contains("[130]"), "{line}: {}", prompt.seen());
        prompt.interrupt();
        assert!(prompt.seen().ends_with("[130]\n"), "{line}: {}", prompt.seen());
        prompt.type_in("echo still here");
        assert!(prompt.seen().ends_with("still here\n"), "{line}: {}", prompt.seen());
    }
    let mut prompt = Prompt::new();
    prompt.type_in("docker service create -dq --name app masungil/my-fastapi-whoami").wait(9_000);
    let update = "docker service update --force app";
    prompt.type_in(&[update; 4].join("; ")).wait(500);
    prompt.interrupt().wait(500).interrupt().wait(500).interrupt().wait(500);
    assert!(!prompt.seen().contains("[130]"), "no loop: the fourth goes on\n{}", prompt.seen());
}

#[test]
fn ctrl_d_ends_what_is_read_from_the_terminal() {
    let mut prompt = Prompt::new();
    prompt.type_in("cat; echo done").wait(5_000);
    assert_eq!(prompt.seen(), "$ cat; echo done\n…\n");
    prompt.end();
    assert_eq!(prompt.seen(), "$ cat; echo done\ndone\n");
    prompt.end();
    assert_eq!(prompt.seen(), "$ cat; echo done\ndone\n", "a prompt stays open");
}

#[test]
fn time_passes_inside_pipes_and_substitutions() {
    let mut prompt = Prompt::new();
    prompt.type_in("sleep 2 | cat; echo $(sleep 1; echo 3)").wait(2_500);
    assert!(prompt.seen().ends_with("…\n"));
    prompt.wait(500);
    assert!(prompt.seen().ends_with("3)\n3\n"));
}

#[test]
fn history_and_clear() {
    let mut prompt = Prompt::new();
    prompt.type_in("echo a").type_in("echo a").type_in("  echo b").type_in("history 2");
    assert!(prompt.seen().ends_with("$ history 2\n    2  echo b\n    3  history 2\n"));
    prompt.type_in("echo c; clear; echo d");
    assert_eq!(prompt.seen(), "$ echo c; clear; echo d\nd\n");
    assert_eq!(answer("history x"), "!bash: history: x: numeric argument required\n[1]\n");
}

#[test]
fn help_lists_every_command() {
    let text = answer("help");
    for builtin in builtin::ALL {
        assert!(text.contains(&format!("\n  {}", builtin.usage)), "{}", builtin.name);
    }
    assert_eq!(answer("help sleep"), "sleep: sleep NUMBER[smhd] …\n    wait, in the cluster's own time\n");
    assert!(answer("help nope").starts_with("!bash: help: no help topics match `nope'."));
    assert!(answer("help world").contains("  power-off NODE"));
}

#[test]
fn world_says_what_to_write() {
    assert!(answer("world").contains("registry down"));
    assert!(answer("world explode").starts_with("!world: 'explode' is nothing that can happen"));
}

#[test]
fn what_is_not_simulated_says_so() {
    assert_eq!(
        answer("git clone x"),
        "!swarmyard: 'git' is not simulated; `help` lists what can be typed here\n[127]\n"
    );
    assert_eq!(answer("vim f"), "!swarmyard: 'vim' is not simulated; write `edit FILE`\n[127]\n");
    assert_eq!(answer("select x in a; do b; done"), "!swarmyard: a menu, select …, is not simulated yet\n[2]\n");
    assert_eq!(answer("a=(1 2)"), "!swarmyard: an array is not simulated yet\n[2]\n");
    assert_eq!(answer("sudo hostname; sudo -E whoami"), "manager\nroot\n");
}

#[test]
fn docker_needs_its_daemon() {
    let down = answer("world power-off manager; docker version; echo $?");
    assert_eq!(
        down,
        "!Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n1\n"
    );
    let mut prompt = Prompt::new();
    prompt.type_in("world power-off manager; world power-on manager; docker version");
    assert!(prompt.seen().contains("Cannot connect"), "a machine takes its time to start");
    prompt.wait(3_000).type_in("docker version -f {{.Server.Version}}");
    assert!(prompt.seen().ends_with("26.1.5+dfsg1\n"), "{}", prompt.seen());
}

#[test]
fn curl_says_why_there_is_no_answer() {
    assert_eq!(answer("curl http://nowhere.example/x"), "!curl: (6) Could not resolve host: nowhere.example\n[6]\n");
    assert_eq!(answer("curl -s http://nowhere:1; echo $?"), "6\n");
    assert!(answer("curl").starts_with("!curl: no URL specified\n"));
    assert!(answer("curl -q x").starts_with("!curl: option -q: is unknown\n"));
    assert!(answer("curl https://localhost").starts_with("!curl: (1) Protocol \"https\" not supported"));
    assert!(answer("curl localhost:99999").starts_with("!curl: (3) URL rejected: Port number"));
}

#[test]
fn an_answer_takes_its_time_and_dies_with_its_program() {
    let mut prompt = Prompt::new();
    prompt
        .type_in("docker service create -dq --name a -p 8000:8000 masungil/my-fastapi-whoami > /dev/null")
        .wait(3_000);
    prompt.type_in("world image masungil/my-fastapi-whoami:latest answer=3s; clear");
    prompt.type_in("curl -s localhost:8000 | cat").wait(2_900);
    assert!(!prompt.seen().contains("host\""));
    prompt.wait(200);
    assert!(prompt.seen().contains("\n{\"host\":"), "{}", prompt.seen());
    prompt.type_in("clear; curl localhost:8000").wait(1_000);
    prompt.0.input(Input::World(crate::action::Action::read("crash-task a.1").expect("it is an action")));
    prompt.wait(3_000);
    assert!(prompt.seen().ends_with("!curl: (52) Empty reply from server\n[52]\n"), "{}", prompt.seen());
    prompt.wait(6_000).type_in("clear; curl localhost:8000").wait(1_000).interrupt();
    assert!(prompt.seen().ends_with("^C\n[130]\n"), "{}", prompt.seen());
}

#[test]
fn noise_is_an_error_and_nothing_worse() {
    let mut stream = crate::rng::Stream::new(11, "noise");
    let alphabet: Vec<char> = "abc '\"\\$`(){}|&;<>#!*?~=\n\t\u{0}\u{1b}[ㄱ한é\u{301}🦀09-".chars().collect();
    for _ in 0..60 {
        let noise: String = (0..10_000).map(|_| alphabet[stream.below(alphabet.len() as u32) as usize]).collect();
        let mut prompt = Prompt::new();
        prompt.type_in(&noise).wait(1_000).interrupt().interrupt();
        prompt.type_in("clear; echo still here");
        assert_eq!(prompt.seen(), "$ clear; echo still here\nstill here\n");
    }
    let mut prompt = Prompt::new();
    prompt.type_in(&"x".repeat(10_000));
    assert!(prompt.seen().ends_with(": command not found\n[127]\n"));
}
