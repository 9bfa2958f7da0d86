//! The reader of compose files: a text is one.

use swarmyard_core::session::Input;
use swarmyard_core::time::SECOND;

use super::reader::Reader;

pub(super) fn play(text: &str, reader: &mut Reader) {
    reader.does(Input::File { node: "manager".to_owned(), path: "f.yml".to_owned(), text: text.to_owned() });
    for line in [
        "A=a docker stack config -c f.yml",
        "docker stack config -c stack.yml -c f.yml > all.yml",
        "docker stack config --skip-interpolation -c all.yml",
        "docker stack deploy --detach=true -c f.yml new",
        "docker stack deploy --prune -c f.yml st",
    ] {
        reader.types(0, line);
        reader.waits_for(0, 5 * SECOND);
        reader.wants_the_prompt(0);
    }
}
