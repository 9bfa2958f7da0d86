//! A small terminal: which lines are visible after a text with cursor movements. One block of a prompt has one, and it
//! scrolls without end; nothing wraps, because whoever shows the lines knows how wide they may be.
//!
//! Understood: `\n` `\r` backspace, tab, and of `ESC [ …` the letters A B C D (move), H (home), J (clear), K (clear a
//! line). Colours and the rest are skipped.

use super::Line;
use crate::output::Stream;

/// How far to the right a cursor can be moved: terminals stop at their edge.
const EDGE: usize = 1_000;

/// Where the next character goes. The lines themselves are the block's.
#[derive(Clone, Debug, Default)]
pub(super) struct Screen {
    row: usize,
    column: usize,
    /// The lowest row that the cursor has reached.
    bottom: usize,
    /// The beginning of a sequence whose end has not come yet.
    partial: String,
}

impl Screen {
    /// Draws `text` into `lines`.
    pub(super) fn write(&mut self, lines: &mut Vec<Line>, stream: Stream, text: &str) {
        let text = std::mem::take(&mut self.partial) + text;
        let mut rest = text.as_str();
        while let Some(control) = rest.find(|c: char| c.is_control()) {
            self.put(lines, stream, &rest[..control]);
            rest = &rest[control..];
            match sequence(rest) {
                Sequence::Partial => {
                    rest.clone_into(&mut self.partial);
                    return;
                }
                Sequence::Of { length, letter, parameter } => {
                    self.obey(lines, letter, parameter);
                    rest = &rest[length..];
                }
            }
        }
        self.put(lines, stream, rest);
    }

    /// Writes characters over what stands at the cursor.
    fn put(&mut self, lines: &mut Vec<Line>, stream: Stream, text: &str) {
        if text.is_empty() {
            return;
        }
        self.reach(lines);
        let line = &mut lines[self.row];
        let count = text.chars().count();
        if line.text.is_empty() {
            line.error = stream == Stream::Err;
        }
        line.error &= stream == Stream::Err;
        let before = line.text.chars().count();
        if before <= self.column {
            line.text.extend(std::iter::repeat_n(' ', self.column - before));
            line.text.push_str(text);
        } else {
            let from = byte_of(&line.text, self.column);
            let to = byte_of(&line.text, self.column + count);
            line.text.replace_range(from..to, text);
        }
        self.column += count;
    }

    fn obey(&mut self, lines: &mut Vec<Line>, letter: char, parameter: Option<usize>) {
        let count = parameter.unwrap_or(1).max(1);
        match letter {
            '\n' => {
                self.reach(lines);
                self.row += 1;
                self.column = 0;
                self.bottom = self.bottom.max(self.row);
            }
            '\r' => self.column = 0,
            '\t' => self.column = (self.column / 8 + 1) * 8,
            '\u{8}' => self.column = self.column.saturating_sub(1),
            'A' => self.row = self.row.saturating_sub(count),
            'B' => self.row = (self.row + count).min(self.bottom),
            'C' => self.column = self.column.max((self.column + count.min(EDGE)).min(EDGE)),
            'D' => self.column = self.column.saturating_sub(count),
            'H' => (self.row, self.column) = (0, 0),
            'J' => self.clear(lines, parameter.unwrap_or(0)),
            'K' => self.clear_line(lines, parameter.unwrap_or(0)),
            _ => {}
        }
    }

    /// 0: from the cursor on, otherwise everything.
    fn clear(&mut self, lines: &mut Vec<Line>, how: usize) {
        self.clear_line(lines, how);
        lines.truncate(if how == 0 { self.row + 1 } else { 0 });
    }

    /// 0: from the cursor on, otherwise everything.
    fn clear_line(&mut self, lines: &mut [Line], how: usize) {
        let Some(line) = lines.get_mut(self.row) else { return };
        match how {
            0 => line.text.truncate(byte_of(&line.text, self.column)),
            _ => *line = Line::default(),
        }
    }

    /// Makes the rows down to the cursor's.
    fn reach(&self, lines: &mut Vec<Line>) {
        if lines.len() <= self.row {
            lines.resize_with(self.row + 1, Line::default);
        }
    }
}

enum Sequence {
    /// More is to come.
    Partial,
    /// `length` bytes of text that say `letter`.
    Of { length: usize, letter: char, parameter: Option<usize> },
}

/// Reads the control character or sequence that `text` begins with.
fn sequence(text: &str) -> Sequence {
    let first = text.chars().next().expect("called at a control character");
    if first != '\u{1b}' {
        return Sequence::Of { length: first.len_utf8(), letter: first, parameter: None };
    }
    let Some(body) = text.strip_prefix("\u{1b}[") else {
        return match text.len() {
            1 => Sequence::Partial,
            _ => Sequence::Of { length: 1, letter: first, parameter: None },
        };
    };
    match body.find(|c: char| !matches!(c, '0'..='9' | ';' | '?')) {
        None => Sequence::Partial,
        Some(end) => {
            let letter = body[end..].chars().next().expect("the end was found at a character");
            let length = "\u{1b}[".len() + end + letter.len_utf8();
            Sequence::Of { length, letter, parameter: body[..end].parse().ok() }
        }
    }
}

