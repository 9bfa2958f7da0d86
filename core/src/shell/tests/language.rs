//! The shell's language, seen from outside: what bash answers to the same lines.

use super::*;

#[track_caller]
fn says(line: &str, expected: &str) {
    assert_eq!(answer(line), expected, "of {line:?}");
}

#[test]
fn conditions() {
    says("if true; then echo a; fi; if false; then echo b; else echo c; fi", "a\nc\n");
    says("if false; then :; elif [ 1 -lt 2 ]; then echo elif; else echo no; fi", "elif\n");
    says("if false; then echo a; fi; echo $?; if (exit 3); then :; fi; echo $?", "0\n0\n");
    says("case web.1 in db*) echo db;; web.?|api) echo web;; *) echo other;; esac", "web\n");
    says("case x in 'x') echo $?; false;; esac; echo $?; case y in x) ;; esac; echo $?", "0\n1\n0\n");
    says("x='a b'; [[ $x == a* && -n $x ]] && echo yes; [[ $x == \"a*\" ]] || echo literally", "yes\nliterally\n");
    says("[[ web.12 =~ ^[a-z]+\\.[0-9]+$ ]] && echo fits; [[ a < b && ! b < a ]] && echo sorted", "fits\nsorted\n");
    says("[ a = a ] && [ ! -e none ] && test 3 -ge 3 -a 1 -ne 2 && echo all", "all\n");
    says("[ x -eq 1 ]; echo $?", "!bash: [: x: integer expression expected\n2\n");
    says(
        "[ a; echo $?; [ a b ]; [ a b c ]",
        "!bash: [: missing `]'\n2\n!bash: [: a: unary operator expected\n!bash: [: b: binary operator expected\n[2]\n",
    );
    says("((3 > 2)) && echo more; ((0)) || echo nothing; (( x = 5 )); echo $x", "more\nnothing\n5\n");
}

#[test]
fn loops() {
    says("for i in 1 2 {3..5}; do echo -n $i; done; echo", "12345\n");
    says("for x in $(echo a b) \"c d\"; do echo \"<$x>\"; done", "<a>\n<b>\n<c d>\n");
    says("i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done", "1\n2\n3\n");
    says("i=3; until ((i == 0)); do ((i--)); done; echo $i", "0\n");
    says("for ((i = 0; i < 3; i++)); do echo -n $i; done; echo", "012\n");
    says(
        "for i in 1 2 3 4; do if [ $i = 2 ]; then continue; fi; [ $i = 4 ] && break; echo $i; done; echo $?",
        "1\n3\n0\n",
    );
    says("for i in a b; do for j in 1 2; do echo $i$j; continue 2; done; done", "a1\nb1\n");
    says("for i in a b; do for j in 1 2; do echo $i$j; break 2; done; done; echo out", "a1\nout\n");
    says("for i in 1 2; do echo $i; done > f; cat f; while read -r x; do echo \"=$x\"; done < f", "1\n2\n=1\n=2\n");
    says("echo -e 'a 1\\nb 2' | while read name n; do echo $n:$name; done", "1:a\n2:b\n");
    says("while true; do { break; } > /dev/null; done; echo out", "out\n");
    says("break; continue; echo on", "on\n");
    says("for f in *.none; do echo $f; done; touch a.x b.x; for f in *.x; do echo $f; done", "*.none\na.x\nb.x\n");
    says("time true", "\n!real    0m0.000s\n!user    0m0.000s\n!sys     0m0.000s\n");
}

#[test]
fn functions_and_groups() {
    says("greet() { echo \"hi $1, $# of $@\"; return 3; }; greet a b; echo $?", "hi a, 2 of a b\n3\n");
    says("f() { local x=inner; y=set; echo $x; }; x=outer; f; echo $x $y", "inner\nouter set\n");
    says("f() { echo out; echo err >&2; }; f 2>/dev/null; f > g; cat g", "out\n!err\nout\n");
    says("f() { echo $X; }; X=1 f; echo \"<$X>\"", "1\n<>\n");
    says("{ echo a; echo b; } | wc -l; (x=1; exit 4); echo $? $x", "2\n4\n");
    says("{ x=1; } > /dev/null; echo $x; (cd /; pwd); pwd", "1\n/\n/root\n");
    let mut prompt = Prompt::new();
    prompt.type_in("f() { f; }; f").wait(10);
    assert!(prompt.seen().ends_with("!bash: maximum function nesting level exceeded\n[1]\n"), "{}", prompt.seen());
    says("f() { exit 2; }; f; echo never", "[2]\n");
    says("set -- a 'b c'; for x; do echo $x; done; shift; echo $1", "a\nb c\nb c\n");
    says("return", "!bash: return: can only `return' from a function or sourced script\n[1]\n");
}

#[test]
fn a_bomb_of_forks_goes_out() {
    let mut prompt = Prompt::new();
    prompt.type_in(":(){ :|:& };:").wait(60_000).type_in("clear; echo alive");
    assert!(prompt.seen().contains("alive\n"), "{}", prompt.seen());
}

