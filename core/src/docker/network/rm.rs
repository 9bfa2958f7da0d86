//! `docker network rm`
//!
//! Models: docker/cli cli/command/network/remove.go.

use crate::api::ApiError;
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Matches, Offer};

pub(crate) static COMMAND: Command = Command {
    path: "network rm",
    aliases: &["network remove"],
    usage: "NETWORK [NETWORK...]",
    about: "Remove one or more networks",
    korean: "네트워크를 지운다",
    arguments: Arguments::AtLeast(1),
    offers: Offer::Networks,
    flags: &[&[Flag::new("force", BOOL, "A network that is missing is no error").short('f')]],
    stop_at_argument: false,
    run,
};

const WARNING: &str = "WARNING! Before removing the routing-mesh network, make sure all the nodes in your swarm run the \
                       same docker engine version. Otherwise, removal may not be effective and functionality of newly \
                       create ingress networks will be impaired.";

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    // Asked before anything is done, for an answer lets the command begin anew.
    let mesh = |call: &mut Call, name: &str| call.api().network(name).is_ok_and(|network| network.ingress);
    let asks = matches.args.iter().any(|name| mesh(call, name));
    let agreed = !asks || call.agreed(WARNING)?;
    let mut code = 0;
    for name in &matches.args {
        if !agreed && mesh(call, name) {
            continue;
        }
        match call.api().remove_network(name) {
            Ok(()) => call.line(name),
            Err(ApiError::NotFound { .. }) if matches.on("force") => {}
            Err(error) => {
                call.out.err(format!("{}\n", CliError::from(error)));
                code = 1;
            }
        }
    }
    if code == 0 { Ok(Flow::Exit(0)) } else { Err(CliError::said("exit status 1")) }
}
