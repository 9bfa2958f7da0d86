//! Strokes of fate: what happens to machines, registry and programs while people type.

use swarmyard_core::scenario::Scenario;
use swarmyard_core::session::Action;

use super::cluster::IMAGES;
use super::commands::Services;
use super::dice::Dice;

/// The words of actions, with what stands in their place: `NODE`, `SERVICE`, `IMAGE`.
const STROKES: &[&str] = &[
    "power-off NODE",
    "power-off NODE",
    "power-on NODE",
    "power-on NODE",
    "power-on NODE",
    "stop-daemon NODE",
    "registry down",
    "registry up",
    "registry up",
    "crash-task SERVICE IMAGE",
    "crash-task SERVICE IMAGE",
    "crash-task SERVICE IMAGE",
];

/// Something that happens; `None` where the words are none that the simulator knows.
pub(super) fn stroke(scenario: &Scenario, services: &Services, dice: &mut Dice) -> Option<Action> {
    let words: Vec<String> = dice.pick(STROKES).split(' ').map(|word| filled(word, scenario, services, dice)).collect();
    Action::parse(&words).ok()
}

fn filled(word: &str, scenario: &Scenario, services: &Services, dice: &mut Dice) -> String {
    match word {
        "NODE" => dice.pick(&scenario.nodes).hostname.clone(),
        "SERVICE" => services.some(dice).to_owned(),
        "IMAGE" => (*dice.pick(IMAGES)).to_owned(),
        word => word.to_owned(),
    }
}
