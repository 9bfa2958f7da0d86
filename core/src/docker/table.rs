//! Columns as Go's tabwriter lays them out.
//!
//! Models: Go text/tabwriter with the settings of Docker's formatter, and fvbommel/sortorder.

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
}
