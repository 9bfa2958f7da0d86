//! `docker stack ps`

use std::rc::Rc;

use super::{check_name, is_of};
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Matches, Offer};
use crate::docker::{Flow, tasks};
use crate::model::Task;

pub(crate) static COMMAND: Command = Command {
    path: "stack ps",
    aliases: &[],
    usage: "[OPTIONS] STACK",
    about: "List the tasks of a stack",
    korean: "스택의 태스크를 보여 준다",
    arguments: Arguments::Exactly(1),
    offers: Offer::Stacks,
    flags: &[&tasks::FLAGS],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let stack = &matches.args[0];
    check_name(stack)?;
    // Who is no manager says so before anything else.
    call.api().services()?;
    let filters = tasks::filters(call, matches)?;
    let tasks = call.store().tasks().filter(|task| is_of(&task.service_labels, stack));
    let tasks: Vec<Rc<Task>> = tasks.filter(|task| tasks::passes(task, &filters)).cloned().collect();
    if tasks.is_empty() {
        return Err(CliError::said(format!("nothing found in stack: {stack}")));
    }
    let text = tasks::table(call.world, tasks, matches.on("no-trunc"), matches)?;
    call.out.out(text);
    Ok(Flow::Exit(0))
}
