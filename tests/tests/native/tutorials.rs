//! Tutorials that others wrote for a real swarm, typed as they stand: every file of `tests/tutorials` is a script that
//! prints itself, and says of each command whether its answer is right. `docs/tutorials.md` is made of them.
//!
//! `UPDATE_TUTORIALS=1 cargo test -p swarmyard-tests --test native tutorials` writes them and the page anew.

use std::path::{Path, PathBuf};

use swarmyard_core::scenario::Scenario;
use swarmyard_tests::parity::root;

use super::transcripts;

/// Of a hundred commands, how many may be unsupported.
const MOST_UNSUPPORTED: usize = 3;

/// How much of a line the page shows.
const WIDTH: usize = 90;

/// The tutorials that count, and those that need what is left out.
const FOLDERS: [&str; 2] = ["tests/tutorials", "tests/tutorials/more"];

const YES: &str = "yes";

#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    /// As the tutorial has it.
    AsItStands,
    /// The command above, with a machine, an address or a token that exists.
    FilledIn,
    /// What the tutorial takes for given, or leaves to other means.
    Setup,
}

/// A command, and what came of it.
struct Step {
    kind: Kind,
    /// `yes`, `in part`, `no`, with the reason where there is one.
    right: String,
    node: String,
    command: String,
    exit: i32,
    answer: Vec<String>,
}

impl Step {
    fn unsupported(&self) -> bool {
        let own = |line: &String| {
            line.starts_with("swarmyard: ") && line.contains(" is not simulated")
                || line.contains(": swarmyard does not know")
        };
        self.exit == 127 || self.answer.iter().any(own)
    }

    fn row(&self) -> String {
        let command = self.command.replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ");
        let first = self.answer.iter().map(|line| line.trim()).find(|line| !line.is_empty());
        let again = if self.kind == Kind::FilledIn { "↳ " } else { "" };
        let at = if self.node.is_empty() { String::new() } else { format!("{}: ", self.node) };
        let first = first.map_or("(nothing)".to_owned(), code);
        format!("| {again}{at}{} | {} | {first} | {} |\n", code(&command), self.exit, self.right)
    }
}

/// A text within a table's cell, as it stands.
fn code(text: &str) -> String {
    let mut shown: String = text.chars().take(WIDTH).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    let fence = if shown.contains('`') { "``" } else { "`" };
    let blank = if fence.len() > 1 { " " } else { "" };
    format!("{fence}{blank}{}{blank}{fence}", shown.replace('|', "\\|"))
}

/// The commands of a transcript.
fn steps(transcript: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let (mut kind, mut right) = (Kind::AsItStands, YES.to_owned());
    // Between a command and the next line that is no answer.
    let mut answering = false;
    for line in transcript.lines() {
        let typed = line.split_once('$').filter(|(node, text)| {
            (text.starts_with(' ') || text.is_empty()) && node.chars().all(|c| c.is_ascii_alphanumeric())
        });
        if let Some(note) = line.strip_prefix("# ") {
            answering = false;
            match note.split([':', ' ']).next() {
                Some("setup") => kind = Kind::Setup,
                Some("filled") => kind = Kind::FilledIn,
                _ if ["yes: ", "in part: ", "no: "].iter().any(|word| note.starts_with(word)) => {
                    right = note.to_owned()
                }
                _ => {}
            }
        } else if line.starts_with("@ ") {
            // A note above it is its own.
            (kind, right, answering) = (Kind::AsItStands, YES.to_owned(), false);
        } else if let Some((node, text)) = typed {
            let (node, command) = (node.to_owned(), text.trim_start().to_owned());
            steps.push(Step { kind, right, node, command, exit: 0, answer: Vec::new() });
            (kind, right, answering) = (Kind::AsItStands, YES.to_owned(), true);
        } else if let Some(step) = steps.last_mut().filter(|_| answering) {
            let code = line.strip_prefix("[exit ").and_then(|code| code.strip_suffix(']'));
            if let Some(more) = line.strip_prefix("> ").filter(|_| step.answer.is_empty()) {
                step.command = [&step.command, "\n", more].concat();
            } else if let Some(code) = code.and_then(|code| code.parse().ok()) {
                step.exit = code;
            } else {
                step.answer.push(line.to_owned());
            }
        }
    }
    steps
}

/// How many commands stand in tutorials, are not answered, and are not or only in part answered rightly.
#[derive(Default)]
struct Count {
    all: usize,
    unsupported: usize,
    in_part: usize,
    wrong: usize,
}

impl Count {
    fn add(&mut self, step: &Step) {
        if step.kind == Kind::AsItStands {
            self.all += 1;
            self.unsupported += usize::from(step.unsupported());
            self.in_part += usize::from(step.right.starts_with("in part"));
            self.wrong += usize::from(step.right.starts_with("no"));
        }
    }

    fn and(&self, other: &Count) -> Count {
        Count {
            all: self.all + other.all,
            unsupported: self.unsupported + other.unsupported,
            in_part: self.in_part + other.in_part,
            wrong: self.wrong + other.wrong,
        }
    }

