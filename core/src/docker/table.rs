//! Columns as Go's tabwriter lays them out, and the natural order of names.
//!
//! Models: Go text/tabwriter with the settings of Docker's formatter, and fvbommel/sortorder.

use std::cmp::Ordering;

/// Lays out lines of cells that end in tabs. What follows the last tab of a line belongs to no column.
/// A column is as wide as its widest cell and `padding`, at least `least`.
pub(crate) fn columns(text: &str, least: usize, padding: usize) -> String {
    let lines: Vec<Vec<&str>> = text.split('\n').map(|line| line.split('\t').collect()).collect();
    let mut widths: Vec<Vec<usize>> = lines.iter().map(|line| vec![0; line.len() - 1]).collect();
    let deepest = widths.iter().map(Vec::len).max().unwrap_or(0);
    for column in 0..deepest {
        // A column reaches over neighbouring lines that have a cell in it.
        let mut line = 0;
        while line < lines.len() {
            let end = (line..lines.len()).find(|&l| widths[l].len() <= column).unwrap_or(lines.len());
            let widest = lines[line..end].iter().map(|cells| cells[column].chars().count()).max().unwrap_or(0);
            for width in &mut widths[line..end] {
                width[column] = (widest + padding).max(least);
            }
            line = end + 1;
        }
    }
    let mut out = String::new();
    for (number, cells) in lines.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        for (cell, width) in cells.iter().zip(widths[number].iter().map(Some).chain([None])) {
            out.push_str(cell);
            if let Some(width) = width {
                out.extend(std::iter::repeat_n(' ', width - cell.chars().count()));
            }
        }
    }
    out
}

/// Compares as people count: `node-2` before `node-10`. A digit goes before anything else.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        let (Some(x), Some(y)) = (a.first(), b.first()) else { return a.len().cmp(&b.len()) };
        match (x.is_ascii_digit(), y.is_ascii_digit()) {
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (false, false) => {
                if x != y {
                    return x.cmp(y);
                }
                (a, b) = (&a[1..], &b[1..]);
            }
            (true, true) => {
                let ((zeros_a, digits_a, rest_a), (zeros_b, digits_b, rest_b)) = (number(a), number(b));
                let order = digits_a.len().cmp(&digits_b.len()).then_with(|| digits_a.cmp(digits_b));
                let order = order.then_with(|| zeros_a.cmp(&zeros_b));
                if order != Ordering::Equal {
                    return order;
                }
                (a, b) = (rest_a, rest_b);
            }
        }
    }
}

/// Leading zeros, digits, and what follows them.
fn number(text: &[u8]) -> (usize, &[u8], &[u8]) {
    let zeros = text.iter().take_while(|b| **b == b'0').count();
    let end = text.iter().take_while(|b| b.is_ascii_digit()).count();
    (zeros, &text[zeros..end], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let text = "ID\tNAME\tPORTS\nabc123def456\tmy-app\t*:80->80/tcp\nx\tbb…\t\n";
        let laid = "\
ID             NAME      PORTS
abc123def456   my-app    *:80->80/tcp
x              bb…       \n";
        assert_eq!(columns(text, 10, 3), laid);
    }

    #[test]
    fn a_line_without_a_cell_ends_its_column() {
        assert_eq!(columns("aaaaaaaaaaaa\tb\n\na\tb\n", 4, 1), "aaaaaaaaaaaa b\n\na   b\n");
    }

    #[test]
    fn names_sort_as_people_count() {
        let mut names =
            ["my-app.1", "my-app2.1", "service-10-foo", "service-2-foo", "my-app.10", "my-app.9", "a01", "a1"];
        names.sort_by(|a, b| natural(a, b));
        let sorted = ["a1", "a01", "my-app2.1", "my-app.1", "my-app.9", "my-app.10", "service-2-foo", "service-10-foo"];
        assert_eq!(names, sorted);
    }
}
