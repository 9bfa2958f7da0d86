//! The shell: a text is pasted, and what it began is interrupted after ten seconds. Then Tab is pressed at its last line.

use swarmyard_core::session::Input;
use swarmyard_core::shell::{Editor, Key};
use swarmyard_core::time::SECOND;

use super::reader::Reader;

pub(super) fn play(text: &str, reader: &mut Reader) {
    reader.types(0, text);
    reader.waits_for(0, 10 * SECOND);
    reader.wants_the_prompt(0);
    if reader.session().terminal(0).continued {
        reader.does(Input::End { shell: 0 });
        reader.wants_the_prompt(0);
    }
    let mut editor = Editor::default();
    let line = text.lines().last().unwrap_or_default().to_owned();
    for key in [Key::Paste(line), Key::Tab, Key::WordLeft, Key::Tab, Key::Ctrl('w'), Key::Ctrl('r'), Key::Enter] {
        reader.session().press(0, &mut editor, key);
    }
}
