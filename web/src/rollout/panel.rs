//! What the rollout panel says of a service, as plain data: where its update stands, the failures against what is
//! allowed, the two specs, what happens next. A pure function of a snapshot and of `now`.

use std::cmp::Reverse;
use std::rc::Rc;

use swarmyard_core::model::{FailureAction, TaskState, UpdateState};
use swarmyard_core::snapshot::{self, Chronicle, Field, LanePhase, Service, Snapshot, Task, Verdict, tasks_of};
use swarmyard_core::time::Ms;
use swarmyard_core::{collections, decimal};

use crate::stage::look::{percent, seconds_left};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Panel {
    pub(crate) name: String,
    pub(crate) from: Option<Tag>,
    pub(crate) to: Option<Tag>,
    /// Docker's word and Swarm's message.
    pub(crate) status: Option<(UpdateState, String)>,
    pub(crate) in_service: usize,
    pub(crate) desired: u64,
    pub(crate) ports: Vec<(u16, u16)>,
    pub(crate) gauge: Option<Gauge>,
    /// What the updater's workers do; of many, the first.
    pub(crate) lanes: Vec<Lane>,
    pub(crate) lanes_more: usize,
    /// Whether it is a rollback.
    pub(crate) back: bool,
    /// The rules of the next update, in the words of the command line.
    pub(crate) rules: Vec<(&'static str, String)>,
    pub(crate) spec: Vec<Field>,
    pub(crate) previous: Option<Vec<Field>>,
    pub(crate) next: Vec<Next>,
}

/// A worker of the updater.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lane {
    /// What it works on, or has just done.
    pub(crate) slot: Option<u64>,
    /// Whether it sleeps the update delay: how long still, and how much of it is over.
    pub(crate) delay: bool,
    pub(crate) left: String,
    pub(crate) percent: Option<u8>,
}

/// As many lanes as are shown.
const LANES: usize = 4;

impl Panel {
    /// What a spec's card is known by: a card whose fields are seen at the other place has travelled there.
    pub(crate) fn card(&self, previous: bool) -> Option<String> {
        let none = Vec::new();
        let of = |fields: &[Field]| -> String {
            fields.iter().map(|field| [field.name, "=", &field.value, " "].concat()).collect()
        };
        let (mine, theirs) = (of(&self.spec), of(self.previous.as_ref().unwrap_or(&none)));
        (mine != theirs).then_some(if previous { theirs } else { mine })
    }
}

/// A version by its colour and its word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) text: String,
    pub(crate) image: String,
    pub(crate) hue: usize,
}

/// Failures against what is allowed, with the true denominator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gauge {
    pub(crate) failures: usize,
    pub(crate) dirty: usize,
    /// The largest number of failures that does not exceed the ratio: the threshold lies right of it.
    pub(crate) allowed: usize,
    /// `1/3 = 0.33 > 0.2`, computed and compared as Swarm does.
    pub(crate) fraction: String,
    pub(crate) over: bool,
    pub(crate) action: FailureAction,
}

/// One sentence of what happens next; the words are the language's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Idle,
    Starting(u64),
    Pick(String),
    Replacing { slots: String, tag: String },
    Left(usize),
    Watch(String),
    Delay(String),
    Paused,
    Retry { slot: u64, tag: String, seconds: Option<String> },
    RollingBack(String),
    RollbackPaused,
    Removed,
}

/// The flags that rule an update, with the values of Docker where nobody gave others.
///
/// Models: swarmkit api/defaults/service.go.
const RULES: [(&str, &str); 6] = [
    ("update-parallelism", "1"),
    ("update-delay", "0s"),
    ("update-order", "stop-first"),
    ("update-monitor", "5s"),
    ("update-max-failure-ratio", "0"),
    ("update-failure-action", "pause"),
];

/// The panel of the service called `name`.
#[inline(never)]
pub(crate) fn panel(snapshot: &Snapshot, chronicle: &Chronicle, name: &str, now: Ms) -> Option<Panel> {
    let of = snapshot.services.iter().position(|service| service.name == name)?;
    let service = &snapshot.services[of];
    let tasks = tasks_of(&snapshot.tasks, of);
    let to = tag(service, service.version).filter(|_| !service.removed);
    Some(Panel {
        name: service.name.clone(),
        from: came_from(service, tasks),
        next: next(service, tasks, to.as_ref().map_or("", |tag| &tag.text), now),
        to,
        status: service.update.as_ref().map(|update| (update.state, update.message.clone())),
        in_service: tasks.iter().filter(|task| task.in_service).count(),
        desired: service.desired,
        ports: service.ports.clone(),
        lanes: service.rollout.iter().flat_map(|rollout| &rollout.lanes).take(LANES).map(|at| lane(at, now)).collect(),
        lanes_more: service.rollout.as_ref().map_or(0, |rollout| rollout.lanes.len().saturating_sub(LANES)),
        back: service.rollout.as_ref().is_some_and(|rollout| rollout.rolling_back),
        gauge: verdict(service, chronicle, now).as_ref().map(gauge),
        rules: rules(&service.spec),
        spec: compared(&service.spec, service.previous.as_deref().unwrap_or_default()),
        previous: service.previous.as_ref().map(|previous| compared(previous, &service.spec)),
    })
}

