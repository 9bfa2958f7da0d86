//! What `--format` means for a table: `table`, `table TEMPLATE`, `raw`, `json`, or a template per row.
//!
//! Models: docker/cli cli/command/formatter/formatter.go.

use super::error::CliError;
use super::flags::Matches;
use super::table::columns;
use super::template::Template;
use crate::json::Value;

/// A kind of table: its columns and ready-made templates.
pub(crate) struct Table {
    /// Field and the title of its column.
    pub(crate) titles: &'static [(&'static str, &'static str)],
    /// The template behind the word `table`.
    pub(crate) table: &'static str,
    /// The template behind the word `raw`; empty where Docker knows none.
    pub(crate) raw: &'static str,
    /// The template behind `raw` with `--quiet`.
    pub(crate) raw_quiet: &'static str,
}

/// What was asked for by `--format` and `--quiet`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Format {
    text: String,
    quiet: bool,
}

impl Format {
    pub(crate) fn of(matches: &Matches) -> Format {
        let text = matches.text("format").filter(|text| !text.is_empty()).unwrap_or("table");
        Format { text: text.to_owned(), quiet: matches.on("quiet") }
    }

    /// Whether rows are laid out in columns, with titles above.
    pub(crate) fn is_table(&self) -> bool {
        self.text.starts_with("table") && !(self.quiet && self.text == "table")
    }

    /// Writes the rows of a table.
    pub(crate) fn write(&self, table: &Table, rows: &[Value]) -> Result<String, CliError> {
        let (text, in_columns) = match (self.text.as_str(), self.quiet) {
            ("table", true) => ("{{.ID}}", false),
            ("table", false) => (table.table, true),
            ("raw", true) if !table.raw.is_empty() => (table.raw_quiet, false),
            ("raw", false) if !table.raw.is_empty() => (table.raw, false),
            ("json", _) => ("{{json .}}", false),
            (text, _) => match text.strip_prefix("table") {
                Some(text) => (text, true),
                None => (text, false),
            },
        };
        let text = text.trim_matches(' ').replace("\\t", "\t").replace("\\n", "\n");
        let failed = |why: String| CliError::said(format!("template parsing error: {why}"));
        let template = Template::parse(&text).map_err(failed)?;
        let mut lines = String::new();
        for row in rows {
            lines += &template.render_one_of(rows.len(), row).map_err(failed)?;
            lines.push('\n');
        }
        if !in_columns {
            return Ok(lines);
        }
        let titles = table.titles.iter().map(|(field, title)| ((*field).to_owned(), Value::text(title)));
        // A title that cannot be made is left out, as in Docker.
        let header = template.render_header(&Value::Map(titles.collect())).unwrap_or_default();
        Ok(columns(&format!("{header}\n{lines}"), 10, 3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Struct;

    const TABLE: Table = Table {
        titles: &[("ID", "ID"), ("Ports", "PORTS"), ("State", "CURRENT STATE")],
        table: "{{.ID}}\t{{.Ports}}\t{{.State}}",
        raw: "id: {{.ID}}\nports: {{.Ports}}\n",
        raw_quiet: "id: {{.ID}}",
    };

    fn check(format: &str, quiet: bool, expected: &str) {
        let mut row = Struct::row("*x.rowContext");
        row.with("ID", "abcdefghijkl").with("Ports", "*:1->2/tcp").with("State", "up");
        let format = Format { text: format.to_owned(), quiet };
        let written = format.write(&TABLE, &[row.into()]).unwrap_or_else(|error| error.to_string());
        assert_eq!(written, expected);
    }

    #[test]
    fn every_word_and_template_has_its_form() {
        check("table", false, "ID             PORTS        CURRENT STATE\nabcdefghijkl   *:1->2/tcp   up\n");
        check("table", true, "abcdefghijkl\n");
        check("table {{.State}}\\t{{.ID}}", true, "CURRENT STATE   ID\nup              abcdefghijkl\n");
        check("raw", false, "id: abcdefghijkl\nports: *:1->2/tcp\n\n");
        check("raw", true, "id: abcdefghijkl\n");
        check("json", false, "{\"ID\":\"abcdefghijkl\",\"Ports\":\"*:1-\\u003e2/tcp\",\"State\":\"up\"}\n");
        check("{{upper .ID}}\\n", false, "ABCDEFGHIJKL\n\n");
        check("table {{upper .ID}}", false, "ID\nABCDEFGHIJKL\n");
        check("pretty", false, "pretty\n");
        check("{{.Name", false, "template parsing error: template: :1: unclosed action");
        check(
            "{{.Nope}}",
            false,
            "template parsing error: template: :1:2: executing \"\" at <.Nope>: can't evaluate field Nope in type *x.rowContext",
        );
    }
}