#[test]
fn here_documents() {
    let mut prompt = Prompt::new();
    prompt.type_in("x=5; cat > f <<EOF\nversion: $x\n\n  $(echo run) \\$x\nEOF\ncat f");
    assert!(prompt.seen().ends_with("$ cat f\nversion: 5\n\n  run $x\n"), "{}", prompt.seen());
    prompt.type_in("cat <<'EOF' | tr a-z A-Z\nkeep $x\nEOF");
    assert!(prompt.seen().ends_with("\nKEEP $X\n"), "{}", prompt.seen());
    prompt.type_in("while read l; do echo \"$l!\"; done <<-E\n\ta\n\tb\n\tE");
    assert!(prompt.seen().ends_with("\na!\nb!\n"), "{}", prompt.seen());
    says("cat <<< \"$HOSTNAME\"; wc -w <<< 'a b c'", "manager\n3\n");
    says("cat <<A; cat <<B\n1\nA\n2\nB", "1\nA\n2\nB\n1\n2\n");
}

#[test]
fn words_before_the_command_runs() {
    says("echo ${x:-none} ${HOSTNAME%ager} ${#HOSTNAME} `echo back`", "none man 7 back\n");
    says(
        "echo $((2 ** 10 % 1000)) $(( 7 / 2 )) $((1/0)); echo on",
        "!bash: 1/0: division by 0 (error token is \"0\")\non\n",
    );
    says("echo ${x:?must be set}; echo $?", "!bash: x: must be set\n1\n");
    says("a=1 b=$a; echo $b; a+=2; echo $a; export C=3; env | grep ^C=", "1\n12\nC=3\n");
    says("A=1 env | grep ^A=; A=2; env | grep ^A=; unset A; echo \"<$A>\"", "A=1\n<>\n");
    says("echo $'a\\tb' \"$(printf '%s-' a b)\" {x,y}{1,2}", "a       b a-b- x1 x2 y1 y2\n");
    says(
        "eval 'echo $((1+1))'; bash -c 'echo $1' x y; echo 'echo $1' > s; bash s z; ./s",
        "2\ny\nz\n!bash: ./s: Permission denied\n[126]\n",
    );
    says("echo 'x=7' > s; source s; echo $x; chmod +x s; ./s && echo ran", "7\nran\n");
    says(
        "alias ll='ls -1'; touch q; ll; alias ls='ls -d'; ls q; \\ls q; unalias ll; ll",
        "q\nq\nq\n!bash: ll: command not found\n[127]\n",
    );
    says(
        "type cd docker nope; which curl; command -v echo",
        "cd is a shell builtin\ndocker is /usr/bin/docker\n!bash: type: nope: not found\n/usr/bin/curl\necho\n",
    );
    says("x=$(exit 3); echo $?; echo $RANDOM > r; [ -s r ] && echo some", "3\nsome\n");
}

#[test]
fn a_function_survives_a_clone_of_the_session() {
    let mut prompt = Prompt::new();
    prompt.type_in("f() { for i in 1 2 3; do echo $1$i; sleep 1; done; }; f a; echo end").wait(1_500);
    let mut copy = Prompt(prompt.0.clone());
    prompt.wait(5_000);
    copy.wait(5_000);
    assert_eq!(prompt.seen(), copy.seen());
    assert!(prompt.seen().ends_with("\na1\na2\na3\nend\n"), "{}", prompt.seen());
}

#[test]
fn what_never_waits_rests() {
    let mut prompt = Prompt::new();
    prompt.type_in("while true; do :; done");
    assert!(prompt.seen().ends_with("…\n"));
    prompt.wait(30_000).interrupt().type_in("echo $?");
    assert!(prompt.seen().ends_with("$ echo $?\n130\n"), "{}", prompt.seen());
    let mut prompt = Prompt::new();
    prompt.type_in("while true; do x=$(echo a | cat); f() { :; }; f; done").wait(5_000).interrupt();
    prompt.type_in("for i in {1..900}; do echo 01234567890123456789 >> big; done").wait(5_000);
    prompt.type_in("while :; do docker service ls -q; done").wait(5_000).interrupt();
    prompt.type_in("x=ab; while :; do x=$x$x; done").wait(5_000).interrupt();
    prompt.type_in("while :; do echo 0123456789 >> f; done").wait(5_000).interrupt();
    prompt.type_in("while :; do cat big; done | sleep 3; echo over").wait(6_000);
    prompt.type_in("while :; do echo x; done | sleep 30; echo over").wait(32_000);
    assert!(prompt.seen().ends_with("\nover\n"), "{}", &prompt.seen()[prompt.seen().len() - 200..]);
    let mut prompt = Prompt::new();
    prompt.type_in("i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done; echo $i").wait(100);
    assert!(prompt.seen().ends_with("\n3000\n"), "{}", prompt.seen());
}

#[test]
fn frames_do_not_shape_a_busy_loop() {
    let line = "for i in {1..900}; do for j in 1 2 3; do :; done; done; date +%N";
    let mut steps = Prompt::new();
    steps.type_in(line);
    for _ in 0..600 {
        steps.wait(1);
    }
    let mut once = Prompt::new();
    once.type_in(line).wait(600);
    assert_eq!(steps.seen(), once.seen());
}