fn lane(lane: &snapshot::Lane, now: Ms) -> Lane {
    Lane {
        slot: lane.slot,
        delay: lane.phase == LanePhase::Delay,
        left: lane.until.map_or(String::new(), |until| seconds_left(until, now)),
        percent: lane.until.map(|until| percent(lane.since, until, now)),
    }
}

/// The service whose panel to show when nobody chose one: where something goes on, else the first.
pub(crate) fn busiest(snapshot: &Snapshot) -> Option<&str> {
    let rolling = snapshot.services.iter().find(|service| service.rollout.is_some());
    rolling.or(snapshot.services.first()).map(|service| service.name.as_str())
}

fn tag(service: &Service, version: usize) -> Option<Tag> {
    let found = service.versions.get(version)?;
    Some(Tag { text: found.tag.clone(), image: found.image.clone(), hue: version })
}

/// The version a rollout comes from: of tasks that still live, else of the previous spec.
fn came_from(service: &Service, tasks: &[Rc<Task>]) -> Option<Tag> {
    service.update.as_ref()?;
    let other = |version: usize| version != service.version;
    let living = tasks.iter().filter(|task| task.live).map(|task| task.version).filter(|version| other(*version)).max();
    let previous = service.previous.as_ref().and_then(|fields| {
        let image = &fields.iter().find(|field| field.name == "image")?.value;
        let image = image.split('@').next().unwrap_or(image);
        service.versions.iter().position(|version| version.image == image)
    });
    tag(service, living.or(previous).filter(|version| other(*version))?)
}

/// How a service with this spec is updated.
pub(crate) fn rules(spec: &[Field]) -> Vec<(&'static str, String)> {
    let given = |name: &str| spec.iter().find(|field| field.name == name).map(|field| field.value.clone());
    RULES.map(|(name, default)| (name, given(name).unwrap_or_else(|| default.to_owned()))).into()
}

/// The fields of one spec beside those of the other. A rule that one of them leaves to Docker's own value is no
/// difference where the other one writes that value down.
fn compared(fields: &[Field], other: &[Field]) -> Vec<Field> {
    let default = |field: &Field| {
        let (_, rule) = field.name.split_once('-')?;
        RULES.iter().find(|(name, _)| name.strip_prefix("update-") == Some(rule)).map(|(_, default)| *default)
    };
    let said = |field: &Field| other.iter().any(|theirs| theirs.name == field.name);
    let differs = |field: &Field| field.differs && (said(field) || default(field) != Some(field.value.as_str()));
    fields.iter().map(|field| Field { differs: differs(field), ..field.clone() }).collect()
}

/// The failures of the rollout that goes on, or of the one that has paused.
fn verdict(service: &Service, chronicle: &Chronicle, now: Ms) -> Option<Verdict> {
    let state = service.update.as_ref().map(|update| update.state);
    match &service.rollout {
        Some(rollout) => Some(Verdict {
            failures: rollout.failures,
            dirty_slots: rollout.dirty_slots,
            max_failure_ratio: rollout.max_failure_ratio,
            action: rollout.action,
        }),
        None if matches!(state, Some(UpdateState::Paused | UpdateState::RollbackPaused)) => {
            chronicle.verdict(&service.name, service.update.as_ref()?.started?, now)
        }
        None => None,
    }
}

/// Models: swarmkit manager/orchestrator/update/updater.go, shouldPauseOrRollback's comparison.
fn gauge(verdict: &Verdict) -> Gauge {
    let Verdict { failures, dirty_slots: dirty, max_failure_ratio, action } = *verdict;
    let ratio = |failures: usize| failures as f32 / dirty as f32;
    let over = ratio(failures) > max_failure_ratio;
    let allowed = (0..=dirty).rev().find(|failures| ratio(*failures) <= max_failure_ratio).unwrap_or(0);
    let sign = if over { ">" } else { "≤" };
    let shown = decimal::shortest((ratio(failures) * 100.0).round() / 100.0);
    let fraction = format!("{failures}/{dirty} = {shown} {sign} {}", decimal::shortest(max_failure_ratio));
    Gauge { failures, dirty, allowed, fraction, over, action }
}

