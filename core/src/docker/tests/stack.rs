//! `docker stack …` and the compose files that it reads.

use super::*;

const WEB: &str = r#"version: "3.8"
services:
  web:
    image: masungil/my-fastapi-whoami:${TAG:-latest}
    command: python -m http.server "8 0"
    ports: ["8000:8000", {target: 9000, published: 9001, mode: host, protocol: udp}]
    environment: [FOO=bar, HOME]
    networks: [front]
    volumes:
      - data:/data:ro
      - ./html:/html
    deploy:
      replicas: 2
      labels: {team: blue}
      update_config: {parallelism: 2, delay: 2s, failure_action: rollback, order: start-first, max_failure_ratio: 0.3}
      rollback_config:
        parallelism: 0
      restart_policy: {condition: on-failure, delay: 2s, max_attempts: 3, window: 20s}
      resources:
        limits: {cpus: "0.50", memory: 64M}
      placement:
        constraints: [node.role == worker]
        preferences: [{spread: node.labels.dc}]
        max_replicas_per_node: 2
    healthcheck:
      test: curl -f localhost
      interval: 1m30s
      retries: 3
    configs: [cfg]
    secrets:
      - source: sec
        target: /x
        mode: 0400
    stop_grace_period: 3s
    ulimits: {nofile: {soft: 1, hard: 2}, nproc: 5}
    extra_hosts: {db: 10.0.0.1}
  cache:
    image: demo/healthy
    restart: always
    container_name: c
    stdin_open: true
    deploy: {mode: global}
networks:
  front:
volumes:
  data:
configs:
  cfg: {file: ./cfg.txt}
secrets:
  sec: {file: sec.txt}
"#;

fn bench(compose: &str) -> Bench {
    let mut bench = Bench::new();
    for (path, text) in [("c.yml", compose), ("/root/cfg.txt", "cfg\n"), ("/root/sec.txt", "sec\n")] {
        bench.files.insert(path.to_owned(), text.into());
    }
    bench
}

