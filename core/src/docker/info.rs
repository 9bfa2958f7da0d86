//! `docker info`
//!
//! Models: docker/cli cli/command/system/info.go. Differs: of the machine and its engine only what the recorded ones
//! said is known.

use std::fmt::Write;

use super::Flow;
use super::objects::swarm::{Info, TWO_MANAGERS};
use super::units::{bytes_size, human_duration};
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{Flag, Matches, Offer, STRING};
use crate::docker::template::Template;
use crate::json::{Html, Struct, Value};
use crate::time::nanos_to_ms;
use crate::world::{ContainerState, World};

pub(crate) static COMMAND: Command = Command {
    path: "info",
    aliases: &["system info"],
    usage: "[OPTIONS]",
    about: "Display system-wide information",
    korean: "이 노드와 스웜의 정보를 보여 준다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&[Flag::new("format", STRING, super::ABOUT_INSPECT).short('f')]],
    stop_at_argument: false,
    run,
};

const VERSION: &str = "26.1.5+dfsg1";

/// What stands above and below the part about the swarm.
const CLIENT: &str = "Client:\n Version:    28.2.2\n Context:    default\n Debug Mode: false\n\nServer:\n";
const ENGINE: &str = " Storage Driver: overlay2\n  Backing Filesystem: extfs\n  Supports d_type: true\n  Using metacopy: \
                      false\n  Native Overlay Diff: true\n  userxattr: false\n Logging Driver: json-file\n Cgroup \
                      Driver: cgroupfs\n Cgroup Version: 1\n Plugins:\n  Volume: local\n  Network: bridge host ipvlan \
                      macvlan null overlay\n  Log: awslogs fluentd gcplogs gelf journald json-file local splunk \
                      syslog\n";
const RUNTIME: &str = " Default Runtime: runc\n Init Binary: docker-init\n containerd version: \
                       1.7.24~ds1-6+deb13u1\n runc version: 1.1.15+ds1-2+b4\n init version: \n Security Options:\n  \
                       seccomp\n   Profile: builtin\n Kernel Version: 6.18.44-fc-v669\n Operating System: Debian \
                       GNU/Linux 13 (trixie) (containerized)\n OSType: linux\n Architecture: x86_64\n";
const REST: &str = " Docker Root Dir: /var/lib/docker\n Debug Mode: false\n Experimental: false\n Insecure Registries:\n  \
                    127.0.0.0/8\n Live Restore Enabled: false\n\n";

/// The machine and what is on it.
struct Machine {
    name: String,
    cpus: u64,
    memory_bytes: u64,
    containers: u64,
    running: u64,
    images: u64,
    id: String,
}

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let info = Info::of(call.world, call.node);
    let machine = machine(call);
    match matches.text("format").unwrap_or_default() {
        "" => {
            let text = text(call.world, &machine, &info);
            call.out.out(text);
            if info.managers == 2 {
                call.out.err([TWO_MANAGERS, "\n"].concat());
            }
        }
        format => {
            let value = value(call.world, &machine, &info);
            let text = match format {
                "json" => value.compact(Html::Escaped),
                format => Template::parse(format)
                    .and_then(|template| template.render(&value))
                    .map_err(|why| CliError::said(format!("template parsing error: {why}")))?,
            };
            call.line(text);
        }
    }
    Ok(Flow::Exit(0))
}

fn machine(call: &mut Call) -> Machine {
    let name = call.world.machine_of(call.node).map_or_else(String::new, |machine| machine.hostname.clone());
    let setup = call.world.scenario().nodes.iter().find(|setup| setup.hostname == name);
    let (cpus, memory_bytes) = setup.map_or((0, 0), |setup| (setup.cpus, setup.memory_bytes));
    let id = engine_id(&name);
    let containers = call.world.containers(call.node);
    let running = containers.iter().filter(|found| matches!(found.state, ContainerState::Running { .. }));
    let mut images: Vec<String> = call.world.images(call.node).into_iter().map(|image| image.id).collect();
    crate::collections::sort(&mut images);
    images.dedup();
    Machine {
        cpus,
        memory_bytes,
        running: running.count() as u64,
        containers: containers.len() as u64,
        images: images.len() as u64,
        id,
        name,
    }
}

/// One and the same for a machine, whatever happens to it.
fn engine_id(name: &str) -> String {
    let mut stream = crate::rng::Stream::new(0, name);
    let mut word = || format!("{:08x}", stream.next_u32());
    let (a, b, c, d) = (word(), word(), word(), word());
    format!("{a}-{}-4{}-b{}-{}{d}", &b[..4], &b[5..], &c[..3], &c[4..])
}

