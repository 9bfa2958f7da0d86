//! `docker node ls`

use crate::collections;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, FILTER, Flag, Matches, Offer, STRING};
use crate::docker::format::{Format, Table};
use crate::docker::units::pretty_state;
use crate::docker::{Flow, filter};
use crate::id::NodeId;
use crate::json::{Struct, Value};
use crate::model::{Node, Reachability};
use crate::natural::natural;

pub(crate) static COMMAND: Command = Command {
    path: "node ls",
    aliases: &["node list"],
    usage: "[OPTIONS]",
    about: "List nodes in the swarm",
    korean: "스웜에 있는 노드의 목록을 보여 준다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&[
        Flag::new("filter", FILTER, "Only nodes that match (id, label, membership, name, node.label, role)").short('f'),
        Flag::new("format", STRING, crate::docker::ABOUT_FORMAT),
        Flag::new("quiet", BOOL, "Only IDs").short('q'),
    ]],
    stop_at_argument: false,
    run,
};

const TABLE: Table = Table {
    titles: &[
        ("ID", "ID"),
        ("Hostname", "HOSTNAME"),
        ("Status", "STATUS"),
        ("Availability", "AVAILABILITY"),
        ("ManagerStatus", "MANAGER STATUS"),
        ("EngineVersion", "ENGINE VERSION"),
        ("TLSStatus", "TLS STATUS"),
    ],
    table: "{{if .Self}}{{.ID}} *{{else}}{{.ID}}  {{end}}\t{{.Hostname}}\t{{.Status}}\t{{.Availability}}\t\
            {{.ManagerStatus}}\t{{.EngineVersion}}",
    raw: "node_id: {{.ID}}\nhostname: {{.Hostname}}\nstatus: {{.Status}}\navailability: {{.Availability}}\n\
          manager_status: {{.ManagerStatus}}\n",
    raw_quiet: "node_id: {{.ID}}",
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let mut nodes = call.api().nodes()?;
    let filters = matches.filters();
    filter::known(&filters, &["id", "label", "membership", "name", "node.label", "role"])?;
    for (key, value) in &filters {
        match (key.as_str(), value.as_str()) {
            ("role", "worker" | "manager") | ("membership", "accepted" | "pending") => {}
            ("role" | "membership", value) => {
                return Err(filter::refused(format!("Invalid {key} filter: '{value}'")));
            }
            _ => {}
        }
    }
    nodes.retain(|node| {
        filter::all(&filters, |key, value| match key {
            "id" => node.id.as_str().starts_with(value),
            "label" => filter::label(&node.description.engine_labels, value),
            "name" => node.description.hostname.starts_with(value),
            "node.label" => filter::label(&node.spec.labels, value),
            "role" => node.spec.role.word() == value,
            // Every node is accepted; yet this engine answers with none, whatever is asked for.
            _ => false,
        })
    });
    collections::sort_by(&mut nodes, |a, b| natural(&a.description.hostname, &b.description.hostname));
    let rows: Vec<Value> = nodes.iter().map(|node| row(node, call.node)).collect();
    let text = Format::of(matches).write(&TABLE, &rows)?;
    call.out.out(text);
    Ok(Flow::Exit(0))
}

fn row(node: &Node, own: NodeId) -> Value {
    let manager = node.manager.as_ref().map_or("", |manager| match (manager.leader, manager.reachability) {
        (true, _) => "Leader",
        (false, Reachability::Reachable) => "Reachable",
        (false, Reachability::Unreachable) => "Unreachable",
        (false, Reachability::Unknown) => "Unknown",
    });
    Struct::row("*node.nodeContext")
        .with("Availability", pretty_state(node.spec.availability.word()))
        .with("EngineVersion", node.description.engine_version.as_str())
        .with("Hostname", node.description.hostname.as_str())
        .with("ID", node.id.as_str())
        .with("ManagerStatus", manager)
        .with("Self", node.id == own)
        .with("Status", pretty_state(node.status.state.word()))
        .with("TLSStatus", "Ready")
        .into()
}
