//! What the rollout panel says of a service, as plain data: where its update stands, the failures against what is
//! allowed, the two specs, what happens next. A pure function of a snapshot and of `now`.

use std::cmp::Reverse;

use swarmyard_core::model::{FailureAction, TaskState, UpdateState};
use swarmyard_core::snapshot::{Field, LanePhase, Rollout, Service, Snapshot, Task};
use swarmyard_core::time::Ms;
use swarmyard_core::{collections, decimal};

use crate::stage::look::seconds_left;

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
    /// The rules of the next update, in the words of the command line.
    pub(crate) rules: Vec<(&'static str, String)>,
    pub(crate) spec: Vec<Field>,
    pub(crate) previous: Option<Vec<Field>>,
    pub(crate) next: Vec<Next>,
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

/// The last rollout of each service: a snapshot forgets it when the updater stops, and what stopped it is what people
/// want to see.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rollouts {
    /// By the service's id, with the start of the update it belongs to.
    seen: Vec<(String, Option<Ms>, Rollout)>,
}

impl Rollouts {
    pub(crate) fn look(&mut self, snapshot: &Snapshot) {
        for service in &snapshot.services {
            if let Some(rollout) = &service.rollout {
                self.seen.retain(|(id, ..)| *id != service.id);
                self.seen.push((service.id.clone(), started(service), rollout.clone()));
            }
        }
    }

    /// The rollout that goes on, or the one that has paused.
    fn of<'a>(&'a self, service: &'a Service) -> Option<&'a Rollout> {
        let state = service.update.as_ref().map(|update| update.state);
        let paused = matches!(state, Some(UpdateState::Paused | UpdateState::RollbackPaused));
        let this = |seen: &&(String, Option<Ms>, Rollout)| seen.0 == service.id && seen.1 == started(service);
        let last = || self.seen.iter().find(this).map(|(.., rollout)| rollout);
        service.rollout.as_ref().or_else(|| if paused { last() } else { None })
    }
}

fn started(service: &Service) -> Option<Ms> {
    service.update.as_ref().and_then(|update| update.started)
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
pub(crate) fn panel(snapshot: &Snapshot, last: &Rollouts, name: &str, now: Ms) -> Option<Panel> {
    let service = snapshot.services.iter().find(|service| service.name == name)?;
    let tasks: Vec<&Task> = snapshot.tasks.iter().filter(|task| task.service == name).collect();
    let to = tag(service, service.version).filter(|_| !service.removed);
    Some(Panel {
        name: service.name.clone(),
        from: came_from(service, &tasks),
        next: next(service, &tasks, to.as_ref().map_or("", |tag| &tag.text), now),
        to,
        status: service.update.as_ref().map(|update| (update.state, update.message.clone())),
        in_service: tasks.iter().filter(|task| task.in_service).count(),
        desired: service.desired,
        ports: service.ports.clone(),
        gauge: last.of(service).map(gauge),
        rules: rules(&service.spec),
        spec: compared(&service.spec, service.previous.as_deref().unwrap_or_default()),
        previous: service.previous.as_ref().map(|previous| compared(previous, &service.spec)),
    })
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
fn came_from(service: &Service, tasks: &[&Task]) -> Option<Tag> {
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

fn rules(spec: &[Field]) -> Vec<(&'static str, String)> {
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

/// Models: swarmkit manager/orchestrator/update/updater.go, shouldPauseOrRollback's comparison.
fn gauge(rollout: &Rollout) -> Gauge {
    let dirty = rollout.dirty_slots;
    let ratio = |failures: usize| failures as f32 / dirty as f32;
    let over = ratio(rollout.failures) > rollout.max_failure_ratio;
    let allowed = (0..=dirty).rev().find(|failures| ratio(*failures) <= rollout.max_failure_ratio).unwrap_or(0);
    let sign = if over { ">" } else { "≤" };
    let shown = decimal::shortest((ratio(rollout.failures) * 100.0).round() / 100.0);
    let allowed_ratio = decimal::shortest(rollout.max_failure_ratio);
    let fraction = format!("{}/{dirty} = {shown} {sign} {allowed_ratio}", rollout.failures);
    Gauge { failures: rollout.failures, dirty, allowed, fraction, over, action: rollout.action }
}

fn next(service: &Service, tasks: &[&Task], tag: &str, now: Ms) -> Vec<Next> {
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
fn progress(service: &Service, tasks: &[&Task], tag: &str, now: Ms) -> Vec<Next> {
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
fn retries(service: &Service, tasks: &[&Task], now: Ms) -> Vec<Next> {
    let mut slots: Vec<(u64, Vec<&Task>)> = Vec::new();
    for task in tasks {
        match slots.last_mut() {
            Some((slot, of_slot)) if *slot == task.slot => of_slot.push(task),
            _ => slots.push((task.slot, vec![task])),
        }
    }
    let failing = |task: &&Task| matches!(task.state, TaskState::Failed | TaskState::Rejected);
    let runs = |task: &&Task| task.state == TaskState::Running && task.desired == TaskState::Running;
    let mut said: Vec<(Ms, Next)> = slots
        .into_iter()
        .filter(|(_, of_slot)| of_slot.iter().any(&failing) && !of_slot.iter().any(&runs))
        .map(|(slot, of_slot)| {
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

    fn of(snapshot: &Snapshot) -> Panel {
        panel(snapshot, &Rollouts::default(), "my-app", snapshot.now).expect("the sample's service")
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
        let (mut running, paused) = (updating(), paused());
        running.services[0].rollout.as_mut().expect("a rollout").failures = 1;
        let mut last = Rollouts::default();
        last.look(&running);
        last.look(&paused);
        let gauge = |snapshot: &Snapshot| panel(snapshot, &last, "my-app", 0).and_then(|panel| panel.gauge);
        assert_eq!(gauge(&paused).expect("remembered").failures, 1);
        let mut another = paused.clone();
        another.services[0].update.as_mut().expect("an update").started = Some(99_000);
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
        let mut rollout = updating().services[0].rollout.clone().expect("a rollout");
        (rollout.dirty_slots, rollout.failures, rollout.max_failure_ratio) = (4, 1, 0.25);
        let within = gauge(&rollout);
        assert_eq!((within.fraction.as_str(), within.allowed, within.over), ("1/4 = 0.25 ≤ 0.25", 1, false));
        (rollout.dirty_slots, rollout.max_failure_ratio) = (3, 0.2);
        let over = gauge(&rollout);
        assert_eq!((over.fraction.as_str(), over.allowed, over.over), ("1/3 = 0.33 > 0.2", 0, true));
    }
}
