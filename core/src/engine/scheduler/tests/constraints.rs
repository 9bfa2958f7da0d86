//! Swarmkit's own tests of the constraint filter, told again.

use super::super::filter::Pipeline;
use super::super::nodes::NodeInfo;
use super::*;

/// Whether a node passes the filters of a task with these constraints.
fn fits(node: &Node, constraints: &[&str]) -> bool {
    let task = Rc::new(constrained(task("t1", "s1"), constraints));
    let swarm = Swarm::new(1);
    Pipeline::of(&task, &swarm.store).passes(&NodeInfo::new(&Rc::new(node.clone())))
}

fn at(address: &str) -> Node {
    let mut node = node("nodeid1");
    node.status.addr = address.to_owned();
    node
}

/// Upstream: manager/scheduler/constraint_test.go TestConstraintSetTask
#[test]
fn the_filter_is_on_where_there_are_constraints() {
    let is_on = |constraints: &[&str]| {
        let task = Rc::new(constrained(task("t1", "s1"), constraints));
        let mut pipeline = Pipeline::of(&task, &Swarm::new(1).store);
        let passes = pipeline.process(&NodeInfo::new(&Rc::new(node("nodeid1"))));
        assert_eq!(passes, pipeline.explain().is_empty());
        pipeline.explain().contains("scheduling constraints")
    };
    assert!(!is_on(&[]));
    assert!(is_on(&["node.hostname == node-2", "node.labels.security != low"]));
    assert!(is_on(&["node.id == nodeid-2", "engine.labels.operatingsystem != ubuntu"]));
}

/// Upstream: manager/scheduler/constraint_test.go TestWrongSyntax
#[test]
fn a_key_that_nobody_knows_fits_nowhere() {
    let node = node("nodeid1");
    assert!(!fits(&node, &["node.abc.bcd == high"]));
    assert!(!fits(&node, &["node.abc.bcd != high"]));
    assert!(!fits(&node, &["node.labels. != high"]), "a label needs a name");
}

/// Upstream: manager/scheduler/constraint_test.go TestNodeHostname
#[test]
fn host_names_are_compared_whole_and_in_any_case() {
    let mut node = node("nodeid1");
    for (hostname, passes) in [("", true), ("node-2", true), ("node-1", false), ("NODe-1", false), ("node-10", true)] {
        node.description.hostname = hostname.to_owned();
        assert_eq!(fits(&node, &["node.hostname != node-1"]), passes, "{hostname}");
        assert_eq!(fits(&node, &["node.hostname == node-1"]), !passes, "{hostname}");
    }
}

/// Upstream: manager/scheduler/constraint_test.go TestNodeIP
#[test]
fn addresses_are_compared_with_addresses_and_networks() {
    let check = |address: &str, cases: &[(&str, bool)]| {
        for (constraint, passes) in cases {
            assert_eq!(fits(&at(address), &[constraint]), *passes, "{address}: {constraint}");
        }
    };
    check(
        "186.17.9.41",
        &[
            ("node.ip == 186.17.9.41", true),
            ("node.ip != 186.17.9.41", false),
            ("node.ip == 186.17.9.42", false),
            ("node.ip == 186.17.9.4/24", true),
            ("node.ip == 186.17.8.41/24", false),
            ("node.ip == 186.17.9.41/34", false),
            ("node.ip != 266.17.9.41", false),
            ("node.ip != 0.0.0.0", true),
            ("node.ip == not_ip_addr", false),
            ("node.ip != 2001:db8::2", true),
        ],
    );
    check(
        "2001:db8::2",
        &[
            ("node.ip == 2001:db8::2", true),
            ("node.ip == 2001:db8:0::2", true),
            ("node.ip != 2001:db8::2/128", false),
            ("node.ip == 2001:db8::/64", true),
            ("node.ip == 2001:db9::/64", false),
            ("node.ip != 2001:db9::/64", true),
            ("node.ip != 186.17.9.0/24", true),
        ],
    );
    check("", &[("node.ip == 0.0.0.0", false), ("node.ip != 0.0.0.0", true), ("node.ip != 10.0.0.0/8", true)]);
}

