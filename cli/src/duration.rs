//! Durations as scripts write them: `5s`, `300ms`, `1m30s`.

use swarmyard_core::time::{HOUR, MINUTE, Ms, SECOND};

/// Reads a duration in whole milliseconds; `None` if it is none.
pub(crate) fn parse(text: &str) -> Option<Ms> {
    let mut total: Ms = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let unit = match unit {
            "ms" => 1,
            "s" => SECOND,
            "m" => MINUTE,
            "h" => HOUR,
            _ => return None,
        };
        total = total.checked_add(number.parse::<Ms>().ok()?.checked_mul(unit)?)?;
        rest = after;
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, ms) in [("5s", 5_000), ("300ms", 300), ("1m30s", 90_000), ("2h", 7_200_000), ("0s", 0)] {
            assert_eq!(parse(text), Some(ms), "{text}");
        }
        for text in ["", "5", "s", "5 s", "-1s", "1.5s", "5sec", "99999999999999999999s", "9999999999999999h"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
