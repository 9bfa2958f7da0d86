//! `docker secret rm`

use crate::docker::command::{Arguments, Command};
use crate::docker::files;
use crate::docker::flags::Offer;
use crate::model::FileKind;

pub(crate) static COMMAND: Command = Command {
    path: "secret rm",
    aliases: &["secret remove"],
    usage: "SECRET [SECRET...]",
    about: "Remove one or more secrets",
    korean: "시크릿을 지운다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Secrets,
    flags: &[],
    stop_at_argument: false,
    run: |call, matches| files::rm(call, matches, FileKind::Secret),
};
