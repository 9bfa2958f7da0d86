//! Patterns of the shell: `*`, `?`, `[a-z]`, and `\` before what is meant as it stands. For files, `case`, `[[ == ]]` and
//! `${x#…}`.
//!
//! Models: bash, lib/glob/sm_loop.c. Differs: `[[:class:]]` of letters are those of ASCII, and there is no extglob.

/// Whether the whole of `text` fits.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    // What stands behind the last star, and the shortest text that has not been tried for it.
    let mut star: Option<(&str, &str)> = None;
    loop {
        if let Some(behind) = pattern.strip_prefix('*') {
            star = Some((behind, text));
            pattern = behind;
            continue;
        }
        let mut rest = text.chars();
        if let Some(character) = rest.next() {
            if let Some(behind) = one(pattern, character) {
                (pattern, text) = (behind, rest.as_str());
                continue;
            }
        } else if pattern.is_empty() {
            return true;
        }
        // One character more for the star.
        let Some((behind, tried)) = star else { return false };
        let mut tried = tried.chars();
        if tried.next().is_none() {
            return false;
        }
        star = Some((behind, tried.as_str()));
        (pattern, text) = (behind, tried.as_str());
    }
}

/// What is left of `pattern` after its first part, which is no star, has taken `character`.
fn one(pattern: &str, character: char) -> Option<&str> {
    let mut rest = pattern.chars();
    let fits = match rest.next()? {
        '?' => true,
        '\\' => rest.next()? == character,
        '[' => match class(rest.as_str(), character) {
            Some((fits, behind)) => return fits.then_some(behind),
            None => character == '[',
        },
        other => other == character,
    };
    fits.then_some(rest.as_str())
}

/// Reads a class behind its `[`: whether `character` is of it, and what follows it. `None`: it never ends.
pub(super) fn class(text: &str, character: char) -> Option<(bool, &str)> {
    let inner = text.strip_prefix(['!', '^']);
    let (mut rest, mut of_it) = (inner.unwrap_or(text), false);
    let start = rest;
    loop {
        if let Some((name, behind)) = rest.strip_prefix("[:").and_then(|named| named.split_once(":]")) {
            of_it |= named(name, character);
            rest = behind;
            continue;
        }
        let mut chars = rest.chars();
        let mut first = chars.next()?;
        if first == ']' && rest.len() < start.len() {
            return Some((of_it != inner.is_some(), chars.as_str()));
        }
        if first == '\\' {
            first = chars.next()?;
        }
        let mut last = first;
        let mut range = chars.clone();
        if range.next() == Some('-')
            && let Some(end) = range.next().filter(|end| *end != ']')
        {
            (last, chars) = (end, range);
        }
        of_it |= (first..=last).contains(&character);
        rest = chars.as_str();
    }
}

/// Whether a character is of `[:name:]`.
fn named(name: &str, c: char) -> bool {
    match name {
        "alpha" => c.is_ascii_alphabetic(),
        "digit" => c.is_ascii_digit(),
        "alnum" => c.is_ascii_alphanumeric(),
        "upper" => c.is_ascii_uppercase(),
        "lower" => c.is_ascii_lowercase(),
        "space" => c.is_ascii_whitespace() || c == '\u{b}',
        "blank" => c == ' ' || c == '\t',
        "punct" => c.is_ascii_punctuation(),
        "xdigit" => c.is_ascii_hexdigit(),
        "cntrl" => c.is_ascii_control(),
        "print" | "graph" => !c.is_ascii_control() && (c != ' ' || name == "print"),
        _ => false,
    }
}

/// Whether a text has to be taken as a pattern.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, yes, no) in [
            ("*.yml", "a.yml", "a.yaml"),
            ("a?c", "a한c", "ac"),
            ("[a-c]x", "bx", "dx"),
            ("[!a-c]x", "dx", "bx"),
            ("[]x]", "]", "y"),
            ("\\*", "*", "a"),
            ("a*b*c", "aXbYbc", "acb"),
            ("[[:digit:]]*", "1a", "a1"),
            ("[a", "[a", "a"),
            ("", "", "x"),
            ("*", "", "\u{0}no"),
        ] {
            assert!(fits(pattern, yes), "{pattern} {yes}");
            assert!(!fits(pattern, no) || pattern == "*", "{pattern} {no}");
        }
    }

    #[test]
    fn many_stars_cost_little() {
        assert!(!fits(&"*a".repeat(200), &("a".repeat(5_000) + "b")));
    }
}
