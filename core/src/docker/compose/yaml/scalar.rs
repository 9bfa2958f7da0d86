//! Scalars: plain, in quotes, and blocks of lines.
//!
//! Models: go-yaml v3 scannerc.go, yaml_parser_scan_{plain,flow,block}_scalar.

use super::chars::{Chars, Mark, broken};

/// Blanks and line breaks between two words of a scalar, which lines that are continued join.
#[derive(Default)]
struct Gap {
    blanks: String,
    breaks: usize,
}

impl Gap {
    /// One line break is a blank, further ones are line breaks.
    fn join(self, text: &mut String) {
        match self.breaks {
            0 => text.push_str(&self.blanks),
            1 => text.push(' '),
            breaks => text.extend(std::iter::repeat_n('\n', breaks - 1)),
        }
    }
}

impl Chars {
    /// Reads blanks and line breaks. Blanks that begin a line do not count.
    fn gap(&mut self, mut breaks: usize, tab: &dyn Fn(&Chars) -> Result<(), String>) -> Result<Gap, String> {
        let mut blanks = String::new();
        while let Some(c) = self.char(0).filter(|c| matches!(c, ' ' | '\t' | '\n')) {
            match c {
                '\n' => breaks += 1,
                '\t' if breaks > 0 => tab(self)?,
                _ if breaks == 0 => blanks.push(c),
                _ => {}
            }
            self.next();
        }
        Ok(Gap { blanks, breaks })
    }

    /// A scalar without quotes, in a block that begins at `indent`. Returns whether it went on to a further line.
    pub(super) fn plain(&mut self, indent: isize, flow: bool) -> Result<(String, bool), String> {
        let start = self.mark;
        let mut text = String::new();
        let mut gap = Gap::default();
        while !self.at_marker() && !self.is('#') {
            while let Some(c) = self.char(0).filter(|c| !matches!(c, ' ' | '\t' | '\n')) {
                if (c == ':' && self.is_blank_or_end(1)) || (flow && ",?[]{}".contains(c)) {
                    break;
                }
                std::mem::take(&mut gap).join(&mut text);
                text.push(c);
                self.next();
            }
            // What follows is a blank, or it ends the scalar.
            if !matches!(self.char(0), Some(' ' | '\t' | '\n')) {
                break;
            }
            gap = self.gap(0, &|chars| {
                if (chars.mark.column as isize) < indent + 1 {
                    return broken(start, chars.mark, "found a tab character that violates indentation");
                }
                Ok(())
            })?;
            if !flow && (self.mark.column as isize) < indent + 1 {
                break;
            }
        }
        Ok((text, gap.breaks > 0))
    }

    /// A scalar in quotes.
    pub(super) fn quoted(&mut self) -> Result<String, String> {
        let start = self.mark;
        let quote = self.next();
        let single = quote == Some('\'');
        let mut text = String::new();
        loop {
            if self.at_marker() {
                return broken(start, self.mark, "found unexpected document indicator");
            }
            let mut breaks = 0;
            while let Some(c) = self.char(0).filter(|c| !matches!(c, ' ' | '\t' | '\n')) {
                match c {
                    '\'' if single && self.char(1) == Some('\'') => {
                        text.push('\'');
                        self.next();
                        self.next();
                    }
                    c if Some(c) == quote => {
                        self.next();
                        return Ok(text);
                    }
                    '\\' if !single => {
                        self.next();
                        if self.is('\n') {
                            self.next();
                            // The line goes on in the next one, without its blanks.
                            breaks = 1;
                            break;
                        }
                        self.escape(start, &mut text)?;
                    }
                    c => {
                        text.push(c);
                        self.next();
                    }
                }
            }
            if self.char(0).is_none() {
                return broken(start, self.mark, "found unexpected end of stream");
            }
            let gap = self.gap(breaks, &|_| Ok(()))?;
            match breaks {
                0 => gap.join(&mut text),
                _ => text.extend(std::iter::repeat_n('\n', gap.breaks - 1)),
            }
        }
    }

