//! Calendar dates of the virtual clock, always in UTC.
//!
//! Written by hand: the smallest date crate would cost every reader of the page about 6 KB for two formats.

/// Date and time of day.
struct Civil {
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
    millisecond: u64,
}

/// Counts days in years that begin in March, so that the leap day is a year's last day.
fn civil(unix_ms: u64) -> Civil {
    let seconds = unix_ms / 1_000;
    let days = seconds / 86_400 + 719_468; // since 1 March of year 0
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    Civil {
        year: era * 400 + year_of_era + u64::from(month <= 2),
        month,
        day: day_of_year - (153 * from_march + 2) / 5 + 1,
        hour: seconds / 3_600 % 24,
        minute: seconds / 60 % 60,
        second: seconds % 60,
        millisecond: unix_ms % 1_000,
    }
}

fn written(unix_ms: u64, between: char) -> String {
    let Civil { year, month, day, hour, minute, second, millisecond } = civil(unix_ms);
    let text = format!("{year:04}-{month:02}-{day:02}{between}{hour:02}:{minute:02}:{second:02}.{millisecond:03}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// As JSON carries times (Go's RFC3339Nano): `2026-11-22T21:36:01.129Z`, without zeros at the end of the fraction.
pub fn rfc3339(unix_ms: u64) -> String {
    let mut text = if unix_ms.is_multiple_of(1_000) { whole(unix_ms, 'T') } else { written(unix_ms, 'T') };
    text.push('Z');
    text
}

/// As Go prints a time: `2026-11-22 21:36:01.129 +0000 UTC`.
pub fn go_time(unix_ms: u64) -> String {
    let text = if unix_ms.is_multiple_of(1_000) { whole(unix_ms, ' ') } else { written(unix_ms, ' ') };
    text + " +0000 UTC"
}

/// With all nine digits of the fraction: `2026-11-22T21:36:01.129000000Z`.
pub fn nanos(unix_ms: u64) -> String {
    format!("{}.{:03}000000Z", whole(unix_ms, 'T'), unix_ms % 1_000)
}

/// Without the fraction: `2026-11-22 21:36:01`.
pub fn whole(unix_ms: u64, between: char) -> String {
    let mut text = written(unix_ms - unix_ms % 1_000 + 1, between);
    text.truncate(text.len() - ".001".len());
    text
}

/// Reads a date as [`rfc3339`] writes it, in UTC and to the second: `2026-11-22T21:36:01Z`, `2026-11-22T21:36`,
/// `2026-11-22`. `None` for anything else.
pub fn parse_rfc3339(text: &str) -> Option<u64> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (date, time) = text.split_once('T').unwrap_or((text, "0:0:0"));
    let mut numbers = date.split('-').chain(time.split(':')).map(|part| {
        let (whole, _fraction) = part.split_once('.').unwrap_or((part, ""));
        whole.parse::<u64>().ok()
    });
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let second = numbers.next().unwrap_or(Some(0))?;
    if !(1970..10_000).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = year - u64::from(month <= 2);
    let from_march = (month + 9) % 12;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * from_march + 2) / 5 + day - 1 - 719_468;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(1_795_383_361_120), "2026-11-22T21:36:01.12Z");
        assert_eq!(go_time(1_795_383_361_129), "2026-11-22 21:36:01.129 +0000 UTC");
        assert_eq!(whole(1_795_383_361_129, ' '), "2026-11-22 21:36:01");
    }

    #[test]
    fn a_written_date_reads_back() {
        for second in (0..4_000_000_000u64).step_by(86_399_000) {
            assert_eq!(parse_rfc3339(&rfc3339(second * 1_000)), Some(second * 1_000));
        }
        assert_eq!(parse_rfc3339("2026-11-22"), parse_rfc3339("2026-11-22T00:00:00Z"));
        assert_eq!(parse_rfc3339("soon"), None);
    }
}
