//! `\n` and its like, as `echo -e`, `printf`, `tr` and `$'…'` read them. Models: bash, lib/sh/strtrans.c.

/// What the sequences stand for, and whether `\c` told to stop. `quotes`: whether `\'` and `\"` are some too.
pub(in crate::shell) fn unescape(text: &str, quotes: bool) -> (String, bool) {
    let mut result = String::new();
    let mut chars = text.chars();
    while let Some(next) = chars.next() {
        if next != '\\' {
            result.push(next);
            continue;
        }
        match chars.next() {
            Some('n') => result.push('\n'),
            Some('t') => result.push('\t'),
            Some('r') => result.push('\r'),
            Some('a') => result.push('\u{7}'),
            Some('b') => result.push('\u{8}'),
            Some('f') => result.push('\u{c}'),
            Some('v') => result.push('\u{b}'),
            Some('e' | 'E') => result.push('\u{1b}'),
            Some('c') => return (result, true),
            Some('\\') | None => result.push('\\'),
            Some('x') => code(&mut chars, &mut result, 16, 2, "\\x"),
            Some('u') => code(&mut chars, &mut result, 16, 4, "\\u"),
            Some('U') => code(&mut chars, &mut result, 16, 8, "\\U"),
            Some('0') => code(&mut chars, &mut result, 8, 3, "\0"),
            Some(quote @ ('\'' | '"' | '?')) if quotes => result.push(quote),
            Some(other) => result.extend(['\\', other]),
        }
    }
    (result, false)
}

/// A character by its number, of at most so many digits. Without one it is `instead`.
fn code(chars: &mut std::str::Chars, result: &mut String, base: u32, most: usize, instead: &str) {
    let mut value = None;
    for _ in 0..most {
        let Some(digit) = chars.clone().next().and_then(|c| c.to_digit(base)) else { break };
        chars.next();
        value = Some(value.unwrap_or(0) * base + digit);
    }
    match value {
        Some(value) => result.extend(char::from_u32(value)),
        None => result.push_str(instead),
    }
}
