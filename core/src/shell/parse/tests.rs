//! What texts are read as.

use super::*;
use crate::shell::ast::Term;

/// A list in one line: words in `[]`, quoted pieces in `'`, the connectors between.
fn show(list: &List) -> String {
    let mut text = String::new();
    for link in &list.0 {
        text += match link.when {
            When::Always if text.is_empty() => "",
            When::Always => " ; ",
            When::Success => " && ",
            When::Failure => " || ",
        };
        text += if link.pipeline.negated { "! " } else { "" };
        let stages: Vec<String> = link.pipeline.stages.iter().map(|stage| show_command(stage)).collect();
        text += &stages.join(" | ");
    }
    text
}

fn show_command(command: &Command) -> String {
    let mut parts: Vec<String> = Vec::new();
    match command {
        Command::Simple(simple) => {
            parts.extend(simple.assignments.iter().map(|(name, value)| format!("{name}={}", show_word(value))));
            parts.extend(simple.words.iter().map(show_word));
        }
        Command::Compound(compound, _) => parts.push(show_compound(compound)),
    }
    let redirects = command.redirects().iter();
    parts.extend(redirects.map(|r| format!("{}{}{}", r.fd, symbol(r.mode), show_word(&r.target))));
    parts.join(" ")
}

fn show_compound(compound: &Compound) -> String {
    let words = |words: &[Word]| words.iter().map(show_word).collect::<Vec<_>>().join(" ");
    match compound {
        Compound::Group(list) => format!("{{ {} }}", show(list)),
        Compound::Subshell(list) => format!("( {} )", show(list)),
        Compound::If(branches) => {
            let branches = branches.iter().map(|(condition, body)| format!("{} -> {}", show(condition), show(body)));
            format!("if {}", branches.collect::<Vec<_>>().join(" | "))
        }
        Compound::Loop { until, condition, body } => {
            format!("{} {} do {} done", if *until { "until" } else { "while" }, show(condition), show(body))
        }
        Compound::For { name, words: list, body } => {
            format!(
                "for {name} in {} do {} done",
                list.as_ref().map_or("$@".to_owned(), |list| words(list)),
                show(body)
            )
        }
        Compound::Count { parts, body } => format!("for (({})) do {} done", words(&parts[..]), show(body)),
        Compound::Case { word, arms } => {
            let arms = arms.iter().map(|(patterns, list)| format!("{}) {}", words(patterns), show(list)));
            format!("case {} {}", show_word(word), arms.collect::<Vec<_>>().join(" ;; "))
        }
        Compound::Condition(terms) => {
            let terms = terms.iter().map(|term| match term {
                Term::Word(word) => show_word(word),
                Term::Operator(operator) => (*operator).to_owned(),
            });
            format!("[[ {} ]]", terms.collect::<Vec<_>>().join(" "))
        }
        Compound::Arithmetic(word) => format!("(( {} ))", show_word(word)),
        Compound::Function { name, body } => format!("{name}() {}", show_command(body)),
        Compound::Background { list, text } => format!("& {} <{text}>", show(list)),
    }
}

fn show_word(word: &Word) -> String {
    let q = |quoted: bool| if quoted { "q" } else { "" };
    let pieces = word.0.iter().map(|piece| match piece {
        Piece::Text { text, quoted: false } => text.clone(),
        Piece::Text { text, quoted: true } => format!("'{text}'"),
        Piece::Parameter { name, operator, operands, quoted } => {
            let operands = operands.iter().map(show_word).collect::<String>();
            format!("${{{name}{operator}{operands}}}{}", q(*quoted))
        }
        Piece::Command { list, quoted } => format!("$({}){}", show(list), q(*quoted)),
        Piece::Arithmetic { text, quoted } => format!("$(({})){}", show_word(text), q(*quoted)),
    });
    format!("[{}]", pieces.collect::<String>())
}

fn check(text: &str, expected: &str) {
    let got = match parse(text) {
        Ok(list) => show(&list),
        Err(error) => error.to_string(),
    };
    assert_eq!(got, expected, "of {text:?}");
}