#[test]
fn a_stack_is_deployed_updated_and_removed() {
    let mut bench = bench(WEB);
    let said = bench.say("stack deploy -c c.yml st");
    assert_eq!(
        said.out,
        "Creating network st_default\nCreating network st_front\nCreating secret st_sec\nCreating config st_cfg\n\
         Creating service st_cache\nCreating service st_web\n"
    );
    assert_eq!(
        said.err,
        "Ignoring unsupported options: restart\n\nIgnoring deprecated options:\n\n\
         container_name: Setting the container name is not supported.\n\n\
         Since --detach=false was not specified, tasks will be created in the background.\n\
         In a future release, --detach=false will become the default.\n"
    );
    assert_eq!(bench.ok("stack ls"), "NAME      SERVICES\nst        2\n");
    assert_eq!(bench.ok("stack services -q st").lines().count(), 2);
    let page = bench.ok("service inspect --pretty st_web");
    for part in [
        "Labels:\n com.docker.stack.image=masungil/my-fastapi-whoami:latest\n com.docker.stack.namespace=st\n team=blue\n",
        "Service Mode:\tReplicated\n Replicas:\t2\n",
        " Constraints:\t[node.role == worker]\n Preferences:   [spread=node.labels.dc]\n Max Replicas Per Node:   2\n",
        "UpdateConfig:\n Parallelism:\t2\n Delay:\t\t2s\n On failure:\trollback\n Monitoring Period: 5s\n Max failure ratio: 0.3\n Update order:      start-first\n",
        "RollbackConfig:\n Parallelism:\t0\n",
        " Args:\t\tpython -m http.server 8 0 \n Env:\t\tFOO=bar HOME=/root \n",
        "Ulimits:\n nofile: 1:2\n nproc: 5:5\n",
        "Mounts:\n Target:\t/data\n  Source:\tst_data\n  ReadOnly:\ttrue\n  Type:\t\tvolume\n Target:\t/html\n  Source:\t/root/html\n",
        "Configs:\n Target:\tcfg\n  Source:\tst_cfg\nSecrets:\n Target:\t/x\n  Source:\tst_sec\n",
        "Resources:\n Limits:\n  CPU:\t\t0.5\n  Memory:\t64MiB\nNetworks: st_front \n",
        "  Interval = 1m30s\n  Retries = 3\n",
        "\t Test = CMD-SHELL\n\t Test = curl -f localhost \n",
    ] {
        assert!(page.contains(part), "{part}\nis not in\n{page}");
    }
    let spec = bench.spec("st_web");
    assert_eq!(spec.task.container.secrets[0].mode, 0o400);
    assert_eq!(spec.task.container.hosts, ["10.0.0.1 db"]);
    assert_eq!(spec.task.networks[0].aliases, ["web"]);
    assert_eq!(spec.task.restart.as_ref().map(|policy| policy.max_attempts), Some(3));
    assert_eq!(bench.spec("st_cache").task.restart.as_ref().map(|policy| policy.delay), Some(None));
    assert_eq!(bench.spec("st_web").endpoint.map(|endpoint| endpoint.ports.len()), Some(2));
    let stdin = "service inspect -f '{{.Spec.TaskTemplate.ContainerSpec.OpenStdin}}' st_cache";
    assert_eq!(bench.ok(stdin), "true\n");
    bench.pass(10 * SECOND);
    assert!(bench.ok("stack ps --format '{{.Name}}' st").starts_with("st_cache."));
    let id = bench.ok("service ls -q --filter name=st_web");
    let smaller = WEB.replace("replicas: 2", "replicas: 3");
    let cache = smaller.find("  cache:").expect("it is there");
    let networks = smaller.find("networks:\n  front:").expect("it is there");
    bench.files.insert("c2.yml".to_owned(), (smaller[..cache].to_owned() + &smaller[networks..]).into());
    let said = bench.say("stack deploy --prune --detach=true -c c2.yml st");
    assert!(said.out.starts_with("Removing service st_cache\nUpdating service st_web (id: "), "{}", said.out);
    assert!(said.out.contains(id.trim()));
    bench.ok("config ls");
    bench.files.insert("/root/cfg.txt".to_owned(), "other\n".into());
    let said = bench.say("stack deploy -c c2.yml st");
    assert!(said.err.ends_with(
        "failed to update config st_cfg: Error response from daemon: rpc error: code = InvalidArgument desc = only \
         updates to Labels are allowed\n"
    ));
    assert_eq!(
        bench.ok("stack rm st"),
        "Removing service st_web\nRemoving secret st_sec\nRemoving config st_cfg\nRemoving network st_default\n\
         Removing network st_front\n"
    );
    let said = bench.say("stack rm st");
    assert_eq!((said.exit, said.err.as_str()), (Some(0), "Nothing found in stack: st\n"));
    // What still stops is still a task of the stack.
    assert!(bench.ok("stack ps --format '{{.DesiredState}}' st").contains("Remove"));
    bench.pass(20 * SECOND);
    bench.check_error("stack ps st", 1, "nothing found in stack: st\n");
}

#[test]
fn a_stack_may_be_waited_for() {
    let mut bench = bench("services:\n  a:\n    image: demo/healthy\n");
    let said = bench.finish("stack deploy --detach=false -c c.yml st");
    let id = bench.ok("service inspect -f {{.ID}} st_a");
    assert!(said.out.ends_with(&format!("verify: Service {} converged\n", id.trim())), "{}", said.out);
    let before = bench.world.now();
    let said = bench.finish("stack rm --detach=false st");
    assert_eq!(said.exit, Some(0));
    assert!(bench.world.now() > before);
}

