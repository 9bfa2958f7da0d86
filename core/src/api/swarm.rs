//! The swarm itself: beginning one, joining, leaving, its tokens, keys and settings.
//!
//! Models: moby daemon/cluster/{swarm,noderunner,listen_addr}.go, swarmkit manager/controlapi/cluster.go, ca/server.go.
//! Differs: there is one swarm at a time. Joining, which takes some tenths of a second, is done at once.

use std::rc::Rc;

use super::{Api, ApiError, Code};
use crate::engine::machines::{Machine, Membership, PORT};
use crate::engine::managers::Answers;
use crate::engine::setup;
use crate::id::NodeId;
use crate::model::{Availability, Cluster, Role};
use crate::subnet::Subnet;
use crate::time::{NANOS_PER_SECOND, Nanos};

/// What `docker swarm init` asks for.
#[derive(Default)]
pub struct Init {
    pub advertise: String,
    pub listen: String,
    pub availability: Option<Availability>,
    pub force_new_cluster: bool,
    pub address_pools: Vec<String>,
    pub subnet_size: Option<u64>,
    pub data_path_port: Option<u64>,
    pub settings: Settings,
}

/// The settings of a swarm that were given.
#[derive(Default)]
pub struct Settings {
    pub autolock: Option<bool>,
    pub task_history_limit: Option<i64>,
    pub heartbeat: Option<Nanos>,
    pub cert_expiry: Option<Nanos>,
    pub snapshot_interval: Option<u64>,
    pub old_snapshots: Option<u64>,
}

/// What `docker swarm join` asks for.
pub struct Join {
    pub token: String,
    /// `HOST:PORT`
    pub remote: String,
    pub advertise: String,
    pub listen: String,
    pub availability: Option<Availability>,
}

/// What came of joining.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    As(Role),
    /// The manager does not answer; the daemon goes on trying.
    NotYet,
}

const TOKEN: &str = "SWMTKN-1-";
const MIN_CERT_EXPIRY: Nanos = 3_600 * NANOS_PER_SECOND;

fn refused(sentence: impl Into<String>) -> ApiError {
    ApiError::Refused { code: Code::Daemon, sentence: sentence.into() }
}

fn invalid(sentence: &str) -> ApiError {
    ApiError::Refused { code: Code::InvalidArgument, sentence: sentence.to_owned() }
}