/// Where the `column`th character begins, or the text's end. Long lines are passed over in strides.
fn byte_of(text: &str, column: usize) -> usize {
    const STRIDE: usize = 256;
    let begins = |byte: &u8| byte.cast_signed() >= -0x40;
    let (bytes, mut at, mut left) = (text.as_bytes(), 0, column);
    while let Some(stride) = bytes.get(at..at + STRIDE) {
        let characters = stride.iter().filter(|byte| begins(byte)).count();
        if characters > left {
            break;
        }
        left -= characters;
        at += STRIDE;
    }
    let mut starts = bytes[at..].iter().enumerate().filter(|(_, byte)| begins(byte));
    starts.nth(left).map_or(text.len(), |(more, _)| at + more)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(texts: &[&str]) -> Vec<String> {
        let (mut screen, mut lines) = (Screen::default(), Vec::new());
        for text in texts {
            screen.write(&mut lines, Stream::Out, text);
        }
        lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_cursor_goes_no_further_than_to_an_edge() {
        assert_eq!(draw(&["a\u{1b}[33333333Cb"])[0].len(), EDGE + 1);
        assert_eq!(draw(&["a\u{1b}[3Cb"]), ["a   b"]);
        assert_eq!(draw(&["a\u{1b}[33333333Bb\u{1b}[33333333D\u{1b}[33333333Ac"]), ["cb"]);
    }

    #[test]
    fn a_column_is_a_character_of_any_length() {
        let text = "한a글".repeat(300);
        let slow = |column: usize| text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
        for column in 0..902 {
            assert_eq!(byte_of(&text, column), slow(column));
        }
    }

    #[test]
    fn lines_end_and_are_written_over() {
        assert_eq!(draw(&["one\ntwo\n"]), ["one", "two"]);
        assert_eq!(draw(&["one\n\ntwo"]), ["one", "", "two"]);
        assert_eq!(draw(&["loading…\rdone"]), ["doneing…"]);
        assert_eq!(draw(&["loading\r\u{1b}[Kdone"]), ["done"]);
        assert_eq!(draw(&["a\tb\u{8}c"]), ["a       c"]);
        assert_eq!(draw(&["한글\r영"]), ["영글"]);
    }

    #[test]
    fn progress_of_docker_is_drawn_in_its_place() {
        let bar = |up: u8, text: &str| format!("\u{1b}[{up}A\u{1b}[2K\r{text} \r\u{1b}[{up}B");
        let new = |text: &str| format!("\n{}", bar(1, text));
        let texts = [
            "app\n".to_owned(),
            new("overall progress: 0 out of 2 tasks"),
            new("1/2:  "),
            new("2/2:  "),
            bar(2, "1/2: running   [====>]"),
            bar(3, "overall progress: 1 out of 2 tasks"),
            new("verify: Service app converged"),
            "after\n".to_owned(),
        ];
        let expected = [
            "app",
            "overall progress: 1 out of 2 tasks ",
            "1/2: running   [====>] ",
            "2/2:   ",
            "verify: Service app converged ",
            "after",
        ];
        let whole: Vec<&str> = texts.iter().map(String::as_str).collect();
        assert_eq!(draw(&whole), expected);
        // The same, however the text is cut into chunks.
        let joined = texts.concat();
        let single: Vec<String> = joined.chars().map(String::from).collect();
        assert_eq!(draw(&single.iter().map(String::as_str).collect::<Vec<_>>()), expected);
    }

    #[test]
    fn clearing() {
        assert_eq!(draw(&["one\ntwo\nthree", "\u{1b}[H\u{1b}[2J", "new"]), ["new"]);
        assert_eq!(draw(&["one\ntwo\nthree\u{1b}[2A\u{1b}[J"]), ["one"]);
        assert_eq!(draw(&["one\ntwo\u{1b}[2D\u{1b}[Kx"]), ["one", "tx"]);
        assert_eq!(draw(&["\u{1b}[31mred\u{1b}[0m"]), ["red"]);
    }

    #[test]
    fn a_line_is_an_error_when_only_errors_were_written_in_it() {
        let (mut screen, mut lines) = (Screen::default(), Vec::new());
        screen.write(&mut lines, Stream::Err, "bad\nhalf ");
        screen.write(&mut lines, Stream::Out, "good\ngood\n");
        let errors: Vec<bool> = lines.iter().map(|line| line.error).collect();
        assert_eq!(errors, [true, false, false]);
    }

    #[test]
    fn the_cursor_stays_on_the_screen() {
        assert_eq!(draw(&["a\u{1b}[99A\rb\u{1b}[99Bc"]), ["bc"]);
    }
}
