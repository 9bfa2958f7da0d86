//! What a node's engine tells of its containers: `docker events`.
//!
//! Models: moby daemon/events.go, daemon/monitor.go, daemon/health.go.

use std::rc::Rc;

use super::container::Health;
use super::health::Check;
use super::{Agent, Ctx};
use crate::id::TaskId;
use crate::model::{Network, Notice, PublishMode, Task};
use crate::rng::Stream;

type Details = Vec<(&'static str, String)>;

impl Agent {
    /// Tells something of a task's container, if it has one.
    pub(crate) fn tell(&self, task: TaskId, action: &str, details: Details, ctx: &mut Ctx) {
        let Some(work) = self.work.get(&task) else { return };
        let Some(container) = &work.container else { return };
        ctx.store.notify(Notice {
            at: ctx.now,
            kind: "container",
            action: action.into(),
            actor: Rc::clone(&container.id),
            on: Some(self.node),
            task: Some(Rc::clone(&work.task)),
            details,
        });
    }

    /// Tells that a container joins or leaves its networks.
    pub(super) fn tell_networks(&self, task: TaskId, action: &str, ctx: &mut Ctx) {
        let Some(work) = self.work.get(&task) else { return };
        let Some(container) = &work.container else { return };
        for (actor, name, driver) in self.networks(&work.task, ctx) {
            let details = vec![("container", container.id.to_string()), ("name", name), ("type", driver)];
            ctx.store.notify(Notice {
                at: ctx.now,
                kind: "network",
                action: action.into(),
                actor: actor.into(),
                on: Some(self.node),
                task: None,
                details,
            });
        }
    }

    /// The networks of a container: (id, name, driver).
    fn networks(&self, task: &Task, ctx: &Ctx) -> Vec<(String, String, String)> {
        let ports = task.endpoint.iter().flat_map(|endpoint| &endpoint.ports);
        let meshed = ports.into_iter().any(|port| port.mode == PublishMode::Ingress);
        let joined = |network: &Network| {
            (meshed && network.ingress)
                || task.spec.networks.iter().any(|attached| attached.target == network.id.as_str())
        };
        let shown = |network: &Network| (network.shown_id(), network.name.clone(), network.driver.clone());
        let networks = ctx.store.networks().filter(|network| joined(network));
        let networks: Vec<_> = networks.map(|network| shown(network)).collect();
        if networks.is_empty() { vec![shown(&Network::builtin(self.node, "bridge", "bridge"))] } else { networks }
    }

    /// Ends a container's program, if it runs, and tells so. `stopped`: it was the engine that wanted it.
    pub(super) fn end_container(&mut self, task: TaskId, code: i32, stopped: bool, ctx: &mut Ctx) {
        let Some(container) = self.work.get_mut(&task).and_then(|work| work.container.as_mut()) else { return };
        let Some(since) = container.started() else { return };
        container.end(code, ctx.now);
        self.tell_networks(task, "disconnect", ctx);
        if stopped {
            self.tell(task, "stop", Vec::new(), ctx);
        }
        let ran = (ctx.now - since) / crate::time::SECOND;
        self.tell(task, "die", vec![("execDuration", ran.to_string()), ("exitCode", code.to_string())], ctx);
    }

    /// Tells of a probe that runs a command, and of what it has changed.
    pub(super) fn tell_probe(&self, task: TaskId, check: &Check, before: Health, found: Health, ctx: &mut Ctx) {
        if let Some(command) = check.command.as_ref().filter(|command| command.len() > 1) {
            let shell = if command[0] == "CMD-SHELL" { "/bin/sh -c " } else { "" };
            let command = format!("{shell}{}", command[1..].join(" "));
            let number = format!("{task}{}", ctx.now);
            let mut stream = Stream::new(0, &number);
            let exec: String = (0..8).map(|_| format!("{:08x}", stream.next_u32())).collect();
            let passed = matches!(found, Health::Healthy { failing: 0 });
            for action in [format!("exec_create: {command}"), format!("exec_start: {command}"), "exec_die".to_owned()] {
                let mut details = vec![("execID", exec.clone())];
                if action == "exec_die" {
                    details.push(("exitCode", if passed { "0" } else { "1" }.to_owned()));
                }
                self.tell(task, &action, details, ctx);
            }
        }
        let word = |health| match health {
            Health::Starting { .. } => "starting",
            Health::Healthy { .. } => "healthy",
            Health::Unhealthy => "unhealthy",
        };
        if word(before) != word(found) {
            self.tell(task, &format!("health_status: {}", word(found)), Vec::new(), ctx);
        }
    }
}
