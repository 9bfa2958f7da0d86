//! "Why?": from what happened last to a service, a task or a node back to the input that began it. The events are the
//! engine's; here they are looked up, and put into words of the reader's language.
//!
//! A language is one file: a sentence for every kind of event, of rule and of phrase. A missing one does not compile.

mod en;
mod ko;
mod now;
mod tell;

use std::rc::Rc;

use crate::collections::Map;
use crate::event::{EventId, Operand, RuleKind, Upstream, What, WhatKind};
use crate::id::{ServiceId, TaskId};
use crate::time::Ms;
use crate::world::World;

/// The languages that it is told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    En,
    Ko,
}

/// One link of a chain, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    pub event: EventId,
    pub at: Ms,
    /// What happened.
    pub what: String,
    /// The rule with its numbers; empty for what came from outside.
    pub why: String,
    /// Where the rule stands in Swarm's sources.
    pub upstream: Option<Upstream>,
}

/// What is said besides events and rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// {0}: what was asked for.
    Unknown,
    /// {0}: what was asked for; {1}: how many there are.
    Ambiguous,
    /// {0}: how many links are not shown.
    More,
    /// {0}: until when.
    WaitsForDelay,
    /// {0}: the old task.
    WaitsForOld,
    /// {0}: the network.
    WaitsForNetwork,
    /// {0}: until when.
    Busy,
    /// {0}: the slot.
    LaneWaits,
    /// {0}: the slot; {1}: until when.
    LaneSleeps,
    /// {0}: how many.
    SlotsWait,
    /// {0}: until when.
    Watches,
}

/// The sentences of one language.
struct Texts {
    what: fn(WhatKind) -> &'static str,
    rule: fn(RuleKind) -> &'static str,
    phrase: fn(Phrase) -> &'static str,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Ko];

    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Ko => "ko",
        }
    }

    /// The language that a tag or a locale begins with: `ko`, `ko-KR`, `ko_KR.UTF-8`.
    pub fn of(tag: &str) -> Option<Lang> {
        let code = tag.split(['-', '_', '.']).next().unwrap_or_default();
        Lang::ALL.into_iter().find(|lang| code.eq_ignore_ascii_case(lang.code()))
    }

    fn texts(self) -> &'static Texts {
        match self {
            Lang::En => &en::TEXTS,
            Lang::Ko => &ko::TEXTS,
        }
    }
}

