//! Numbers of `awk`, `jq` and `printf`: decimals with six places.
//!
//! Differs: real ones are floats. To read and write those costs readers of the page more than the commands themselves.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number(
    /// In millionths.
    i64,
);

const UNIT: i64 = 1_000_000;

impl Number {
    pub(super) fn new(whole: i64) -> Number {
        Number(whole.saturating_mul(UNIT))
    }

    /// The number that a text begins with; 0 where it begins with none.
    pub(super) fn read(text: &str) -> Number {
        Number::prefix(text.trim_start()).map_or(Number(0), |(number, _)| number)
    }

    /// The number that a text is, and nothing else.
    pub(super) fn exactly(text: &str) -> Option<Number> {
        Number::prefix(text.trim()).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| number)
    }

    /// The number that a text begins with, and what follows it.
    pub(super) fn prefix(text: &str) -> Option<(Number, &str)> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let whole = digits.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (whole, mut rest) = digits.split_at(whole);
        let mut fraction = "";
        if let Some(behind) = rest.strip_prefix('.') {
            let length = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            (fraction, rest) = behind.split_at(length);
        }
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut value: i64 = 0;
        for digit in whole.bytes() {
            value = value.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
        }
        value = value.saturating_mul(UNIT);
        let mut place = UNIT / 10;
        for digit in fraction.bytes().take(6) {
            value = value.saturating_add(i64::from(digit - b'0') * place);
            place /= 10;
        }
        let mut value = Number(sign * value);
        let exponent = rest.strip_prefix(['e', 'E']).map(|behind| {
            let negative = behind.starts_with('-');
            let digits = behind.trim_start_matches(['-', '+']);
            let length = digits.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            (negative, &digits[..length], &digits[length..])
        });
        if let Some((negative, digits, behind)) = exponent.filter(|(_, digits, _)| !digits.is_empty()) {
            for _ in 0..digits.parse::<u32>().unwrap_or(30).min(30) {
                value.0 = if negative { value.0 / 10 } else { value.0.saturating_mul(10) };
            }
            rest = behind;
        }
        Some((value, rest))
    }

    pub(super) fn whole(self) -> i64 {
        self.0 / UNIT
    }

    pub(super) fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub(super) fn plus(self, other: Number) -> Number {
        Number(self.0.saturating_add(other.0))
    }

    pub(super) fn minus(self, other: Number) -> Number {
        Number(self.0.saturating_sub(other.0))
    }

    pub(super) fn times(self, other: Number) -> Number {
        Number::wide(i128::from(self.0) * i128::from(other.0) / i128::from(UNIT))
    }

    /// `None`: by zero.
    pub(super) fn over(self, other: Number) -> Option<Number> {
        (other.0 != 0).then(|| Number::wide(i128::from(self.0) * i128::from(UNIT) / i128::from(other.0)))
    }

    pub(super) fn modulo(self, other: Number) -> Option<Number> {
        (other.0 != 0).then(|| Number(self.0.wrapping_rem(other.0)))
    }

    fn wide(value: i128) -> Number {
        Number(value.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
    }

    /// With so many places, rounded.
    pub(super) fn fixed(self, places: usize) -> String {
        let shown = places.min(6);
        let step = 10i64.pow(6 - shown as u32);
        let rounded = (self.0.unsigned_abs() + step as u64 / 2) / step as u64;
        let unit = 10u64.pow(shown as u32);
        let sign = if self.0 < 0 && rounded > 0 { "-" } else { "" };
        let mut text = format!("{sign}{}", rounded / unit);
        if places > 0 {
            text += &format!(".{:0shown$}", rounded % unit);
            text += &"0".repeat(places - shown);
        }
        text
    }

    /// As short as it can be written.
    pub(super) fn text(self) -> String {
        let text = self.fixed(6);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written() {
        for (text, written) in [
            ("12", "12"),
            ("-3.50", "-3.5"),
            (".25x", "0.25"),
            ("x", "0"),
            ("1e3", "1000"),
            ("1.5e-1", "0.15"),
            ("5000000000", "5000000000"),
            ("1%", "1"),
            ("", "0"),
        ] {
            assert_eq!(Number::read(text).text(), written, "{text}");
        }
        assert_eq!(Number::exactly("12x"), None);
        assert_eq!(Number::read("2.675").fixed(2), "2.68");
        assert_eq!(Number::read("7").over(Number::new(3)).map(|n| n.fixed(8)), Some("2.33333300".to_owned()));
        assert_eq!(Number::read("99999999999999999999").text(), "9223372036854.775807");
        assert_eq!(Number::read("2.5").times(Number::new(-2)).text(), "-5");
    }
}
