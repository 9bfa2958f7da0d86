//! `docker secret create`

use crate::docker::command::{Arguments, Command};
use crate::docker::files;
use crate::docker::flags::{Flag, Offer, STRING};
use crate::docker::service::LABEL;
use crate::model::FileKind;

pub(crate) static COMMAND: Command = Command {
    path: "secret create",
    aliases: &[],
    usage: "[OPTIONS] SECRET [file|-]",
    about: "Create a secret from a file or from standard input",
    korean: "파일이나 표준 입력에서 시크릿을 만든다",
    arguments: Arguments::Between(1, 2),
    offers: Offer::Files,
    flags: &[&[
        Flag::new("driver", STRING, "Who else keeps the secret; then it comes without data").short('d'),
        Flag::new("label", LABEL, "Label on the secret (key=value)").short('l'),
        Flag::new("template-driver", STRING, "Which templates in it are filled in"),
    ]],
    stop_at_argument: false,
    run: |call, matches| files::create(call, matches, FileKind::Secret),
};