impl Api<'_> {
    /// The cluster object.
    ///
    /// # Errors
    /// This node is no manager, or its manager has no leader.
    pub fn cluster(&self) -> Result<&Cluster, ApiError> {
        self.manager()?;
        Ok(self.world.store().cluster())
    }

    /// The token that lets nodes join in a role.
    ///
    /// # Errors
    /// As [`Api::cluster`].
    pub fn join_token(&self, role: Role) -> Result<String, ApiError> {
        let cluster = self.cluster()?;
        let secret = if role == Role::Manager { &cluster.join_manager } else { &cluster.join_worker };
        Ok([TOKEN, &cluster.join_digest, "-", secret].concat())
    }

    /// Replaces the token of a role.
    ///
    /// # Errors
    /// As [`Api::cluster`].
    pub fn rotate_token(&mut self, role: Role) -> Result<(), ApiError> {
        self.change_cluster(|cluster, random| {
            let secret = setup::token(25, random);
            *(if role == Role::Manager { &mut cluster.join_manager } else { &mut cluster.join_worker }) = secret;
        })
    }

    /// Replaces the key that unlocks managers.
    ///
    /// # Errors
    /// As [`Api::cluster`].
    pub fn rotate_unlock_key(&mut self) -> Result<(), ApiError> {
        self.change_cluster(|cluster, random| cluster.unlock_key = Some(setup::unlock_key(random)))
    }

    /// Replaces the root certificate.
    ///
    /// # Errors
    /// As [`Api::cluster`].
    pub fn rotate_root(&mut self) -> Result<(), ApiError> {
        let unix_ms = self.world.unix_ms(self.world.now());
        self.change_cluster(|cluster, random| {
            cluster.rotations += 1;
            cluster.root_certificate = crate::engine::certificate::root(unix_ms, &mut random.keys).into();
            cluster.join_digest = setup::token(50, random);
        })
    }

    /// Changes the settings of the swarm.
    ///
    /// # Errors
    /// A setting is out of its bounds; and as [`Api::cluster`].
    pub fn update_swarm(&mut self, settings: &Settings) -> Result<(), ApiError> {
        self.writable()?;
        check(settings)?;
        self.change_cluster(|cluster, random| apply(cluster, settings, random))
    }

    fn change_cluster(
        &mut self,
        change: impl FnOnce(&mut Cluster, &mut crate::engine::Streams),
    ) -> Result<(), ApiError> {
        self.writable()?;
        let cause = Some(self.world.asked("swarm update"));
        self.world.write(cause, |ctx| {
            ctx.begin(crate::event::Rule::Asked);
            let random = &mut *ctx.random;
            ctx.store.update_cluster(ctx.now, |cluster| change(cluster, random));
        });
        Ok(())
    }

    fn membership(&self) -> Membership {
        self.world.machine_of(self.node).map_or(Membership::None, |machine| machine.membership)
    }

    /// Begins a swarm on this node, and returns the node.
    ///
    /// # Errors
    /// It is in a swarm already; an address is none.
    pub fn init_swarm(&mut self, init: &Init) -> Result<NodeId, ApiError> {
        let outside = self.membership() == Membership::None;
        if !outside && !init.force_new_cluster {
            return Err(already_part());
        }
        if !outside && !self.world.managers().is_member(self.node) {
            return Err(ApiError::NotManager);
        }
        let advertised = self.advertised(&init.advertise, &init.listen)?;
        if init.data_path_port.is_some_and(|port| port != 0 && !(1_024..=49_151).contains(&port)) {
            return Err(invalid_data_path());
        }
        check(&init.settings)?;
        pools(&init.address_pools, init.subnet_size.unwrap_or(0))?;
        let old = self.node;
        if outside {
            self.change_machine(|machine| machine.advertised = advertised);
        }
        let cause = Some(self.world.asked("swarm init"));
        Ok(self.world.engine(cause, |engine, ctx| {
            let prepare = |cluster: &mut Cluster| {
                cluster.address_pools.clone_from(&init.address_pools);
                cluster.subnet_size = init.subnet_size.filter(|size| *size != 0).unwrap_or(cluster.subnet_size);
                let port = init.data_path_port.filter(|port| *port != 0);
                cluster.data_path_port = port.unwrap_or(cluster.data_path_port);
            };
            let node = if outside {
                engine.begin_swarm(old, init.availability, prepare, ctx)
            } else {
                engine.force_new_cluster(old, ctx);
                old
            };
            let random = &mut *ctx.random;
            ctx.store.update_cluster(ctx.now, |cluster| apply(cluster, &init.settings, random));
            node
        }))
    }

    /// Joins the swarm that a manager at `remote` belongs to.
    ///
    /// # Errors
    /// It is in a swarm already; the token is no good.
    pub fn join_swarm(&mut self, join: &Join) -> Result<Joined, ApiError> {
        if self.membership() != Membership::None {
            return Err(already_part());
        }
        let advertised = self.advertised(&join.advertise, &join.listen)?;
        let secret = match join.token.as_str() {
            "" => None,
            token => Some(parts(token).ok_or_else(|| refused("invalid join token"))?),
        };
        let Some(manager) = self.manager_at(&join.remote) else {
            self.change_machine(|machine| machine.membership = Membership::Joining);
            return Ok(Joined::NotYet);
        };
        let cluster = self.world.store().cluster();
        if let Some((digest, _)) = secret.filter(|(digest, _)| *digest != cluster.join_digest) {
            return Err(refused(format!("remote CA does not match fingerprint. Expected: {}", hexadecimal(digest))));
        }
        let secret = secret.map(|(_, secret)| secret);
        let role = if secret == Some(&cluster.join_worker) {
            Role::Worker
        } else if secret == Some(&cluster.join_manager) {
            Role::Manager
        } else {
            return Err(invalid("A valid join token is necessary to join this cluster"));
        };
        if self.world.answers(manager) != Answers::All {
            self.change_machine(|machine| machine.membership = Membership::Joining);
            return Ok(Joined::NotYet);
        }
        let node = self.node;
        self.change_machine(|machine| machine.advertised = advertised);
        let cause = Some(self.world.asked("swarm join"));
        self.world.engine(cause, |engine, ctx| engine.join_swarm(node, role, join.availability, ctx));
        Ok(Joined::As(role))
    }

    fn change_machine(&mut self, change: impl FnOnce(&mut Machine)) {
        let node = self.node;
        self.world.engine(None, |engine, _| engine.machine_mut(node).map(change));
    }

    /// Where others are told that this machine is. Models: listen_addr.go.
    fn advertised(&self, advertise: &str, listen: &str) -> Result<(String, u16), ApiError> {
        let own = self.world.machine_of(self.node).map_or("", |machine| &machine.address);
        let (heard, port) = address(
            listen.strip_prefix("tcp://").unwrap_or(listen),
            "listen address must be an IP address or network interface (with optional port number)",
            true,
            own,
        )?;
        let (told, told_port) = address(
            advertise,
            "advertise address must be a non-zero IP address or network interface (with optional port number)",
            false,
            own,
        )?;
        let host = [told, heard].into_iter().find(|host| !host.is_empty() && *host != ZERO).unwrap_or(own);
        Ok((host.to_owned(), told_port.or(port).unwrap_or(PORT)))
    }

    /// The manager that answers at an address of this node's network.
    fn manager_at(&self, remote: &str) -> Option<NodeId> {
        let (host, port) =
            remote.rsplit_once(':').map_or((remote, Some(PORT)), |(host, port)| (host, port.parse().ok()));
        let is_at = |machine: &&Machine| {
            [&machine.address, &machine.hostname, &machine.advertised.0].iter().any(|own| *own == host)
        };
        let machine = self.world.machines().iter().find(|machine| is_at(machine))?;
        let cut = self.world.machine_of(self.node).is_none_or(|own| own.cut_off) || machine.cut_off;
        let runs = self.world.agent(machine.node).is_some_and(|agent| agent.powered);
        let manages = self.world.managers().is_member(machine.node) && machine.membership == Membership::Member;
        (port == Some(machine.advertised.1) && runs && manages && !cut).then_some(machine.node)
    }

    /// Whether this node manages, so that leaving is to be thought over.
    ///
    /// # Errors
    /// It is in no swarm, or in a locked one.
    pub fn must_force_leaving(&self) -> Result<bool, ApiError> {
        match self.membership() {
            Membership::None => Err(refused("This node is not part of a swarm")),
            Membership::Locked => Err(refused(
                "Swarm is encrypted and locked. Please unlock it first or use `--force` to ignore this message.",
            )),
            Membership::Joining => Ok(false),
            Membership::Member => Ok(self.world.managers().is_member(self.node)),
        }
    }

    /// Why a manager does not leave without force.
    pub fn why_not_leave(&self) -> ApiError {
        let mut sentence =
            "You are attempting to leave the swarm on a node that is participating as a manager. ".to_owned();
        if self.world.answers(self.node) == Answers::All {
            let (reached, lost) = self.world.engine_state().manager_counts();
            if reached <= lost + 2 {
                if reached == 1 && lost == 0 {
                    sentence.push_str(
                        "Removing the last manager erases all current state of the swarm. Use `--force` to ignore this \
                         message. ",
                    );
                    return refused(sentence);
                }
                let (left, all) = (reached - 1, reached + lost);
                sentence += &format!(
                    "Removing this node leaves {left} managers out of {all}. Without a Raft quorum your swarm will be \
                     inaccessible. "
                );
            }
        }
        sentence.push_str(
            "The only way to restore a swarm that has lost consensus is to reinitialize it with `--force-new-cluster`. \
             Use `--force` to suppress this message.",
        );
        refused(sentence)
    }

    /// Leaves the swarm. The last manager takes the swarm with it.
    ///
    /// # Errors
    /// It is in no swarm.
    pub fn leave_swarm(&mut self) -> Result<(), ApiError> {
        if self.membership() == Membership::None {
            return Err(refused("This node is not part of a swarm"));
        }
        let node = self.node;
        let cause = Some(self.world.asked("swarm leave"));
        self.world.engine(cause, |engine, ctx| engine.leave_swarm(node, ctx));
        Ok(())
    }

    /// Unlocks this node's manager.
    ///
    /// # Errors
    /// The key is none, or not this swarm's.
    pub fn unlock_swarm(&mut self, key: &str) -> Result<(), ApiError> {
        if key.strip_prefix("SWMKEY-1-").is_none_or(|key| key.len() != 43) {
            return Err(refused("invalid unlock key"));
        }
        if self.world.store().cluster().unlock_key.as_deref() != Some(key) {
            return Err(refused("swarm could not be unlocked: invalid key provided"));
        }
        let node = self.node;
        let cause = Some(self.world.asked("swarm unlock"));
        self.world.engine(cause, |engine, ctx| engine.unlock(node, ctx));
        Ok(())
    }
}

