//! Durations and sizes as Docker's tables, flags and templates write and read them.
//!
//! Models: docker/go-units duration.go and size.go, Go's time.Duration and strconv.

use crate::time::{Ms, NANOS_PER_SECOND, Nanos};

/// An age in words, by whole seconds: `Less than a second`, `5 seconds`, `About a minute`, `3 weeks`.
pub(crate) fn human_duration(ms: Ms) -> String {
    let seconds = ms / 1_000;
    let minutes = seconds / 60;
    // Hours are rounded, everything above them is cut.
    let hours = (minutes + 30) / 60;
    match seconds {
        0 => "Less than a second".to_owned(),
        1 => "1 second".to_owned(),
        2..60 => format!("{seconds} seconds"),
        _ if minutes == 1 => "About a minute".to_owned(),
        _ if minutes < 60 => format!("{minutes} minutes"),
        _ if hours == 1 => "About an hour".to_owned(),
        _ if hours < 48 => format!("{hours} hours"),
        _ if hours < 24 * 7 * 2 => format!("{} days", hours / 24),
        _ if hours < 24 * 30 * 2 => format!("{} weeks", hours / 24 / 7),
        _ if hours < 24 * 365 * 2 => format!("{} months", hours / 24 / 30),
        _ => format!("{} years", minutes / 60 / 24 / 365),
    }
}

/// A size in steps of 1024 with four digits: `64MiB`, `23.54GiB`.
pub(crate) fn bytes_size(bytes: i64) -> String {
    sized(bytes.unsigned_abs(), 1024, 4, ["B", "KiB", "MiB", "GiB", "TiB"])
}

/// A size in steps of 1000 with three digits: `2.03MB`, `0B`.
pub(crate) fn human_size(bytes: u64) -> String {
    sized(bytes, 1000, 3, ["B", "kB", "MB", "GB", "TB"])
}

/// A size in steps of 1000 with four digits: `2.028MB`, `0B`.
pub(crate) fn whole_size(bytes: u64) -> String {
    sized(bytes, 1000, 4, ["B", "kB", "MB", "GB", "TB"])
}

/// Integers only, rounding half away from zero, with zeros at the end cut off as `%.4g` does.
fn sized(amount: u64, step: u64, digits: u32, words: [&str; 5]) -> String {
    let mut unit = 0;
    let mut divisor = 1;
    while unit + 1 < words.len() && amount / divisor >= step {
        divisor *= step;
        unit += 1;
    }
    let whole = amount / divisor;
    let places = digits - 1 - whole.max(1).ilog10().min(digits - 1);
    let scale = 10u64.pow(places);
    let part = (amount % divisor * scale * 2 / divisor).div_ceil(2);
    let (whole, part) = (whole + part / scale, part % scale);
    let text = if places == 0 { whole.to_string() } else { format!("{whole}.{part:0width$}", width = places as usize) };
    let text = if places == 0 { &text } else { text.trim_end_matches('0').trim_end_matches('.') };
    format!("{text}{}", words[unit])
}

/// A number in decimal writing: its digits, and where the point stands.
///
/// Written by hand: the parser of std brings 10 KB of tables that do not compress, for two flags.
struct Decimal {
    negative: bool,
    digits: u64,
    /// The power of ten that the digits are multiplied with.
    exponent: i32,
}

impl Decimal {
    /// Reads `12`, `.5`, `-1.5e3`. Digits after the 18th do not count.
    fn parse(text: &str) -> Option<Decimal> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.parse::<i16>().ok()?),
            None => (rest, 0),
        };
        let (whole, places) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && places.is_empty()) || !all_digits(whole) || !all_digits(places) {
            return None;
        }
        let mut number = Decimal { negative, digits: 0, exponent: i32::from(power) - places.len() as i32 };
        for digit in whole.bytes().chain(places.bytes()) {
            if number.digits < 10u64.pow(17) {
                number.digits = number.digits * 10 + u64::from(digit - b'0');
            } else {
                number.exponent += 1;
            }
        }
        Some(number)
    }

    fn value(&self) -> f64 {
        let digits = self.digits as f64;
        let value = match self.exponent {
            0.. => digits * 10f64.powi(self.exponent),
            // Dividing by a power of ten rounds once; multiplying with its inverse would round twice.
            _ => digits / 10f64.powi(-self.exponent),
        };
        if self.negative { -value } else { value }
    }
}

/// Reads a number in decimal writing, as [`Decimal`] does.
pub(crate) fn parse_decimal(text: &str) -> Option<f64> {
    Decimal::parse(text).map(|number| number.value())
}

