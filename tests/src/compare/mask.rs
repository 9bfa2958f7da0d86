//! Puts a sign in the place of everything that is drawn at random or depends on when and where one looked.

use std::sync::LazyLock;

use fancy_regex::Regex;

/// `text` without ids, digests, times, ages, addresses, version numbers, runs of blanks and blank lines at its ends.
pub(super) fn mask(text: &str) -> String {
    let mut masked = text.to_owned();
    for (pattern, sign) in MASKS.iter() {
        masked = pattern.replace_all(&masked, *sign).into_owned();
    }
    let masked = masked.replace('\r', "");
    let lines: Vec<_> = masked.split('\n').map(|line| BLANKS.replace_all(line.trim_end(), "  ")).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// A pattern of this module and its siblings.
pub(super) fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("patterns are constants that the tests of this module compile")
}

static BLANKS: LazyLock<Regex> = LazyLock::new(|| pattern(" {2,}"));

/// In this order: what an earlier one has replaced, a later one does not see.
static MASKS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        (r"sha256:[0-9a-f]{64}", "sha256:<digest>"),
        (r"SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}", "<token>"),
        (r"SWMKEY-1-[\w+/]{43}", "<key>"),
        (
            r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| ?[+-]\d\d:?\d\d)?(?: UTC| utc)?",
            "<time>",
        ),
        (r"\b[0-9a-z]{25}\b", "<id>"),
        (r"\b(?=[0-9a-f]*\d)[0-9a-f]{64}\b", "<cid>"),
        // The short form of an id: with a letter and a digit anywhere, without at the beginning of a table's row.
        (
            r"(?m)\b(?=[0-9a-z]*\d)(?=[0-9a-z]*[a-z])[0-9a-z]{12}\b|^[0-9a-z]{12}(?=  |$|:)",
            "<id>",
        ),
        (r"\b\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?\b", "<ip>"),
        (r#"("Index": ?)\d+"#, "${1}<n>"),
        (r"\bindex:\d+", "index:<n>"),
        (
            r"(?i)(?:less than a second|about a minute|about an hour|\d+ (?:second|minute|hour|day|week|month|year)s?)( ago)?",
            "<age>",
        ),
    ]
    .map(|(regex, sign)| (pattern(regex), sign))
    .into()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, masked: &str) {
        assert_eq!(mask(text), masked);
    }

    #[test]
    fn what_differs_from_run_to_run_is_masked() {
        check("ru3te238yu0i5j3sty134z174\n", "<id>");
        check("web.1.ru3te238yu0i5j3sty134z174", "web.1.<id>");
        check("ru3te238yu0i   web.1    Running 3 minutes ago", "<id>  web.1  Running <age>");
        check("abcdefghijkl  web", "<id>  web");
        check("2026-11-22T21:36:01.132002089Z", "<time>");
        check("2026-11-22 21:36:01.132 +0000 UTC", "<time>");
        check(r#""Index": 40"#, r#""Index": <n>"#);
        check("10.0.0.3/24 at 2 seconds", "<ip> at <age>");
        check(&format!("a@sha256:{}", "0f".repeat(32)), "a@sha256:<digest>");
        check(&"0f".repeat(32), "<cid>");
        check("Less than a second ago", "<age>");
    }

    #[test]
    fn what_people_read_stays() {
        check("  overall progress: 2 out of 3 tasks  \r\n", "  overall progress: 2 out of 3 tasks");
        check("replicas and abcdefghijkl in prose", "replicas and abcdefghijkl in prose");
        check("version 28.2.2", "version 28.2.2");
        check("\n\na\n\nb\n\n", "a\n\nb");
    }
}
