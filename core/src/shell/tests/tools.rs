//! The commands that go through texts and files, as GNU's answer.

use super::*;

#[track_caller]
fn says(line: &str, expected: &str) {
    assert_eq!(answer(line), expected, "of {line:?}");
}

/// What a command makes of three lines.
#[track_caller]
fn lines(command: &str, expected: &str) {
    says(&format!("printf 'web 3/3 nginx\\ndb 0/1 redis\\nweb 1/2 Nginx\\n' | {command}"), expected);
}

#[test]
fn grep() {
    lines("grep web", "web 3/3 nginx\nweb 1/2 Nginx\n");
    lines("grep -v web", "db 0/1 redis\n");
    lines("grep -c web", "2\n");
    lines("grep -in NGINX", "1:web 3/3 nginx\n3:web 1/2 Nginx\n");
    lines("grep -oE '[0-9]/[0-9]'", "3/3\n0/1\n1/2\n");
    lines("grep -E '(^db|3/3)'", "web 3/3 nginx\ndb 0/1 redis\n");
    lines("grep -q nope; echo $?", "1\n");
    lines("grep -q web && echo found", "found\n");
    lines("grep -A1 db", "db 0/1 redis\nweb 1/2 Nginx\n");
    lines("grep -w 'd'", "[1]\n");
    lines("grep -F -e 3/3 -e redis", "web 3/3 nginx\ndb 0/1 redis\n");
    says(
        "echo a > f; echo b > g; grep -n '[ab]' f g; grep -l b f g; grep x none",
        "f:1:a\ng:1:b\ng\n!grep: none: No such file or directory\n[2]\n",
    );
    says(
        "grep '\\(' f; grep; echo x | grep -Z x",
        "!grep: Unmatched ( or \\(\n!Usage: grep [OPTION]... PATTERNS [FILE]...\n!Try 'grep --help' for more information.\n!grep: invalid option -- 'Z'\n!Try 'grep --help' for more information.\n[2]\n",
    );
}

#[test]
fn sed() {
    lines("sed 's/web/app/'", "app 3/3 nginx\ndb 0/1 redis\napp 1/2 Nginx\n");
    lines("sed -n '2p'", "db 0/1 redis\n");
    lines("sed -n '/db/,$p'", "db 0/1 redis\nweb 1/2 Nginx\n");
    lines("sed '1d;$d'", "db 0/1 redis\n");
    lines("sed -E 's/^([a-z]+) .*/<\\1>/; s/db/DB/'", "<web>\n<DB>\n<web>\n");
    lines("sed 's/[aeiou]//2g' | head -1", "web 3/3 ngnx\n");
    lines("sed '/db/!s#/#:#g'", "web 3:3 nginx\ndb 0/1 redis\nweb 1:2 Nginx\n");
    lines("sed 2q | sed '$a end'", "web 3/3 nginx\ndb 0/1 redis\nend\n");
    lines("sed 's/e/&&/'", "weeb 3/3 nginx\ndb 0/1 reedis\nweeb 1/2 Nginx\n");
    says("echo 'replicas: 3' > f; sed -i 's/3/5/' f; cat f", "replicas: 5\n");
    says(
        "echo x | sed 's/x/y'; echo x | sed k",
        "!sed: -e expression #1, char 5: unterminated `s' command\n!sed: -e expression #1, char 1: unknown command: `k'\n[1]\n",
    );
    says("echo aaa | sed 's/b*/x/g'", "xaxaxax\n");
}

#[test]
fn awk() {
    lines("awk '{print $1, $3}'", "web nginx\ndb redis\nweb Nginx\n");
    lines("awk 'NR > 1 {print NR \": \" $NF}'", "2: redis\n3: Nginx\n");
    lines("awk -F/ '{print $2}'", "3 nginx\n1 redis\n2 Nginx\n");
    lines("awk '/web/ {n++} END {print n}'", "2\n");
    lines("awk '$1 == \"db\" {print $2}'", "0/1\n");
    lines(
        "awk '{split($2, a, \"/\"); if (a[1] < a[2]) print $1, \"is short\"; else sum += a[1]} END {print sum, sum / 2}'",
        "db is short\nweb is short\n3 1.5\n",
    );
    lines("awk '{c[$1]++} END {for (k in c) print k, c[k]}'", "db 1\nweb 2\n");
    lines("awk '{printf \"%-5s|%3d|%.1f\\n\", $1, NR, NR / 3}'", "web  |  1|0.3\ndb   |  2|0.7\nweb  |  3|1.0\n");
    lines("awk '{gsub(/n/, \"N\"); print toupper(substr($3, 1, 2)), length($3)}' | head -1", "NG 5\n");
    lines("awk 'NR==1,/db/ {print $1}'", "web\ndb\n");
    lines("awk '$3 ~ /^[nN]/ && !/1\\/2/ {print}'", "web 3/3 nginx\n");
    says("awk 'BEGIN {for (i = 1; i <= 3; i++) s = s i; print s, 7 % 4, 2 ^ 3, -3 + 1}'", "123 3 8 -2\n");
    says("awk -v n=2 'BEGIN {print n * 2; exit 3}'", "4\n[3]\n");
    says("awk 'BEGIN {while (1) x++}'", "!awk: the program takes too long\n[2]\n");
    says(
        "awk '{print'; awk 'BEGIN {print 1/0}'",
        "!awk: syntax error: the program ends too early\n!awk: division by zero\n[2]\n",
    );
}

