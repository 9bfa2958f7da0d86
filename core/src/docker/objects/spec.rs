//! A service's spec as the API shows it, as it is stored or with the defaults filled in.
//!
//! Models: moby daemon/cluster/convert/service.go and swarmkit api/defaults/service.go.

use super::ports;
use crate::json::{Struct, Value};
use crate::model::{
    ContainerSpec, EndpointMode, EndpointSpec, HealthConfig, Mode, Mount, Placement, Resources, RestartPolicy,
    ServiceSpec, TaskSpec, UpdateConfig,
};

/// Whether what the spec leaves open is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Defaults {
    Left,
    Inserted,
}

/// The spec with what it leaves open filled in, as `service inspect` asks for it.
pub(crate) fn interpolated(spec: &ServiceSpec) -> ServiceSpec {
    let mut spec = spec.clone();
    let task = std::rc::Rc::make_mut(&mut spec.task);
    task.container.stop_grace_period.get_or_insert(ContainerSpec::DEFAULT_GRACE);
    task.container.dns.get_or_insert_default();
    let restart = task.restart.get_or_insert_default();
    restart.delay.get_or_insert(RestartPolicy::DEFAULT_DELAY);
    for config in [&mut spec.update, &mut spec.rollback] {
        let config = config.get_or_insert_default();
        config.monitor = config.monitor_or_default();
    }
    let endpoint = spec.endpoint.get_or_insert_default();
    endpoint.mode.get_or_insert(EndpointMode::Vip);
    spec
}

pub(super) fn service_spec(spec: &ServiceSpec, defaults: Defaults) -> Struct {
    let filled = match defaults {
        Defaults::Left => None,
        Defaults::Inserted => Some(interpolated(spec)),
    };
    let spec = filled.as_ref().unwrap_or(spec);
    let annotations =
        Struct::new("swarm.Annotations").maybe("Name", spec.name.as_str()).with("Labels", Value::map(&spec.labels));
    let config =
        |config: &Option<UpdateConfig>| config.as_ref().map_or(Value::Nil("*swarm.UpdateConfig"), update_config);
    Struct::new("swarm.ServiceSpec")
        .embed("Annotations", annotations)
        .with("TaskTemplate", task_spec(&spec.task).maybe("Runtime", "container"))
        .with("Mode", mode(spec.mode))
        .maybe("UpdateConfig", config(&spec.update))
        .maybe("RollbackConfig", config(&spec.rollback))
        .maybe(
            "EndpointSpec",
            spec.endpoint.as_ref().map_or(Value::Nil("*swarm.EndpointSpec"), |spec| endpoint_spec(spec).into()),
        )
}

pub(super) fn endpoint_spec(spec: &EndpointSpec) -> Struct {
    Struct::new("swarm.EndpointSpec")
        .maybe("Mode", spec.mode.unwrap_or(EndpointMode::Vip).word())
        .maybe("Ports", ports(&spec.ports))
}

fn mode(mode: Mode) -> Struct {
    let empty = |name| Value::from(Struct::new(name));
    let only = |name: &'static str, value: Value| {
        let mut all = Struct::new("swarm.ServiceMode");
        for (field, nil) in [
            ("Replicated", "*swarm.ReplicatedService"),
            ("Global", "*swarm.GlobalService"),
            ("ReplicatedJob", "*swarm.ReplicatedJob"),
            ("GlobalJob", "*swarm.GlobalJob"),
        ] {
            all = all.maybe(field, if field == name { value.clone() } else { Value::Nil(nil) });
        }
        all
    };
    match mode {
        Mode::Replicated { replicas } => {
            only("Replicated", Struct::new("*swarm.ReplicatedService").with("Replicas", replicas).into())
        }
        Mode::Global => only("Global", empty("*swarm.GlobalService")),
        Mode::ReplicatedJob { max_concurrent, total_completions } => only(
            "ReplicatedJob",
            Struct::new("*swarm.ReplicatedJob")
                .with("MaxConcurrent", max_concurrent)
                .with("TotalCompletions", total_completions)
                .into(),
        ),
        Mode::GlobalJob => only("GlobalJob", empty("*swarm.GlobalJob")),
    }
}

fn update_config(config: &UpdateConfig) -> Value {
    Struct::new("*swarm.UpdateConfig")
        .with("Parallelism", config.parallelism)
        .maybe("Delay", Value::Duration(config.delay))
        .maybe("FailureAction", config.failure_action.word())
        .maybe("Monitor", Value::Duration(config.monitor))
        .with("MaxFailureRatio", Value::Float(config.max_failure_ratio))
        .with("Order", config.order.word())
        .into()
}