fn next(service: &Service, tasks: &[Rc<Task>], tag: &str, now: Ms) -> Vec<Next> {
    match service.update.as_ref().map(|update| update.state) {
        _ if service.removed => vec![Next::Removed],
        Some(UpdateState::Paused) => [Next::Paused].into_iter().chain(retries(service, tasks, now)).collect(),
        Some(UpdateState::RollbackPaused) => {
            [Next::RollbackPaused].into_iter().chain(retries(service, tasks, now)).collect()
        }
        Some(UpdateState::RollbackStarted) => {
            [Next::RollingBack(tag.to_owned())].into_iter().chain(progress(service, tasks, tag, now)).collect()
        }
        Some(UpdateState::Updating) if service.rollout.is_some() => progress(service, tasks, tag, now),
        _ if service.running < service.desired => [Next::Starting(service.desired - service.running)]
            .into_iter()
            .chain(retries(service, tasks, now))
            .collect(),
        _ => vec![Next::Idle],
    }
}

/// What the updater does at the moment.
fn progress(service: &Service, tasks: &[Rc<Task>], tag: &str, now: Ms) -> Vec<Next> {
    let Some(rollout) = &service.rollout else { return Vec::new() };
    let mut said = Vec::new();
    let busy = rollout.lanes.iter().filter(|lane| lane.phase == LanePhase::Starting);
    let slots: Vec<String> = busy.filter_map(|lane| lane.slot).map(|slot| slot.to_string()).collect();
    if !slots.is_empty() {
        said.push(Next::Replacing { slots: slots.join(", "), tag: tag.to_owned() });
    } else if rollout.dirty_slots == 0 {
        said.push(Next::Pick(tag.to_owned()));
    }
    let pauses = rollout.lanes.iter().filter(|lane| lane.phase == LanePhase::Delay).filter_map(|lane| lane.until);
    if let Some(until) = pauses.min().filter(|_| rollout.waiting_slots > 0) {
        said.push(Next::Delay(seconds_left(until, now)));
    }
    if rollout.waiting_slots > 0 {
        said.push(Next::Left(rollout.waiting_slots));
    }
    let watched = tasks.iter().filter(|task| task.live).filter_map(|task| task.monitored_until);
    let last = rollout.monitoring.map(|(_, until)| until);
    if let Some(until) = watched.chain(last).max().filter(|until| *until > now) {
        said.push(Next::Watch(seconds_left(until, now)));
    }
    said
}