fn already_part() -> ApiError {
    refused(
        "This node is already part of a swarm. Use \"docker swarm leave\" to leave this swarm and join another one.",
    )
}

fn invalid_data_path() -> ApiError {
    refused("Datapath port number must be in the range 1024-49151 (inclusive), or zero for default port 4789")
}

/// Models: controlapi/cluster.go, validateClusterSpec.
fn check(settings: &Settings) -> Result<(), ApiError> {
    if settings.cert_expiry.is_some_and(|expiry| expiry < MIN_CERT_EXPIRY) {
        return Err(invalid("minimum certificate expiry time is: 1h0m0s"));
    }
    if settings.heartbeat.is_some_and(|period| period < 0) {
        return Err(invalid("heartbeat time period cannot be a negative duration"));
    }
    Ok(())
}

/// Models: moby daemon/cluster/listen_addr.go, validateDefaultAddrPool.
fn pools(pools: &[String], size: u64) -> Result<(), ApiError> {
    let size = if size == 0 { 24 } else { size };
    let wrong = |sentence: String| Err(ApiError::Refused { code: Code::Daemon, sentence });
    if pools.is_empty() {
        return Ok(());
    }
    if size > 29 {
        return wrong(format!("subnet size is out of range: {size}"));
    }
    let small = |pool: &&String| Subnet::parse(pool).is_some_and(|subnet| size < u64::from(subnet.length()));
    match pools.iter().find(small) {
        Some(pool) => wrong(format!("invalid CIDR: \"{pool}\". Subnet size is too small for pool: {size}")),
        None => Ok(()),
    }
}

