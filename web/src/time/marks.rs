//! Where marks stand on the bar of time, and what they say. Pure functions.

use swarmyard_core::snapshot::{Mark, MarkKind};
use swarmyard_core::time::Ms;

use super::lanes::Window;
use crate::text::{Texts, fill};

/// A mark with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spot {
    pub(crate) mark: Mark,
    /// From the left.
    pub(crate) percent: f32,
}

/// As many places as marks may have, so that each can be hit.
const PLACES: Ms = 80;

/// One mark for each place that has any, the weightiest of its kind: what somebody did before what came of it.
pub(crate) fn spots(marks: &[Mark], window: Window) -> Vec<Spot> {
    let from = marks.partition_point(|mark| mark.at < window.from);
    let until = marks.partition_point(|mark| mark.at <= window.to);
    let place = |mark: &Mark| mark.at * PLACES / (window.to - window.from).max(1);
    let shown = marks[from..until.max(from)].chunk_by(|one, other| place(one) == place(other));
    let weightiest = shown.filter_map(|chunk| chunk.iter().min_by_key(|mark| weight(mark.kind)));
    weightiest.map(|mark| Spot { mark: mark.clone(), percent: window.percent(mark.at) }).collect()
}

fn weight(kind: MarkKind) -> u8 {
    match kind {
        MarkKind::Command => 0,
        MarkKind::Update => 1,
        MarkKind::Failure => 2,
        MarkKind::Node => 3,
        MarkKind::Lane => 4,
    }
}

/// What a mark says. Docker's words stay Docker's.
pub(crate) fn mark_words(mark: &Mark, texts: &Texts) -> String {
    match mark.kind {
        MarkKind::Command => mark.about.trim_start_matches("$ ").to_owned(),
        MarkKind::Lane => fill(texts.mark_lane, &[&mark.about]),
        _ => format!("{}: {}", mark.about, mark.word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;
    use swarmyard_core::event::EventId;

    fn mark(at: Ms, kind: MarkKind) -> Mark {
        Mark { event: EventId(at as u32), at, kind, about: "$ docker".into(), word: "", verdict: None }
    }

    #[test]
    fn crowded_marks_give_way_to_the_weightiest() {
        let marks = [
            mark(0, MarkKind::Node),
            mark(500, MarkKind::Lane),
            mark(501, MarkKind::Command),
            mark(900, MarkKind::Lane),
        ];
        let shown: Vec<_> =
            spots(&marks, Window { from: 0, to: 1_000 }).into_iter().map(|spot| (spot.mark.at, spot.percent)).collect();
        assert_eq!(shown, [(0, 0.0), (501, 50.1), (900, 90.0)]);
        let part: Vec<_> =
            spots(&marks, Window { from: 480, to: 520 }).into_iter().map(|spot| (spot.mark.at, spot.percent)).collect();
        assert_eq!(part, [(500, 50.0), (501, 52.5)], "what is looked at closer has more room");
        assert_eq!(mark_words(&marks[2], Lang::En.texts()), "docker");
    }
}
