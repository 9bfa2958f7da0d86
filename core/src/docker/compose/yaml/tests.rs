//! YAML texts and what they mean. What is said of wrong ones was said by Docker's command line of the same texts.

use super::*;

fn show(value: &Yaml) -> String {
    match value {
        Yaml::Null => "null".to_owned(),
        Yaml::Strange => "?".to_owned(),
        Yaml::Text(text)
            if resolve("", text, true).as_ref() == Ok(value) && !text.contains(['\n', ',']) && !text.contains(": ") =>
        {
            text.clone()
        }
        Yaml::Text(text) => format!("{text:?}"),
        Yaml::Time(time) => format!("@{time}"),
        Yaml::Bool(_) | Yaml::Int(_) | Yaml::Float(_) => value.printed(),
        Yaml::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        Yaml::Map(pairs) => {
            let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}: {}", show(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

#[track_caller]
fn check(text: &str, shown: &str) {
    assert_eq!(Yaml::read(text).map_or_else(|why| why, |value| show(&value)), shown, "{text}");
}

#[test]
fn blocks_nest_by_their_indentation() {
    check("", "null");
    check("# nothing\n\n", "null");
    check("a: 1\nb:\n  c: x y  # said\n  d:\ne: ~\n", "{a: 1, b: {c: x y, d: null}, e: null}");
    check(
        "a:\n- 1\n- 2\nb:\n  - x: 1\n    y: 2\n  -\n    z: 3\n  - - 4\n    - 5\n",
        "{a: [1, 2], b: [{x: 1, y: 2}, {z: 3}, [4, 5]]}",
    );
    check("---\na: b\n...\n", "{a: b}");
    check("%YAML 1.1\n---\n- a\n-\n- b", "[a, null, b]");
    check("a: http://x:80/y#z\nb: 80:80\nc: -1\nd: a#b\n", "{a: http://x:80/y#z, b: 80:80, c: -1, d: a#b}");
    check("a: one\n  two\n\n  three\nb: 1\n", "{a: \"one two\\nthree\", b: 1}");
    check("a:\n    b:\n        - c: 1\n\n          d: 2\n    # here\n    e: 3\r\n", "{a: {b: [{c: 1, d: 2}], e: 3}}");
    check("? a\n: b\n", "{a: b}");
}

#[test]
fn quotes_hold_what_they_enclose() {
    check("a: 'it''s: # no'\n\"b c\": \"x\\n\\t\\\"\\u00e9\\x41\"\n", "{a: \"it's: # no\", b c: \"x\\n\\t\\\"éA\"}");
    check("a: \"one\n  two\n\n  three \\\n  four\"\n", "{a: \"one two\\nthree four\"}");
    check("a: 'one\n\n  two'", "{a: \"one\\ntwo\"}");
    check("a: ''\nb: \"\"\nc: 'null'\n", "{a: \"\", b: \"\", c: \"null\"}");
}

#[test]
fn flows_may_stand_in_blocks() {
    check("a: [1, 'b, c', {d: e, f}, ]\nb: {}\nc: []\n", "{a: [1, \"b, c\", {d: e, f: null}], b: {}, c: []}");
    check(
        "a: {limits: {cpus: \"0.50\", memory: 64M},\n    x: [1,\n 2]}\nb: 1",
        "{a: {limits: {cpus: \"0.50\", memory: 64M}, x: [1, 2]}, b: 1}",
    );
    check("[a: 1, b]", "[{a: 1}, b]");
    check("{\"a\":1, 'b' : 2}", "{a: 1, b: 2}");
}

#[test]
fn block_scalars_keep_or_fold_their_lines() {
    check("a: |\n  one\n    two\n\n  three\n\nb: 1\n", "{a: \"one\\n  two\\n\\nthree\\n\", b: 1}");
    check(
        "a: |-\n  one\n  two\nb: >\n  one\n  two\n\n  three\n    four\n  five\n",
        "{a: \"one\\ntwo\", b: \"one two\\nthree\\n  four\\nfive\\n\"}",
    );
    check("a: |+\n  one\n\nb: |2\n    x\n  y\n", "{a: \"one\\n\\n\", b: \"  x\\ny\\n\"}");
    check("- |\n  #!/bin/sh\n  a: b\n- x\n", "[\"#!/bin/sh\\na: b\\n\", x]");
}

#[test]
fn anchors_are_remembered_and_maps_merge() {
    check("a: &x [1, 2]\nb: *x\n", "{a: [1, 2], b: [1, 2]}");
    check(
        "x-base: &base\n  image: i\n  labels: &l {a: b}\nweb:\n  <<: *base\n  image: j\nall:\n  <<: [*l, *base]\n  a: c\n",
        "{x-base: {image: i, labels: {a: b}}, web: {image: j, labels: {a: b}}, all: {a: c, image: i, labels: {a: b}}}",
    );
    check("a: &n 5\nb: *n\nc: !x y\nd: !!str 5\n", "{a: 5, b: 5, c: y, d: \"5\"}");
    check("a: *no\n", "yaml: unknown anchor 'no' referenced");
    check("a: &x 1\n<<: *x\n", "yaml: map merge requires map or sequence of maps as the value");
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..9 {
        bomb += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "));
    }
    check(&bomb, "yaml: document contains excessive aliasing");
}

#[test]
fn errors_name_what_is_wrong_and_where() {
    for (text, why) in [
        ("services:\n  web:\n\timage: x\n", "yaml: line 3: found character that cannot start any token"),
        ("services:\n  web:\n    image: x\n   ports: 1\n", "yaml: line 1: did not find expected key"),
        ("a:\n  - x\n  y: 1\n", "yaml: line 1: did not find expected '-' indicator"),
        ("services:\n  web\n    image: x\n", "yaml: line 3: mapping values are not allowed in this context"),
        ("a: b: c\n", "yaml: mapping values are not allowed in this context"),
        ("a:\n  b: 1\n  c\nd: 2\n", "yaml: line 3: could not find expected ':'"),
        ("a: [1, 2\nb: 3\n", "yaml: line 1: did not find expected ',' or ']'"),
        ("x: 1\na: {b: 1\nc: 3\n", "yaml: line 1: did not find expected ',' or '}'"),
        ("a: 1\nb: 2\na: 3\n", "yaml: unmarshal errors:\n  line 3: mapping key \"a\" already defined at line 1"),
        ("a: 'x\nb: 1\n", "yaml: line 3: found unexpected end of stream"),
        ("a: \"\\q\"\n", "yaml: found unknown escape character"),
        ("a: - b\n", "yaml: block sequence entries are not allowed in this context"),
        ("a: @b\n", "yaml: found character that cannot start any token"),
        ("a: *no\n", "yaml: unknown anchor 'no' referenced"),
        ("a: &x 1\n<<: *x\n", "yaml: map merge requires map or sequence of maps as the value"),
        ("a: &a [*a]\n", "yaml: anchor 'a' value contains itself"),
        ("a: !!int x\n", "yaml: cannot decode !!str `x` as a !!int"),
        ("%FOO\n---\na: b\n", "yaml: found unknown directive name"),
        ("a: |\n x\n\ty\n", "yaml: line 3: found a tab character where an indentation space is expected"),
        ("a: |x\n", "yaml: did not find expected comment or line break"),
        ("- a\nb: c\n", "yaml: line 1: did not find expected '-' indicator"),
        ("a: b\n- c\n", "yaml: line 1: did not find expected key"),
        ("a:\n- b\nc\n", "yaml: line 3: could not find expected ':'"),
        ("\ta: b\n", "yaml: found character that cannot start any token"),
        ("a: \"x\" y\n", "yaml: did not find expected key"),
        ("a: [b]]\n", "yaml: did not find expected key"),
        ("a: }\n", "yaml: did not find expected node content"),
        ("a: b\n c: d\n", "yaml: line 2: mapping values are not allowed in this context"),
        ("a: {b: c}}\n", "yaml: did not find expected key"),
        ("a: 1\n  b: 2\n", "yaml: line 2: mapping values are not allowed in this context"),
        ("a: 'it's'\n", "yaml: did not find expected key"),
        ("key: value\nno colon here\nz: 1\n", "yaml: line 2: could not find expected ':'"),
        ("a: x: y\n", "yaml: mapping values are not allowed in this context"),
        ("&a &b c: d\n", "yaml: did not find expected key"),
        ("{a: 1, a: 2}\n", "yaml: unmarshal errors:\n  line 1: mapping key \"a\" already defined at line 1"),
        ("a: [1, 2,, 3]\n", "yaml: did not find expected node content"),
        ("a: \"\\u12\"\n", "yaml: did not find expected hexdecimal number"),
        ("a: \"\\ud800\"\n", "yaml: found invalid Unicode character escape code"),
        ("a: x\n  # c\n  y\n", "yaml: line 2: did not find expected key"),
        ("a:\n    b: 1\n  c: 2\n", "yaml: line 2: did not find expected key"),
        ("services:\n  a:\n    image: x\n  ports:\n    - 80\n   b: 1\n", "yaml: line 1: did not find expected key"),
        ("a: *x:\n", "yaml: mapping values are not allowed in this context"),
        ("a: &\n", "yaml: did not find expected alphabetic or numeric character"),
        ("a: b\u{01}c\n", "yaml: control characters are not allowed"),
    ] {
        check(text, why);
    }
}

#[test]
fn nothing_makes_it_fall() {
    for part in ["[", "- ", "{a: ", "? ", "[a: ", "{? ", "- - "] {
        assert!(Yaml::read(&part.repeat(20_000)).is_err(), "{part}");
    }
    let nested: String = (0..2_000).map(|depth| " ".repeat(depth) + "a:\n").collect();
    check(&nested, "swarmyard: YAML nested more than 100 deep is not simulated");
    for part in
        ["&a ", "&a\n", "!a ", "'", "\"", "*a ", "a: ", "|\n", "a ", "- a\n", "#\n", "\n", "[], ", "a, ", "---\n"]
    {
        let _ = Yaml::read(&part.repeat(20_000));
    }
    let mut stream = crate::rng::Stream::new(1, "yaml");
    let signs: Vec<char> = "ab:-#'\"[]{},&*|>!?%@\\\n\n  \t~<0.é".chars().collect();
    for _ in 0..20_000 {
        let length = stream.below(30);
        let text: String = (0..length).map(|_| signs[stream.below(signs.len() as u32) as usize]).collect();
        let _ = Yaml::read(&text);
    }
}