/// Upstream: manager/scheduler/constraint_test.go TestNodeID
#[test]
fn ids_are_compared_whole() {
    let node = node("nodeid1");
    let id = node.id.to_string();
    assert!(fits(&node, &[&format!("node.id == {id}")]));
    assert!(!fits(&node, &[&format!("node.id == {id}-extra")]));
    assert!(!fits(&node, &[&format!("node.id == {}", &id[..12])]));
}

/// Upstream: manager/scheduler/constraint_test.go TestNodeRole
#[test]
fn the_role_that_a_node_has_counts() {
    let mut node = node("nodeid1");
    assert!(fits(&node, &["node.role == worker"]) && fits(&node, &["NODE.ROLE == WORKER"]));
    assert!(!fits(&node, &["node.role == manager"]) && !fits(&node, &["node.role == worker-manager"]));
    // Not the one that it is to have.
    node.spec.role = Role::Manager;
    assert!(fits(&node, &["node.role == worker"]));
}

/// Upstream: manager/scheduler/constraint_test.go TestNodePlatform
#[test]
fn platforms_are_compared_as_they_are_written() {
    let mut node = node("nodeid1");
    let mut platform = |os: &str, architecture: &str, constraint: &str| {
        (node.description.os, node.description.architecture) = (os.to_owned(), architecture.to_owned());
        fits(&node, &[constraint])
    };
    assert!(!platform("", "", "node.platform.os == linux"));
    assert!(platform("linux", "x86_64", "node.platform.os == linux"));
    assert!(!platform("windows", "x86_64", "node.platform.os == linux"));
    // Unlike the platform filter, constraints do not know that these are the same.
    assert!(!platform("windows", "x86_64", "node.platform.arch == amd64"));
    assert!(platform("windows", "x86_64", "node.platform.arch != amd64"));
}

/// Upstream: manager/scheduler/constraint_test.go TestNodeLabel
#[test]
fn labels_of_nodes_are_not_those_of_engines() {
    let mut node = node("nodeid1");
    let constraint = &["node.labels.security == high"];
    assert!(!fits(&node, constraint));
    node.description.engine_labels.insert("security".to_owned(), "high".to_owned());
    assert!(!fits(&node, constraint));
    node.spec.labels.insert("security".to_owned(), "High".to_owned());
    assert!(fits(&node, constraint) && fits(&node, &["Node.Labels.security == high"]));
    assert!(!fits(&node, &["node.labels.Security == high"]), "the names of labels keep their case");
}

/// Upstream: manager/scheduler/constraint_test.go TestEngineLabel
#[test]
fn a_label_that_is_missing_differs_from_every_value() {
    let mut node = node("nodeid1");
    let constraint = &["engine.labels.disk != ssd"];
    assert!(fits(&node, constraint));
    node.spec.labels.insert("disk".to_owned(), "ssd".to_owned());
    assert!(fits(&node, constraint));
    node.description.engine_labels.insert("disk".to_owned(), "ssd".to_owned());
    assert!(!fits(&node, constraint));
    node.description.engine_labels.insert("memory".to_owned(), "large".to_owned());
    assert!(!fits(&node, constraint));
}

/// Upstream: manager/scheduler/constraint_test.go TestMultipleConstraints
#[test]
fn all_constraints_must_hold() {
    let mut node = node("node2");
    let mut constraints = vec!["node.hostname == node-1", "engine.labels.operatingsystem != Ubuntu 14.04"];
    assert!(!fits(&node, &constraints));
    node.description.hostname = "node-1".to_owned();
    assert!(fits(&node, &constraints));
    for (system, passes) in [("Ubuntu 14.04", false), ("ubuntu 14.04", false), ("ubuntu 15.04", true)] {
        node.description.engine_labels.insert("operatingsystem".to_owned(), system.to_owned());
        assert_eq!(fits(&node, &constraints), passes, "{system}");
    }
    constraints.push("node.labels.security == high");
    for (security, passes) in [("low", false), ("high", true)] {
        assert!(!fits(&node, &constraints) || passes);
        node.spec.labels.insert("security".to_owned(), security.to_owned());
        assert_eq!(fits(&node, &constraints), passes, "{security}");
    }
}
