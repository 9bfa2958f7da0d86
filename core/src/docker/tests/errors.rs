//! Bad input: a clear error each, in Docker's words, with Docker's exit code.

use super::*;

#[test]
fn unknown_words_are_told_apart() {
    let mut bench = Bench::new();
    bench.check_error("foo", 1, "docker: unknown command: docker foo\n\nRun 'docker --help' for more information\n");
    bench.check_error(
        "service upgrade my-app",
        1,
        "docker: unknown command: docker service upgrade\n\nUsage:  docker service\n\n\
         Run 'docker service --help' for more information\n",
    );
    bench.check_error(
        "service --foo",
        125,
        "unknown flag: --foo\n\nUsage:  docker service\n\nRun 'docker service --help' for more information\n",
    );
    bench.check_error(
        "-x",
        125,
        "unknown shorthand flag: 'x' in -x\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\n\
         Run 'docker --help' for more information\n",
    );
    bench.check_error(
        "stack foo",
        1,
        "docker: unknown command: docker stack foo\n\nUsage:  docker stack [OPTIONS]\n\n\
         Run 'docker stack --help' for more information\n",
    );
}

#[test]
fn flags_are_refused_with_the_usage() {
    let mut bench = Bench::new();
    let usage = "\n\nUsage:  docker service update [OPTIONS] SERVICE\n\n\
                 Run 'docker service update --help' for more information\n";
    for (flags, message) in [
        (
            "--update-delay 5",
            "invalid argument \"5\" for \"--update-delay\" flag: time: missing unit in duration \"5\"",
        ),
        (
            "--update-parallelism -1",
            "invalid argument \"-1\" for \"--update-parallelism\" flag: strconv.ParseUint: parsing \"-1\": invalid syntax",
        ),
        (
            "--update-max-failure-ratio 50%",
            "invalid argument \"50%\" for \"--update-max-failure-ratio\" flag: strconv.ParseFloat: parsing \"50%\": \
             invalid syntax",
        ),
        ("--limit-memory x", "invalid argument \"x\" for \"--limit-memory\" flag: invalid size: 'x'"),
        (
            "--limit-cpu 0.0000000001",
            "invalid argument \"0.0000000001\" for \"--limit-cpu\" flag: value is too precise",
        ),
        ("--env-add ''", "invalid argument \"\" for \"--env-add\" flag: invalid environment variable: "),
        ("--publish-add x", "invalid argument \"x\" for \"--publish-add\" flag: invalid containerPort: x"),
        (
            "--placement-pref-add x",
            "invalid argument \"x\" for \"--placement-pref-add\" flag: placement preference must be of the format \
             \"<strategy>=<arg>\"",
        ),
        (
            "--detach=maybe",
            "invalid argument \"maybe\" for \"-d, --detach\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
        ),
        ("--mode global", "unknown flag: --mode"),
    ] {
        bench.check_error(&format!("service update {flags} my-app"), 125, &format!("{message}{usage}"));
    }
    bench.check_error("service update my-app --image", 125, &format!("flag needs an argument: --image{usage}"));
}

#[test]
fn arguments_are_counted() {
    let mut bench = Bench::new();
    for (line, rule, usage, verb) in [
        ("service rollback a b", "requires 1 argument", "docker service rollback [OPTIONS] SERVICE", "Run"),
        ("service ps", "requires at least 1 argument", "docker service ps [OPTIONS] SERVICE [SERVICE...]", "See"),
        ("service remove", "requires at least 1 argument", "docker service rm SERVICE [SERVICE...]", "See"),
        ("node ls foo", "accepts no arguments", "docker node ls [OPTIONS]", "Run"),
        ("config create x", "requires 2 arguments", "docker config create [OPTIONS] CONFIG file|-", "Run"),
        (
            "secret create",
            "requires at least 1 and at most 2 arguments",
            "docker secret create [OPTIONS] SECRET [file|-]",
            "Run",
        ),
    ] {
        let path = usage.split(" [").next().and_then(|path| path.split(" SERVICE").next()).expect("a path");
        let text =
            format!("docker: '{path}' {rule}\n\nUsage:  {usage}\n\n{verb} '{path} --help' for more information\n");
        bench.check_error(line, 1, &text);
    }
}

