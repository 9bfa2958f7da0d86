//! The swarm and its managers, as they are seen from prompts: who leads, what is answered without a majority, who comes
//! and goes. Recordings show some of it; here are the corners.

use std::cell::RefCell;

use swarmyard_core::model::{NodeState, Role, TaskState};
use swarmyard_core::scenario::Scenario;
use swarmyard_core::time::{MINUTE, SECOND};

use super::upstream::kit::*;

const NO_LEADER: &str = "Error response from daemon: rpc error: code = Unknown desc = The swarm does not have a leader. \
                         It's possible that too few managers are online. Make sure more than half of the managers are \
                         online.";
const WORKER: &str = "Error response from daemon: This node is not a swarm manager. Worker nodes can't be used to view or \
                      modify cluster state. Please run this command on a manager node or promote the current node to a \
                      manager.";
const OUTSIDE: &str = "Error response from daemon: This node is not a swarm manager. Use \"docker swarm init\" or \"docker \
                       swarm join\" to connect this node to swarm and try again.";

fn managers(seed: u64, others: &str) -> Cluster {
    let mut cluster = Cluster::of(&Scenario::lab(), seed);
    cluster.docker(&format!("node promote {others}"));
    cluster.pass(5 * SECOND);
    cluster
}

fn alone() -> Cluster {
    Cluster::of(&Scenario { swarm: false, ..Scenario::lab() }, 1)
}

fn state(cluster: &Cluster, node: &str) -> NodeState {
    cluster.node(node).status.state
}

fn leader(cluster: &Cluster) -> Option<String> {
    let leads = |host: &&str| cluster.node(host).manager.as_ref().is_some_and(|manager| manager.leader);
    ["manager", "node1", "node2"].iter().find(|host| leads(host)).map(|host| (*host).to_owned())
}

/// With three managers one may go; another leads after ten to twenty seconds, whoever it is.
#[test]
fn the_rest_of_the_managers_elects_a_leader() {
    let mut leaders = Vec::new();
    for seed in 1..12 {
        let mut cluster = managers(seed, "node1 node2");
        created(&mut cluster, "app", 3, "", V1);
        cluster.world("power-off manager");
        let took =
            cluster.until("another leads", MINUTE, |cluster| leader(cluster).is_some_and(|host| host != "manager"));
        assert!((9 * SECOND..=19 * SECOND).contains(&took), "{took} ms");
        leaders.extend(leader(&cluster));
        let message = "Node moved to \"unknown\" state due to leadership change in cluster";
        for host in ["manager", "node1", "node2"] {
            assert_eq!(
                (state(&cluster, host), cluster.node(host).status.message.as_str()),
                (NodeState::Unknown, message)
            );
        }
        cluster.until("the others are known", 10 * SECOND, |cluster| {
            ["node1", "node2"].iter().all(|host| state(cluster, host) == NodeState::Ready)
        });
        // Nothing was lost: what ran is not replaced, and new work is done.
        assert_eq!(cluster.tasks("app").len(), 3);
        cluster.at("node1", "service scale -d app=5");
        cluster.until("they run", MINUTE, |cluster| cluster.running("app") == 5);
        // The old leader is given up after twice the usual time, and its task is replaced.
        cluster.until("it is missed", MINUTE, |cluster| state(cluster, "manager") == NodeState::Down);
        assert_eq!(cluster.node("manager").status.message, "heartbeat failure for node in \"unknown\" state");
    }
    leaders.sort();
    leaders.dedup();
    assert_eq!(leaders, ["node1", "node2"], "both were elected some time");
}

/// A leader that is demoted hands over first.
#[test]
fn a_leader_can_be_demoted() {
    let mut cluster = managers(1, "node1 node2");
    cluster.docker("node demote manager");
    cluster.pass(SECOND);
    assert_ne!(leader(&cluster).as_deref(), Some("manager"));
    assert_eq!(cluster.node("manager").role, Role::Worker);
    assert_eq!(cluster.refused("node ls"), WORKER);
    assert_eq!(cluster.at("node1", "node ls -q").1, 0);
}

