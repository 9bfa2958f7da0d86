//! `why`: what something waits for, and how it came to be as it is, from its latest event back to the input that began
//! it.

use std::rc::Rc;

use super::{Builtin, Call, Flow};
use crate::event::Operand;
use crate::shell::complete::{Candidate, Place, candidate};
use crate::why::{Lang, Phrase, Reason, Why, clock};

pub(super) const WHY: Builtin = Builtin {
    name: "why",
    usage: "why [--lang LANG] [--all] NAME",
    about: "show what led to a service's, a task's or a node's state",
    run,
    complete,
};

/// Of a longer chain, so many links are shown at its two ends.
const NEWEST: usize = 16;
const OLDEST: usize = 4;

fn run(call: &mut Call) -> Flow {
    let (mut lang, mut all, mut names) = (Lang::of(call.env.variable("LANG")), false, Vec::new());
    let mut words = call.args.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--all" => all = true,
            "--lang" => match words.next().and_then(|code| Lang::of(code)) {
                Some(said) => lang = Some(said),
                None => return refuse(call, "--lang takes a language; write one of: en, ko"),
            },
            "--help" => {
                call.output.out(format!("Usage:  {}\n\n{}\n", WHY.usage, WHY.about));
                return Flow::Exit(0);
            }
            option if option.starts_with('-') => {
                return refuse(call, &format!("there is no option {option}; write {}", WHY.usage));
            }
            name => names.push(name),
        }
    }
    let [name] = names.as_slice() else { return refuse(call, &format!("name one thing; write {}", WHY.usage)) };
    let lang = lang.unwrap_or(Lang::En);
    let why = Why::of(call.host.world);
    let chain = match why.chain(name) {
        Ok(chain) => chain,
        Err((phrase, count)) => {
            let operands = [Operand::Text(Rc::from(*name)), Operand::from(count)];
            let sentence = why.say(phrase, &operands, lang);
            return refuse(call, &sentence);
        }
    };
    let mut text = String::new();
    why.waits(name, lang).iter().for_each(|wait| text.push_str(&format!("  …           {wait}\n")));
    let reasons: Vec<Reason> = chain.iter().filter_map(|event| why.tell(*event, lang)).collect();
    text += &table(&why, &reasons, all, lang);
    call.output.out(text);
    Flow::Exit(0)
}

fn refuse(call: &mut Call, sentence: &str) -> Flow {
    call.output.err(format!("why: {sentence}\n"));
    Flow::Exit(1)
}

/// The latest first, numbered: when, what, and below it the rule.
fn table(why: &Why, reasons: &[Reason], all: bool, lang: Lang) -> String {
    let skipped = if all { 0 } else { reasons.len().saturating_sub(NEWEST + OLDEST + 1) };
    // A single line would take no less room than what it stands for.
    let skipped = if skipped == 0 { 0 } else { skipped + 1 };
    let mut text = String::new();
    for (at, reason) in reasons.iter().enumerate() {
        if skipped > 0 && at == NEWEST {
            text.push_str(&format!("   … {}\n", why.say(Phrase::More, &[Operand::from(skipped)], lang)));
        }
        if skipped > 0 && (NEWEST..NEWEST + skipped).contains(&at) {
            continue;
        }
        let when = clock(reason.at);
        text.push_str(&format!("{:>3}  {when}  {}\n", at + 1, reason.what));
        let upstream = reason.upstream.map_or(String::new(), |up| format!("  [{}, {}]", up.file, up.function));
        if !reason.why.is_empty() {
            text.push_str(&format!("              {}{upstream}\n", reason.why));
        }
    }
    text
}

/// Services, tasks and nodes.
fn complete(place: &Place, before: &[String], word: &str) -> Vec<Candidate> {
    if before.last().is_some_and(|last| last == "--lang") {
        return Lang::ALL.iter().map(|lang| candidate(lang.code(), "")).collect();
    }
    if word.starts_with('-') {
        return vec![candidate("--all", "every link of a long chain"), candidate("--lang", "en or ko")];
    }
    let store = place.world.store();
    let services = store.services().map(|service| service.spec.name.clone());
    let nodes = store.nodes().map(|node| node.description.hostname.clone());
    let mut tasks: Vec<String> = store.tasks().map(|task| task.name()).collect();
    crate::collections::sort(&mut tasks);
    tasks.dedup();
    services.chain(nodes).chain(tasks).map(|name| candidate(&name, "")).collect()
}
