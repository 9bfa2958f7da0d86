//! Tab: what could follow what is typed. Finds the word at the cursor and the command that it belongs to; the commands
//! know the rest.

use super::builtin;
use super::files::Files;
use crate::world::World;

pub use crate::docker::Candidate;

/// What completion may know.
pub struct Place<'a> {
    pub world: &'a World,
    pub files: &'a Files,
    /// Host name of the node whose prompt it is.
    pub node: &'a str,
    /// Unfinished lines above the one that is edited.
    pub pending: &'a str,
    /// Names of the variables of that prompt.
    pub variables: &'a [String],
    /// The directory it is in.
    pub directory: &'a str,
}

/// The ways to go on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Completion {
    /// Where in the text the word begins that is completed.
    pub start: usize,
    /// What can stand from there to the cursor whichever candidate is meant; with one candidate all of it.
    pub common: String,
    pub candidates: Vec<Candidate>,
}

/// What could stand at the cursor.
pub(super) fn complete(place: &Place, text: &str, cursor: usize) -> Completion {
    let above = if place.pending.is_empty() { String::new() } else { format!("{}\n", place.pending) };
    let typed = format!("{above}{}", &text[..cursor]);
    let scanned = scan(&typed);
    // A word that began on a line above cannot be changed any more.
    let Some(start) = scanned.start.checked_sub(above.len()) else {
        return Completion { start: cursor, common: String::new(), candidates: Vec::new() };
    };
    let (word, before) = scanned.words.split_last().expect("there is always a word at the cursor");
    let mut candidates = if scanned.file { files(place, before, word) } else { offers(place, before, word) };
    candidates.retain(|candidate| candidate.text.starts_with(word.as_str()));
    candidates.dedup_by(|a, b| a.text == b.text);
    let common = match candidates.as_slice() {
        [only] => {
            let open = only.text.ends_with(['=', '/', ',', ':']);
            quoted(&only.text, scanned.quote) + if open { "" } else { " " }
        }
        [first, rest @ ..] => {
            let length = rest.iter().fold(first.text.len(), |length, other| shared(&first.text[..length], &other.text));
            quoted(&first.text[..length], scanned.quote)
        }
        [] => String::new(),
    };
    Completion { start, common, candidates }
}

/// The words of the command at the cursor, and which of them is there.
pub(crate) fn at_cursor(pending: &str, text: &str, cursor: usize) -> (Vec<String>, usize) {
    let above = if pending.is_empty() { String::new() } else { format!("{pending}\n") };
    let here = scan(&format!("{above}{}", &text[..cursor])).words;
    let at = here.len() - 1;
    // Of what stands behind the cursor only what belongs to the same command.
    let mut whole = scan(&(above + text)).words;
    if whole.len() <= at || whole[..at] != here[..at] {
        return (here, at);
    }
    if whole.len() > at + 1 && whole.last().is_some_and(String::is_empty) {
        whole.pop();
    }
    (whole, at)
}

fn offers(place: &Place, before: &[String], word: &str) -> Vec<Candidate> {
    let Some((name, args)) = before.split_first() else {
        return builtin::ALL.iter().map(|builtin| candidate(builtin.name, builtin.about)).collect();
    };
    let command = builtin::ALL.iter().find(|builtin| builtin.name == name);
    command.map_or_else(Vec::new, |builtin| (builtin.complete)(place, args, word))
}

/// Names of files.
pub(super) fn files(place: &Place, _before: &[String], word: &str) -> Vec<Candidate> {
    place.files.names(place.directory, word).iter().map(|name| candidate(name, "")).collect()
}

/// Names of directories.
pub(super) fn directories(place: &Place, before: &[String], word: &str) -> Vec<Candidate> {
    let mut names = files(place, before, word);
    names.retain(|candidate| candidate.text.ends_with('/'));
    names
}

/// Names of variables.
pub(super) fn variables(place: &Place, _before: &[String], _word: &str) -> Vec<Candidate> {
    place.variables.iter().map(|name| candidate(name, "")).collect()
}

/// All commands.
pub(super) fn commands(_place: &Place) -> Vec<Candidate> {
    builtin::ALL.iter().map(|builtin| candidate(builtin.name, builtin.about)).collect()
}

/// Nothing: for commands whose words cannot be known.
pub(super) fn nothing(_place: &Place, _before: &[String], _word: &str) -> Vec<Candidate> {
    Vec::new()
}

pub(super) fn candidate(text: &str, description: &str) -> Candidate {
    Candidate { text: text.to_owned(), description: description.to_owned() }
}

/// The length of the common beginning, at a character's end.
fn shared(a: &str, b: &str) -> usize {
    a.char_indices().zip(b.chars()).find(|((_, a), b)| a != b).map_or(a.len().min(b.len()), |((at, _), _)| at)
}

/// A candidate as it has to be written where `quote` is open.
fn quoted(text: &str, quote: Option<char>) -> String {
    match quote {
        Some(quote) => format!("{quote}{text}"),
        None => text.chars().fold(String::new(), |mut word, character| {
            if " \t\"'\\$`;&|<>()*?[#!".contains(character) {
                word.push('\\');
            }
            word.push(character);
            word
        }),
    }
}

