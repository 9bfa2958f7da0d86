//! How lines of output are laid out: tables and progress bars keep their columns and scroll sideways, prose wraps.

use swarmyard_core::shell::Line;

/// Neighbouring lines that are laid out alike, as a range into the lines of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) table: bool,
    pub(crate) lines: std::ops::Range<usize>,
}

pub(crate) fn segments(lines: &[Line]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let table = has_columns(&line.text);
        match segments.last_mut() {
            Some(last) if last.table == table => last.lines.end = at + 1,
            _ => segments.push(Segment { table, lines: at..at + 1 }),
        }
    }
    segments
}

/// Whether something stands behind a gap: two spaces or more that are no indentation.
fn has_columns(text: &str) -> bool {
    text.trim().contains("  ") || text.contains("[=") || text.contains("[>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line> {
        text.lines().map(|line| Line { text: line.to_owned(), error: false }).collect()
    }

    #[test]
    fn a_table_is_one_segment_and_prose_another() {
        let lines = lines("ID             NAME       IMAGE\nabc            my-app.1   x:latest\nsome prose\nmore");
        let found = segments(&lines);
        assert_eq!(found, [Segment { table: true, lines: 0..2 }, Segment { table: false, lines: 2..4 }]);
    }

    #[test]
    fn progress_keeps_its_columns_and_indented_json_wraps() {
        assert!(has_columns("1/3: running   [====================>      ]"));
        assert!(has_columns("1/3: running [==================================================>]"));
        assert!(!has_columns("        \"Image\": \"x\","));
        assert!(!has_columns("overall progress: 0 out of 3 tasks"));
    }
}
