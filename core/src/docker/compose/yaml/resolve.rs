//! What a scalar without quotes means: a number, a truth, a time, nothing, or a text.
//!
//! Models: go-yaml v3 resolve.go. Differs: numbers that 64 bits with a sign do not hold are texts.

use super::Yaml;

/// The value of a scalar.
pub(in super::super) fn resolve(tag: &str, text: &str, plain: bool) -> Result<Yaml, String> {
    let wanted = match tag {
        "!!bool" | "!!int" | "!!float" | "!!null" | "!!timestamp" => tag,
        "" | "!" if plain => "",
        _ => return Ok(Yaml::text(text)),
    };
    let value = meaning(text);
    let kind = match &value {
        Yaml::Null => "!!null",
        Yaml::Bool(_) => "!!bool",
        Yaml::Int(_) if wanted == "!!float" => wanted,
        Yaml::Int(_) => "!!int",
        Yaml::Float(_) => "!!float",
        Yaml::Time(_) => "!!timestamp",
        _ => "!!str",
    };
    if wanted.is_empty() || wanted == kind {
        return Ok(value);
    }
    Err(format!("yaml: cannot decode {kind} `{text}` as a {wanted}"))
}

fn meaning(text: &str) -> Yaml {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Yaml::Null,
        "true" | "True" | "TRUE" => return Yaml::Bool(true),
        "false" | "False" | "FALSE" => return Yaml::Bool(false),
        _ => {}
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            return Yaml::Float(if text.starts_with('-') { "-Inf" } else { "+Inf" }.to_owned());
        }
        ".nan" | ".NaN" | ".NAN" if unsigned == text => return Yaml::Float("NaN".to_owned()),
        _ => {}
    }
    let first = text.as_bytes()[0];
    if !first.is_ascii_digit() && !b"+-.".contains(&first) {
        return Yaml::text(text);
    }
    if let Some(time) = time(text) {
        return Yaml::Time(time);
    }
    let plain = if first == b'.' { text.to_owned() } else { text.replace('_', "") };
    if first != b'.'
        && let Some(number) = int(&plain)
    {
        return Yaml::Int(number);
    }
    float(&plain).map_or_else(|| Yaml::text(text), Yaml::Float)
}

/// `8080`, `0o17`, `017`, `0x1f`, `0b11`, with a sign or without.
fn int(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes()[0] {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    i64::from_str_radix(&(sign.to_owned() + digits), base).ok()
}

/// A number with a point or an exponent, as Go prints it: `1.10` is `1.1`, `2100000.0` is `2.1e+06`.
fn float(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, power) = match rest.split_once(['e', 'E']) {
        Some((mantissa, power)) => (mantissa, power.parse::<i16>().ok()?),
        None => (rest, 0),
    };
    let (whole, places) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = whole.to_owned() + places;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let leading = digits.len() - digits.trim_start_matches('0').len();
    // The number is 0.DIGITS times ten to the `point`.
    let point = whole.len() as i32 - leading as i32 + i32::from(power);
    let digits = digits.trim_matches('0');
    let (length, exponent) = (digits.len() as i32, point - 1);
    let number = if digits.is_empty() {
        "0".to_owned()
    } else if !(-4..6).contains(&exponent) {
        let (first, more) = digits.split_at(1);
        let (dot, minus) = (if more.is_empty() { "" } else { "." }, if exponent < 0 { '-' } else { '+' });
        format!("{first}{dot}{more}e{minus}{:02}", exponent.abs())
    } else if point <= 0 {
        format!("0.{}{digits}", "0".repeat(-point as usize))
    } else if length <= point {
        digits.to_owned() + &"0".repeat((point - length) as usize)
    } else {
        let (whole, places) = digits.split_at(point as usize);
        format!("{whole}.{places}")
    };
    Some(sign.to_owned() + &number)
}

/// A date, alone or with a time of day, in the form of RFC 3339.
fn time(text: &str) -> Option<String> {
    let (date, rest) = match text.find(['T', 't', ' ']) {
        Some(place) => (&text[..place], &text[place..]),
        None => (text, ""),
    };
    let mut parts = date.split('-');
    let year = parts.next().filter(|year| year.len() == 4)?;
    let (year, month, day) = (part(year, 9999)?, part(parts.next()?, 12)?, part(parts.next()?, 31)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if parts.next().is_some() || month == 0 || day == 0 || day > longest {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}T");
    if rest.is_empty() {
        return Some(date + "00:00:00Z");
    }
    let (of_day, zone) = match rest.find(['Z', '+', '-']) {
        Some(place) if !rest.starts_with(' ') => (&rest[1..place], &rest[place..]),
        None if rest.starts_with(' ') => (&rest[1..], "Z"),
        _ => return None,
    };
    let (of_day, fraction) = of_day.split_once('.').unwrap_or((of_day, ""));
    let mut parts = of_day.split(':');
    let (hour, minute, second) = (part(parts.next()?, 23)?, part(parts.next()?, 59)?, part(parts.next()?, 59)?);
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let offset = zone.get(1..).and_then(|zone| zone.split_once(':'));
    let zoned = zone == "Z" || offset.is_some_and(|(h, m)| h.len() == 2 && m.len() == 2 && digits(h) && digits(m));
    if parts.next().is_some() || !digits(fraction) || !zoned {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    Some(format!("{date}{hour:02}:{minute:02}:{second:02}{dot}{fraction}{zone}"))
}

/// One or two digits (four of a year), at most `most`.
fn part(text: &str, most: u32) -> Option<u32> {
    let fits = text.bytes().all(|b| b.is_ascii_digit()) && text.len() <= if most > 99 { 4 } else { 2 };
    text.parse().ok().filter(|number| fits && *number <= most)
}

/// A time as Go prints it: `2024-01-15 10:00:00 +0000 UTC`.
pub(super) fn go_time(rfc3339: &str) -> String {
    let text = rfc3339.replacen('T', " ", 1);
    match text.strip_suffix('Z') {
        Some(text) => format!("{text} +0000 UTC"),
        None => {
            let (text, zone) = text.split_at(text.len().saturating_sub(6));
            let zone = zone.replace(':', "");
            format!("{text} {zone} {zone}")
        }
    }
}