/// The slots that are tried again and again: those whose newest task failed.
fn retries(service: &Service, tasks: &[Rc<Task>], now: Ms) -> Vec<Next> {
    let failing = |task: &Rc<Task>| matches!(task.state, TaskState::Failed | TaskState::Rejected);
    let runs = |task: &Rc<Task>| task.state == TaskState::Running && task.desired == TaskState::Running;
    let mut said: Vec<(Ms, Next)> = tasks
        .chunk_by(|one, other| one.slot == other.slot)
        .filter(|of_slot| of_slot.iter().any(failing) && !of_slot.iter().any(runs))
        .map(|of_slot| {
            let slot = of_slot[0].slot;
            let at = of_slot.iter().filter_map(|task| task.starts_at).filter(|at| *at > now).min();
            let tag = service.versions.get(of_slot[0].version).map_or(String::new(), |version| version.tag.clone());
            (at.unwrap_or(now), Next::Retry { slot, tag, seconds: at.map(|at| seconds_left(at, now)) })
        })
        .collect();
    collections::sort_by_key(&mut said, |(at, _)| Reverse(*at));
    said.truncate(2);
    said.into_iter().map(|(_, next)| next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{finished, paused, start, updating};
    use swarmyard_core::event::EventId;
    use swarmyard_core::snapshot::{Mark, MarkKind};

    fn of(snapshot: &Snapshot) -> Panel {
        panel(snapshot, &Chronicle::default(), "my-app", snapshot.now).expect("the sample's service")
    }

    fn tags(panel: &Panel) -> (Option<&str>, Option<&str>) {
        (panel.from.as_ref().map(|tag| tag.text.as_str()), panel.to.as_ref().map(|tag| tag.text.as_str()))
    }

    #[test]
    fn a_fresh_service_comes_from_nowhere_and_rests() {
        let panel = of(&start());
        assert_eq!(tags(&panel), (None, Some("latest")));
        assert_eq!((panel.in_service, panel.desired), (3, 3));
        assert_eq!(panel.next, [Next::Idle]);
    }

    #[test]
    fn a_paused_update_says_what_is_tried_again_and_when() {
        let panel = of(&paused());
        assert_eq!(tags(&panel), (Some("latest"), Some("badversion")));
        assert_eq!(panel.in_service, 2);
        let retry = Next::Retry { slot: 2, tag: "badversion".to_owned(), seconds: Some("3.6".to_owned()) };
        assert_eq!(panel.next, [Next::Paused, retry]);
    }

    #[test]
    fn a_running_update_names_slots_and_what_is_left() {
        let panel = of(&updating());
        let replacing = Next::Replacing { slots: "2".to_owned(), tag: "badversion".to_owned() };
        assert_eq!(panel.next, [replacing, Next::Left(2)]);
        let gauge = panel.gauge.expect("a rollout is on");
        assert_eq!((gauge.fraction.as_str(), gauge.allowed, gauge.over), ("0/3 = 0 ≤ 0.2", 0, false));
    }

    #[test]
    fn a_paused_update_keeps_the_figures_that_paused_it() {
        let verdict = Verdict { failures: 1, dirty_slots: 3, max_failure_ratio: 0.2, action: FailureAction::Pause };
        let mut chronicle = Chronicle::default();
        let mark = |at, verdict| Mark {
            event: EventId(at as u32),
            at,
            kind: MarkKind::Update,
            about: "my-app".into(),
            word: "paused",
            verdict,
        };
        chronicle.marks = vec![mark(15_000, Some(verdict)), mark(50_000, None)];
        let gauge =
            |snapshot: &Snapshot| panel(snapshot, &chronicle, "my-app", snapshot.now).and_then(|panel| panel.gauge);
        assert_eq!(gauge(&paused()).expect("it was recorded").fraction, "1/3 = 0.33 > 0.2");
        let mut another = paused();
        another.services[0].update.as_mut().expect("an update").started = Some(20_000);
        assert_eq!(gauge(&another), None, "of another update");
        assert_eq!(gauge(&finished()), None, "of an update that is over");
    }

    #[test]
    fn after_a_rollback_by_hand_the_specs_have_changed_places() {
        let panel = of(&finished());
        assert_eq!(tags(&panel), (Some("badversion"), Some("latest")));
        assert_eq!(panel.next, [Next::Idle]);
    }

    #[test]
    fn the_rules_of_the_next_update_are_dockers_unless_given() {
        let mut snapshot = start();
        let rule = |snapshot: &Snapshot, name| of(snapshot).rules.into_iter().find(|(found, _)| *found == name);
        assert_eq!(rule(&snapshot, "update-monitor"), Some(("update-monitor", "5s".to_owned())));
        let given = Field { name: "update-monitor", value: "20s".to_owned(), differs: false };
        snapshot.services[0].spec.push(given);
        assert_eq!(rule(&snapshot, "update-monitor"), Some(("update-monitor", "20s".to_owned())));
    }

    #[test]
    fn a_rule_written_down_with_dockers_own_value_is_no_difference() {
        let mut snapshot = paused();
        for (name, value) in [("update-parallelism", "10"), ("update-delay", "0s"), ("rollback-monitor", "5s")] {
            snapshot.services[0].spec.push(Field { name, value: value.to_owned(), differs: true });
        }
        let differing: Vec<_> =
            of(&snapshot).spec.iter().filter(|field| field.differs).map(|field| field.name).collect();
        assert_eq!(differing, ["image", "update-parallelism"]);
    }

    #[test]
    fn a_service_that_goes_says_so() {
        let mut snapshot = start();
        snapshot.services[0].removed = true;
        let panel = of(&snapshot);
        assert_eq!(tags(&panel), (None, None));
        assert_eq!(panel.next, [Next::Removed]);
    }

    #[test]
    fn the_ratio_is_compared_as_swarm_does_strictly_greater() {
        let verdict = |failures, dirty_slots, max_failure_ratio| {
            let action = FailureAction::Pause;
            let found = gauge(&Verdict { failures, dirty_slots, max_failure_ratio, action });
            (found.fraction, found.allowed, found.over)
        };
        assert_eq!(verdict(1, 4, 0.25), ("1/4 = 0.25 ≤ 0.25".to_owned(), 1, false));
        assert_eq!(verdict(1, 3, 0.2), ("1/3 = 0.33 > 0.2".to_owned(), 0, true));
    }
}
