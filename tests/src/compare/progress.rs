//! What the progress output of a pipe says, without how often it said so.

use std::sync::LazyLock;

use fancy_regex::Regex;

use super::mask::{mask, pattern};

/// What was said: the lines in the order of their first coming, and the bars of the tasks in order of the text, since a
/// task's message counts whichever bar showed it. Counts on the way, the countdown and empty bars are left out.
pub(super) fn progress(output: &str) -> (Vec<String>, Vec<String>) {
    static SKIPPED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(verify: Waiting |\d+/\d+: *$|overall progress: (\d+ out of|waiting for new tasks))")
    });
    static BAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\d+/(\d+): "));
    static COUNT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(rolling back update|overall progress): \d+ out of"));

    let mut said: Vec<String> = Vec::new();
    for line in mask(output).split('\n') {
        if SKIPPED.is_match(line).expect("the pattern cannot run away") {
            continue;
        }
        let line = BAR.replace_all(line, "n/${1}: ");
        let line = COUNT.replace_all(&line, "${1}: n out of").into_owned();
        if !said.contains(&line) {
            said.push(line);
        }
    }
    let (mut bars, lines): (Vec<_>, Vec<_>) = said.into_iter().partition(|line| line.starts_with("n/"));
    bars.sort();
    (lines, bars)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_repetitions_do_not_matter_and_words_do() {
        let one = "overall progress: 0 out of 2 tasks\n1/2: starting\n2/2:  \noverall progress: 1 out of 2 tasks\n\
                   1/2: running\nverify: Waiting 5 seconds\nverify: Service web converged\n";
        let two = "overall progress: 0 out of 2 tasks\n2/2: starting\n1/2: running\nverify: Waiting 4 seconds\n\
                   verify: Service web converged\n";
        assert_eq!(progress(one), progress(two));
        assert_eq!(progress(one).1, ["n/2: running", "n/2: starting"]);
        assert_ne!(progress(one), progress(&two.replace("running", "ready")));
        assert_ne!(progress(one), progress(&two.replace("converged", "paused")));
    }
}
