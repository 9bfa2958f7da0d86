//! `docker config rm`

use crate::docker::command::{Arguments, Command};
use crate::docker::files;
use crate::docker::flags::Offer;
use crate::model::FileKind;

pub(crate) static COMMAND: Command = Command {
    path: "config rm",
    aliases: &["config remove"],
    usage: "CONFIG [CONFIG...]",
    about: "Remove one or more configs",
    korean: "config를 지운다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Configs,
    flags: &[],
    stop_at_argument: false,
    run: |call, matches| files::rm(call, matches, FileKind::Config),
};
