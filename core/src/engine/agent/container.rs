//! Containers: what `docker ps` and `docker service logs` know of.

use std::rc::Rc;

use super::super::Ctx;
use crate::rng::Stream;
use crate::time::Ms;

#[derive(Clone, Debug)]
pub(crate) struct Container {
    /// 64 hexadecimal characters.
    pub(crate) id: Rc<str>,
    pub(crate) created: Ms,
    pub(crate) life: Life,
    pid: u64,
    pub(crate) health: Option<Health>,
    /// What it printed, all to standard output as the images of the scenarios do.
    pub(crate) log: Vec<(Ms, Rc<str>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    Created,
    Running { since: Ms },
    Exited { at: Ms, code: i32 },
}

/// What its health check has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// No probe has passed yet; so many have failed in a row.
    Starting {
        failing: u64,
    },
    Healthy {
        failing: u64,
    },
    Unhealthy,
}

impl Container {
    pub(super) fn new(ctx: &mut Ctx) -> Container {
        let id = hexadecimal(&mut ctx.random.containers);
        let pid = ctx.random.containers.between(2_000, 30_000);
        Container { id: id.into(), created: ctx.now, life: Life::Created, pid, health: None, log: Vec::new() }
    }

    pub(super) fn start(&mut self, lines: &[String], checked: bool, ctx: &Ctx) {
        self.life = Life::Running { since: ctx.now };
        self.health = checked.then_some(Health::Starting { failing: 0 });
        let host = self.hostname();
        self.log.extend(lines.iter().map(|line| (ctx.now, line.replace("{host}", &host).into())));
    }

    /// Ends it, if it has not ended before.
    pub(super) fn end(&mut self, code: i32, at: Ms) {
        if self.is_running() {
            self.life = Life::Exited { at, code };
        }
    }

    /// The host name inside: the first twelve characters of its id.
    pub(crate) fn hostname(&self) -> String {
        self.id[..12].to_owned()
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(self.life, Life::Running { .. })
    }

    pub(super) fn started(&self) -> Option<Ms> {
        match self.life {
            Life::Running { since } => Some(since),
            Life::Created | Life::Exited { .. } => None,
        }
    }

    pub(super) fn exit_code(&self) -> Option<i32> {
        match self.life {
            Life::Exited { code, .. } => Some(code),
            Life::Created | Life::Running { .. } => None,
        }
    }

    /// Its first process while it runs, else 0.
    pub(super) fn pid(&self) -> u64 {
        if self.is_running() { self.pid } else { 0 }
    }
}

fn hexadecimal(stream: &mut Stream) -> String {
    (0..8).map(|_| format!("{:08x}", stream.next_u32())).collect()
}
