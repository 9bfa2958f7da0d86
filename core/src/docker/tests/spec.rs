//! What the flags of create and update make of a spec.

use super::*;
use crate::model::{FailureAction, Mode, Order, UpdateConfig};

/// A part of `inspect` as JSON.
fn part(bench: &mut Bench, path: &str) -> String {
    bench.ok(&format!("service inspect app -f '{{{{json {path}}}}}'")).trim_end().to_owned()
}

#[test]
fn a_bare_service_stores_nothing_but_what_was_said() {
    let mut bench = Bench::new();
    bench.ok(APP);
    let spec = bench.spec("app");
    assert_eq!(spec.mode, Mode::Replicated { replicas: 3 });
    assert_eq!((spec.update, spec.rollback, &spec.task.restart), (None, None, &None));
    let digest = &bench.world.scenario().image("masungil/my-fastapi-whoami:latest").expect("in the lab").digest;
    let image = format!("masungil/my-fastapi-whoami:latest@{digest}");
    assert_eq!(spec.task.container.image, image);
    assert_eq!(
        part(&mut bench, ".Spec.TaskTemplate"),
        format!(
            "{{\"ContainerSpec\":{{\"Image\":\"{image}\",\"Init\":false,\"StopGracePeriod\":10000000000,\"DNSConfig\":{{}},\
             \"Isolation\":\"default\"}},\"Resources\":{{\"Limits\":{{}},\"Reservations\":{{}}}},\"RestartPolicy\":\
             {{\"Condition\":\"any\",\"Delay\":5000000000,\"MaxAttempts\":0}},\"Placement\":{{\"Platforms\":\
             [{{\"Architecture\":\"amd64\",\"OS\":\"linux\"}}]}},\"ForceUpdate\":0,\"Runtime\":\"container\"}}"
        )
    );
    assert_eq!(
        part(&mut bench, ".Spec.UpdateConfig"),
        r#"{"Parallelism":1,"FailureAction":"pause","Monitor":5000000000,"MaxFailureRatio":0,"Order":"stop-first"}"#
    );
}

