//! `docker stack ls`

use super::NAMESPACE;
use crate::collections::{self, Map};
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Flag, Matches, Offer, STRING};
use crate::docker::format::{Format, Table};
use crate::docker::{ABOUT_FORMAT, Flow};
use crate::json::{Struct, Value};
use crate::natural::natural;

pub(crate) static COMMAND: Command = Command {
    path: "stack ls",
    aliases: &["stack list"],
    usage: "[OPTIONS]",
    about: "List the stacks",
    korean: "스택의 목록을 보여 준다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&[Flag::new("format", STRING, ABOUT_FORMAT)]],
    stop_at_argument: false,
    run,
};

const TABLE: Table = Table {
    titles: &[("Name", "NAME"), ("Services", "SERVICES")],
    table: "{{.Name}}\t{{.Services}}",
    raw: "",
    raw_quiet: "",
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let mut stacks: Map<String, u64> = Map::new();
    for service in call.api().services()? {
        if let Some(stack) = service.spec.labels.get(NAMESPACE) {
            *stacks.entry(stack.clone()).or_default() += 1;
        }
    }
    let mut stacks: Vec<(String, u64)> = stacks.into_iter().collect();
    collections::sort_by(&mut stacks, |a, b| natural(&a.0, &b.0));
    let row = |(name, services): &(String, u64)| {
        Struct::row("*formatter.stackContext").with("Name", name.as_str()).with("Services", services.to_string()).into()
    };
    let rows: Vec<Value> = stacks.iter().map(row).collect();
    let text = Format::of(matches).write(&TABLE, &rows)?;
    call.out.out(text);
    Ok(Flow::Exit(0))
}