fn apply(cluster: &mut Cluster, settings: &Settings, random: &mut crate::engine::Streams) {
    let Settings { autolock, task_history_limit, heartbeat, cert_expiry, snapshot_interval, old_snapshots } = settings;
    match autolock {
        Some(true) if cluster.unlock_key.is_none() => cluster.unlock_key = Some(setup::unlock_key(random)),
        Some(false) => cluster.unlock_key = None,
        _ => {}
    }
    cluster.task_history_limit = task_history_limit.unwrap_or(cluster.task_history_limit);
    let heartbeat = heartbeat.filter(|period| *period > 0).map(crate::time::nanos_to_ms);
    cluster.heartbeat_period_ms = heartbeat.unwrap_or(cluster.heartbeat_period_ms);
    cluster.cert_expiry = cert_expiry.unwrap_or(cluster.cert_expiry);
    cluster.snapshot_interval = snapshot_interval.unwrap_or(cluster.snapshot_interval);
    cluster.old_snapshots = old_snapshots.unwrap_or(cluster.old_snapshots);
}

/// Every address of a machine.
const ZERO: &str = "0.0.0.0";

/// An IP address or the name of an interface, with or without a port. `own`: the address of the interface.
fn address<'a>(text: &'a str, why: &str, may_be_zero: bool, own: &'a str) -> Result<(&'a str, Option<u16>), ApiError> {
    let (host, port) = text.rsplit_once(':').map_or((text, None), |(host, port)| (host, port.parse().ok()));
    let numbers: Vec<Option<u8>> = host.split('.').map(|part| part.parse().ok()).collect();
    let ip = numbers.len() == 4 && numbers.iter().all(Option::is_some);
    let zero = numbers.iter().all(|number| *number == Some(0));
    match host {
        "" if text.is_empty() => Ok(("", None)),
        "eth0" => Ok((own, port)),
        "lo" => Ok(("127.0.0.1", port)),
        host if ip && (may_be_zero || !zero) => Ok((host, port)),
        _ => Err(refused(why)),
    }
}

/// The digest and the secret of a join token.
fn parts(token: &str) -> Option<(&str, &str)> {
    let (digest, secret) = token.strip_prefix(TOKEN)?.split_once('-')?;
    let right =
        |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
    (right(digest, 50) && right(secret, 25)).then_some((digest, secret))
}

/// The bytes of a digest in base 36, as errors show them.
fn hexadecimal(digest: &str) -> String {
    let mut bytes = [0u8; 32];
    for digit in digest.chars().filter_map(|digit| digit.to_digit(36)) {
        let mut carry = digit;
        for byte in bytes.iter_mut().rev() {
            let value = u32::from(*byte) * 36 + carry;
            *byte = value as u8;
            carry = value >> 8;
        }
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The cluster's root certificate, whoever asks.
impl Api<'_> {
    pub fn root_certificate(&self) -> Rc<str> {
        Rc::clone(&self.world.store().cluster().root_certificate)
    }
}