/// Reads a size in steps of 1024: `64M`, `1.5g`, `512`.
pub(crate) fn parse_bytes(text: &str) -> Result<i64, String> {
    let Some(end) = text.rfind(|c: char| c.is_ascii_digit() || c == '.' || c == ' ') else {
        return Err(format!("invalid size: '{text}'"));
    };
    let number = text[..=end].strip_suffix(' ').unwrap_or(&text[..=end]);
    let suffix = text[end + 1..].to_ascii_lowercase();
    let Some(size) = parse_decimal(number) else {
        return Err(format!("strconv.ParseFloat: parsing {}: invalid syntax", quote(number)));
    };
    if size < 0.0 {
        return Err(format!("invalid size: '{text}'"));
    }
    let power = match suffix.strip_suffix("ib").or(suffix.strip_suffix('b')).unwrap_or(&suffix) {
        "" if !suffix.ends_with("ib") => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        _ => return Err(format!("invalid suffix: '{suffix}'")),
    };
    Ok((size * 1024f64.powi(power)) as i64)
}

/// Reads a number of CPUs as a rational number, in billionths: `0.5`, `.1`, `-1`, `1/4`, `1e-3`.
pub(crate) fn parse_cpus(text: &str) -> Result<i64, String> {
    let bad = || format!("failed to parse {text} as a rational number");
    let (above, below) = match text.split_once('/') {
        Some((above, below)) => (above, below.parse::<u64>().ok().filter(|below| *below > 0).ok_or_else(bad)?),
        None => (text, 1),
    };
    let number = Decimal::parse(above).ok_or_else(bad)?;
    let shift = 9 + number.exponent;
    let power = 10u64.checked_pow(shift.unsigned_abs()).ok_or_else(bad)?;
    let (nanos, divisor) = match shift {
        0.. => (number.digits.checked_mul(power), Some(below)),
        _ => (Some(number.digits), below.checked_mul(power)),
    };
    let (Some(nanos), Some(divisor)) = (nanos, divisor) else { return Err(bad()) };
    if nanos % divisor != 0 {
        return Err("value is too precise".to_owned());
    }
    let nanos = i64::try_from(nanos / divisor).map_err(|_| bad())?;
    Ok(if number.negative { -nanos } else { nanos })
}

/// Billionths of a CPU as pretty outputs write them: `0.5`, `2`.
pub(crate) fn cpus(nanos: i64) -> String {
    let text = format!("{}.{:09}", nanos / NANOS_PER_SECOND, (nanos % NANOS_PER_SECOND).abs());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Nanoseconds in a second.
const SECOND: u64 = NANOS_PER_SECOND.unsigned_abs();

const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3_600 * SECOND),
];

/// Reads a Go duration: `1h30m`, `-1.5s`, `0`.
pub(crate) fn parse_duration(text: &str) -> Result<Nanos, String> {
    let bad = || format!("time: invalid duration {}", quote(text));
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(bad());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let whole_end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (whole, mut after) = rest.split_at(whole_end);
        let mut places = "";
        if let Some(fraction) = after.strip_prefix('.') {
            let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
            (places, after) = fraction.split_at(end);
        }
        if whole.is_empty() && places.is_empty() {
            return Err(bad());
        }
        let unit_end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, next) = after.split_at(unit_end);
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", quote(text)));
        }
        let Some(&(_, nanos)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(format!("time: unknown unit {} in duration {}", quote(unit), quote(text)));
        };
        let places = &places[..places.len().min(6)];
        let number = |digits: &str| if digits.is_empty() { Ok(0) } else { digits.parse::<u64>().map_err(|_| bad()) };
        let fraction = number(places)? * nanos / 10u64.pow(places.len() as u32);
        let amount = number(whole)?.checked_mul(nanos).and_then(|amount| amount.checked_add(fraction));
        total =
            amount.and_then(|amount| amount.checked_add(total)).filter(|total| *total <= 1 << 63).ok_or_else(bad)?;
        rest = next;
    }
    match i64::try_from(total) {
        Ok(total) if negative => Ok(-total),
        Ok(total) => Ok(total),
        Err(_) if negative => Ok(i64::MIN),
        Err(_) => Err(bad()),
    }
}

