//! Tables, `inspect`, logs and completion.

use super::*;

#[test]
fn the_tables_of_a_running_service() {
    let mut bench = Bench::new();
    bench.ok("service create -d --name my-app --publish published=8000,target=8000 --replicas 2 masungil/my-fastapi-whoami:latest");
    bench.pass(10 * SECOND);
    let ids = bench.ok("service ls -q");
    let id = ids.trim();
    assert_eq!(id.len(), 12);
    assert_eq!(
        bench.ok("service ls"),
        format!(
            "ID             NAME      MODE         REPLICAS   IMAGE                               PORTS\n\
             {id}   my-app    replicated   2/2        masungil/my-fastapi-whoami:latest   *:8000->8000/tcp\n"
        )
    );
    assert_eq!(
        bench.ok("service ls --format '{{json .}}'"),
        format!(
            "{{\"ID\":\"{id}\",\"Image\":\"masungil/my-fastapi-whoami:latest\",\"Mode\":\"replicated\",\"Name\":\"my-app\",\
             \"Ports\":\"*:8000-\\u003e8000/tcp\",\"Replicas\":\"2/2\"}}\n"
        )
    );
    let table = bench.ok("service ps my-app");
    let mut lines = table.lines();
    let header =
        "ID             NAME       IMAGE                               NODE      DESIRED STATE   CURRENT STATE";
    assert!(lines.next().is_some_and(|line| line.starts_with(header)), "{table}");
    let rows: Vec<&str> = lines.collect();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].contains("   my-app.1   masungil/my-fastapi-whoami:latest   "), "{table}");
    assert!(rows[0].contains("   Running         Running ") && rows[0].ends_with(" ago             "), "{table}");
    assert_eq!(bench.ok("service ps -q my-app").lines().map(str::len).collect::<Vec<_>>(), [25, 25]);
    assert_eq!(
        bench.say("service ls --format '{{.Nope}}'").err,
        "template parsing error: template: :1:2: executing \"\" at <.Nope>: can't evaluate field Nope in type \
         *service.serviceContext\n"
    );
}

#[test]
fn a_container_shows_what_its_service_says_that_it_runs() {
    let mut bench = Bench::new();
    bench.ok(
        "service create -d --name a --constraint node.role==manager -e WHERE={{.Node.Hostname}} -e WHO={{.Task.Name}} \
         -e BAD={{.Nope}} masungil/my-fastapi-whoami:latest /whoami.sh --loud",
    );
    bench.pass(10 * SECOND);
    let id = bench.ok("ps -q");
    let id = id.trim();
    assert_eq!(bench.ok("ps --format '{{.Command}}'"), "\"/whoami.sh --loud\"\n");
    let name = bench.ok("ps --format '{{.Names}}'");
    assert_eq!(
        bench.ok(&format!(
            "inspect --format '{{{{json .Config.Env}}}} {{{{json .Config.Cmd}}}} {{{{.Path}}}} {{{{.Args}}}}' {id}"
        )),
        format!(
            "[\"WHERE=manager\",\"WHO={}\",\"BAD={{{{.Nope}}}}\"] [\"/whoami.sh\",\"--loud\"] /whoami.sh [--loud]\n",
            name.trim()
        )
    );
    bench.ok("service update -d --entrypoint '/bin/sh -c' --args 'sleep 9' a");
    bench.pass(10 * SECOND);
    assert_eq!(bench.ok("ps --format '{{.Command}}'"), "\"/bin/sh -c sleep 9\"\n");
}

#[test]
fn former_tasks_are_indented_under_their_successors() {
    let mut bench = Bench::new();
    bench.ok("service create -d --name other demo/crash");
    bench.pass(9 * SECOND);
    let text = bench.ok("service ps other --format 'table {{.Name}}\\t{{.DesiredState}}\\t{{.Error}}'");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "NAME          DESIRED STATE   ERROR");
    assert_eq!(lines[2], " \\_ other.1   Shutdown        \"task: non-zero exit (1)\"");
    assert!(!lines[1].starts_with(" \\_ ") && !lines[1].contains("Shutdown"), "the newest comes first: {text}");
    assert!(bench.ok("service ps other --format '{{.Name}}'").lines().all(|line| line == "other.1"));
    assert_eq!(bench.ok("service ps other --filter desired-state=shutdown -q").lines().count(), lines.len() - 2);
}

