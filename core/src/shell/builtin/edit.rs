//! `edit`: asks whoever shows the terminal for an editor. The file comes back as an input of the session; then Ctrl-D
//! ends the command, and Ctrl-C gives it up.

use super::{Builtin, Call, Flow, Running, fail};
use crate::shell::complete::files;
use crate::shell::files::Files;

pub(super) const EDIT: Builtin =
    Builtin { name: "edit", usage: "edit FILE", about: "open a file in an editor", run, complete: files };

fn run(call: &mut Call) -> Flow {
    let [name] = call.args else { return fail(call, "edit", "write the name of one file", 1) };
    let path = Files::resolve(&call.env.directory, name);
    if let Err(why) = call.host.files.check_new(&path) {
        call.output.err(format!("edit: {name}: {why}\n"));
        return Flow::Exit(1);
    }
    if call.output.terminal.is_none() {
        call.output.err(format!("swarmyard: {INSTEAD}\n").replace("FILE", name));
        return Flow::Exit(1);
    }
    Flow::Hold(Running::Edit(path.into()))
}

/// What to do where there is no editor.
pub const INSTEAD: &str = "there is no editor here; write the file with cat > FILE <<'EOF'";