#[test]
fn words_quotes_and_comments() {
    check("docker  service\tls", "[docker] [service] [ls]");
    check("echo 'a b'\"c d\"e\\ f '' # not this", "[echo] ['a bc d'e' 'f] ['']");
    check("echo a#b '#c' #d", "[echo] [a#b] ['#c']");
    check("echo \"a\\\"b\\\\ \\n \\$x\" '\\'", "[echo] ['a\"b\\ \\n $x'] ['\\']");
    check("   # 서비스를 만듭니다", "");
    check("echo 한글 \"큰 따옴표\"", "[echo] [한글] ['큰 따옴표']");
    check("docker ps --format {{.Names}}", "[docker] [ps] [--format] [{{.Names}}]");
    check("docker ps\r", "[docker] [ps]");
}

#[test]
fn joined_lines() {
    check("docker service create \\\n  --name web \\\n  nginx", "[docker] [service] [create] [--name] [web] [nginx]");
    check("ec\\\nho \"a\\\nb\" 'c\\\nd'", "[echo] ['ab'] ['c\\\nd']");
    check("a &&\n\n b ||\n c", "[a] && [b] || [c]");
    check("a |\n b", "[a] | [b]");
}

#[test]
fn lists_and_pipelines() {
    check("a; b && c || d;", "[a] ; [b] && [c] || [d]");
    check("a\nb\n\nc", "[a] ; [b] ; [c]");
    check("! a | b", "! [a] | [b]");
    check("a |& b", "[a] 2>&[1] | [b]");
}

#[test]
fn expansions() {
    check("echo $? $HOME/x ${A}b \"$A\" $ 5$", "[echo] [${?}] [${HOME}/x] [${A}b] [''${A}q] [$] [5$]");
    check("docker kill $(docker ps -q | head -1; x)", "[docker] [kill] [$([docker] [ps] [-q] | [head] [-1] ; [x])]");
    check("echo \"$(echo \")\")\" `a \\`b\\``", "[echo] [''$([echo] [')'])q] [$([a] [$([b])])]");
    check("A=1 B=\"x y\" env C=2", "A=[1] B=['x y'] [env] [C=2]");
    check("1A=x a-b=c", "[1A=x] [a-b=c]");
}

#[test]
fn redirects() {
    check("a > f 2>&1 <g", "[a] 1>[f] 2>&[1] 0<[g]");
    check("a 2>>f &>g 12 >h", "[a] [12] 2>>[f] 1&>[g] 1>[h]");
    check("> f", "1>[f]");
}

#[test]
fn errors_in_the_words_of_bash() {
    for (text, token) in [
        (";", ";"),
        ("a ;; b", ";;"),
        ("a && && b", "&&"),
        ("| a", "|"),
        ("echo )", ")"),
        ("done", "done"),
        ("echo a >", "newline"),
    ] {
        check(text, &format!("syntax error near unexpected token `{token}'"));
    }
    check("a (b)", "syntax error near unexpected token `b'");
    check("echo a (b)", "syntax error near unexpected token `('");
    for (text, close) in
        [("echo \"abc", '"'), ("echo 'abc", '\''), ("echo $(abc", ')'), ("echo `abc", '`'), ("echo $(a &&", ')')]
    {
        check(text, &format!("unexpected EOF while looking for matching `{close}'"));
    }
    check("a &&", "syntax error: unexpected end of file");
    check("a |", "syntax error: unexpected end of file");
    check("a \\", "syntax error: unexpected end of file");
    for open in
        ["for i in 1 2; do", "while a; do b;", "if a", "if a; then b; else", "{ a;", "case x in", "cat <<EOF", "f()"]
    {
        check(open, "syntax error: unexpected end of file");
    }
    for (text, token) in [
        ("while a; do done", "done"),
        ("if; then", ";"),
        ("()", ")"),
        ("fi", "fi"),
        ("for 1x in a; do b; done", "1x"),
        ("a & & b", "&"),
        ("case x in a) b;; esac)", ")"),
        ("{ a; } b", "b"),
    ] {
        check(text, &format!("syntax error near unexpected token `{token}'"));
    }
}