/// Of two managers none may go: the one that is left tells what it knows for a while, and then says why it cannot.
#[test]
fn without_a_majority_nothing_is_written() {
    for seed in 1..8 {
        let mut cluster = managers(seed, "node1");
        created(&mut cluster, "app", 2, "", V1);
        cluster.world("power-off node1");
        cluster.docker("service ls");
        // What was asked for waits until the leader gives up.
        let said = cluster.refused("service scale -d app=3");
        assert_eq!(
            said,
            "app: Error response from daemon: rpc error: code = Unknown desc = raft: failed to process the request: node \
             lost leader status"
        );
        let before = cluster.now();
        assert_eq!(
            cluster.refused("service ls"),
            "Error response from daemon: rpc error: code = DeadlineExceeded desc = context deadline exceeded"
        );
        assert_eq!(cluster.now() - before, 20 * SECOND);
        assert_eq!(cluster.refused("service ls"), NO_LEADER);
        assert_eq!(cluster.refused("node ls"), NO_LEADER);
        assert_eq!(cluster.docker("info -f '{{.Swarm.Managers}} {{.Swarm.ControlAvailable}}'"), "0 true");
        // What runs goes on; what ends is not replaced, for nobody decides it.
        cluster.docker("ps -q");
        // The one that leads again has it in its log.
        cluster.world("power-on node1");
        cluster.until("it leads again", MINUTE, |cluster| {
            cluster.node("manager").status.state == NodeState::Ready && leader(cluster).is_some()
        });
        cluster.until("three run", MINUTE, |cluster| cluster.running("app") == 3);
        cluster.docker("service ls");
    }
}

/// What is typed while nobody leads is done once somebody does, with the files of then.
#[test]
fn a_stack_waits_for_a_leader() {
    let mut cluster = managers(2, "node1 node2");
    let file = "services: {web: {image: $IMAGE, configs: [conf]}}\\nconfigs: {conf: {file: ./conf.txt}}\\n";
    assert_eq!(cluster.line_at("node1", &format!("printf '{file}' > stack.yml; echo a=1 > conf.txt")).1, 0);
    cluster.world("power-off manager");
    let before = cluster.now();
    let missing = cluster.at("node1", "stack deploy -c none.yml st");
    assert_eq!((missing, cluster.now() - before), (("open none.yml: no such file or directory".to_owned(), 1), 0));
    let deploy = format!("IMAGE={V1} docker stack deploy --detach=true -c stack.yml st & sleep 0.1; rm *; wait");
    let said = cluster.line_at("node1", &deploy);
    assert_eq!(said, ("Creating network st_default\nCreating config st_conf\nCreating service st_web".to_owned(), 0));
    assert!(cluster.now() - before > 9 * SECOND, "{}", cluster.now() - before);
    assert_eq!(cluster.at("node1", "config inspect -f '{{json .Spec.Data}}' st_conf").0, "\"YT0xCg==\"");
    cluster.until("it runs", MINUTE, |cluster| cluster.running("st_web") == 1);
}

/// A majority that comes back before the leader has given up: nothing was noticed.
#[test]
fn a_short_loss_of_the_majority_only_delays() {
    let mut cluster = managers(3, "node1");
    created(&mut cluster, "app", 2, "", V1);
    cluster.world("cut-off node1");
    cluster.world("reconnect node1");
    cluster.docker("service scale -d app=3");
    cluster.until("they run", MINUTE, |cluster| cluster.running("app") == 3);
    assert_eq!(leader(&cluster).as_deref(), Some("manager"));
}

/// The containers of a node without network go on, and are told apart from their replacements when it is back.
#[test]
fn a_node_without_network_works_on() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "--publish 8080:8000", V1);
    cluster.world("cut-off node2");
    cluster.until("it is missed", MINUTE, |cluster| state(cluster, "node2") == NodeState::Down);
    assert_eq!(cluster.at("node2", "ps -q").0.lines().count(), 1, "its container runs");
    cluster.until("another runs", MINUTE, |cluster| cluster.running("app") == 3);
    assert_eq!(cluster.docker("service ls --format {{.Replicas}}"), "4/3");
    cluster.world("reconnect node2");
    cluster.until("it is back", MINUTE, |cluster| state(cluster, "node2") == NodeState::Ready);
    cluster.until("it has stopped the surplus", MINUTE, |cluster| {
        cluster.on_node("app", "node2").iter().all(|task| task.status.state == TaskState::Shutdown)
    });
    assert_eq!(cluster.docker("service ls --format {{.Replicas}}"), "3/3");
}