#[test]
fn the_file_is_written_back_in_its_long_form() {
    let mut bench = bench(WEB);
    let written = bench.ok("stack config -c c.yml");
    for part in [
        "version: \"3.8\"\nservices:\n  cache:\n    container_name: c\n    deploy:\n      mode: global\n    image: demo/healthy\n",
        "  web:\n    command:\n      - python\n      - -m\n      - http.server\n      - 8 0\n    configs:\n      - source: cfg\n",
        "          cpus: \"0.50\"\n          memory: \"67108864\"\n",
        "    environment:\n      FOO: bar\n      HOME: /root\n",
        "    networks:\n      front: null\n",
        "    ports:\n      - mode: ingress\n        target: 8000\n        published: 8000\n        protocol: tcp\n      - mode: host\n",
        "networks:\n  front: {}\n",
        "secrets:\n  sec:\n    file: /root/sec.txt\n",
    ] {
        assert!(written.contains(part), "{part}\nis not in\n{written}");
    }
    bench.files.insert("c2.yml".to_owned(), written.as_str().into());
    assert_eq!(bench.ok("stack config -c c2.yml"), written);
    bench.files.insert(
        "over.yml".to_owned(),
        "version: '3.8'\nservices: {web: {image: x, ports: ['80:80'], command: a}}\n".into(),
    );
    let merged = bench.ok("stack config -c c.yml -c over.yml");
    assert!(merged.contains("    image: x\n") && merged.contains("    command:\n      - a\n    configs:"), "{merged}");
    assert!(merged.contains("published: 8000") && merged.contains("published: 80\n"), "{merged}");
}

#[test]
fn a_credential_spec_may_be_a_config() {
    let mut bench = bench(
        "version: '3.8'\nservices:\n  a: {image: demo/healthy, credential_spec: {config: c}}\n\
         configs:\n  c: {file: spec.json}\n",
    );
    bench.files.insert("/root/spec.json".to_owned(), "{}".into());
    bench.ok("stack deploy --detach=true -c c.yml st");
    let id = bench.ok("config inspect -f {{.ID}} st_c").trim().to_owned();
    let configs = "service inspect -f '{{json (index .Spec.TaskTemplate.ContainerSpec.Configs 0)}} \
                   {{.Spec.TaskTemplate.ContainerSpec.Privileges.CredentialSpec.Config}}'";
    let shown = |name: &str| format!("{{\"Runtime\":{{}},\"ConfigID\":\"{id}\",\"ConfigName\":\"{name}\"}} {id}\n");
    assert_eq!(bench.ok(&format!("{configs} st_a")), shown("st_c"));
    bench.ok("service create -d --name b --credential-spec config://st_c demo/healthy");
    assert_eq!(bench.ok(&format!("{configs} b")), shown("st_c"));
    bench.check_error("service create --credential-spec config://gone demo/healthy", 1, "config not found: gone\n");
    // Docker looks for the key, as it stands and with the stack's name before it, and not for the name that was given.
    let named = "version: '3.8'\nservices:\n  a: {image: demo/healthy, credential_spec: {config: c}}\n\
                 configs:\n  c: {external: true, name: other}\n";
    bench.files.insert("named.yml".to_owned(), named.into());
    bench.ok("config create other c.yml");
    bench.check_error(
        "stack deploy --detach=true -c named.yml st2",
        1,
        "service a: invalid credential spec: spec specifies config c, but no such config can be found\n",
    );
    // It stays for as long as the credential spec does.
    bench.ok("service update -d --config-rm st_c b");
    assert_eq!(bench.ok(&format!("{configs} b")), shown("st_c"));
    bench.check_error(
        "config rm st_c",
        1,
        "Error response from daemon: rpc error: code = InvalidArgument desc = config 'st_c' is in use by the following services: b, st_a\n",
    );
    bench.ok("service update -d --credential-spec '' b");
    assert_eq!(bench.ok("service inspect -f '{{len .Spec.TaskTemplate.ContainerSpec.Configs}}' b"), "0\n");
}

