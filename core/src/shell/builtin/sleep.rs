//! `sleep`. Models: GNU coreutils, sleep.c.

use super::{Builtin, Call, Flow, Running, bad_option, nothing};
use crate::time::{HOUR, MINUTE, Ms, SECOND};

pub(super) const SLEEP: Builtin = Builtin {
    name: "sleep",
    usage: "sleep NUMBER[smhd] …",
    about: "wait, in the cluster's own time",
    run,
    complete: nothing,
};

fn run(call: &mut Call) -> Flow {
    if call.args.is_empty() {
        return refuse(call, "missing operand");
    }
    let mut total: Ms = 0;
    for arg in call.args {
        if arg.len() > 1 && arg.starts_with('-') {
            return bad_option(call, "sleep", arg);
        }
        match interval(arg) {
            Some(ms) => total = total.saturating_add(ms),
            None => return refuse(call, &format!("invalid time interval ‘{arg}’")),
        }
    }
    match total {
        0 => Flow::Exit(0),
        ms => Flow::Hold(Running::Sleep { until: call.host.world.now().saturating_add(ms) }),
    }
}

fn refuse(call: &mut Call, why: &str) -> Flow {
    call.output.err(format!("sleep: {why}\nTry 'sleep --help' for more information.\n"));
    Flow::Exit(1)
}

/// `1.5m` in milliseconds, rounded up.
pub(super) fn interval(text: &str) -> Option<Ms> {
    if text == "infinity" || text == "inf" {
        return Some(Ms::MAX);
    }
    let (number, unit) = match text.char_indices().last()? {
        (at, 's') => (&text[..at], SECOND),
        (at, 'm') => (&text[..at], MINUTE),
        (at, 'h') => (&text[..at], HOUR),
        (at, 'd') => (&text[..at], 24 * HOUR),
        _ => (text, SECOND),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole: Ms = if whole.is_empty() { 0 } else { whole.parse().unwrap_or(Ms::MAX) };
    let fraction = format!("{fraction:0<6}")[..6].parse::<Ms>().expect("six digits");
    Some(whole.saturating_mul(unit).saturating_add((fraction * unit).div_ceil(1_000_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals() {
        for (text, ms) in [
            ("5", 5_000),
            ("0.2", 200),
            ("1.5m", 90_000),
            (".5s", 500),
            ("0.0001", 1),
            ("2h", 7_200_000),
            ("1d", 86_400_000),
            ("0", 0),
        ] {
            assert_eq!(interval(text), Some(ms), "{text}");
        }
        assert_eq!(interval(&"9".repeat(50)), Some(Ms::MAX));
        for text in ["", "x", "1x", "1h1", "-1", ".", "s", "1..2", "1.2.3"] {
            assert_eq!(interval(text), None, "{text}");
        }
    }
}
