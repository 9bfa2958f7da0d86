//! Tells what happens at a rate that somebody who listens can follow: all that came since it spoke last, in one go.

use swarmyard_core::snapshot::{Mark, MarkKind, Snapshot};

use crate::text::{Texts, fill};
use crate::time::marks::mark_words;

/// So long it keeps silent after it has spoken, in the browser's milliseconds.
const SILENCE_MS: f64 = 2_500.0;

/// As much as it says at once.
const SENTENCES: usize = 3;

#[derive(Clone, Debug, Default)]
pub(crate) struct Narrator {
    pub(crate) says: String,
    spoke: f64,
    /// Up to which event it has told.
    told: u32,
}

impl Narrator {
    /// Speaks of `marks` up to the moment of `snapshot`, if it is time. Returns whether it says something new.
    pub(crate) fn listen(&mut self, marks: &[Mark], snapshot: &Snapshot, texts: &Texts, real_ms: f64) -> bool {
        let fresh =
            marks.iter().rev().take_while(|mark| mark.event.0 >= self.told).filter(|mark| mark.at <= snapshot.now);
        // What was typed is in the log, which speaks for itself.
        let mut fresh: Vec<&Mark> = fresh.filter(|mark| mark.kind != MarkKind::Command).collect();
        if fresh.is_empty() || real_ms - self.spoke < SILENCE_MS {
            return false;
        }
        fresh.reverse();
        self.told = fresh.last().map_or(0, |mark| mark.event.0 + 1);
        self.spoke = real_ms;
        let hidden = fresh.len().saturating_sub(SENTENCES);
        let mut says: Vec<String> = Vec::new();
        if hidden > 0 {
            says.push(fill(texts.narrator_more, &[&hidden]));
        }
        says.extend(fresh.iter().skip(hidden).map(|mark| mark_words(mark, texts)));
        for (of, service) in snapshot.services.iter().enumerate().filter(|(_, service)| !service.removed) {
            let serving = snapshot.tasks.iter().filter(|task| task.of == of && task.in_service).count();
            says.push([&service.name, ": ", &fill(texts.in_service, &[&serving, &service.desired])].concat());
        }
        self.says = says.join(". ");
        true
    }

    /// Starts anew at the moment of another past.
    pub(crate) fn forget(&mut self, events: usize) {
        self.told = events as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::paused;
    use crate::text::Lang;
    use swarmyard_core::event::EventId;

    #[test]
    fn it_speaks_at_a_bearable_rate_and_forgets_nothing() {
        let mark = |event, about: &str| Mark {
            event: EventId(event),
            at: 10,
            kind: MarkKind::Failure,
            about: about.into(),
            word: "failed",
            verdict: None,
        };
        let marks: Vec<Mark> = (0..5).map(|event| mark(event, &format!("app.{event}"))).collect();
        let (snapshot, texts) = (paused(), Lang::En.texts());
        let mut narrator = Narrator::default();
        assert!(narrator.listen(&marks[..1], &snapshot, texts, 3_000.0));
        assert_eq!(narrator.says, "app.0: failed. my-app: 2/3 in service");
        assert!(!narrator.listen(&marks, &snapshot, texts, 4_000.0), "it has just spoken");
        assert!(narrator.listen(&marks, &snapshot, texts, 6_000.0));
        assert!(narrator.says.starts_with("1 more before. app.2: failed. app.3"), "{}", narrator.says);
        assert!(!narrator.listen(&marks, &snapshot, texts, 16_000.0), "nothing is told twice");
    }
}
