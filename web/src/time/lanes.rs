//! The chart of time: a lane for each slot, a bar for the life of each task in it, and what the update was at. Layout
//! alone, in percent of the width; pure functions.

use swarmyard_core::snapshot::{Bar, Chronicle, MarkKind, Stage};
use swarmyard_core::time::Ms;

/// The part of time that is in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from: Ms,
    pub(crate) to: Ms,
}

impl Window {
    /// A moment that stands still for a while, at or a little after `at`: of a span of time that has `steps`, at least
    /// half so many. So that a chart that grows with time is not another one in every frame.
    pub(crate) fn rounded(at: Ms, span: Ms, steps: Ms) -> Ms {
        at.next_multiple_of((span.next_power_of_two() / steps).max(1))
    }

    /// Where a moment stands, from the left; beyond the edges at the edges.
    pub(crate) fn percent(self, at: Ms) -> f32 {
        let passed = at.clamp(self.from, self.to) - self.from;
        passed as f32 * 100.0 / (self.to - self.from).max(1) as f32
    }

    pub(crate) fn holds(self, at: Ms) -> bool {
        (self.from..=self.to).contains(&at)
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Chart {
    pub(crate) lanes: Vec<Lane>,
    /// Slots that found no room.
    pub(crate) hidden: usize,
    /// What the update was at.
    pub(crate) band: Vec<Band>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lane {
    /// The slot, or the node of a global service.
    pub(crate) title: String,
    pub(crate) pieces: Vec<Piece>,
}

/// A stage in the life of a task.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) left: f32,
    pub(crate) width: f32,
    pub(crate) hue: usize,
    pub(crate) stage: Stage,
    /// Whether it begins while the task before it is still there: drawn below that one.
    pub(crate) low: bool,
    pub(crate) task: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Band {
    pub(crate) left: f32,
    pub(crate) width: f32,
    /// Docker's word for the state of the update.
    pub(crate) word: &'static str,
}

/// The steps in which the last bars of a chart grow.
pub(crate) const FINE: Ms = 256;
/// The steps in which what is in sight grows or moves on: then every bar is another one.
pub(crate) const COARSE: Ms = 32;

/// As many lanes as have room.
const LANES: usize = 10;

/// What is narrower than this is left out where something else stands already.
const LEAST: f32 = 0.5;

/// The chart of `service` up to `end`, as far as it lies in `window`.
pub(crate) fn chart(chronicle: &Chronicle, service: &str, window: Window, end: Ms) -> Chart {
    // By slot; those of global services by node. Of those that find no room, only their number is wanted.
    let mut lanes: Vec<((u64, &str), Vec<&Bar>)> = Vec::new();
    let mut seen: Vec<bool> = Vec::new();
    let mut slots = 0;
    for bar in chronicle.bars.iter().filter(|bar| *bar.service == *service && in_sight(bar, window)) {
        let place = (bar.slot, if bar.slot == 0 { &*bar.node } else { "" });
        let slot = usize::try_from(bar.slot).unwrap_or_default();
        seen.resize(seen.len().max(slot + 1), false);
        slots += usize::from(slot > 0 && !std::mem::replace(&mut seen[slot], true));
        if slot > 0 && lanes.len() >= LANES && lanes[LANES - 1].0 < place {
            continue;
        }
        match lanes.binary_search_by(|(known, _)| known.cmp(&place)) {
            Ok(lane) => lanes[lane].1.push(bar),
            Err(lane) => lanes.insert(lane, (place, vec![bar])),
        }
    }
    let nodes = lanes.iter().take_while(|(place, _)| place.0 == 0).count();
    let hidden = (slots + nodes).saturating_sub(LANES);
    lanes.truncate(LANES);
    let title = |(slot, node): (u64, &str)| if slot == 0 { node.to_owned() } else { slot.to_string() };
    let lanes: Vec<Lane> = lanes
        .into_iter()
        .map(|(place, bars)| Lane { title: title(place), pieces: pieces(&bars, window, end) })
        .collect();
    Chart { lanes, hidden, band: band(chronicle, service, window, end) }
}

fn in_sight(bar: &Bar, window: Window) -> bool {
    bar.from <= window.to && bar.until().is_none_or(|until| until >= window.from)
}

fn pieces(bars: &[&Bar], window: Window, end: Ms) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut before = 0;
    for bar in bars {
        let (overlaps, alone) = (bar.from < before, before);
        before = before.max(bar.until().unwrap_or(end));
        let first = [(bar.from, Stage::Coming)];
        let mut stages: Vec<(Ms, Stage)> =
            first.into_iter().chain(bar.stages.iter().map(|(_, at, stage)| (*at, *stage))).collect();
        // Where the one before has gone, it has the lane for itself.
        if let Some(place) = stages.iter().rposition(|(at, _)| *at < alone).filter(|_| overlaps)
            && stages.get(place + 1).is_none_or(|(next, _)| *next > alone)
        {
            stages.insert(place + 1, (alone, stages[place].1));
        }
        for (place, (at, stage)) in stages.iter().enumerate() {
            let until = stages.get(place + 1).map_or(end, |(next, _)| *next);
            let failed = *stage == Stage::Failed && window.holds(*at);
            let (left, right) =
                (window.percent(*at), window.percent(if *stage == Stage::Failed { *at } else { until }));
            let low = overlaps && *at < alone;
            let crowded = pieces.iter().rev().take(4).any(|last| left - last.left < LEAST && last.stage == *stage);
            if *stage == Stage::Ended || (right - left <= 0.0 && !failed) || (right - left < LEAST && crowded) {
                continue;
            }
            let (hue, task) = (bar.version, bar.task().to_owned());
            pieces.push(Piece { left, width: right - left, hue, stage: *stage, low, task });
        }
    }
    pieces
}

/// An update that is over is drawn no more.
fn band(chronicle: &Chronicle, service: &str, window: Window, end: Ms) -> Vec<Band> {
    let marks = chronicle.marks.iter().filter(|mark| mark.kind == MarkKind::Update && *mark.about == *service);
    let states: Vec<(Ms, &'static str)> = marks.map(|mark| (mark.at, mark.word)).collect();
    let ends = states.iter().skip(1).map(|(at, _)| *at).chain([end]);
    let bands = states.iter().zip(ends).filter(|((_, word), _)| !word.ends_with("completed"));
    let bands = bands.map(|((at, word), until)| (window.percent(*at), window.percent(until), *word));
    bands
        .filter(|(left, right, _)| right > left)
        .map(|(left, right, word)| Band { left, width: right - left, word })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use swarmyard_core::scenario::Scenario;
    use swarmyard_core::session::{Input, Session};

    /// What is chronicled of `lines`, typed at once, after so long.
    fn chronicled(lines: &[&str], seconds: Ms) -> Chronicle {
        let mut session = Session::new(&Scenario::lab(), 1);
        let mut chronicle = Chronicle::default();
        for line in lines {
            session.input(Input::Line { shell: 0, text: (*line).to_owned() });
            for _ in 0..seconds * 10 {
                session.advance(session.now() + 100);
                chronicle.read(session.world());
            }
        }
        chronicle
    }

    const CREATE: &str = "docker service create -dq --name a --replicas 2 masungil/my-fastapi-whoami";

    #[test]
    fn a_slot_is_a_lane_and_its_tasks_follow_each_other() {
        let update = "docker service update -dq --image masungil/my-fastapi-whoami:v2 a";
        let chronicle = chronicled(&[CREATE, update], 10);
        let chart = chart(&chronicle, "a", Window { from: 0, to: 20_000 }, 20_000);
        let titles: Vec<&str> = chart.lanes.iter().map(|lane| lane.title.as_str()).collect();
        assert_eq!((titles, chart.hidden), (vec!["1", "2"], 0));
        for lane in &chart.lanes {
            let hues: Vec<usize> =
                lane.pieces.iter().filter(|piece| piece.stage == Stage::Serving).map(|piece| piece.hue).collect();
            assert_eq!(hues, [0, 1]);
            assert!(lane.pieces.iter().all(|piece| piece.left + piece.width <= 100.01), "{lane:?}");
        }
        assert_eq!(chart.band[0].word, "updating");
        assert!((chart.band[0].left - 50.0).abs() < 0.5, "{:?}", chart.band);
    }

    #[test]
    fn failures_are_crosses_and_a_paused_update_goes_on_to_the_end() {
        let chronicle = chronicled(&[CREATE, "docker service update -dq --image a:b a"], 10);
        let chart = chart(&chronicle, "a", Window { from: 10_000, to: 20_000 }, 20_000);
        let crosses = chart.lanes.iter().flat_map(|lane| &lane.pieces).filter(|piece| piece.stage == Stage::Failed);
        assert!(crosses.count() >= 2);
        let last = chart.band.last().expect("it is paused");
        assert_eq!((last.word, last.left + last.width), ("paused", 100.0));
    }

    #[test]
    fn with_start_first_the_new_task_is_drawn_below_the_old_one() {
        let chronicle = chronicled(&[CREATE, "docker service update -dq --force --update-order start-first a"], 9);
        let chart = chart(&chronicle, "a", Window { from: 0, to: 18_000 }, 18_000);
        for Lane { pieces, .. } in &chart.lanes {
            let last = pieces.last().expect("a task runs");
            assert!(pieces.iter().any(|piece| piece.low && piece.task == last.task), "{pieces:?}");
            assert!(
                !last.low && last.left + last.width == 100.0,
                "when the old one has gone, it has the lane: {pieces:?}"
            );
        }
    }

    #[test]
    fn thousands_of_tries_are_not_thousands_of_pieces() {
        let chronicle = chronicled(&[CREATE, "docker service update -dq --image a:b --restart-delay 0s a"], 400);
        let chart = chart(&chronicle, "a", Window { from: 0, to: 800_000 }, 800_000);
        let pieces: usize = chart.lanes.iter().map(|lane| lane.pieces.len()).sum();
        assert!((50..1_500).contains(&pieces), "{pieces}");
    }
}
