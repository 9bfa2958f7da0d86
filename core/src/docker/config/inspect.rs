//! `docker config inspect`

use crate::docker::command::{Arguments, Command};
use crate::docker::flags::Offer;
use crate::docker::{files, inspect};
use crate::model::FileKind;

pub(crate) static COMMAND: Command = Command {
    path: "config inspect",
    aliases: &[],
    usage: "[OPTIONS] CONFIG [CONFIG...]",
    about: "Show one or more configs in detail",
    korean: "config를 자세히 보여 준다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Configs,
    flags: &[&inspect::FLAGS],
    stop_at_argument: false,
    run: |call, matches| files::inspect(call, matches, FileKind::Config),
};