/// Writes a duration as Go does: `1h30m0s`, `1.5s`, `54.321µs`, `0s`.
pub(crate) fn go_duration(nanos: Nanos) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    let fraction = |unit: u64, digits: usize| {
        let text = format!("{}.{:0digits$}", nanos / unit, nanos % unit);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let text = match nanos {
        0 => return "0s".to_owned(),
        1..1_000 => format!("{nanos}ns"),
        1_000..1_000_000 => fraction(1_000, 3) + "µs",
        1_000_000..1_000_000_000 => fraction(1_000_000, 6) + "ms",
        _ => {
            let (minutes, rest) = (nanos / 60_000_000_000, nanos % 60_000_000_000);
            let seconds = format!("{}.{:09}", rest / 1_000_000_000, rest % 1_000_000_000);
            let seconds = seconds.trim_end_matches('0').trim_end_matches('.');
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{seconds}s"),
                (0, minutes) => format!("{minutes}m{seconds}s"),
                (hours, minutes) => format!("{hours}h{minutes}m{seconds}s"),
            }
        }
    };
    format!("{sign}{text}")
}

/// Why a text is no number, in the words of Go's strconv.
fn number_error(function: &str, text: &str, problem: &str) -> String {
    format!("strconv.{function}: parsing {}: {problem}", quote(text))
}

/// Reads an unsigned number of at most `bits` bits; `0x`, `0o` and `0b` lead in other bases.
pub(crate) fn parse_uint(text: &str, bits: u32) -> Result<u64, String> {
    let error = |problem| number_error("ParseUint", text, problem);
    let (digits, base) = based(text);
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        return Err(error("invalid syntax"));
    }
    let most = if bits == 64 { u64::MAX } else { (1 << bits) - 1 };
    match u64::from_str_radix(digits, base) {
        Ok(number) if number <= most => Ok(number),
        _ => Err(error("value out of range")),
    }
}

/// Reads a signed number.
pub(crate) fn parse_int(text: &str) -> Result<i64, String> {
    let error = |problem| number_error("ParseInt", text, problem);
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let number = parse_uint(rest, 64)
        .map_err(|why| error(if why.ends_with("range") { "value out of range" } else { "invalid syntax" }))?;
    match i64::try_from(number) {
        Ok(number) => Ok(if negative { -number } else { number }),
        Err(_) if negative && number == 1 << 63 => Ok(i64::MIN),
        Err(_) => Err(error("value out of range")),
    }
}

fn based(text: &str) -> (&str, u32) {
    let lower = |prefix: char| text.strip_prefix(['0'])?.strip_prefix([prefix, prefix.to_ascii_uppercase()]);
    if let Some(digits) = lower('x') {
        (digits, 16)
    } else if let Some(digits) = lower('b') {
        (digits, 2)
    } else if let Some(digits) = lower('o') {
        (digits, 8)
    } else if text.len() > 1 && text.starts_with('0') {
        (&text[1..], 8)
    } else {
        (text, 10)
    }
}

/// Reads a number of single precision, as the failure ratios are. `NaN` and `Inf` are numbers here.
pub(crate) fn parse_float(text: &str) -> Result<f32, String> {
    if let Some(number) = Decimal::parse(text) {
        let number = number.value() as f32;
        let range = || number_error("ParseFloat", text, "value out of range");
        return if number.is_finite() { Ok(number) } else { Err(range()) };
    }
    let (sign, name) = match text.strip_prefix('-') {
        Some(name) => (-1.0, name),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    match name.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => Ok(sign * f32::INFINITY),
        "nan" if name == text => Ok(f32::NAN),
        _ => Err(number_error("ParseFloat", text, "invalid syntax")),
    }
}

/// Reads a truth value as Go does.
pub(crate) fn parse_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(number_error("ParseBool", text, "invalid syntax")),
    }
}

/// Quotes a text as Go's `%q`.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            char if char < ' ' || char == '\u{7f}' => quoted += &format!("\\x{:02x}", u32::from(char)),
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

