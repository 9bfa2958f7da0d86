//! A client outside the swarm that asks a published port again and again, and counts which version answered and what
//! was lost. It only looks: no request of its changes anything, so it is no part of a session's history, and whoever
//! plays the same session again may ask faster or slower.
//!
//! As in Docker's mesh, its requests go to the tasks in turn; those of `curl` in a session are given to one at random.

use std::rc::Rc;

use super::build::{images_of, version_of};
use super::news::{News, Seen};
use crate::id::{NodeId, ServiceId, TaskId};
use crate::model::Task;
use crate::time::{Ms, SECOND};
use crate::world::World;

/// Versions are counted apart up to this many; the next share.
const VERSIONS: usize = 6;

#[derive(Clone, Default)]
pub struct Client {
    /// Whom it asks: a host name and a published port.
    pub host: Rc<str>,
    pub port: u16,
    /// From one request to the next; 0 while it asks nothing.
    pub every_ms: Ms,
    /// How long a request takes besides what the program needs: an upload, a long poll.
    pub length_ms: Ms,
    /// Up to when it has asked, and when it asks next.
    asked: Ms,
    next: Ms,
    turn: usize,
    mesh: Mesh,
    /// Whether anybody has ever answered it.
    served: bool,
    underway: Vec<Underway>,
    /// What had come of it by so many seconds, where that was more than before.
    totals: Vec<(u32, Totals)>,
    /// How many seconds apart they are at least, less one, except where something was lost.
    apart: u32,
    /// How many of those are kept.
    most: usize,
    sum: Totals,
    /// The second in which something came last.
    second: u32,
    /// The latest, oldest first: for dots.
    pub recent: Vec<Request>,
}

#[derive(Clone, Copy, Debug)]
struct Underway {
    until: Ms,
    task: TaskId,
    version: usize,
}

/// What has come of all requests up to some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// By version.
    pub answered: [u32; VERSIONS],
    /// Nobody answered at the port.
    pub refused: u32,
    /// The task ended before it had answered.
    pub cut: u32,
}

impl Totals {
    pub fn lost(&self) -> u32 {
        self.refused + self.cut
    }
}

/// A request as it began, or was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    pub at: Ms,
    /// The version that is to answer; `None` for one that was lost.
    pub version: Option<usize>,
}

/// So many moments of the past are known. When there are more, they are kept twice as far apart, except where something
/// was lost: what is kept of hours is no more than what is kept of some minutes.
const MOMENTS: usize = 1_024;

/// So many of the latest are kept.
const RECENT: usize = 60;

impl Client {
    /// One that asks `host`, so often; at which port, is yet to be said.
    pub fn new(host: &str, every_ms: Ms) -> Client {
        Client { host: host.into(), every_ms, ..Client::default() }
    }

    /// Asks up to `until`, up to which nothing happens in `world` any more.
    pub fn pass(&mut self, world: &World, until: Ms) {
        if self.asked > world.now() || self.asked >= until {
            return;
        }
        self.asked = until;
        // There may have been nobody to ask until now.
        self.next = self.next.max(world.now());
        self.cut_off(world);
        while self.every_ms > 0 && self.next < until {
            let at = self.next;
            self.next += self.every_ms;
            self.answer_up_to(at);
            self.mesh.look(world, &self.host, self.port);
            let answering = &self.mesh.answering;
            if answering.is_empty() && !self.served {
                // A service that has yet to come up loses nobody's requests.
                continue;
            }
            self.served = true;
            self.turn += 1;
            let chosen = if answering.is_empty() { None } else { answering.get(self.turn % answering.len()) };
            match chosen {
                Some(one) => {
                    let (task, version) = (one.task.2, one.version);
                    self.underway.push(Underway { until: at + one.answer_ms + self.length_ms, task, version });
                    self.show(at, Some(version));
                }
                None => {
                    self.count(at, |sum| sum.refused += 1);
                    self.show(at, None);
                }
            }
        }
        self.answer_up_to(until);
    }

    /// What had come of it at `now`; long ago, a few seconds before that.
    pub fn totals(&self, now: Ms) -> Totals {
        let second = second_of(now);
        if now >= self.asked || second > self.second {
            return self.sum;
        }
        let known = self.totals.partition_point(|(by, _)| *by <= second);
        known.checked_sub(1).map_or_else(Totals::default, |last| self.totals[last].1)
    }

    /// Seconds up to which more had been lost than before, for marks.
    pub fn losses(&self) -> impl Iterator<Item = Ms> {
        let mut before = 0;
        let totals = self.totals.iter().copied().chain([(self.second + 1, self.sum)]);
        totals.filter_map(move |(by, sum)| {
            let more = sum.lost() > std::mem::replace(&mut before, sum.lost());
            more.then_some(Ms::from(by - 1) * SECOND)
        })
    }

    /// Goes on from `now`, in another future.
    pub fn forget_future(&mut self, now: Ms) {
        let sum = self.totals(now);
        self.second = second_of(now);
        self.totals.retain(|(by, _)| *by <= self.second);
        self.underway.clear();
        self.recent.clear();
        self.mesh = Mesh::default();
        (self.sum, self.asked, self.next) = (sum, now, now);
    }

