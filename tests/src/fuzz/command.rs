//! Docker's command line. A text has a command in each line, without the word `docker`; blanks separate its words, and
//! `'…'` keeps them together. A digit in front says at which prompt it is typed.

use swarmyard_core::session::ShellId;
use swarmyard_core::time::SECOND;

use super::reader::{Reader, quoted};

const MOST_COMMANDS: usize = 8;

pub(super) fn play(text: &str, reader: &mut Reader) {
    for line in text.lines().take(MOST_COMMANDS) {
        let (prompt, words) = read(line);
        let words: Vec<String> = words.into_iter().map(quoted).collect();
        reader.types(prompt, &format!("docker {}", words.join(" ")));
        reader.waits_for(prompt, 10 * SECOND);
        reader.wants_the_prompt(prompt);
    }
}

fn read(line: &str) -> (ShellId, Vec<&str>) {
    let mut words = Vec::new();
    let mut rest = line.trim_start_matches(' ');
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('\'') {
            Some(inner) => inner.split_once('\'').unwrap_or((inner, "")),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word);
        rest = after.trim_start_matches(' ');
    }
    let prompt = words.first().and_then(|word| word.parse().ok()).filter(|prompt| *prompt <= 3);
    if prompt.is_some() {
        words.remove(0);
    }
    (prompt.unwrap_or(0), words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_prompt_and_words() {
        assert_eq!(
            read("service ls --format '{{.ID}} x' -q"),
            (0, vec!["service", "ls", "--format", "{{.ID}} x", "-q"])
        );
        assert_eq!(read("2  ps '' 'a"), (2, vec!["ps", "", "a"]));
        assert_eq!(read("7 ps"), (0, vec!["7", "ps"]));
    }
}