/// A leader without network: the others elect another; it steps down by itself, and follows when it is back.
#[test]
fn a_leader_without_network_is_replaced_and_follows_when_it_is_back() {
    let mut cluster = managers(5, "node1 node2");
    cluster.world("cut-off manager");
    cluster.pass(25 * SECOND);
    let new = leader(&cluster).expect("somebody leads");
    assert_ne!(new, "manager");
    cluster.pass(15 * SECOND);
    assert_eq!(cluster.refused("node ls"), NO_LEADER);
    assert_eq!(cluster.at("node1", "node ls -q").1, 0);
    cluster.world("reconnect manager");
    cluster.until("it is back", MINUTE, |cluster| state(cluster, "manager") == NodeState::Ready);
    assert_eq!(leader(&cluster), Some(new));
    assert_eq!(cluster.docker("node ls -q").lines().count(), 3);
}

/// The only manager is off for a while: nodes are unknown to it when it is back, and what it did not see is made up for.
#[test]
fn a_single_manager_that_was_off_starts_from_what_is_stored() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 4, "", V1);
    create(&mut cluster, "job", "--mode replicated-job --replicas 2", CRASH8);
    cluster.pass(2 * SECOND);
    cluster.world("power-off manager");
    assert_eq!(cluster.at("node1", "node ls"), (WORKER.to_owned(), 1));
    cluster.pass(MINUTE);
    assert_eq!(cluster.running("app"), 4, "nobody decides anything");
    cluster.world("power-on manager");
    cluster.until("all run", MINUTE, |cluster| {
        let here = ["manager", "node1", "node2"].iter().all(|host| state(cluster, host) == NodeState::Ready);
        here && cluster.running("app") == 4 && !cluster.in_state("app", TaskState::Failed).is_empty()
    });
    let lost = cluster.in_state("app", TaskState::Failed);
    assert!(lost.iter().all(|task| &*task.status.err == "task: non-zero exit (255)"), "{lost:?}");
}

/// A rolling update goes on under a new leader.
#[test]
fn an_update_goes_on_under_a_new_leader() {
    let mut cluster = managers(2, "node1 node2");
    created(&mut cluster, "app", 3, "--constraint node.hostname!=manager --update-delay 20s", V1);
    cluster.docker(&format!("service update -d --image {V2} app"));
    cluster.until("one is new", MINUTE, |cluster| cluster.running_image("app", V2) == 1);
    cluster.world("power-off manager");
    cluster.until("all are new", 5 * MINUTE, |cluster| cluster.running_image("app", V2) == 3);
    cluster.until("it is completed", MINUTE, |cluster| cluster.update_message("app") == "update completed");
}

/// A new leader counts the restarts that it finds.
#[test]
fn restarts_are_counted_across_leaders() {
    let mut cluster = managers(4, "node1 node2");
    let flags = "--replicas 1 --restart-max-attempts 3 --constraint node.hostname!=manager";
    create(&mut cluster, "app", flags, CRASH8);
    cluster.until("it was restarted once", MINUTE, |cluster| cluster.tasks("app").len() == 2);
    cluster.world("power-off manager");
    let seen = RefCell::new(Vec::new());
    cluster.always("watched", 5 * MINUTE, |cluster| {
        seen.borrow_mut().extend(cluster.tasks("app").iter().map(|task| task.id.to_string()));
        true
    });
    let mut seen = seen.into_inner();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 4, "the first one and three more");
    assert!(cluster.wanted("app").is_empty(), "it has been given up");
}

/// A worker leaves with its containers, is missed, and comes again as another node.
#[test]
fn a_worker_leaves_and_joins_again() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "", V1);
    let token = cluster.docker("swarm join-token -q worker");
    assert_eq!(cluster.at("node1", "swarm leave"), ("Node left the swarm.".to_owned(), 0));
    assert_eq!(cluster.at("node1", "ps -aq").0, "");
    assert_eq!(cluster.at("node1", "node ls"), (OUTSIDE.to_owned(), 1));
    assert_eq!(cluster.at("node1", "swarm leave").0, "Error response from daemon: This node is not part of a swarm");
    assert_eq!(state(&cluster, "node1"), NodeState::Ready, "nobody was told");
    cluster.until("it is missed", MINUTE, |cluster| state(cluster, "node1") == NodeState::Down);
    cluster.until("another runs", MINUTE, |cluster| cluster.running("app") == 3);
    let join = format!("swarm join --token {token} 10.97.0.10:2377");
    assert_eq!(cluster.at("node1", &join), ("This node joined a swarm as a worker.".to_owned(), 0));
    cluster.until("it is ready", 5 * SECOND, |cluster| {
        cluster.nodes("node1").iter().any(|node| node.status.state == NodeState::Ready)
    });
    let states: Vec<NodeState> = cluster.nodes("node1").iter().map(|node| node.status.state).collect();
    assert_eq!(states.len(), 2, "the old node stays until it is removed: {states:?}");
    assert_eq!(cluster.shown(), ["manager", "node1", "node2"]);
    cluster.docker("service scale -d app=6");
    cluster.until("it gets tasks", MINUTE, |cluster| cluster.running("app") == 6);
    assert!(cluster.at("node1", "ps -q").0.lines().count() > 1);
}