    /// What stands after a backslash.
    fn escape(&mut self, start: Mark, text: &mut String) -> Result<(), String> {
        const PLAIN: &str =
            "0\0a\u{7}b\u{8}t\t\t\tn\nv\u{b}f\u{c}r\re\u{1b}  \"\"''\\\\N\u{85}_\u{a0}L\u{2028}P\u{2029}";
        let c = self.char(0).unwrap_or('\0');
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => {
                let mut pairs = PLAIN.chars();
                while let (Some(name), Some(meaning)) = (pairs.next(), pairs.next()) {
                    if name == c {
                        text.push(meaning);
                        self.next();
                        return Ok(());
                    }
                }
                return broken(start, self.mark, "found unknown escape character");
            }
        };
        self.next();
        let mut code = 0;
        for by in 0..digits {
            let Some(digit) = self.char(by).and_then(|c| c.to_digit(16)) else {
                return broken(start, self.mark, "did not find expected hexdecimal number");
            };
            code = code << 4 | digit;
        }
        let Some(c) = char::from_u32(code) else {
            return broken(start, self.mark, "found invalid Unicode character escape code");
        };
        text.push(c);
        (0..digits).for_each(|_| _ = self.next());
        Ok(())
    }

    /// A scalar after `|` or `>`, line by line.
    pub(super) fn block_scalar(&mut self, indent: isize) -> Result<String, String> {
        let start = self.mark;
        let folded = self.next() == Some('>');
        let (mut chomp, mut least) = (None, 0);
        for _ in 0..2 {
            match self.char(0) {
                Some(c @ ('+' | '-')) if chomp.is_none() => chomp = Some(c),
                Some('0') if least == 0 => {
                    return broken(start, self.mark, "found an indentation indicator equal to 0");
                }
                Some(c @ '1'..='9') if least == 0 => least = indent.max(0) as usize + (c as usize - '0' as usize),
                _ => break,
            }
            self.next();
        }
        while self.is_blank() {
            self.next();
        }
        if self.is('#') {
            self.skip_line();
        }
        if !self.at_line_end() {
            return broken(start, self.mark, "did not find expected comment or line break");
        }
        self.next();
        let mut text = String::new();
        let mut empty = self.block_indent(start, indent, &mut least)?;
        // The line break of the line before, and whether that line began with a blank.
        let (mut broke, mut was_blank) = (false, false);
        while self.mark.column == least && self.char(0).is_some() {
            let blank = self.is_blank();
            if folded && broke && !was_blank && !blank {
                if empty == 0 {
                    text.push(' ');
                }
            } else if broke {
                text.push('\n');
            }
            text.extend(std::iter::repeat_n('\n', empty));
            was_blank = blank;
            while let Some(c) = self.char(0).filter(|c| *c != '\n') {
                text.push(c);
                self.next();
            }
            broke = self.next().is_some();
            empty = self.block_indent(start, indent, &mut least)?;
        }
        if broke && chomp != Some('-') {
            text.push('\n');
        }
        if chomp == Some('+') {
            text.extend(std::iter::repeat_n('\n', empty));
        }
        Ok(text)
    }

    /// Passes over indentation and empty lines, and returns how many. The first line with something in it says how far
    /// in a block of lines stands, if nothing else did (`least` is 0).
    fn block_indent(&mut self, start: Mark, indent: isize, least: &mut usize) -> Result<usize, String> {
        let (mut empty, mut deepest) = (0, 0);
        loop {
            while (*least == 0 || self.mark.column < *least) && self.is(' ') {
                self.next();
            }
            deepest = deepest.max(self.mark.column);
            if (*least == 0 || self.mark.column < *least) && self.is('\t') {
                return broken(start, self.mark, "found a tab character where an indentation space is expected");
            }
            if !self.is('\n') {
                break;
            }
            self.next();
            empty += 1;
        }
        if *least == 0 {
            *least = deepest.max((indent + 1).max(1) as usize);
        }
        Ok(empty)
    }
}
