//! What the `inspect` commands have in common: JSON of all that was found, or a template of each; errors at the end.
//!
//! Models: docker/cli cli/command/inspect/inspector.go.

use super::command::Call;
use super::error::CliError;
use super::template::Template;
use crate::json::{Html, Value};

/// Prints the objects called `references`. `html`: how the JSON of this kind of object escapes.
pub(crate) fn inspect(
    call: &mut Call,
    references: &[String],
    format: &str,
    html: Html,
    find: fn(&mut Call, &str) -> Result<Value, CliError>,
) -> Result<(), CliError> {
    let failed = |why: String| CliError::said(format!("template parsing error: {why}"));
    let template = match format {
        "" | "json" => None,
        format => Some(Template::parse(&format.replace("\\t", "\t").replace("\\n", "\n")).map_err(failed)?),
    };
    let mut errors = Vec::new();
    let mut found = Vec::new();
    let mut lines = String::new();
    for reference in references {
        match (find(call, reference), &template) {
            (Ok(object), None) => found.push(object),
            (Ok(object), Some(template)) => match template.render(&object) {
                Ok(line) => lines += &(line + "\n"),
                Err(why) => errors.push(failed(why)),
            },
            (Err(error), _) => errors.push(error),
        }
    }
    call.out.out(match (&template, format) {
        (Some(_), _) if lines.is_empty() => "\n".to_owned(),
        (Some(_), _) => lines,
        (None, "json") => Value::List(found).compact(html) + "\n",
        (None, _) => Value::List(found).pretty(html) + "\n",
    });
    CliError::several(errors)
}

/// The format that `--format` and `--pretty` ask for; `None` is the pretty one.
pub(crate) fn format(matches: &super::flags::Matches) -> Result<Option<&str>, CliError> {
    let format = matches.text("format").unwrap_or("");
    if matches.on("pretty") {
        if !format.is_empty() {
            return Err(CliError::said("--format is incompatible with human friendly format"));
        }
        return Ok(None);
    }
    match format {
        "pretty" => Ok(None),
        format if format.starts_with("pretty") => {
            Err(CliError::said("cannot supply extra formatting options to the pretty template"))
        }
        format => Ok(Some(format)),
    }
}