#[test]
fn jq() {
    let json = r#"echo '[{"a":1,"b":"x"},{"a":2,"b":null}]' | jq"#;
    says(&format!("{json} '.[0].a'"), "1\n");
    says(&format!("{json} -r '.[] | select(.b) | .b'"), "x\n");
    says(&format!("{json} -c 'map(.a)'"), "[1,2]\n");
    says(
        &format!("{json} ."),
        "[\n  {\n    \"a\": 1,\n    \"b\": \"x\"\n  },\n  {\n    \"a\": 2,\n    \"b\": null\n  }\n]\n",
    );
    says(&format!("{json} -e '.[1].b'"), "null\n[1]\n");
    says(&format!("{json} --arg k a '.[] | .[$k]'"), "1\n2\n");
    says(&format!("{json} '.x'"), "!jq: error (at <stdin>:0): Cannot index array with \"x\"\n[5]\n");
    says("echo '{' | jq .", "!jq: error (at <stdin>:0): Unfinished JSON term\n[2]\n");
    says(
        "echo '{\"a\":1}{\"a\":2}' | jq .a; echo 1 | jq nope",
        "1\n2\n!jq: error: nope/0 is not defined\n!jq: 1 compile error\n[3]\n",
    );
    says(
        "docker service create -d --name web nginx &> /dev/null; docker service inspect web | jq -r '.[0].Spec.Name, .[].Spec.Mode.Replicated.Replicas'",
        "web\n1\n",
    );
    says("docker node ls --format json | jq -r .Hostname | head -1", "manager\n");
}

#[test]
fn smaller_filters() {
    lines("sort", "db 0/1 redis\nweb 1/2 Nginx\nweb 3/3 nginx\n");
    lines("cut -d' ' -f1,3 | sort -u", "db redis\nweb Nginx\nweb nginx\n");
    lines("awk '{print $1}' | sort | uniq -c | sort -rn", "      2 web\n      1 db\n");
    lines("wc -l", "3\n");
    lines("wc", "      3       9      41\n");
    lines("tail -n +2 | head -1 | cut -c1-2", "db\n");
    lines("tail -1 | tr 'a-z ' 'A-Z_'", "WEB_1/2_NGINX\n");
    lines("tr -d '\\n' | tr -s 'a-z'", "web 3/3 nginxdb 0/1 redisweb 1/2 Nginx\n");
    lines("head -2 | tee copy | wc -l; cat copy | cat -n", "2\n     1  web 3/3 nginx\n     2  db 0/1 redis\n");
    lines("sort -t/ -k2 -n | head -1", "db 0/1 redis\n");
    says("printf '10\\n9\\n2.5\\n' | sort -n | tr '\\n' ' '", "2.5 9 10 \n");
    says(
        "seq 3 | xargs echo; seq 3 | xargs -n1 echo -; seq 2 | xargs -I{} echo '<{}>'",
        "1 2 3\n- 1\n- 2\n- 3\n<1>\n<2>\n",
    );
    says("seq 2 2 6 | tr '\\n' ,; seq -s' ' -w 8 10", "2,4,6,08 09 10\n");
    says(
        "echo -n swarm | base64; echo c3dhcm0= | base64 -d; echo; openssl rand -hex 4 | wc -c",
        "c3dhcm0=\nswarm\n9\n",
    );
    says(
        "printf '%5.1f|%-4s|%03d|%x|%%\\n' 2.25 ab 7 255; printf '%s\\n' a b; printf x",
        "  2.3|ab  |007|ff|%\na\nb\nx\n",
    );
    says("date '+%Y-%m-%d %H:%M' | wc -c; date -u +%Z", "17\nUTC\n");
    says(
        "cat none; head -n x f; tail -n",
        "!cat: none: No such file or directory\n!head: invalid number of lines: ‘x’\n!tail: option requires an argument -- 'n'\n!Try 'tail --help' for more information.\n[1]\n",
    );
}

#[test]
fn files() {
    says("mkdir -p a/b; echo x > a/b/f; ls; ls a; ls -R a", "a\nb\na:\nb\n\na/b:\nf\n");
    says(
        "touch one two; ls -l one | cut -d' ' -f1-5; ls | cat; ls none",
        "-rw-r--r-- 1 root root 0\none\ntwo\n!ls: cannot access 'none': No such file or directory\n[2]\n",
    );
    says("echo x > f; cp f g; mv g h; cat h; ls", "x\nf  h\n");
    says(
        "mkdir d; cp f d; rm d; rm -r d; rm none; rm -f none; ls",
        "!cp: cannot stat 'f': No such file or directory\n!rm: cannot remove 'd': Is a directory\n!rm: cannot remove 'none': No such file or directory\n",
    );
    says(
        "mkdir d; mkdir d; rmdir d; rmdir d; mkdir x/y",
        "!mkdir: cannot create directory ‘d’: File exists\n!rmdir: failed to remove 'd': No such file or directory\n!mkdir: cannot create directory ‘x/y’: No such file or directory\n[1]\n",
    );
    says(
        "mkdir -p p/q; cd p/q; pwd; cd ..; pwd; cd; cd -; cd none",
        "/root/p/q\n/root/p\n/root/p\n!bash: cd: none: No such file or directory\n[1]\n",
    );
    says(
        "cd /tmp; echo $PWD > here; cat /tmp/here; echo a | tee x y > /dev/null; cat x y; whoami",
        "/tmp\na\na\nroot\n",
    );
}

