//! The control API of the cluster: its settings, its tokens, its keys.

use swarmyard_core::time::{MINUTE, SECOND};

use super::kit::*;

fn invalid(sentence: &str) -> String {
    format!("Error response from daemon: rpc error: code = InvalidArgument desc = {sentence}")
}

/// Upstream: manager/controlapi/cluster_test.go TestValidateClusterSpec
#[test]
fn settings_have_their_bounds() {
    let mut cluster = Cluster::lab();
    assert_eq!(
        cluster.refused("swarm update --cert-expiry 59m"),
        invalid("minimum certificate expiry time is: 1h0m0s")
    );
    assert_eq!(
        cluster.refused("swarm update --dispatcher-heartbeat -1s"),
        invalid("heartbeat time period cannot be a negative duration")
    );
    assert_eq!(cluster.docker("swarm update --cert-expiry 1h --dispatcher-heartbeat 3s"), "Swarm updated.");
}

/// Upstream: manager/controlapi/cluster_test.go TestUpdateCluster
/// Upstream: manager/controlapi/cluster_test.go TestGetCluster
/// Upstream: manager/controlapi/cluster_test.go TestListClusters
#[test]
fn an_update_changes_what_is_said_and_nothing_else() {
    let mut cluster = Cluster::lab();
    let shown = |cluster: &mut Cluster| {
        let fields = [
            ".Orchestration.TaskHistoryRetentionLimit",
            ".Dispatcher.HeartbeatPeriod",
            ".Raft.SnapshotInterval",
            ".EncryptionConfig.AutoLockManagers",
        ];
        let format: Vec<String> = fields.map(|field| format!("{{{{.Swarm.Cluster.Spec{field}}}}}")).to_vec();
        cluster.docker(&format!("info -f '{}'", format.join(" ")))
    };
    assert_eq!(shown(&mut cluster), "5 5s 10000 false");
    cluster.docker("swarm update --task-history-limit 2");
    assert_eq!(shown(&mut cluster), "2 5s 10000 false");
    cluster.docker("swarm update --dispatcher-heartbeat 2s --snapshot-interval 7");
    assert_eq!(shown(&mut cluster), "2 2s 7 false");
    // Nodes are missed sooner when they beat faster.
    cluster.world("power-off node1");
    let took = cluster.until("it is missed", MINUTE, |cluster| {
        cluster.node("node1").status.state == swarmyard_core::model::NodeState::Down
    });
    assert!((3 * SECOND..7 * SECOND).contains(&took), "{took} ms");
}

/// Upstream: manager/controlapi/cluster_test.go TestUpdateClusterRotateToken
#[test]
fn tokens_are_replaced_one_by_one_and_the_old_ones_let_nobody_in() {
    let mut cluster = Cluster::lab();
    let token = |cluster: &mut Cluster, role: &str| cluster.docker(&format!("swarm join-token -q {role}"));
    let (worker, manager) = (token(&mut cluster, "worker"), token(&mut cluster, "manager"));
    assert_eq!(worker.split('-').nth(2), manager.split('-').nth(2), "both name the same root");
    let rotated = cluster.docker("swarm join-token --rotate -q worker");
    assert_ne!(rotated, worker);
    assert_eq!(token(&mut cluster, "worker"), rotated);
    assert_eq!(token(&mut cluster, "manager"), manager);
    cluster.at("node1", "swarm leave");
    let join = |cluster: &mut Cluster, token: &str| {
        cluster.at("node1", &format!("swarm join --token {token} 10.97.0.10:2377"))
    };
    assert_eq!(join(&mut cluster, &worker), (invalid("A valid join token is necessary to join this cluster"), 1));
    assert_eq!(join(&mut cluster, "SWMTKN-1-x"), ("Error response from daemon: invalid join token".to_owned(), 1));
    assert_eq!(join(&mut cluster, &rotated), ("This node joined a swarm as a worker.".to_owned(), 0));
    cluster.until("it is ready", MINUTE, |cluster| cluster.nodes("node1").len() == 2);
}

/// Upstream: manager/controlapi/cluster_test.go TestUpdateClusterRotateUnlockKey
#[test]
fn locking_makes_a_key_and_unlocking_forgets_it() {
    let mut cluster = Cluster::lab();
    assert_eq!(cluster.refused("swarm unlock-key"), "no unlock key is set");
    assert_eq!(cluster.refused("swarm unlock-key --rotate"), "cannot rotate because autolock is not turned on");
    let said = cluster.docker("swarm update --autolock");
    let key = cluster.docker("swarm unlock-key -q");
    assert!(key.starts_with("SWMKEY-1-") && key.len() == 52, "{key}");
    assert!(
        said.starts_with("Swarm updated.\nTo unlock a swarm manager after it restarts") && said.contains(&key),
        "{said}"
    );
    assert_ne!(cluster.docker("swarm unlock-key --rotate -q"), key);
    cluster.docker("swarm update --autolock=false");
    assert_eq!(cluster.refused("swarm unlock-key"), "no unlock key is set");
}

/// Upstream: manager/controlapi/cluster_test.go TestUpdateClusterRootRotation
#[test]
fn a_new_root_is_another_certificate_and_other_tokens() {
    let mut cluster = Cluster::lab();
    let (root, token) = (cluster.docker("swarm ca"), cluster.docker("swarm join-token -q worker"));
    assert!(root.starts_with("-----BEGIN CERTIFICATE-----"), "{root}");
    assert_eq!(
        cluster.refused("swarm ca --cert-expiry 2h"),
        "`--cert-expiry` flag requires the `--rotate` flag to update the CA"
    );
    let rotated = cluster.docker("swarm ca --rotate --quiet");
    assert_ne!(rotated, root);
    assert_eq!(cluster.docker("swarm ca"), rotated);
    assert_ne!(cluster.docker("swarm join-token -q worker"), token, "a token names the root");
}