/// The spec of a task. A service's template says its runtime too, which is not added here.
pub(super) fn task_spec(spec: &TaskSpec) -> Struct {
    let restart = |policy: &RestartPolicy| {
        Struct::new("*swarm.RestartPolicy")
            .maybe("Condition", policy.condition.word())
            .maybe("Delay", policy.delay.map_or(Value::Nil("*time.Duration"), Value::Duration))
            .with("MaxAttempts", policy.max_attempts)
            .maybe("Window", policy.window.map_or(Value::Nil("*time.Duration"), Value::Duration))
    };
    let networks = spec.networks.iter().map(|network| {
        Struct::new("swarm.NetworkAttachmentConfig")
            .maybe("Target", network.target.as_str())
            .maybe("Aliases", Value::texts(&network.aliases))
            .maybe("DriverOpts", Value::map(&network.driver_opts))
            .into()
    });
    let driver = spec.log_driver.as_ref().map_or(Value::Nil("*swarm.Driver"), |driver| {
        Struct::new("*swarm.Driver")
            .maybe("Name", driver.name.as_str())
            .maybe("Options", Value::map(&driver.options))
            .into()
    });
    Struct::new("swarm.TaskSpec")
        .with("ContainerSpec", container_spec(&spec.container))
        .maybe("Resources", spec.resources.as_ref().map_or(Value::Nil("*swarm.ResourceRequirements"), resources))
        .maybe(
            "RestartPolicy",
            spec.restart.as_ref().map_or(Value::Nil("*swarm.RestartPolicy"), |policy| restart(policy).into()),
        )
        .maybe("Placement", spec.placement.as_ref().map_or(Value::Nil("*swarm.Placement"), placement))
        .maybe("Networks", Value::List(networks.collect()))
        .maybe("LogDriver", driver)
        .with("ForceUpdate", spec.force_update)
}

fn container_spec(spec: &ContainerSpec) -> Struct {
    let dns = spec.dns.as_ref().map_or(Value::Nil("*swarm.DNSConfig"), |dns| {
        Struct::new("*swarm.DNSConfig")
            .maybe("Nameservers", Value::texts(&dns.nameservers))
            .maybe("Search", Value::texts(&dns.search))
            .maybe("Options", Value::texts(&dns.options))
            .into()
    });
    let ulimits = spec.ulimits.iter().map(|limit| {
        Struct::new("*container.Ulimit")
            .with("Name", limit.name.as_str())
            .with("Hard", limit.hard)
            .with("Soft", limit.soft)
            .into()
    });
    let file = |name: &str, uid: &str, gid: &str, mode: u32| {
        Struct::new("swarm.FileTarget")
            .with("Name", name)
            .with("UID", uid)
            .with("GID", gid)
            .with("Mode", u64::from(mode))
    };
    let secrets = spec.secrets.iter().map(|secret| {
        Struct::new("*swarm.SecretReference")
            .with("File", file(&secret.file, &secret.uid, &secret.gid, secret.mode))
            .with("SecretID", secret.id.as_str())
            .with("SecretName", secret.name.as_str())
            .into()
    });
    let configs = spec.configs.iter().map(|config| {
        Struct::new("*swarm.ConfigReference")
            .with("File", file(&config.file, &config.uid, &config.gid, config.mode))
            .with("ConfigID", config.id.as_str())
            .with("ConfigName", config.name.as_str())
            .into()
    });
    let privileges = spec.credential_spec.as_ref().map_or(Value::Nil("*swarm.Privileges"), |credential| {
        let (kind, value) = credential.split_once("://").unwrap_or(("config", credential));
        let name = match kind {
            "file" => "File",
            "registry" => "Registry",
            _ => "Config",
        };
        let credential = Struct::new("*swarm.CredentialSpec").with(name, value);
        Struct::new("*swarm.Privileges")
            .with("CredentialSpec", credential)
            .with("SELinuxContext", Value::Nil("*swarm.SELinuxContext"))
            .into()
    });
    let isolation = if spec.isolation.is_empty() { "default" } else { &spec.isolation };
    Struct::new("*swarm.ContainerSpec")
        .maybe("Image", spec.image.as_str())
        .maybe("Labels", Value::map(&spec.labels))
        .maybe("Command", Value::texts(&spec.command))
        .maybe("Args", Value::texts(&spec.args))
        .maybe("Hostname", spec.hostname.as_str())
        .maybe("Env", Value::texts(&spec.env))
        .maybe("Dir", spec.dir.as_str())
        .maybe("User", spec.user.as_str())
        .maybe("Groups", Value::texts(&spec.groups))
        .maybe("Privileges", privileges)
        .maybe_some("Init", "*bool", spec.init)
        .maybe("StopSignal", spec.stop_signal.as_str())
        .maybe("TTY", spec.tty)
        .maybe("ReadOnly", spec.read_only)
        .maybe("Mounts", Value::List(spec.mounts.iter().map(mount).collect()))
        .maybe("StopGracePeriod", spec.stop_grace_period.map_or(Value::Nil("*time.Duration"), Value::Duration))
        .maybe("Healthcheck", spec.healthcheck.as_ref().map_or(Value::Nil("*container.HealthConfig"), health))
        .maybe("Hosts", Value::texts(&spec.hosts))
        .maybe("DNSConfig", dns)
        .maybe("Secrets", Value::List(secrets.collect()))
        .maybe("Configs", Value::List(configs.collect()))
        .maybe("Isolation", isolation)
        .maybe("Sysctls", Value::map(&spec.sysctls))
        .maybe("CapabilityAdd", Value::texts(&spec.cap_add))
        .maybe("CapabilityDrop", Value::texts(&spec.cap_drop))
        .maybe("Ulimits", Value::List(ulimits.collect()))
        .maybe("OomScoreAdj", spec.oom_score_adj)
}

