//! How long single moments take: a frame of an update, and the way to any moment of a long run. Native and browser runs
//! play the same; who calls brings the clock, because there is none in the core and none in common.

use swarmyard_core::rng::Stream;
use swarmyard_core::session::timeline::Timeline;
use swarmyard_core::session::{Input, Session};
use swarmyard_core::time::{HOUR, MINUTE, Ms, SECOND};

use crate::{Size, cluster, completed, image, line, running};

/// A frame of the page at its own speed, 60 a second.
pub const FRAME: Ms = 16;

/// How many moments are gone to.
const SEEKS: usize = 200;

/// Times of one kind, in milliseconds.
pub struct Times(Vec<f64>);

impl Times {
    /// The time that `percent` of all do not exceed.
    pub fn percentile(&self, percent: usize) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0.get((self.0.len() * percent / 100).min(last)).copied().unwrap_or(0.0)
    }

    fn of(mut times: Vec<f64>) -> Times {
        times.sort_by(f64::total_cmp);
        Times(times)
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [half, most, all] = [50, 99, 100].map(|percent| self.percentile(percent));
        write!(
            f,
            "{:>7} times: half within {half:.3} ms, 99 % within {most:.3} ms, all within {all:.3} ms",
            self.0.len()
        )
    }
}

fn timed<T>(now: &dyn Fn() -> f64, times: &mut Vec<f64>, act: impl FnOnce() -> T) -> T {
    let began = now();
    let done = act();
    times.push(now() - began);
    done
}

/// Frames of a rolling update of 50 tasks on 10 nodes, `speed` times as fast as the page's clock: how long each takes the
/// simulation, and how long it takes to look at it. `now` tells milliseconds.
pub fn frames(speed: u64, now: &dyn Fn() -> f64) -> (Times, Times) {
    let mut session = running(Size { nodes: 10, tasks: 50 });
    let (mut steps, mut looks) = (Vec::new(), Vec::new());
    let update =
        format!("docker service update -d --update-parallelism 2 --update-delay 1s --image {} app", image("v2"));
    line(&mut session, &update);
    // Frames after its end would make the figures better than they are.
    while !completed(&session) {
        let to = session.now() + FRAME * speed;
        timed(now, &mut steps, || session.advance(to));
        drop(timed(now, &mut looks, || session.snapshot()));
    }
    (Times::of(steps), Times::of(looks))
}

/// An hour in which 50 tasks run on 10 nodes and are replaced every few minutes; one update in three fails, pauses with
/// its retries, and is rolled back. With somebody who looks.
pub fn hour() -> Timeline {
    let mut timeline = Timeline::new(&cluster(10), 1);
    let type_at = |timeline: &mut Timeline, at: Ms, text: String| {
        timeline.advance(at);
        timeline.input(Input::Line { shell: 0, text });
    };
    let first = image("latest");
    type_at(&mut timeline, SECOND, format!("docker service create -d --name app --replicas 50 {first}"));
    for (number, minute) in (1..60).step_by(4).enumerate() {
        let at = minute as Ms * MINUTE;
        let tag = ["v2", "v3", "gone"][number % 3];
        let update = "docker service update -d --update-parallelism 4 --update-delay 2s --image";
        type_at(&mut timeline, at, format!("{update} {} app", image(tag)));
        type_at(&mut timeline, at + MINUTE, "docker service ps app".to_owned());
        if tag == "gone" {
            type_at(&mut timeline, at + 2 * MINUTE, "docker service rollback -d app".to_owned());
        }
    }
    timeline.advance(HOUR);
    timeline
}

/// Goes to moments of the hour, anywhere: how long each takes.
pub fn seeks(timeline: &mut Timeline, now: &dyn Fn() -> f64) -> Times {
    let mut luck = Stream::new(1, "moments of a benchmark");
    let mut times = Vec::new();
    for _ in 0..SEEKS {
        let at = luck.between(0, timeline.end());
        timed(now, &mut times, || timeline.seek(at));
        assert_eq!(timeline.now(), at);
    }
    Times::of(times)
}

/// The way there without checkpoints: everything played again from the beginning.
pub fn replay(timeline: &Timeline, now: &dyn Fn() -> f64) -> f64 {
    let session = timeline.session();
    let mut times = Vec::new();
    timed(now, &mut times, || {
        let mut again = Session::replay(session.scenario(), session.seed(), timeline.journal());
        again.advance(timeline.end());
    });
    times[0]
}
