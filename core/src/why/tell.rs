//! Fills sentences. `{0}` is the first operand, `{0s}` the same as a time in seconds; what stands in `[…]` is left out
//! where one of its operands is nothing: zero or an empty word.

use crate::event::Operand;
use crate::time::SECOND;

/// A sentence with its operands. `name` says what objects are called.
pub(super) fn fill(template: &str, operands: &[Operand], name: &dyn Fn(&Operand) -> String) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '[']) {
        text.push_str(&rest[..at]);
        let (open, inner) = rest[at..].split_at(1);
        let end = inner.find(if open == "{" { '}' } else { ']' }).expect("what a sentence opens, it closes");
        if open == "{" {
            text.push_str(&value(&inner[..end], operands, name));
        } else if !lacks(&inner[..end], operands) {
            text.push_str(&fill(&inner[..end], operands, name));
        }
        rest = &inner[end + 1..];
    }
    text.push_str(rest);
    text
}

/// The operand that a place names, and whether it is a time.
fn operand<'o>(place: &str, operands: &'o [Operand]) -> (&'o Operand, bool) {
    let number = place.trim_end_matches('s');
    let operand = number.parse().ok().and_then(|at: usize| operands.get(at));
    (operand.expect("a sentence names the operands of its rule"), number != place)
}

/// Whether one of the operands of a part is nothing.
fn lacks(part: &str, operands: &[Operand]) -> bool {
    let places = part.split('{').skip(1).filter_map(|place| place.split('}').next());
    let nothing = |place| match operand(place, operands).0 {
        Operand::Number(number) => *number == 0,
        Operand::Text(text) => text.is_empty(),
        Operand::Word(word) => word.is_empty(),
        Operand::Refused(refused) => refused.is_empty(),
        _ => false,
    };
    places.into_iter().any(nothing)
}

fn value(place: &str, operands: &[Operand], name: &dyn Fn(&Operand) -> String) -> String {
    match operand(place, operands) {
        (Operand::Number(ms), true) => seconds(*ms),
        (Operand::Number(number), false) => number.to_string(),
        (Operand::Ratio(ratio), _) => hundredths((ratio * 100.0 + 0.5) as u64),
        (Operand::Word(word), _) => (*word).to_owned(),
        (Operand::Text(text), _) => text.to_string(),
        (object, _) => name(object),
    }
}

/// `5 s`, `0.25 s`, or whole hours.
fn seconds(ms: u64) -> String {
    match ms {
        ms if ms >= 3_600 * SECOND && ms % (3_600 * SECOND) == 0 => format!("{} h", ms / 3_600 / SECOND),
        ms => hundredths(ms / 10) + " s",
    }
}

/// A number of hundredths, with as few digits as it needs.
fn hundredths(number: u64) -> String {
    let text = format!("{}.{:02}", number / 100, number % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, operands: &[Operand], expected: &str) {
        assert_eq!(fill(template, operands, &|_| "app.2".to_owned()), expected);
    }

    #[test]
    fn places_are_filled_and_parts_left_out() {
        let numbers =
            [Operand::Number(5_000), Operand::Number(0), Operand::Ratio(1.0 / 3.0), Operand::Text("x".into())];
        check("a {0} b {0s}", &numbers, "a 5000 b 5 s");
        check("{2}[, {3}][, {1} of {0}]!", &numbers, "0.33, x!");
        check("{0s}", &[Operand::Number(250)], "0.25 s");
        check("{0s}", &[Operand::Number(24 * 3_600_000)], "24 h");
        check("{0}", &[Operand::Ratio(0.2)], "0.2");
        check("{0}", &[Operand::Ratio(0.0)], "0");
        check("", &[], "");
    }
}
