//! The swarm as `docker info` shows it.
//!
//! Models: moby daemon/cluster/swarm.go (Info), api/types/swarm/swarm.go.

use super::{list, meta, node};
use crate::api::{Api, ApiError};
use crate::collections::{self, Map};
use crate::engine::machines::Membership;
use crate::id::NodeId;
use crate::json::{Struct, Value};
use crate::model::Cluster;
use crate::time::NANOS_PER_SECOND;
use crate::world::World;

/// What the daemon of a node knows of its swarm.
pub(crate) struct Info {
    pub(crate) node: Option<NodeId>,
    pub(crate) address: String,
    /// `active`, `inactive`, `pending`, `locked`
    pub(crate) state: &'static str,
    pub(crate) manager: bool,
    pub(crate) error: Option<ApiError>,
    /// Node and address of each manager it knows.
    pub(crate) remotes: Vec<(NodeId, String)>,
    pub(crate) nodes: u64,
    pub(crate) managers: u64,
}

/// Go's time zero.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// What two managers are worth.
pub(crate) const TWO_MANAGERS: &str = "WARNING: Running Swarm in a two-manager configuration. This configuration provides\n         no fault tolerance, and \
     poses a high risk to lose control over the cluster.\n         Refer to https://docs.docker.com/engine/swarm/admin_guide/ \
     to configure the\n         Swarm for fault-tolerance.";

impl Info {
    pub(crate) fn of(world: &mut World, own: NodeId) -> Info {
        let machine = world.machine_of(own);
        let membership = machine.map_or(Membership::None, |machine| machine.membership);
        let address = machine.map_or_else(String::new, |machine| machine.advertised.0.clone());
        let api = Api { world, node: own };
        let manager = api.manages().is_ok();
        let error = if manager { api.cluster().err() } else { api.manages().err() };
        let error = error.filter(|error| manager || *error == ApiError::Locked);
        let member = membership == Membership::Member;
        let mut remotes: Vec<(u64, NodeId, String)> = Vec::new();
        for machine in world.machines().iter().filter(|machine| member && world.managers().is_member(machine.node)) {
            // Its own manager comes first.
            let born = world.store().node(machine.node).map_or(0, |node| node.meta.born);
            let order = if machine.node == own { 0 } else { born };
            remotes.push((order, machine.node, machine.told()));
        }
        collections::sort_by_key(&mut remotes, |(order, ..)| *order);
        let knows = manager && error.is_none();
        let managing = world.store().nodes().filter(|node| node.manager.is_some()).count();
        Info {
            node: member.then_some(own),
            address: if member { address } else { String::new() },
            state: match membership {
                Membership::None => "inactive",
                Membership::Joining => "pending",
                Membership::Member => "active",
                Membership::Locked => "locked",
            },
            manager,
            error,
            remotes: remotes.into_iter().map(|(_, node, address)| (node, address)).collect(),
            nodes: if knows { world.store().nodes().count() as u64 } else { 0 },
            managers: if knows { managing as u64 } else { 0 },
        }
    }

    pub(crate) fn value(&self, world: &World) -> Value {
        let remotes = list(&self.remotes, |(node, address)| {
            Struct::new("swarm.Peer").with("NodeID", node.as_str()).with("Addr", address.as_str()).into()
        });
        let text = |text: Option<String>| text.unwrap_or_default();
        let mut info = Struct::new("swarm.Info");
        info.with("NodeID", text(self.node.map(|node| node.to_string())))
            .with("NodeAddr", self.address.as_str())
            .with("LocalNodeState", self.state)
            .with("ControlAvailable", self.manager)
            .with("Error", text(self.error.as_ref().map(ApiError::to_string)))
            .with("RemoteManagers", if self.remotes.is_empty() { Value::Nil("[]swarm.Peer") } else { remotes })
            .maybe("Nodes", self.nodes)
            .maybe("Managers", self.managers);
        let known = Some(world.store().cluster()).filter(|_| self.error.is_none());
        info.pointer("Cluster", "*swarm.ClusterInfo", self.manager.then(|| cluster(world, known)));
        if self.managers == 2 {
            info.with("Warnings", Value::List(vec![Value::text(TWO_MANAGERS)]));
        }
        info.into()
    }
}

/// The cluster object; of a manager without a leader, which does not know it, Go's zero values.
fn cluster(world: &World, known: Option<&Cluster>) -> Value {
    let pools = known.map_or(&[][..], |cluster| &cluster.address_pools);
    let pools = if pools.is_empty() { Value::Nil("[]string") } else { Value::texts(pools) };
    let mut shown = Struct::new("*swarm.ClusterInfo");
    shown.with("ID", known.map_or("", |cluster| cluster.id.as_str())).embed(
        "Meta",
        match known {
            Some(cluster) => meta(world, &cluster.meta),
            None => Struct::new("swarm.Meta")
                .with("Version", Struct::new("swarm.Version"))
                .with("CreatedAt", NEVER)
                .with("UpdatedAt", NEVER)
                .take(),
        },
    );
    let tls = known.map_or_else(|| Struct::new("swarm.TLSInfo").into(), |_| node::tls_info(world));
    shown
        .with("Spec", spec(known))
        .with("TLSInfo", tls)
        .with("RootRotationInProgress", false)
        .with("DefaultAddrPool", pools)
        .with("SubnetSize", known.map_or(0, |cluster| cluster.subnet_size))
        .with("DataPathPort", known.map_or(0, |cluster| cluster.data_path_port))
        .into()
}

fn spec(known: Option<&Cluster>) -> Value {
    let number = |of: fn(&Cluster) -> u64| known.map_or(0, of);
    let labels = if known.is_some() { Value::Map(Map::new()) } else { Value::Nil("map[string]string") };
    let history = known.map(|cluster| Value::Int(cluster.task_history_limit));
    let old = known.map(|cluster| Value::Uint(cluster.old_snapshots));
    let heartbeat = known.map_or(0, |cluster| cluster.heartbeat_period_ms as i64 * (NANOS_PER_SECOND / 1_000));
    let expiry = known.map_or(0, |cluster| cluster.cert_expiry);
    let mut annotations = Struct::new("swarm.Annotations");
    annotations.maybe("Name", known.map_or("", |_| "default")).with("Labels", labels);
    let mut raft = Struct::new("swarm.RaftConfig");
    raft.maybe("SnapshotInterval", number(|cluster| cluster.snapshot_interval))
        .pointer("KeepOldSnapshots", "*uint64", old)
        .maybe("LogEntriesForSlowFollowers", number(|_| 500))
        .with("ElectionTick", number(|_| 10))
        .with("HeartbeatTick", number(|_| 1));
    let mut ca = Struct::new("swarm.CAConfig");
    ca.maybe("NodeCertExpiry", Value::Duration(expiry)).maybe("ForceRotate", number(|cluster| cluster.rotations));
    let locks = known.is_some_and(|cluster| cluster.unlock_key.is_some());
    Struct::new("swarm.Spec")
        .embed("Annotations", annotations)
        .with(
            "Orchestration",
            Struct::new("swarm.OrchestrationConfig").pointer("TaskHistoryRetentionLimit", "*int64", history),
        )
        .with("Raft", raft)
        .with("Dispatcher", Struct::new("swarm.DispatcherConfig").maybe("HeartbeatPeriod", Value::Duration(heartbeat)))
        .with("CAConfig", ca)
        .with("TaskDefaults", Struct::new("swarm.TaskDefaults"))
        .with("EncryptionConfig", Struct::new("swarm.EncryptionConfig").with("AutoLockManagers", locks))
        .into()
}