#[test]
fn nodes_are_listed_and_shown() {
    let mut bench = Bench::new();
    let table = bench.ok("node ls");
    assert!(table.starts_with(
        "ID                            HOSTNAME   STATUS    AVAILABILITY   MANAGER STATUS   ENGINE VERSION\n"
    ));
    let own = table.lines().nth(1).expect("the manager");
    assert!(own.contains(" *   manager    Ready     Active         Leader           26.1.5+dfsg1"), "{table}");
    assert_eq!(
        bench.ok("node inspect self -f '{{.Status.State}} {{.Spec.Role}} {{.ManagerStatus.Leader}}'"),
        "ready manager true\n"
    );
    bench.ok("node update --label-add x=1 --label-add y --availability drain node1");
    let page = bench.ok("node inspect --pretty node1");
    assert!(page.contains("Labels:\n - x=1\n - y\nHostname:              \tnode1\n"), "{page}");
    assert!(page.contains(" Availability:         \tDrain\n"), "{page}");
    assert_eq!(bench.ok("node ls --filter role=worker -q").lines().count(), 2);
    let id = Bench::node_of(&bench.world, "node1");
    assert_eq!(bench.ok("node demote node1"), format!("Node {id} is already a worker.\n"));
}

#[test]
fn the_pretty_page_of_a_service() {
    let mut bench = Bench::new();
    bench.ok("service create -d --name my-app --label a=b --label c --publish 8000:8000 --replicas 3 --update-delay 10s masungil/my-fastapi-whoami:latest");
    bench.pass(10 * SECOND);
    let service = bench.world.store().services().next().expect("the service").clone();
    let (id, image) = (service.id, &service.spec.task.container.image);
    assert_eq!(
        bench.ok("service inspect --pretty my-app"),
        format!(
            "\nID:\t\t{id}\nName:\t\tmy-app\nLabels:\n a=b\n c\nService Mode:\tReplicated\n Replicas:\t3\nPlacement:\n\
             UpdateConfig:\n Parallelism:\t1\n Delay:\t\t10s\n On failure:\tpause\n Monitoring Period: 5s\n \
             Max failure ratio: 0\n Update order:      stop-first\nRollbackConfig:\n Parallelism:\t1\n On failure:\tpause\n \
             Monitoring Period: 5s\n Max failure ratio: 0\n Rollback order:    stop-first\nContainerSpec:\n \
             Image:\t\t{image}\n Init:\t\tfalse\nResources:\nEndpoint Mode:\tvip\nPorts:\n PublishedPort = 8000\n  \
             Protocol = tcp\n  TargetPort = 8000\n  PublishMode = ingress \n\n"
        )
    );
}

#[test]
fn images_come_by_their_birthday_and_those_of_one_second_in_any_order() {
    let mut bench = Bench::new();
    let orders: std::collections::BTreeSet<String> =
        (0..20).map(|_| bench.ok("images --format '{{.Repository}}:{{.Tag}} {{.CreatedAt}}'")).collect();
    assert!(orders.len() > 3, "{orders:?}");
    for order in &orders {
        let second: Vec<&str> = order.lines().filter_map(|line| line.get(line.find(' ')?..)).collect();
        assert!(second.len() == 10 && second.is_sorted_by(|a, b| a >= b), "{order}");
        assert!(order.lines().last().expect("ten").ends_with(" 2026-11-22 21:31:01 +0000 UTC"), "{order}");
    }
    bench.ok(APP);
    bench.pass(10 * SECOND);
    let labels = bench.ok("ps --format '{{.Labels}}'");
    assert!(labels.ends_with(",com.docker.swarm.task=\n"), "sorted as they are shown: {labels}");
}

