//! Strokes of fate: what happens to machines, registry and programs while people type.

use swarmyard_core::action::{KEYS, USAGES};
use swarmyard_core::scenario::Scenario;
use swarmyard_core::session::Action;

use super::cluster::IMAGES;
use super::commands::Services;
use super::dice::Dice;

/// What ends a trouble is played more often than the others, so that clusters live.
const HELPS: &[&str] = &["power-on", "power-on", "start-daemon", "registry up", "free"];

/// Something that happens: any action that there is, with its places filled in; `None` where that makes no sense.
pub(super) fn stroke(scenario: &Scenario, services: &Services, dice: &mut Dice) -> Option<Action> {
    let help = *dice.pick(HELPS);
    let usage = USAGES.iter().filter(|_| dice.chance(35)).find(|usage| usage.pattern.starts_with(help));
    let usage = usage.unwrap_or_else(|| dice.pick(USAGES));
    let words: Vec<String> = usage.words().map(|word| filled(word, scenario, services, dice)).collect();
    Action::parse(&words).ok()
}

fn filled(word: &str, scenario: &Scenario, services: &Services, dice: &mut Dice) -> String {
    match word {
        "NODE" => dice.pick(&scenario.nodes).hostname.clone(),
        "SERVICE" => services.some(dice).to_owned(),
        "TASK" => format!("{}.{}", services.some(dice), dice.between(1, 4)),
        "IMAGE" => (*dice.pick(IMAGES)).to_owned(),
        "TAG" => (*dice.pick(&["v1", "v2", "v9", "latest"])).to_owned(),
        "PERCENT" => (*dice.pick(&["20", "100", "400"])).to_owned(),
        "KEY=VALUE…" => setting(dice),
        word => word.to_owned(),
    }
}

/// One way in which an image changes.
fn setting(dice: &mut Dice) -> String {
    let (_, key, values, _) = dice.pick(KEYS);
    let value = *dice.pick(&values.split('|').collect::<Vec<_>>());
    let value = match value {
        "TIME" => (*dice.pick(&["0s", "300ms", "2s", "9s"])).to_owned(),
        "CODE" => dice.between(0, 3).to_string(),
        "SIZE" => "20MB".to_owned(),
        word => word.to_owned(),
    };
    format!("{key}={value}")
}
