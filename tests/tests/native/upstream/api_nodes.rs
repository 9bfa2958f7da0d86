//! The control API of nodes: who is listed, what may be changed, who may be removed.

use swarmyard_core::api::{ApiError, Code};
use swarmyard_core::model::{Availability, NodeSpec, NodeState, Role, TaskState};
use swarmyard_core::time::{MINUTE, SECOND};

use super::api_services::Daemon;
use super::kit::*;

fn hosts(cluster: &mut Cluster, filters: &str) -> Vec<String> {
    let said = cluster.docker(&format!("node ls --format {{{{.Hostname}}}} {filters}"));
    said.lines().map(str::to_owned).collect()
}

/// Upstream: manager/controlapi/node_test.go TestGetNode
#[test]
fn a_node_is_found_by_its_id_its_host_and_the_beginning_of_its_id() {
    let mut cluster = Cluster::lab();
    let id = cluster.node("node1").id.to_string();
    for reference in [id.as_str(), "node1", &id[..8]] {
        assert_eq!(cluster.docker(&format!("node inspect -f {{{{.ID}}}} {reference}")), id);
    }
    assert_eq!(cluster.refused("node inspect --pretty nowhere"), "Error response from daemon: node nowhere not found");
}

/// Upstream: manager/controlapi/node_test.go TestListNodes
#[test]
fn nodes_are_listed_by_what_they_are() {
    let mut cluster = Cluster::lab();
    assert_eq!(hosts(&mut cluster, ""), ["manager", "node1", "node2"]);
    assert_eq!(hosts(&mut cluster, "-f role=manager"), ["manager"]);
    assert_eq!(hosts(&mut cluster, "-f role=worker"), ["node1", "node2"]);
    assert_eq!(hosts(&mut cluster, "-f role=worker -f role=manager"), ["manager", "node1", "node2"]);
    assert_eq!(hosts(&mut cluster, "-f name=node"), ["node1", "node2"]);
    let id = cluster.node("node2").id.to_string();
    assert_eq!(hosts(&mut cluster, &format!("-f id={}", &id[..6])), ["node2"]);
    assert_eq!(hosts(&mut cluster, &format!("-f id={id} -f name=node1")), Vec::<String>::new());
    assert_eq!(cluster.refused("node ls -f role=foo"), "Error response from daemon: Invalid role filter: 'foo'");
}

/// Upstream: manager/controlapi/node_test.go TestListNodesWithLabelFilter
#[test]
fn labels_of_nodes_and_of_engines_are_told_apart() {
    let mut cluster = Cluster::lab();
    cluster.docker("node update --label-add zone=a --label-add one= node1");
    cluster.docker("node update --label-add zone=b node2");
    assert_eq!(hosts(&mut cluster, "-f node.label=zone"), ["node1", "node2"]);
    assert_eq!(hosts(&mut cluster, "-f node.label=zone=a"), ["node1"]);
    assert_eq!(hosts(&mut cluster, "-f node.label=zone=c"), Vec::<String>::new());
    assert_eq!(hosts(&mut cluster, "-f label=zone"), Vec::<String>::new(), "engines have no labels");
}

/// Upstream: manager/controlapi/node_test.go TestRemoveNodes
#[test]
fn only_nodes_that_are_down_are_removed_unless_forced_and_managers_never() {
    let mut cluster = Cluster::lab();
    let refusal = |id: &str, why: &str| {
        format!("Error response from daemon: rpc error: code = FailedPrecondition desc = node {id} {why}")
    };
    let (ready, manager) = (cluster.node("node1").id.to_string(), cluster.node("manager").id.to_string());
    assert_eq!(cluster.refused("node rm node1"), refusal(&ready, "is not down and can't be removed"));
    let member =
        "is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal";
    assert_eq!(cluster.refused("node rm --force manager"), refusal(&manager, member));
    assert_eq!(hosts(&mut cluster, "").len(), 3);
    cluster.docker("node rm --force node1");
    assert_eq!(hosts(&mut cluster, ""), ["manager", "node2"]);
    cluster.world("power-off node2");
    cluster.until("it is missed", MINUTE, |cluster| cluster.node("node2").status.state == NodeState::Down);
    cluster.docker("node rm node2");
    assert_eq!(hosts(&mut cluster, ""), ["manager"]);
    assert_eq!(cluster.refused("node rm node2"), "Error response from daemon: node node2 not found");
}

