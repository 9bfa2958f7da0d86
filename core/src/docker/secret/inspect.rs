//! `docker secret inspect`

use crate::docker::command::{Arguments, Command};
use crate::docker::flags::Offer;
use crate::docker::{files, inspect};
use crate::model::FileKind;

pub(crate) static COMMAND: Command = Command {
    path: "secret inspect",
    aliases: &[],
    usage: "[OPTIONS] SECRET [SECRET...]",
    about: "Show one or more secrets in detail",
    korean: "시크릿을 자세히 보여 준다 (내용은 빼고)",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Secrets,
    flags: &[&inspect::FLAGS],
    stop_at_argument: false,
    run: |call, matches| files::inspect(call, matches, FileKind::Secret),
};