#[test]
fn every_flag_of_create_finds_its_place() {
    let mut bench = Bench::new();
    bench.ok(
        "service create -d --name app --label a=b --label c --container-label x=y -e FOO=bar -e BAZ -w /tmp -u 1000 \
         --hostname 'h-{{.Task.Slot}}' --mount type=volume,src=v1,dst=/data --mount type=bind,src=/tmp,dst=/t,readonly \
         --limit-cpu 0.5 --limit-memory 64M --limit-pids 50 --reserve-cpu 0.1 --reserve-memory 16M \
         --publish 8080:8000 --publish published=9000,target=9000,mode=host,protocol=udp \
         --constraint node.role==worker --placement-pref spread=node.labels.dc \
         --restart-condition on-failure --restart-delay 2s --restart-max-attempts 4 --restart-window 30s \
         --update-parallelism 2 --update-delay 3s --update-failure-action rollback --update-monitor 7s \
         --update-max-failure-ratio 0.25 --update-order start-first --stop-grace-period 20s --stop-signal SIGQUIT \
         --init --read-only -t --health-cmd true --health-interval 3s --dns 1.1.1.1 --host a:1.2.3.4 \
         --log-driver json-file --log-opt max-size=1m --cap-add NET_ADMIN --sysctl net.core.somaxconn=1024 \
         --ulimit nofile=100:200 --group 5 --replicas-max-per-node 3 --replicas 2 --no-resolve-image \
         masungil/my-fastapi-whoami /whoami.sh arg1",
    );
    assert_eq!(
        part(&mut bench, ".Spec.TaskTemplate.ContainerSpec"),
        r#"{"Image":"masungil/my-fastapi-whoami:latest","Labels":{"x":"y"},"Args":["/whoami.sh","arg1"],"Hostname":"h-{{.Task.Slot}}","Env":["FOO=bar","BAZ"],"Dir":"/tmp","User":"1000","Groups":["5"],"Init":true,"StopSignal":"SIGQUIT","TTY":true,"ReadOnly":true,"Mounts":[{"Type":"volume","Source":"v1","Target":"/data"},{"Type":"bind","Source":"/tmp","Target":"/t","ReadOnly":true}],"StopGracePeriod":20000000000,"Healthcheck":{"Test":["CMD-SHELL","true"],"Interval":3000000000},"Hosts":["1.2.3.4 a"],"DNSConfig":{"Nameservers":["1.1.1.1"]},"Isolation":"default","Sysctls":{"net.core.somaxconn":"1024"},"CapabilityAdd":["CAP_NET_ADMIN"],"Ulimits":[{"Name":"nofile","Hard":200,"Soft":100}]}"#
    );
    assert_eq!(
        part(&mut bench, ".Spec.TaskTemplate.Resources"),
        r#"{"Limits":{"NanoCPUs":500000000,"MemoryBytes":67108864,"Pids":50},"Reservations":{"NanoCPUs":100000000,"MemoryBytes":16777216}}"#
    );
    assert_eq!(
        part(&mut bench, ".Spec.TaskTemplate.RestartPolicy"),
        r#"{"Condition":"on-failure","Delay":2000000000,"MaxAttempts":4,"Window":30000000000}"#
    );
    assert_eq!(
        part(&mut bench, ".Spec.TaskTemplate.Placement"),
        r#"{"Constraints":["node.role==worker"],"Preferences":[{"Spread":{"SpreadDescriptor":"node.labels.dc"}}],"MaxReplicas":3}"#
    );
    assert_eq!(
        part(&mut bench, ".Spec.UpdateConfig"),
        r#"{"Parallelism":2,"Delay":3000000000,"FailureAction":"rollback","Monitor":7000000000,"MaxFailureRatio":0.25,"Order":"start-first"}"#
    );
    assert_eq!(
        part(&mut bench, ".Spec.EndpointSpec.Ports"),
        r#"[{"Protocol":"tcp","TargetPort":8000,"PublishedPort":8080,"PublishMode":"ingress"},{"Protocol":"udp","TargetPort":9000,"PublishedPort":9000,"PublishMode":"host"}]"#
    );
    assert_eq!(part(&mut bench, ".Spec.Labels"), r#"{"a":"b","c":""}"#);
}

#[test]
fn update_edits_what_is_there() {
    let mut bench = Bench::new();
    bench.ok(
        "service create -d --name app --env A=1 --env KEEP=1 --label x=1 --constraint node.role==worker --publish 8081:80 \
         --mount type=tmpfs,destination=/t --host a:1.2.3.4 --cap-add NET_ADMIN masungil/my-fastapi-whoami:latest",
    );
    let update = |bench: &mut Bench, flags: &str| {
        bench.ok(&format!("service update -d {flags} app"));
        bench.spec("app")
    };
    let spec = update(&mut bench, "--env-add B=2 --env-add KEEP=2 --env-rm A --label-rm x --label-add y=2");
    assert_eq!(spec.task.container.env, ["KEEP=2", "B=2"]);
    assert_eq!(spec.labels, [("y".to_owned(), "2".to_owned())].into());
    let spec = update(&mut bench, "--publish-add 8082:81 --publish-rm 80");
    let ports = &spec.endpoint.expect("it has ports").ports;
    assert_eq!(ports.iter().map(|port| (port.published, port.target)).collect::<Vec<_>>(), [(8082, 81)]);
    let spec = update(
        &mut bench,
        "--constraint-add node.labels.b==1 --constraint-add node.hostname!=node2 --constraint-rm node.role==worker",
    );
    let constraints = &spec.task.placement.as_ref().expect("always there").constraints;
    assert_eq!(constraints[..], ["node.hostname!=node2", "node.labels.b==1"]);
    let spec = update(&mut bench, "--mount-add type=volume,source=v,destination=/v --mount-rm /t --host-rm a");
    let targets: Vec<_> = spec.task.container.mounts.iter().map(|mount| mount.target.as_str()).collect();
    assert_eq!((targets, spec.task.container.hosts.len()), (vec!["/v"], 0));
    let spec = update(&mut bench, "--cap-drop NET_ADMIN --cap-drop KILL --args 'x \"y z\"' --no-healthcheck --force");
    assert_eq!(
        (spec.task.container.cap_add.len(), &spec.task.container.cap_drop[..]),
        (0, &["CAP_KILL".to_owned()][..])
    );
    assert_eq!(spec.task.container.args, ["x", "y z"]);
    assert_eq!(spec.task.container.healthcheck.as_ref().expect("it was switched off").test, ["NONE"]);
    assert_eq!(spec.task.force_update, 1);
    let unchanged = update(&mut bench, "--env-rm NOSUCH --publish-rm 9999 --constraint-rm nosuch");
    assert_eq!(unchanged, spec);
}

#[test]
fn the_first_update_flag_fixes_all_defaults() {
    let mut bench = Bench::new();
    bench.ok(APP);
    bench.ok("service update -d --update-failure-action rollback --update-max-failure-ratio 0.2 app");
    let spec = bench.spec("app");
    let wanted =
        UpdateConfig { failure_action: FailureAction::Rollback, max_failure_ratio: 0.2, ..UpdateConfig::default() };
    assert_eq!((spec.update, spec.rollback), (Some(wanted), None));
    bench.ok("service update -d --rollback-order start-first --rollback-parallelism 0 --rollback-monitor -1s app");
    let rollback = bench.spec("app").rollback.expect("it was made");
    assert_eq!((rollback.order, rollback.parallelism, rollback.monitor), (Order::StartFirst, 0, -1_000_000_000));
    bench.ok("service update -d --update-failure-action '' app");
    assert_eq!(bench.spec("app").update.expect("it is there").failure_action, FailureAction::Pause);
}

#[test]
fn an_image_that_the_registry_does_not_know_is_taken_with_a_warning() {
    let mut bench = Bench::new();
    let said = bench.say("service create -d --name app nosuch/thing");
    assert_eq!(
        said.err,
        "image nosuch/thing:latest could not be accessed on a registry to record\nits digest. Each node will access \
         nosuch/thing:latest independently,\npossibly leading to different nodes running different\nversions of the \
         image.\n\n"
    );
    assert_eq!(said.exit, Some(0));
    let spec = bench.spec("app");
    assert_eq!(spec.task.container.image, "nosuch/thing:latest");
    assert!(spec.task.placement.as_ref().expect("always there").platforms.is_empty());
}

#[test]
fn a_service_without_name_gets_one() {
    let mut bench = Bench::new();
    bench.ok("service create -d demo/exit0");
    bench.ok("service create -d demo/exit0");
    let names: Vec<String> = bench.world.store().services().map(|service| service.spec.name.clone()).collect();
    assert!(names[0] != names[1] && names.iter().all(|name| name.contains('_')), "{names:?}");
}

#[test]
fn jobs_have_their_modes() {
    let mut bench = Bench::new();
    bench.ok("service create -d --name app --mode replicated-job --replicas 4 --max-concurrent 2 demo/exit0");
    assert_eq!(part(&mut bench, ".Spec.Mode"), r#"{"ReplicatedJob":{"MaxConcurrent":2,"TotalCompletions":4}}"#);
    bench.ok("service create -d --name g --mode global-job demo/exit0");
    assert_eq!(bench.spec("g").mode, Mode::GlobalJob);
}