/// A manager warns before it leaves; the last one takes the swarm with it.
#[test]
fn managers_leave_by_force_alone() {
    let mut cluster = managers(1, "node1");
    let begin = "Error response from daemon: You are attempting to leave the swarm on a node that is participating as a \
                 manager. ";
    let end = "The only way to restore a swarm that has lost consensus is to reinitialize it with `--force-new-cluster`. \
               Use `--force` to suppress this message.";
    let risk = "Removing this node leaves 1 managers out of 2. Without a Raft quorum your swarm will be inaccessible. ";
    assert_eq!(cluster.refused("swarm leave"), [begin, risk, end].concat());
    cluster.docker("node demote node1");
    let last =
        "Removing the last manager erases all current state of the swarm. Use `--force` to ignore this message. ";
    assert_eq!(cluster.refused("swarm leave"), [begin, last].concat());
    let old = cluster.node("manager").id;
    assert_eq!(cluster.docker("swarm leave --force"), "Node left the swarm.");
    assert_eq!(cluster.refused("node ls"), OUTSIDE);
    assert_eq!(cluster.at("node1", "service ls").0, WORKER, "workers do not notice");
    // A new swarm knows nothing of the old one, and its node is another.
    let said = cluster.docker("swarm init");
    cluster.pass(2 * SECOND);
    let new = cluster.node("manager").id;
    assert_ne!(old, new);
    assert!(said.starts_with(&format!("Swarm initialized: current node ({new}) is now a manager.")), "{said}");
    assert_eq!(
        cluster.docker("node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'"),
        "manager Ready Leader"
    );
    assert_eq!(cluster.docker("service ls -q"), "");
    let join = format!("swarm join --token {} 10.97.0.10:2377", cluster.docker("swarm join-token -q manager"));
    let part = "Error response from daemon: This node is already part of a swarm. Use \"docker swarm leave\" to leave this \
                swarm and join another one.";
    assert_eq!(cluster.at("node1", &join).0, part);
    cluster.at("node1", "swarm leave");
    assert_eq!(cluster.at("node1", &join), ("This node joined a swarm as a manager.".to_owned(), 0));
    cluster.pass(SECOND);
    assert_eq!(cluster.docker("node ls --format {{.ManagerStatus}}"), "Leader\nReachable");
}

/// What a new swarm is given, and what it refuses.
#[test]
fn a_swarm_begins_as_it_is_told() {
    let mut cluster = alone();
    assert_eq!(
        cluster.refused("swarm init --availability gone"),
        "invalid availability \"gone\", only active, pause and drain are supported"
    );
    let bad = "must be a non-zero IP address or network interface (with optional port number)";
    assert_eq!(
        cluster.refused("swarm init --advertise-addr 0.0.0.0"),
        format!("Error response from daemon: advertise address {bad}")
    );
    assert_eq!(
        cluster.refused("swarm init --data-path-port 80"),
        "Error response from daemon: Datapath port number must be in the range 1024-49151 (inclusive), or zero for default \
         port 4789"
    );
    assert_eq!(cluster.docker("info -f {{.Swarm.LocalNodeState}}"), "inactive");
    let said =
        cluster.docker("swarm init --availability drain --task-history-limit 2 --autolock --advertise-addr eth0");
    assert!(said.contains("\n    docker swarm join --token SWMTKN-1-") && said.contains("\n    SWMKEY-1-"), "{said}");
    assert_eq!(cluster.docker("node ls --format '{{.Availability}} {{.ManagerStatus}}'"), "Drain Leader");
    let shown = cluster.docker("info -f '{{.Swarm.Cluster.Spec.Orchestration.TaskHistoryRetentionLimit}}'");
    assert_eq!(shown, "2");
}

