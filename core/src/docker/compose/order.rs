//! The order in which go-yaml writes the keys of a map.
//!
//! Models: go-yaml v3 sorter.go.

use std::cmp::Ordering;

/// Letters go after other signs, and numbers count as numbers: `a2` goes before `a10`.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let digit = |text: &[char], place: usize| text.get(place).is_some_and(char::is_ascii_digit);
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (Some(&x), Some(&y)) = (a.get(same), b.get(same)) else { return a.len().cmp(&b.len()) };
    let after_digit = same > 0 && digit(&a, same - 1);
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x.cmp(&y),
        (letter, other) if letter != other => {
            return if letter == after_digit { Ordering::Less } else { Ordering::Greater };
        }
        _ => {}
    }
    // Zeros within a number weigh more than those before one.
    let before = a[..same].iter().rev().take_while(|c| c.is_ascii_digit());
    let within = (x == '0' || y == '0') && before.clone().any(|c| *c != '0');
    let number = |text: &[char]| {
        let digits = text[same..].iter().take_while(|c| c.is_ascii_digit());
        let length = digits.clone().count();
        let value = digits
            .fold(i64::from(within), |sum, c| sum.wrapping_mul(10).wrapping_add(i64::from(*c as u32 - '0' as u32)));
        (value, length)
    };
    number(&a).cmp(&number(&b)).then(x.cmp(&y))
}
