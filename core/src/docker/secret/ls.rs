//! `docker secret ls`

use crate::docker::command::{Arguments, Command};
use crate::docker::files;
use crate::docker::flags::Offer;
use crate::model::FileKind;

pub(crate) static COMMAND: Command = Command {
    path: "secret ls",
    aliases: &["secret list"],
    usage: "[OPTIONS]",
    about: "List the secrets",
    korean: "시크릿의 목록을 보여 준다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&files::LS],
    stop_at_argument: false,
    run: |call, matches| files::ls(call, matches, FileKind::Secret),
};