/// Upstream: manager/controlapi/node_test.go TestListManagerNodes
#[test]
fn managers_show_who_leads_and_who_is_reached() {
    let mut cluster = Cluster::lab();
    cluster.docker("node promote node1 node2");
    cluster.pass(5 * SECOND);
    let shown = |cluster: &mut Cluster, prompt: &str| {
        let said = cluster.at(prompt, "node ls --format {{.Hostname}}={{.ManagerStatus}}").0;
        said.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let all = ["manager=Leader", "node1=Reachable", "node2=Reachable"];
    assert_eq!(shown(&mut cluster, "manager"), all);
    assert_eq!(shown(&mut cluster, "node1"), all, "every manager answers the same");
    cluster.world("power-off node2");
    cluster.pass(5 * SECOND);
    assert_eq!(shown(&mut cluster, "node1"), ["manager=Leader", "node1=Reachable", "node2=Unreachable"]);
    cluster.world("power-on node2");
    cluster.pass(10 * SECOND);
    assert_eq!(shown(&mut cluster, "node1"), all);
    // Without its leader the rest elects another.
    cluster.world("power-off manager");
    let after = shown(&mut cluster, "node1");
    assert_eq!(after.iter().filter(|line| line.ends_with("Leader")).count(), 1, "{after:?}");
    assert_eq!(after[0], "manager=Unreachable");
}

/// Upstream: manager/controlapi/node_test.go TestUpdateNode
#[test]
fn an_update_replaces_the_spec_at_the_version_that_was_read() {
    let mut daemon = Daemon::new();
    let node = |daemon: &mut Daemon| daemon.api().node("node1").expect("it is there");
    let read = node(&mut daemon);
    let drained = NodeSpec { availability: Availability::Drain, ..read.spec.clone() };
    daemon.api().update_node(read.id, read.meta.version, drained.clone()).expect("the version is the current one");
    assert_eq!(node(&mut daemon).spec, drained);
    assert_eq!(daemon.api().update_node(read.id, read.meta.version, read.spec.clone()), Err(ApiError::OutOfSequence));
    let version = node(&mut daemon).meta.version;
    daemon.api().update_node(read.id, version, read.spec.clone()).expect("the version is the current one");
    assert_eq!(node(&mut daemon).spec, read.spec);
    let nowhere = swarmyard_core::id::NodeId::parse(&"0".repeat(25)).expect("it has an id's form");
    assert!(matches!(daemon.api().update_node(nowhere, 0, read.spec.clone()), Err(ApiError::NotFound { .. })));
}

/// Upstream: manager/controlapi/node_test.go TestUpdateNodeDemote
#[test]
fn a_manager_is_demoted_only_where_the_others_remain_a_majority() {
    let mut cluster = Cluster::lab();
    let refusal = |why: &str| format!("Error response from daemon: rpc error: code = FailedPrecondition desc = {why}");
    let last = refusal("attempting to demote the last manager of the swarm");
    assert_eq!(cluster.refused("node demote manager"), last);
    assert_eq!(cluster.refused("node update --role worker manager"), last);
    cluster.docker("node promote node1");
    assert_eq!(
        cluster.refused("node demote node1"),
        "Error response from daemon: rpc error: code = NotFound desc = can't find manager in raft memberlist",
        "it has not joined the others yet"
    );
    cluster.docker("node promote node2");
    cluster.pass(5 * SECOND);
    cluster.world("power-off node2");
    cluster.pass(5 * SECOND);
    let quorum = refusal("can't remove member from the raft: this would result in a loss of quorum");
    assert_eq!(cluster.refused("node demote node1"), quorum, "of two, node2 would be missing");
    cluster.docker("node demote node2");
    cluster.docker("node demote node1");
    cluster.pass(6 * SECOND);
    assert_eq!(cluster.node("node1").role, Role::Worker);
    assert_eq!(cluster.refused("node demote manager"), last);
}

/// Upstream: manager/controlapi/node_test.go TestOrphanNodeTasks
#[test]
fn the_tasks_of_a_removed_node_are_orphans_and_what_had_ended_stays() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "", V1);
    create(&mut cluster, "job", "--mode global-job", EXIT0);
    cluster.until("the job is done", MINUTE, |cluster| cluster.in_state("job", TaskState::Complete).len() == 3);
    let on_node = |cluster: &Cluster, service: &str| cluster.on_node(service, "node1")[0].id;
    let (lost, done) = (on_node(&cluster, "app"), on_node(&cluster, "job"));
    cluster.docker("node rm --force node1");
    let task = |cluster: &Cluster, service: &str, id| cluster.tasks(service).into_iter().find(|task| task.id == id);
    let orphan = task(&cluster, "app", lost).expect("history keeps it");
    assert_eq!(orphan.status.state, TaskState::Orphaned);
    assert_eq!(&*orphan.status.message, "Task belonged to a node that has been deleted");
    assert_eq!(task(&cluster, "job", done).expect("history keeps it").status.state, TaskState::Complete);
    cluster.until("another took its place", MINUTE, |cluster| cluster.running("app") == 3);
}

/// Refusals carry the class that swarmkit gives them.
#[test]
fn refusals_are_classed() {
    let mut daemon = Daemon::new();
    let error = daemon.api().remove_node("node1", false).expect_err("it is ready");
    assert_eq!(error.code(), Code::FailedPrecondition);
}