#[test]
fn what_is_wrong_with_a_file_is_said_in_dockers_words() {
    for (compose, why) in [
        ("", "top-level object must be a mapping"),
        ("version: '2'\n", "unsupported Compose file version: 2"),
        ("foo: 1\n", "(root) Additional property foo is not allowed"),
        ("services:\n  a:\n    image: x\n    foo: bar\n", "services.a Additional property foo is not allowed"),
        ("services:\n  a:\n    image: 5\n", "services.a.image must be a string"),
        ("services:\n  a:\n", "services.a must be a mapping"),
        ("services:\n  a: {image: x, ports: 80}\n", "services.a.ports must be a list"),
        ("services:\n  a: {image: x, deploy: {replicas: [1]}}\n", "services.a.deploy.replicas must be a integer"),
        ("services:\n  a: {image: x, deploy: {replicas: many}}\n", "services.a.deploy.replicas must be a integer"),
        (
            "services:\n  a: {image: x, deploy: {replicas: $HOME}}\n",
            "error while interpolating services.a.deploy.replicas: failed to cast to expected type: strconv.Atoi: parsing \"/root\": invalid syntax",
        ),
        (
            "services:\n  a: {image: '${'}\n",
            "invalid interpolation format for services.a.image: \"${\"; you may need to escape any $ with another $",
        ),
        (
            "services:\n  a: {image: '${X?set X}'}\n",
            "invalid interpolation format for services.a.image: \"required variable X is missing a value: set X\"; you may need to escape any $ with another $",
        ),
        ("services:\n  a: {image: x, deploy: {mode: foo}}\n", "service a: Unknown mode: foo"),
        ("services:\n  a: {image: x, networks: [n]}\n", "service a: undefined network \"n\""),
        ("services:\n  a: {image: x, volumes: ['vol:/v']}\n", "service a: undefined volume \"vol\""),
        ("services:\n  a: {image: x, configs: [c]}\n", "service a: undefined config \"c\""),
        (
            "version: '3.8'\nservices:\n  a: {image: x, credential_spec: {config: c}}\n",
            "service a: undefined config \"c\"",
        ),
        (
            "version: '3.8'\nservices:\n  a: {image: x, credential_spec: {config: c}}\nconfigs:\n  c: {external: true, name: other}\n",
            "service a: config not found: other",
        ),
        (
            "services:\n  a: {image: x, networks: [n]}\nnetworks:\n  n: {external: true}\n",
            "network \"n\" is declared as external, but could not be found. You need to create a swarm-scoped network before the stack is deployed",
        ),
        (
            "services:\n  a: {image: x, mem_limit: 5}\n",
            "Compose file contains unsupported options:\n\nmem_limit: Set resource limits using deploy.resources\n",
        ),
        ("services:\n  a: {image: x}\nconfigs:\n  c: {file: gone}\n", "open /root/gone: no such file or directory"),
        ("services:\n  a:\n\timage: x\n", "yaml: line 3: found character that cannot start any token"),
        (
            "services:\n  a: {image: demo/healthy, deploy: {restart_policy: {condition: never}}}\n",
            "failed to create service st_a: Error response from daemon: invalid RestartCondition: \"never\"",
        ),
        ("services:\n  a: {command: x}\n", "invalid image reference for service a: no image specified"),
    ] {
        let mut bench = bench(compose);
        let said = bench.say("stack deploy --detach=true -c c.yml st");
        assert_eq!((said.exit, said.err), (Some(1), format!("{why}\n")), "{compose}");
    }
    let mut bench = bench(WEB);
    bench.check_error("stack deploy st", 1, "Specify a Compose file (with --compose-file)\n");
    bench.check_error("stack deploy -c gone st", 1, "open gone: no such file or directory\n");
    bench.check_error("stack deploy -c c.yml \"' '\"", 1, "invalid stack name: \"' '\"\n");
    bench.node = Bench::node_of(&bench.world, "node1");
    let said = bench.say("stack deploy --detach=true -c c.yml st");
    assert!(said.err.ends_with("this node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again\n"));
}