#[test]
fn the_daemon_and_the_client_refuse_in_their_own_words() {
    let mut bench = Bench::new();
    bench.ok(APP);
    let daemon = "Error response from daemon: ";
    for (line, message) in [
        ("service rollback nosuch", format!("{daemon}service nosuch not found")),
        ("service rm nosuch nosuch2", format!("{daemon}service nosuch not found\n{daemon}service nosuch2 not found")),
        ("service ps nosuch", "no such service: nosuch".to_owned()),
        ("service update -d --update-order START-FIRST app", format!("{daemon}unrecognized update order START-FIRST")),
        (
            "service update -d --rollback-failure-action foo app",
            format!("{daemon}unrecognized update failure action foo"),
        ),
        ("service update -d --restart-condition always app", format!("{daemon}invalid RestartCondition: \"always\"")),
        ("service update -d --endpoint-mode foo app", format!("{daemon}invalid resolution mode: \"foo\"")),
        ("service update -d --mount-add type=foo,dst=/x app", format!("{daemon}invalid MountType: \"foo\"")),
        ("service update -d --update-max-failure-ratio NaN app", "json: unsupported value: NaN".to_owned()),
        ("service update -d --secret-add nosuch app", "secret not found: nosuch".to_owned()),
        ("service update --rollback --image x app", "other flags may not be combined with --rollback".to_owned()),
        ("service create --mode foo x", "Unknown mode: foo, only replicated and global supported".to_owned()),
        (
            "service create --mode global --replicas 3 x",
            "replicas can only be used with replicated or replicated-job mode".to_owned(),
        ),
        (
            "service create --mode replicated-job --update-parallelism 2 x",
            "update and rollback configuration is not supported for jobs".to_owned(),
        ),
        (
            "service create --no-healthcheck --health-cmd x y",
            "--no-healthcheck conflicts with --health-* options".to_owned(),
        ),
        (
            "service scale app=x",
            "app: invalid replicas value x: strconv.ParseUint: parsing \"x\": invalid syntax".to_owned(),
        ),
        ("service ls --filter foo=bar", format!("{daemon}invalid filter 'foo'")),
        ("service ps app --filter desired-state=foo", format!("{daemon}Invalid desired-state filter: 'foo'")),
        ("service logs nosuch", "no such task or service: nosuch".to_owned()),
        ("service logs --tail x app", format!("{daemon}tail value must be a positive integer or \"all\"")),
        ("node update --label-rm nosuch node1", "key nosuch doesn't exist in node's labels".to_owned()),
        ("node update --availability foo node1", format!("{daemon}invalid Availability: \"foo\"")),
    ] {
        bench.check_error(line, 1, &format!("{message}\n"));
    }
    let id = bench.world.store().services().next().expect("the service").id;
    bench.check_error(
        "service rollback app",
        1,
        &format!("{daemon}rpc error: code = FailedPrecondition desc = service {id} does not have a previous spec\n"),
    );
    let said = bench.say("service inspect nosuch");
    assert_eq!((said.out.as_str(), said.err.as_str()), ("[]\n", "Error: no such service: nosuch\n"));
}

#[test]
fn what_is_not_simulated_says_so() {
    let mut bench = Bench::new();
    bench.check_error(
        "run nginx",
        1,
        "swarmyard: 'docker run' is not simulated; use 'docker service create' to start containers\n",
    );
}

#[test]
fn a_worker_answers_as_a_worker() {
    let mut bench = Bench::new();
    bench.node = Bench::node_of(&bench.world, "node1");
    let refusal = "Error response from daemon: This node is not a swarm manager. Worker nodes can't be used to view or \
                   modify cluster state. Please run this command on a manager node or promote the current node to a \
                   manager.\n";
    for line in ["service ls", "service ps app", "service create demo/exit0", "service logs x", "node ls", "node ps"] {
        bench.check_error(line, 1, refusal);
    }
    assert!(bench.ok("ps").starts_with("CONTAINER ID"));
}

#[test]
fn a_beginning_that_several_share_names_none_of_them() {
    let mut bench = Bench::new();
    let shared = |bench: &mut Bench, list: &str| {
        let ids = bench.ok(list);
        let mut firsts: Vec<&str> = ids.lines().map(|id| &id[..1]).collect();
        firsts.sort_unstable();
        let twice = firsts.windows(2).find(|pair| pair[0] == pair[1]).expect("there are more than letters");
        twice[0].to_owned()
    };
    for number in 0..37 {
        bench.ok(&format!("service create -d --name s{number} --replicas 0 demo/exit0"));
    }
    let first = shared(&mut bench, "service ls -q");
    let line = format!("service ps {first}");
    bench.check_error(&line, 1, &format!("multiple services found with provided prefix: {first}\n"));
    bench.ok("service create -d --name web --replicas 17 --constraint node.role==manager masungil/my-fastapi-whoami");
    bench.pass(20 * SECOND);
    let first = shared(&mut bench, "ps -q");
    let error = format!("Error response from daemon: Multiple IDs found with provided prefix: {first}\n");
    bench.check_error(&format!("logs {first}"), 1, &error);
}