/// The command at the end of a text.
#[derive(Debug, Default, PartialEq)]
struct Scanned {
    /// Its words without their quotes; the last one is at the cursor, and may be empty.
    words: Vec<String>,
    /// Where that one begins.
    start: usize,
    /// The quote that is open in it.
    quote: Option<char>,
    /// Whether it is a file's name, after a `>` or `<`.
    file: bool,
}

/// Splits the end of a text into words. Simpler than `lex`: the text is never complete here.
fn scan(text: &str) -> Scanned {
    let mut scanned = Scanned { words: vec![String::new()], ..Scanned::default() };
    let mut fresh = true;
    let mut chars = text.char_indices().peekable();
    while let Some((at, character)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        if character == '\\' && next == Some('\n') && scanned.quote != Some('\'') {
            chars.next();
            continue;
        }
        let first = scanned.words.len() == 1;
        let word = scanned.words.last_mut().expect("there is always a last word");
        if fresh && !character.is_whitespace() {
            (scanned.start, fresh) = (at, false);
        }
        match (character, scanned.quote) {
            (quote, Some(open)) if quote == open => scanned.quote = None,
            ('\\', None | Some('"')) => {
                if let Some((_, escaped)) = chars.next() {
                    word.push(escaped);
                }
            }
            (other, Some(_)) => word.push(other),
            (quote @ ('\'' | '"'), None) => scanned.quote = Some(quote),
            (';' | '|' | '&' | '(' | ')' | '\n' | '`', None) => {
                (scanned.words, scanned.file, fresh) = (vec![String::new()], false, true);
            }
            ('$', None) if next == Some('(') => {}
            ('<' | '>', None) => {
                if word.bytes().all(|byte| byte.is_ascii_digit()) {
                    word.clear();
                } else {
                    scanned.words.push(String::new());
                }
                (scanned.file, fresh) = (true, true);
            }
            (' ' | '\t', None) => {
                if !fresh {
                    let assigned = first && word.contains('=');
                    if scanned.file || assigned {
                        word.clear();
                    } else {
                        scanned.words.push(String::new());
                    }
                    scanned.file = false;
                }
                fresh = true;
            }
            (other, None) => word.push(other),
        }
    }
    if fresh {
        scanned.start = text.len();
    }
    scanned
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::shell::HOME;

    fn check_scan(text: &str, words: &[&str], start: usize) {
        let scanned = scan(text);
        assert_eq!(
            (scanned.words.as_slice(), scanned.start),
            (words.iter().map(|w| w.to_string()).collect::<Vec<_>>().as_slice(), start),
            "of {text:?}"
        );
    }

    #[test]
    fn the_word_at_the_cursor_and_its_command() {
        check_scan("", &[""], 0);
        check_scan("dock", &["dock"], 0);
        check_scan("docker  ser", &["docker", "ser"], 8);
        check_scan("docker ", &["docker", ""], 7);
        check_scan("a; b && c | docker 'x y' \"z", &["docker", "x y", "z"], 25);
        check_scan("docker kill $(docker ps -", &["docker", "ps", "-"], 24);
        check_scan("A=1 do", &["do"], 4);
        check_scan("docker service create \\\n  --na", &["docker", "service", "create", "--na"], 26);
        check_scan("a\\ b\\", &["a b"], 0);
        check_scan("docker ps > f 2>g -", &["docker", "ps", "-"], 18);
        assert!(scan("a >").file && scan("a > x").file && scan("a <x").file && !scan("a > x ").file);
    }

    /// What the line becomes, or which candidates there are.
    fn check(typed: &str, expected: &str) {
        let world = World::new(&Scenario::lab(), 1);
        let mut files = Files::default();
        for name in ["compose.yml", "compose2.yml", "my file"] {
            files.write(&format!("/root/{name}"), "");
        }
        let (pending, text) = typed.rsplit_once('\n').unwrap_or(("", typed));
        let place = Place { world: &world, files: &files, node: "manager", pending, variables: &[], directory: HOME };
        let Completion { start, common, candidates } = complete(&place, text, text.len());
        let got = match candidates.as_slice() {
            [_, _, ..] if text[start..].len() >= common.len() => {
                candidates.iter().map(|candidate| candidate.text.as_str()).collect::<Vec<_>>().join(" ")
            }
            _ => format!("{}{common}", &text[..start]),
        };
        assert_eq!(got, expected, "of {typed:?}");
    }

    #[test]
    fn commands_and_their_words() {
        check("do", "docker ");
        check("true && his", "true && history ");
        check("cu", "curl cut");
        check("help sl", "help sleep ");
        check("world power-", "world power-o");
        check("world power-o", "power-off power-on");
        check("world power-off node2", "world power-off node2 ");
        check("world registry \\\n d", " down ");
        check("world crash-task ", "world crash-task ");
        check("world image demo/b", "world image demo/big:latest ");
        check("why --lang ", "en ko");
        check("why no", "why node");
        check("world push demo/crash", "demo/crash:latest demo/crash3:latest demo/crash8:latest");
        check("world image demo/big:latest size=1MB mis", "world image demo/big:latest size=1MB missing=");
        check("world image demo/big:latest missing=", "missing=yes missing=no");
        check("nope ", "nope ");
    }

    #[test]
    fn files_and_what_has_to_be_quoted() {
        check("cat comp", "cat compose");
        check("cat compose", "compose.yml compose2.yml");
        check("cat m", "cat my\\ file ");
        check("cat 'm", "cat 'my file ");
        check("echo x > compose2", "echo x > compose2.yml ");
    }
}
