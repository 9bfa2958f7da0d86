//! `printf`. Models: bash, builtins/printf.def. Differs: `%f` has at most six places.

use super::escapes::unescape;
use super::{Builtin, Call, Flow, nothing, quoted_words};
use crate::shell::number::Number;

pub(super) const PRINTF: Builtin = Builtin {
    name: "printf",
    usage: "printf FORMAT [WORD …]",
    about: "print words as a format says",
    run,
    complete: nothing,
};

fn run(call: &mut Call) -> Flow {
    let args = if call.args.first().is_some_and(|arg| arg == "--") { &call.args[1..] } else { call.args };
    let Some((format, words)) = args.split_first() else {
        call.output.err("printf: usage: printf [-v var] format [arguments]\n");
        return Flow::Exit(2);
    };
    let (target, format, words) = match (format.as_str(), words) {
        ("-v", [name, format, words @ ..]) => (Some(name), format, words),
        _ => (None, format, words),
    };
    let mut printer = Printer { words: words.iter(), text: String::new(), errors: String::new(), stopped: false };
    loop {
        let before = printer.words.len();
        printer.once(format);
        if printer.stopped || printer.words.len() == 0 || printer.words.len() == before {
            break;
        }
    }
    let Printer { text, errors, .. } = printer;
    match target {
        Some(name) => call.env.set(name, text),
        None => call.output.out(text),
    }
    let status = i32::from(!errors.is_empty());
    call.output.err(errors);
    Flow::Exit(status)
}

/// One `%…` of a format.
#[derive(Default)]
pub(in crate::shell) struct Place {
    left: bool,
    zeros: bool,
    plus: bool,
    width: usize,
    precision: Option<usize>,
}

/// The widest that a place may be.
const WIDEST: usize = 10_000;

struct Printer<'a> {
    words: std::slice::Iter<'a, String>,
    text: String,
    errors: String,
    stopped: bool,
}

impl Printer<'_> {
    /// Goes through the format once.
    fn once(&mut self, format: &str) {
        let mut rest = format;
        while !rest.is_empty() && !self.stopped {
            let end = rest.find('%').unwrap_or(rest.len());
            let (text, stopped) = unescape(&rest[..end], true);
            self.text += &text;
            rest = &rest[end..];
            self.stopped = stopped;
            if stopped || rest.is_empty() {
                return;
            }
            if let Some(behind) = rest.strip_prefix("%%") {
                self.text.push('%');
                rest = behind;
                continue;
            }
            let words = &mut self.words;
            let (place, behind) = Place::read(&rest[1..], || words.next().map_or(0, |word| word.parse().unwrap_or(0)));
            let mut chars = behind.trim_start_matches(['l', 'h']).chars();
            let Some(kind) = chars.next() else {
                self.errors += &format!("bash: printf: `{rest}': missing format character\n");
                self.stopped = true;
                return;
            };
            rest = chars.as_str();
            let word = self.words.next().map_or("", String::as_str);
            self.place(&place, kind, word);
        }
    }

    fn place(&mut self, place: &Place, kind: char, word: &str) {
        let text = match kind {
            's' => place.text(word),
            'b' => {
                let (text, stopped) = unescape(word, true);
                self.stopped |= stopped;
                place.text(&text)
            }
            'q' => place.text(&quoted_words(&[word.to_owned()])),
            'c' => place.text(&word.chars().take(1).collect::<String>()),
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' => place.integer(kind, self.number(word)),
            'f' | 'F' | 'e' | 'g' => place.decimal(Number::read(word)),
            other => {
                self.errors += &format!("bash: printf: `{other}': invalid format character\n");
                self.stopped = true;
                return;
            }
        };
        self.text += &text;
    }

    fn number(&mut self, word: &str) -> i64 {
        if let Some(quoted) = word.strip_prefix(['\'', '"']) {
            return quoted.chars().next().map_or(0, |c| i64::from(u32::from(c)));
        }
        let text = word.trim();
        let read = match text.strip_prefix("0x") {
            Some(hexadecimal) => i64::from_str_radix(hexadecimal, 16),
            None => text.parse(),
        };
        match read {
            Ok(number) => number,
            Err(_) if text.is_empty() => 0,
            Err(_) => {
                self.errors += &format!("bash: printf: {word}: invalid number\n");
                Number::read(text).whole()
            }
        }
    }
}

impl Place {
    /// Reads `-5.2` behind a `%`; `star` gives the next argument for a `*`. Returns what follows.
    pub(in crate::shell) fn read(text: &str, mut star: impl FnMut() -> i64) -> (Place, &str) {
        let mut place = Place::default();
        let mut rest = text;
        loop {
            match rest.chars().next() {
                Some('-') => place.left = true,
                Some('0') => place.zeros = true,
                Some('+') => place.plus = true,
                Some(' ' | '#' | '\'') => {}
                _ => break,
            }
            rest = &rest[1..];
        }
        let mut number = |rest: &mut &str| {
            if let Some(behind) = rest.strip_prefix('*') {
                *rest = behind;
                return star();
            }
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let number = rest[..end].parse().unwrap_or(0);
            *rest = &rest[end..];
            number
        };
        let width = number(&mut rest);
        place.left |= width < 0;
        place.width = (width.unsigned_abs() as usize).min(WIDEST);
        if let Some(behind) = rest.strip_prefix('.') {
            rest = behind;
            place.precision = Some((number(&mut rest).max(0) as usize).min(WIDEST));
        }
        (place, rest)
    }

    pub(in crate::shell) fn text(&self, text: &str) -> String {
        let cut: String = text.chars().take(self.precision.unwrap_or(usize::MAX)).collect();
        self.padded(&cut, false)
    }

    pub(in crate::shell) fn integer(&self, kind: char, value: i64) -> String {
        let digits = match kind {
            'x' => format!("{value:x}"),
            'X' => format!("{value:X}"),
            'o' => format!("{value:o}"),
            _ => value.to_string(),
        };
        let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |digits| ("-", digits));
        let sign = if self.plus && sign.is_empty() { "+" } else { sign };
        let least = self.precision.unwrap_or(0);
        self.padded(&format!("{sign}{digits:0>least$}"), self.precision.is_none())
    }

    pub(in crate::shell) fn decimal(&self, value: Number) -> String {
        self.padded(&value.fixed(self.precision.unwrap_or(6)), true)
    }

    fn padded(&self, text: &str, number: bool) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        if self.left {
            return text.to_owned() + &" ".repeat(missing);
        }
        match text.strip_prefix('-') {
            Some(digits) if number && self.zeros => ["-", &"0".repeat(missing), digits].concat(),
            _ => if number && self.zeros { "0" } else { " " }.repeat(missing) + text,
        }
    }
}
