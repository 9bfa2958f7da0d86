//! Numbers of single precision as Go writes them: the fewest digits that read back as the same number, or so many
//! places.
//!
//! Written by hand: std's way to write a float costs readers of the page 12 KB of code, exact for 300 digits; nine
//! suffice here.
//! Models: Go strconv/ftoa.go, formats `g` with the shortest precision (as `%v` has it) and `f`.

/// The fewest digits that read back as `value`, with an exponent where it is below `1e-4` or from `1e21` on.
pub fn shortest(value: f32) -> String {
    let magnitude = f64::from(value.abs());
    if let Some(name) = special(value) {
        return name.to_owned();
    }
    let mut exponent = 0;
    while magnitude >= power(exponent + 1) {
        exponent += 1;
    }
    while magnitude > 0.0 && magnitude < power(exponent) {
        exponent -= 1;
    }
    // `digits` times ten to the `last`.
    let mut last = exponent;
    let mut digits = rounded(magnitude, last);
    while (digits as f64 * power(last)) as f32 != value.abs() && exponent - last < 8 {
        last -= 1;
        digits = rounded(magnitude, last);
    }
    // A number just below a power of ten may have been rounded up to it.
    while digits > 9 && digits.is_multiple_of(10) {
        digits /= 10;
        last += 1;
    }
    let text = digits.to_string();
    exponent = last + text.len() as i32 - 1;
    let text = if (-4..21).contains(&exponent) {
        match last {
            0.. => text + &"0".repeat(last as usize),
            _ => with_places(text, last.unsigned_abs() as usize),
        }
    } else {
        let places = text.len() - 1;
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", with_places(text, places), exponent.unsigned_abs())
    };
    signed(value, text)
}

/// `value` with `places` digits after the point.
///
/// Differs: of what is more than 64 bits hold, the fewest digits that read back are shown.
pub fn fixed(value: f32, places: usize) -> String {
    if let Some(name) = special(value) {
        return name.to_owned();
    }
    // More places than these a number of single precision does not know, nor do numbers of 64 bits hold them.
    let magnitude = f64::from(value.abs());
    if magnitude >= u64::MAX as f64 {
        return shortest(value);
    }
    let held = |known: &usize| magnitude * power(*known as i32) < u64::MAX as f64;
    let known = (0..=places.min(9)).rev().find(held).unwrap_or(0);
    let digits = rounded(magnitude, -(known as i32));
    signed(value, with_places(digits.to_string(), known) + &"0".repeat(places - known))
}

fn special(value: f32) -> Option<&'static str> {
    match value {
        _ if value.is_nan() => Some("NaN"),
        f32::INFINITY => Some("+Inf"),
        f32::NEG_INFINITY => Some("-Inf"),
        _ => None,
    }
}

fn power(exponent: i32) -> f64 {
    10f64.powi(exponent)
}

/// How many times ten to the `last` is in `magnitude`; half a time goes to the even number.
fn rounded(magnitude: f64, last: i32) -> u64 {
    // Both are exact for the powers that matter; one with the inverse of a power would not be.
    let count = if last < 0 { magnitude * power(-last) } else { magnitude / power(last) };
    let whole = count as u64;
    match count - whole as f64 {
        rest if rest > 0.5 || (rest == 0.5 && !whole.is_multiple_of(2)) => whole + 1,
        _ => whole,
    }
}

/// Sets a point before the last `places` of a number's digits.
fn with_places(mut digits: String, places: usize) -> String {
    if places > 0 {
        while digits.len() <= places {
            digits.insert(0, '0');
        }
        digits.insert(digits.len() - places, '.');
    }
    digits
}

fn signed(value: f32, text: String) -> String {
    if value.is_sign_negative() { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_digits_that_read_back() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (0.2, "0.2"),
            (0.34, "0.34"),
            (1.0 / 3.0, "0.33333334"),
            (-12.5, "-12.5"),
            (100.0, "100"),
            (16_777_216.0, "16777216"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (0.0001, "0.0001"),
            (0.000_012_5, "1.25e-05"),
            (f32::INFINITY, "+Inf"),
            (f32::NAN, "NaN"),
        ] {
            assert_eq!(shortest(value), text);
        }
    }

    #[test]
    fn what_is_written_reads_back_as_the_same_number() {
        let mut bits = 1u32;
        for _ in 0..20_000 {
            bits = bits.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
            let value = f32::from_bits(bits);
            // Beyond these the powers of ten are no longer exact.
            if (1e-12..1e22).contains(&value.abs()) {
                assert_eq!(shortest(value).parse(), Ok(value), "{value:e}");
            }
        }
    }

    #[test]
    fn so_many_places() {
        for (value, places, text) in
            [(0.2, 2, "0.20"), (2.5, 0, "2"), (3.5, 0, "4"), (-0.125, 2, "-0.12"), (1.0, 12, "1.000000000000")]
        {
            assert_eq!(fixed(value, places), text);
        }
        assert_eq!(fixed(0.2, 6), "0.200000");
        assert_eq!(fixed(98_304_000_000.0, 9), "98304000000.000000000");
        assert_eq!(fixed(-92_233_720_368_547_758_081.5, 3), "-92233720000000000000");
    }
}
