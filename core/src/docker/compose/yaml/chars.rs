//! The characters of a YAML text, and where one is among them.
//!
//! Models: go-yaml v3 readerc.go, and decode.go (fail) for how an error names its line.

/// A place in the text, from 0.
#[derive(Clone, Copy, Default)]
pub(super) struct Mark {
    pub(super) line: usize,
    pub(super) column: usize,
}

pub(super) struct Chars {
    chars: Vec<char>,
    pub(super) place: usize,
    pub(super) mark: Mark,
}

/// An error at a place, in the words of go-yaml, which does not name the first line.
pub(super) fn wrong<T>(line: usize, why: &str) -> Result<T, String> {
    Err(if line == 0 { format!("yaml: {why}") } else { format!("yaml: line {line}: {why}") })
}

/// An error of the lexer: the place where what it reads begins counts, unless that is the first line.
pub(super) fn broken<T>(context: Mark, mark: Mark, why: &str) -> Result<T, String> {
    let line = if context.line != 0 { context.line } else { mark.line };
    wrong(if line == 0 { 0 } else { line + 1 }, why)
}

impl Chars {
    pub(super) fn new(text: &str) -> Chars {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace(['\r', '\u{85}'], "\n");
        Chars { chars: text.chars().collect(), place: 0, mark: Mark::default() }
    }

    pub(super) fn char(&self, by: usize) -> Option<char> {
        self.chars.get(self.place + by).copied()
    }

    pub(super) fn is(&self, c: char) -> bool {
        self.char(0) == Some(c)
    }

    /// A blank, the end of a line, or the end of all.
    pub(super) fn is_blank_or_end(&self, by: usize) -> bool {
        matches!(self.char(by), None | Some(' ' | '\t' | '\n'))
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self.char(0), Some(' ' | '\t'))
    }

    pub(super) fn at_line_end(&self) -> bool {
        matches!(self.char(0), None | Some('\n'))
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.char(0)?;
        self.place += 1;
        if next == '\n' {
            self.mark = Mark { line: self.mark.line + 1, column: 0 };
        } else {
            self.mark.column += 1;
        }
        Some(next)
    }

    pub(super) fn skip_line(&mut self) {
        while !self.at_line_end() {
            self.next();
        }
    }

    /// `---` or `...` at the beginning of a line.
    pub(super) fn at_marker(&self) -> bool {
        let three = |c: char| (0..3).all(|by| self.char(by) == Some(c));
        self.mark.column == 0 && (three('-') || three('.')) && self.is_blank_or_end(3)
    }

    pub(super) fn word(&mut self, belongs: fn(char) -> bool) -> String {
        let mut word = String::new();
        while let Some(c) = self.char(0).filter(|c| belongs(*c)) {
            word.push(c);
            self.next();
        }
        word
    }
}
