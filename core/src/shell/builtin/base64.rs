//! `base64`. Models: GNU coreutils, basenc.c.

use super::filter::{Filter, Lines, over};
use super::options::options;
use super::{Builtin, Call, Flow};
use crate::output::Output;
use crate::shell::complete::files;

pub(super) const BASE64: Builtin = Builtin {
    name: "base64",
    usage: "base64 [-d] [-w COLUMNS] [FILE]",
    about: "write a text as base64, or read that back",
    run,
    complete: files,
};

#[derive(Clone)]
pub(in crate::shell) struct Base64 {
    text: String,
    decode: bool,
    columns: usize,
}

const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn run(call: &mut Call) -> Flow {
    let options = match options(call, "base64", "dDw:", &[("decode", 'd'), ("wrap", 'w')]) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let columns = options.value('w').map_or(76, |text| text.parse().unwrap_or(76));
    let base64 = Base64 { text: String::new(), decode: options.has('d') || options.has('D'), columns };
    over(call, "base64", &options.words, Filter::Base64(base64), 1)
}

/// Bytes as base64.
pub(super) fn encoded(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = group.iter().fold(0u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(number >> (18 - 6 * place) & 63) as usize];
            text.push(if place > group.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut number, mut bits) = (Vec::new(), 0u32, 0);
    for digit in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = DIGITS.iter().position(|known| *known == digit)?;
        number = number << 6 | value as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((number >> bits & 255) as u8);
        }
    }
    Some(bytes)
}

/// A text in lines of so many columns.
pub(super) fn wrapped(text: &str, columns: usize) -> String {
    let mut lines = String::new();
    for (at, character) in text.chars().enumerate() {
        if columns > 0 && at > 0 && at % columns == 0 {
            lines.push('\n');
        }
        lines.push(character);
    }
    lines
}

impl Lines for Base64 {
    fn line(&mut self, line: &str, _out: &mut Output) -> bool {
        self.text.push_str(line);
        true
    }

    fn end(&mut self, out: &mut Output) -> i32 {
        let text = std::mem::take(&mut self.text);
        if !self.decode {
            let text = wrapped(&encoded(text.as_bytes()), self.columns);
            out.out(text + if self.columns > 0 { "\n" } else { "" });
            return 0;
        }
        match decoded(&text) {
            Some(bytes) => {
                out.out(String::from_utf8_lossy(&bytes));
                0
            }
            None => {
                out.err("base64: invalid input\n");
                1
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for (text, base64) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("한", "7ZWc")] {
            assert_eq!(encoded(text.as_bytes()), base64);
            assert_eq!(decoded(base64).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(decoded("!"), None);
        assert_eq!(wrapped("abcde", 2), "ab\ncd\ne");
    }
}