#[test]
fn containers_images_and_logs_are_those_of_the_node() {
    let mut bench = Bench::new();
    bench.ok(APP);
    bench.pass(10 * SECOND);
    let names = bench.ok("ps --format '{{.Names}} {{.Ports}} {{.Command}}'");
    assert!(names.starts_with("app.") && names.ends_with(" 8000/tcp \"/whoami.sh\"\n"), "{names}");
    assert!(bench.ok("images").contains("masungil/my-fastapi-whoami   latest    "));
    let logs = bench.ok("service logs --raw --tail 1 app");
    assert_eq!(logs, "INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)\n".repeat(3));
    // Each task's lines stand together; which task comes first is another each time.
    let tasks_of = |text: String| -> Vec<String> {
        let mut tasks: Vec<_> = text.lines().map(|line| line[..line.find('@').expect("a task")].to_owned()).collect();
        tasks.dedup();
        tasks
    };
    let orders: std::collections::BTreeSet<Vec<String>> =
        (0..20).map(|_| tasks_of(bench.ok("service logs --no-task-ids app"))).collect();
    assert!(orders.len() > 3 && orders.iter().all(|tasks| tasks.len() == 3), "{orders:?}");
    let mut held = bench.say("service logs -f app");
    assert_eq!(held.out.lines().count(), 6);
    let mut foreground = held.held.take().expect("it follows");
    bench.world.advance(foreground.wake_at());
    let mut output = Output::default();
    assert_eq!(foreground.poll(&mut bench.world, &mut output), None);
    assert_eq!(split(&mut output), (String::new(), String::new()));
    assert_eq!(foreground.interrupt(&mut bench.world, &mut output), Some(130));
}

#[test]
fn help_is_laid_out_as_dockers() {
    let mut bench = Bench::new();
    let said = bench.say("node");
    assert_eq!(said.exit, Some(0));
    assert_eq!(
        said.err,
        "Usage:  docker node COMMAND\n\nManage Swarm nodes\n\nCommands:\n  \
         demote      Demote one or more nodes from manager in the swarm\n  \
         inspect     Display detailed information on one or more nodes\n  \
         ls          List nodes in the swarm\n  \
         promote     Promote one or more nodes to manager in the swarm\n  \
         ps          List tasks running on one or more nodes, defaults to current node\n  \
         rm          Remove one or more nodes from the swarm\n  \
         update      Update a node\n\nRun 'docker node COMMAND --help' for more information on a command.\n"
    );
    let help = bench.ok("service ls --help");
    assert!(help.starts_with("Usage:  docker service ls [OPTIONS]\n\n"), "{help}");
    assert!(
        help.contains("\nAliases:\n  docker service ls, docker service list\n\nOptions:\n  -f, --filter filter"),
        "{help}"
    );
    assert_eq!(bench.ok("help service ls"), help);
    assert!(bench.ok("--help").contains("\nSwarm Commands:\n  config      Manage Swarm configs\n"));
    assert!(bench.ok("--version").starts_with("Docker version 28.2.2"));
}

#[test]
fn what_could_follow_is_offered() {
    let mut bench = Bench::new();
    bench.ok(APP);
    let offers = |line: &str| {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let candidates = complete(&bench.world, bench.node, &words);
        candidates.iter().map(|candidate| candidate.text.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(offers("ser"), "service");
    assert_eq!(offers("service ro"), "rollback");
    assert_eq!(offers("service ps "), "app");
    assert_eq!(offers("service scale a"), "app=");
    assert_eq!(offers("service update --rollback-o"), "--rollback-order");
    assert_eq!(offers("service update --update-failure-action "), "continue pause rollback");
    assert_eq!(offers("service update --update-order=st"), "--update-order=start-first --update-order=stop-first");
    assert_eq!(
        offers("service update --image masungil/my-fastapi-whoami:v"),
        "masungil/my-fastapi-whoami:v2 masungil/my-fastapi-whoami:v3"
    );
    assert_eq!(offers("service update --replicas "), "");
    assert_eq!(offers("service update --detach "), "app");
    assert_eq!(offers("node ps "), "manager node1 node2");
    assert_eq!(offers("service create demo/crash -"), "");
    assert_eq!(offers("service nosuch "), "");
}
