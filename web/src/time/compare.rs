//! What sets branches apart, in figures: from the moment at which the youngest of them begins.

use swarmyard_core::snapshot::{Chronicle, Client, MarkKind, Stage};
use swarmyard_core::time::Ms;

/// How a branch went for a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) started: usize,
    pub(crate) failed: usize,
    pub(crate) lost: u32,
    /// The lowest number of tasks that served at once.
    pub(crate) lowest: usize,
    /// How long the last update took until it was done, or paused; `None` where there was none or it goes on.
    pub(crate) took_ms: Option<Ms>,
}

/// The figures of `service` from `since` to `end`.
pub(crate) fn figures(chronicle: &Chronicle, client: &Client, service: &str, since: Ms, end: Ms) -> Figures {
    let bars = || chronicle.bars.iter().filter(|bar| *bar.service == *service);
    let failures = bars().flat_map(|bar| &bar.stages).filter(|(_, at, stage)| *at >= since && *stage == Stage::Failed);
    Figures {
        started: bars().filter(|bar| bar.from >= since).count(),
        failed: failures.count(),
        lost: client.totals(end).lost() - client.totals(since).lost(),
        lowest: lowest(chronicle, service, since, end),
        took_ms: took(chronicle, service, since),
    }
}

/// Counts who begins and who ceases to serve, moment by moment.
fn lowest(chronicle: &Chronicle, service: &str, since: Ms, end: Ms) -> usize {
    let mut changes: Vec<(Ms, i32)> = Vec::new();
    let mut serving = 0;
    for bar in chronicle.bars.iter().filter(|bar| *bar.service == *service) {
        for (place, (_, from, stage)) in bar.stages.iter().enumerate() {
            if *stage != Stage::Serving {
                continue;
            }
            let until = bar.stages.get(place + 1).map_or(Ms::MAX, |(_, at, _)| *at);
            if *from <= since && until > since {
                serving += 1;
            } else if *from > since {
                changes.push((*from, 1));
            }
            if until > since {
                changes.push((until, -1));
            }
        }
    }
    // Within one moment those who begin come first: nobody is missed between two events of the same millisecond.
    changes.sort_unstable_by_key(|(at, change)| (*at, -change));
    let mut lowest = serving;
    for (_, change) in changes.iter().take_while(|(at, _)| *at <= end) {
        serving += change;
        lowest = lowest.min(serving);
    }
    usize::try_from(lowest).unwrap_or(0)
}

fn took(chronicle: &Chronicle, service: &str, since: Ms) -> Option<Ms> {
    let marks = chronicle.marks.iter().filter(|mark| mark.kind == MarkKind::Update && *mark.about == *service);
    let (mut began, mut took) = (None, None);
    for mark in marks.filter(|mark| mark.at >= since) {
        match mark.word {
            "updating" => (began, took) = (Some(mark.at), None),
            "rollback_started" => (began, took) = (began.or(Some(mark.at)), None),
            _ => took = began.map(|began| mark.at - began),
        }
    }
    took
}

#[cfg(test)]
mod tests {
    use super::*;
    use swarmyard_core::scenario::Scenario;
    use swarmyard_core::session::{Input, Session};

    #[test]
    fn stop_first_serves_with_fewer_than_start_first() {
        let of = |order: &str| {
            let mut session = Session::new(&Scenario::lab(), 1);
            let mut chronicle = Chronicle::default();
            let update = format!("docker service update -dq --force --update-order {order} a");
            for (line, until) in [
                ("docker service create -dq --name a --replicas 2 masungil/my-fastapi-whoami", 10_000),
                (&update, 60_000),
            ] {
                session.input(Input::Line { shell: 0, text: line.to_owned() });
                while session.now() < until {
                    session.advance(session.now() + 50);
                    chronicle.read(session.world());
                }
            }
            figures(&chronicle, &Client::default(), "a", 10_000, 60_000)
        };
        let (stop, start) = (of("stop-first"), of("start-first"));
        assert_eq!((stop.started, stop.failed, stop.lowest, stop.lost), (2, 0, 1, 0));
        assert_eq!((start.started, start.lowest), (2, 2));
        assert!(start.took_ms.is_some_and(|ms| ms > 5_000), "with the monitor of 5 s: {start:?}");
    }
}
