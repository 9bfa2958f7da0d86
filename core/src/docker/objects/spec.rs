//! A service's spec as the API shows it, as it is stored or with the defaults filled in.
//!
//! Models: moby daemon/cluster/convert/service.go and swarmkit api/defaults/service.go.

use super::{list, ports};
use crate::json::{Struct, Value};
use crate::model::{
    ContainerSpec, EndpointMode, EndpointSpec, FileReference, HealthConfig, Mode, Mount, Placement, ResourceLimits,
    ResourceReservations, Resources, RestartPolicy, ServiceSpec, TaskSpec, UpdateConfig,
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

pub(super) fn service_spec(spec: &ServiceSpec, defaults: Defaults) -> Value {
    let filled = match defaults {
        Defaults::Left => None,
        Defaults::Inserted => Some(interpolated(spec)),
    };
    let spec = filled.as_ref().unwrap_or(spec);
    Struct::new("swarm.ServiceSpec")
        .embed(
            "Annotations",
            Struct::new("swarm.Annotations")
                .maybe("Name", spec.name.as_str())
                .with("Labels", Value::map(&spec.labels))
                .take(),
        )
        .with("TaskTemplate", task_spec(&spec.task).maybe("Runtime", "container"))
        .with("Mode", mode(spec.mode))
        .pointer("UpdateConfig", "*swarm.UpdateConfig", spec.update.as_ref().map(update_config))
        .pointer("RollbackConfig", "*swarm.UpdateConfig", spec.rollback.as_ref().map(update_config))
        .pointer("EndpointSpec", "*swarm.EndpointSpec", spec.endpoint.as_ref().map(endpoint_spec))
        .into()
}

pub(super) fn endpoint_spec(spec: &EndpointSpec) -> Value {
    Struct::new("swarm.EndpointSpec")
        .maybe("Mode", spec.mode.unwrap_or(EndpointMode::Vip).word())
        .maybe("Ports", ports(&spec.ports))
        .into()
}

fn mode(mode: Mode) -> Value {
    const NILS: [(&str, &str); 4] = [
        ("Replicated", "*swarm.ReplicatedService"),
        ("Global", "*swarm.GlobalService"),
        ("ReplicatedJob", "*swarm.ReplicatedJob"),
        ("GlobalJob", "*swarm.GlobalJob"),
    ];
    let mut modes = Struct::new("swarm.ServiceMode");
    for (number, (field, nil)) in NILS.into_iter().enumerate() {
        let mut own = Struct::new(nil);
        let is_own = match (mode, number) {
            (Mode::Replicated { replicas }, 0) => {
                own.with("Replicas", replicas);
                true
            }
            (Mode::ReplicatedJob { max_concurrent, total_completions }, 2) => {
                own.with("MaxConcurrent", max_concurrent).with("TotalCompletions", total_completions);
                true
            }
            (mode, number) => matches!((mode, number), (Mode::Global, 1) | (Mode::GlobalJob, 3)),
        };
        modes.pointer(field, nil, is_own.then_some(Value::Struct(own)));
    }
    modes.into()
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
    let networks = list(&spec.networks, |network| {
        Struct::new("swarm.NetworkAttachmentConfig")
            .maybe("Target", network.target.as_str())
            .maybe("Aliases", Value::texts(&network.aliases))
            .maybe("DriverOpts", Value::map(&network.driver_opts))
            .into()
    });
    let driver = spec.log_driver.as_ref().map(|driver| {
        let mut shown = Struct::new("*swarm.Driver");
        shown.maybe("Name", driver.name.as_str()).maybe("Options", Value::map(&driver.options)).into()
    });
    Struct::new("swarm.TaskSpec")
        .with("ContainerSpec", container_spec(&spec.container))
        .pointer("Resources", "*swarm.ResourceRequirements", spec.resources.as_ref().map(resources))
        .pointer("RestartPolicy", "*swarm.RestartPolicy", spec.restart.as_ref().map(restart_policy))
        .pointer("Placement", "*swarm.Placement", spec.placement.as_ref().map(placement))
        .maybe("Networks", networks)
        .pointer("LogDriver", "*swarm.Driver", driver)
        .with("ForceUpdate", spec.force_update)
        .take()
}

fn restart_policy(policy: &RestartPolicy) -> Value {
    Struct::new("*swarm.RestartPolicy")
        .maybe("Condition", policy.condition.word())
        .pointer("Delay", "*time.Duration", policy.delay.map(Value::Duration))
        .with("MaxAttempts", policy.max_attempts)
        .pointer("Window", "*time.Duration", policy.window.map(Value::Duration))
        .into()
}

fn container_spec(spec: &ContainerSpec) -> Value {
    let dns = spec.dns.as_ref().map(|dns| {
        Struct::new("*swarm.DNSConfig")
            .maybe("Nameservers", Value::texts(&dns.nameservers))
            .maybe("Search", Value::texts(&dns.search))
            .maybe("Options", Value::texts(&dns.options))
            .into()
    });
    let ulimits = list(&spec.ulimits, |limit| {
        let mut shown = Struct::new("*container.Ulimit");
        shown.with("Name", limit.name.as_str()).with("Hard", limit.hard).with("Soft", limit.soft).into()
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
        .pointer("Privileges", "*swarm.Privileges", spec.credential_spec.as_deref().map(privileges))
        .pointer("Init", "*bool", spec.init.map(Value::Bool))
        .maybe("StopSignal", spec.stop_signal.as_str())
        .maybe("TTY", spec.tty)
        .maybe("OpenStdin", spec.open_stdin)
        .maybe("ReadOnly", spec.read_only)
        .maybe("Mounts", list(&spec.mounts, mount))
        .pointer("StopGracePeriod", "*time.Duration", spec.stop_grace_period.map(Value::Duration))
        .pointer("Healthcheck", "*container.HealthConfig", spec.healthcheck.as_ref().map(health))
        .maybe("Hosts", Value::texts(&spec.hosts))
        .pointer("DNSConfig", "*swarm.DNSConfig", dns)
        .maybe("Secrets", list(&spec.secrets, |secret| file(secret, "SecretID", "SecretName")))
        .maybe("Configs", list(&spec.configs, |config| file(config, "ConfigID", "ConfigName")))
        .maybe("Isolation", isolation)
        .maybe("Sysctls", Value::map(&spec.sysctls))
        .maybe("CapabilityAdd", Value::texts(&spec.cap_add))
        .maybe("CapabilityDrop", Value::texts(&spec.cap_drop))
        .maybe("Ulimits", ulimits)
        .maybe("OomScoreAdj", spec.oom_score_adj)
        .into()
}

/// A config or a secret, and where its data appears.
fn file(reference: &FileReference, id_field: &'static str, name_field: &'static str) -> Value {
    let mut shown = Struct::new("*swarm.FileReference");
    let shown = if reference.runtime {
        shown.with("Runtime", Struct::new("*swarm.ConfigReferenceRuntimeTarget").take())
    } else {
        shown.with(
            "File",
            Struct::new("*swarm.FileTarget")
                .with("Name", reference.file.as_str())
                .with("UID", reference.uid.as_str())
                .with("GID", reference.gid.as_str())
                .with("Mode", u64::from(reference.mode)),
        )
    };
    shown.with(id_field, reference.id.as_str()).with(name_field, reference.name.as_str()).into()
}

fn privileges(credential: &str) -> Value {
    let nil = |kind| Value::Nil(kind);
    let mut shown = Struct::new("*swarm.Privileges");
    if credential.is_empty() {
        return shown
            .with("CredentialSpec", nil("*swarm.CredentialSpec"))
            .with("SELinuxContext", nil("*swarm.SELinuxContext"))
            .with("NoNewPrivileges", false)
            .into();
    }
    let (kind, value) = credential.split_once("://").unwrap_or(("config", credential));
    let name = match kind {
        "file" => "File",
        "registry" => "Registry",
        _ => "Config",
    };
    shown
        .with("CredentialSpec", Struct::new("*swarm.CredentialSpec").with(name, value))
        .with("SELinuxContext", nil("*swarm.SELinuxContext"))
        .into()
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
    let option = |key: &str| mount.options.iter().rev().find(|(name, _)| name == key).map_or("", |(_, value)| value);
    let pairs = |key: &str| {
        let values = mount.options.iter().filter(|(name, _)| name == key);
        Value::map(&crate::docker::service::pairs(values.map(|(_, pair)| pair.as_str())))
    };
    let any = |prefix: &str| mount.options.iter().any(|(name, _)| name.starts_with(prefix));
    let number = |key: &str, base: u32| i64::from_str_radix(option(key), base).unwrap_or(0);
    let bind = any("bind-").then(|| {
        Struct::new("*mount.BindOptions")
            .maybe("Propagation", option("bind-propagation"))
            .maybe("NonRecursive", option("bind-nonrecursive") == "true")
            .into()
    });
    let driver = (any("volume-driver") || any("volume-opt")).then(|| {
        Struct::new("*mount.Driver").maybe("Name", option("volume-driver")).maybe("Options", pairs("volume-opt")).into()
    });
    let volume = any("volume-").then(|| {
        Struct::new("*mount.VolumeOptions")
            .maybe("NoCopy", option("volume-nocopy") == "true")
            .maybe("Labels", pairs("volume-label"))
            .maybe("Subpath", option("volume-subpath"))
            .pointer("DriverConfig", "*mount.Driver", driver)
            .into()
    });
    let tmpfs = any("tmpfs-").then(|| {
        Struct::new("*mount.TmpfsOptions")
            .maybe("SizeBytes", number("tmpfs-size", 10))
            .maybe("Mode", number("tmpfs-mode", 8))
            .into()
    });
    Struct::new("mount.Mount")
        .maybe("Type", mount.kind.as_str())
        .maybe("Source", mount.source.as_str())
        .maybe("Target", mount.target.as_str())
        .maybe("ReadOnly", mount.read_only)
        .maybe("Consistency", option("consistency"))
        .pointer("BindOptions", "*mount.BindOptions", bind)
        .pointer("VolumeOptions", "*mount.VolumeOptions", volume)
        .pointer("TmpfsOptions", "*mount.TmpfsOptions", tmpfs)
        .into()
}

fn resources(resources: &Resources) -> Value {
    let Resources { limits, reservations, sparse } = resources;
    let (no_limits, nothing_reserved) = (ResourceLimits::default(), ResourceReservations::default());
    let generic = list(&reservations.generic, |(kind, value)| {
        let mut discrete = Struct::new("*swarm.DiscreteGenericResource");
        discrete.maybe("Kind", kind.as_str()).maybe("Value", *value);
        Struct::new("swarm.GenericResource").maybe("DiscreteResourceSpec", discrete).into()
    });
    Struct::new("*swarm.ResourceRequirements")
        .pointer(
            "Limits",
            "*swarm.Limit",
            (!sparse || *limits != no_limits).then(|| {
                Struct::new("*swarm.Limit")
                    .maybe("NanoCPUs", limits.nano_cpus)
                    .maybe("MemoryBytes", limits.memory_bytes)
                    .maybe("Pids", limits.pids)
                    .into()
            }),
        )
        .pointer(
            "Reservations",
            "*swarm.Resources",
            (!sparse || *reservations != nothing_reserved).then(|| {
                Struct::new("*swarm.Resources")
                    .maybe("NanoCPUs", reservations.nano_cpus)
                    .maybe("MemoryBytes", reservations.memory_bytes)
                    .maybe("GenericResources", generic)
                    .into()
            }),
        )
        .into()
}

fn placement(placement: &Placement) -> Value {
    let preferences = list(&placement.preferences, |descriptor| {
        let mut spread = Struct::new("*swarm.SpreadOver");
        spread.with("SpreadDescriptor", descriptor.as_str());
        Struct::new("swarm.PlacementPreference").with("Spread", spread).into()
    });
    let platforms = list(&placement.platforms, |(architecture, os)| {
        let mut platform = Struct::new("swarm.Platform");
        platform.maybe("Architecture", architecture.as_str()).maybe("OS", os.as_str()).into()
    });
    Struct::new("*swarm.Placement")
        .maybe("Constraints", Value::texts(&placement.constraints))
        .maybe("Preferences", preferences)
        .maybe("MaxReplicas", placement.max_replicas)
        .maybe("Platforms", platforms)
        .into()
}