    fn sentence(&self) -> String {
        let Count { all, unsupported, in_part, wrong } = self;
        let right = all - in_part - wrong;
        let percent = *unsupported as f64 * 100.0 / *all as f64;
        format!(
            "{all} commands as they stand: {right} answered rightly, {in_part} in part, {wrong} not; {unsupported} of them \
             ({percent:.1} %) unsupported."
        )
    }
}

/// One tutorial of the page. Its first lines are its title, its source, and what it has that is not here.
fn chapter(text: &str, count: &mut Count) -> String {
    let mut head = text.lines().map(|line| line.trim_start_matches("# "));
    let mut next = || head.next().unwrap_or_default();
    let mut page = format!("\n### {}\n{}  \n{}\n\n", next().trim_end_matches('.'), next(), next());
    page += "| command | exit | first line of the answer | right |\n|---|---|---|---|\n";
    for step in steps(text).iter().filter(|step| step.kind != Kind::Setup) {
        assert!(!step.unsupported() || step.right.starts_with("no: "), "unsupported, and yet right: {}", step.command);
        count.add(step);
        page += &step.row();
    }
    page
}

fn tutorials(folder: &str) -> Vec<PathBuf> {
    transcripts::files(&root().join(folder))
}

#[test]
fn commands_of_a_transcript_are_read() {
    let text = "# Title\n\n# setup: images\n@ tag a b\n$ docker ps \\\n>   -a\nID\n> x\n[exit 1]\n# setup\n$ a\n# filled in\n\
                # no: why\nnode1$ b\n\\$ c\nswarmyard: 'b' is not simulated; d\n$ e\n[exit 127]";
    let steps = steps(text);
    let told: Vec<_> =
        steps.iter().map(|step| (step.kind, &*step.command, step.exit, &*step.right, step.unsupported())).collect();
    assert_eq!(
        told,
        [
            (Kind::AsItStands, "docker ps \\\n  -a", 1, "yes", false),
            (Kind::Setup, "a", 0, "yes", false),
            (Kind::FilledIn, "b", 0, "no: why", true),
            (Kind::AsItStands, "e", 127, "yes", true),
        ]
    );
    assert_eq!(steps[0].answer, ["ID", "> x"]);
}

#[test]
fn tutorials_print_themselves_and_their_page() {
    let paths: Vec<PathBuf> = FOLDERS.iter().flat_map(|folder| tutorials(folder)).collect();
    let check = |path: &PathBuf| transcripts::check(path, &Scenario::playground(), "UPDATE_TUTORIALS");
    let wrong: Vec<String> = paths.iter().filter_map(check).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let read = |path: &Path| std::fs::read_to_string(path).expect("a tutorial is text");
    let mut pages = [String::new(), String::new()];
    let mut counts = [Count::default(), Count::default()];
    for ((folder, page), count) in FOLDERS.iter().zip(&mut pages).zip(&mut counts) {
        for path in tutorials(folder) {
            page.push_str(&chapter(&read(&path), count));
        }
    }
    assert!(tutorials(FOLDERS[0]).len() >= 6, "too few tutorials");
    let Count { all, unsupported, .. } = counts[0];
    assert!(unsupported * 100 <= all * MOST_UNSUPPORTED, "{unsupported} of {all} commands are unsupported");
    let together = counts[0].and(&counts[1]).sentence();
    let new = [INTRODUCTION, &together, "\n", FIRST, &counts[0].sentence(), "\n", &pages[0]];
    let new = new.concat() + &[MORE, &counts[1].sentence(), "\n", &pages[1]].concat();
    let path = root().join("docs/tutorials.md");
    if std::env::var_os("UPDATE_TUTORIALS").is_some() {
        std::fs::write(&path, new).expect("the page can be written");
        return;
    }
    assert!(read(&path) == new, "docs/tutorials.md is not up to date: UPDATE_TUTORIALS=1 cargo test … tutorials");
}

const INTRODUCTION: &str = "# Tutorials

Tutorials that others wrote for a real swarm, typed into the playground as they stand, and what each command answered. \
Only the commands and the shape of the files are taken from them.

Written by `UPDATE_TUTORIALS=1 cargo test -p swarmyard-tests --test native tutorials` from the transcripts in \
`tests/tutorials/`, which hold every answer whole, and what was done before and between. Do not edit it by hand.

A line with ↳ is the one above with a machine, an address or a token that exists here, as a reader of the tutorial would \
fill it in; it is not counted. An answer is right if it is what Docker (engine 26.1, command line 28.2) answers in that \
state, an error included; that was judged by reading it beside the specification and the recordings of a real swarm, not by typing the tutorial \
there. Pages differ by version; where an answer is another one than the tutorial shows, the version above counts. \
`in part` and `no` say why. A command is unsupported if it is answered in words of our own, or not found.

The first tutorials were chosen for the commands of a swarm that they use; those at the end also build images, run \
containers without a service or need Docker Compose, which is left out here. All together: ";

const FIRST: &str = "
## Tutorials of a swarm

";

const MORE: &str = "
## Tutorials that need what is left out

Without Docker Compose, building images and containers without a service, these get as far as this.

";