/// A moment as the page's clock shows it: `00:21.4`.
pub fn clock(at: Ms) -> String {
    let tenths = at / 100;
    format!("{:02}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// Why things came to be as they are, in a world as it is now.
pub struct Why<'w> {
    world: &'w World,
    /// Names of all services there ever were, and of tasks: service and slot.
    services: Map<ServiceId, Rc<str>>,
    tasks: Map<TaskId, (ServiceId, u64)>,
}

impl<'w> Why<'w> {
    pub fn of(world: &'w World) -> Why<'w> {
        let mut why = Why { world, services: Map::new(), tasks: Map::new() };
        for (_, event) in world.store().record().since(0) {
            match &event.what {
                What::ServiceCreated { service, name } => drop(why.services.insert(*service, Rc::clone(name))),
                What::TaskCreated { task, service, slot } => drop(why.tasks.insert(*task, (*service, *slot))),
                _ => {}
            }
        }
        why
    }

    /// The chain of what `name` means: a service's name, a host name, `app.2`, or the beginning of an id. The latest
    /// event comes first, the input (or the session's beginning) last.
    ///
    /// # Errors
    /// Nothing, or more than one thing, is called so.
    pub fn chain(&self, name: &str) -> Result<Vec<EventId>, (Phrase, usize)> {
        let subject = self.subject(name)?;
        let record = self.world.store().record();
        let about = |id: &EventId| record.get(*id).is_some_and(|event| event.what.operands().first() == Some(&subject));
        Ok(self.chain_of((0..record.len() as u32).rev().map(EventId).find(about)))
    }

    /// An event and what led to it.
    pub fn chain_of(&self, event: Option<EventId>) -> Vec<EventId> {
        let record = self.world.store().record();
        std::iter::successors(event, |id| record.get(*id).and_then(|event| event.cause)).collect()
    }

    /// A phrase with its places filled.
    pub fn say(&self, phrase: Phrase, operands: &[Operand], lang: Lang) -> String {
        tell::fill((lang.texts().phrase)(phrase), operands, &|operand| self.name_of(operand))
    }

    /// What a name means: of two with the same, the younger one.
    fn subject(&self, name: &str) -> Result<Operand, (Phrase, usize)> {
        let store = self.world.store();
        let alive = store.services().find(|service| service.spec.name == name).map(|service| service.id);
        let service = alive.or_else(|| self.services.iter().find(|(_, its)| ***its == *name).map(|(id, _)| *id));
        if let Some(service) = service {
            return Ok(Operand::Service(service));
        }
        if let Some(node) = store.nodes().find(|node| node.description.hostname == name) {
            return Ok(Operand::Node(node.id));
        }
        // By their birth, for a slot has had many.
        let mut newest = None;
        for (_, event) in store.record().since(0) {
            if let What::TaskCreated { task, .. } = event.what
                && self.task_name(task) == name
            {
                newest = Some(Operand::Task(task));
            }
        }
        newest.map_or_else(|| self.by_id(name), Ok)
    }

    fn by_id(&self, prefix: &str) -> Result<Operand, (Phrase, usize)> {
        let services =
            self.services.keys().filter(|id| id.as_str().starts_with(prefix)).map(|id| Operand::Service(*id));
        let tasks = self.tasks.keys().filter(|id| id.as_str().starts_with(prefix)).map(|id| Operand::Task(*id));
        let nodes = self.world.store().nodes().map(|node| node.id);
        let nodes = nodes.filter(|id| id.as_str().starts_with(prefix)).map(Operand::Node);
        let mut found: Vec<Operand> = services.chain(tasks).chain(nodes).collect();
        match (found.pop(), found.len()) {
            (Some(only), 0) if !prefix.is_empty() => Ok(only),
            (Some(_), more) if !prefix.is_empty() => Err((Phrase::Ambiguous, more + 1)),
            _ => Err((Phrase::Unknown, 0)),
        }
    }

    /// One link in words.
    pub fn tell(&self, event: EventId, lang: Lang) -> Option<Reason> {
        let found = self.world.store().record().get(event)?;
        let (texts, kind) = (lang.texts(), found.rule.kind());
        let name = |operand: &Operand| self.name_of(operand);
        Some(Reason {
            event,
            at: found.at,
            what: tell::fill((texts.what)(found.what.kind()), &found.what.operands(), &name),
            why: tell::fill((texts.rule)(kind), &found.rule.operands(), &name),
            upstream: kind.upstream(),
        })
    }

    fn name_of(&self, operand: &Operand) -> String {
        let host =
            |node| self.world.store().node(node).map_or_else(|| node.to_string(), |n| n.description.hostname.clone());
        match operand {
            Operand::Service(id) => self.services.get(id).map_or_else(|| id.to_string(), |name| name.to_string()),
            Operand::Task(id) => [&self.task_name(*id), " (", id.short(), ")"].concat(),
            Operand::Node(id) => host(*id),
            Operand::Refused(refused) => {
                let each: Vec<String> =
                    refused.iter().map(|(node, filter)| [&host(*node), ": ", filter].concat()).collect();
                each.join("; ")
            }
            _ => String::new(),
        }
    }

    /// As tables show it: `app.2`; of a task that is gone, as far as it is known.
    fn task_name(&self, id: TaskId) -> String {
        if let Some(task) = self.world.store().task(id) {
            return task.name();
        }
        let (service, slot) = self
            .tasks
            .get(&id)
            .map_or(("", 0), |(service, slot)| (self.services.get(service).map_or("", |name| &**name), *slot));
        format!("{service}.{slot}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collections::Set;
    use crate::scenario::Scenario;
    use crate::session::{Input, Session};

    const PHRASES: &[Phrase] = &[
        Phrase::Unknown,
        Phrase::Ambiguous,
        Phrase::More,
        Phrase::WaitsForDelay,
        Phrase::WaitsForOld,
        Phrase::WaitsForNetwork,
        Phrase::Busy,
        Phrase::LaneWaits,
        Phrase::LaneSleeps,
        Phrase::SlotsWait,
        Phrase::Watches,
    ];

    /// The operands that a sentence names.
    fn places(sentence: &str) -> Set<usize> {
        let places = sentence.split('{').skip(1).filter_map(|place| place.split('}').next());
        places.map(|place| place.trim_end_matches('s').parse().expect("a place is a number")).collect()
    }

    #[test]
    fn sentences_name_operands_that_there_are_and_the_same_in_every_language() {
        let (en, ko) = (Lang::En.texts(), Lang::Ko.texts());
        for kind in WhatKind::ALL.iter().copied() {
            assert_eq!(places((en.what)(kind)), places((ko.what)(kind)), "{kind:?}");
            assert!(places((en.what)(kind)).iter().all(|place| *place < kind.fields().len()), "{kind:?}");
        }
        for kind in RuleKind::ALL.iter().copied() {
            let named = places((en.rule)(kind));
            assert_eq!(named, places((ko.rule)(kind)), "{kind:?}");
            assert!(named.iter().all(|place| *place < kind.fields().len()), "{kind:?}");
        }
        for phrase in PHRASES {
            assert_eq!(places((en.phrase)(*phrase)), places((ko.phrase)(*phrase)), "{phrase:?}");
        }
    }

    #[test]
    fn every_rule_of_swarms_names_its_source() {
        let without: Vec<RuleKind> = RuleKind::ALL.iter().copied().filter(|kind| kind.upstream().is_none()).collect();
        assert_eq!(without, [RuleKind::Outside, RuleKind::FromTheStart]);
        for upstream in RuleKind::ALL.iter().filter_map(|kind| kind.upstream()) {
            assert!(upstream.file.starts_with("swarmkit ") || upstream.file.starts_with("moby "), "{upstream:?}");
            assert!(!upstream.function.is_empty(), "{upstream:?}");
        }
    }

    fn session(lines: &str) -> Session {
        let mut session = Session::new(&Scenario::lab(), 1);
        session.input(Input::Line { shell: 0, text: lines.to_owned() });
        session.advance(20_000);
        session
    }

    /// What the chain of `name` says, oldest last.
    fn told(session: &Session, name: &str) -> Vec<String> {
        let why = Why::of(session.world());
        let chain = why.chain(name).expect("it is known");
        chain.iter().filter_map(|event| why.tell(*event, Lang::En)).map(|reason| reason.what).collect()
    }

    #[test]
    fn a_command_is_one_input_as_it_was_typed() {
        let session = session(
            "docker service create -dq --name a --label 'x=it'\\''s y' \\\n  demo/exit0 && docker service create -dq --name b \
             demo/exit0\ndocker service ls; docker service rm a b",
        );
        let inputs: Vec<String> = session
            .world()
            .store()
            .record()
            .since(0)
            .filter(|(_, event)| event.what.kind() == WhatKind::Input)
            .map(|(_, event)| tell::fill("{0}", &event.what.operands(), &|_| String::new()))
            .collect();
        let typed = [
            "$ docker service create -dq --name a --label 'x=it'\\''s y' demo/exit0",
            "$ docker service create -dq --name b demo/exit0",
            "$ docker service rm a b",
        ];
        assert_eq!(inputs, typed, "what only looks is no cause");
        for name in ["a", "b"] {
            assert_eq!(told(&session, name), [format!("service {name} was removed"), typed[2].to_owned()]);
        }
    }

    #[test]
    fn names_mean_services_nodes_tasks_and_ids() {
        let session = session(
            "docker service create -dq --name a demo/crash; docker service create -dq --name b --mode global demo/healthy",
        );
        let why = Why::of(session.world());
        let store = session.world().store();
        let newest =
            store.tasks().filter(|task| task.name() == "a.1").max_by_key(|task| task.meta.born).expect("it ran");
        assert_eq!(why.subject("a.1"), Ok(Operand::Task(newest.id)));
        assert_eq!(why.subject(newest.id.short()), Ok(Operand::Task(newest.id)));
        let global = store.tasks().find(|task| task.slot == 0).expect("it is global");
        assert_eq!(why.subject(&global.name()), Ok(Operand::Task(global.id)));
        let node = store.nodes().next().expect("there are nodes");
        assert_eq!(why.subject(&node.description.hostname), Ok(Operand::Node(node.id)));
        assert_eq!(why.subject(node.id.as_str()), Ok(Operand::Node(node.id)));
        assert_eq!(why.subject(""), Err((Phrase::Unknown, 0)));
        assert_eq!(why.subject("c"), Err((Phrase::Unknown, 0)));
    }

    #[test]
    fn a_check_that_turns_bad_leads_to_what_made_it_so() {
        let mut session = session("docker service create -dq --name a --restart-condition none demo/healthy");
        let act = |session: &mut Session, words: &str| {
            session.input(Input::World(crate::action::Action::read(words).expect("it is an action")));
        };
        act(&mut session, "image demo/healthy:latest health=failing");
        session.advance(80_000);
        let told = told(&session, "a.1");
        assert_eq!(told.last().map(String::as_str), Some("@ image demo/healthy:latest health=failing"), "{told:#?}");
    }

    #[test]
    fn what_is_waited_for_is_told() {
        let mut session =
            session("docker service create -dq --name a --replicas 3 --stop-grace-period 30s demo/slowstop");
        let waits = |session: &Session, name: &str| Why::of(session.world()).waits(name, Lang::En);
        assert_eq!(waits(&session, "a"), [""; 0]);
        let line = "docker service update -dq --force --update-delay 4s --update-parallelism 2 a".to_owned();
        session.input(Input::Line { shell: 0, text: line });
        session.advance(25_000);
        let at_first = waits(&session, "a");
        assert_eq!(at_first.len(), 3, "{at_first:?}");
        assert!(at_first[0].starts_with("a lane of the update waits until slot "), "{at_first:?}");
        assert_eq!(at_first[2], "slots that wait for a lane: 1");
        let slot = at_first[0].split(' ').nth(8).expect("the slot is named").to_owned();
        let new = waits(&session, &format!("a.{slot}"));
        assert!(new[0].starts_with(&format!("it waits for a.{slot} (")) && new[0].ends_with(") to stop"), "{new:?}");
        session.advance(52_500);
        assert!(waits(&session, "a")[0].contains(" sleeps its delay until 00:5"), "{:?}", waits(&session, "a"));
        session.advance(94_000);
        assert!(waits(&session, "a")[0].starts_with("the update watches for failures until 01:"));
        session.advance(120_000);
        assert_eq!(waits(&session, "a"), [""; 0]);
    }

    #[test]
    fn a_task_without_an_address_tells_its_network() {
        let mut session = session("docker network create -d overlay --subnet 10.0.0.0/16 wide");
        let line = |session: &mut Session, text: &str| {
            session.input(Input::Line { shell: 0, text: text.to_owned() });
            let now = session.now();
            session.advance(now + 10_000);
        };
        line(&mut session, "docker service create -dq --name a --network wide demo/healthy");
        line(&mut session, "docker network create -d overlay --subnet 10.9.0.0/30 tiny");
        line(&mut session, "docker service create -dq --name b --network tiny demo/healthy");
        line(&mut session, "docker service create -dq --name c --network tiny demo/healthy");
        let waits = |name: &str| Why::of(session.world()).waits(name, Lang::En);
        let for_network =
            |network: &str| format!("it waits for network {network} to have an address for it: others have them all");
        assert_eq!(waits("a.1"), [for_network("wide")]);
        assert_eq!(waits("b.1"), [""; 0], "it had the only one");
        assert_eq!(waits("c.1"), [for_network("tiny")]);
    }

    #[test]
    fn a_restart_tells_its_delay_and_its_attempt() {
        let session =
            session("docker service create -dq --name a --restart-delay 1s --restart-max-attempts 3 demo/crash");
        let why = Why::of(session.world());
        let chain = why.chain("a.1").expect("it is known");
        let rules: Vec<String> = chain.iter().filter_map(|event| why.tell(*event, Lang::En)).map(|r| r.why).collect();
        for rule in [
            "no restart: condition any, and the task is failed; 3 of 3 attempts are used",
            "the restart delay is over",
            "restart condition any; restart delay 1 s; attempt 3 of 3",
            "restart condition any; restart delay 1 s; attempt 1 of 3",
            "the program ended with code 1",
        ] {
            assert!(rules.iter().any(|told| told == rule), "{rule} is not in {rules:#?}");
        }
    }
}