/// An address that others are told is where they find the swarm.
#[test]
fn a_manager_is_where_it_says() {
    let mut cluster = alone();
    let said = cluster.docker("swarm init --advertise-addr 192.168.99.100:2400 --listen-addr eth0:2400");
    let join =
        said.lines().find_map(|line| line.trim().strip_prefix("docker ")).expect("it says how to join").to_owned();
    assert!(join.ends_with(" 192.168.99.100:2400"), "{said}");
    assert_eq!(
        cluster.docker("info -f '{{.Swarm.NodeAddr}} {{(index .Swarm.RemoteManagers 0).Addr}}'"),
        "192.168.99.100 192.168.99.100:2400"
    );
    assert_eq!(
        cluster.docker("node inspect self -f '{{.Status.Addr}} {{.ManagerStatus.Addr}}'"),
        "192.168.99.100 192.168.99.100:2400"
    );
    let joined = ("This node joined a swarm as a worker.".to_owned(), 0);
    assert_eq!(cluster.at("node1", &(join.clone() + " --advertise-addr 10.0.0.7")), joined);
    assert_eq!(cluster.at("node1", "info -f {{.Swarm.NodeAddr}}").0, "10.0.0.7");
    let nowhere = cluster.at("node2", &join.replace(":2400", ":2377"));
    assert!(nowhere.0.contains("Timeout was reached"), "{nowhere:?}");
    cluster.docker("swarm leave --force");
    let said = cluster.docker("swarm init --listen-addr 10.97.0.10:2500");
    assert!(said.contains(" 10.97.0.10:2500\n"), "{said}");
}

/// A daemon that reaches no manager tries on in the background.
#[test]
fn joining_takes_its_time_where_nobody_answers() {
    let mut cluster = alone();
    let before = cluster.now();
    let said = cluster.refused("swarm join --token SWMTKN-1-0ntbswdq0t1ksw1b3h3utsvjj9r9jj7ik43c7h91z2gt9esef9-0fpy2u29t73ebzg68rc9jbx0b 10.97.0.99:2377");
    assert!(said.starts_with("Error response from daemon: Timeout was reached before node joined."), "{said}");
    assert_eq!(cluster.now() - before, 20 * SECOND);
    assert_eq!(cluster.docker("info -f {{.Swarm.LocalNodeState}}"), "pending");
    assert_eq!(cluster.refused("node ls"), WORKER);
    assert_eq!(cluster.docker("swarm leave"), "Node left the swarm.");
    assert_eq!(cluster.docker("info -f {{.Swarm.LocalNodeState}}"), "inactive");
}

/// A locked manager needs its key when its daemon starts.
#[test]
fn a_locked_manager_waits_for_its_key() {
    let mut cluster = Cluster::lab();
    created(&mut cluster, "app", 3, "", V1);
    cluster.docker("swarm update --autolock");
    let key = cluster.docker("swarm unlock-key -q");
    cluster.world("stop-daemon manager");
    cluster.world("start-daemon manager");
    cluster.pass(3 * SECOND);
    let locked = "Error response from daemon: Swarm is encrypted and needs to be unlocked before it can be used. Please use \
                  \"docker swarm unlock\" to unlock it.";
    assert_eq!(cluster.refused("node ls"), locked);
    assert_eq!(cluster.docker("info -f {{.Swarm.LocalNodeState}}"), "locked");
    assert!(cluster.type_line("echo nonsense | docker swarm unlock").0.ends_with("invalid unlock key"));
    let (said, exit) = cluster.type_line(&format!("echo {key} | docker swarm unlock"));
    assert_eq!(exit, 0, "{said}");
    cluster.until("all are ready", MINUTE, |cluster| {
        ["manager", "node1", "node2"].iter().all(|host| state(cluster, host) == NodeState::Ready)
    });
    cluster.docker("node ls");
}

/// A swarm that has lost its majority for good begins anew from one manager's state.
#[test]
fn a_new_cluster_can_be_forced_out_of_one_manager() {
    let mut cluster = managers(1, "node1 node2");
    created(&mut cluster, "app", 2, "", V1);
    cluster.world("power-off node1");
    cluster.world("power-off node2");
    cluster.pass(MINUTE);
    assert_eq!(cluster.refused("service ls"), NO_LEADER);
    let said = cluster.docker("swarm init --force-new-cluster");
    assert!(said.starts_with("Swarm initialized"), "{said}");
    cluster.until("all run here", 2 * MINUTE, |cluster| {
        cluster.on_node("app", "manager").iter().filter(|task| runs(task)).count() == 2
    });
    assert_eq!(cluster.docker("node ls --format '{{.Hostname}}:{{.ManagerStatus}}' -f name=manager"), "manager:Leader");
}
