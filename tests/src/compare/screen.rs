//! What a terminal of 120 columns and 40 rows shows in the end, with what has scrolled off.

use vt100::Parser;

use super::mask::mask;

const ROWS: u16 = 40;
const COLUMNS: u16 = 120;
/// As many rows are kept as scroll off.
const HISTORY: usize = 10_000;

/// The rows after the terminal has received `text`, oldest first, masked.
pub(super) fn screen(text: &str) -> Vec<String> {
    let size = |number: u16| number.try_into().expect("a terminal has rows and columns");
    let mut terminal = Parser::new(size(ROWS), size(COLUMNS), HISTORY);
    terminal.process(text.as_bytes());
    let screen = terminal.screen_mut();
    let mut rows: Vec<String> = Vec::new();
    // The crate shows one window at a time: its top row at every distance from the end is what scrolled off.
    for back in (1..=screen.scrollback_len()).rev() {
        screen.set_scrollback(back);
        rows.extend(screen.rows(0, COLUMNS).take(1));
    }
    screen.set_scrollback(0);
    rows.extend(screen.rows(0, COLUMNS));
    mask(&rows.join("\n")).split('\n').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_picture_counts() {
        assert_eq!(screen("one\r\ntwo\x1b[1A\r\x1b[2Kuno\r\n"), ["uno", "two"]);
    }

    #[test]
    fn rows_that_scrolled_off_are_kept_in_order() {
        let text: String = (0..100).map(|n| format!("row {n}\r\n")).collect();
        let rows = screen(&text);
        assert_eq!(rows.len(), 100);
        assert_eq!((rows[0].as_str(), rows[60].as_str(), rows[99].as_str()), ("row 0", "row 60", "row 99"));
    }

    #[test]
    fn long_lines_wrap() {
        assert_eq!(screen(&"x".repeat(130)), ["x".repeat(120), "x".repeat(10)]);
    }
}