#[test]
fn curl_in_loops() {
    let mut prompt = Prompt::new();
    prompt
        .type_in("docker service create -dq --name w -p 8000:8000 masungil/my-fastapi-whoami > /dev/null")
        .wait(5_000);
    prompt
        .type_in("clear; for i in 1 2 3; do curl -s localhost:8000 | jq -r .host; done | sort | uniq | wc -l")
        .wait(1_000);
    assert!(prompt.seen().ends_with("\n1\n"), "{}", prompt.seen());
    prompt
        .type_in("clear; curl -s -o /dev/null -w '%{http_code}\\n' localhost:8000; curl -sf localhost:1; echo $?")
        .wait(1_000);
    assert!(prompt.seen().ends_with("\n200\n7\n"), "{}", prompt.seen());
    prompt.type_in("clear; until curl -s localhost:8000 > page; do sleep 1; done; wc -l < page; while true; do curl -s localhost:8000; done").wait(5_000).interrupt();
    assert!(prompt.seen().lines().count() < 500);
}

#[test]
fn xargs() {
    says("printf 'a b\\nc  d \\ne f\\n\\ng h\\n' | xargs -L1", "a b\nc d e f\ng h\n");
    says("printf 'a\\n  b c \\n\\nd' | xargs -I{} echo '<{}>' {}", "<a> a\n<b c > b c \n<d> d\n");
    says(
        "printf 'a,b' | xargs -d, -I{} echo '<{}>'; printf '\\n\\n' | xargs -n1 -d '\\n' echo -",
        "<a>\n<b>\n- \n- \n",
    );
    says("printf '%s' \"a 'b c' \\\\\\\\ d\\\\ e\" | xargs -n1", "a\nb c\n\\\nd e\n");
    says("printf 'a b c' | xargs -n2 -t echo", "!echo a b\na b\n!echo c\nc\n");
    says("echo x y | xargs -n1 false", "[123]\n");
    // Thousands of words are gathered in parts.
    let mut prompt = Prompt::new();
    prompt.type_in("seq 20000 | xargs echo | xargs -I{} echo {} {}");
    assert!(prompt.seen().ends_with("…\n"), "{}", prompt.seen());
    prompt.wait(100);
    assert!(prompt.seen().ends_with("xargs: argument list too long\n[1]\n"), "{}", prompt.seen());
    says("echo 0 1 | xargs -n1 bash -c 'exit 255'; echo $?", "!xargs: bash: exited with status 255; aborting\n124\n");
    says(
        "printf 'a \"b' | xargs; printf \"a 'b\\n\" | xargs",
        "a\n!xargs: unmatched double quote; by default quotes are special to xargs unless you use the -0 option\n\
         a\n!xargs: unmatched single quote; by default quotes are special to xargs unless you use the -0 option\n[1]\n",
    );
    says(
        "echo x | xargs -n 0",
        "!xargs: value 0 for -n option should be >= 1\n!Try 'xargs --help' for more information.\n[1]\n",
    );
}

/// What takes long is done in parts, between which the page goes on.
#[test]
fn long_texts_take_their_time() {
    for (line, expected) in [
        ("seq 100000 | xargs echo | while read a b; do echo $a; done", "1\n23696\n45540\n67384\n89228\n"),
        ("seq 50000 > f; grep -c 7 f; sed -n '$p' f; wc -l < f", "17195\n50000\n50000\n"),
        ("seq 50000 | sort -k1,1nr | head -2", "50000\n49999\n"),
        ("x=$(seq 50000); echo ${#x}; set -- $x; echo $#", "288893\n50000\n"),
    ] {
        let mut prompt = Prompt::new();
        prompt.type_in(line);
        assert!(prompt.seen().ends_with("…\n"), "{line} is done at once: {}", prompt.seen());
        prompt.wait(20_000);
        assert_eq!(prompt.seen(), format!("$ {line}\n{expected}"));
    }
}

#[test]
fn xargs_runs_what_has_its_words() {
    let mut prompt = Prompt::new();
    prompt.type_in("{ echo a; sleep 5; echo b; } | xargs -n1 echo got").wait(100);
    assert!(prompt.seen().ends_with("got a\n…\n"), "{}", prompt.seen());
    prompt.wait(5_000);
    assert!(prompt.seen().ends_with("got a\ngot b\n"), "{}", prompt.seen());
}