/// Models: prettyPrintServerInfo.
fn text(world: &mut World, machine: &Machine, info: &Info) -> String {
    let mut text = CLIENT.to_owned();
    let Machine { name, cpus, memory_bytes, containers, running, images, id } = machine;
    let stopped = containers - running;
    let line = |text: &mut String, line: std::fmt::Arguments| writeln!(text, "{line}").expect("a String takes it");
    line(
        &mut text,
        format_args!(
            " Containers: {containers}\n  Running: {running}\n  Paused: 0\n  Stopped: {stopped}\n Images: {images}"
        ),
    );
    line(&mut text, format_args!(" Server Version: {VERSION}"));
    text += ENGINE;
    swarm(&mut text, world, info);
    // Go walks through a map: the first of two comes first unless it begins at the second of eight places.
    let runtimes = if world.one_in(8) { "runc io.containerd.runc.v2" } else { "io.containerd.runc.v2 runc" };
    line(&mut text, format_args!(" Runtimes: {runtimes}"));
    text += RUNTIME;
    line(&mut text, format_args!(" CPUs: {cpus}\n Total Memory: {}", bytes_size(*memory_bytes as i64)));
    line(&mut text, format_args!(" Name: {name}\n ID: {id}"));
    text + REST
}

/// The part about the swarm. Models: printSwarmInfo.
fn swarm(text: &mut String, world: &World, info: &Info) {
    let mut line = |line: std::fmt::Arguments| writeln!(text, "{line}").expect("a String takes it");
    line(format_args!(" Swarm: {}", info.state));
    if info.state == "inactive" || info.state == "locked" {
        return;
    }
    line(format_args!("  NodeID: {}", info.node.map_or_else(String::new, |node| node.to_string())));
    if let Some(error) = &info.error {
        line(format_args!("  Error: {error}"));
    }
    line(format_args!("  Is Manager: {}", info.manager));
    if info.manager && info.error.is_none() {
        let cluster = world.store().cluster();
        line(format_args!("  ClusterID: {}\n  Managers: {}\n  Nodes: {}", cluster.id, info.managers, info.nodes));
        if !cluster.address_pools.is_empty() {
            line(format_args!("  Default Address Pool: {}  ", cluster.address_pools.join("  ")));
            line(format_args!("  SubnetSize: {}", cluster.subnet_size));
        }
        line(format_args!("  Data Path Port: {}", cluster.data_path_port));
        line(format_args!("  Orchestration:\n   Task History Retention Limit: {}", cluster.task_history_limit));
        line(format_args!("  Raft:\n   Snapshot Interval: {}", cluster.snapshot_interval));
        line(format_args!("   Number of Old Snapshots to Retain: {}", cluster.old_snapshots));
        line(format_args!("   Heartbeat Tick: 1\n   Election Tick: 10"));
        line(format_args!("  Dispatcher:\n   Heartbeat Period: {}", human_duration(cluster.heartbeat_period_ms)));
        let expiry = human_duration(nanos_to_ms(cluster.cert_expiry));
        line(format_args!("  CA Configuration:\n   Expiry Duration: {expiry}\n   Force Rotate: {}", cluster.rotations));
        line(format_args!("  Autolock Managers: {}", cluster.unlock_key.is_some()));
        line(format_args!("  Root Rotation In Progress: false"));
    }
    line(format_args!("  Node Address: {}", info.address));
    let mut addresses: Vec<&String> = info.remotes.iter().map(|(_, address)| address).collect();
    crate::collections::sort(&mut addresses);
    if !addresses.is_empty() {
        line(format_args!("  Manager Addresses:"));
        addresses.iter().for_each(|address| line(format_args!("   {address}")));
    }
}

/// Differs: the fields that say something of a swarm, a machine and its engine, and no others.
fn value(world: &World, machine: &Machine, info: &Info) -> Value {
    Struct::new("system.dockerInfo")
        .with("ID", machine.id.as_str())
        .with("Containers", machine.containers)
        .with("ContainersRunning", machine.running)
        .with("ContainersPaused", 0u64)
        .with("ContainersStopped", machine.containers - machine.running)
        .with("Images", machine.images)
        .with("Driver", "overlay2")
        .with("LoggingDriver", "json-file")
        .with("CgroupDriver", "cgroupfs")
        .with("OSType", "linux")
        .with("Architecture", "x86_64")
        .with("NCPU", machine.cpus)
        .with("MemTotal", machine.memory_bytes)
        .with("Name", machine.name.as_str())
        .with("ServerVersion", VERSION)
        .with("DefaultRuntime", "runc")
        .with("Swarm", info.value(world))
        .into()
}