#[test]
fn nesting_has_an_end() {
    let deep = "a command nested as deep as this is not simulated yet";
    for open in ["$(", "$((", "{ ", "if ", "! (", "${x:-", "\"$(", "while ", "case $(", "x <<a $("] {
        check(&open.repeat(10_000), deep);
    }
    check(&"(".repeat(10_000), "unexpected EOF while looking for matching `)'");
    check(&"( ".repeat(10_000), deep);
    check(&"[[ ".repeat(10_000), "syntax error: unexpected end of file");
    check(&"$(($(".repeat(30), deep);
}

#[test]
fn compound_commands() {
    check("if a; then b; elif c; then d; else e; fi", "if [a] -> [b] | [c] -> [d] |  -> [e]");
    check("while a; do b; done; until a\ndo\nb\ndone", "while [a] do [b] done ; until [a] do [b] done");
    check("for i in 1 {2..3}; do echo $i; done > f", "for i in [1] [2] [3] do [echo] [${i}] done 1>[f]");
    check("for i; do a; done", "for i in $@ do [a] done");
    check("for ((i = 0; i < 3; i++)); do a; done", "for ((['i = 0'] [' i < 3'] [' i++'])) do [a] done");
    check("case $x in a|b*) c;; (*) d; esac", "case [${x}] [a] [b*]) [c] ;; [*]) [d]");
    check("[[ -f a && ( $b == c* || ! x < y ) ]]", "[[ [-f] [a] && ( [${b}] [==] [c*] || ! [x] [<] [y] ) ]]");
    check("[[ $a =~ ^(b|c)+$ ]]", "[[ [${a}] [=~] [^(b|c)+$] ]]");
    check("f() { a; }; function g { b; }; h() ( c )", "f() { [a] } ; g() { [b] } ; h() ( [c] )");
    check("(a; b) | { c; } 2>&1", "( [a] ; [b] ) | { [c] } 2>&[1]");
    check("a && b & c &", "& [a] && [b] <a && b> ; & [c] <c>");
    check("((x > 2)) && (( (1) ))", "(( ['x > 2'] )) && (( [' (1) '] ))");
    check("echo for if {", "[echo] [for] [if] [{]");
}

#[test]
fn arithmetic_and_parameters() {
    check("echo $((1 + (2) * $x)) $(( `a` ))", "[echo] [$((['1 + (2) * '${x}q]))] [$(([' '$([a])q' ']))]");
    check("echo $( (a) ) $((a); (b))", "[echo] [$(( [a] ))] [$(( [a] ) ; ( [b] ))]");
    check(
        "echo ${x:-a b} \"${y:+'z'}\" ${#x} ${x%%.*}",
        "[echo] [${x:-[a b]}] [''${y:+['\'z\'']}q] [${xlength}] [${x%%[.*]}]".replace("\\'", "'").as_str(),
    );
    check("echo ${x/a/b} ${x:1:2}", "[echo] [${x/[a][b]}] [${x:[1][2]}]");
    check("a=$x$(b) c", "a=[${x}$([b])] [c]");
    check("a+=b", "a=[${a}qb]");
}

#[test]
fn here_documents() {
    check("cat <<EOF\na $x\nEOF", "[cat] 0<<['a '${x}q'\n']");
    check("cat <<'EOF' | b\na $x \\$y\nEOF\nc", "[cat] 0<<['a $x \\$y\n'] | [b] ; [c]");
    check("cat <<-E\n\tx\n\t\ty\n\tE\n", "[cat] 0<<-['x\ny\n']");
    check("a <<A; b <<B\n1\nA\n2\nB\nc", "[a] 0<<['1\n'] ; [b] 0<<['2\n'] ; [c]");
    check("cat <<E\n\"$(a)\" \\$x\nE", "[cat] 0<<['\"'$([a])q'\" $x\n']");
    check("while a; do b <<E\nx\nE\ndone", "while [a] do [b] 0<<['x\n'] done");
    check("cat <<< \"a b\"", "[cat] 0<<<['a b']");
}
