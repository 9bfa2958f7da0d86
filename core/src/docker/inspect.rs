//! `docker inspect`, and what the `inspect` commands have in common: JSON of all that was found, or a template of each;
//! errors at the end.
//!
//! Models: docker/cli cli/command/inspect/inspector.go and cli/command/system/inspect.go.

use super::command::{Arguments, Call, Command};
use super::error::CliError;
use super::filter::refused;
use super::flags::{BOOL, Flag, Matches, Offer, STRING};
use super::objects::{self, Defaults};
use super::template::Template;
use super::units::quote;
use super::{ABOUT_INSPECT, Flow, container, image, node};
use crate::json::{Html, Value};
use crate::model::FileKind;

pub(crate) static COMMAND: Command = Command {
    path: "inspect",
    aliases: &[],
    usage: "[OPTIONS] NAME|ID [NAME|ID...]",
    about: "Return low-level information on Docker objects",
    korean: "무엇이든 이름이나 ID로 찾아 자세히 보여 준다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Services,
    flags: &[&[
        Flag::new("format", STRING, ABOUT_INSPECT).short('f'),
        Flag::new("size", BOOL, "Add sizes of files, where it is a container").short('s'),
        Flag::new("type", STRING, "Only look among objects of this type").offers(Offer::Words(&TYPES)),
    ]],
    stop_at_argument: false,
    run,
};

/// Of what can be shown to people too.
pub(super) const FLAGS: [Flag; 2] =
    [Flag::new("format", STRING, ABOUT_INSPECT).short('f'), Flag::new("pretty", BOOL, "Print for people")];

const TYPES: [&str; 10] =
    ["config", "container", "image", "network", "node", "plugin", "secret", "service", "task", "volume"];

/// Where a name is looked for, in this order; the second half only by managers.
const LOOKED_FOR: [&str; 10] =
    ["container", "image", "network", "volume", "service", "task", "node", "plugin", "secret", "config"];

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let wanted = matches.text("type");
    if let Some(word) = wanted.filter(|word| !TYPES.contains(word)) {
        let known = TYPES.join("\", \"");
        return Err(CliError::said(match word {
            "" => format!("type is empty: must be one of \"{known}\""),
            word => format!("unknown type: {}: must be one of \"{known}\"", quote(word)),
        }));
    }
    inspect(call, &matches.args, matches.text("format").unwrap_or(""), Html::Plain, &|call, name| {
        if let Some(kind) = wanted {
            return look(call, kind, name);
        }
        let manager = call.api().manages().is_ok();
        let kinds = &LOOKED_FOR[..if manager { LOOKED_FOR.len() } else { 4 }];
        let found = kinds.iter().find_map(|kind| look(call, kind, name).ok());
        found.ok_or_else(|| CliError::said(["Error: No such object: ", name].concat()))
    })?;
    Ok(Flow::Exit(0))
}

/// The object of this kind.
fn look(call: &mut Call, kind: &str, name: &str) -> Result<Value, CliError> {
    Ok(match kind {
        "container" => objects::container(call.world, &container::find(call, name)?),
        "image" => objects::image(call.world, &image::find(call, name)?),
        "network" => {
            let network = call.api().network(name)?;
            objects::network(call.world, call.node, &network)
        }
        "service" => {
            let service = call.api().service(name)?;
            objects::service(call.world, &service, Defaults::Inserted)
        }
        "task" => {
            let task = call.api().task(name)?;
            objects::task(call.world, &task)
        }
        "node" => {
            let node = node::find(call, name)?;
            objects::node(call.world, &node)
        }
        "secret" | "config" => {
            let file = call.api().file(if kind == "config" { FileKind::Config } else { FileKind::Secret }, name)?;
            objects::file(call.world, &file)
        }
        "plugin" => return Err(refused(["plugin ", &quote(name), " not found"].concat())),
        _ => return Err(refused(["get ", name, ": no such volume"].concat())),
    })
}

/// Prints the objects called `references`. `html`: how the JSON of this kind of object escapes.
pub(crate) fn inspect(
    call: &mut Call,
    references: &[String],
    format: &str,
    html: Html,
    find: &dyn Fn(&mut Call, &str) -> Result<Value, CliError>,
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
            (Ok(object), Some(template)) => match template.render_one_of(references.len(), &object) {
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
pub(crate) fn format(matches: &Matches) -> Result<Option<&str>, CliError> {
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
