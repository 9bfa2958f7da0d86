//! `docker swarm init`

use super::{NODE, SETTINGS, availability, join_command, settings, unlock_text};
use crate::api::Init;
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, Kind, Matches, Offer};
use crate::docker::units::parse_uint;
use crate::model::Role;
use crate::subnet::Subnet;

pub(crate) static COMMAND: Command = Command {
    path: "swarm init",
    aliases: &[],
    usage: "[OPTIONS]",
    about: "Initialize a swarm",
    korean: "이 노드를 첫 매니저로 하는 스웜을 만든다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&NODE, &SETTINGS, &OWN],
    stop_at_argument: false,
    run,
};

const POOL: Kind = Kind::new("ipNetSlice", |text| match Subnet::parse(text) {
    Some(_) => Ok(()),
    None => Err(format!("invalid string being converted to CIDR: {text}")),
});
const UINT32: Kind = Kind::new("uint32", |text| parse_uint(text, 32).map(drop));

const OWN: [Flag; 5] = [
    Flag::new("autolock", BOOL, "Lock managers when they stop: they then need the unlock key to start"),
    Flag::new("data-path-port", UINT32, "Port for the traffic of overlay networks (1024-49151; 0: 4789)"),
    Flag::new("default-addr-pool", POOL, "Address pools in CIDR form, from which subnets are taken"),
    Flag::new("default-addr-pool-mask-length", UINT32, "Length of the mask of those subnets").default("24"),
    Flag::new("force-new-cluster", BOOL, "Make a new cluster of one manager out of the state of this one"),
];

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let text = |name| matches.text(name).unwrap_or_default().to_owned();
    let init = Init {
        advertise: text("advertise-addr"),
        listen: text("listen-addr"),
        availability: availability(matches)?,
        force_new_cluster: matches.on("force-new-cluster"),
        address_pools: matches.all("default-addr-pool").flat_map(|pools| pools.split(',')).map(str::to_owned).collect(),
        subnet_size: matches.uint("default-addr-pool-mask-length"),
        data_path_port: matches.uint("data-path-port"),
        settings: settings(matches),
    };
    let elsewhere = call.world.managers().leader().is_some() && !call.world.managers().is_member(call.node);
    if elsewhere && !call.api().in_swarm() {
        return Err(CliError::NotSimulated {
            what: "docker swarm init".to_owned(),
            instead: "there is a swarm already, and one at a time: use 'docker swarm join'",
        });
    }
    let node = call.api().init_swarm(&init)?;
    call.node = node;
    let join = join_command(call, Role::Worker)?;
    call.line(format!(
        "Swarm initialized: current node ({node}) is now a manager.\n\n{join}To add a manager to this swarm, run 'docker \
         swarm join-token manager' and follow the instructions."
    ));
    call.line("");
    if matches.on("autolock")
        && let Some(key) = &call.store().cluster().unlock_key
    {
        let text = unlock_text(key);
        call.out.out(text);
    }
    Ok(Flow::Exit(0))
}