fn health(health: &HealthConfig) -> Value {
    Struct::new("*container.HealthConfig")
        .maybe("Test", Value::texts(&health.test))
        .maybe("Interval", Value::Duration(health.interval))
        .maybe("Timeout", Value::Duration(health.timeout))
        .maybe("StartPeriod", Value::Duration(health.start_period))
        .maybe("StartInterval", Value::Duration(health.start_interval))
        .maybe("Retries", health.retries)
        .into()
}

fn mount(mount: &Mount) -> Value {
    let option = |key: &str| mount.options.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let pairs = |key: &str| {
        let pairs = mount.options.iter().filter(|(name, _)| name == key);
        let halves = |(_, pair): &(String, String)| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (key.to_owned(), Value::text(value))
        };
        Value::Map(pairs.map(halves).collect())
    };
    let any = |prefix: &str| mount.options.iter().any(|(name, _)| name.starts_with(prefix));
    let on = |key: &str| option(key).is_some_and(|value| value != "false");
    let bind = Struct::new("*mount.BindOptions")
        .maybe("Propagation", option("bind-propagation").unwrap_or(""))
        .maybe("NonRecursive", on("bind-nonrecursive"));
    let driver = Struct::new("*mount.Driver")
        .maybe("Name", option("volume-driver").unwrap_or(""))
        .maybe("Options", pairs("volume-opt"));
    let has_driver = any("volume-driver") || any("volume-opt");
    let volume = Struct::new("*mount.VolumeOptions")
        .maybe("NoCopy", on("volume-nocopy"))
        .maybe("Labels", pairs("volume-label"))
        .maybe("Subpath", option("volume-subpath").unwrap_or(""))
        .maybe("DriverConfig", if has_driver { driver.into() } else { Value::Nil("*mount.Driver") });
    let number = |key: &str, base: u32| option(key).and_then(|text| i64::from_str_radix(text, base).ok()).unwrap_or(0);
    let tmpfs = Struct::new("*mount.TmpfsOptions")
        .maybe("SizeBytes", number("tmpfs-size", 10))
        .maybe("Mode", number("tmpfs-mode", 8));
    let when = |there: bool, value: Struct, nil| if there { Value::from(value) } else { Value::Nil(nil) };
    Struct::new("mount.Mount")
        .maybe("Type", mount.kind.as_str())
        .maybe("Source", mount.source.as_str())
        .maybe("Target", mount.target.as_str())
        .maybe("ReadOnly", mount.read_only)
        .maybe("Consistency", option("consistency").unwrap_or(""))
        .maybe("BindOptions", when(any("bind-"), bind, "*mount.BindOptions"))
        .maybe("VolumeOptions", when(any("volume-"), volume, "*mount.VolumeOptions"))
        .maybe("TmpfsOptions", when(any("tmpfs-"), tmpfs, "*mount.TmpfsOptions"))
        .into()
}

fn resources(resources: &Resources) -> Value {
    let Resources { limits, reservations } = resources;
    let generic = reservations.generic.iter().map(|(kind, value)| {
        let discrete =
            Struct::new("*swarm.DiscreteGenericResource").maybe("Kind", kind.as_str()).maybe("Value", *value);
        Struct::new("swarm.GenericResource").maybe("DiscreteResourceSpec", discrete).into()
    });
    let limits = Struct::new("*swarm.Limit")
        .maybe("NanoCPUs", limits.nano_cpus)
        .maybe("MemoryBytes", limits.memory_bytes)
        .maybe("Pids", limits.pids);
    let reservations = Struct::new("*swarm.Resources")
        .maybe("NanoCPUs", reservations.nano_cpus)
        .maybe("MemoryBytes", reservations.memory_bytes)
        .maybe("GenericResources", Value::List(generic.collect()));
    Struct::new("*swarm.ResourceRequirements").maybe("Limits", limits).maybe("Reservations", reservations).into()
}

fn placement(placement: &Placement) -> Value {
    let preference = |descriptor: &String| {
        let spread = Struct::new("*swarm.SpreadOver").with("SpreadDescriptor", descriptor.as_str());
        Struct::new("swarm.PlacementPreference").with("Spread", spread).into()
    };
    let platform = |(architecture, os): &(String, String)| {
        Struct::new("swarm.Platform").maybe("Architecture", architecture.as_str()).maybe("OS", os.as_str()).into()
    };
    Struct::new("*swarm.Placement")
        .maybe("Constraints", Value::texts(&placement.constraints))
        .maybe("Preferences", Value::List(placement.preferences.iter().map(preference).collect()))
        .maybe("MaxReplicas", placement.max_replicas)
        .maybe("Platforms", Value::List(placement.platforms.iter().map(platform).collect()))
        .into()
}
