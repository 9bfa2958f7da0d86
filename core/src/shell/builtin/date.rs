//! `date`. Models: GNU coreutils, date.c. Differs: always in UTC; of other days than this moment (`-d`) only `@SECONDS`
//! and written dates.

use super::options::options;
use super::{Builtin, Call, Flow, nothing};
use crate::date::{parse_rfc3339, whole};

pub(super) const DATE: Builtin = Builtin {
    name: "date",
    usage: "date [-u] [+FORMAT]",
    about: "print the cluster's own time",
    run,
    complete: nothing,
};

pub(super) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const STANDARD: &str = "%a %b %e %H:%M:%S UTC %Y";

fn run(call: &mut Call) -> Flow {
    let longs = [("utc", 'u'), ("date", 'd'), ("iso-8601", 'I'), ("rfc-3339", 'I')];
    let args: Vec<String> =
        call.args.iter().map(|arg| if arg.starts_with("-I") { "-I".to_owned() } else { arg.clone() }).collect();
    let iso = if call.args.iter().any(|arg| arg.starts_with("-Is")) { "%Y-%m-%dT%H:%M:%S+00:00" } else { "%Y-%m-%d" };
    let mut call = Call { args: &args, host: call.host, env: call.env, output: call.output };
    let options = match options(&mut call, "date", "uRId:", &longs) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let mut at = call.host.world.unix_ms(call.host.world.now());
    if let Some(text) = options.value('d') {
        let seconds = text.strip_prefix('@').and_then(|seconds| seconds.parse::<u64>().ok());
        let read = seconds.map(|seconds| seconds.saturating_mul(1_000)).or(parse_rfc3339(&text.replace(' ', "T")));
        match read.filter(|at| *at < 1 << 47).or((text == "now").then_some(at)) {
            Some(read) => at = read,
            None => {
                call.output.err(format!("date: invalid date ‘{text}’\n"));
                return Flow::Exit(1);
            }
        }
    }
    let format = match options.words.first().map(|word| word.strip_prefix('+').ok_or(word)) {
        Some(Ok(format)) => format,
        Some(Err(word)) => {
            call.output.err(format!("date: invalid date ‘{word}’\n"));
            return Flow::Exit(1);
        }
        None if options.has('I') => iso,
        None if options.has('R') => "%a, %d %b %Y %H:%M:%S +0000",
        None => STANDARD,
    };
    call.output.out(written(at, format) + "\n");
    Flow::Exit(0)
}

/// A moment as a format says it.
pub(super) fn written(unix_ms: u64, format: &str) -> String {
    let text = whole(unix_ms, ' ');
    let number = |from: usize| text[from..from + 2].parse::<usize>().unwrap_or(0);
    let mut result = String::new();
    let mut chars = format.chars();
    while let Some(next) = chars.next() {
        if next != '%' {
            result.push(next);
            continue;
        }
        match chars.next() {
            Some('Y') => result += &text[..4],
            Some('y') => result += &text[2..4],
            Some('m') => result += &text[5..7],
            Some('d') => result += &text[8..10],
            Some('e') => result += &format!("{:2}", number(8)),
            Some('H') => result += &text[11..13],
            Some('I') => result += &format!("{:02}", (number(11) + 11) % 12 + 1),
            Some('p') => result += if number(11) < 12 { "AM" } else { "PM" },
            Some('M') => result += &text[14..16],
            Some('S') => result += &text[17..19],
            Some('N') => result += &format!("{:03}000000", unix_ms % 1_000),
            Some('s') => result += &(unix_ms / 1_000).to_string(),
            Some('F') => result += &text[..10],
            Some('T') => result += &text[11..19],
            Some('R') => result += &text[11..16],
            Some('D') => result += &written(unix_ms, "%m/%d/%y"),
            Some('c') => result += &written(unix_ms, "%a %b %e %H:%M:%S %Y"),
            Some('b' | 'h') => result += MONTHS[(number(5) + 11) % 12],
            Some('a') => result += DAYS[(unix_ms / 86_400_000 % 7) as usize],
            Some('Z') => result += "UTC",
            Some('z') => result += "+0000",
            Some('n') => result.push('\n'),
            Some('%') | None => result.push('%'),
            Some(other) => result.extend(['%', other]),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        assert_eq!(written(1_795_383_361_129, STANDARD), "Sun Nov 22 21:36:01 UTC 2026");
        assert_eq!(
            written(951_782_400_000, "%F %T %s.%N %I%p %D"),
            "2000-02-29 00:00:00 951782400.000000000 12AM 02/29/00"
        );
    }
}
