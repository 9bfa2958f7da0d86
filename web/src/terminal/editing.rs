//! The line at a prompt as the page edits it: text, cursor, history. Typing itself is the browser's; only what a
//! browser's text field does not know is done here.

/// A text and where the cursor stands in it, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) cursor: usize,
}

impl Line {
    /// `text` with the cursor at its end.
    pub(crate) fn new(text: impl Into<String>) -> Line {
        let text = text.into();
        Line { cursor: text.len(), text }
    }

    /// A browser's view of a text field: it counts the cursor in UTF-16 units.
    pub(crate) fn from_utf16(text: String, cursor: usize) -> Line {
        let mut units = 0;
        let at = text.char_indices().find(|(_, letter)| {
            let found = units >= cursor;
            units += letter.len_utf16();
            found
        });
        Line { cursor: at.map_or(text.len(), |(at, _)| at), text }
    }

    pub(crate) fn cursor_utf16(&self) -> usize {
        self.text[..self.cursor].encode_utf16().count()
    }
}

/// What a paste leaves: the lines to run, and the prompt after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pasted {
    pub(crate) run: Option<String>,
    pub(crate) line: Line,
}

/// `text` pasted in the place of `selected` (bytes) of `line`. Whole lines run; what follows the last line end stays.
pub(crate) fn paste(line: &Line, selected: std::ops::Range<usize>, text: &str) -> Pasted {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (before, after) = (&line.text[..selected.start], &line.text[selected.end..]);
    match text.rsplit_once('\n') {
        Some((whole, rest)) => {
            let line = Line { cursor: rest.len(), text: format!("{rest}{after}") };
            Pasted { run: Some(format!("{before}{whole}")), line }
        }
        None => {
            let line = Line { cursor: before.len() + text.len(), text: format!("{before}{text}{after}") };
            Pasted { run: None, line }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_counted_in_the_browsers_units() {
        for (text, units, bytes) in [("abc", 2, 2), ("한글 x", 2, 6), ("a😀b", 3, 5), ("a", 9, 1)] {
            let line = Line::from_utf16(text.to_owned(), units);
            assert_eq!(line.cursor, bytes, "{text}");
            assert_eq!(line.cursor_utf16(), units.min(text.encode_utf16().count()), "{text}");
        }
    }

    #[test]
    fn whole_lines_of_a_paste_run_and_the_rest_waits() {
        let typed = Line::new("x ");
        assert_eq!(paste(&typed, 2..2, "y"), Pasted { run: None, line: Line::new("x y") });
        assert_eq!(paste(&typed, 2..2, "a\nb"), Pasted { run: Some("x a".to_owned()), line: Line::new("b") });
        assert_eq!(paste(&typed, 0..2, "a\r\nb\r\n"), Pasted { run: Some("a\nb".to_owned()), line: Line::new("") });
    }

    #[test]
    fn a_paste_replaces_what_is_selected() {
        let line = Line::new("docker ps now");
        let pasted = paste(&line, 7..9, "node ls");
        assert_eq!(pasted.line, Line { text: "docker node ls now".to_owned(), cursor: 14 });
    }
}
