//! `docker node ps`

use std::rc::Rc;

use super::find;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Matches, Offer};
use crate::docker::{Flow, tasks};
use crate::id::NodeId;
use crate::model::Task;

pub(crate) static COMMAND: Command = Command {
    path: "node ps",
    aliases: &[],
    usage: "[OPTIONS] [NODE...]",
    about: "List tasks running on one or more nodes, defaults to current node",
    korean: "노드에서 도는 태스크의 목록을 보여 준다 (말하지 않으면 이 노드)",
    arguments: Arguments::Any,
    offers: Offer::Nodes,
    flags: &[&tasks::FLAGS],
    stop_at_argument: false,
    run,
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let own = ["self".to_owned()];
    let names = if matches.args.is_empty() { &own[..] } else { &matches.args };
    let mut nodes: Vec<NodeId> = Vec::new();
    let mut tasks: Vec<Rc<Task>> = Vec::new();
    let mut errors = Vec::new();
    let mut answered = false;
    for name in names {
        match find(call, name) {
            Ok(node) => {
                let filters = tasks::filters(call, matches)?;
                // Each question of the client still holds the nodes of those before, so their tasks come again.
                nodes.push(node.id);
                let of_nodes = nodes.iter().flat_map(|node| call.store().tasks_of_node(*node));
                tasks.extend(of_nodes.filter(|task| tasks::passes(task, &filters)).cloned());
                answered = true;
            }
            Err(error) => errors.push(error),
        }
    }
    if answered {
        let text = tasks::table(call.world, tasks, matches.on("no-trunc"), matches)?;
        call.out.out(text);
    }
    CliError::several(errors)?;
    Ok(Flow::Exit(0))
}
