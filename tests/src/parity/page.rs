//! The text of the page.

use std::collections::BTreeMap;

use super::claims::Claims;
use super::{Evidence, NOTHING, Rule, Section, root};

/// The page's text: `rules` as read, `upstream` the table of Swarm's own tests.
pub fn page(rules: &[Section], upstream: &str, claims: &Claims) -> String {
    let mut text = HEAD.to_owned();
    text += &summary(rules, upstream, claims);
    for section in rules {
        text += &format!("\n### §{}\n", section.title);
        text += "| rule | where | shown by |\n|---|---|---|\n";
        section.rules.iter().for_each(|rule| text += &row(rule, claims));
    }
    text += &differences(claims);
    text + &restated(upstream, claims)
}

const HEAD: &str = "# Parity with Docker Swarm\n\
    \n\
    What the simulator does as Swarm does, where it does so, and what shows it; where it differs; and which of Swarm's \
    own tests are restated here.\n\
    \n\
    Written by `UPDATE_PARITY=1 cargo test -p swarmyard-tests --test native parity` from `tests/parity/` and from the \
    comments `Differs:` and `Upstream:` in the sources. Do not edit it by hand.\n\
    \n\
    Recordings (`A01_…`) are in `tests/recordings/`, transcripts (`….txt`) in `tests/transcripts/`; all other names are \
    tests. Files are below `core/src/`.\n";

fn summary(rules: &[Section], upstream: &str, claims: &Claims) -> String {
    let all = rules.iter().flat_map(|section| &section.rules);
    let (absent, simulated): (Vec<&Rule>, Vec<&Rule>) = all.partition(|rule| rule.absent.is_some());
    let wanted = wanted(upstream);
    let done = wanted.iter().filter(|(file, test)| !restating(file, test, claims).is_empty()).count();
    let differs: usize = claims.differs.values().map(Vec::len).sum();
    format!(
        "\n{} rules are followed ({} of them shown by nothing yet), {} are not simulated. {differs} differences are told. {done} of {} upstream tests are \
         restated.\n\n## Rules\n",
        simulated.len(),
        simulated.iter().filter(|rule| unshown(rule)).count(),
        absent.len(),
        wanted.len()
    )
}

fn row(rule: &Rule, claims: &Claims) -> String {
    if let Some(why) = &rule.absent {
        return format!("| {} | not simulated | {why} |\n", rule.text);
    }
    let files: Vec<String> = rule.files.iter().map(|file| format!("`{file}`")).collect();
    if unshown(rule) {
        return format!("| {} | {} | **nothing yet** |\n", rule.text, files.join(" "));
    }
    let shown: Vec<String> = rule.shown_by.iter().map(|word| evidence(word, claims)).collect();
    format!("| {} | {} | {} |\n", rule.text, files.join(" "), shown.join(", "))
}

fn unshown(rule: &Rule) -> bool {
    rule.shown_by.iter().any(|word| word == NOTHING)
}

fn evidence(word: &str, claims: &Claims) -> String {
    match Evidence::of(word) {
        Evidence::Test(name) => match claims.tests.get(&name) {
            Some(file) => format!("[`{name}`](../{file})"),
            None => name,
        },
        Evidence::Recording(path) | Evidence::Transcript(path) => {
            let path = path.strip_prefix(root()).expect("it is below the root").to_string_lossy().replace('\\', "/");
            format!("[{word}](../{path})")
        }
    }
}

fn differences(claims: &Claims) -> String {
    let mut text =
        "\n## Differences\nWhere the simulator does otherwise than Docker, by the file that says so.\n\n".to_owned();
    for (file, all) in &claims.differs {
        for said in all {
            text += &format!("- [`{file}`](../{file}): {said}\n");
        }
    }
    text
}

/// File and name of every upstream test that is to be restated.
fn wanted(upstream: &str) -> Vec<(&str, &str)> {
    let lines = upstream.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "));
    lines.flat_map(|(file, tests)| tests.split_whitespace().map(move |test| (file, test))).collect()
}

fn restating<'c>(file: &str, test: &str, claims: &'c Claims) -> Vec<&'c super::Restated> {
    claims.restated.iter().filter(|found| found.upstream_file == file && found.upstream_test == test).collect()
}

fn restated(upstream: &str, claims: &Claims) -> String {
    let mut text =
        "\n## Swarm's own tests\nFiles of moby/swarmkit; beside each test the one that restates it.\n".to_owned();
    let mut by_file: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (file, test) in wanted(upstream) {
        by_file.entry(file).or_default().push(test);
    }
    for found in &claims.restated {
        let tests = by_file.entry(&found.upstream_file).or_default();
        if !tests.contains(&found.upstream_test.as_str()) {
            tests.push(&found.upstream_test);
        }
    }
    for (file, tests) in by_file {
        text += &format!("\n### {file}\n| upstream | restated as |\n|---|---|\n");
        for test in tests {
            let ours = restating(file, test, claims);
            let ours: Vec<String> = ours.iter().map(|ours| format!("[`{}`](../{})", ours.test, ours.file)).collect();
            text += &format!("| {test} | {} |\n", if ours.is_empty() { "–".to_owned() } else { ours.join(", ") });
        }
    }
    text
}
