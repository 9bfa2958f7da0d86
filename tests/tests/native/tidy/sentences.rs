//! Every sentence with which a docker command refuses something is brought about: by a line of a transcript, or by
//! a command of the recordings.

use fancy_regex::{Regex, escape};
use swarmyard_tests::recordings::{Recording, folder, scenarios};

use super::source::{Source, files, rust_in};

/// What refuses: the text up to the bracket after which its sentence stands.
const REFUSALS: &str = r"\b(CliError::said|refused|Err|ok_or|ok_or_else|fail|NotSimulated)\b\s*[({]";

/// Sentences that nothing typed can bring about.
const OUT_OF_REACH: &[&str] = &[
    // What waits has read its files before.
    "Input/output error",
    // Go's parser has it, too, behind other checks.
    "empty command",
];

/// What refuses in files has tests beside it, with the files that bring each sentence about.
const ELSEWHERE: &[&str] = &["/compose/", "/stack/"];

#[test]
fn every_refusal_is_brought_about() {
    let said = everything_said();
    let mut missing = Vec::new();
    for source in rust_in("core/src/docker/").iter().filter(|source| {
        !source.path.contains("/tests") && !ELSEWHERE.iter().any(|folder| source.path.contains(folder))
    }) {
        for sentence in sentences(source) {
            let reached = Regex::new(&pattern(&sentence)).expect("it was escaped").is_match(&said).unwrap_or(false);
            if !reached && !OUT_OF_REACH.contains(&sentence.as_str()) {
                missing.push(format!("{}: {sentence}", source.path));
            }
        }
    }
    assert!(missing.is_empty(), "{}\n{} sentences are never said", missing.join("\n"), missing.len());
}

/// The transcripts, which are what they print; what the commands of recordings answer here; and what the tests beside
/// the code expect.
fn everything_said() -> String {
    let transcripts = files(&[".txt"]).into_iter().filter(|file| file.path.starts_with("tests/transcripts/"));
    let mut said: String = transcripts.map(|file| file.text).collect();
    for source in rust_in("core/src/docker/") {
        let own = if source.path.contains("/tests") { Some(&*source.text) } else { None };
        said += own.or(source.text.split_once("#[cfg(test)]").map(|(_, tests)| tests)).unwrap_or_default();
    }
    for (name, paths) in scenarios(&folder()) {
        if name.starts_with(['E', 'F']) || name.starts_with("D0") || name.starts_with("B21") {
            let simulated = Recording::read(&paths[0]).replay(swarmyard::replay::SEED);
            for step in simulated["steps"].as_array().expect("it has steps") {
                said += step["stderr"].as_str().unwrap_or_default();
            }
        }
    }
    said
}

/// The sentences of a file: texts of more than a word within what refuses.
fn sentences(source: &Source) -> Vec<String> {
    // Texts may hold what begins a comment elsewhere.
    let lines = source.text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
    let code: Vec<&str> = lines.filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let refusals = Regex::new(REFUSALS).expect("it is one");
    let mut found = Vec::new();
    for start in refusals.find_iter(&code) {
        let open = start.expect("it does not run away").end() - 1;
        for text in texts_within(&code[open..]) {
            if text.len() >= 8 && text.trim().contains(' ') && !found.contains(&text) {
                found.push(text);
            }
        }
    }
    found
}

/// The texts of code up to the bracket that closes its first one.
fn texts_within(code: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut depth = 0;
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 1 => break,
            ')' | ']' | '}' => depth -= 1,
            '"' => texts.push(text(&mut chars)),
            // A letter of its own, which may be a quote or a bracket.
            '\'' => {
                let rest = chars.as_str();
                let escaped = rest.starts_with('\\');
                if rest.chars().nth(1 + usize::from(escaped)) == Some('\'') {
                    chars.nth(1 + usize::from(escaped));
                }
            }
            _ => {}
        }
    }
    texts
}

/// A text as the program has it, after its opening quote.
fn text(chars: &mut std::str::Chars) -> String {
    let mut text = String::new();
    while let Some(c) = chars.next().filter(|c| *c != '"') {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            // The text goes on where the next line begins.
            Some('\n') => {
                let rest = chars.as_str();
                let blanks = rest.len() - rest.trim_start().len();
                *chars = rest[blanks..].chars();
            }
            Some(c) => text.push(c),
            None => {}
        }
    }
    text
}

/// What a sentence looks like when it is said: anything may stand in the place of its values.
fn pattern(sentence: &str) -> String {
    let holes = Regex::new(r"\{\{|\}\}|\{[^{}]*\}").expect("it is one");
    let mut pattern = "(?s)".to_owned();
    let mut from = 0;
    for hole in holes.find_iter(sentence) {
        let hole = hole.expect("it does not run away");
        pattern += &escape(&sentence[from..hole.start()]);
        pattern += match hole.as_str() {
            // One where the text is a format, two where it is none.
            "{{" => r"\{\{?",
            "}}" => r"\}\}?",
            _ => ".{0,200}?",
        };
        from = hole.end();
    }
    pattern + &escape(&sentence[from..])
}

#[test]
fn sentences_are_found_in_code() {
    let code = "fn f() {\n    Err(format!(\"no {what} \\\n        here\"))\n}\nfn g() { say(\"not this one\") }\n";
    let found = sentences(&Source::new("a.rs", code));
    assert_eq!(found, ["no {what} here"]);
    let says = |text: &str| Regex::new(&pattern(&found[0])).expect("it is one").is_match(text).expect("it ends");
    assert!(says("there is no cat here") && !says("there is no cat"));
    assert!(sentences(&Source::new("a.rs", "x.ok_or('\"').y(\"not in it, either\")")).is_empty());
}