/// Cuts a text to `most` characters, the last of which is then an ellipsis.
pub(crate) fn ellipsis(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// The first letter large, all others small. A single letter becomes small, as in Docker.
pub(crate) fn pretty_state(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    let mut chars = lower.chars();
    match chars.next() {
        Some(first) if lower.len() > 1 => format!("{}{}", first.to_ascii_uppercase(), chars.as_str()),
        _ => lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_read_as_dockers() {
        let cases = [
            (999, "Less than a second"),
            (1_000, "1 second"),
            (59_999, "59 seconds"),
            (60_000, "About a minute"),
            (120_000, "2 minutes"),
            (3_599_000, "59 minutes"),
            (3_600_000, "About an hour"),
            (5_399_000, "About an hour"),
            (5_400_000, "2 hours"),
            (47 * 3_600_000, "47 hours"),
            (48 * 3_600_000, "2 days"),
            (14 * 86_400_000, "2 weeks"),
            (60 * 86_400_000, "2 months"),
            (730 * 86_400_000, "2 years"),
        ];
        for (ms, words) in cases {
            assert_eq!(human_duration(ms), words);
        }
    }

    #[test]
    fn durations_read_and_write_as_gos() {
        for (text, nanos) in [("1h30m", 5_400_000_000_000), ("-5s", -5_000_000_000), ("0", 0), (".5s", 500_000_000)] {
            assert_eq!(parse_duration(text), Ok(nanos));
        }
        for (text, problem) in [
            ("5", "time: missing unit in duration \"5\""),
            ("0.5", "time: missing unit in duration \"0.5\""),
            ("abc", "time: invalid duration \"abc\""),
            ("", "time: invalid duration \"\""),
            ("1d", "time: unknown unit \"d\" in duration \"1d\""),
            ("9999999999h", "time: invalid duration \"9999999999h\""),
        ] {
            assert_eq!(parse_duration(text), Err(problem.to_owned()));
        }
        for text in ["0s", "54.321µs", "1.5ms", "10s", "1m0s", "1h30m0s", "-1s", "2160h0m0s"] {
            assert_eq!(go_duration(parse_duration(text).unwrap()), text);
        }
    }

    #[test]
    fn numbers_fail_in_the_words_of_strconv() {
        assert_eq!(parse_uint("0x10", 64), Ok(16));
        assert_eq!(parse_uint("-1", 64), Err("strconv.ParseUint: parsing \"-1\": invalid syntax".into()));
        assert_eq!(
            parse_uint("99999999999999999999", 64),
            Err("strconv.ParseUint: parsing \"99999999999999999999\": value out of range".into())
        );
        assert_eq!(parse_int("-9223372036854775808"), Ok(i64::MIN));
        assert_eq!(parse_int("x"), Err("strconv.ParseInt: parsing \"x\": invalid syntax".into()));
        for (text, number) in
            [(".5", 0.5), ("0.2", 0.2), ("1e-3", 0.001), ("-0.1", -0.1), ("0.3333333333333333333", 1.0 / 3.0)]
        {
            assert_eq!(parse_float(text), Ok(number));
        }
        assert_eq!(parse_float("-Inf"), Ok(f32::NEG_INFINITY));
        assert_eq!(parse_float("1e40"), Err("strconv.ParseFloat: parsing \"1e40\": value out of range".into()));
        assert!(parse_float("NaN").unwrap().is_nan());
        assert_eq!(parse_float("0,5"), Err("strconv.ParseFloat: parsing \"0,5\": invalid syntax".into()));
        assert_eq!(parse_bool("maybe"), Err("strconv.ParseBool: parsing \"maybe\": invalid syntax".into()));
    }

    #[test]
    fn sizes_read_and_write() {
        assert_eq!(parse_bytes("64M"), Ok(64 << 20));
        assert_eq!(parse_bytes("1.5 GiB"), Ok(3 << 29));
        assert_eq!(parse_bytes("1k"), Ok(1024));
        assert_eq!(parse_bytes("x"), Err("invalid size: 'x'".into()));
        assert_eq!(parse_bytes("-1"), Err("invalid size: '-1'".into()));
        assert_eq!(parse_bytes("1q"), Err("invalid suffix: 'q'".into()));
        assert_eq!(bytes_size(67_108_864), "64MiB");
        assert_eq!(bytes_size(25_276_502_016), "23.54GiB");
        assert_eq!(human_size(2_028_000), "2.03MB");
        assert_eq!(human_size(0), "0B");
        assert_eq!(human_size(13), "13B");
        assert_eq!(human_size(350_000_000), "350MB");
    }

    #[test]
    fn cpus_are_rational_numbers() {
        assert_eq!(parse_cpus("0.5"), Ok(500_000_000));
        assert_eq!(parse_cpus("-1"), Ok(-1_000_000_000));
        assert_eq!(parse_cpus("1/4"), Ok(250_000_000));
        assert_eq!(parse_cpus("0.0000000001"), Err("value is too precise".into()));
        assert_eq!(parse_cpus("x"), Err("failed to parse x as a rational number".into()));
        assert_eq!(cpus(100_000_000), "0.1");
        assert_eq!(cpus(2_000_000_000), "2");
    }

    #[test]
    fn texts_are_quoted_and_cut() {
        assert_eq!(quote("a\"b\\\n"), r#""a\"b\\\n""#);
        assert_eq!(ellipsis("No such image: masungil/my-fastapi", 30), "No such image: masungil/my-fa…");
        assert_eq!(ellipsis("short", 5), "short");
        assert_eq!(pretty_state("rollback_started"), "Rollback_started");
        assert_eq!(pretty_state("X"), "x");
    }
}