    fn answer_up_to(&mut self, at: Ms) {
        let (done, underway): (Vec<Underway>, Vec<Underway>) =
            self.underway.iter().partition(|asked| asked.until <= at);
        self.underway = underway;
        for asked in done {
            self.count(asked.until, |sum| sum.answered[asked.version % VERSIONS] += 1);
        }
    }

    fn cut_off(&mut self, world: &World) {
        let now = world.now();
        let (underway, cut): (Vec<Underway>, Vec<Underway>) =
            self.underway.iter().partition(|asked| world.runs(asked.task));
        self.underway = underway;
        for _ in cut {
            self.count(now, |sum| sum.cut += 1);
            self.show(now, None);
        }
    }

    fn count(&mut self, at: Ms, add: impl FnOnce(&mut Totals)) {
        let second = second_of(at);
        if second > self.second {
            let (by, last) = self.totals.last().copied().unwrap_or_default();
            if last.lost() != self.sum.lost() || self.second - by >= self.apart && last != self.sum {
                self.totals.push((self.second + 1, self.sum));
                self.thin_out();
            }
            self.second = second;
        }
        add(&mut self.sum);
    }

    fn thin_out(&mut self) {
        if self.totals.len() <= self.most.max(MOMENTS) {
            return;
        }
        self.apart = 2 * self.apart + 1;
        let (mut kept, mut before) = (0, 0);
        self.totals.retain(|(by, sum)| {
            let keep = sum.lost() > before || by - kept > self.apart;
            if keep {
                (kept, before) = (*by, sum.lost());
            }
            keep
        });
        // Where much was lost, much is kept.
        self.most = 2 * self.totals.len();
    }

    fn show(&mut self, at: Ms, version: Option<usize>) {
        if self.recent.len() == RECENT {
            self.recent.remove(0);
        }
        self.recent.push(Request { at, version });
    }
}

fn second_of(at: Ms) -> u32 {
    (at / SECOND) as u32
}

/// Who answers at a port of a host, as far as events have been read.
#[derive(Clone, Default)]
struct Mesh {
    at: Option<(NodeId, u16)>,
    seen: Seen,
    /// In the order of their places.
    answering: Vec<Answering>,
}

#[derive(Clone)]
struct Answering {
    task: Place,
    version: usize,
    answer_ms: Ms,
}

type Place = (ServiceId, u64, TaskId);

impl Mesh {
    /// Takes over what has changed in `world`.
    fn look(&mut self, world: &World, host: &str, port: u16) {
        let seen = Seen::all(world);
        let node = self.at.filter(|(_, its)| *its == port).map(|(node, _)| node);
        if let Some(node) = node
            && let Some(news) = News::since(self.seen, world)
        {
            for id in news.tasks.iter() {
                self.take(*id, node, port, world);
            }
            self.seen = seen;
            return;
        }
        let node = world.store().nodes().find(|node| node.description.hostname == host);
        *self = Mesh { at: node.map(|node| (node.id, port)), seen, answering: Vec::new() };
        let Some(node) = node else { return };
        self.answering.extend(world.answering(node.id, port).map(|(task, after)| answering(task, after, world)));
    }

    /// Something happened to a task.
    fn take(&mut self, id: TaskId, node: NodeId, port: u16, world: &World) {
        let Some(task) = world.store().task(id) else {
            self.answering.retain(|known| known.task.2 != id);
            return;
        };
        let place = self.answering.binary_search_by(|known| known.task.cmp(&place_of(task)));
        match (world.answer_ms(task, node, port), place) {
            (Some(after), Err(place)) => self.answering.insert(place, answering(task, after, world)),
            (None, Ok(place)) => drop(self.answering.remove(place)),
            (Some(_), Ok(_)) | (None, Err(_)) => {}
        }
    }
}

fn place_of(task: &Task) -> Place {
    (task.service, task.slot, task.id)
}

fn answering(task: &Task, answer_ms: Ms, world: &World) -> Answering {
    let version = version_of(&task.spec.container.image, &images_of(task.service, world));
    Answering { task: place_of(task), version, answer_ms }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_hours_is_little_and_says_what_was_lost_when() {
        const HOURS: Ms = 3 * 3_600;
        let mut client = Client::new("manager", 1_000);
        for second in 0..HOURS {
            client.count(second * SECOND, |sum| sum.answered[0] += 1);
            if [3_333, 3_334, 7_000].contains(&second) {
                client.count(second * SECOND, |sum| sum.refused += 1);
            }
        }
        client.asked = HOURS * SECOND;
        assert!(client.totals.len() <= 2 * MOMENTS, "{}", client.totals.len());
        assert!(client.losses().eq([3_333 * SECOND, 3_334 * SECOND, 7_000 * SECOND]));
        for second in (0..HOURS).step_by(7) {
            let totals = client.totals(second * SECOND);
            let late = second as u32 - totals.answered[0];
            assert!(late <= 32, "{late} s at {second} s");
            assert_eq!(totals.lost(), [3_334, 3_335, 7_001].iter().filter(|by| second >= **by).count() as u32);
        }
        client.forget_future(7_000 * SECOND);
        assert_eq!((client.totals(7_000 * SECOND).lost(), client.totals(HOURS * SECOND).lost()), (2, 2));
    }
}
