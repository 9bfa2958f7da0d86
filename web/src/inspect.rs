//! What docker itself says of something: asked on a copy of the session, so that looking changes nothing.

use swarmyard_core::model::Role;
use swarmyard_core::session::{Input, Session};
use swarmyard_core::snapshot::Snapshot;

/// The kinds of objects, with the command that lists their names and the one that shows one of them.
pub(crate) const KINDS: [(&str, &str, &str); 7] = [
    ("service", "docker service ls --format '{{.Name}}'", "docker service inspect --pretty "),
    ("node", "docker node ls --format '{{.Hostname}}'", "docker node inspect --pretty "),
    ("task", "", "docker service ps --no-trunc --filter id="),
    ("image", "docker images --format '{{.Repository}}:{{.Tag}}'", "docker images --digests "),
    ("network", "docker network ls --format '{{.Name}}'", "docker network inspect "),
    ("config", "docker config ls --format '{{.Name}}'", "docker config inspect --pretty "),
    ("secret", "docker secret ls --format '{{.Name}}'", "docker secret inspect --pretty "),
];

/// All objects that have a name, by kind.
pub(crate) fn objects(session: &Session, snapshot: &Snapshot) -> Vec<(&'static str, Vec<String>)> {
    let listed = KINDS.iter().filter(|(_, list, _)| !list.is_empty());
    let names = listed.map(|(kind, list, _)| {
        let mut names = ask(session, snapshot, list);
        names.retain(|name| !name.contains("<none>"));
        (*kind, names)
    });
    names.filter(|(_, names)| !names.is_empty()).collect()
}

/// What `line` answers on a manager.
pub(crate) fn ask(session: &Session, snapshot: &Snapshot, line: &str) -> Vec<String> {
    let manager = snapshot.nodes.iter().find(|node| node.leader);
    let manager = manager.or_else(|| snapshot.nodes.iter().find(|node| node.role == Role::Manager));
    let mut copy = session.clone();
    copy.input(Input::Open { node: manager.map_or(String::new(), |node| node.hostname.clone()), columns: None });
    let shell = copy.terminals() - 1;
    copy.input(Input::Line { shell, text: line.to_owned() });
    copy.terminal(shell).blocks.iter().flat_map(|block| &block.lines).map(|line| line.text.clone()).collect()
}

/// The command that shows what is called `name`: a service's or a node's name, else that of a task.
pub(crate) fn command_for(name: &str, snapshot: &Snapshot) -> String {
    let kind = if snapshot.services.iter().any(|service| service.name == name || service.id == name) {
        "service"
    } else if snapshot.nodes.iter().any(|node| node.hostname == name || node.id == name) {
        "node"
    } else {
        "task"
    };
    let task = snapshot.tasks.iter().find(|task| task.name == name || task.id.starts_with(name));
    match task.filter(|_| kind == "task") {
        Some(task) => command(kind, &[&task.id[..task.id.len().min(12)], " ", &task.service].concat()),
        None => command(kind, name),
    }
}

pub(crate) fn command(kind: &str, name: &str) -> String {
    let shows = KINDS.iter().find(|(known, ..)| *known == kind).map_or("", |(.., shows)| *shows);
    [shows, name].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use swarmyard_core::scenario::Scenario;

    #[test]
    fn docker_is_asked_without_a_trace() {
        let mut session = Session::new(&Scenario::lab(), 1);
        let line = "docker service create -dq --name a masungil/my-fastapi-whoami; echo x | docker config create c -";
        session.input(Input::Line { shell: 0, text: line.to_owned() });
        session.advance(9_000);
        let snapshot = session.snapshot();
        let found = objects(&session, &snapshot);
        let names = |kind: &str| found.iter().find(|(known, _)| *known == kind).map(|(_, names)| names.join(" "));
        assert_eq!(names("service").as_deref(), Some("a"));
        assert_eq!(names("config").as_deref(), Some("c"));
        assert_eq!(names("secret"), None);
        assert!(names("image").is_some_and(|names| names.contains("masungil/my-fastapi-whoami:latest")));
        assert!(names("network").is_some_and(|names| names.contains("ingress")));
        assert_eq!(command_for("a", &snapshot), "docker service inspect --pretty a");
        let task = command_for("a.1", &snapshot);
        assert_eq!(task, ["docker service ps --no-trunc --filter id=", &snapshot.tasks[0].id[..12], " a"].concat());
        let said = ask(&session, &snapshot, &task);
        assert!(said.len() == 2 && said[1].starts_with(&snapshot.tasks[0].id), "{said:?}");
        assert_eq!((session.terminals(), session.journal().len()), (1, 1));
    }
}
