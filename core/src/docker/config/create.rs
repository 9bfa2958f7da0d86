//! `docker config create`

use crate::docker::command::{Arguments, Command};
use crate::docker::files;
use crate::docker::flags::{Flag, Offer, STRING};
use crate::docker::service::LABEL;
use crate::model::FileKind;

pub(crate) static COMMAND: Command = Command {
    path: "config create",
    aliases: &[],
    usage: "[OPTIONS] CONFIG file|-",
    about: "Create a config from a file or from standard input",
    korean: "파일이나 표준 입력에서 config를 만든다",
    arguments: Arguments::Exactly(2),
    offers: Offer::Files,
    flags: &[&[
        Flag::new("label", LABEL, "Label on the config (key=value)").short('l'),
        Flag::new("template-driver", STRING, "Which templates in it are filled in"),
    ]],
    stop_at_argument: false,
    run: |call, matches| files::create(call, matches, FileKind::Config),
};
