//! `docker service ls`

use std::rc::Rc;

use crate::api::ServiceStatus;
use crate::collections;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, FILTER, Flag, Matches, Offer, STRING};
use crate::docker::format::{Format, Table};
use crate::docker::{Flow, filter};
use crate::engine::image::without_digest;
use crate::json::{Struct, Value};
use crate::model::{Mode, PortConfig, PublishMode, Service};
use crate::natural::natural;

pub(crate) static COMMAND: Command = Command {
    path: "service ls",
    aliases: &["service list"],
    usage: "[OPTIONS]",
    about: "List the services of the swarm",
    korean: "서비스의 목록을 보여 준다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&FLAGS],
    stop_at_argument: false,
    run,
};

pub(crate) const FLAGS: [Flag; 3] = [
    Flag::new("filter", FILTER, "Only services that match (id, label, mode, name, runtime)").short('f'),
    Flag::new("format", STRING, crate::docker::ABOUT_FORMAT),
    Flag::new("quiet", BOOL, "Only short IDs").short('q'),
];

const TABLE: Table = Table {
    titles: &[
        ("ID", "ID"),
        ("Name", "NAME"),
        ("Mode", "MODE"),
        ("Replicas", "REPLICAS"),
        ("Image", "IMAGE"),
        ("Ports", "PORTS"),
    ],
    table: "{{.ID}}\t{{.Name}}\t{{.Mode}}\t{{.Replicas}}\t{{.Image}}\t{{.Ports}}",
    raw: "id: {{.ID}}\nname: {{.Name}}\nmode: {{.Mode}}\nreplicas: {{.Replicas}}\nimage: {{.Image}}\nports: {{.Ports}}\n",
    raw_quiet: "id: {{.ID}}",
};

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let services = filtered(call, matches)?;
    print(call, services, matches)?;
    Ok(Flow::Exit(0))
}

/// The services that pass the filters.
pub(crate) fn filtered(call: &mut Call, matches: &Matches) -> Result<Vec<Rc<Service>>, CliError> {
    let mut services = call.api().services()?;
    let filters = matches.filters();
    filter::known(&filters, &["id", "label", "mode", "name", "runtime"])?;
    services.retain(|service| {
        filter::all(&filters, |key, value| match key {
            "id" => service.id.as_str().starts_with(value),
            "name" => service.spec.name.starts_with(value),
            "label" => filter::label(&service.spec.labels, value),
            "mode" => service.spec.mode.title().replace(' ', "-") == value,
            _ => value == "container",
        })
    });
    Ok(services)
}

/// The table of services.
pub(crate) fn print(call: &mut Call, mut services: Vec<Rc<Service>>, matches: &Matches) -> Result<(), CliError> {
    collections::sort_by(&mut services, |a, b| natural(&a.spec.name, &b.spec.name));
    let rows: Vec<Value> = services.iter().map(|service| row(service, call.api().service_status(service))).collect();
    let text = Format::of(matches).write(&TABLE, &rows)?;
    call.out.out(text);
    Ok(())
}

fn row(service: &Service, status: ServiceStatus) -> Value {
    Struct::row("*service.serviceContext")
        .with("ID", service.id.short())
        .with("Image", without_digest(&service.spec.task.container.image))
        .with("Mode", service.spec.mode.title())
        .with("Name", service.spec.name.as_str())
        .with("Ports", ports(&service.endpoint.ports))
        .with("Replicas", replicas(service, status))
        .into()
}

/// `3/3`, with what else the mode has to say.
fn replicas(service: &Service, status: ServiceStatus) -> String {
    let ServiceStatus { running, desired, completed } = status;
    match service.spec.mode {
        Mode::Replicated { .. } => {
            let most = service.spec.task.placement.as_ref().map_or(0, |placement| placement.max_replicas);
            let cap = if most > 0 { format!(" (max {most} per node)") } else { String::new() };
            format!("{running}/{desired}{cap}")
        }
        Mode::Global => format!("{running}/{desired}"),
        Mode::ReplicatedJob { total_completions, .. } => {
            format!("{running}/{desired} ({completed}/{total_completions} completed)")
        }
        Mode::GlobalJob => format!("{running}/{desired} ({completed}/{} completed)", desired + completed),
    }
}

/// The ports of the routing mesh, neighbours drawn together: `*:80-81->80-81/tcp`.
///
/// Models: docker/cli cli/command/service/formatter.go, Ports.
fn ports(ports: &[PortConfig]) -> String {
    let mut ports: Vec<&PortConfig> = ports.iter().filter(|port| port.mode == PublishMode::Ingress).collect();
    collections::sort_by_key(&mut ports, |port| (port.protocol.word(), port.published));
    let range = |from: u32, to: u32| if from == to { from.to_string() } else { format!("{from}-{to}") };
    let mut texts = Vec::new();
    let mut rest = &ports[..];
    while let Some(first) = rest.first() {
        let follows = |step: u32| {
            let continues = |(i, port): (usize, &&&PortConfig)| {
                port.protocol == first.protocol
                    && port.published == first.published + i as u32
                    && port.target == first.target + step * i as u32
            };
            rest.iter().enumerate().take_while(|(i, port)| continues((*i, port))).count()
        };
        // Either the targets run along with the published ports, or they all are one.
        let (length, step) = if follows(1) >= follows(0) { (follows(1), 1) } else { (follows(0), 0) };
        let last = length as u32 - 1;
        texts.push(format!(
            "*:{}->{}/{}",
            range(first.published, first.published + last),
            range(first.target, first.target + step * last),
            first.protocol.word()
        ));
        rest = &rest[length..];
    }
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Protocol;

    #[test]
    fn neighbouring_ports_are_drawn_together() {
        let port =
            |published, target, protocol, mode| PortConfig { name: String::new(), protocol, target, published, mode };
        let (tcp, udp, mesh) = (Protocol::Tcp, Protocol::Udp, PublishMode::Ingress);
        let check = |config: &[PortConfig], text: &str| assert_eq!(ports(config), text);
        check(&[port(8000, 8000, tcp, mesh)], "*:8000->8000/tcp");
        check(&[port(81, 81, tcp, mesh), port(80, 80, tcp, mesh)], "*:80-81->80-81/tcp");
        check(&[port(80, 80, tcp, mesh), port(81, 80, tcp, mesh)], "*:80-81->80/tcp");
        check(&[port(80, 80, udp, mesh), port(80, 80, tcp, mesh)], "*:80->80/tcp, *:80->80/udp");
        check(&[port(80, 80, tcp, mesh), port(90, 90, tcp, mesh)], "*:80->80/tcp, *:90->90/tcp");
        check(&[port(80, 80, tcp, PublishMode::Host)], "");
    }
}
